"""Why a process went the way it went: the conditions of a gateway's flows over the variables as they were then.

The variables of then are found by going through history from the start: what the instance began with, then what each
step has changed. Not in history are variables of a single activity (inputs, elements of a round) and what a called
process was given; a condition that reads one of those cannot be told any more.
"""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine import expressions, history, queries, reasons, specs, ways
from engine.bpmn.gateways import ExclusiveGateway
from engine.bpmn.node import Flow, Process
from engine.bpmn.variables import EXECUTION
from engine.expressions import Value, explained
from engine.history import Cut
from engine.models import HistoryEntry, ProcessDefinition, ProcessInstance
from engine.registry import BoundFunctions, FunctionContext
from engine.said import feel_text
from engine.values import restored
from feel import FeelError
from kernel import db

NOT_KEPT = "Lịch sử không giữ giá trị lúc đó của {names}."
NOT_AS_THEN = "Tính lại không ra lối đã đi: có giá trị đã đổi ngoài lịch sử."


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReasonStep:
    """A sub-expression and what it was worth then, innermost first. `value`: FEEL text; `reason`: why it was null."""

    text: str
    line: int
    column: int
    length: int
    value: str
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FlowReason:
    """One flow out of a gateway. `expression`: its condition as FEEL, empty where it has none; `value`: FEEL text of
    what the condition was worth then, empty where it cannot be known any more (`unknown` says why); `is_default`: taken
    when no other was."""

    flow_id: str
    flow_name: str
    expression: str
    value: str
    taken: bool
    is_default: bool = False
    unknown: str = ""
    steps: Sequence[ReasonStep] = ()


def explain_gateway(instance_id: uuid.UUID, passed: int | str) -> list[FlowReason]:
    """Of a gateway (or an activity with conditional flows) that a token has left: every flow out of it, in the order of
    the diagram. `passed`: the number of the token, or the id of the element, whose last passing is meant; [] when no
    token has left it. The values are content of the instance: ask only for people who may read them.

    Raises InstanceNotFound.
    """
    instance = queries.get_instance(instance_id)
    lines = _lines(instance)
    index = next((i for i in range(len(lines) - 1, -1, -1) if _is_passing(lines[i], passed)), None)
    if index is None:
        return []
    then = _Then(instance, lines, index)
    return [then.reason_of(flow) for flow in then.node.flows]


def _lines(instance: ProcessInstance) -> Sequence[HistoryEntry]:
    query = sa.select(HistoryEntry).where(
        HistoryEntry.organization_id == instance.organization_id, HistoryEntry.instance_id == instance.id
    )
    return db.session().scalars(query.order_by(HistoryEntry.id)).all()


def _is_passing(line: HistoryEntry, passed: int | str) -> bool:
    return line.kind in ways.LEFT and passed in ((line.token,) if isinstance(passed, int) else (line.element_id,))


