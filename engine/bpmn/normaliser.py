"""Rewrites of a diagram's tree so that nothing of it is lost: ids for flows, local references, links as flows."""

from typing import Any

from lxml import etree

from engine.bpmn.xml import BPMN, Problems, scopes

REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")
GIVEN = "flow-without-id-"  #: beginning of an id that was given here


def normalise(root: Any, problems: Problems) -> None:
    for number, flow in enumerate(root.iter(f"{BPMN}sequenceFlow")):
        if flow.get("id") is None:
            flow.set("id", f"{GIVEN}{number}")
    for node in root.iter():
        for name in REFERENCES:  # qualified names; inside one file the local part is the id
            if ":" in (node.get(name) or ""):
                node.set(name, node.get(name).partition(":")[2])
    for scope in list(scopes(root)):
        _links_to_flows(scope, problems)


def _links_to_flows(scope: Any, problems: Problems) -> None:
    """A link throw becomes a none event with a flow to the catch of the same name, which becomes a none event."""
    targets: dict[str, Any] = {}
    for event in scope.findall(f"{BPMN}intermediateCatchEvent"):
        for link in event.findall(f"{BPMN}linkEventDefinition"):
            if link.get("name") in targets:
                problems.error(event, f"Có hai đích cho liên kết “{link.get('name')}”.")
            targets[link.get("name")] = event
            event.remove(link)
            event.tag = f"{BPMN}intermediateThrowEvent"
    for event in scope.findall(f"{BPMN}intermediateThrowEvent"):
        for link in event.findall(f"{BPMN}linkEventDefinition"):
            _link_to_flow(scope, event, link, targets, problems)


def _link_to_flow(scope: Any, event: Any, link: Any, targets: dict[str, Any], problems: Problems) -> None:
    target = targets.get(link.get("name"))
    if target is None:
        problems.error(event, f"Không có đích cho liên kết “{link.get('name')}”.")
        return
    event.remove(link)
    ends = {"id": f"link-{event.get('id')}", "sourceRef": event.get("id"), "targetRef": target.get("id")}
    etree.SubElement(scope, f"{BPMN}sequenceFlow", ends)
