"""A syntax tree to one Python function. It is built as Python's own tree, never as text: names and constants of the
user are values that the function looks up, the identifiers in it are ours.

The common case stands in the function itself (a text compared with a text), the rest in feel.operators and
feel.support. Traced, every part tells its value: that is how a reason is found, by evaluating again.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from feel import emit, operators, syntax
from feel.cursor import ASKED
from feel.functions import BUILTINS
from feel.reach import OPERATORS, WORDS
from feel.tokens import place
from feel.writer import Writer

LONG = 8  #: operands of a chain that stand inside each other; beyond, they are gone through

_FAST = {Decimal: "Decimal", str: "str", bool: "bool"}
#: what gives true, false or null and nothing else
_THREE_VALUED = (
    syntax.Comparison,
    syntax.Between,
    syntax.In,
    syntax.InstanceOf,
    syntax.And,
    syntax.Or,
    syntax.Quantified,
)


class Code(NamedTuple):
    """`function(names, functions)`, for tests with the value asked about behind, traced with a tracer behind all.
    `runs`: whether it uses up anything of a Run; `deep`: whether it may. `parts`: what a tracer's numbers mean."""

    function: Callable[..., Any]
    runs: bool
    deep: bool
    parts: list[syntax.Node]


def generate(root: syntax.Node, source: str, names: frozenset[str], *, traced: bool = False) -> Code:
    made = _Generator(source, names, traced=traced)
    asked = isinstance(root, syntax.Tests)
    if asked:
        made.frames.append((ASKED, "asked"))
    body = made.expression(root)
    parameters = ("names", "functions", *(("asked",) if asked else ()), *(("trace",) if traced else ()))
    tree = emit.function(parameters, body)
    # nothing a user wrote is in this code but constants
    function = eval(compile(emit.whole(tree), "<feel>", "eval"), made.constants)  # noqa: S307
    return Code(function, made.runs, made.deep, made.parts)


