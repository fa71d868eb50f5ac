"""FEEL, the language of conditions, deadlines, assignments, form rules and decision tables: DMN 1.5, 10.3.

`compile` reads a text once (the result is kept); an Expression is evaluated against names and functions given by the
caller. Everything is bounded: length, nesting and number of parts; rounds, size and depth of what is evaluated. Nothing
in it reaches Python: no attribute, no module, no text that becomes code.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from feel.errors import FeelError, LimitExceeded
from feel.explain import Reason, Step, explain, reason_of_null
from feel.expressions import NONE, Expression, UnaryTests, make_expression, make_tests
from feel.parser import Parser
from feel.running import Run
from feel.syntax import Node, Tests
from feel.tokens import normalised
from feel.types import Type
from feel.unparse import unparse

__all__ = [
    "Expression",
    "FeelError",
    "LimitExceeded",
    "Reason",
    "Run",
    "Step",
    "UnaryTests",
    "compile",
    "evaluate",
    "explain",
    "parse",
    "parse_tests",
    "reason_of_null",
    "unary_tests",
    "unparse",
    "variables_of",
]

NO_NAMES: frozenset[str] = frozenset()
Types = tuple[tuple[str, Type], ...]  #: names of types that the language does not know


def parse(text: str, names: frozenset[str] = NO_NAMES, types: Types = ()) -> Node:
    """`names`: those in scope; they may hold blanks and signs. Raises FeelError with line and column."""
    return _parser(text, names, types).parse()


def parse_tests(text: str, names: frozenset[str] = NO_NAMES, types: Types = ()) -> Tests:
    """Raises FeelError with line and column."""
    return _parser(text, names, types).parse_tests()


@functools.lru_cache(maxsize=4096)
def compile(text: str, names: frozenset[str] = NO_NAMES, types: Types = ()) -> Expression:
    """Raises FeelError with line and column."""
    parser = _parser(text, names, types)
    return make_expression(parser, parser.parse(), names)


@functools.lru_cache(maxsize=4096)
def unary_tests(text: str, names: frozenset[str] = NO_NAMES, types: Types = ()) -> UnaryTests:
    """Raises FeelError with line and column."""
    parser = _parser(text, names, types)
    return make_tests(parser, parser.parse_tests(), names)


def evaluate(text: str, context: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] = NONE) -> Any:
    """The value of a text among these names. Raises FeelError."""
    return compile(text, frozenset(name for name in context if not name.isidentifier())).evaluate(context, functions)


def variables_of(expression: Expression) -> frozenset[str]:
    """Paths that it reads: "document.kind"."""
    return expression.paths


def _parser(text: str, names: frozenset[str], types: Types) -> Parser:
    return Parser(normalised(text), names, dict(types))
