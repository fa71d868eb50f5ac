"""What is refused before anything is read: a diagram that cannot run as drawn, with element, line and reason."""

import collections
from typing import Any

from engine.bpmn import action_checks, event_checks, extension_checks, xml
from engine.bpmn.xml import BPMN, Problems, event_definitions, flow_nodes, flows, local, title

#: parts of a process that say nothing about how it runs
ARTEFACTS = frozenset(
    {
        "sequenceFlow",
        "association",
        "textAnnotation",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "laneSet",
        "documentation",
        "extensionElements",
        "ioSpecification",
        "incoming",
        "outgoing",
        "property",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "auditing",
        "monitoring",
        "potentialOwner",
        "resourceRole",
        "dataInputAssociation",
        "dataOutputAssociation",
    }
)
IMMEDIATE_BEHIND_EVENT_GATEWAY = frozenset({"intermediateCatchEvent", "receiveTask"})
NOT_RUN = {"startQuantity": "1", "completionQuantity": "1"}  #: attributes of activities, and what alone may stand there


def check(root: Any, problems: Problems) -> None:
    if not runnable(root):
        problems.error(root, "Sơ đồ không có quy trình nào đánh dấu thực thi (isExecutable).")
    _check_ids(root, problems)
    for scope in xml.scopes(root):
        if _is_run(scope):
            _check_scope(scope, problems)
    extension_checks.check(root, problems)
    action_checks.check(root, problems)


def runnable(root: Any) -> list[Any]:
    """The processes of a file that can be started; a pool drawn for show says isExecutable="false"."""
    return [p for p in root.iter(f"{BPMN}process") if p.get("isExecutable", "true") == "true"]


def _is_run(scope: Any) -> bool:
    while local(scope) != "process":
        scope = scope.getparent()
    return bool(scope.get("isExecutable", "true") == "true")


def _check_ids(root: Any, problems: Problems) -> None:
    seen: set[str] = set()
    for node in root.iter():
        if not xml.is_bpmn(node):
            continue
        name = node.get("id")
        if name is None and local(node) == "process":
            problems.error(node, f"“{title(node)}” không có mã (id).")
        if name is not None and name in seen:
            problems.error(node, f"Mã “{name}” dùng hai lần.")
        seen.add(name)


class View:
    """A scope with its nodes and what leads where."""

    def __init__(self, scope: Any, associations: list[Any]) -> None:
        self.scope = scope
        self.nodes = {node.get("id"): node for node in flow_nodes(scope)}
        self.flows = flows(scope)
        self.outgoing: dict[str, list[Any]] = collections.defaultdict(list)
        self.attached: dict[str, list[str]] = collections.defaultdict(list)
        self.associated: dict[str, list[str]] = collections.defaultdict(list)  #: compensation
        self.incoming: collections.Counter[str] = collections.Counter()
        for flow in self.flows:
            self.outgoing[flow.get("sourceRef")].append(flow)
            self.incoming[flow.get("targetRef")] += 1
        for name, node in self.nodes.items():
            self.attached[node.get("attachedToRef")].append(name)
        for association in associations:
            self.associated[association.get("sourceRef")].append(association.get("targetRef"))

    def following(self, name: str) -> list[str]:
        names = [flow.get("targetRef") for flow in self.outgoing[name]] + self.attached[name] + self.associated[name]
        return [other for other in names if other in self.nodes]


def _check_scope(scope: Any, problems: Problems) -> None:
    for child in scope:
        kind = local(child)
        if xml.is_bpmn(child) and kind not in xml.FLOW_NODES | ARTEFACTS and not kind.endswith("EventDefinition"):
            problems.error(child, f"Phần tử {kind} “{title(child)}” chưa chạy được.")
    view = View(scope, list(scope.getroottree().iter(f"{BPMN}association")))
    for flow in view.flows:
        _check_flow(flow, view, problems)
    for node in view.nodes.values():
        check_node = _NODE_CHECKS.get(local(node))
        if check_node is not None:
            check_node(node, view, problems)
        if local(node) in xml.ACTIVITIES:
            _check_activity(node, problems)
        _check_default(node, view, problems)
    event_checks.check(view, problems)
    _check_starts(scope, problems)
    _check_reached(view, problems)


def _check_flow(flow: Any, view: View, problems: Problems) -> None:
    for end in ("sourceRef", "targetRef"):
        node = view.nodes.get(flow.get(end))
        if node is None:
            problems.error(flow, f"Luồng “{title(flow)}” nối với “{flow.get(end)}” không có trong cùng phạm vi.")
        elif end == "targetRef" and local(node) in ("startEvent", "boundaryEvent"):
            problems.error(flow, f"Luồng “{title(flow)}” không được đi vào sự kiện “{title(node)}”.")
        elif end == "sourceRef" and local(node) == "endEvent":
            problems.error(flow, f"Luồng “{title(flow)}” không được đi ra từ kết thúc “{title(node)}”.")


def _check_default(node: Any, view: View, problems: Problems) -> None:
    default, out = node.get("default"), view.outgoing[node.get("id")]
    if default is not None and default not in {flow.get("id") for flow in out}:
        problems.error(node, f"Luồng mặc định “{default}” không đi ra từ “{title(node)}”.")
    if local(node) in ("exclusiveGateway", "inclusiveGateway") and len(out) > 1 and default is None:
        conditional = [flow for flow in out if flow.find(f"{BPMN}conditionExpression") is not None]
        if len(conditional) == len(out):
            problems.warning(node, f"Cổng “{title(node)}” không có nhánh mặc định: không nhánh nào thỏa thì báo lỗi.")