class _Generator(Writer):
    """One method for each kind of node."""

    def made(self, node: syntax.Node) -> Any:
        return _MAKE[node.__class__](self, node)

    def path(self, node: syntax.Path) -> Any:
        return emit.call("property", self.expression(node.value), emit.constant(node.name))

    # ---- operators
    def arithmetic(self, node: syntax.Arithmetic) -> Any:
        made = self.raw(node.first)
        if len(node.rest) > LONG:
            signs = self.constant(tuple(OPERATORS[sign] for sign, _ in node.rest))
            return emit.call("chain", made, signs, emit.tuple_of(*(self.raw(operand) for _, operand in node.rest)))
        for sign, operand in node.rest:
            made = emit.call(WORDS[sign], made, self.raw(operand))
        return made

    def negation(self, node: syntax.Negation) -> Any:
        return emit.call("negate", self.raw(node.value))

    def comparison(self, node: syntax.Comparison) -> Any:
        return self._compared(node.sign, self.raw(node.left), node.right)

    def _compared(self, sign: str, left: Any, right: syntax.Node) -> Any:
        """Inline where both are of one class that Python compares as the language does."""
        first = self.fresh()
        kept, again = emit.keep(first, left), emit.load(first)
        if isinstance(right, syntax.Literal) and right.value is None and sign in ("=", "!="):
            return (emit.same if sign == "=" else emit.other)(left, emit.NONE)
        if isinstance(right, syntax.Literal) and right.value.__class__ in _FAST:
            wanted = self.expression(right)
            is_fast = emit.same(emit.class_of(kept), emit.load(_FAST[right.value.__class__]))
            slow = emit.call(WORDS[sign], again, wanted if not self.traced else self.literal(right))
            if right.value.__class__ is bool and sign not in ("=", "!="):
                return emit.call(WORDS[sign], left, wanted)
            return emit.choice(is_fast, emit.compare(sign, again, wanted), slow)
        self.deep = True
        second = self.fresh()
        kept_too, again_too = emit.keep(second, self.raw(right)), emit.load(second)
        alike = emit.same(emit.class_of(kept), emit.class_of(kept_too))
        fast = emit.within(emit.class_of(again), emit.load(self._inline(sign)))
        slow = emit.call(WORDS[sign], again, again_too)
        return emit.choice(emit.both(alike, fast), emit.compare(sign, again, again_too), slow)

    def _inline(self, sign: str) -> str:
        """Classes that are compared in place; no texts in what may be done often, for they may be long."""
        if self.frames:
            return "counted"
        return "same" if sign in ("=", "!=") else "ordered"

    def between(self, node: syntax.Between) -> Any:
        return emit.call("between", *(self.raw(one) for one in (node.value, node.low, node.high)))

    def membership(self, node: syntax.In) -> Any:
        value = self.fresh()
        with self.frame((ASKED, value)):
            tests = [self._member(value, test) for test in node.tests]
        stored = emit.keep(value, self.raw(node.value))
        return emit.second(stored, self._either(tests))

    def _member(self, value: str, test: syntax.Node) -> Any:
        again = emit.load(value)
        if isinstance(test, syntax.Ray):
            return self.told(test, self._compared(test.sign, again, test.value))
        if isinstance(test, syntax.Literal):
            return self._compared("=", again, test)
        if _asks(test):
            return emit.same(self.expression(test), emit.TRUE)
        work = "in_range" if isinstance(test, syntax.Interval) else "contains"
        self.runs = self.runs or work == "contains"
        return emit.call(work, again, self.expression(test))

    def instance(self, node: syntax.InstanceOf) -> Any:
        return emit.call("instance_of", self.expression(node.value), self.constant(node.type))

    def conjunction(self, node: syntax.And) -> Any:
        return self._all_of([self._three_valued(part) for part in node.parts])

    def disjunction(self, node: syntax.Or) -> Any:
        return self._either([self._three_valued(part) for part in node.parts])

    def _three_valued(self, node: syntax.Node) -> Any:
        """True, false or null: anything else counts as null."""
        if isinstance(node, _THREE_VALUED):
            return self.expression(node)
        return emit.call("truth", self.raw(node))

    def _all_of(self, parts: list[Any]) -> Any:
        """False wins over null, null over true (table 50); stops at the first false one."""
        names = [self.fresh() for _ in parts]
        lost = emit.either(*(emit.same(emit.keep(n, p), emit.FALSE) for n, p in zip(names, parts, strict=True)))
        return emit.choice(lost, emit.FALSE, emit.both(*map(emit.load, names)))

    def _either(self, parts: list[Any]) -> Any:
        """Stops at the first true one; null wins over false."""
        names = [self.fresh() for _ in parts]
        won = emit.either(*(emit.same(emit.keep(n, p), emit.TRUE) for n, p in zip(names, parts, strict=True)))
        unknown = emit.within(emit.NONE, emit.tuple_of(*map(emit.load, names)))
        return emit.choice(won, emit.TRUE, emit.choice(unknown, emit.NONE, emit.FALSE))

    def choice(self, node: syntax.If) -> Any:
        is_true = emit.same(self.expression(node.condition), emit.TRUE)
        return emit.choice(is_true, self.expression(node.yes), self.expression(node.no))

    # ---- loops
    def loop(self, node: syntax.For) -> Any:
        found = self.fresh()

        def body() -> Any:
            return emit.call("put", emit.load(found), self.expression(node.body))

        with self.frame(("partial", f"{found}+grows")):
            return self._collected(node.sources, found, body, node.body)

    def quantified(self, node: syntax.Quantified) -> Any:
        found = self.fresh()

        def body() -> Any:
            return emit.call("put", emit.load(found), self.expression(node.condition))

        return emit.call(node.word, self._collected(node.sources, found, body, node.condition))

    def _collected(
        self, sources: tuple[syntax.Source, ...], found: str, body: Callable[[], Any], weighed: syntax.Node
    ) -> Any:
        weight = emit.constant(_weight(weighed))
        rounds = self._rounds(sources, body, weight)
        return emit.call("collect", emit.function((found,), rounds))

    def _rounds(self, sources: tuple[syntax.Source, ...], body: Callable[[], Any], weight: Any) -> Any:
        """The sources within each other, the body innermost."""
        if not sources:
            return body()
        source, *others = sources
        ends = [self.expression(source.value)] + ([self.expression(source.last)] if source.last else [])
        identifier = self.fresh()
        with self.frame((source.name, identifier)):
            inner = emit.function((identifier,), self._rounds(tuple(others), body, weight))
        return emit.call("each_step" if source.last else "each", *ends, inner, weight)

    def filter(self, node: syntax.Filter) -> Any:
        value, place_ = self.expression(node.value), _index(node.condition)
        if place_ is not None:
            return emit.call("item", value, self.constant(place_))
        item = self.fresh()
        with self.frame(("item", item), ("", item)):
            condition = emit.function((item,), self.expression(node.condition))
        weight = emit.constant(_weight(node.condition))
        return emit.call("keep", value, condition, weight)

    # ---- collections
    def listed(self, node: syntax.List) -> Any:
        return emit.list_of(*self.all(node.items))

    def context(self, node: syntax.Context) -> Any:
        """Each entry sees those before it; a function also itself. A key twice: null."""
        keys = tuple(key for key, _ in node.entries)
        if len(set(keys)) < len(keys):
            return emit.NONE
        kept = []
        with self.frame():
            for key, value in node.entries:
                kept.append(self._entry(key, value))
        values = emit.called(emit.function((), emit.tuple_of(*kept)))
        return emit.call("context", self.constant(keys), values)

    def _entry(self, key: str, value: syntax.Node) -> Any:
        identifier = self.fresh()
        if isinstance(value, syntax.Definition):
            self.frames.append((key, identifier))
            return emit.keep(identifier, self.expression(value))
        made = self.expression(value)
        self.frames.append((key, identifier))
        return emit.keep(identifier, made)

    def interval(self, node: syntax.Interval) -> Any:
        ends = (node.low, node.high)
        closed = (node.with_low, node.with_high)
        if not self.traced and all(isinstance(end, syntax.Literal | syntax.Temporal) for end in ends):
            low, high = (end.value for end in ends)  # type: ignore[attr-defined]
            return self.constant(operators.range_of(low, high, *closed))
        flags = [emit.TRUE if within else emit.FALSE for within in closed]
        return emit.call("range_of", *self.all(ends), *flags)

    def ray(self, node: syntax.Ray) -> Any:
        """`(< 5)` as a value."""
        return emit.call("ray", emit.constant(node.sign), self.expression(node.value))

    # ---- functions
    def definition(self, node: syntax.Definition) -> Any:
        bound = [(name, self.fresh()) for name, _ in node.parameters]
        with self.frame(*bound):
            body = emit.function(tuple(identifier for _, identifier in bound), self.expression(node.body))
        names = self.constant(tuple(name for name, _ in node.parameters))
        wanted = self.constant(tuple(one for _, one in node.parameters))
        return emit.call("define", names, wanted, body)

    def call(self, node: syntax.Call) -> Any:
        arguments = self.all(node.arguments)
        name = node.function.name if isinstance(node.function, syntax.Name) else ""
        if not name or any(bound == name for bound, _ in self.frames):
            return emit.call("invoke", self.expression(node.function), *self._passed(node, arguments))
        if name in BUILTINS and name not in self.names:
            return self._builtin(name, node, arguments)
        given = [emit.load("names"), emit.load("functions"), self.constant((name, *self._place(node)))]
        return emit.call("call_outside", *given, *self._passed(node, arguments))

    def _builtin(self, name: str, node: syntax.Call, arguments: list[Any]) -> Any:
        if node.names:
            return emit.call("call_named", self.constant(BUILTINS[name].named(node.names)), *arguments)
        return emit.call("call_builtin", self.constant(BUILTINS[name]), *arguments)

    def _passed(self, node: syntax.Call, arguments: list[Any]) -> list[Any]:
        passed = [emit.tuple_of(*arguments)]
        return [*passed, self.constant(node.names)] if node.names else passed

    def _place(self, node: syntax.Node) -> tuple[int, int, int]:
        return (*place(self.source, node.at), node.end - node.at)

    # ---- unary tests
    def tests(self, node: syntax.Tests) -> Any:
        if not node.tests:
            return emit.TRUE
        found = self._either([self._test(test) for test in node.tests])
        return emit.call("equal", found, emit.FALSE) if node.negated else found

    def _test(self, test: syntax.Node) -> Any:
        asked = emit.load("asked")
        if isinstance(test, syntax.Ray):
            return self.told(test, self._compared(test.sign, asked, test.value))
        if isinstance(test, syntax.Literal) and test.value.__class__ in (Decimal, str):
            return self._compared("=", asked, test)
        if _asks(test):
            return emit.same(self.expression(test), emit.TRUE)
        self.deep = True
        return emit.call("test", self.expression(test), asked)