class _Then:
    """The moment when a token left an element: the line `index` of history."""

    def __init__(self, instance: ProcessInstance, lines: Sequence[HistoryEntry], index: int) -> None:
        self.instance, self.line = instance, lines[index]
        root = specs.spec_of(self.line.definition_id)
        self.path = ways.find_path(root, self.line.element_id) or ()
        self.scopes = [ways.scope_at(root, self.path[:depth]) for depth in range(len(self.path) + 1)]
        self.node = self.scopes[-1].task_specs[self.line.element_id]
        self.taken = _taken(lines[index + 1 :], self.line, {flow.id for flow in self.node.flows})
        self.variables, self.lost = _variables(instance, lines[: index + 1], self.line)
        self.lost |= {name for scope, name in zip(self.scopes, self.path, strict=False) for name in _own(scope, name)}
        context = FunctionContext(organization_id=instance.organization_id, now=self.line.at)
        self.functions = BoundFunctions(context)

    def reason_of(self, flow: Flow) -> FlowReason:
        reason = FlowReason(
            flow_id=flow.id,
            flow_name=flow.name,
            expression="" if flow.condition is None else reasons.text_of(flow.condition),
            value="",
            taken=flow.id in self.taken,
            is_default=flow.id == self.node.default_flow,
        )
        if flow.condition is None or reason.is_default:
            return reason
        lost = sorted(expressions.variables(flow.condition) & self.lost)
        if lost or (self.is_called and not expressions.variables(flow.condition) <= self.variables.keys()):
            names = lost or sorted(expressions.variables(flow.condition) - self.variables.keys())
            return dataclasses.replace(reason, unknown=NOT_KEPT.format(names=", ".join(f"“{one}”" for one in names)))
        return self._answered(reason, flow.condition)

    @property
    def is_called(self) -> bool:
        """In a process that the instance has called: what that was given is not in history."""
        return _key(self.line.definition_id) != _key(self.instance.definition_id)

    def _answered(self, reason: FlowReason, condition: Value) -> FlowReason:
        found = self._value(condition)
        opens = found is True
        if opens != reason.taken and not (opens and isinstance(self.node, ExclusiveGateway)):
            return dataclasses.replace(reason, unknown=NOT_AS_THEN)
        return dataclasses.replace(reason, value=feel_text(found), steps=self._steps(condition))

    def _value(self, condition: Value) -> Any:
        try:
            return condition.evaluate(self.variables, self.functions)
        except FeelError:
            return None

    def _steps(self, condition: Value) -> list[ReasonStep]:
        try:
            found = explained(condition, self.variables, self.functions)
        except FeelError:
            return []
        return [
            ReasonStep(
                text=step.text,
                line=step.line,
                column=step.column,
                length=step.length,
                value=feel_text(step.value),
                reason=step.reason,
            )
            for step in found
        ]


def _taken(following: Sequence[HistoryEntry], line: HistoryEntry, out: set[str]) -> set[str]:
    """The flows by which tokens came from there, before it was left another time."""
    found = set()
    for other in following:
        if other.kind in ways.LEFT and other.element_id == line.element_id:
            break
        if other.kind in ways.ENTERED and other.flow_id in out:
            found.add(other.flow_id)
    return {flow for flow in found if flow is not None}


def _variables(
    instance: ProcessInstance, lines: Sequence[HistoryEntry], line: HistoryEntry
) -> tuple[dict[str, Any], set[str]]:
    """As they were after these lines, and the names of those whose value was too big to keep."""
    key, found = _key(line.definition_id), dict[str, Any]()
    keys = {other: _key(other) for other in {one.definition_id for one in lines}}
    for one in lines:
        if keys[one.definition_id] != key:
            continue
        if one.kind == "started":
            found.update(restored(one.data) if one.data else {})
        before, after = history.changed(one.changes, one.data)
        for name in before.keys() - after.keys():
            found.pop(name, None)
        found.update(after)
    lost = {name for name, value in found.items() if isinstance(value, Cut)}
    kept = {name: value for name, value in found.items() if name not in lost}
    return {EXECUTION: _execution(instance, line), **kept}, lost


def _execution(instance: ProcessInstance, line: HistoryEntry) -> Mapping[str, Any]:
    """As engine.bpmn.variables gives it to expressions of other engines."""
    return {
        "id": str(line.token),
        "activityInstanceId": str(line.token),
        "processInstanceId": str(instance.id),
        "businessKey": instance.business_key or None,
        "processBusinessKey": instance.business_key or None,
        "currentActivityId": line.element_id,
        "currentActivityName": line.element_name or None,
    }


def _own(scope: Process, name: str) -> set[str]:
    """Variables that are a sub-process's own: its inputs, and of a round its element and counters."""
    body = scope.task_specs[name]
    found = {"loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"}
    inner = scope.task_specs.get(getattr(body, "instance", "") or "")
    if inner is None:
        return {name for name, _ in body.local_in}
    return {*found, *filter(None, (body.element, body.output_item)), *(name for name, _ in inner.local_in)}


def _key(definition_id: uuid.UUID) -> str:
    """What all versions of a process have in common."""
    query = sa.select(ProcessDefinition.key).where(ProcessDefinition.id == definition_id)
    return str(db.session().scalar(query))
