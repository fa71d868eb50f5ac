"""Messages to one receiver, signals to all."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import deliveries, permissions, queries, snapshots, store, values
from engine.errors import InstanceSuspended, NoReceiver, TaskNotReady
from engine.job_models import MESSAGE, Job
from engine.models import SUSPENDED, ProcessDefinition, ProcessInstance, Subscription
from engine.operations import advancing, sending
from engine.operations.instances import start_definition
from kernel import audit, clock, db

KEPT = dt.timedelta(days=7)  #: how long a message from a diagram waits for somebody who waits for it


class Receiver(NamedTuple):
    """A token that waits, or (without instance) a start event."""

    definition_id: uuid.UUID
    element_id: str
    instance_id: uuid.UUID | None
    token: int | None
    suspended: bool


def deliver_message(
    name: str,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    business_key: str = "",
    keys: Mapping[str, Any] | None = None,
    idempotency_key: str = "",
) -> uuid.UUID:
    """To the one instance that waits for it, else to the one process that it starts. Returns the instance.

    Of those that wait only the ones with this business key count, when one is given, and with these values (`keys`:
    variable -> value) where the token waits. Raises NotOfWhole, NoReceiver, InstanceSuspended, DefinitionSuspended,
    KeyUsed, and whatever the receiver refuses.
    """
    permissions.require_whole(actor)
    earlier = deliveries.begin(idempotency_key, f"message:{name}", actor=actor)
    if earlier is not None:
        return uuid.UUID(earlier)
    given = values.adopted_all(variables)
    receiver = _only(name, _receivers(actor.organization_id, name, business_key, values.adopted_all(keys or {})))
    if receiver.suspended and receiver.instance_id is not None:
        raise InstanceSuspended
    try:
        instance_id = _receive(receiver, given, actor, business_key)
    except TaskNotReady:  # it has received another one since
        raise NoReceiver(name=name, count=0) from None
    audit.record(actor, "message:deliver", "instance", instance_id, name=name)
    deliveries.end(idempotency_key, instance_id, actor=actor)
    return instance_id


def deliver_thrown(job: Job) -> bool:
    """In the job of a message that a diagram has thrown. False: nobody waits for it yet, or the one who does stands
    still, and it is kept. Raises NoReceiver when several wait, or nobody did for a week."""
    receivers = _receivers(job.organization_id, job.name, job.business_key, {})
    if not receivers or receivers[0].suspended:
        if receivers or job.kept_until is None:
            job.kept_until = clock.now() + KEPT
        if clock.now() < job.kept_until:
            job.due_at, job.queued_at = job.kept_until, None  # the ticker sees earlier that somebody waits
            db.session().flush()
            return False
    actor, given = actors.machine(job.organization_id), values.restored(job.variables or {})
    instance_id = _receive(_only(job.name, receivers), given, actor, job.business_key)
    audit.record(actor, "message:deliver", "instance", instance_id, name=job.name, sender=job.instance_id)
    return True


def broadcast_signal(name: str, variables: Mapping[str, Any], *, actor: Actor, idempotency_key: str = "") -> int:
    """To all that wait for it now, each in a transaction of its own; returns how many. Raises NotOfWhole, KeyUsed."""
    permissions.require_whole(actor)
    earlier = deliveries.begin(idempotency_key, f"signal:{name}", actor=actor)
    if earlier is not None:
        return int(earlier)
    rows = sending.signals(actor.organization_id, name, values.adopted_all(variables))
    sending.queue(sending.insert(rows))
    audit.record(actor, "signal:broadcast", "organization", actor.organization_id, name=name, receivers=len(rows))
    deliveries.end(idempotency_key, len(rows), actor=actor)
    return len(rows)


def _only(name: str, receivers: Sequence[Receiver]) -> Receiver:
    if len(receivers) != 1:
        raise NoReceiver(name=name, count=len(receivers))
    return receivers[0]


def _receivers(organization_id: uuid.UUID, name: str, business_key: str, keys: Mapping[str, Any]) -> Sequence[Receiver]:
    """Those that wait; where nobody does, the start events. One of a suspended process waits like the others: a message
    for it starts no second one."""
    waiting = _waiting(organization_id, name, business_key)
    if keys:
        waiting = [receiver for receiver in waiting if _sees(receiver, keys)]
    return waiting or _starting(organization_id, name)


def _waiting(organization_id: uuid.UUID, name: str, business_key: str) -> list[Receiver]:
    query = (
        _subscribed(organization_id, name)
        .add_columns((ProcessInstance.state == SUSPENDED).label("suspended"))
        .join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
    )
    if business_key:
        query = query.where(Subscription.business_key == business_key)
    return [Receiver(*row) for row in db.connection().execute(query)]


def _starting(organization_id: uuid.UUID, name: str) -> list[Receiver]:
    query = (
        _subscribed(organization_id, name)
        .add_columns(ProcessDefinition.suspended_at.is_not(None).label("suspended"))
        .join(ProcessDefinition, ProcessDefinition.id == Subscription.definition_id)
        .where(Subscription.instance_id.is_(None))
    )
    return [Receiver(*row) for row in db.connection().execute(query)]


def _subscribed(organization_id: uuid.UUID, name: str) -> "sa.Select[Any]":
    told: Any = sa.select(
        Subscription.definition_id, Subscription.element_id, Subscription.instance_id, Subscription.token
    )
    mine = Subscription.organization_id == organization_id
    query: sa.Select[Any] = told.where(mine, Subscription.kind == MESSAGE, Subscription.name == name)
    return query


def _sees(receiver: Receiver, keys: Mapping[str, Any]) -> bool:
    """Whether the variables that the waiting token sees have these values."""
    snapshot = db.connection().scalar(
        sa.select(ProcessInstance.snapshot).where(ProcessInstance.id == receiver.instance_id)
    )
    seen = snapshots.token_variables(snapshot or b"", receiver.token or 0) or {}
    return all(name in seen and seen[name] == value for name, value in keys.items())


def _receive(receiver: Receiver, given: Mapping[str, Any], actor: Actor, business_key: str) -> uuid.UUID:
    if receiver.instance_id is None or receiver.token is None:
        definition = queries.get_definition(receiver.definition_id)
        element = receiver.element_id
        return start_definition(definition, given, actor=actor, business_key=business_key, at=element).id
    locked = store.lock_instance(receiver.instance_id)
    if locked.is_over:
        raise TaskNotReady
    run = advancing.resume(locked, actor=actor)
    run.fire(receiver.token, given)
    advancing.move(locked, run, actor=actor)
    return locked.id
