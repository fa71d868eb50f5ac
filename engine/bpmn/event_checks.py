"""Rules of compensation, and of events that would be heard twice (BPMN 2.0.2, 10.5.6, 10.7)."""

import collections
from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn import xml
from engine.bpmn.xml import BPMN, Problems, event_definitions, flag, local, title

UNIQUE = {
    "messageEventDefinition": ("message", "messageRef", "name"),
    "escalationEventDefinition": ("escalation", "escalationRef", "escalationCode"),
}
HEARD_TWICE = "“{}” chờ cùng một thông điệp hay mã báo động với “{}” ở cùng một chỗ: không biết sự kiện nào nhận."


def check(view: Any, problems: Problems) -> None:
    """`view`: engine.bpmn.checks.View of one scope."""
    for node in view.nodes.values():
        if local(node) == "boundaryEvent" and _has(node, "compensate"):
            _check_handler(node, view, problems)
        if flag(node, "isForCompensation"):
            _check_apart(node, view, problems)
        if local(node) in ("intermediateThrowEvent", "endEvent"):
            _check_compensated(node, view, problems)
    _check_one_each(view, problems)
    _check_compensation_subprocesses(view, problems)
    _check_heard_once(view, problems)


def _has(node: Any, kind: str) -> bool:
    return node.find(f"{BPMN}{kind}EventDefinition") is not None


def _starts(node: Any, kind: str) -> bool:
    """Of an event sub-process: whether this kind of event starts it."""
    start = node.find(f"{BPMN}startEvent")
    return flag(node, "triggeredByEvent") and start is not None and _has(start, kind)


# -------------------------------------------------------------------------------------------------------- compensation
def _check_handler(event: Any, view: Any, problems: Problems) -> None:
    handlers = [view.nodes.get(name) for name in view.associated[event.get("id")]]
    if not handlers:
        problems.warning(event, f"Sự kiện bù trừ “{title(event)}” chưa nối với bước bù trừ nào nên không bù trừ gì.")
    elif [handler is not None and flag(handler, "isForCompensation") for handler in handlers] != [True]:
        told = "phải nối (association) với đúng một bước bù trừ (isForCompensation)."
        problems.error(event, f"Sự kiện bù trừ “{title(event)}” {told}")
    if view.outgoing[event.get("id")]:
        problems.error(event, f"Sự kiện bù trừ “{title(event)}” không có luồng đi ra.")


def _check_apart(node: Any, view: Any, problems: Problems) -> None:
    name = node.get("id")
    if any(name in (flow.get("sourceRef"), flow.get("targetRef")) for flow in view.flows):
        problems.error(node, f"Bước bù trừ “{title(node)}” không được nối bằng luồng.")


def _check_compensated(event: Any, view: Any, problems: Problems) -> None:
    """What is named must be an activity of the scope; inside an event sub-process, of the one around it."""
    for definition in event.findall(f"{BPMN}compensateEventDefinition"):
        name = definition.get("activityRef")
        if name is None:
            continue
        scopes = [view.scope]
        if flag(view.scope, "triggeredByEvent"):
            scopes.append(view.scope.getparent())
        if not any(node.get("id") == name for scope in scopes for node in xml.flow_nodes(scope)):
            problems.error(event, f"“{title(event)}” bù trừ “{name}” không có trong cùng phạm vi.")


def _check_one_each(view: Any, problems: Problems) -> None:
    """One compensation and one cancel event at the border of an activity."""
    for kind, word in (("compensate", "bù trừ"), ("cancel", "hủy")):
        hosts = collections.Counter(
            node.get("attachedToRef")
            for node in view.nodes.values()
            if local(node) == "boundaryEvent" and _has(node, kind)
        )
        for host, number in hosts.items():
            if number > 1 and host in view.nodes:
                problems.error(view.nodes[host], f"“{title(view.nodes[host])}” có nhiều sự kiện biên {word}.")


def _check_compensation_subprocesses(view: Any, problems: Problems) -> None:
    found = [node for node in view.nodes.values() if _starts(node, "compensate")]
    for node in found[1:]:
        problems.error(node, f"“{title(view.scope)}” có nhiều quy trình con sự kiện bù trừ.")
    if found and local(view.scope) == "process":
        told = "chỉ dùng được trong quy trình con: không ai bù trừ được cả quy trình."
        problems.error(found[0], f"Quy trình con sự kiện bù trừ “{title(found[0])}” {told}")
    attached = view.scope.getparent().findall(f"{BPMN}boundaryEvent") if found else []
    if any(event.get("attachedToRef") == view.scope.get("id") and _has(event, "compensate") for event in attached):
        told = "vừa có sự kiện biên bù trừ vừa có quy trình con sự kiện bù trừ."
        problems.error(view.scope, f"“{title(view.scope)}” {told}")


# --------------------------------------------------------------------------------------------------------- heard twice
def _check_heard_once(view: Any, problems: Problems) -> None:
    heard: dict[tuple[str, str, str], Any] = {}
    declared = {(local(e), e.get("id")): e for e in view.scope.getroottree().getroot().iterchildren(f"{BPMN}*")}
    for place, node, event in _listeners(view):
        for definition in event_definitions(event):
            said = _said(definition, declared)
            if said is None:
                continue
            first = heard.setdefault((place, local(definition), said), node)
            if first is not node:
                problems.error(node, HEARD_TWICE.format(title(node), title(first)))


def _listeners(view: Any) -> Iterator[tuple[str, Any, Any]]:
    """Where it listens, the node, and the event that says for what. At the start of a process several messages may
    stand, each once; signals start as many instances as are drawn."""
    for node in view.nodes.values():
        if local(node) == "boundaryEvent":
            yield node.get("attachedToRef") or "", node, node
        elif flag(node, "triggeredByEvent"):
            yield "", node, node.find(f"{BPMN}startEvent")
        elif local(node) == "startEvent" and local(view.scope) == "process":
            yield "start", node, node


def _said(definition: Any, declared: Mapping[tuple[str, str], Any]) -> str | None:
    """The name or code it listens for; None where there is no rule."""
    known = UNIQUE.get(local(definition))
    if known is None:
        return None
    tag, reference, attribute = known
    element = declared.get((tag, definition.get(reference)))
    said = None if element is None else element.get(attribute)
    return said or ("" if tag == "escalation" else None)  # an escalation without a code: all of them
