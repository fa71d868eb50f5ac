"""Lines of "Nơi nhận" as places to send to (pure).

A line is a name; in brackets at its end it may say how: "Sở Tư pháp (giấy)", "Sở Tư pháp (giấy, 3 bản)". "Lưu: …" is
the archive's copy, not a recipient.
"""

import dataclasses
import re
from collections.abc import Iterable

from kernel.text import fold

_HOW = re.compile(r"\s*\((?P<how>[^()]*)\)\s*$")
_COPIES = re.compile(r"(\d{1,3})\s*bản")
_AS_IN_TEXT = ("nhu dieu", "nhu tren")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Addressee:
    """One recipient: `copies` on paper; `electronic` unless the line says only paper."""

    name: str
    channel: str  #: of the electronic version: 'axis', 'internal', 'email'
    electronic: bool = True
    paper: bool = False
    copies: int = 0


def read_addressees(lines: Iterable[str], *, inside: Iterable[str]) -> list[Addressee]:
    """`inside`: names of the organisation's own units."""
    own = {fold(name) for name in inside}
    return [_read(line, own) for line in lines if not fold(line).startswith("luu")]


def _read(line: str, own: set[str]) -> Addressee:
    found = _HOW.search(line)
    how = found["how"].lower() if found else ""
    known = "giấy" in how or "bản" in how or "thư điện tử" in how
    name = line[: found.start()] if found and known else line
    paper = "giấy" in how
    copies = _COPIES.search(how)
    return Addressee(
        name=name.strip(),
        channel=_channel(fold(name), how, own),
        electronic=not paper or "điện tử" in how,
        paper=paper,
        copies=int(copies[1]) if copies else int(paper),
    )


def _channel(folded: str, how: str, own: set[str]) -> str:
    if "thư điện tử" in how:
        return "email"
    return "internal" if folded in own or folded.startswith(_AS_IN_TEXT) else "axis"
