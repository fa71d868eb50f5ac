"""What the attributes and extension elements of one node say, compiled. Problems are gathered, not raised."""

from collections.abc import Callable
from typing import Any, TypeGuard

from engine import expressions, timing
from engine.assignment import Offer
from engine.bpmn import events, references, xml
from engine.bpmn.catalog import Catalog
from engine.bpmn.passing import Passing
from engine.bpmn.references import Reference
from engine.bpmn.xml import BPMN, Problems, attribute, extensions, local, title
from engine.expressions import Constant, Value
from feel import FeelError
from kernel import clock

NOTHING = Constant(None)
TIMERS = ("timeDate", "timeDuration", "timeCycle")
DEADLINE_TEXTS = ("remind", "escalateTo", "escalateAfter", "pauseOn")


class Compiler:
    """Turns texts of the diagram into values; a text that cannot be read becomes a problem of its element."""

    def __init__(self, catalog: Catalog, problems: Problems) -> None:
        self.catalog = catalog
        self.problems = problems

    def attribute(self, node: Any, text: str) -> Value:
        return self._compiled(node, text, expressions.attribute)

    def condition(self, node: Any, text: str) -> Value:
        return self._compiled(node, text, expressions.condition)

    def optional(self, node: Any, name: str) -> Value | None:
        """A camunda attribute."""
        text = attribute(node, name)
        return None if text is None else self.attribute(node, text)

    def condition_of_child(self, node: Any, tag: str) -> Value | None:
        child = node.find(f"{BPMN}{tag}")
        text = (child.text or "").strip() if child is not None else ""
        return self.condition(child, text) if text else None

    def script(self, node: Any, text: str) -> list[tuple[str, Value]]:
        try:
            found = expressions.script(text)
        except FeelError as wrong:
            self._refuse(node, wrong)
            return []
        for _, value in found:
            self._check_functions(node, value)
        return found

    def _compiled(self, node: Any, text: str, compile_text: Callable[[str], Value]) -> Value:
        try:
            value = compile_text(text)
        except FeelError as wrong:
            self._refuse(node, wrong)
            return NOTHING
        self._check_functions(node, value)
        return value

    def _check_functions(self, node: Any, value: Value) -> None:
        for name in sorted(value.functions - self.catalog.functions):
            self.problems.error(node, f"Không có hàm “{name}” để dùng trong biểu thức.")

    def _refuse(self, node: Any, wrong: FeelError) -> None:
        place = f"dòng {wrong.line}, cột {wrong.column} của biểu thức"
        self.problems.error(node, f"Biểu thức của “{title(node)}”: {wrong.message} ({place})")


# --------------------------------------------------------------------------------------------------------- user tasks
def read_offer(node: Any, lane: Any, compiler: Compiler) -> Offer:
    deadline, form = xml.moc(node, "deadline"), read_form(node, compiler)
    offer = Offer(
        name=compiler.attribute(node, node.get("name") or node.get("id")),
        assignee=compiler.optional(node, "assignee"),
        candidate_users=compiler.optional(node, "candidateUsers"),
        candidate_groups=compiler.optional(node, "candidateGroups") or _of_lane(node, lane, compiler),
        form_key=form.key if form else None,
        form_binding=form.binding if form else references.DEPLOYMENT,
        form_version=form.version if form else None,
        priority=compiler.optional(node, "priority"),
        due=compiler.optional(node, "dueDate"),
        follow_up=compiler.optional(node, "followUpDate"),
        within=_within(node, deadline, compiler),
        deadline=_deadline(deadline, compiler),
        actions=[dict(action.attrib) for holder in xml.moc_all(node, "actions") for action in holder],
        different_from=[other.get("task", "") for other in xml.moc_all(node, "differentFrom")],
    )
    _check_offer(node, offer, compiler)
    return offer


