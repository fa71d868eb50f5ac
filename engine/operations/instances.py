"""Verbs about process instances."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import permissions, queries, store, values
from engine.errors import DefinitionNotFound, InstanceNotFound, InstanceOver
from engine.events import InstanceStarted
from engine.models import ACTIVE, ProcessDefinition, ProcessInstance
from engine.operations import advancing
from engine.runtime import Run
from kernel import audit, clock, db, events
from kernel.ids import new_id


def start_instance(key: str, variables: Mapping[str, Any], *, actor: Actor, business_key: str = "") -> ProcessInstance:
    """Starts the newest version of a process and lets it run to its first waits.

    Raises DefinitionNotFound, CannotProceed, and whatever a service task on the way refuses.
    """
    definition = queries.find_latest_definition(actor.organization_id, key)
    if definition is None:
        raise DefinitionNotFound
    return start_definition(definition, variables, actor=actor, business_key=business_key)


def start_definition(
    definition: ProcessDefinition, variables: Mapping[str, Any], *, actor: Actor, business_key: str = "", at: str = ""
) -> ProcessInstance:
    """`at`: the start event that has happened; without it the none start event."""
    given = values.adopted_all(variables)
    instance_id = _insert(definition, actor, business_key)
    locked = store.lock_instance(instance_id)
    run = Run(organization_id=definition.organization_id, instance_id=instance_id, actor=actor)
    run.start(definition.id, given, business_key=business_key, at=at)
    changes, written = advancing.save(run, locked, actor=actor)
    instance = locked.instance
    audit.record(actor, "instance:start", "instance", instance_id, process=definition.key, business_key=business_key)
    events.emit(InstanceStarted(instance=instance, actor=actor))
    advancing.tell(changes, written, instance)
    return instance


def cancel_instance(instance_id: uuid.UUID, reason: str, *, actor: Actor) -> None:
    """Gives a process up: all its open tasks go. Raises NotOfWhole, InstanceOver."""
    locked = store.lock_instance(instance_id)
    if locked.organization_id != actor.organization_id:
        raise InstanceNotFound
    permissions.require_whole(actor)
    if not locked.is_active:
        raise InstanceOver
    run = advancing.resume(locked, actor=actor)
    run.cancel()
    changes, written = advancing.save(run, locked, actor=actor, cancelled=reason)
    audit.record(actor, "instance:cancel", "instance", instance_id, reason=reason)
    advancing.tell(changes, written, locked.instance)


def _insert(definition: ProcessDefinition, actor: Actor, business_key: str) -> uuid.UUID:
    """The row stands before the diagram runs: service tasks may refer to it."""
    instance_id = new_id()
    db.connection().execute(
        sa.insert(ProcessInstance).values(
            id=instance_id,
            organization_id=definition.organization_id,
            definition_id=definition.id,
            business_key=business_key,
            state=ACTIVE,
            version=0,
            snapshot=b"",
            started_at=clock.now(),
            started_by_id=actor.person_id,
            started_by_name=actor.name,
            end_reason="",
        )
    )
    return instance_id
