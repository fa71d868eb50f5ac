"""Text to tokens (DMN 1.5, 10.3.1.2, grammar rules 27 to 66). Names come in parts: which parts belong together, the
parser knows from the names in scope."""

import re
import unicodedata
from typing import NamedTuple

from feel.errors import FeelError

MAX_LENGTH = 10_000  #: characters of one expression

MAX_MARKS = 30  #: on one letter

NUMBER, TEXT, AT, NAME, WORD, SIGN, END = "number", "text", "at", "name", "word", "sign", "end"
WORDS = frozenset({"and", "or", "in", "if", "then", "else", "between", "true", "false", "null"})

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""(?P<blank>[\s\u1680\u180e\u200b\u2028\u2029\u2060\ufeff]+|//[^\n\r]*|/\*.*?\*/)
      | (?P<name>[{_START}][{_PART}]*|\?)
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
      | (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<at>@"(?:[^"\\]|\\.)*")
      | (?P<sign>\.\.|->|<=|>=|!=|\*\*|/(?!\*)|[-+*=<>()\[\]{{}},.:'’])""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """`kind`: one of the names above."""

    kind: str
    text: str
    at: int  #: index of its first character
    end: int  #: index behind its last


def normalised(text: str) -> str:
    """In normal form C. Raises FeelError for what is too long, and for marks heaped on one letter, which take long to
    be put in order (Stream-Safe Text Process, Unicode Standard Annex 15, 13)."""
    if len(text) > MAX_LENGTH:
        raise FeelError(f"Biểu thức dài quá {MAX_LENGTH} ký tự.")
    if text.isascii():
        return text
    marks = 0
    for at, sign in enumerate(text):
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks > MAX_MARKS:
            raise error(text, at, f"Quá {MAX_MARKS} dấu trên một chữ.", length=1)
    return unicodedata.normalize("NFC", text)


def tokenise(source: str) -> list[Token]:
    """Raises FeelError."""
    if len(source) > MAX_LENGTH:
        raise FeelError(f"Biểu thức dài quá {MAX_LENGTH} ký tự.")
    tokens, at, match_at, words = [], 0, _TOKEN.match, WORDS
    while at < len(source):
        match = match_at(source, at)
        if match is None:
            raise _stranger(source, at)
        kind, end = match.lastgroup, match.end()
        if kind != "blank":
            text = match.group()
            tokens.append(Token(WORD if text in words else str(kind), text, at, end))
        at = end
    return [*tokens, Token(END, "", at, at)]


def error(source: str, at: int, message: str, *, length: int = 0, expected: tuple[str, ...] = ()) -> FeelError:
    """Says line and column."""
    line, column = place(source, at)
    return FeelError(message, line, column, length, expected)


def place(source: str, at: int) -> tuple[int, int]:
    """Line and column of an index, from 1."""
    before = source[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _stranger(source: str, at: int) -> FeelError:
    if source[at] == '"' or source.startswith('@"', at):
        return error(source, at, "Văn bản thiếu dấu nháy kép đóng.", length=1, expected=('"',))
    if source.startswith("/*", at):
        return error(source, at, "Chú thích thiếu “*/”.", length=2, expected=("*/",))
    return error(source, at, f"Không hiểu “{source[at]}”.", length=1)
