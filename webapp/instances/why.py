"""Vì sao rẽ hướng này: the ways out of a gateway that an instance has passed, with what each condition said then."""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence

from flask import url_for

from engine import queries, why
from engine.history import Activity
from engine.models import ProcessInstance
from engine.why import FlowReason, ReasonStep
from webapp.instances import elements

DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """A sub-expression with those inside it."""

    text: str
    value: str
    reason: str
    parts: Sequence["Part"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Way:
    """One flow out of the gateway."""

    name: str
    target: str  #: name of where it leads
    reason: FlowReason
    parts: Sequence[Part]


@dataclasses.dataclass(frozen=True, kw_only=True)
class WhyPage:
    """What templates/instances/why.html asks for. No ways: nothing has left the gateway yet."""

    name: str
    ways: Sequence[Way]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Passed:
    """A gateway that has been passed, and where it is explained."""

    id: str
    name: str
    url: str


def list_passed(instance: ProcessInstance) -> list[Passed]:
    """Gateways that have chosen a way, of the instance and of what it has called, in the order they were passed."""
    found: dict[str, Passed] = {}
    for state in queries.diagram_states(instance.id):
        for element_id in state.passed:
            element = elements.element_of(state.definition_id, element_id)
            if element.kind in DECIDING and element_id not in found:
                url = url_for("instances.show_why", instance_id=instance.id, element_id=element_id)
                found[element_id] = Passed(id=element_id, name=element.name, url=url)
    return list(found.values())


def url_of(activity: Activity) -> str:
    """Where this stay is explained; empty when nothing was chosen there."""
    if activity.element_type not in DECIDING or activity.outcome != "completed":
        return ""
    at = {"instance_id": activity.instance_id, "element_id": activity.element_id, "token": activity.token}
    return url_for("instances.show_why", **at)  # type: ignore[arg-type]  # values of an address


def page_of(instance: ProcessInstance, element_id: str, token: int | None, *, may_read: bool) -> WhyPage:
    """`token`: the passing that is meant, else the last one; `may_read`: whether values are told."""
    definition_id = _definition_of(instance, element_id)
    reasons = why.explain_gateway(instance.id, element_id if token is None else token)
    return WhyPage(
        name=elements.element_of(definition_id, element_id).name,
        ways=[_way(definition_id, reason if may_read else _closed(reason)) for reason in reasons],
    )


def _definition_of(instance: ProcessInstance, element_id: str) -> uuid.UUID:
    """Of the instance, or of the called process that the element stands in."""
    states = queries.diagram_states(instance.id)
    return next((one.definition_id for one in states if element_id in one.passed), instance.definition_id)


def _way(definition_id: uuid.UUID, reason: FlowReason) -> Way:
    target = elements.target_of(definition_id, reason.flow_id)
    return Way(name=reason.flow_name, target=target, reason=reason, parts=_nested(reason.steps, reason.expression))


def _closed(reason: FlowReason) -> FlowReason:
    """Without what is content of the instance."""
    return dataclasses.replace(reason, value="", unknown="", steps=())


def _nested(steps: Iterable[ReasonStep], expression: str) -> list[Part]:
    """Outermost first, each with what lies inside it; the whole is told above, and a constant says itself."""
    placed = [(_start(step, expression), step) for step in steps]
    ordered = sorted(placed, key=lambda one: (one[0], -one[1].length))
    told = [(start, step) for start, step in ordered if step.text.strip() not in (step.value, expression.strip())]
    return _inside(told, 0, len(expression))


def _inside(steps: Sequence[tuple[int, ReasonStep]], start: int, end: int) -> list[Part]:
    parts, at = [], start
    for index, (begins, step) in enumerate(steps):
        if begins < at or begins >= end:
            continue
        at = begins + max(1, step.length)
        within = _inside(steps[index + 1 :], begins, at)
        parts.append(Part(text=step.text, value=step.value, reason=step.reason, parts=within))
    return parts


def _start(step: ReasonStep, expression: str) -> int:
    before = expression.split("\n")[: step.line - 1]
    return sum(len(line) + 1 for line in before) + step.column - 1
