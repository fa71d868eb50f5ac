"""A clock that stands still (moc:deadline pauseOn): while colleagues are asked or work on the task, while it is sent
back, while other steps are open. The time of standing still is office time; when it ends, deadline, reminders and
escalations move by it.
"""

import datetime as dt

import sqlalchemy as sa

from deadlines.models import DeadlineAlert, TaskDeadline
from directory import working_time
from engine import action_queries, pauses
from engine.models import READY, Task
from engine.operations import set_clock
from engine.permissions import PENDING
from kernel import clock, db


def refresh_clock(task: Task) -> None:
    """Stops or starts the clock, as the diagram wants it now."""
    if task.state != READY or task.due_at is None or not pauses.words_of(task):
        return
    held = _is_held(task)
    if held and task.paused_at is None:
        set_clock(task, due_at=task.due_at, paused_at=clock.now())
    elif not held and task.paused_at is not None:
        _start_again(task, task.paused_at)


def refresh_others(task: Task) -> None:
    """A step has opened or ended that others wait for. Asks the database only where the diagram says so."""
    waiting = pauses.stopped_by(task.definition_id, task.element_id)
    if not waiting:
        return
    query = sa.select(Task).where(
        Task.instance_id == task.instance_id,
        Task.business_key == task.business_key,
        Task.state == READY,
        Task.element_id.in_(waiting),
    )
    for other in db.session().scalars(query.execution_options(populate_existing=True)):
        refresh_clock(other)


def keep_time_left(task: Task) -> None:
    """A task is sent back: what is left of its time waits for its return."""
    if task.due_at is None or pauses.RETURN not in pauses.words_of(task):
        return
    left = _office_time(task, task.paused_at or clock.now(), task.due_at)
    kept = sa.update(TaskDeadline).where(TaskDeadline.task_id == task.id)
    db.connection().execute(kept.values(left_seconds=round(left.total_seconds())))


def take_up(task: Task) -> None:
    """The task is there again: it is due when the time that was left is used up. Before its deadline is set."""
    if task.due_at is None or pauses.RETURN not in pauses.words_of(task):
        return
    left = _time_left(task)
    if left is not None:
        calendar = working_time.calendar_of(task.organization_id)
        set_clock(task, due_at=calendar.shift(clock.now(), time=left), paused_at=None)


def _is_held(task: Task) -> bool:
    words = pauses.words_of(task)
    lent = pauses.DELEGATE in words and task.delegation == PENDING
    asked = pauses.CONSULT in words and action_queries.has_open_consultation(task.id)
    return lent or asked or _is_open(task, pauses.steps_of(task))


def _is_open(task: Task, steps: frozenset[str]) -> bool:
    if not steps:
        return False
    query = sa.select(sa.literal(1)).where(
        Task.instance_id == task.instance_id,
        Task.business_key == task.business_key,
        Task.state == READY,
        Task.element_id.in_(steps),
    )
    return db.connection().execute(query.limit(1)).first() is not None


def _start_again(task: Task, since: dt.datetime) -> None:
    calendar = working_time.calendar_of(task.organization_id)
    lost = calendar.working_time_between(since, clock.now())
    due_at = task.due_at and calendar.shift(task.due_at, time=lost)
    set_clock(task, due_at=due_at, paused_at=None)
    moved = sa.update(TaskDeadline).where(TaskDeadline.task_id == task.id).values(due_at=due_at)
    deadline_id = db.connection().scalar(moved.returning(TaskDeadline.id))
    waiting = sa.select(DeadlineAlert).where(DeadlineAlert.deadline_id == deadline_id, DeadlineAlert.fired_at.is_(None))
    for alert in db.session().scalars(waiting.execution_options(populate_existing=True)):
        alert.at = calendar.shift(alert.at, time=lost)
    db.session().flush()


def _time_left(task: Task) -> dt.timedelta | None:
    """Of the same step the last time, when it was sent back then."""
    query = (
        sa.select(TaskDeadline.left_seconds)
        .join(Task, Task.id == TaskDeadline.task_id)
        .where(
            Task.instance_id == task.instance_id,
            Task.business_key == task.business_key,
            Task.element_id == task.element_id,
            Task.token < task.token,
        )
        .order_by(Task.token.desc())
        .limit(1)
    )
    left = db.connection().scalar(query)
    return None if left is None else dt.timedelta(seconds=left)


def _office_time(task: Task, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Negative when the end has passed."""
    calendar = working_time.calendar_of(task.organization_id)
    if end < start:
        return -calendar.working_time_between(end, start)
    return calendar.working_time_between(start, end)
