"""FEEL, the language of conditions, deadlines, assignments and form rules: the part of DMN 1.5 that our diagrams use.

`compile` reads a text once (the result is kept); an Expression is evaluated against names and functions given by the
caller. Everything is bounded: length, nesting, number of parts, texts and lists that come out.
"""

import functools
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from feel.closures import Closure, Scope
from feel.errors import FeelError
from feel.parser import Parser

__all__ = ["Expression", "FeelError", "compile"]

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
