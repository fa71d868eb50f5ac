"""Names of several parts: “Tên người ký”, “date and time”, “a-b”. Which tokens are one name, only the scope can tell
(DMN 1.5, 10.3.1.4): the longest name that is known wins."""

import functools
from collections.abc import Iterable, Sequence

from feel.errors import FeelError
from feel.tokens import END, NAME, NUMBER, SIGN, WORD, Token, tokenise

Parts = tuple[str, ...]
_PARTS = frozenset({NAME, WORD, NUMBER, SIGN})


class Known:
    """Names of more than one part, by their first."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.first: dict[str, dict[Parts, str]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """One of a single part needs no telling."""
        parts = parts_of(name)
        if len(parts) > 1:
            self.first.setdefault(parts[0], {})[parts] = name

    def find(self, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """The longest known name that begins at this token, and how many tokens it takes."""
        candidates = self.first.get(tokens[at].text)
        if candidates is None:
            return None
        found = [parts for parts in candidates if _stands(parts, tokens, at)]
        longest = max(found, key=len, default=None)
        return None if longest is None else (candidates[longest], len(longest))


@functools.lru_cache(maxsize=4096)
def parts_of(name: str) -> Parts:
    """Empty for what can be no name at all."""
    try:
        tokens = tokenise(name)
    except FeelError:
        return ()
    parts = [token for token in tokens if token.kind != END]
    if not parts or parts[0].kind not in (NAME, WORD) or any(part.kind not in _PARTS for part in parts):
        return ()
    return tuple(part.text for part in parts)


@functools.lru_cache(maxsize=512)
def known(names: frozenset[str]) -> Known:
    return Known(names)


def _stands(parts: Parts, tokens: Sequence[Token], at: int) -> bool:
    there = tokens[at : at + len(parts)]
    return len(there) == len(parts) and all(token.text == part for token, part in zip(there, parts, strict=True))