def _check_activity(node: Any, problems: Problems) -> None:
    """Parts of BPMN that would change how it runs, and that we do not run."""
    for name, only in NOT_RUN.items():
        if node.get(name, only) != only:
            problems.error(node, f"“{title(node)}” có {name}=“{node.get(name)}”: chưa chạy được.")
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is not None and (loop.get("behavior", "All") != "All" or loop.find(f"{BPMN}complexBehaviorDefinition")):
        problems.error(node, f"“{title(node)}” phát sự kiện khi từng lượt xong (behavior): chưa chạy được.")
    looped = loop is not None or node.find(f"{BPMN}standardLoopCharacteristics") is not None
    if looped and xml.flag(node, "triggeredByEvent"):
        problems.error(node, f"Quy trình con sự kiện “{title(node)}” không lặp được.")


def _check_parallel(node: Any, view: View, problems: Problems) -> None:
    for flow in view.outgoing[node.get("id")]:
        if flow.find(f"{BPMN}conditionExpression") is not None:
            problems.error(flow, f"Luồng “{title(flow)}” ra từ “{title(node)}” không được có điều kiện.")


def _check_event_gateway(node: Any, view: View, problems: Problems) -> None:
    _check_parallel(node, view, problems)
    for flow in view.outgoing[node.get("id")]:
        target = view.nodes.get(flow.get("targetRef"))
        if target is not None and local(target) not in IMMEDIATE_BEHIND_EVENT_GATEWAY:
            told = f"Sau cổng sự kiện “{title(node)}” chỉ được là sự kiện chờ, không phải “{title(target)}”."
            problems.error(node, told)
        if target is not None and view.incoming[target.get("id")] > 1:
            told = f"“{title(target)}” sau cổng sự kiện “{title(node)}” không được có luồng vào nào khác."
            problems.error(target, told)


def _check_boundary(node: Any, view: View, problems: Problems) -> None:
    host = view.nodes.get(node.get("attachedToRef"))
    if host is None or local(host) not in xml.ACTIVITIES or xml.flag(host, "triggeredByEvent"):
        problems.error(node, f"Sự kiện biên “{title(node)}” không gắn vào bước nào.")
    if len(event_definitions(node)) != 1:
        problems.error(node, f"Sự kiện biên “{title(node)}” phải có đúng một loại sự kiện.")
    if node.find(f"{BPMN}cancelEventDefinition") is not None and (host is None or local(host) != "transaction"):
        problems.error(node, f"Sự kiện hủy “{title(node)}” chỉ gắn được vào giao dịch.")


def _check_end(node: Any, view: View, problems: Problems) -> None:
    _check_one_definition(node, view, problems)
    if node.find(f"{BPMN}cancelEventDefinition") is not None and local(view.scope) != "transaction":
        problems.error(node, f"Kết thúc hủy “{title(node)}” chỉ dùng được trong giao dịch.")


def _check_one_definition(node: Any, view: View, problems: Problems) -> None:
    if len(event_definitions(node)) > 1:
        problems.error(node, f"Sự kiện “{title(node)}” có nhiều loại sự kiện cùng lúc.")


def _check_catch(node: Any, view: View, problems: Problems) -> None:
    if len(event_definitions(node)) != 1:
        problems.error(node, f"Sự kiện chờ “{title(node)}” phải có đúng một loại sự kiện.")


def _check_subprocess(node: Any, view: View, problems: Problems) -> None:
    if node.get("triggeredByEvent") != "true":
        return
    starts = node.findall(f"{BPMN}startEvent")
    if len(starts) != 1 or len(event_definitions(starts[0])) != 1:
        problems.error(node, f"Quy trình con sự kiện “{title(node)}” phải có đúng một khởi đầu với một loại sự kiện.")
    if any(node.get("id") in (flow.get("sourceRef"), flow.get("targetRef")) for flow in view.flows):
        problems.error(node, f"Quy trình con sự kiện “{title(node)}” không được nối bằng luồng.")


_NODE_CHECKS = {
    "eventBasedGateway": _check_event_gateway,
    "parallelGateway": _check_parallel,
    "boundaryEvent": _check_boundary,
    "endEvent": _check_end,
    "intermediateThrowEvent": _check_one_definition,
    "startEvent": _check_one_definition,
    "intermediateCatchEvent": _check_catch,
    "subProcess": _check_subprocess,
}


def _check_starts(scope: Any, problems: Problems) -> None:
    starts = scope.findall(f"{BPMN}startEvent")
    if not starts:
        problems.error(scope, f"“{title(scope)}” không có sự kiện khởi đầu.")
    if local(scope) == "process":
        if sum(not event_definitions(start) for start in starts) > 1:
            problems.error(scope, f"Quy trình “{title(scope)}” có nhiều khởi đầu không điều kiện.")
    elif len(starts) > 1:
        problems.error(scope, f"Quy trình con “{title(scope)}” có nhiều sự kiện khởi đầu.")
    elif scope.get("triggeredByEvent") != "true" and any(event_definitions(start) for start in starts):
        problems.error(scope, f"Quy trình con “{title(scope)}” phải khởi đầu không điều kiện.")


def _check_reached(view: View, problems: Problems) -> None:
    """Nodes that no start leads to would never run; other engines say nothing, we do."""
    todo = [
        name
        for name, node in view.nodes.items()
        if local(node) == "startEvent" or node.get("triggeredByEvent") == "true"
    ]
    seen = set(todo)
    while todo:
        for other in view.following(todo.pop()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    for name, node in view.nodes.items():
        if name not in seen:
            told = problems.warning if local(node) == "endEvent" else problems.error  # no work is lost with an end
            told(node, f"Không luồng nào dẫn tới “{title(node)}”.")
