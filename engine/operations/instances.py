"""Verbs about process instances."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from directory.actors import Actor
from engine import deliveries, deployments, queries, store, values
from engine.errors import DefinitionNotFound, DefinitionSuspended, InstanceOver
from engine.events import InstanceStarted
from engine.models import ProcessDefinition, ProcessInstance
from engine.operations import advancing, noting
from engine.runtime import Run
from kernel import audit, events


def start_instance(
    key: str,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    business_key: str = "",
    version: int | None = None,
    version_tag: str = "",
    idempotency_key: str = "",
) -> ProcessInstance:
    """Starts a process and lets it run to its first waits: this version, else the newest with this tag, else the
    newest. Asked again with the same `idempotency_key`, it returns the instance that was started then.

    Raises DefinitionNotFound, DefinitionSuspended, CannotProceed, KeyUsed, and whatever a service task on the way
    refuses.
    """
    earlier = deliveries.begin(idempotency_key, f"start:{key}", actor=actor)
    if earlier is not None:
        return queries.get_instance(uuid.UUID(earlier))
    found = deployments.find_version(actor.organization_id, key, version=version, version_tag=version_tag)
    if found is None:
        raise DefinitionNotFound
    instance = start_definition(found, variables, actor=actor, business_key=business_key)
    deliveries.end(idempotency_key, instance.id, actor=actor)
    return instance


def start_instance_of(
    definition_id: uuid.UUID, variables: Mapping[str, Any], *, actor: Actor, business_key: str = ""
) -> ProcessInstance:
    """Starts exactly this version. Raises as start_instance does."""
    definition = queries.get_definition(definition_id)
    if definition.organization_id != actor.organization_id:
        raise DefinitionNotFound
    return start_definition(definition, variables, actor=actor, business_key=business_key)


def start_definition(
    definition: ProcessDefinition, variables: Mapping[str, Any], *, actor: Actor, business_key: str = "", at: str = ""
) -> ProcessInstance:
    """`at`: the start event that has happened; without it the none start event. Raises DefinitionSuspended."""
    if definition.suspended_at is not None:
        raise DefinitionSuspended(name=definition.name)
    given = values.adopted_all(variables)
    locked = store.insert_instance(definition, actor=actor, business_key=business_key)
    run = Run(organization_id=definition.organization_id, instance_id=locked.id, actor=actor)
    run.start(definition.id, given, business_key=business_key, at=at)
    told = {"process": definition.key, "business_key": business_key}
    line = audit.line(actor, "instance:start", "instance", locked.id, **told)
    changes, written = advancing.conclude(run, locked, actor=actor, line=line)
    instance = locked.instance
    events.emit(InstanceStarted(instance=instance, actor=actor))
    advancing.tell(changes, written, locked)
    return instance


def cancel_instance(instance_id: uuid.UUID, reason: str, *, actor: Actor) -> None:
    """Gives a process up, running or suspended: all its open tasks go. Raises NotOfWhole, InstanceOver."""
    locked = noting.lock_for_repair(instance_id, actor=actor)
    run = advancing.take(locked, actor=actor)
    run.cancel()
    line = audit.line(actor, "instance:cancel", "instance", instance_id, reason=reason)
    changes, written = advancing.save(run, locked, actor=actor, cancelled=reason, line=line)
    advancing.tell(changes, written, locked)


def cancel_instances(instance_ids: Collection[uuid.UUID], reason: str, *, actor: Actor) -> int:
    """Several at once, all or none; those that are over already are left out. Returns how many were given up."""
    cancelled = 0
    for instance_id in sorted(instance_ids):  # the order in which everybody locks who takes several
        try:
            cancel_instance(instance_id, reason, actor=actor)
        except InstanceOver:
            continue
        cancelled += 1
    return cancelled
