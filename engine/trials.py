"""Trying an expression while it is written: is it right, what does it say with these values, and why. Nothing is kept.

Everything here may be hostile: diagram, text, values. All of it is bounded before it is read.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import feel
from engine import expressions, reasons, registry
from engine.bpmn import brought, findings, normaliser, scopes
from engine.bpmn.findings import Finding
from engine.bpmn.scopes import Scope, Scopes, Surroundings
from engine.bpmn.xml import Problems, Unreadable, parse
from engine.draft_errors import UnreadableDiagram
from engine.registry import BoundFunctions, FunctionContext
from engine.said import Said, feel_text, said
from feel import FeelError, literals
from feel.values import Unfit
from kernel import clock
from kernel.errors import Invalid

MAX_SAMPLE = 200  #: values
MOST_DIGITS = 40
MOST_STEPS = 200
MOST_SHOWN = 500  #: characters of a part
MAX_DEPTH = 20  #: lists and contexts in one another


class Trouble(NamedTuple):
    """Why there is no value. Line and column count from 1; `expected`: what could stand there."""

    sentence: str
    line: int
    column: int
    length: int
    expected: Sequence[str]


class Step(NamedTuple):
    """A sub-expression and its value as FEEL text; `reason`: why it is null."""

    text: str
    line: int
    column: int
    length: int
    value: str
    reason: str


class Trial(NamedTuple):
    """What came of it."""

    problem: Trouble | None = None
    findings: Sequence[Finding] = ()
    feel: str = ""  #: what `${…}` says in FEEL
    value: Said | None = None
    steps: Sequence[Step] = ()
    assignments: Sequence[tuple[str, Said]] = ()


def scope_at(xml: str, element_id: str, moment: str = "", *, files: Mapping[str, bytes]) -> Scope:
    """`moment`: of engine.bpmn.scopes, else where most expressions of the element stand; `files`: name -> bytes of
    what goes along with the diagram. Raises UnreadableDiagram; Invalid for an element that is not there."""
    try:
        root = parse(xml.encode())
    except Unreadable as wrong:
        raise UnreadableDiagram(sentence=wrong.sentence) from wrong
    normaliser.normalise(root, Problems())
    found = Scopes(
        root, Surroundings(files=brought.read(files), gives=registry.gives, started_with=registry.started_with)
    )
    if not found.has(element_id):
        raise Invalid({"element": "Sơ đồ không có phần tử này."})
    return found.at(element_id, moment if moment in scopes.MOMENTS else scopes.INSIDE)


def evaluate(
    text: str, *, kind: str, scope: Scope | None, sample: Mapping[str, Any], asked: Any, organization_id: uuid.UUID
) -> Trial:
    """`asked`: the value that unary tests are about; `scope`: what is known where it stands. Raises Invalid."""
    if kind not in KINDS:
        raise Invalid({"kind": f"Phải là một trong: {', '.join(KINDS)}."})
    if len(sample) > MAX_SAMPLE:
        raise Invalid({"sample": f"Nhiều nhất {MAX_SAMPLE} giá trị."})
    functions = BoundFunctions(FunctionContext(organization_id=organization_id, now=clock.now()))
    trying = _Trying(text, scope or scopes.UNKNOWN, functions)
    try:
        trying.names = _nested({name: trying.sample(name, value) for name, value in sample.items()})
        return trying.script() if kind == "script" else trying.tests(asked) if kind == "unary" else trying.value(kind)
    except FeelError as wrong:
        return Trial(problem=_trouble(wrong, _shift(text, kind)), findings=trying.findings)


class _Trying:
    """One text that is tried; what was found so far stays when evaluation stops."""

    def __init__(self, text: str, scope: Scope, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.text, self.scope, self.functions = text, scope, functions
        self.names: dict[str, Any] = {}
        self.findings: list[Finding] = []

    @property
    def compound(self) -> frozenset[str]:
        """Names of the sample that are more than one word."""
        return frozenset(name for name in self.names if not name.isidentifier())

    def sample(self, name: str, value: Any) -> Any:
        return _value(value, self.scope.types.get(name, ""))

    def value(self, kind: str) -> Trial:
        compiled = _COMPILERS[kind](self.text, self.scope.compound | self.compound)
        self._find(self.text, compiled)
        found = compiled.evaluate(self.names, self.functions)
        steps = expressions.explained(compiled, self.names, self.functions)
        translated = reasons.text_of(compiled) if "{" in self.text and "$" in self.text else ""
        shift = _shift(self.text, kind) if not translated else (0, 0)
        return Trial(findings=self.findings, feel=translated, value=said(found), steps=_steps(steps, shift))

    def tests(self, asked: Any) -> Trial:
        tests = feel.unary_tests(self.text, self.scope.compound | self.compound)
        self._find(self.text, tests)
        value = _value(asked, "")
        holds = tests.holds(value, self.names, self.functions, run=expressions.new_run())
        steps = feel.explain(tests, self.names, self.functions, run=expressions.new_run(), asked=value)
        return Trial(findings=self.findings, value=said(holds), steps=_steps(steps))

    def script(self) -> Trial:
        """Each line sees what those before it have set."""
        lines = expressions.script(self.text, self.scope.compound | self.compound)
        found = dict(self.names)
        for name, value in lines:
            self._find(self.text, value)
            self.scope = self.scope.with_name(name)
            found[name] = value.evaluate(found, self.functions)
        told = [(name, said(found[name])) for name in dict.fromkeys(name for name, _ in lines)]
        return Trial(findings=self.findings, assignments=told)

    def _find(self, text: str, value: expressions.Value | feel.UnaryTests) -> None:
        self.findings += findings.find(text, value, functions=registry.function_names(), scope=self.scope)


def _shift(text: str, kind: str) -> tuple[int, int]:
    """Lines and columns that stand before the expression itself: blanks and "=" are not part of it."""
    lead = text[: len(text) - len(text.lstrip())] if kind != "expression" else ""
    lead += "=" if kind != "expression" and text.lstrip().startswith("=") else ""
    return lead.count("\n"), len(lead) - (lead.rfind("\n") + 1)


def _steps(found: Sequence[feel.Step], shift: tuple[int, int] = (0, 0)) -> list[Step]:
    """The last ones where there are too many: they are about the whole."""
    lines, columns = shift
    return [
        Step(
            step.text[:MOST_SHOWN],
            step.line + lines,
            step.column + (columns if step.line == 1 else 0),
            step.length,
            feel_text(step.value),
            step.reason,
        )
        for step in found[-MOST_STEPS:]
    ]


_COMPILERS: dict[str, Callable[[str, frozenset[str]], expressions.Value]] = {
    "expression": expressions.formula,
    "condition": expressions.condition,
    "attribute": expressions.attribute,
}
KINDS = (*_COMPILERS, "unary", "script")


def _trouble(wrong: FeelError, shift: tuple[int, int]) -> Trouble:
    lines, columns = shift
    column = wrong.column + (columns if wrong.line == 1 else 0)
    return Trouble(wrong.message, wrong.line + lines, column, wrong.length, wrong.expected)


# -------------------------------------------------------------------------------------------------------------- values
def _value(told: Any, kind: str, *, depth: int = 0) -> Any:
    """Of JSON, as the type of its variable; text that begins with "=" is FEEL. Raises FeelError, Invalid."""
    if depth > MAX_DEPTH:
        raise Invalid({"sample": "Các giá trị lồng nhau quá sâu."})
    if isinstance(told, str):
        return _of_text(told, kind)
    if isinstance(told, list):
        return [_value(item, "", depth=depth + 1) for item in told]
    if isinstance(told, dict):
        return {name: _value(item, "", depth=depth + 1) for name, item in told.items()}
    if isinstance(told, int | float) and not isinstance(told, bool):
        return Decimal(str(told)) if abs(told) < 1e300 else None
    return told


def _of_text(told: str, kind: str) -> Any:
    if told.startswith("="):
        return expressions.formula(told[1:]).evaluate({}, {})
    if kind == brought.DATE and len(told) == 10 and told[2] == "/":
        told = f"{told[6:]}-{told[3:5]}-{told[:2]}"
    try:
        return _READERS[kind](told) if kind in _READERS else told
    except (Unfit, FeelError, ArithmeticError):
        return None  # half typed


_READERS: dict[str, Callable[[str], Any]] = {
    brought.DATE: literals.read_date,
    brought.MOMENT: literals.read_date_time,
    "time": literals.read_time,
    brought.NUMBER: lambda text: Decimal(text) if len(text) <= MOST_DIGITS else None,
    brought.BOOLEAN: lambda text: text == "true",
}


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.b": 1} as {"a": {"b": 1}}."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        *outer, last = path.split(".")[:MAX_DEPTH]
        place = found
        for part in outer:
            inner = place.get(part)
            place[part] = dict(inner) if isinstance(inner, dict) else {}
            place = place[part]
        place[last] = value
    return found
