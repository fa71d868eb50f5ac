"""What the attributes and extension elements of one node say, compiled. Problems are gathered, not raised."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

from engine import expressions, timing
from engine.assignment import Offer
from engine.bpmn import findings, performers, references, xml
from engine.bpmn.catalog import Catalog
from engine.bpmn.findings import Finding
from engine.bpmn.references import Reference
from engine.bpmn.scopes import INSIDE, UNKNOWN, Scope, Scopes
from engine.bpmn.xml import BPMN, Problems, attribute, local, title
from engine.expressions import Constant, Value
from feel import FeelError
from kernel import clock

NOTHING = Constant(None)
#: of expressions, by the end of what names it; a simple expression of the latter says the same in JUEL
FEEL_NAMES, LIKE_JUEL = ("feel", "feel/"), ("juel", "groovy", "javascript", "ecmascript")
#: of an expression that is evaluated where other variables are: in a called process
ELSEWHERE = "elsewhere"
DEADLINE_TEXTS = ("remind", "escalateTo", "escalateAfter", "pauseOn")


class Compiler:
    """Turns texts of the diagram into values; a text that cannot be read, or names what is not there, becomes a problem
    of its element. Without scopes names of variables are not looked up."""

    def __init__(self, catalog: Catalog, problems: Problems, scopes: Scopes | None = None) -> None:
        self.catalog = catalog
        self.problems = problems
        self._scopes = scopes
        self._moment = INSIDE
        self._declared: dict[tuple[str, str], Any] | None = None

    def at(self, moment: str) -> "Compiler":
        """The same for texts that are evaluated BEFORE or AFTER their element, or ELSEWHERE."""
        other = copy.copy(self)
        other._moment = moment
        return other

    def scope(self, node: Any) -> Scope:
        """What an expression at this element sees."""
        if self._scopes is None or self._moment == ELSEWHERE:
            return UNKNOWN
        while node is not None and not self._scopes.has(node.get("id")):
            node = node.getparent()
        return UNKNOWN if node is None else self._scopes.at(node.get("id"), self._moment)

    def declared(self, node: Any, kind: str, reference: str | None) -> Any:
        """The message, signal, error or escalation of the file that is referred to, or None."""
        if self._declared is None:
            elements = node.getroottree().getroot().iterchildren(f"{BPMN}*")
            self._declared = {(local(element), element.get("id")): element for element in elements}
        return self._declared.get((kind, reference or ""))

    def attribute(self, node: Any, text: str) -> Value:
        return self._compiled(node, text, expressions.attribute)

    def condition(self, node: Any, text: str) -> Value:
        return self._compiled(node, text, expressions.condition)

    def optional(self, node: Any, name: str) -> Value | None:
        """A camunda attribute."""
        text = attribute(node, name)
        return None if text is None else self.attribute(node, text)

    def juel(self, node: Any, text: str) -> Value:
        """A script of JUEL."""
        return self._compiled(node, text, expressions.juel_script)

    def condition_of_child(self, node: Any, tag: str) -> Value | None:
        child = node.find(f"{BPMN}{tag}")
        text = (child.text or "").strip() if child is not None else ""
        if not text and (child is None or attribute(child, "resource") is None):
            return None
        language = (child.get("language") or "").lower()
        if language.endswith(LIKE_JUEL):
            return self.juel(child, text)
        if attribute(child, "resource") is not None or (language and not language.endswith(FEEL_NAMES)):
            other = language or "tệp riêng"
            self.problems.error(node, f"Biểu thức của “{title(node)}” phải viết bằng FEEL, không phải {other}.")
            return NOTHING
        return self.condition(child, text)

    def script(self, node: Any, text: str) -> list[tuple[str, Value]]:
        try:
            found = expressions.script(text, self.scope(node).compound)
        except FeelError as wrong:
            self._refuse(node, wrong)
            return []
        self._check_script(node, text, found)
        return found

    def _check_script(self, node: Any, text: str, lines: list[tuple[str, Value]]) -> None:
        """Each line sees what those before it have set."""
        scope, known = self.scope(node), self.catalog.functions
        for name, value in lines:
            self._tell(node, findings.find(text, value, functions=known, scope=scope))
            scope = scope.with_name(name)

    def _compiled(self, node: Any, text: str, compile_text: Callable[[str, frozenset[str]], Value]) -> Value:
        try:
            value = compile_text(text, self.scope(node).compound)
        except FeelError as wrong:
            self._refuse(node, wrong)
            return NOTHING
        self._tell(node, findings.find(text, value, functions=self.catalog.functions, scope=self.scope(node)))
        return value

    def _tell(self, node: Any, found: Sequence[Finding]) -> None:
        for finding in found:
            tell = self.problems.error if finding.level == findings.ERROR else self.problems.warning
            tell(node, _at(node, finding.sentence, finding.line, finding.column))

    def _refuse(self, node: Any, wrong: FeelError) -> None:
        self.problems.error(node, _at(node, wrong.message, wrong.line, wrong.column))


def _at(node: Any, sentence: str, line: int, column: int) -> str:
    while node.get("id") is None and node.getparent() is not None:
        node = node.getparent()
    return f"Biểu thức của “{title(node)}”: {sentence} (dòng {line}, cột {column} của biểu thức)"


# --------------------------------------------------------------------------------------------------------- user tasks
def read_offer(node: Any, lane: Any, compiler: Compiler) -> Offer:
    deadline, form = xml.moc(node, "deadline"), read_form(node, compiler)
    offer = Offer(
        name=compiler.attribute(node, node.get("name") or node.get("id")),
        assignee=performers.read(node, "assignee", compiler),
        candidate_users=performers.read(node, "candidateUsers", compiler),
        candidate_groups=performers.read(node, "candidateGroups", compiler) or _of_lane(node, lane, compiler),
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
    return None if lane is None or performers.is_named(node) else compiler.optional(lane, "candidateGroups")


def _within(node: Any, deadline: Any, compiler: Compiler) -> Value | None:
    text = None if deadline is None else deadline.get("within")
    return None if text is None else compiler.attribute(node, text)


def read_limit(node: Any, compiler: Compiler) -> Reference | None:
    """The table that says by when a task is due; what it answers wins over `within`."""
    deadline = xml.moc(node, "deadline")
    key = None if deadline is None else deadline.get("decisionRef")
    if key is None:
        return None
    found = references.read(node, key, "decisionRef", compiler, said=deadline.get)
    told = f"Thời hạn của “{title(node)}” dùng quyết định “{key}” không có trong bộ tệp"
    references.check(node, "decision", found, told, compiler)
    return found


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
            check_moment(node, "timeDate", constant.value, problems)


def _is_given(value: Value | None) -> TypeGuard[Constant]:
    """A constant; an expression that could not be read left None in its place, and its problem is told already."""
    return isinstance(value, Constant) and value.value is not None


def _check_office_time(node: Any, text: str, problems: Problems) -> None:
    if not timing.is_office_time(text):
        problems.error(node, f"Thời hạn “{text}” của “{title(node)}” phải có dạng P2D, PT4H hoặc là biểu thức.")


def check_moment(node: Any, kind: str, value: Any, problems: Problems) -> None:
    try:
        timing.schedule(kind, value, clock.now())
    except timing.NotATime as wrong:
        problems.error(node, f"“{title(node)}”: {wrong}.")
