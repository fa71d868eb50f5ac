"""Where a parser stands in its text: tokens one by one, what is in scope there, and how much has been read."""

import contextlib
from collections.abc import Iterable, Iterator

from feel.errors import FeelError
from feel.functions import BUILTINS
from feel.names import Known, known, parts_of
from feel.tokens import END, NAME, SIGN, WORD, Token, error, tokenise

MAX_DEPTH = 50  #: expressions inside expressions
MAX_NODES = 4_000
ASKED = "?"  #: the name of the value that unary tests are about

_LONG_FUNCTIONS = known(frozenset(name for name in BUILTINS if " " in name))


class Cursor:
    """`names`: variables that are read and bound nowhere in the text; `functions`: those called likewise that are not
    built in."""

    def __init__(self, source: str, names: frozenset[str]) -> None:
        self.source = source
        self.tokens = tokenise(source)
        self.position = 0
        self.depth = 0
        self.nodes = 0
        self.names: set[str] = set()
        self.functions: set[str] = set()
        self._given = names
        self._known = known(names)
        self._own = Known()  #: names of several parts that the text itself brings
        self._bound: list[str] = []
        self._filters = 0

    # ---- tokens
    @property
    def now(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def sees(self, *texts: str) -> bool:
        token = self.tokens[self.position]
        return token.text in texts and token.kind in (SIGN, WORD, NAME)

    def takes(self, *texts: str) -> bool:
        if self.sees(*texts):
            self.position += 1
            return True
        return False

    def expect(self, text: str, *, why: str = "") -> None:
        if not self.takes(text):
            now = self.now
            told = f"Thiếu “{text}” trước “{now.text or 'hết biểu thức'}”"
            raise self.refused(now, f"{told}{why and ' '}{why}.", (text,))

    def unexpected(self, *expected: str) -> FeelError:
        now = self.now
        told = f"“{now.text}”" if now.kind != END else "hết biểu thức"
        return self.refused(now, f"Không chờ {told} ở đây.", expected)

    def refused(self, token: Token, message: str, expected: tuple[str, ...] = ()) -> FeelError:
        return error(self.source, token.at, message, length=token.end - token.at, expected=expected)

    def end_of(self) -> int:
        """Index behind the last token taken."""
        return self.tokens[self.position - 1].end

    # ---- bounds
    @contextlib.contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refused(self.now, "Biểu thức lồng nhau quá sâu.")
        yield
        self.depth -= 1

    def count(self) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refused(self.now, "Biểu thức có quá nhiều thành phần.")

    # ---- scope
    @contextlib.contextmanager
    def bound(self, names: Iterable[str]) -> Iterator[list[str]]:
        """These names are known inside; more may be appended."""
        before = len(self._bound)
        own = [*names]
        for name in own:
            self.bind(name)
        yield self._bound
        del self._bound[before:]

    def bind(self, name: str) -> None:
        self._bound.append(name)
        self._own.add(name)

    @contextlib.contextmanager
    def filtering(self) -> Iterator[None]:
        """Inside, a name may be a property of the item: whether it is a variable cannot be said."""
        self._filters += 1
        with self.bound(["item"]):
            yield
        self._filters -= 1

    def note(self, name: str) -> None:
        """A variable is read. Inside filters it is looked for in each of their items."""
        self.nodes += self._filters
        if name not in self._bound and (not self._filters or name in self._given):
            self.names.add(name)

    def is_bound(self, name: str) -> bool:
        return name in self._bound

    # ---- names
    def name(self) -> str:
        """One that is read: the longest that is known here. At a token that begins a name."""
        found = self._longest()
        if found is None:
            return self.take().text
        self.position += found[1]
        return found[0]

    def _longest(self) -> tuple[str, int] | None:
        text = self.tokens[self.position].text
        if text not in self._own.first and text not in self._known.first and text not in _LONG_FUNCTIONS.first:
            return None
        found = [scope.find(self.tokens, self.position) for scope in (self._own, self._known)]
        built_in = _LONG_FUNCTIONS.find(self.tokens, self.position)
        if built_in and self.tokens[self.position + built_in[1]].text == "(":
            found.append(built_in)
        return max((one for one in found if one), key=lambda one: one[1], default=None)

    def property_name(self) -> str:
        """Behind a point: the longest known, else all parts that stand side by side."""
        if self.now.kind not in (NAME, WORD):
            raise self.unexpected("tên")
        found = self._longest()
        if found:
            self.position += found[1]
            return found[0]
        parts = [self.take().text]
        while self.now.kind == NAME and self.now.text not in ("return", "satisfies", "instance"):
            parts.append(self.take().text)
        return " ".join(parts)

    def new_name(self, *ends: str) -> str:
        """One that is brought in: everything up to one of these signs or words."""
        start, first = self.position, self.now
        while self.now.kind != END and not self.sees(*ends):
            self.position += 1
        text = self.source[first.at : self.end_of()] if self.position > start else ""
        parts = parts_of(text)
        if not parts:
            self.position = start
            raise self.unexpected("tên")
        return " ".join(text.split())

    def spanned(self, start: int) -> dict[str, int]:
        """Where a node stands that began at this index."""
        return {"at": start, "end": self.tokens[self.position - 1].end}
