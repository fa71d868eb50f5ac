"""What all verbs that move an instance share: resume it under its lock, write it, tell of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from directory.actors import Actor
from engine import store
from engine.errors import InstanceOver, InstanceSuspended
from engine.events import ExternalTaskReady, InstanceEnded, TaskCancelled, TaskReady, TasksMoved
from engine.models import Task
from engine.operations import sending
from engine.runtime import Changes, Run
from engine.store import Locked, Written
from kernel import db, events


def resume(locked: Locked, *, actor: Actor) -> Run:
    """Raises InstanceOver, InstanceSuspended."""
    if not locked.is_active:
        raise InstanceOver if locked.is_over else InstanceSuspended
    return take(locked, actor=actor)


def take(locked: Locked, *, actor: Actor) -> Run:
    """Also one that is suspended: for whoever repairs it."""
    run = Run(organization_id=locked.organization_id, instance_id=locked.id, actor=actor)
    run.resume(locked.snapshot)
    return run


def save(
    run: Run,
    locked: Locked,
    *,
    actor: Actor,
    done: int | None = None,
    cancelled: str | None = None,
    line: Mapping[str, Any] | None = None,
) -> tuple[Changes, Written]:
    """`line`: the verb's line of the audit trail (audit.line), written in the same statement."""
    changes = run.finish()
    return changes, store.write(locked, changes, actor=actor, done=done, cancelled=cancelled, line=line)


def conclude(
    run: Run, locked: Locked, *, actor: Actor, line: Mapping[str, Any], done: int | None = None
) -> tuple[Changes, Written]:
    """`save`, for verbs that ask the run nothing more."""
    changes, written = save(run, locked, actor=actor, done=done, line=line)
    run.let_go()
    return changes, written


def tell(changes: Changes, written: Written, locked: Locked, *, done: Task | None = None) -> None:
    """Listeners hear of it in the same transaction; what is for other transactions becomes jobs. `done`: the task that
    somebody has completed, of which the caller has told."""
    cancelled = tasks_at(locked.id, written.cancelled_tasks)
    for task in cancelled:
        events.emit(TaskCancelled(task=task))
    for task in written.tasks:
        events.emit(TaskReady(task=task))
    ended = cancelled if done is None else [done, *cancelled]
    if ended or written.tasks:
        events.emit(TasksMoved(ended=ended, ready=written.tasks))
    for external_task in written.external_tasks:
        events.emit(ExternalTaskReady(external_task=external_task))
    if written.jobs or changes.thrown:
        sending.send(locked.organization_id, locked.id, written.jobs, changes.thrown)
    if locked.is_over:
        events.emit(InstanceEnded(instance=locked.instance))


def move(locked: Locked, run: Run, *, actor: Actor) -> None:
    """Saves and tells, for verbs that have nothing to say in between."""
    changes, written = save(run, locked, actor=actor)
    tell(changes, written, locked)


def tasks_at(instance_id: uuid.UUID, tokens: list[int]) -> list[Task]:
    """The tasks of these tokens, open or ended."""
    if not tokens:
        return []
    query = Task.__table__.select().where(Task.instance_id == instance_id, Task.token.in_(tokens)).order_by(Task.token)
    rows: list[Mapping[str, Any]] = [dict(row) for row in db.connection().execute(query).mappings()]
    return [store.kept(Task, row) for row in rows]
