"""Who has seen a task first: the mark that ends the time in which its sender may take it back."""

import uuid

import sqlalchemy as sa

from directory.actors import Actor
from engine.models import READY, Task
from kernel import clock, db


def note_opened(task_id: uuid.UUID, *, actor: Actor) -> None:
    """Once, for whoever may do the task; the caller asks that. In a unit of work of its own, beside a reading."""
    unseen = sa.update(Task).where(Task.id == task_id, Task.state == READY, Task.opened_at.is_(None))
    with db.apart(), db.unit_of_work():
        db.connection().execute(unseen.values(opened_at=clock.now(), opened_by_id=actor.person_id))
