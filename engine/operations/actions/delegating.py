"""Uỷ thác việc, trả kết quả: somebody works on a task for its owner, who then completes it."""

import uuid
from collections.abc import Mapping
from typing import Any

from directory import queries as directory
from directory.actors import Actor
from engine import actions, permissions
from engine.events import TaskDelegated, TaskResolved
from engine.models import Task
from engine.operations.actions import parts
from engine.values import adopted_all, plain
from kernel import clock, db, events


def delegate_task(task_id: uuid.UUID, person_id: uuid.UUID, *, note: str = "", actor: Actor) -> Task:
    """Hands the task to a colleague, who gives it back with a result; only its owner completes it.

    Raises NotOffered, TaskNotReady, NotCandidate, UnsuitablePerson, NotDifferent.
    """
    task = parts.lock(task_id)
    parts.require(actions.DELEGATE, task, actor)
    told = parts.text(note, "note")
    person = parts.colleague(person_id, task, actor=actor)
    parts.require_other_eyes(task, person.id)
    task.owner_id, task.delegate_id, task.delegation = actor.person_id, person.id, permissions.PENDING
    task.assignee_id, task.claimed_at, task.opened_at, task.opened_by_id = person.id, clock.now(), None, None
    db.session().flush()
    data = {"owner": actor.name, "delegate": person.full_name, "note": told}
    parts.tell_history(task, actions.DELEGATE, actor=actor, **data)
    events.emit(TaskDelegated(task=task, actor=actor))
    return task


def resolve_task(task_id: uuid.UUID, values: Mapping[str, Any] | None = None, *, note: str = "", actor: Actor) -> Task:
    """The delegate gives the task back with a note and values, which the owner's form begins with; the owner takes it
    back without either. Raises NotDelegated, TaskNotReady, UnusableValue."""
    task = parts.lock(task_id)
    parts.require(actions.RESOLVE, task, actor)
    told = parts.text(note, "note")
    if actions.is_delegate(task, actor) and values:
        task.draft = plain(adopted_all(values))
    names = {who: directory.get_person(person).full_name for who, person in _both(task).items()}
    task.assignee_id, task.claimed_at, task.delegation = task.owner_id, clock.now(), actions.RESOLVED
    db.session().flush()
    parts.tell_history(task, actions.RESOLVE, actor=actor, **names, note=told)
    events.emit(TaskResolved(task=task, actor=actor))
    return task


def _both(task: Task) -> dict[str, uuid.UUID]:
    found = {"owner": task.owner_id, "delegate": task.delegate_id}
    return {who: person for who, person in found.items() if person is not None}
