"""A text that was understood, ready to be evaluated."""

from collections.abc import Callable, Mapping
from typing import Any

from feel.cursor import ASKED
from feel.errors import FeelError, LimitExceeded
from feel.generate import Code, generate
from feel.parser import Parser
from feel.running import UNMETERED, Charged, Run
from feel.syntax import Name, Node, Path, Tests, walk
from feel.values import RUN

Names = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]
NONE: dict[str, Any] = {}


class _Compiled:
    """`names` it reads, `functions` it calls beyond the built-in ones."""

    __slots__ = ("_code", "_traced", "functions", "given", "names", "text", "tree")

    def __init__(self, parser: Parser, tree: Node, given: frozenset[str]) -> None:
        self.text = parser.source
        self.tree = tree
        self.names = frozenset(parser.names)
        self.functions = frozenset(parser.functions)
        self.given = given
        self._code = self._generated(traced=False)
        self._traced: Code | None = None

    @property
    def traced(self) -> Code:
        """That tells of its parts; made when somebody asks why."""
        if self._traced is None:
            self._traced = self._generated(traced=True)
        return self._traced

    def _generated(self, *, traced: bool) -> Code:
        """Raises FeelError for what is nested more deeply than Python's own compiler takes."""
        try:
            return generate(self.tree, self.text, self.given, traced=traced)
        except RecursionError:
            raise FeelError("Biểu thức lồng nhau quá sâu.") from None

    @property
    def paths(self) -> frozenset[str]:
        """What it reads, with the properties: "document.kind"."""
        heads = {id(node.value) for node in walk(self.tree) if isinstance(node, Path)}
        found = (_path(node) for node in walk(self.tree) if id(node) not in heads)
        return frozenset(path for path in found if path and path.partition(".")[0] in self.names)

    def _evaluate(self, run: Run | None, *given: Any) -> Any:
        """In the evaluation that goes on, if there is one: what calls each other uses up the same bounds. What seems to
        cost nothing is begun without bounds, and anew with them when it does: the language is pure."""
        code = self._code
        if run is None and not (code.runs or code.deep):
            return code.function(*given)
        around = run or RUN.get()
        if around is None and not code.runs:
            try:
                return within(UNMETERED, code.function, *given)
            except Charged:
                pass
        return within(around or Run(), code.function, *given)


class Expression(_Compiled):
    """An expression."""

    __slots__ = ()

    def evaluate(self, names: Names, functions: Functions = NONE, *, run: Run | None = None) -> Any:
        """The value; null (None) where something does not fit. Raises FeelError for a function it cannot call and
        LimitExceeded."""
        return self._evaluate(run, names, functions)


class UnaryTests(_Compiled):
    """Tests of one value, as in a cell of a decision table: `-`, `"a", "b"`, `[1..5]`, `> 3`, `not(…)`, `? * 2 > 7`."""

    __slots__ = ()
    tree: Tests

    def holds(self, value: Any, names: Names, functions: Functions = NONE, *, run: Run | None = None) -> bool:
        """Whether the value passes; what does not fit together (null) does not. Raises as Expression.evaluate."""
        return self._evaluate(run, names, functions, value) is True


def make_expression(parser: Parser, tree: Node, given: frozenset[str]) -> Expression:
    return Expression(parser, tree, given)


def make_tests(parser: Parser, tree: Tests, given: frozenset[str]) -> UnaryTests:
    parser.names.discard(ASKED)
    return UnaryTests(parser, tree, given)


def within(run: Any, function: Callable[..., Any], *given: Any) -> Any:
    token = RUN.set(run)
    try:
        return function(*given)
    except RecursionError:
        raise LimitExceeded("Biểu thức và giá trị lồng nhau quá sâu.") from None
    finally:
        RUN.reset(token)


def _path(node: Node) -> str:
    parts: list[str] = []
    while isinstance(node, Path):
        parts.append(node.name)
        node = node.value
    return ".".join([node.name, *reversed(parts)]) if isinstance(node, Name) else ""
