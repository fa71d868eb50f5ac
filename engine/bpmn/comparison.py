"""The lost-node check: what of a diagram is not in the spec that was made of it.

It shares nothing with the reader: the untouched tree on one side, the finished spec on the other. Every flow node must
be there as what it is, with its event, its loop and what it is attached to; every flow with its ends and its condition;
every link as a way from throw to catch.
"""

import collections
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.bpmn import activities, events, gateways, subprocesses
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.node import Process

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
MARK = "khi đọc sơ đồ"  #: ends each sentence
LOOPS = (f"{BPMN}multiInstanceLoopCharacteristics", f"{BPMN}standardLoopCharacteristics")

#: BPMN's flow nodes and what must stand for each
FLOW_NODES: Mapping[str, type] = {
    "task": activities.NoneTask,
    "manualTask": activities.ManualTask,
    "userTask": activities.UserTask,
    "serviceTask": activities.ServiceTask,
    "scriptTask": activities.ScriptTask,
    "businessRuleTask": activities.BusinessRuleTask,
    "sendTask": activities.SendTask,
    "receiveTask": events.ReceiveTask,
    "callActivity": subprocesses.CallActivity,
    "subProcess": subprocesses.SubProcess,
    "transaction": subprocesses.SubProcess,
    "adHocSubProcess": subprocesses.SubProcess,
    "exclusiveGateway": gateways.ExclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "eventBasedGateway": gateways.EventBasedGateway,
    "complexGateway": type(None),
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateCatchEvent": events.CatchEvent,
    "intermediateThrowEvent": events.ThrowEvent,
    "boundaryEvent": events.BoundaryEvent,
}
Ends = tuple[str, str, bool]  #: of a flow: source, target, whether it has a condition
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})


def lost(process: Any, spec: Process) -> Iterator[tuple[Any, str]]:
    """`process`: its element of the file as it stands. Gives the elements that are not represented, with a sentence."""
    nodes = [child for child in process if _kind(child) in FLOW_NODES]
    named = {node.get("id"): node for node in nodes if node.get("id") is not None}
    for name, node in named.items():
        found = spec.task_specs.get(name)
        if found is None:
            yield node, f"“{node.get('name') or name}” bị mất {MARK}."
        else:
            yield from _lost_of_node(node, found, spec)
    yield from _lost_without_id([node for node in nodes if node.get("id") is None], named, spec)
    yield from _lost_flows(process, nodes, spec)


# --------------------------------------------------------------------------------------------------------------- nodes
def _lost_of_node(node: Any, found: Any, spec: Process) -> Iterator[tuple[Any, str]]:
    inner = spec.task_specs[found.instance] if isinstance(found, MultiInstance) else found
    for fact, drawn, read in _facts(node, found, inner, spec):
        if drawn != read:
            yield node, f"“{_title(node)}” bị mất {fact} {MARK}."
    if _kind(node) in SCOPES and node.get("id") in spec.subprocess_specs:
        yield from lost(node, spec.subprocess_specs[node.get("id")])
    elif _kind(node) in SCOPES:
        yield node, f"Nội dung của “{_title(node)}” bị mất {MARK}."


def _facts(node: Any, found: Any, inner: Any, spec: Process) -> Iterator[tuple[str, Any, Any]]:
    """What an analyst calls it, as it is drawn, as it is in the spec."""
    yield "loại phần tử", True, isinstance(inner, FLOW_NODES[_kind(node)])
    yield "vòng lặp", _loop(node), _loop_of(found)
    yield "sự kiện", _event(node), "" if inner.event is None else inner.event.kind
    yield "luồng mặc định", node.get("default"), found.default_flow
    yield "tham số", _parameters(node), len(inner.local_in) + len(inner.local_out)
    if _kind(node) == "boundaryEvent":
        host = spec.task_specs.get(node.get("attachedToRef"))
        yield "chỗ gắn", True, host is not None and node.get("id") in host.boundary
        yield "tính ngắt", _flag(node, "cancelActivity", "true"), inner.cancel_activity
    if _is_event_subprocess(node):
        yield "tính ngắt", _flag(node.find(f"{BPMN}startEvent"), "isInterrupting", "true"), inner.cancel_activity
        yield "khởi đầu", True, inner in spec.event_subprocesses


