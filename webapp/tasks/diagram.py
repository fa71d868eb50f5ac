"""What a diagram says about the way ahead: the steps that usually follow, and the rule of law beside each step.

Reads the deployed BPMN file only for words on the screen; the engine alone decides where a token goes.
"""

import dataclasses
import functools
import uuid
from collections.abc import Iterator, Sequence

from lxml import etree

from engine import outlines
from engine import queries as engine

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
STEPS = frozenset({"userTask", "callActivity", "manualTask"})
KEPT = 64  #: definitions kept in the process; one never changes


@dataclasses.dataclass(frozen=True, kw_only=True)
class Node:
    """One element of a diagram."""

    id: str
    kind: str
    name: str
    lane: str
    documentation: str
    ways: tuple[str, ...]  #: ids of the elements that follow, the default way first


@functools.lru_cache(maxsize=KEPT)
def nodes_of(definition_id: uuid.UUID) -> dict[str, Node]:
    """Element id → node."""
    return read(engine.get_diagram(definition_id))


def read(source: bytes) -> dict[str, Node]:
    """Raises engine's UnreadableDiagram."""
    root = outlines.parse(source)
    lanes = {
        (ref.text or "").strip(): lane.get("name", "")
        for lane in root.iter(f"{BPMN}lane")
        for ref in lane.iterfind(f"{BPMN}flowNodeRef")
    }
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    found = {}
    for element in root.iter():
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if element.get("id") and (element.find(f"{BPMN}incoming") is not None or name == "startEvent"):
            found[element.get("id", "")] = _node(element, name, lanes, flows)
    return found


def _node(element: "etree._Element", kind: str, lanes: dict[str, str], flows: "Sequence[etree._Element]") -> Node:
    mine = [flow for flow in flows if flow.get("sourceRef") == element.get("id")]
    mine.sort(key=lambda flow: flow.get("id") != element.get("default"))
    return Node(
        id=element.get("id", ""),
        kind=kind,
        name=element.get("name", ""),
        lane=lanes.get(element.get("id", ""), ""),
        documentation=(element.findtext(f"{BPMN}documentation") or "").strip(),
        ways=tuple(flow.get("targetRef", "") for flow in mine),
    )


def steps_after(definition_id: uuid.UUID, element_id: str) -> list[Node]:
    """The steps of people that usually follow, by the default ways, each once, in the order of the diagram."""
    nodes = nodes_of(definition_id)
    return [node for node in _walk(nodes, element_id) if node.kind in STEPS]


def _walk(nodes: dict[str, Node], start: str) -> Iterator[Node]:
    seen, waiting = {start}, [start]
    while waiting:
        node = nodes.get(waiting.pop(0))
        if node is None:
            continue
        if node.id != start:
            yield node
        ways = node.ways[:1] if node.kind == "exclusiveGateway" else node.ways
        for way in ways:
            if way not in seen:
                seen.add(way)
                waiting.append(way)
