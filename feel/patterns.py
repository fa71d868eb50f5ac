"""Regular expressions of XPath 2.0 and XML Schema, translated to the library `regex` and run with a time limit.

The differences that matter: subtraction of classes, \\i and \\c, blocks (\\p{IsGreek}), `.` and `$` at line ends, no
look-around and no possessive quantifiers, references only to groups that are closed (XPath Functions, 7.6.1).
"""

import functools
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import regex

from feel.errors import FeelError
from feel.values import MAX_TEXT, Unfit, grow, spend

TIME_LIMIT = 0.02  #: seconds for one call
MAX_PATTERN = 1_000  #: characters
MAX_SIZE = 1_000  #: atoms, as often as quantifiers ask for them
MAX_NESTING = 50
MAX_TRANSLATED = 8_000  #: characters of what the library is given
SLOW_FLAG = 4  #: so many times as long it reads what is to be found in either case
COMPILED = 500  #: steps that reading a pattern costs
SLOW = "Biểu thức chính quy quá chậm với văn bản này."

_FLAGS = "smix"
_ATOMS = {".": r"[^\n\r]", "^": r"\A", "$": r"\Z"}
#: what they mean with the flag
_FLAGGED = {".": r"[\s\S]", "^": r"(?:\A|(?<=\n)(?!\Z))", "$": r"(?=\n|\Z)"}
_PLAIN = {".": "s", "^": "m", "$": "m"}
_NAME_START = r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F" + (
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME_CHAR = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_CLASSES = {
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]",
    "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME_CHAR}]",
    "C": f"[^{_NAME_CHAR}]",
}
_SINGLE = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in r"\|.-^?*+{}()[]$"}}
_CATEGORY = re.compile(r"[LMNPZSC][a-z]?")
_BLOCK = re.compile(r"Is([A-Za-z0-9-]+)")
_QUANTIFIER = re.compile(r"([?*+]|\{(\d{1,9})(,(\d{1,9})?)?\})(\?)?")
_BLANKS = " \t\n\r"


class Pattern:
    """A pattern that was understood."""

    __slots__ = ("_compiled", "groups")

    def __init__(self, compiled: Any, groups: int) -> None:
        self._compiled = compiled
        self.groups = groups

    def found_in(self, text: str) -> bool:
        """Whether it matches a part of the text. Raises FeelError when that takes too long."""
        return bool(_timed(lambda: self._compiled.search(text, timeout=TIME_LIMIT), text))

    def replaced(self, text: str, replacement: Callable[[Any], str]) -> str:
        """Raises Unfit where the result is too long, FeelError when it takes too long."""
        return str(_timed(lambda: self._compiled.sub(_bounded(replacement), text, timeout=TIME_LIMIT), text))

    def split(self, text: str) -> list[str]:
        """The parts between the matches. Raises FeelError when it takes too long."""
        return list(_timed(lambda: _parts(self._compiled, text), text))

    @property
    def is_empty(self) -> bool:
        """Whether it matches the empty text, which replace and split do not take."""
        return self.found_in("")


