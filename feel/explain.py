"""Why is it so? The language is pure, so a reason is found by evaluating again, part by part."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from feel import kinds, support, syntax
from feel.expressions import NONE, Expression, UnaryTests, within
from feel.functions import BUILTINS
from feel.kinds import WORDS, kind
from feel.running import Run
from feel.tokens import place
from feel.values import RUN, Unfit

MAX_STEPS = 500  #: parts that are told
_DOES = {"+": "cộng", "-": "trừ", "*": "nhân", "/": "chia", "**": "lũy thừa"}


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A part of the text and what it gave; `reason`: why it is null. Line and column count from 1."""

    text: str
    line: int
    column: int
    length: int
    value: Any
    reason: str


Reason = Step
Asked = tuple[Any, ...]


def explain(
    expression: Expression | UnaryTests,
    names: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]] = NONE,
    *,
    run: Run | None = None,
    asked: Any = None,
) -> list[Step]:
    """Each part that was evaluated, innermost first; what stands in a loop each time. `asked`: the value that tests are
    about. Raises FeelError as an evaluation does."""
    told = _Trace(expression)
    given = (asked,) if isinstance(expression, UnaryTests) else ()
    within(run or RUN.get() or Run(), expression.traced.function, names, functions, *given, told)
    return told.steps


def reason_of_null(
    expression: Expression | UnaryTests,
    names: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]] = NONE,
    *,
    run: Run | None = None,
) -> Step | None:
    """The part that first became null for a reason of its own; None when nothing did."""
    steps = explain(expression, names, functions, run=run)
    return next((step for step in steps if step.reason), None)


class _Trace:
    """Is called with the number of a part and its value."""

    def __init__(self, expression: Expression | UnaryTests) -> None:
        self.steps: list[Step] = []
        self._source = expression.text
        self._parts = expression.traced.parts
        self._values: dict[int, Any] = {}

    def __call__(self, number: int, value: Any) -> Any:
        node = self._parts[number]
        self._values[id(node)] = value
        if len(self.steps) < MAX_STEPS and not isinstance(node, syntax.Tests):
            line, column = place(self._source, node.at)
            reason = self._reason(node) if value is None else ""
            self.steps.append(Step(self._source[node.at : node.end], line, column, node.end - node.at, value, reason))
        return value

    def _value(self, node: syntax.Node) -> Any:
        if isinstance(node, syntax.Literal | syntax.Temporal):
            return node.value
        return self._values.get(id(node))

    def _reason(self, node: syntax.Node) -> str:
        tell = _REASONS.get(node.__class__)
        return "" if tell is None else tell(self, node)

    def name(self, node: syntax.Name) -> str:
        return f"“{node.name}” chưa có giá trị"

    def path(self, node: syntax.Path) -> str:
        value = self._value(node.value)
        if value is None:
            return ""
        return f"{WORDS[kind(value)]} không có “{node.name}”, hoặc mục đó trống"

    def comparison(self, node: syntax.Comparison) -> str:
        return self._unlike("so sánh", node.left, node.right)

    def arithmetic(self, node: syntax.Arithmetic) -> str:
        operands = [self._value(node.first), *(self._value(operand) for _, operand in node.rest)]
        if None in [operand for operand in operands if operand is None]:
            return ""
        signs = {sign for sign, _ in node.rest}
        if signs & {"/"} and any(operand == 0 for operand in operands[1:] if kind(operand) == kinds.NUMBER):
            return "không chia được cho 0"
        words = " với ".join(dict.fromkeys(WORDS[kind(operand)] for operand in operands))
        return f"không {' và '.join(_DOES[sign] for sign in sorted(signs))} được {words}"

    def between(self, node: syntax.Between) -> str:
        return self._unlike("so sánh", node.value, node.low) or self._unlike("so sánh", node.value, node.high)

    def negation(self, node: syntax.Negation) -> str:
        value = self._value(node.value)
        return "" if value is None else f"không đổi dấu được {WORDS[kind(value)]}"

    def filter(self, node: syntax.Filter) -> str:
        value = self._value(node.value)
        if value is None:
            return ""
        return f"danh sách có {len(value)} mục, không có mục này" if isinstance(value, list) else "không có mục này"

    def logic(self, node: syntax.And | syntax.Or) -> str:
        strange = [v for v in map(self._value, node.parts) if v is not None and not isinstance(v, bool)]
        return f"cần đúng hoặc sai mà gặp {WORDS[kind(strange[0])]}" if strange else ""

    def call(self, node: syntax.Call) -> str:
        values = [self._value(argument) for argument in node.arguments]
        name = node.function.name if isinstance(node.function, syntax.Name) else ""
        try:
            self._again(name, node, values)
        except Unfit as reason:
            return f"hàm {name}: {reason}" if name else str(reason)
        return ""

    def _again(self, name: str, node: syntax.Call, values: list[Any]) -> None:
        """Raises Unfit with what the call refused."""
        function = BUILTINS.get(name)
        if function is None:
            found = self._value(node.function)
            if found is not None:
                support.invoked(found, values, node.names)
        elif node.names:
            call = function.named(node.names)
            if call is None:
                raise Unfit(f"không có đối số {', '.join(node.names)}")
            call(None, *values)
        else:
            function.call(None, *values)

    def _unlike(self, verb: str, left: syntax.Node, right: syntax.Node) -> str:
        one, other = self._value(left), self._value(right)
        if one is None or other is None:
            return ""
        return f"không {verb} được {WORDS[kind(one)]} với {WORDS[kind(other)]}"


_REASONS: dict[type[syntax.Node], Callable[[_Trace, Any], str]] = {
    syntax.Name: _Trace.name,
    syntax.Path: _Trace.path,
    syntax.Comparison: _Trace.comparison,
    syntax.Arithmetic: _Trace.arithmetic,
    syntax.Between: _Trace.between,
    syntax.Negation: _Trace.negation,
    syntax.Filter: _Trace.filter,
    syntax.And: _Trace.logic,
    syntax.Or: _Trace.logic,
    syntax.Call: _Trace.call,
}
