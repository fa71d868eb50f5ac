"""FEEL, the language of conditions, deadlines, assignments and form rules: the part of DMN 1.5 that our diagrams use.

`compile` reads a text once (the result is kept); an Expression is evaluated against names and functions given by the
caller. Everything is bounded: length, nesting, number of parts, texts and lists that come out.
"""

import collections
import functools
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from feel.closures import Closure, Scope
from feel.errors import FeelError
from feel.parser import ASKED, Parser

__all__ = ["Expression", "FeelError", "UnaryTests", "compile", "unary_tests"]

_NONE: dict[str, Any] = {}


class Expression:
    """A text that was understood. `names` it reads, `functions` it calls beyond the built-in ones."""

    __slots__ = ("_closure", "functions", "names", "text")

    def __init__(self, text: str, closure: Closure, names: frozenset[str], functions: frozenset[str]) -> None:
        self.text = text
        self._closure = closure
        self.names = names
        self.functions = functions

    def evaluate(self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] = _NONE) -> Any:
        """The value; null (None) where something does not fit. Raises FeelError for a function it cannot call."""
        return self._closure(Scope(names, functions))


@functools.lru_cache(maxsize=4096)
def compile(text: str) -> Expression:
    """Raises FeelError with line and column."""
    source = unicodedata.normalize("NFC", text)
    parser = Parser(source)
    closure = parser.parse()
    return Expression(source, closure, frozenset(parser.names), frozenset(parser.functions))


class UnaryTests:
    """Tests of one value, as in a cell of a decision table: `-`, `"a", "b"`, `[1..5]`, `> 3`, `not(…)`, `? * 2 > 7`."""

    __slots__ = ("_closure", "functions", "names", "text")

    def __init__(self, text: str, closure: Closure, names: frozenset[str], functions: frozenset[str]) -> None:
        self.text = text
        self._closure = closure
        self.names = names
        self.functions = functions

    def holds(self, value: Any, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] = _NONE) -> bool:
        """Whether the value passes; what does not fit together (null) does not. Raises FeelError for a function it
        cannot call."""
        seen = collections.ChainMap({ASKED: value}, names)  # type: ignore[arg-type]  # nothing is written to it
        return self._closure(Scope(seen, functions)) is True


@functools.lru_cache(maxsize=4096)
def unary_tests(text: str) -> UnaryTests:
    """Raises FeelError with line and column."""
    source = unicodedata.normalize("NFC", text)
    parser = Parser(source)
    closure = parser.parse_tests()
    return UnaryTests(source, closure, frozenset(parser.names - {ASKED}), frozenset(parser.functions))
