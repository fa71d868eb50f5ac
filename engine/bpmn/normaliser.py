"""Additions to a diagram's tree so that nothing of it is lost: ids where there are none, local references, flows for
links."""

from typing import Any

from lxml import etree

from engine.bpmn import xml
from engine.bpmn.xml import BPMN, Problems, local

REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")
FLAGS = (
    "isExecutable",
    "triggeredByEvent",
    "cancelActivity",
    "isInterrupting",
    "isSequential",
    "testBefore",
    "isForCompensation",
    "cancelRemainingInstances",
    "waitForCompletion",
)
BOOLEANS = {"1": "true", "0": "false"}  #: the other way to write them
GIVEN = "-without-id-"  #: within an id that was given here


def normalise(root: Any, problems: Problems) -> None:
    _give_ids(root)
    for node in root.iter():
        for name in REFERENCES:  # qualified names; inside one file the local part is the id
            if ":" in (node.get(name) or ""):
                node.set(name, node.get(name).partition(":")[2])
        for name in FLAGS:
            if node.get(name) in BOOLEANS:
                node.set(name, BOOLEANS[node.get(name)])
    for scope in list(xml.scopes(root)):
        _links_to_flows(scope, problems)


def _give_ids(root: Any) -> None:
    """An id may be left out where nothing refers to it (BPMN 2.0.2, 8.3.1)."""
    for number, flow in enumerate(root.iter(f"{BPMN}sequenceFlow")):
        if flow.get("id") is None:
            flow.set("id", f"flow{GIVEN}{number}")
    for number, node in enumerate(node for scope in xml.scopes(root) for node in xml.flow_nodes(scope)):
        if node.get("id") is None:
            node.set("id", f"{local(node)}{GIVEN}{number}")


def _links_to_flows(scope: Any, problems: Problems) -> None:
    """A flow from each link throw event to the catch event of the same name (BPMN 2.0.2, 10.5.1)."""
    targets: dict[str, Any] = {}
    for event in scope.findall(f"{BPMN}intermediateCatchEvent"):
        for link in event.findall(f"{BPMN}linkEventDefinition"):
            if link.get("name") in targets:
                problems.error(event, f"Có hai đích cho liên kết “{link.get('name')}”.")
            targets[link.get("name")] = event
    for event in scope.findall(f"{BPMN}intermediateThrowEvent"):
        for link in event.findall(f"{BPMN}linkEventDefinition"):
            _link_to_flow(scope, event, link, targets, problems)


def _link_to_flow(scope: Any, event: Any, link: Any, targets: dict[str, Any], problems: Problems) -> None:
    target = targets.get(link.get("name"))
    if target is None:
        problems.error(event, f"Không có đích cho liên kết “{link.get('name')}”.")
        return
    ends = {"id": f"link-{event.get('id')}", "sourceRef": event.get("id"), "targetRef": target.get("id")}
    etree.SubElement(scope, f"{BPMN}sequenceFlow", ends)
