"""What changes deadlines: set with a task, ended with it, alerts fired once, a manager's reminder."""

import datetime as dt
import uuid

import sqlalchemy as sa

from deadlines import following, scopes
from deadlines.errors import NothingToRemind, NotWatching, RemindedLately
from deadlines.events import DeadlineMissed, DeadlineNear, TaskReminded
from deadlines.models import DeadlineAlert, TaskDeadline, TaskReminder
from directory.actors import Actor
from engine import holders
from engine import queries as engine
from engine.models import READY, Task
from kernel import audit, clock, db, events
from kernel.ids import new_id

BATCH = 100
REMIND_AGAIN_AFTER = dt.timedelta(hours=1)


def move_deadline(task: Task) -> None:
    """Somebody took the task, or was given it: from now on it is their unit's."""
    unit_id = holders.unit_of(task)
    db.connection().execute(sa.update(TaskDeadline).where(TaskDeadline.task_id == task.id).values(unit_id=unit_id))


def reopen_deadline(task: Task) -> None:
    """The task is open again as if it had never ended; what has been told is not told again."""
    opened = sa.update(TaskDeadline).where(TaskDeadline.task_id == task.id).values(ended_at=None)
    deadline_id = db.connection().scalar(opened.returning(TaskDeadline.id))
    if deadline_id is None or task.due_at is None:
        return
    told = sa.select(DeadlineAlert.kind, DeadlineAlert.at).where(DeadlineAlert.deadline_id == deadline_id)
    known = {(kind, at) for kind, at in db.connection().execute(told)}
    alerts = [
        {"id": new_id(), "organization_id": task.organization_id, "deadline_id": deadline_id, "kind": kind, "at": at}
        for kind, at in following.alerts_of(task, task.due_at)
        if (kind, at) not in known
    ]
    if alerts:
        db.connection().execute(sa.insert(DeadlineAlert), alerts)


def fire_due_alerts() -> int:
    """Claims what is due and tells of it, in a unit of work of its own; returns how many."""
    with db.unit_of_work() as session:
        due = (
            sa.select(DeadlineAlert, TaskDeadline, Task)
            .join(TaskDeadline, TaskDeadline.id == DeadlineAlert.deadline_id)
            .join(Task, Task.id == TaskDeadline.task_id)
            .where(DeadlineAlert.fired_at.is_(None), DeadlineAlert.at <= clock.now(), Task.paused_at.is_(None))
            .order_by(DeadlineAlert.at)
            .limit(BATCH)
            .with_for_update(of=DeadlineAlert, skip_locked=True)
        )
        rows = session.execute(due).all()
        for alert, deadline, task in rows:
            alert.fired_at = clock.now()
            if task.state == READY and deadline.ended_at is None:
                _tell(alert, deadline, task)
        return len(rows)


def remind_task(task_id: uuid.UUID, *, actor: Actor) -> TaskReminder:
    """Đôn đốc: tells those who hold the task, at most once an hour.

    Raises NotWatching, NothingToRemind or RemindedLately.
    """
    task = engine.get_task(task_id)
    if not may_remind(task, actor):
        raise NotWatching
    if task.state != READY:
        raise NothingToRemind
    _refuse_when_reminded_lately(task_id)
    reminder = TaskReminder(
        organization_id=task.organization_id, task_id=task_id, by_id=actor.person_id, by_name=actor.name
    )
    db.session().add(reminder)
    db.session().flush()
    events.emit(TaskReminded(task=task, reminder_id=reminder.id, actor=actor))
    audit.record(actor, "task:remind", "task", task_id, name=task.name)
    return reminder


def may_remind(task: Task, actor: Actor) -> bool:
    """Is the task among those the actor watches?"""
    if not scopes.may_watch(actor):
        return False
    held = sa.select(TaskDeadline.unit_id).where(TaskDeadline.task_id == task.id)
    unit_id = db.connection().scalar(held) or holders.unit_of(task)
    return scopes.scope_of(actor).holds(task.organization_id, unit_id)


def _refuse_when_reminded_lately(task_id: uuid.UUID) -> None:
    # two managers may press at the same moment: the second waits here, then sees the first one's row
    db.lock_name(f"moc.remind.{task_id}")
    since = clock.now() - REMIND_AGAIN_AFTER
    query = sa.select(TaskReminder.at, TaskReminder.by_name).where(
        TaskReminder.task_id == task_id, TaskReminder.at > since
    )
    last = db.connection().execute(query.order_by(TaskReminder.at.desc()).limit(1)).first()
    if last is not None:
        again = clock.local(last.at + REMIND_AGAIN_AFTER)
        raise RemindedLately(name=last.by_name, at=f"{clock.local(last.at):%H:%M}", again=f"{again:%H:%M}")


def _tell(alert: DeadlineAlert, deadline: TaskDeadline, task: Task) -> None:
    if alert.kind == "remind":
        events.emit(DeadlineNear(task=task, due_at=deadline.due_at, alert_id=alert.id))
    else:
        groups = (deadline.escalate_to or "").split(",")
        events.emit(DeadlineMissed(task=task, due_at=deadline.due_at, alert_id=alert.id, groups=groups))
