"""Thu hồi: whoever completed a task takes it back while nobody has begun with what followed."""

import dataclasses
import types
import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from directory.actors import Actor
from engine import actions, registry, rewinding, store
from engine.action_models import Rewind
from engine.bpmn import saving
from engine.bpmn.tokens import Token
from engine.bpmn.variables import Variables
from engine.events import TaskWithdrawn
from engine.models import READY, ProcessInstance, Task
from engine.operations import advancing
from engine.operations.actions import parts
from engine.registry import ServiceCall
from engine.runtime import TASK, Changes, Run
from kernel import db, events


def withdraw_task(task_id: uuid.UUID, *, reason: str = "", actor: Actor) -> Task:
    """Opens the task again as it was before its completion; what had followed is cancelled. It is the actor's then.

    Raises NotOffered, CannotWithdraw (saying what has happened since), ReasonMissing, and what an undo refuses.
    """
    task, locked = store.lock_task(task_id)
    _hold_following(task)
    parts.require(actions.WITHDRAW, task, actor)
    told = parts.reason_for(actions.WITHDRAW, task, reason)
    rewind = rewinding.get(task)
    run = advancing.resume(locked, actor=actor)
    _undo(run, task, rewind)
    _go_back(run, task, rewind, exact=rewinding.is_exact(rewind, locked.version))
    changes = run.finish()
    written = store.write(locked, _without_tasks(changes), actor=actor)
    reopened = _reopen(task, changes, actor)
    db.connection().execute(sa.delete(Rewind).where(Rewind.task_id == task.id))
    cancelled = advancing.tasks_at(locked.id, written.cancelled_tasks)
    parts.tell_history(task, actions.WITHDRAW, actor=actor, reason=told, cancelled=[other.name for other in cancelled])
    advancing.tell(changes, written, locked)
    others = [other for other in reopened if other.id != task.id]
    events.emit(TaskWithdrawn(task=task, cancelled=cancelled, reopened=others, reason=told, actor=actor))
    return task


def forget_rewinds() -> int:
    """Lets go of what nobody can take back any more; returns how many. In a unit of work of its own."""
    ended = sa.select(ProcessInstance.id).where(ProcessInstance.ended_at.is_not(None))
    with db.unit_of_work():
        gone = sa.delete(Rewind).where(Rewind.instance_id.in_(ended)).returning(Rewind.task_id)
        return len(db.connection().execute(gone).all())


def _hold_following(task: Task) -> None:
    """Whoever claims locks the task alone: from here on nobody claims what is about to go."""
    made = sa.select(sa.func.unnest(Rewind.following)).where(Rewind.task_id == task.id)
    following = sa.select(Task.id).where(Task.instance_id == task.instance_id, Task.token.in_(made))
    db.connection().execute(following.order_by(Task.id).with_for_update(key_share=True))


def _undo(run: Run, task: Task, rewind: Rewind) -> None:
    """The machine steps since, newest first; each has an undo, or the rule would have refused."""
    near = next((token for token in run.instance.tokens() if token.id in rewind.following), None)
    variables = Variables(near).flat() if near is not None else dict(run.instance.data)
    for service, definition_id, element_id in rewinding.services_to_undo(task, rewind):
        undo = registry.find_undo(service)
        if undo is not None:
            undo(
                ServiceCall(
                    organization_id=task.organization_id,
                    instance_id=task.instance_id,
                    definition_id=definition_id,
                    business_key=task.business_key,
                    element_id=element_id,
                    actor=run.actor,
                    variables=types.MappingProxyType(variables),
                )
            )


def _go_back(run: Run, task: Task, rewind: Rewind, *, exact: bool) -> None:
    """The instance of the run becomes the earlier one; history tells what went and what came back."""
    gone = set(rewind.following)
    alive = {token.id for token in run.instance.tokens()}
    for token in _shallow(run.instance.tokens(), gone):
        token.cancel()
    saving.prune(run.instance)
    now = saving.dump(run.instance)
    values = rewinding.handed_in(task)
    state = rewinding.rewound(rewind, now, token=task.token, handed_in=values, exact=exact)
    run.instance = saving.load(state, run)
    for token in run.instance.tokens():
        if token.id not in alive:
            token.record(token.task_spec.entry_kind)


def _shallow(tokens: Iterable[Token], gone: set[int]) -> list[Token]:
    """Those that hang on no other that goes; cancelling them takes the others along."""
    return [token for token in tokens if token.id in gone and not (token.hangs() and token.parent.id in gone)]


def _without_tasks(changes: Changes) -> Changes:
    """Tasks that are open again have their rows."""
    return dataclasses.replace(changes, opened=[wait for wait in changes.opened if wait.kind != TASK])


def _reopen(task: Task, changes: Changes, actor: Actor) -> list[Task]:
    """The completed task, and what its completion had ended beside it; raises nothing, for both have rows."""
    tokens = [wait.token for wait in changes.opened if wait.kind == TASK]
    again = {"state": READY, "ended_at": None, "ended_by_id": None, "ended_by_name": ""}
    found = []
    for other in advancing.tasks_at(task.instance_id, tokens):
        told = again | ({"assignee_id": actor.person_id} if other.id == task.id else {})
        db.connection().execute(sa.update(Task).where(Task.id == other.id, Task.state != READY).values(**told))
        store.update_kept(other, told)
        found.append(other)
    store.update_kept(task, again | {"assignee_id": actor.person_id})
    return found
