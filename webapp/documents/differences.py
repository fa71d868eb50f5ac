"""What changed between two versions of a text, in words a reader sees: kept, taken out, put in."""

import dataclasses
import difflib
import re
from collections.abc import Iterator, Sequence

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_PLACE = re.compile(r"^(Chương [IVXLC]+|Mục \d+|Điều \d+|\d+\.|[a-zđ]\))")
MAX_LINES = 4_000  #: of one version
MAX_PAIRS = 4_000_000  #: words of one paragraph times words of the other; longer ones are shown whole, out and in


@dataclasses.dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of text: 'same', 'out' or 'in'."""

    kind: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """One paragraph that differs, under the heading it stands in."""

    place: str
    pieces: tuple[Piece, ...]


def changes_between(old: str, new: str, *, label: str = "") -> list[Change]:
    """The paragraphs that differ, in the order of the newer text."""
    before, after = _lines(old), _lines(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    found: list[Change] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        for gone, come in _pairs(before[i1:i2], after[j1:j2]):
            place = _place(before if come is None else after, gone if come is None else come) or label
            found.append(Change(place=place, pieces=tuple(_pieces(gone or "", come or ""))))
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][:MAX_LINES]


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Old and new paragraphs side by side; what has no counterpart stands alone."""
    common = min(len(before), len(after))
    yield from zip(before[:common], after[:common], strict=True)
    yield from ((line, None) for line in before[common:])
    yield from ((None, line) for line in after[common:])


def _pieces(old: str, new: str) -> Iterator[Piece]:
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    if len(a) * len(b) > MAX_PAIRS:
        yield from (Piece(kind="out", text=old), Piece(kind="in", text=new))
        return
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(kind="same", text="".join(a[i1:i2]))
            continue
        if i2 > i1:
            yield Piece(kind="out", text="".join(a[i1:i2]))
        if j2 > j1:
            yield Piece(kind="in", text="".join(b[j1:j2]))


def _place(lines: Sequence[str], line: str | None) -> str:
    """ "Điều 3, khoản 2": the headings above the paragraph."""
    if line is None or line not in lines:
        return ""
    article = clause = ""
    for above in lines[: lines.index(line) + 1]:
        match = _PLACE.match(above)
        if match is None:
            continue
        if match[1].startswith(("Chương", "Mục", "Điều")):
            article, clause = match[1], ""
        elif match[1][0].isdigit():
            clause = f"khoản {match[1].rstrip('.')}"
    return ", ".join(part for part in (article, clause) if part)
