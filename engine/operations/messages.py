"""Messages to one receiver, signals to all."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import permissions, queries, store, values
from engine.errors import NoReceiver, TaskNotReady
from engine.models import Subscription
from engine.operations import advancing
from engine.operations.instances import start_definition
from kernel import audit, db


def deliver_message(name: str, variables: Mapping[str, Any], *, actor: Actor, business_key: str = "") -> uuid.UUID:
    """To the one instance that waits for it (with this business key, when given), else to the one process that it
    starts. Returns the instance. Raises NoReceiver."""
    permissions.require_whole(actor)
    given = values.adopted_all(variables)
    waiting = [s for s in _subscriptions(actor.organization_id, "message", name, business_key) if s.instance_id]
    starting = [s for s in _subscriptions(actor.organization_id, "message", name, "") if s.instance_id is None]
    receivers = waiting or starting
    if len(receivers) != 1:
        raise NoReceiver(name=name, count=len(receivers))
    instance_id = _receive(receivers[0], given, actor, business_key)
    audit.record(actor, "message:deliver", "instance", instance_id, name=name)
    return instance_id


def broadcast_signal(name: str, variables: Mapping[str, Any], *, actor: Actor) -> int:
    """To all that wait for it; returns how many did."""
    permissions.require_whole(actor)
    given, received = values.adopted_all(variables), 0
    for subscription in _subscriptions(actor.organization_id, "signal", name, ""):
        try:
            _receive(subscription, given, actor, "")
        except TaskNotReady:
            continue  # cancelled by another receiver of the same signal
        received += 1
    audit.record(actor, "signal:broadcast", "organization", actor.organization_id, name=name, received=received)
    return received


def broadcast_from_diagram(organization_id: uuid.UUID, name: str) -> int:
    """What a diagram has thrown: the system tells it on."""
    return broadcast_signal(name, {}, actor=actors.machine(organization_id))


def _subscriptions(organization_id: uuid.UUID, kind: str, name: str, business_key: str) -> Sequence[Subscription]:
    query = sa.select(Subscription).where(
        Subscription.organization_id == organization_id, Subscription.kind == kind, Subscription.name == name
    )
    if business_key:
        query = query.where(Subscription.business_key == business_key)
    # one order of locking for all senders
    return db.session().scalars(query.order_by(Subscription.instance_id, Subscription.id)).all()


def _receive(subscription: Subscription, given: Mapping[str, Any], actor: Actor, business_key: str) -> uuid.UUID:
    if subscription.instance_id is None or subscription.token is None:
        definition = queries.get_definition(subscription.definition_id)
        element = subscription.element_id
        return start_definition(definition, given, actor=actor, business_key=business_key, at=element).id
    locked = store.lock_instance(subscription.instance_id)
    if not locked.is_active:
        raise TaskNotReady
    run = advancing.resume(locked, actor=actor)
    run.fire(subscription.token, given)
    advancing.move(locked, run, actor=actor)
    return locked.id
