"""The XML of a diagram: read safely, its names and namespaces, and the problems found in it."""

import re
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
)
MAX_SIZE = 2 * 1024 * 1024  #: bytes; the largest diagram of other people we have seen is a tenth of it
MAX_NODES = 5_000  #: flow nodes in one file
MAX_DEPTH = 20  #: sub-processes inside one another
DECLARED = "Sơ đồ có khai báo DOCTYPE hoặc thực thể XML nên không được nhận."
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)

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
        self.file = ""  #: that is being read; empty where there is only one

    def error(self, node: Any, sentence: str) -> None:
        self._add("error", node, sentence)

    def warning(self, node: Any, sentence: str) -> None:
        self._add("warning", node, sentence)

    def of_file(self, name: str, wrong: "Unreadable") -> None:
        found = Problem(
            level="error", element_id="", element_name=name, line=wrong.line, sentence=wrong.sentence, file=self.file
        )
        self.found.append(found)

    @property
    def refuse(self) -> bool:
        return any(problem.level == "error" for problem in self.found)

    def _add(self, level: str, node: Any, sentence: str) -> None:
        name, line = (node.get("name") or "", node.sourceline or 0) if node is not None else ("", 0)
        owner = node
        while owner is not None and owner.get("id") is None:
            owner = owner.getparent()
        element_id = "" if owner is None else owner.get("id")
        self.found.append(
            Problem(
                level=level,
                element_id=element_id,
                element_name=name,
                line=line,
                sentence=sentence,
                file=self.file,
            )
        )


class Unreadable(Exception):
    """The bytes are no BPMN diagram that may be read."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


def parse(data: bytes) -> Any:
    """The root of a diagram, read safely: no entities, no network, bounded in size, depth and number of elements.
    Raises Unreadable."""
    root = parse_any(data)
    if root.tag != f"{BPMN}definitions":
        raise Unreadable("Tệp không phải sơ đồ BPMN 2.0.")
    _check_bounds(root)
    return root


def parse_any(data: bytes) -> Any:
    """The same of any XML, but for the number of its elements. Raises Unreadable."""
    if len(data) > MAX_SIZE:
        raise Unreadable("Sơ đồ quá lớn: tối đa 2 MB. Tách thành các quy trình gọi lẫn nhau.")
    if _DECLARATION.search(data):
        raise Unreadable(DECLARED)
    try:
        root = read_again(data)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        line = getattr(wrong, "lineno", None) or 0
        raise Unreadable(f"Tệp không phải XML đúng: {wrong}.", line) from wrong
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding whose bytes do not show it
        raise Unreadable(DECLARED)
    return root


def read_again(data: bytes) -> Any:
    """The root of what `parse` has accepted once; today's bounds may be narrower. Raises etree.XMLSyntaxError."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _check_bounds(root: Any) -> None:
    """Raises Unreadable."""
    flow_nodes = deepest = depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if local(node) in SUBPROCESSES:
            depth += 1 if event == "start" else -1
            deepest = max(deepest, depth)
        flow_nodes += event == "start" and local(node) in FLOW_NODES
    if flow_nodes > MAX_NODES:
        raise Unreadable(f"Sơ đồ có {flow_nodes} phần tử; tối đa {MAX_NODES}. Tách thành các quy trình gọi lẫn nhau.")
    if deepest > MAX_DEPTH:
        raise Unreadable(f"Quy trình con lồng nhau {deepest} tầng; tối đa {MAX_DEPTH}.")


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


def flag(node: Any, name: str, *, default: str = "false") -> bool:
    """A boolean of XML."""
    return node.get(name, default) in ("true", "1")


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
