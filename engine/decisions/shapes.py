"""Cells that ask nothing but constants: `"a", "b"`, `> 50`, `[1..5]`, `not("a")`, `date("2016-05-05")`.

Read from their text, and only where it is one of these forms to the letter. Of every other cell nothing is claimed.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import feel
from engine.decisions.axis import Part, Shape

LONGEST = 4_000  #: characters of a cell that is read

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"[^"\\]*")  # with an escape it is asked
    | (?P<date>(?:@|date\s*\(\s*)"(?P<day>\d{4}-\d\d-\d\d)"(?P<close>\s*\))?)
    | (?P<number>-?\d{1,30}(?:\.\d{1,30})?)(?![\w.]*\w)
    | (?P<range>-?\d{1,30}(?:\.\d{1,30})?(?=\s*\.\.))  # the first end of one
    | (?P<word>true|false|null|not)\b
    | (?P<sign><=|>=|\.\.|[<>,()\[\]])
    )""",
    re.VERBOSE | re.ASCII,
)
_WORDS = {"true": True, "false": False, "null": None}


@dataclasses.dataclass(frozen=True, slots=True)
class Constant:
    """A value that is written down."""

    value: Any


class _Other(Exception):
    """The text is none of the forms."""


def shape_of(tests: object) -> Shape | None:
    """Of a cell that was compiled as unary tests; None where only asking tells."""
    if not isinstance(tests, feel.UnaryTests):
        return None
    try:
        return _Reader(_tokens(tests.text)).shape()
    except _Other:
        return None


def constant_of(value: object) -> Constant | None:
    """What an answer is that is written down."""
    if not isinstance(value, feel.Expression):
        return None
    try:
        tokens = _tokens(value.text)
    except _Other:
        return None
    return tokens[0] if len(tokens) == 1 and isinstance(tokens[0], Constant) else None


def _tokens(text: str) -> list[Constant | str]:
    """Raises _Other."""
    text = text.strip()
    if len(text) > LONGEST:
        raise _Other
    found: list[Constant | str] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _Other
        found.append(_token(match))
        place = match.end()
    return found


def _token(match: "re.Match[str]") -> Constant | str:
    kind, told = match.lastgroup, match.group().strip()
    if match["text"]:
        return Constant(told[1:-1])
    if match["date"]:
        return Constant(_day(match))
    if match["number"] or match["range"]:
        return Constant(Decimal(told))
    return Constant(_WORDS[told]) if kind == "word" and told in _WORDS else told


def _day(match: "re.Match[str]") -> dt.date:
    """Raises _Other for a day that is none, and for a bracket too many or too few."""
    if match["date"].startswith("@") == bool(match["close"]):
        raise _Other
    try:
        return dt.date.fromisoformat(match["day"])
    except ValueError:
        raise _Other from None


class _Reader:
    """tests := `not` `(` list `)` | list;  list := test (`,` test)*;  test := constant | comparison | range."""

    def __init__(self, tokens: Sequence[Constant | str]) -> None:
        self._tokens = tokens
        self._place = 0

    def shape(self) -> Shape:
        """Raises _Other."""
        negated = self._tokens[:2] == ["not", "("] and self._tokens[-1:] == [")"]
        if negated:
            self._place, self._tokens = 2, self._tokens[:-1]
        parts = [self._part()]
        while self._place < len(self._tokens):
            self._take(",")
            parts.append(self._part())
        return Shape(tuple(part for part in parts if part is not None), negated, None in parts)

    def _part(self) -> Part | None:
        """None: null itself."""
        token = self._next()
        if isinstance(token, Constant):
            value = token.value
            return None if value is None else Part(type(value), value, value)
        if token in ("<", "<=", ">", ">="):
            return self._comparison(token, self._end())
        return self._range(token)

    def _comparison(self, sign: str, end: Any) -> Part:
        kind, closed = type(end), sign.endswith("=")
        if sign.startswith("<"):
            return Part(kind, None, end, with_high=closed)
        return Part(kind, end, None, with_low=closed)

    def _range(self, opening: str) -> Part:
        """`[1..5]`, open at an end as `(1`, `]1`, `5)` or `5[`."""
        if opening not in ("[", "(", "]"):
            raise _Other
        low = self._end()
        self._take("..")
        high, closing = self._end(), self._next()
        if type(low) is not type(high) or closing not in ("]", ")", "["):
            raise _Other
        return Part(type(low), low, high, with_low=opening == "[", with_high=closing == "]")

    def _end(self) -> Any:
        """Of a comparison or range: something that has an order."""
        token = self._next()
        if not isinstance(token, Constant) or isinstance(token.value, bool | None):
            raise _Other
        return token.value

    def _next(self) -> Constant | str:
        if self._place >= len(self._tokens):
            raise _Other
        self._place += 1
        return self._tokens[self._place - 1]

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise _Other
