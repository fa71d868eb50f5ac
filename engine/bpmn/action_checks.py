"""What moc:actions and moc:deadline's pauseOn may say, checked at deployment: names, targets, what a verb needs."""

from collections.abc import Iterator
from typing import Any

from engine.bpmn import xml
from engine.bpmn.returning import REJECTED
from engine.bpmn.xml import BPMN, MOC, Problems, attribute, local, title

NAMES = ("return", "withdraw", "consult", "addSigner", "removeSigner", "delegate", "reject")
ATTRIBUTES = ("name", "to", "reason")
REASONS = ("required", "optional")
TARGETED = ("return", "reject")
ROUND = ("addSigner", "removeSigner")
PREVIOUS = "previous"
PAUSING = ("consult", "delegate", "return")  #: actions during which a clock can stand still
MULTI = f"{BPMN}multiInstanceLoopCharacteristics"
NO_TARGET = frozenset({"startEvent", "boundaryEvent"})


def check(root: Any, problems: Problems) -> None:
    for node in root.iter():
        for holder in xml.moc_all(node, "actions") if xml.is_bpmn(node) else ():
            _check_actions(node, holder, problems)
        deadline = xml.moc(node, "deadline") if xml.is_bpmn(node) else None
        if deadline is not None and deadline.get("pauseOn"):
            _check_pauses(node, deadline.get("pauseOn"), problems)


def _check_actions(node: Any, holder: Any, problems: Problems) -> None:
    if local(node) != "userTask":
        problems.error(node, f"“{title(node)}” không phải bước của người nên không có thao tác (moc:actions).")
        return
    seen: set[str] = set()
    for action in holder.iterchildren(tag="*"):
        name = action.get("name") or ""
        if action.tag != f"{MOC}action" or name not in NAMES:
            known = ", ".join(NAMES)
            problems.error(node, f"“{title(node)}” có thao tác “{name or local(action)}”; chỉ có: {known}.")
        elif name in seen:
            problems.error(node, f"“{title(node)}” nêu thao tác “{name}” hai lần.")
        else:
            _check_action(node, action, name, problems)
        seen.add(name)


def _check_action(node: Any, action: Any, name: str, problems: Problems) -> None:
    unknown = [key for key in action.attrib if key not in ATTRIBUTES]
    if unknown:
        problems.error(node, f"Thao tác “{name}” của “{title(node)}” không có thuộc tính “{unknown[0]}”.")
    if action.get("reason") not in (None, *REASONS):
        problems.error(node, f"Lý do của “{name}” ở “{title(node)}” phải là required hoặc optional.")
    to = action.get("to")
    if to is not None and name not in TARGETED:
        problems.error(node, f"Thao tác “{name}” của “{title(node)}” không có nơi đến (to).")
    elif name == "return":
        for target in (to or PREVIOUS).split():
            _check_return(node, target, problems)
    elif name == "reject":
        _check_reject(node, to, problems)
    elif name in ROUND:
        _check_round(node, name, problems)


def _check_return(node: Any, to: str, problems: Problems) -> None:
    if to == PREVIOUS:
        return
    target = _find(node, to)
    if target is None or local(target) != "userTask" or target is node:
        problems.error(node, f"“{title(node)}” trả lại về “{to}” nhưng đó không phải bước khác của người.")
    else:
        _check_place(node, target, problems)


def _check_reject(node: Any, to: str | None, problems: Problems) -> None:
    if to is None:
        if not any(_catches_rejection(activity) for activity in _around(node)):
            told = f"“{title(node)}” cho từ chối: nêu nơi đến (to), hoặc gắn sự kiện lỗi mã {REJECTED} vào bước."
            problems.error(node, told)
        return
    target = _find(node, to)
    if target is None or local(target) in NO_TARGET or target is node:
        problems.error(node, f"“{title(node)}” từ chối về “{to}” nhưng không có phần tử này để đi tới.")
    else:
        _check_place(node, target, problems)


def _check_place(node: Any, target: Any, problems: Problems) -> None:
    """Of a round that does not go on around the task nobody can say which element is meant."""
    around = list(_around(node))
    for outer in _scopes_of(target):
        if outer not in around and (outer.find(MULTI) is not None or outer.get("triggeredByEvent") == "true"):
            told = f"“{title(node)}” không tới được “{title(target)}” vì bước đó nằm trong “{title(outer)}”."
            problems.error(node, told)


def _check_round(node: Any, name: str, problems: Problems) -> None:
    rounds = [activity for activity in _around(node) if _is_over_people(activity)]
    if not rounds:
        told = f"“{title(node)}” có “{name}” nên phải nằm trong vòng lặp có collection và elementVariable."
        problems.error(node, told)
    elif rounds[0] is node and not any(_is_expression(attribute(node, key)) for key in ("assignee", "candidateUsers")):
        told = f"“{title(node)}” có “{name}” nên phải giao cho người của vòng lặp (assignee là biểu thức)."
        problems.error(node, told)


def _check_pauses(node: Any, text: str, problems: Problems) -> None:
    if _is_expression(text):
        problems.error(node, f"pauseOn của “{title(node)}” phải là tên thao tác hoặc mã bước, không phải biểu thức.")
        return
    for word in text.split():
        if word in PAUSING:
            continue
        other = _find(node, word)
        if other is None or local(other) != "userTask" or other is node:
            told = f"pauseOn của “{title(node)}” nêu “{word}”: chỉ được là consult, delegate, return hoặc mã bước khác."
            problems.error(node, told)


def _find(node: Any, element_id: str) -> Any:
    """The flow node with this id in the same process, or None."""
    process = next((outer for outer in node.iterancestors(f"{BPMN}process")), None)
    if process is None:
        return None
    return next((n for n in process.iter() if n.get("id") == element_id and local(n) in xml.FLOW_NODES), None)


def _scopes_of(node: Any) -> Iterator[Any]:
    """The sub-processes around it, from within."""
    yield from (outer for outer in node.iterancestors() if local(outer) in xml.SUBPROCESSES)


def _around(node: Any) -> Iterator[Any]:
    """The task itself, then the sub-processes around it."""
    yield node
    yield from _scopes_of(node)


def _is_over_people(activity: Any) -> bool:
    loop = activity.find(MULTI)
    if loop is None:
        return False
    told = {local(child) for child in loop}
    collection = attribute(loop, "collection") or "loopDataInputRef" in told
    return bool(collection and (attribute(loop, "elementVariable") or "inputDataItem" in told))


def _is_expression(text: str | None) -> bool:
    return (text or "").strip().startswith(("=", "${", "#{"))


def _catches_rejection(activity: Any) -> bool:
    """An error boundary event on it, or an error event sub-process in it, with the code or for every error."""
    scope = activity.getparent()
    attached = [n for n in scope.iterchildren(f"{BPMN}boundaryEvent") if n.get("attachedToRef") == activity.get("id")]
    handlers = [n for n in scope.iterchildren(f"{BPMN}subProcess") if n.get("triggeredByEvent") == "true"]
    starts = [start for handler in handlers for start in handler.iterchildren(f"{BPMN}startEvent")]
    return any(_is_rejection(event) for event in [*attached, *starts])


def _is_rejection(event: Any) -> bool:
    definition = event.find(f"{BPMN}errorEventDefinition")
    if definition is None:
        return False
    reference = definition.get("errorRef")
    errors = {error.get("id"): error.get("errorCode") for error in event.getroottree().iter(f"{BPMN}error")}
    return reference is None or errors.get(reference, reference) in (None, REJECTED)