def _timed(work: Callable[[], Any], text: str) -> Any:
    """Charges a step for a few characters and each microsecond. Raises FeelError."""
    begun = time.perf_counter()
    try:
        return work()
    except TimeoutError:
        raise FeelError(SLOW) from None
    finally:
        spend(len(text) // 16 + int((time.perf_counter() - begun) * 1e6))


def _bounded(replacement: Callable[[Any], str]) -> Callable[[Any], str]:
    length = 0

    def replace(match: Any) -> str:
        nonlocal length
        text = replacement(match)
        length += len(text)
        if length > MAX_TEXT:
            raise Unfit(f"văn bản quá {MAX_TEXT} ký tự")
        return text

    return replace


def _parts(compiled: Any, text: str) -> list[str]:
    parts, end = [], 0
    for match in compiled.finditer(text, timeout=TIME_LIMIT):
        parts.append(text[end : match.start()])
        end = match.end()
        grow(len(parts[-1]) + 1)
    return [*parts, text[end:]]


def compiled(source: str, flags: str = "") -> Pattern:
    """Raises Unfit for what is no pattern or no flags of XPath."""
    if len(source) > MAX_PATTERN:
        raise Unfit(f"biểu thức chính quy dài quá {MAX_PATTERN} ký tự")
    if any(flag not in _FLAGS for flag in flags):
        raise Unfit("cờ của biểu thức chính quy chỉ gồm s, m, i, x")
    return _compiled(source, "".join(sorted(set(flags))))


@functools.lru_cache(maxsize=512)
def _compiled(source: str, flags: str) -> Pattern:
    spend(COMPILED + len(source))
    reader = _Reader(_without_blanks(source) if "x" in flags else source, flags)
    translated = reader.read()
    weight = len(translated) * (SLOW_FLAG if "i" in flags else 1)
    if weight > MAX_TRANSLATED:
        raise Unfit("biểu thức chính quy có quá nhiều lớp ký tự")
    spend(5 * weight)
    try:
        options = regex.VERSION1 | (regex.IGNORECASE if "i" in flags else 0)
        return Pattern(regex.compile(translated, options), reader.groups)
    except (regex.error, OverflowError, RecursionError, MemoryError):
        raise Unfit("không phải là biểu thức chính quy") from None


def _without_blanks(source: str) -> str:
    """Flag x: blanks outside of classes say nothing."""
    kept, depth, escaped = [], 0, False
    for sign in source:
        if sign in _BLANKS and not depth:
            continue
        kept.append(sign)
        if not escaped:
            depth += (sign == "[") - (sign == "]")
        escaped = sign == "\\" and not escaped
    return "".join(kept)


class _Reader:
    """Reads a pattern by its grammar (XML Schema part 2, appendix F, with what XPath adds)."""

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags
        self.place = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.size = 0  #: atoms, as often as they are repeated

    def read(self) -> str:
        """Raises Unfit."""
        result = self._alternatives(0)
        if self.place < len(self.source):
            raise self._wrong()
        return result

    def _wrong(self) -> Unfit:
        return Unfit(f"biểu thức chính quy sai ở ký tự thứ {self.place + 1}")

    def _next(self) -> str:
        return self.source[self.place : self.place + 1]

    def _take(self) -> str:
        sign = self._next()
        if not sign:
            raise self._wrong()
        self.place += 1
        return sign

    def _alternatives(self, depth: int) -> str:
        if depth > MAX_NESTING:
            raise Unfit("biểu thức chính quy lồng nhau quá nhiều")
        branches = [self._branch(depth)]
        while self._next() == "|":
            self.place += 1
            branches.append(self._branch(depth))
        return "|".join(branches)

    def _branch(self, depth: int) -> str:
        pieces = []
        while self._next() and self._next() not in "|)":
            begun, self.size = self.size, self.size + 1
            pieces.append(self._atom(depth) + self._quantifier(begun))
        return "".join(pieces)

    def _quantifier(self, begun: int) -> str:
        """`begun`: the size before the atom that is repeated."""
        match = _QUANTIFIER.match(self.source, self.place)
        if match is None:
            return ""
        self.place = match.end()
        low, high = int(match[2] or 0), int(match[4] or match[2] or 0)
        if match[3] and match[4] and high < low:
            raise self._wrong()
        self.size = begun + (self.size - begun) * max(1, low, high)
        if self.size > MAX_SIZE:
            raise Unfit(f"biểu thức chính quy lặp quá {MAX_SIZE} lần")
        return match[0]

    def _atom(self, depth: int) -> str:
        match self._take():
            case "(":
                return self._group(depth)
            case "[":
                return self._class(depth)
            case "\\":
                return self._escape()
            case sign if sign in _PLAIN:
                return _FLAGGED[sign] if _PLAIN[sign] in self.flags else _ATOMS[sign]
            case sign if sign in "?*+{}]":
                self.place -= 1
                raise self._wrong()
            case sign:
                return _escaped(sign)

    def _group(self, depth: int) -> str:
        number = 0
        if self.source.startswith("?:", self.place):
            self.place += 2
        else:
            self.groups += 1
            number = self.groups
        inner = self._alternatives(depth + 1)
        if self._take() != ")":
            raise self._wrong()
        self.closed.add(number)
        return f"({inner})" if number else f"(?:{inner})"

    def _escape(self) -> str:
        sign = self._take()
        if sign in "123456789":
            return self._reference(int(sign))
        return self._meaning(sign)

    def _reference(self, number: int) -> str:
        """As many digits as there are groups for."""
        while self._next().isascii() and self._next().isdigit() and number * 10 + int(self._next()) <= self.groups:
            number = number * 10 + int(self._take())
        if number not in self.closed:
            raise self._wrong()
        return f"(?:\\{number})"

    def _meaning(self, sign: str) -> str:
        """What a backslash before a sign means, as an atom."""
        if sign in _SINGLE:
            return _escaped(_SINGLE[sign])
        if sign in "pP":
            return self._property(sign)
        if sign not in _CLASSES:
            raise self._wrong()
        return _CLASSES[sign]

    def _property(self, sign: str) -> str:
        end = self.source.find("}", self.place)
        if self._next() != "{" or end < 0:
            raise self._wrong()
        name, self.place = self.source[self.place + 1 : end], end + 1
        if _CATEGORY.fullmatch(name):
            return f"\\{sign}{{{name}}}"
        if block := _BLOCK.fullmatch(name):
            return f"\\{sign}{{Block={block[1]}}}"
        raise self._wrong()

    def _class(self, depth: int) -> str:
        """`[abc-z-[x]]`: one set, of which another one may be taken away."""
        if depth > MAX_NESTING:
            raise self._wrong()
        negative = self._next() == "^"
        self.place += negative
        members: list[str] = []
        without = ""
        while self._next() != "]" or not members:
            if self.source.startswith("-[", self.place) and members:
                self.place += 2
                without = "--" + self._class(depth + 1)
                break
            members.append(self._member(first=not members))
        if self._take() != "]":
            raise self._wrong()
        inside = f"[{'^' if negative else ''}{''.join(members)}]"
        return f"[{inside}{without}]" if without else inside

    def _member(self, *, first: bool) -> str:
        """A sign, a range of signs or a class by its name."""
        place = self.place
        start = self._sign()
        if len(start) > 1:
            return start
        if start == "-" and self.source[place] == "-" and not first and self._next() != "]":
            raise self._wrong()
        if self._next() != "-" or self.source[self.place + 1 : self.place + 2] in ("]", "["):
            return _in_class(start)
        self.place += 1
        end = self._sign()
        if len(end) > 1 or end < start:
            raise self._wrong()
        return f"{_in_class(start)}-{_in_class(end)}"

    def _sign(self) -> str:
        """One sign of a class, or a whole class (longer than one)."""
        sign = self._take()
        if sign == "\\":
            sign = self._take()
            return _SINGLE[sign] if sign in _SINGLE else self._meaning(sign)
        if sign in "[]":
            raise self._wrong()
        return sign


def _escaped(sign: str) -> str:
    return str(regex.escape(sign, literal_spaces=True))


def _in_class(sign: str) -> str:
    return f"\\U{ord(sign):08x}"


def substitution(replacement: str, groups: int) -> Callable[[Any], str]:
    """`$1`, `$0`; `\\$` and `\\\\` stand for themselves. Raises Unfit for other uses of the two signs."""
    parts: list[str | int] = []
    place = 0
    while place < len(replacement):
        sign = replacement[place]
        if sign == "\\":
            place += 1
            if replacement[place : place + 1] not in ("\\", "$"):
                raise Unfit("trong văn bản thay thế, \\ chỉ đứng trước \\ hoặc $")
            parts.append(replacement[place])
        elif sign == "$":
            number, place = _group_number(replacement, place + 1, groups)
            parts.append(number)
        else:
            parts.append(sign)
        place += 1
    return lambda match: _together(_part(match, part, groups) for part in parts)


def _together(parts: Iterable[str]) -> str:
    """Raises Unfit as soon as it becomes too long."""
    length, kept = 0, []
    for part in parts:
        length += len(part)
        if length > MAX_TEXT:
            raise Unfit(f"văn bản quá {MAX_TEXT} ký tự")
        kept.append(part)
    return "".join(kept)


def _part(match: Any, part: str | int, groups: int) -> str:
    if isinstance(part, str):
        return part
    return (match[part] or "") if part <= groups else ""


def _group_number(text: str, place: int, groups: int) -> tuple[int, int]:
    """The number and where its last digit stands."""
    if not "0" <= text[place : place + 1] <= "9":
        raise Unfit("trong văn bản thay thế, sau $ phải là số của nhóm")
    number = int(text[place])
    while "0" <= text[place + 1 : place + 2] <= "9" and number * 10 + int(text[place + 1]) <= groups:
        place += 1
        number = number * 10 + int(text[place])
    return number, place
