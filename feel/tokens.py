"""Text to tokens."""

import re
from typing import NamedTuple

from feel.errors import FeelError

MAX_LENGTH = 10_000  #: characters of one expression

#: names of built-ins that hold blanks; they count as names only before "("
LONG_NAMES = ("date and time", "list contains", "string length", "starts with", "ends with", "lower case", "upper case")
WORDS = frozenset({"and", "or", "in", "if", "then", "else", "between", "true", "false", "null"})

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<text>@?"(?:[^"\\]|\\.)*")
      | (?P<name>(?:"""
    + "|".join(name.replace(" ", r"\s+") for name in LONG_NAMES)
    + r""")(?=\s*\()|[^\W\d]\w*|\?)
      | (?P<sign>\.\.|<=|>=|!=|[-+*/=<>()\[\]{},.:])""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """`kind`: number, text, name, word (reserved), sign, end."""

    kind: str
    text: str
    at: int  #: index of its first character


def tokenise(source: str) -> list[Token]:
    """Raises FeelError."""
    if len(source) > MAX_LENGTH:
        raise FeelError(f"Biểu thức dài quá {MAX_LENGTH} ký tự.")
    tokens, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise error(source, at, f"Không hiểu “{source[at]}”.")
        kind = str(match.lastgroup)
        if kind != "blank":
            tokens.append(_token(kind, match.group(), at))
        at = match.end()
    return [*tokens, Token("end", "", at)]


def error(source: str, at: int, message: str) -> FeelError:
    """Says line and column."""
    before = source[:at]
    return FeelError(message, before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)


def _token(kind: str, text: str, at: int) -> Token:
    if kind == "name":
        text = " ".join(text.split())
        kind = "word" if text in WORDS else "name"
    return Token(kind, text, at)
