"""The syntax tree of expressions (DMN 1.5, 10.3.1.2). Nodes are values: where they stand (`at`, `end`: offsets into the
text) is left out when they are compared. Chains of operators are flat, so that long ones cost no depth."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from feel.types import Type


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""

    at: int = dataclasses.field(default=0, compare=False, repr=False, kw_only=True)
    end: int = dataclasses.field(default=0, compare=False, repr=False, kw_only=True)


@dataclasses.dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, a text, true, false or null."""

    value: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Temporal(Node):
    """`@"…"`: what stands there and what it means."""

    text: str
    value: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Name(Node):
    """Of a variable, or of a function where it is called; `?` is what unary tests ask about."""

    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class And(Node):
    parts: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Or(Node):
    parts: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`first + a - b`: operators of one level, from left to right; `+ -`, `* /` or `**`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-value`."""

    value: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`sign`: = != < <= > >=."""

    sign: str
    left: Node
    right: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclasses.dataclass(frozen=True, slots=True)
class In(Node):
    """One of the tests holds for the value."""

    value: Node
    tests: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclasses.dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    yes: Node
    no: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Source(Node):
    """`name in value`, or `name in value..last`."""

    name: str
    value: Node
    last: Node | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class For(Node):
    sources: tuple[Source, ...]
    body: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`word`: some, every."""

    word: str
    sources: tuple[Source, ...]
    condition: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Definition(Node):
    """`function(a: number, b) body`."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Call(Node):
    """`names`: those of the arguments where they are named, else empty."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Filter(Node):
    value: Node
    condition: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Path(Node):
    value: Node
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class List(Node):
    items: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Context(Node):
    """`{a: 1, "b c": a}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[low..high]`."""

    low: Node
    high: Node
    with_low: bool
    with_high: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Ray(Node):
    """`< value`, `>= value`, `= value`, `!= value`: a range of one end, or a test."""

    sign: str
    value: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests; none at all for `-`."""

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """The parts it is made of, in the order of the text."""
    for field in dataclasses.fields(node):
        yield from _nodes(getattr(node, field.name))


def walk(node: Node) -> Iterator[Node]:
    """The node and all parts of it, without recursion."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(list(children(found))))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
