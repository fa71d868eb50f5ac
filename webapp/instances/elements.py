"""Elements of deployed diagrams by name, for lists and for choosing; the engine alone decides what they mean."""

import dataclasses
import functools
import uuid
from collections.abc import Mapping

from lxml import etree

from engine import outlines, queries
from webapp.instances import words

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
NOT_A_PLACE = frozenset({"startEvent", "boundaryEvent"})
KEPT = 256  #: definitions kept in the process; one never changes


@dataclasses.dataclass(frozen=True, kw_only=True)
class Element:
    """One element of a definition."""

    definition_id: uuid.UUID
    id: str
    name: str
    kind: str  #: BPMN's name of it; empty when the diagram does not have it
    repeated: bool = False  #: done once for each of several (multi-instance)
    inside: str = ""  #: name of the sub-process around it


def element_of(definition_id: uuid.UUID, element_id: str) -> Element:
    """By its name; an element that the diagram does not have is called by its id."""
    unknown = Element(definition_id=definition_id, id=element_id, name=element_id, kind="")
    return _elements(definition_id).get(element_id, unknown)


def target_of(definition_id: uuid.UUID, flow_id: str) -> str:
    """Name of what a sequence flow leads to; empty for one that the diagram does not have."""
    target = _targets(definition_id).get(flow_id)
    return element_of(definition_id, target).name if target else ""


def is_place(definition_id: uuid.UUID, element_id: str) -> bool:
    """May a token stand there? An event beside a step only listens."""
    return element_of(definition_id, element_id).kind not in NOT_A_PLACE


def list_elements(definition_id: uuid.UUID) -> list[Element]:
    """Where a token may stand, by name."""
    found = [element for element in _elements(definition_id).values() if element.kind not in NOT_A_PLACE]
    return sorted(found, key=lambda element: (element.inside, element.name, element.id))


@functools.lru_cache(maxsize=KEPT)
def _elements(definition_id: uuid.UUID) -> Mapping[str, Element]:
    root = outlines.parse(queries.get_diagram(definition_id))
    nodes = [node for node in root.iter(*(f"{BPMN}{kind}" for kind in words.ELEMENTS)) if node.get("id")]
    return {node.get("id", ""): _element(definition_id, node) for node in nodes if node.tag != f"{BPMN}process"}


@functools.lru_cache(maxsize=KEPT)
def _targets(definition_id: uuid.UUID) -> Mapping[str, str]:
    root = outlines.parse(queries.get_diagram(definition_id))
    return {flow.get("id", ""): flow.get("targetRef", "") for flow in root.iter(f"{BPMN}sequenceFlow")}


def _element(definition_id: uuid.UUID, node: "etree._Element") -> Element:
    identifier, kind = node.get("id", ""), etree.QName(node).localname
    around = node.getparent()
    inside = around is not None and around.tag != f"{BPMN}process"
    return Element(
        definition_id=definition_id,
        id=identifier,
        name=words.named(_line(node.get("name") or ""), kind, identifier),
        kind=kind,
        repeated=node.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None,
        inside=_line(around.get("name") or around.get("id") or "") if around is not None and inside else "",
    )


def _line(name: str) -> str:
    return " ".join(name.split())
