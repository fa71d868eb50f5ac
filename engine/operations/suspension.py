"""Verbs that let processes stand still and go on again.

Of a suspended instance nothing moves: no completion, no claim, no timer, job, signal or message. What is due stays and
happens when it goes on; who sends it a message is told. A suspended definition starts nothing new, whoever asks.
"""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from directory import actors
from directory.actors import Actor
from engine import permissions, store
from engine.errors import DefinitionNotFound, InstanceSuspended
from engine.events import ExternalTaskReady
from engine.models import (
    ACTIVE,
    READY,
    SUSPENDED,
    ExternalTask,
    HistoryEntry,
    ProcessDefinition,
    ProcessInstance,
    Task,
)
from engine.operations import advancing, noting
from engine.repair_errors import NotSuspended
from engine.store import Locked
from engine.trace import verb_of
from kernel import audit, clock, db, events, jobs
from kernel.text import tidy


def suspend_instance(instance_id: uuid.UUID, *, reason: str, actor: Actor) -> None:
    """Raises NotOfWhole, ReasonMissing, InstanceOver, InstanceSuspended."""
    locked = noting.lock_for_repair(instance_id, actor=actor)
    told = noting.reason_of(reason)
    if not locked.is_active:
        raise InstanceSuspended("Quy trình này đã tạm dừng rồi.")
    _set_state([instance_id], SUSPENDED)
    noting.note(instance_id, "suspended", actor=actor, data={"reason": told})
    audit.record(actor, "instance:suspend", "instance", instance_id, reason=told)


def resume_instance(instance_id: uuid.UUID, *, reason: str, actor: Actor) -> None:
    """What has become due happens with the next beat; conditions are asked now. Raises NotOfWhole, ReasonMissing,
    InstanceOver, NotSuspended, and what its diagram refuses."""
    locked = noting.lock_for_repair(instance_id, actor=actor)
    told = noting.reason_of(reason)
    if locked.is_active:
        raise NotSuspended
    _set_state([instance_id], ACTIVE)
    noting.note(instance_id, "resumed", actor=actor, data={"reason": told})
    audit.record(actor, "instance:resume", "instance", instance_id, reason=told)
    _look_again(store.lock_instance(instance_id))
    _offer_again([instance_id])


def suspend_definition(
    definition_id: uuid.UUID, *, reason: str = "", with_instances: bool = False, actor: Actor
) -> int:
    """This version starts nothing any more; `with_instances`: what runs on it is suspended too, and counted. Raises
    NotOfWhole, DefinitionNotFound."""
    definition, told = _lock_definition(definition_id, reason, actor)
    if definition.suspended_at is None:
        definition.suspended_at = clock.now()
    suspended = _turn_all(definition_id, ACTIVE, SUSPENDED) if with_instances else []
    noting.note_all(suspended, "suspended", actor=actor, data={"reason": told})
    audit.record(actor, "definition:suspend", "definition", definition_id, reason=told, instances=len(suspended))
    return len(suspended)


def resume_definition(definition_id: uuid.UUID, *, reason: str = "", with_instances: bool = False, actor: Actor) -> int:
    """It may be started again; `with_instances`: all that is suspended on it goes on, and is counted."""
    definition, told = _lock_definition(definition_id, reason, actor)
    definition.suspended_at = None
    resumed = _turn_all(definition_id, SUSPENDED, ACTIVE) if with_instances else []
    noting.note_all(resumed, "resumed", actor=actor, data={"reason": told})
    changed = _changed_since_suspended(resumed, actor.organization_id, HistoryEntry.instance_id)
    for instance_id in set(db.connection().scalars(changed)):
        jobs.defer("engine.wake_instance", instance_id=str(instance_id))
    _offer_again(resumed)
    audit.record(actor, "definition:resume", "definition", definition_id, reason=told, instances=len(resumed))
    return len(resumed)


def wake(instance_id: uuid.UUID) -> None:
    """In the job of an instance that goes on, whose variables were changed while it stood still."""
    locked = store.lock_instance(instance_id)
    if locked.is_active:
        _look_again(locked)


def _look_again(locked: Locked) -> None:
    """Conditions, when variables were changed while it stood still."""
    lines = db.connection().scalars(_changed_since_suspended([locked.id], locked.organization_id, HistoryEntry.changes))
    touched = {name: verb_of(change) for changes in lines for name, change in changes.items()}
    if touched:
        actor = actors.machine(locked.organization_id)
        run = advancing.resume(locked, actor=actor)
        run.look_again(touched)
        advancing.move(locked, run, actor=actor)


def _offer_again(instance_ids: Sequence[uuid.UUID]) -> None:
    """To machines: what they were refused while it stood still."""
    waiting = sa.select(ExternalTask).where(
        ExternalTask.instance_id.in_(instance_ids), ExternalTask.state == READY, ExternalTask.retry_at.is_(None)
    )
    for task in db.session().scalars(waiting.execution_options(populate_existing=True)).all():
        events.emit(ExternalTaskReady(external_task=task))


def _lock_definition(definition_id: uuid.UUID, reason: str, actor: Actor) -> tuple[ProcessDefinition, str]:
    # no stronger lock: whoever completes a task has its instance and wants to point at the definition
    gently = {"key_share": True}
    definition = db.session().get(ProcessDefinition, definition_id, with_for_update=gently, populate_existing=True)
    if definition is None or definition.organization_id != actor.organization_id:
        raise DefinitionNotFound
    permissions.require_whole(actor)
    return definition, tidy(reason)[: noting.MAX_REASON]


def _turn_all(definition_id: uuid.UUID, before: str, after: str) -> list[uuid.UUID]:
    """Locks in the order in which everybody does who takes several."""
    query = sa.select(ProcessInstance.id).where(
        ProcessInstance.definition_id == definition_id, ProcessInstance.state == before
    )
    found = list(db.connection().scalars(query.order_by(ProcessInstance.id).with_for_update(key_share=True)))
    _set_state(found, after)
    return found


def _set_state(instance_ids: Sequence[uuid.UUID], state: str) -> None:
    """Their open tasks say the same, so that a list of tasks need not ask the instances."""
    connection = db.connection()
    connection.execute(
        sa.update(ProcessInstance)
        .where(ProcessInstance.id.in_(instance_ids))
        .values(state=state, version=ProcessInstance.version + 1)
    )
    open_tasks = sa.update(Task).where(Task.instance_id.in_(instance_ids), Task.state == READY)
    connection.execute(open_tasks.values(suspended=state == SUSPENDED))


def _changed_since_suspended(
    instance_ids: Sequence[uuid.UUID], organization_id: uuid.UUID, wanted: Any
) -> "sa.Select[Any]":
    """Lines of history about variables that operators changed since the instance was suspended, in their order."""
    suspended = orm.aliased(HistoryEntry)
    last = (
        sa.select(sa.func.max(suspended.at))
        .where(
            suspended.organization_id == organization_id,
            suspended.instance_id == HistoryEntry.instance_id,
            suspended.token == 0,
            suspended.kind == "suspended",
        )
        .scalar_subquery()
    )
    query = sa.select(wanted).where(
        HistoryEntry.organization_id == organization_id,
        HistoryEntry.instance_id.in_(instance_ids),
        HistoryEntry.token == 0,
        HistoryEntry.kind == "changed",
        HistoryEntry.at >= last,
    )
    return query.order_by(HistoryEntry.id)