def _loop(node: Any) -> str:
    loop = next((child for child in node if child.tag in LOOPS), None)
    if loop is None:
        return ""
    if loop.tag == LOOPS[1]:
        return "loop"
    return "sequential" if _flag(loop, "isSequential", "false") else "parallel"


def _loop_of(found: Any) -> str:
    if not isinstance(found, MultiInstance):
        return ""
    if found.collection is None and found.cardinality is None:
        return "loop"
    return "sequential" if found.sequential else "parallel"


def _event(node: Any) -> str:
    """The kind of event a node waits for or throws. The start of an event sub-process says what the sub-process waits
    for."""
    if _kind(node) == "receiveTask":
        return "message" if node.get("messageRef") else ""
    holder = node.find(f"{BPMN}startEvent") if _is_event_subprocess(node) else node
    if holder is None or (_kind(node) == "startEvent" and _is_event_subprocess(node.getparent())):
        return ""
    kinds = [_kind(child).removesuffix("EventDefinition") for child in holder if _kind(child).endswith("Definition")]
    return kinds[0] if kinds else ""


def _parameters(node: Any) -> int:
    found = node.xpath("./*[local-name()='extensionElements']/*[local-name()='inputOutput']/*")
    return sum(str(child.tag).endswith(("}inputParameter", "}outputParameter")) for child in found)


def _lost_without_id(nodes: list[Any], named: Mapping[str, Any], spec: Process) -> Iterator[tuple[Any, str]]:
    """Nodes without an id (BPMN allows that) have been given one: as many must be there as were drawn."""
    spare = collections.Counter(type(other) for name, other in spec.task_specs.items() if name not in named)
    for node in nodes:
        kind = next((kind for kind in spare if issubclass(kind, FLOW_NODES[_kind(node)]) and spare[kind]), None)
        if kind is None:
            yield node, f"{_kind(node)} không có mã bị mất {MARK}."
        else:
            spare[kind] -= 1


# --------------------------------------------------------------------------------------------------------------- flows
def _lost_flows(scope: Any, nodes: Iterable[Any], spec: Process) -> Iterator[tuple[Any, str]]:
    read = collections.Counter(
        (name, flow.target, flow.condition is not None) for name, node in spec.task_specs.items() for flow in node.flows
    )
    for flow, ends in [*_drawn_flows(scope), *_links(nodes)]:
        if not read[ends]:
            yield flow, f"Luồng “{_title(flow)}” bị mất {MARK}."
        read[ends] -= 1


def _drawn_flows(scope: Any) -> Iterator[tuple[Any, Ends]]:
    for flow in scope.findall(f"{BPMN}sequenceFlow"):
        conditional = bool((flow.findtext(f"{BPMN}conditionExpression") or "").strip())
        yield flow, (flow.get("sourceRef"), flow.get("targetRef"), conditional)


def _links(nodes: Iterable[Any]) -> Iterator[tuple[Any, Ends]]:
    """From each link throw to the catch of the same name (BPMN 2.0.2, 10.5.1)."""
    linked = [(node, link.get("name")) for node in nodes for link in node.findall(f"{BPMN}linkEventDefinition")]
    catches = {name: node for node, name in linked if _kind(node) == "intermediateCatchEvent"}
    for node, name in linked:
        if _kind(node) != "intermediateCatchEvent" and name in catches:
            yield node, (node.get("id"), catches[name].get("id"), False)


# ----------------------------------------------------------------------------------------------------------------- XML
def _kind(node: Any) -> str:
    """BPMN's name of an element; empty for what is not BPMN."""
    return str(node.tag).removeprefix(BPMN) if str(node.tag).startswith(BPMN) else ""


def _title(node: Any) -> str:
    return str(node.get("name") or node.get("id") or _kind(node))


def _flag(node: Any, name: str, default: str) -> bool:
    return node.get(name, default) in ("true", "1")


def _is_event_subprocess(node: Any) -> bool:
    return _flag(node, "triggeredByEvent", "false")
