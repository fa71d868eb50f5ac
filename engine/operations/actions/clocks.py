"""The clock of a task: by when it is due, and whether it stands still. Told by whoever keeps deadlines."""

import datetime as dt

import sqlalchemy as sa

from engine import store
from engine.models import Task
from kernel import db


def set_clock(task: Task, *, due_at: dt.datetime | None, paused_at: dt.datetime | None) -> None:
    """A consequence of what somebody did, whose own line of the audit trail tells it."""
    told = {"due_at": due_at, "paused_at": paused_at}
    db.connection().execute(sa.update(Task).where(Task.id == task.id).values(**told))
    store.update_kept(task, told)
