"""Random expressions, as trees and as texts, and random values for their names."""

import datetime as dt
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

import feel
from feel import kinds, literals, syntax, types
from feel.functions import BUILTINS
from feel.types import Type

#: in scope: with blanks, with signs, with Vietnamese letters, and one that is also a built-in function
NAMES = ("a", "b", "số_trang", "Tên người ký", "đơn-vị", "độ khẩn", "list", "count")
PROPERTIES = ("x", "b c", "year", "start included", "loại", "hours")
_KEYS = ("x", "b c", "loại", "", "dấu “nháy”", 'a"b', "é", "e\u0301", "in", "1")
_LOOPED = ("i", "người thứ", "ẩn_số", "item", "partial")
_PLAIN = st.sampled_from(NAMES)
_MOMENTS = (
    "2026-02-26",
    "-99999-01-01",
    "10:20:30",
    "23:59:59.123456789Z",
    "08:00:00+07:00",
    "2026-02-26T17:00:00@Asia/Ho_Chi_Minh",
    "2024-02-29T00:00:00Z",
    "999999999-12-31T23:59:59",
    "P1DT2H3.5S",
    "-P400Y",
    "P1Y2M",
    "PT0S",
)
_SIGNS = (("+", "-"), ("*", "/"), ("**",))
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
#: functions of the language that a random call names; what they are given fits seldom
CALLED = tuple(sorted(name for name in BUILTINS if name not in ("now", "today")))

_EXAMPLES = [
    part
    for name in CALLED
    for part in syntax.walk(feel.parse(BUILTINS[name].example))
    if isinstance(part, syntax.Call) and part.arguments and not part.names
]

_signs = st.characters(codec="utf-8") | st.sampled_from("aạ\u0301\u200b\u202e\x00\"\\/\n\t\u00a0'\U0001f600\ud800")
texts = st.text(_signs, max_size=6)
numbers = st.one_of(
    st.integers(-9, 99).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000),
    st.sampled_from([Decimal("1E+6000"), Decimal("1E-6000"), Decimal(10) ** 15, Decimal("0.1"), Decimal("-0")]),
)
moments = st.sampled_from([literals.read_temporal(text) for text in _MOMENTS])
_simple = st.one_of(st.none(), st.booleans(), numbers, st.integers(-5, 5), texts, moments)
#: what a name may stand for
values: st.SearchStrategy[Any] = st.recursive(
    _simple,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(PROPERTIES + _KEYS), inner, max_size=3),
    max_leaves=6,
)
contexts = st.dictionaries(_PLAIN, values)

_TYPES = [
    types.ANY,
    *(Type(name) for name in (kinds.NUMBER, kinds.STRING, kinds.DATE, kinds.DATE_TIME, kinds.DAYS, kinds.LIST)),
]
all_types: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from([one if one.name != kinds.LIST else types.list_of(types.ANY) for one in _TYPES]),
    lambda inner: st.one_of(
        inner.map(types.list_of),
        inner.map(types.range_of),
        st.lists(st.tuples(st.sampled_from(("x", "b c", "loại")), inner), max_size=2).map(types.context_of),
        st.builds(types.function_of, st.lists(inner, max_size=2), inner),
    ),
    max_leaves=3,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]


