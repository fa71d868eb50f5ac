"""Verbs about process instances."""

import uuid
from collections.abc import Mapping
from typing import Any

from directory.actors import Actor
from engine import permissions, queries, store, values
from engine.errors import DefinitionNotFound, InstanceNotFound, InstanceOver
from engine.events import InstanceStarted
from engine.models import ProcessDefinition, ProcessInstance
from engine.operations import advancing
from engine.runtime import Run
from kernel import audit, events


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
    locked = store.insert_instance(definition, actor=actor, business_key=business_key)
    run = Run(organization_id=definition.organization_id, instance_id=locked.id, actor=actor)
    run.start(definition.id, given, business_key=business_key, at=at)
    told = {"process": definition.key, "business_key": business_key}
    line = audit.line(actor, "instance:start", "instance", locked.id, **told)
    changes, written = advancing.save(run, locked, actor=actor, line=line)
    instance = locked.instance
    events.emit(InstanceStarted(instance=instance, actor=actor))
    advancing.tell(changes, written, locked)
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
    line = audit.line(actor, "instance:cancel", "instance", instance_id, reason=reason)
    changes, written = advancing.save(run, locked, actor=actor, cancelled=reason, line=line)
    advancing.tell(changes, written, locked)
