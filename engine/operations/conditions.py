"""Conditional start events: whoever has new facts asks which processes they begin."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import permissions, queries, specs, values
from engine.bpmn import events
from engine.errors import CannotProceed
from engine.models import ProcessDefinition, ProcessInstance, ProcessResource
from engine.operations.instances import start_definition
from engine.registry import BoundFunctions, FunctionContext
from feel import FeelError
from kernel import clock, db

MARK = b"conditionalEventDefinition"


def start_by_conditions(variables: Mapping[str, Any], *, actor: Actor, business_key: str = "") -> list[ProcessInstance]:
    """One instance for each conditional start event, of the newest version of each process, whose condition these
    variables make true. Raises NotOfWhole, CannotProceed for a condition that cannot be answered."""
    permissions.require_whole(actor)
    given = values.adopted_all(variables)
    bound = BoundFunctions(FunctionContext(organization_id=actor.organization_id, now=clock.now()))
    begun = [
        (definition, start)
        for definition in _candidates(actor)
        for start in specs.spec_of(definition.id).bpmn_start_events
        if start.event is not None and start.event.kind == events.CONDITIONAL and _is_true(start, given, bound)
    ]
    return [
        start_definition(definition, variables, actor=actor, business_key=business_key, at=start.bpmn_id)
        for definition, start in begun
    ]


def _candidates(actor: Actor) -> Sequence[ProcessDefinition]:
    """Newest versions whose file speaks of conditions at all, so that not every diagram has to be read."""
    resource = sa.and_(
        ProcessResource.deployment_id == ProcessDefinition.deployment_id,
        ProcessResource.name == ProcessDefinition.resource_name,
    )
    newest = queries.newest_versions(actor.organization_id).join(ProcessResource, resource)
    marked = newest.where(sa.func.position(sa.literal(MARK).op("in")(ProcessResource.content)) > 0)
    found: Sequence[ProcessDefinition] = (
        db.session().scalars(marked.where(ProcessDefinition.suspended_at.is_(None))).all()
    )
    return found


def _is_true(start: Any, given: Mapping[str, Any], functions: Mapping[str, Any]) -> bool:
    event = start.event
    if event.variable and event.variable not in given:
        return False
    try:
        return event.value.evaluate(given, functions) is True
    except FeelError as wrong:
        raise CannotProceed(element=start.label, reason=wrong.message) from wrong