def read_form(node: Any, compiler: Compiler) -> Reference | None:
    """camunda:formKey names a form beside the diagram; camunda:formRef may name another version."""
    key, ref = attribute(node, "formKey"), attribute(node, "formRef")
    if key is not None and ref is not None:
        compiler.problems.error(node, f"Bước “{title(node)}” nêu cả formKey lẫn formRef; chỉ được một.")
    if key is not None or ref is None:
        return None if key is None else Reference(compiler.attribute(node, key), references.DEPLOYMENT)
    found = references.read(node, ref, "formRef", compiler, default=references.DEPLOYMENT)
    if found.binding == references.VERSION_TAG:
        compiler.problems.error(node, f"Biểu mẫu của “{title(node)}” không gắn được theo versionTag.")
    return found


def _of_lane(node: Any, lane: Any, compiler: Compiler) -> Value | None:
    """The lane's group is the default for tasks that name nobody."""
    named = any(attribute(node, name) is not None for name in ("assignee", "candidateUsers"))
    return None if lane is None or named else compiler.optional(lane, "candidateGroups")


def _within(node: Any, deadline: Any, compiler: Compiler) -> Value | None:
    text = None if deadline is None else deadline.get("within")
    return None if text is None else compiler.attribute(node, text)


def _deadline(deadline: Any, compiler: Compiler) -> dict[str, Value]:
    if deadline is None:
        return {}
    return {name: compiler.attribute(deadline, deadline.get(name)) for name in DEADLINE_TEXTS if deadline.get(name)}


def _check_offer(node: Any, offer: Offer, compiler: Compiler) -> None:
    problems = compiler.problems
    if offer.assignee is None and offer.candidate_users is None and offer.candidate_groups is None:
        problems.warning(node, f"Bước “{title(node)}” chưa giao cho ai; lãnh đạo phải giao từng việc.")
    form = None if offer.form_key is None else Reference(offer.form_key, offer.form_binding)
    if form is not None and not compiler.catalog.knows("form", form):
        problems.warning(node, f"Bước “{title(node)}” dùng biểu mẫu “{form.fixed_key}” không có trong bộ tệp.")
    known = {other.get("id") for other in node.getroottree().iter(f"{BPMN}userTask")}
    for other in offer.different_from:
        if other not in known:
            problems.error(node, f"Bước “{title(node)}” phải khác người làm “{other}” nhưng không có bước này.")
    if _is_given(offer.within):
        _check_office_time(node, str(offer.within.value), problems)
    for constant in (offer.due, offer.follow_up):
        if _is_given(constant):
            _check_moment(node, "timeDate", constant.value, problems)


def _is_given(value: Value | None) -> TypeGuard[Constant]:
    """A constant; an expression that could not be read left None in its place, and its problem is told already."""
    return isinstance(value, Constant) and value.value is not None


def _check_office_time(node: Any, text: str, problems: Problems) -> None:
    if not timing.is_office_time(text):
        problems.error(node, f"Thời hạn “{text}” của “{title(node)}” phải có dạng P2D, PT4H hoặc là biểu thức.")


def _check_moment(node: Any, kind: str, value: Any, problems: Problems) -> None:
    try:
        timing.schedule(kind, value, clock.now())
    except timing.NotATime as wrong:
        problems.error(node, f"“{title(node)}”: {wrong}.")


# ------------------------------------------------------------------------------------------------- data in and out
def read_parameters(node: Any, tag: str, compiler: Compiler) -> list[tuple[str, Value]]:
    """camunda:inputParameter, camunda:outputParameter."""
    found = []
    for mapping in extensions(node, "inputOutput"):
        for parameter in mapping:
            if local(parameter) != tag:
                continue
            if len(parameter):
                compiler.problems.error(node, f"Tham số “{parameter.get('name')}” phải là văn bản hoặc biểu thức.")
            found.append((parameter.get("name"), compiler.attribute(node, parameter.text or "")))
    return found


def read_passings(node: Any, tag: str, compiler: Compiler) -> list[Passing]:
    """camunda:in, camunda:out of a call activity, without the business key."""
    found = []
    for item in extensions(node, tag):
        if item.get("variables") == "all":
            found.append(Passing())
        elif item.get("sourceExpression") is not None:
            found.append(Passing(item.get("target"), compiler.attribute(node, item.get("sourceExpression"))))
        elif item.get("source") is not None:
            found.append(Passing(item.get("target"), compiler.condition(node, item.get("source"))))
    return found


