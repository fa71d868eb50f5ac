"""What the event definitions of a diagram say, compiled. Problems are gathered, not raised."""

from collections.abc import Callable
from typing import Any

from engine.bpmn import events, xml
from engine.bpmn.attributes import NOTHING, Compiler, check_moment
from engine.bpmn.parameters import read_business_key, read_passings
from engine.bpmn.scopes import BEFORE
from engine.bpmn.xml import attribute, local, title
from engine.expressions import Constant, Value

TIMERS = ("timeDate", "timeDuration", "timeCycle")
THROWING = ("endEvent", "intermediateThrowEvent")
CHANGES = frozenset({"create", "update", "delete"})

EventReader = Callable[[Any, Any, Compiler], events.Event | None]


def read_event(node: Any, compiler: Compiler) -> events.Event | None:
    """The event of a node; None for a none event."""
    found = xml.event_definitions(node)
    if not found:
        return None
    definition = found[0]
    kind = local(definition).removesuffix("EventDefinition")
    reader = _READERS.get(kind)
    if reader is None:
        compiler.problems.error(node, f"Loại sự kiện {kind} của “{title(node)}” chưa chạy được.")
        return None
    asked_before = local(node) == "startEvent" and kind != events.CONDITIONAL
    return reader(node, definition, compiler.at(BEFORE) if asked_before else compiler)


def _timer(node: Any, definition: Any, compiler: Compiler) -> events.Event | None:
    child = next((c for c in definition if local(c) in TIMERS and (c.text or "").strip()), None)
    if child is None:
        compiler.problems.error(node, f"Hẹn giờ “{title(node)}” không có thời điểm.")
        return None
    value = compiler.attribute(node, child.text)
    if isinstance(value, Constant) and value is not NOTHING:
        check_moment(node, local(child), value.value, compiler.problems)
    return events.Event(kind=events.TIMER, value=value, timer=local(child))


# -------------------------------------------------------------------------------------------------- messages, signals
IMPLEMENTED = ("class", "delegateExpression", "expression", "topic")


def _message(node: Any, definition: Any, compiler: Compiler) -> events.Event | None:
    if local(node) in THROWING and any(attribute(definition, name) is not None for name in IMPLEMENTED):
        told = f"Sự kiện gửi “{title(node)}” gắn việc của máy vào thông điệp. Vẽ bước gửi (send task) làm việc đó."
        compiler.problems.error(node, told)
    return _named(node, definition, events.MESSAGE, compiler, optional=local(node) in THROWING)


def _signal(node: Any, definition: Any, compiler: Compiler) -> events.Event | None:
    return _named(node, definition, events.SIGNAL, compiler, optional=False)


def _named(node: Any, definition: Any, kind: str, compiler: Compiler, *, optional: bool) -> events.Event | None:
    event = read_named(definition, kind, definition, compiler)
    if event.name or event.named or optional:
        return event
    compiler.problems.error(node, f"Sự kiện “{title(node)}” không nói tên thông điệp hay tín hiệu.")
    return None


def read_named(node: Any, kind: str, holder: Any, compiler: Compiler) -> events.Event:
    """A message or signal by the reference of `node`. Its name may be an expression. camunda:in of the holder says what
    goes along when it is thrown, and to whom by business key."""
    element = compiler.declared(node, kind, node.get(f"{kind}Ref"))
    text = "" if element is None else (element.get("name") or "").strip()
    name = compiler.attribute(node, text) if text else NOTHING
    fixed = isinstance(name, Constant)
    return events.Event(
        kind=kind,
        name=str(name.value or "") or None if isinstance(name, Constant) else None,
        named=None if fixed else name,
        passed=read_passings(holder, "in", compiler),
        key=read_business_key(holder, compiler),
    )


# ------------------------------------------------------------------------------------------------- errors, escalations
def _error(node: Any, definition: Any, compiler: Compiler) -> events.Event:
    """A reference that names no error of the file is the code itself, as in Operaton. Thrown errors must have a code,
    caught ones need none (BPMN 2.0.2, table 10.96)."""
    reference = definition.get("errorRef")
    element = compiler.declared(node, "error", reference)
    code = (reference if element is None else element.get("errorCode")) or None
    if code is None and local(node) in THROWING:
        compiler.problems.error(node, f"Kết thúc lỗi “{title(node)}” không có mã lỗi (errorCode).")
    return events.Event(
        kind=events.ERROR,
        code=code,
        code_variable=attribute(definition, "errorCodeVariable") or "",
        message_variable=attribute(definition, "errorMessageVariable") or "",
        message=_optional(definition, element, "errorMessage", compiler),
    )


def _escalation(node: Any, definition: Any, compiler: Compiler) -> events.Event:
    reference = definition.get("escalationRef")
    element = compiler.declared(node, "escalation", reference)
    if reference and element is None:
        compiler.problems.error(node, f"“{title(node)}” nêu mức báo động “{reference}” không có trong sơ đồ.")
    code = None if element is None else element.get("escalationCode") or None
    if code is None and local(node) in THROWING and not (reference and element is None):
        compiler.problems.error(node, f"Sự kiện báo động “{title(node)}” không có mã (escalationCode).")
    variable = attribute(definition, "escalationCodeVariable") or ""
    return events.Event(kind=events.ESCALATION, code=code, code_variable=variable)


def _optional(node: Any, element: Any, name: str, compiler: Compiler) -> Value | None:
    text = None if element is None else attribute(element, name)
    return None if text is None else compiler.attribute(node, text)


# --------------------------------------------------------------------------------------------------------------- others
def _conditional(node: Any, definition: Any, compiler: Compiler) -> events.Event | None:
    value = compiler.condition_of_child(definition, "condition")
    if value is None:
        compiler.problems.error(node, f"Sự kiện điều kiện “{title(node)}” không có điều kiện.")
        return None
    named = {part.strip() for part in (attribute(definition, "variableEvents") or "").split(",") if part.strip()}
    if not named <= CHANGES:
        compiler.problems.error(node, f"variableEvents của “{title(node)}” chỉ nhận create, update, delete.")
    variable = attribute(definition, "variableName") or ""
    return events.Event(kind=events.CONDITIONAL, value=value, variable=variable, changes=frozenset(named) or CHANGES)


def _compensate(node: Any, definition: Any, compiler: Compiler) -> events.Event:
    if local(node) in THROWING and definition.get("waitForCompletion") == "false":
        compiler.problems.error(node, f"“{title(node)}” không chờ bù trừ xong (waitForCompletion): chưa chạy được.")
    return events.Event(kind=events.COMPENSATE, activity=definition.get("activityRef"))


_READERS: dict[str, EventReader] = {
    "timer": _timer,
    "message": _message,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "conditional": _conditional,
    "compensate": _compensate,
    "terminate": lambda *_: events.Event(kind=events.TERMINATE),
    "cancel": lambda *_: events.Event(kind=events.CANCEL),
    "link": lambda *_: events.Event(kind=events.LINK),
}
