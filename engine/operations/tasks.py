"""Verbs about human tasks."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory import queries as directory
from directory.actors import Actor
from engine import permissions, queries, rewinding, store
from engine.errors import EmptyComment, NotCandidate, TaskNotFound
from engine.events import TaskClaimed, TaskCompleted
from engine.models import COMPLETED, Comment, Task
from engine.operations import advancing
from engine.values import adopted_all
from kernel import audit, clock, db, events
from kernel.text import tidy

MAX_COMMENT = 10_000  #: characters


def claim_task(task_id: uuid.UUID, *, actor: Actor) -> Task:
    """Takes a task that was offered to several. Raises TaskNotReady, TaskTaken, NotCandidate."""
    task = _locked(task_id)
    refusal = permissions.refusal_to_claim(task, actor)
    if refusal is not None:
        raise refusal
    _give(task, actor.person_id)
    audit.record(actor, "task:claim", "task", task.id, element=task.element_id)
    events.emit(TaskClaimed(task=task, actor=actor))
    return task


def release_task(task_id: uuid.UUID, *, actor: Actor) -> Task:
    """Gives a task back to those it was offered to. Raises TaskNotReady, NotCandidate."""
    task = _locked(task_id)
    refusal = permissions.refusal_to_release(task, actor)
    if refusal is not None:
        raise refusal
    _give(task, None)
    audit.record(actor, "task:release", "task", task.id, element=task.element_id)
    return task


def assign_task(task_id: uuid.UUID, person_id: uuid.UUID, *, actor: Actor) -> Task:
    """A manager gives the task to somebody of the organisation, a unit's head to somebody of the unit.

    Raises TaskNotReady, NotManager (also NotOwnUnit, NotForOneself), NotDifferent.
    """
    task = _locked(task_id)
    refusal = permissions.refusal_to_assign(task, actor)
    if refusal is not None:
        raise refusal
    person = directory.get_person(person_id)
    if person.organization_id != task.organization_id or not person.active:
        raise NotCandidate("Người này không thuộc cơ quan hoặc đã thôi làm việc.")
    refusal = permissions.refusal_to_give(task, person_id, actor) or permissions.refusal_of_same_eyes(task, person_id)
    if refusal is not None:
        raise refusal
    _give(task, person_id)
    audit.record(actor, "task:assign", "task", task.id, element=task.element_id, person=person.full_name)
    events.emit(TaskClaimed(task=task, actor=actor))
    return task


def complete_task(task_id: uuid.UUID, values: Mapping[str, Any], *, actor: Actor) -> Task:
    """Hands in the values and lets the process go on to its next waits.

    Raises TaskNotReady (naming who ended it and when), NotCandidate, CannotProceed, UnusableValue, and whatever a
    service task on the way refuses.
    """
    handed_in = adopted_all(values)
    task, locked = store.lock_task(task_id)
    refusal = permissions.refusal_to_complete(task, actor)
    if refusal is not None:
        raise refusal
    run = advancing.resume(locked, actor=actor)
    run.complete(task.token, handed_in)
    line = audit.line(actor, "task:complete", "task", task.id, element=task.element_id, instance=task.instance_id)
    if rewinding.is_kept(task):
        line |= rewinding.parameters(task, locked.snapshot, run.instance)
    changes, written = advancing.conclude(run, locked, actor=actor, done=task.token, line=line)
    ended = {"ended_at": written.at, "ended_by_id": actor.person_id, "ended_by_name": actor.name}
    store.update_kept(task, {"state": COMPLETED, **ended})
    events.emit(TaskCompleted(task=task, values=handed_in, actor=actor))
    advancing.tell(changes, written, locked, done=task)
    return task


def add_comment(task_id: uuid.UUID, text: str, *, actor: Actor) -> Comment:
    """Writes beside a task, open or ended. Raises EmptyComment, TaskNotFound."""
    task = queries.get_task(task_id)
    if task.organization_id != actor.organization_id:
        raise TaskNotFound
    told = tidy(text)
    if not told or len(told) > MAX_COMMENT:
        raise EmptyComment({"text": f"Ghi ý kiến, không quá {MAX_COMMENT} ký tự."})
    comment = Comment(
        organization_id=task.organization_id,
        instance_id=task.instance_id,
        task_id=task.id,
        person_id=actor.person_id,
        person_name=actor.name,
        at=clock.now(),
        text=told,
    )
    db.session().add(comment)
    db.session().flush()
    audit.record(actor, "task:comment", "task", task.id, comment=comment.id)
    return comment


def _locked(task_id: uuid.UUID) -> Task:
    """The row alone: whoever claims does not touch the instance."""
    query = sa.select(Task).where(Task.id == task_id).with_for_update(of=Task, key_share=True)
    task = db.session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if task is None:
        raise TaskNotFound
    return task


def _give(task: Task, person_id: uuid.UUID | None) -> None:
    task.assignee_id = person_id
    task.claimed_at = None if person_id is None else clock.now()
    task.owner_id = task.delegation = None  # who is given the task owns it
    db.session().flush()
