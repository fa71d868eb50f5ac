"""The XML of a diagram: names, namespaces, and the problems found in it."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.errors import Problem

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN = f"{{{MODEL}}}"
MOC = "{http://moc.vn/schema/1.0}"
VENDORS = (
    "http://camunda.org/schema/1.0/bpmn",
    "http://operaton.org/schema/1.0/bpmn",
    "http://activiti.org/bpmn",
    "http://flowable.org/bpmn",
)
MAX_BYTES = 5_000_000

#: flow nodes that can be run
ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "transaction",
    }
)
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
SUBPROCESSES = frozenset({"subProcess", "transaction"})


class Problems:
    """Gathers what is wrong, so that an analyst sees all of it at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def error(self, node: Any, sentence: str) -> None:
        self._add("error", node, sentence)

    def warning(self, node: Any, sentence: str) -> None:
        self._add("warning", node, sentence)

    @property
    def refuse(self) -> bool:
        return any(problem.level == "error" for problem in self.found)

    def _add(self, level: str, node: Any, sentence: str) -> None:
        name, line = (node.get("name") or "", node.sourceline or 0) if node is not None else ("", 0)
        owner = node
        while owner is not None and owner.get("id") is None:
            owner = owner.getparent()
        element_id = "" if owner is None else owner.get("id")
        self.found.append(Problem(level=level, element_id=element_id, element_name=name, line=line, sentence=sentence))


def parse(name: str, data: bytes, problems: Problems) -> Any:
    """The root of a diagram, or None with a problem. No entities, no network, no huge trees."""
    if len(data) > MAX_BYTES:
        problems.error(None, f"Tệp {name} quá lớn (tối đa {MAX_BYTES // 1_000_000} MB).")
        return None
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as wrong:
        line = wrong.lineno or 0
        problems.found.append(
            Problem(
                level="error",
                element_id="",
                element_name=name,
                line=line,
                sentence=f"Tệp {name} không phải là XML đúng: dòng {line}.",
            )
        )
        return None
    if root.tag != f"{BPMN}definitions" or root.getroottree().docinfo.internalDTD is not None:
        problems.error(None, f"Tệp {name} không phải là sơ đồ BPMN 2.0.")
        return None
    return root


def local(node: Any) -> str:
    """The tag without its namespace; empty for comments."""
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def is_bpmn(node: Any) -> bool:
    return isinstance(node.tag, str) and node.tag.startswith(BPMN)


def title(node: Any) -> str:
    """What an analyst calls it."""
    return node.get("name") or node.get("id") or local(node)


def attribute(node: Any, name: str) -> str | None:
    """An attribute of the camunda namespace or one of its aliases."""
    for namespace in VENDORS:
        if (value := node.get(f"{{{namespace}}}{name}")) is not None:
            return str(value)
    return None


def extensions(node: Any, name: str) -> list[Any]:
    """Extension elements of the camunda namespace."""
    holder = node.find(f"{BPMN}extensionElements")
    return [] if holder is None else [c for v in VENDORS for c in holder.findall(f"{{{v}}}{name}")]


def moc(node: Any, name: str) -> Any:
    """The first extension element of our own namespace, or None."""
    holder = node.find(f"{BPMN}extensionElements")
    return None if holder is None else holder.find(MOC + name)


def moc_all(node: Any, name: str) -> list[Any]:
    holder = node.find(f"{BPMN}extensionElements")
    return [] if holder is None else holder.findall(MOC + name)


def scopes(root: Any) -> Iterator[Any]:
    """Processes and sub-processes, outer before inner."""
    yield from root.iter(f"{BPMN}process", f"{BPMN}subProcess", f"{BPMN}transaction")


def flow_nodes(scope: Any) -> list[Any]:
    return [child for child in scope if is_bpmn(child) and local(child) in FLOW_NODES]


def flows(scope: Any) -> list[Any]:
    return list(scope.iterchildren(f"{BPMN}sequenceFlow"))


def event_definitions(node: Any) -> list[Any]:
    return [child for child in node if is_bpmn(child) and local(child).endswith("EventDefinition")]
