"""What writing a function of a tree needs: identifiers, constants, what names are bound to, a word to the tracer."""

import contextlib
from collections.abc import Iterator
from typing import Any

from feel import emit, syntax
from feel.functions import BUILTINS
from feel.reach import GLOBALS

#: what uses up something of a Run
RUNS = (syntax.Call, syntax.Filter, syntax.For, syntax.Quantified, syntax.Arithmetic, syntax.Definition)
#: what goes into lists and contexts, however large they are
DEEP = (syntax.Path, syntax.InstanceOf, syntax.List, syntax.Context)


class Writer:
    """`frames`: what names are bound to inside the text: a name and its identifier, or "" and the item of a filter."""

    def __init__(self, source: str, names: frozenset[str], *, traced: bool) -> None:
        self.source = source
        self.names = names
        self.traced = traced
        self.constants = dict(GLOBALS)
        self._constants = 0
        self.parts: list[syntax.Node] = []
        self.frames: list[tuple[str, str]] = []
        self.runs = False
        self.deep = False  #: whether it goes into lists and contexts
        self._count = 0

    # ---- helpers
    def fresh(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def constant(self, value: Any) -> Any:
        name = f"k{self._constants}"
        self._constants += 1
        self.constants[name] = value
        return emit.load(name)

    def expression(self, node: syntax.Node) -> Any:
        return self.told(node, self.made(node))

    def made(self, node: syntax.Node) -> Any:
        raise NotImplementedError

    def told(self, node: syntax.Node, made: Any) -> Any:
        if isinstance(node, RUNS):
            self.runs = True
        elif isinstance(node, DEEP):
            self.deep = True
        if not self.traced:
            return made
        self.parts.append(node)
        return emit.call("trace", emit.constant(len(self.parts) - 1), made)

    def raw(self, node: syntax.Node) -> Any:
        """As an operand of an operator, which takes numbers from outside as they are."""
        if isinstance(node, syntax.Name) and not self.traced and not self._binding(node.name):
            return self._variable(node.name)
        return self.expression(node)

    def all(self, nodes: tuple[syntax.Node, ...]) -> list[Any]:
        return [self.expression(node) for node in nodes]

    @contextlib.contextmanager
    def frame(self, *bound: tuple[str, str]) -> Iterator[None]:
        before = len(self.frames)
        self.frames.extend(bound)
        yield
        del self.frames[before:]

    # ---- names
    def literal(self, node: syntax.Literal | syntax.Temporal) -> Any:
        if node.value is None or isinstance(node.value, bool):
            return {None: emit.NONE, True: emit.TRUE, False: emit.FALSE}[node.value]
        return self.constant(node.value)

    def name(self, node: syntax.Name) -> Any:
        return self._resolved(node.name, len(self.frames))

    def _resolved(self, name: str, frames: int) -> Any:
        """From the innermost frame out; inside a filter, a property of the item comes first."""
        for place_ in range(frames - 1, -1, -1):
            bound, identifier = self.frames[place_]
            if bound == name:
                return _bound(identifier)
            if not bound:
                text, item = self.constant(name), emit.load(identifier)
                own, outer = emit.call("property", item, text), self._resolved(name, place_)
                return emit.choice(emit.call("has", item, text), own, outer)
        if name in BUILTINS:
            return emit.call("builtin_value", emit.load("names"), self.constant(name))
        return emit.call("number", self._variable(name))

    def _variable(self, name: str) -> Any:
        return emit.method("names", "get", emit.constant(name))

    def _binding(self, name: str) -> bool:
        return name in BUILTINS or any(bound in (name, "") for bound, _ in self.frames)


def _bound(identifier: str) -> Any:
    """`partial` is a copy: the list itself still grows."""
    found, _, grows = identifier.partition("+")
    return emit.call("partial", emit.load(found)) if grows else emit.load(found)