def read_business_key(node: Any, compiler: Compiler) -> Value | None:
    keys = [item.get("businessKey") for item in extensions(node, "in") if item.get("businessKey")]
    return compiler.attribute(node, keys[0]) if keys else None


# ---------------------------------------------------------------------------------------------------------- events
def read_event(node: Any, compiler: Compiler, names: Any) -> events.Event | None:
    """The event of a node; None for a none event. `names`: the parser with messages, signals, errors by id."""
    found = xml.event_definitions(node)
    if not found:
        return None
    definition = found[0]
    kind = local(definition).removesuffix("EventDefinition")
    reader = _EVENT_READERS.get(kind)
    if reader is None:
        compiler.problems.error(node, f"Loại sự kiện {kind} của “{title(node)}” chưa chạy được.")
        return None
    return reader(node, definition, compiler, names)


def _timer(node: Any, definition: Any, compiler: Compiler, names: Any) -> events.Event | None:
    child = next((c for c in definition if local(c) in TIMERS and (c.text or "").strip()), None)
    if child is None:
        compiler.problems.error(node, f"Hẹn giờ “{title(node)}” không có thời điểm.")
        return None
    value = compiler.attribute(node, child.text)
    if isinstance(value, Constant) and value is not NOTHING:
        _check_moment(node, local(child), value.value, compiler.problems)
    return events.Event(kind=events.TIMER, value=value, timer=local(child))


def _named(kind: str) -> Callable[[Any, Any, Compiler, Any], events.Event | None]:
    def read(node: Any, definition: Any, compiler: Compiler, names: Any) -> events.Event | None:
        known = names.messages if kind == events.MESSAGE else names.signals
        name = known.get(definition.get(f"{kind}Ref"))
        catching = local(node) not in ("endEvent", "intermediateThrowEvent")
        if not name and (catching or kind == events.SIGNAL):
            compiler.problems.error(node, f"Sự kiện “{title(node)}” không nói tên thông điệp hay tín hiệu.")
            return None
        return thrown(kind, name, definition, compiler)

    return read


def thrown(kind: str, name: str | None, holder: Any, compiler: Compiler) -> events.Event:
    """A message or signal. camunda:in of its holder says what goes along, and to whom by business key."""
    passed, key = read_passings(holder, "in", compiler), read_business_key(holder, compiler)
    return events.Event(kind=kind, name=name, passed=passed, key=key)


def _error(node: Any, definition: Any, compiler: Compiler, names: Any) -> events.Event:
    reference = definition.get("errorRef")  # one that names no error element is the code itself, as in Operaton
    code = names.errors.get(reference, {"error_code": reference})["error_code"]
    return events.Event(kind=events.ERROR, code=code)


def _escalation(node: Any, definition: Any, compiler: Compiler, names: Any) -> events.Event:
    code = names.escalations.get(definition.get("escalationRef"), {}).get("escalation_code")
    return events.Event(kind=events.ESCALATION, code=code)


def _conditional(node: Any, definition: Any, compiler: Compiler, names: Any) -> events.Event | None:
    value = compiler.condition_of_child(definition, "condition")
    if value is None:
        compiler.problems.error(node, f"Sự kiện điều kiện “{title(node)}” không có điều kiện.")
        return None
    return events.Event(kind=events.CONDITIONAL, value=value)


def _compensate(node: Any, definition: Any, compiler: Compiler, names: Any) -> events.Event:
    return events.Event(kind=events.COMPENSATE, activity=definition.get("activityRef"))


_EVENT_READERS: dict[str, Callable[[Any, Any, Compiler, Any], events.Event | None]] = {
    "timer": _timer,
    "message": _named(events.MESSAGE),
    "signal": _named(events.SIGNAL),
    "error": _error,
    "escalation": _escalation,
    "conditional": _conditional,
    "compensate": _compensate,
    "terminate": lambda *_: events.Event(kind=events.TERMINATE),
    "cancel": lambda *_: events.Event(kind=events.CANCEL),
    "link": lambda *_: events.Event(kind=events.LINK),
}