class _Tree:
    """One tree that a parser can have made. `names`: those that may be read here."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.names = list(NAMES)

    def node(self, depth: int) -> syntax.Node:
        make = self.draw(st.sampled_from(_LEAVES if depth <= 0 else _NODES))
        return make(self, depth - 1)  # type: ignore[no-any-return]

    def several(self, depth: int, least: int, most: int) -> tuple[syntax.Node, ...]:
        return tuple(self.node(depth) for _ in range(self.draw(st.integers(least, most))))

    # ---- leaves
    def number(self, depth: int) -> syntax.Node:
        return syntax.Literal(abs(self.draw(numbers)))

    def text(self, depth: int) -> syntax.Node:
        return syntax.Literal(self.draw(texts))

    def constant(self, depth: int) -> syntax.Node:
        return syntax.Literal(self.draw(st.sampled_from([None, True, False])))

    def moment(self, depth: int) -> syntax.Node:
        text = self.draw(st.sampled_from(_MOMENTS))
        return syntax.Temporal(text, literals.read_temporal(text))

    def name(self, depth: int) -> syntax.Node:
        return syntax.Name(self.draw(st.sampled_from(self.names)))

    # ---- operators
    def logic(self, depth: int) -> syntax.Node:
        make = self.draw(st.sampled_from([syntax.And, syntax.Or]))
        return make(self.several(depth, 2, 3))  # type: ignore[no-any-return]

    def arithmetic(self, depth: int) -> syntax.Node:
        sign = st.sampled_from(self.draw(st.sampled_from(_SIGNS)))
        count = self.draw(st.sampled_from([1, 1, 1, 2, 10]))
        rest = ((self.draw(sign), self.node(depth if count < 3 else 0)) for _ in range(count))
        return syntax.Arithmetic(self.node(depth), tuple(rest))

    def negation(self, depth: int) -> syntax.Node:
        return syntax.Negation(self.node(depth))

    def comparison(self, depth: int) -> syntax.Node:
        return syntax.Comparison(self.draw(st.sampled_from(_COMPARED)), self.node(depth), self.node(depth))

    def between(self, depth: int) -> syntax.Node:
        return syntax.Between(self.node(depth), self.node(depth), self.node(depth))

    def membership(self, depth: int) -> syntax.Node:
        return syntax.In(self.node(depth), self.tests(depth))

    def tests(self, depth: int) -> tuple[syntax.Node, ...]:
        return tuple(
            syntax.Ray(self.draw(st.sampled_from(_COMPARED)), self.node(depth))
            if self.draw(st.booleans())
            else self.node(depth)
            for _ in range(self.draw(st.integers(1, 3)))
        )

    def instance(self, depth: int) -> syntax.Node:
        return syntax.InstanceOf(self.node(depth), self.draw(all_types))

    def choice(self, depth: int) -> syntax.Node:
        return syntax.If(self.node(depth), self.node(depth), self.node(depth))

    # ---- what binds names
    def sources(self, depth: int) -> tuple[syntax.Source, ...]:
        found = []
        for _ in range(self.draw(st.integers(1, 2))):
            last = self.node(0) if self.draw(st.integers(0, 3)) == 0 else None
            found.append(syntax.Source(self.draw(st.sampled_from(_LOOPED)), self.node(depth), last))
            self.names.append(found[-1].name)
        return tuple(found)

    def loop(self, depth: int) -> syntax.Node:
        known = len(self.names)
        made = syntax.For(self.sources(depth), self.node(depth))
        del self.names[known:]
        return made

    def quantified(self, depth: int) -> syntax.Node:
        known, word = len(self.names), self.draw(st.sampled_from(["some", "every"]))
        made = syntax.Quantified(word, self.sources(depth), self.node(depth))
        del self.names[known:]
        return made

    def definition(self, depth: int) -> syntax.Node:
        known, parameters = len(self.names), self.draw(st.lists(st.sampled_from(_LOOPED), max_size=2, unique=True))
        self.names.extend(parameters)
        typed = tuple((name, self.draw(st.none() | all_types)) for name in parameters)
        made = syntax.Definition(typed, self.node(depth))
        del self.names[known:]
        return made

    def context(self, depth: int) -> syntax.Node:
        keys = self.draw(st.lists(st.sampled_from(_KEYS), max_size=3))
        return syntax.Context(tuple((key, self.node(depth)) for key in keys))

    # ---- the rest
    def example(self, depth: int) -> syntax.Node:
        """A call of a built-in function that fits, but for one argument."""
        call = self.draw(st.sampled_from(_EXAMPLES))
        place, given = self.draw(st.integers(0, 3)), list(call.arguments)
        given[place : place + 1] = [self.node(depth)] if place < len(given) else []
        return syntax.Call(call.function, tuple(given))

    def call(self, depth: int) -> syntax.Node:
        function = BUILTINS[self.draw(st.sampled_from(CALLED))]
        form = self.draw(st.sampled_from(function.forms))
        arguments = tuple(self.node(depth) for _ in form)
        named = self.draw(st.integers(0, 3)) == 0
        return syntax.Call(syntax.Name(function.name), arguments, form if named else ())

    def invocation(self, depth: int) -> syntax.Node:
        return syntax.Call(self.node(depth), self.several(depth, 0, 2))

    def filter(self, depth: int) -> syntax.Node:
        value, known = self.node(depth), len(self.names)
        self.names.append("item")
        made = syntax.Filter(value, self.node(depth))
        del self.names[known:]
        return made

    def path(self, depth: int) -> syntax.Node:
        return syntax.Path(self.node(depth), self.draw(st.sampled_from(PROPERTIES)))

    def list(self, depth: int) -> syntax.Node:
        return syntax.List(self.several(depth, 0, 3))

    def interval(self, depth: int) -> syntax.Node:
        return syntax.Interval(self.node(depth), self.node(depth), *self.draw(st.tuples(st.booleans(), st.booleans())))

    def ray(self, depth: int) -> syntax.Node:
        return syntax.Ray(self.draw(st.sampled_from(["<", "<=", ">", ">="])), self.node(depth))


_LEAVES = [_Tree.number, _Tree.text, _Tree.constant, _Tree.moment, _Tree.name, _Tree.name]
_NODES = [
    *_LEAVES[:-1],
    _Tree.logic,
    _Tree.arithmetic,
    _Tree.arithmetic,
    _Tree.negation,
    _Tree.comparison,
    _Tree.between,
    _Tree.membership,
    _Tree.instance,
    _Tree.choice,
    _Tree.loop,
    _Tree.quantified,
    _Tree.definition,
    _Tree.context,
    _Tree.call,
    _Tree.example,
    _Tree.example,
    _Tree.invocation,
    _Tree.filter,
    _Tree.path,
    _Tree.list,
    _Tree.list,
    _Tree.interval,
    _Tree.ray,
]


@st.composite
def trees(draw: Draw, *, depth: int = 3) -> syntax.Node:
    return _Tree(draw).node(depth)


@st.composite
def unary(draw: Draw) -> syntax.Tests:
    """Unary tests."""
    tree = _Tree(draw)
    tree.names.append("?")
    negated = draw(st.booleans())
    return syntax.Tests(tree.tests(2) if negated or draw(st.booleans()) else (), negated)


# ---------------------------------------------------------------------------------------------------------------- texts
_WORDS = (
    *("for", "in", "return", "some", "every", "satisfies", "if", "then", "else", "and", "or", "not", "between"),
    *("function", "instance of", "null", "true", "external", "list<", "context<", "->", "partial", "item", "?"),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "<",
        "<=",
        ">",
        "=",
        "!=",
        "+",
        "-",
        "*",
        "**",
        "/",
        "'",
        "//",
    ),
    *("1", ".5", "1e999999", "9" * 50, '"a"', '"', '"\\u0041"', '@"2026-01-01"', '@"', "a", "b c", "Tên người ký"),
    *("\x00", "\ud800", "\u202e", "\u0301", "\u200b", "а", "\U0001f600", "\ufeff", "\n", "\u0338", "ﷺ"),
    *CALLED,
)
soups = st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join)
garbage = st.text(_signs | st.sampled_from("()[]{}.,:<>=+-*/?@\"'09eE"), max_size=60)


def alike(left: Any, right: Any) -> bool:
    """The same value down to class and form; functions are alike when they have the same parameters."""
    kind = kinds.kind(left)
    return kind == kinds.kind(right) and _ALIKE.get(kind, operator.eq)(left, right)


def _alike_lists(left: list[Any], right: list[Any]) -> bool:
    return len(left) == len(right) and all(map(alike, left, right))


def _alike_contexts(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return list(left) == list(right) and all(alike(left[key], right[key]) for key in left)


_ALIKE: dict[str, Callable[[Any, Any], bool]] = {
    kinds.LIST: _alike_lists,
    kinds.CONTEXT: _alike_contexts,
    kinds.FUNCTION: lambda left, right: bool(left.parameters == right.parameters),
    kinds.NUMBER: lambda left, right: str(left) == str(right),
}

NOW = dt.datetime(2026, 2, 26, 9, 30, tzinfo=dt.UTC)