def _asks(test: syntax.Node) -> bool:
    """Whether it names the value asked about."""
    return any(isinstance(one, syntax.Name) and one.name == ASKED for one in syntax.walk(test))


def _weight(node: syntax.Node) -> int:
    """Steps of a round that evaluates this."""
    return 2 + sum(1 for _ in syntax.walk(node)) // 2


def _index(node: syntax.Node) -> Any:
    """The place that a filter names with a plain number, else None."""
    if isinstance(node, syntax.Literal) and isinstance(node.value, Decimal):
        return node.value
    if isinstance(node, syntax.Negation):
        inner = _index(node.value)
        return None if inner is None else -inner
    return None


_MAKE: dict[type[syntax.Node], Callable[[_Generator, Any], Any]] = {
    syntax.Literal: _Generator.literal,
    syntax.Temporal: _Generator.literal,
    syntax.Name: _Generator.name,
    syntax.Path: _Generator.path,
    syntax.Filter: _Generator.filter,
    syntax.Call: _Generator.call,
    syntax.Negation: _Generator.negation,
    syntax.Arithmetic: _Generator.arithmetic,
    syntax.Comparison: _Generator.comparison,
    syntax.Between: _Generator.between,
    syntax.In: _Generator.membership,
    syntax.InstanceOf: _Generator.instance,
    syntax.And: _Generator.conjunction,
    syntax.Or: _Generator.disjunction,
    syntax.If: _Generator.choice,
    syntax.For: _Generator.loop,
    syntax.Quantified: _Generator.quantified,
    syntax.List: _Generator.listed,
    syntax.Context: _Generator.context,
    syntax.Definition: _Generator.definition,
    syntax.Interval: _Generator.interval,
    syntax.Ray: _Generator.ray,
    syntax.Tests: _Generator.tests,
}
