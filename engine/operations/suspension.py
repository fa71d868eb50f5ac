"""Verbs that let processes stand still and go on again.

Of a suspended instance nothing moves: no completion, no claim, no timer, job or message. Timers and jobs stay as they
are and are due when it goes on; a sender of a message is told; signals are kept. A suspended definition starts nothing
new, whoever asks.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import permissions, store, values
from engine.errors import DefinitionNotFound, InstanceSuspended, TaskNotReady
from engine.models import ACTIVE, READY, SUSPENDED, ProcessDefinition, ProcessInstance, Task
from engine.operations import advancing, noting
from engine.repair_errors import NotSuspended
from engine.repair_models import HeldSignal
from engine.store import Locked
from kernel import audit, clock, db, jobs
from kernel.text import tidy

CHANGED = ""  #: name of a held signal that only means: look again, variables were changed meanwhile


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
    """It gets what was kept for it, and what is due happens with the next beat. Raises NotOfWhole, ReasonMissing,
    InstanceOver, NotSuspended, and what its diagram refuses."""
    locked = noting.lock_for_repair(instance_id, actor=actor)
    told = noting.reason_of(reason)
    if locked.is_active:
        raise NotSuspended
    _set_state([instance_id], ACTIVE)
    noting.note(instance_id, "resumed", actor=actor, data={"reason": told})
    audit.record(actor, "instance:resume", "instance", instance_id, reason=told)
    _wake(store.lock_instance(instance_id))


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
    for instance_id in _held(resumed):
        jobs.defer("engine.wake_instance", instance_id=str(instance_id))
    audit.record(actor, "definition:resume", "definition", definition_id, reason=told, instances=len(resumed))
    return len(resumed)


def hold_signal(locked: Locked, token: int, name: str, variables: Mapping[str, Any]) -> None:
    """For a suspended instance, until it goes on."""
    db.session().add(
        HeldSignal(
            organization_id=locked.organization_id,
            instance_id=locked.id,
            token=token,
            name=name,
            variables=values.plain(dict(variables)),
            at=clock.now(),
        )
    )
    db.session().flush()


def wake(instance_id: uuid.UUID) -> None:
    """Gives an instance that goes on what was kept for it."""
    locked = store.lock_instance(instance_id)
    if locked.is_active:
        _wake(locked)


def _wake(locked: Locked) -> None:
    held = sa.select(HeldSignal).where(HeldSignal.instance_id == locked.id).order_by(HeldSignal.id)
    for signal in db.session().scalars(held).all():
        db.session().delete(signal)
        locked = store.lock_instance(locked.id)
        if not locked.is_active:
            return
        _give(locked, signal)
    db.session().flush()


def _give(locked: Locked, signal: HeldSignal) -> None:
    actor = actors.machine(locked.organization_id)
    run = advancing.resume(locked, actor=actor)
    try:
        if signal.name == CHANGED:
            run.look_again()
        else:
            run.fire(signal.token, values.restored(signal.variables))
    except TaskNotReady:
        return  # moved or cancelled while it stood still
    advancing.move(locked, run, actor=actor)


def _lock_definition(definition_id: uuid.UUID, reason: str, actor: Actor) -> tuple[ProcessDefinition, str]:
    definition = db.session().get(ProcessDefinition, definition_id, with_for_update=True, populate_existing=True)
    if definition is None or definition.organization_id != actor.organization_id:
        raise DefinitionNotFound
    permissions.require_whole(actor)
    return definition, tidy(reason)[: noting.MAX_REASON]


def _turn_all(definition_id: uuid.UUID, before: str, after: str) -> list[uuid.UUID]:
    """Locks in the order in which everybody does who takes several."""
    query = sa.select(ProcessInstance.id).where(
        ProcessInstance.definition_id == definition_id, ProcessInstance.state == before
    )
    found = list(db.connection().scalars(query.order_by(ProcessInstance.id).with_for_update()))
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


def _held(instance_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    query = sa.select(HeldSignal.instance_id).where(HeldSignal.instance_id.in_(instance_ids)).distinct()
    return list(db.connection().scalars(query))
