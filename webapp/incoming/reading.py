"""What the text of an arrived file says about itself: number, symbol, date, kind, organ, subject, signer, urgency.

Pure. The places follow the layout of official documents (NĐ 30/2020, Phụ lục I): the issuing organ stands at the top
left, number and symbol below it, place and date at the top right, kind and subject below both, authority, post and
name at the end. Every value is a guess for a person to check; `sure` says which ones stood in their legal place.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kernel.text import fold, nfc, tidy

_POSTS = ("chu tich", "giam doc", "truong phong", "chanh van phong", "chanh thanh tra", "cuc truong", "bo truong")
_COMMITTEES = ("uy ban nhan dan", "hoi dong nhan dan")
_OFFICES = ("so", "van phong", "phong", "ban", "chi cuc", "cuc", "trung tam", "bo", "tong cuc", "thanh tra", "kho bac")
_ABBREVIATIONS = frozenset({"HĐND", "UBND", "UBMTTQ", "BHXH"})
_PLACES = frozenset({"tỉnh", "huyện", "xã", "phường", "thị", "quận", "phố"})
HEAD = 60  #: lines looked at from the beginning
MAX_SUBJECT = 500  #: characters; NĐ 30/2020, Phụ lục VI, field Subject
URGENCY = {"khan": 1, "thuong khan": 2, "hoa toc": 3}

_MOTTO = re.compile(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc")
_NUMBER = re.compile(
    r"Số\s*:?\s*(?P<number>\d{1,6}[a-zđ]?(?:\s*/\s*\d{4})?)?[\s.…]*/\s*"
    r"(?P<symbol>[A-ZĐÔƠƯ][A-Za-zĐđÔôƠơƯư0-9&]*(?:\s*-\s*[A-Za-zĐđÔôƠơƯư0-9&]+)*)"
)
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_DUE = re.compile(
    r"trước(?:\s+\d{1,2}\s*(?:giờ|h)\s*\d{0,2})?(?:,?\s*ngày)?\s+(\d{1,2})(?:/|\s+tháng\s+)(\d{1,2})(?:/|\s+năm\s+)(\d{4})",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:V/v|Về việc)\b[\s:.]*", re.IGNORECASE)
_RULE = re.compile(r"^[_\-–—*=.\s]{3,}$")
_SIGNED_AS = re.compile(r"^(?:TM|KT|TL|TUQ|Q)\.?\s")
_NAME = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+){1,4}")
_SUBJECT_ENDS = re.compile(r"^(?:Căn cứ|Kính gửi|Thực hiện|Xét|Điều 1|Theo|Để|I\.|1\.|Số:)", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """The guesses; a missing one is None. `sure` holds the names of those found where the decree puts them."""

    number: str | None = None  #: "05/2016" of a normative document, else "41"
    symbol: str | None = None
    issued_date: dt.date | None = None
    kind: str | None = None  #: a code of the kinds given
    organ: str | None = None
    subject: str | None = None
    signer_position: str | None = None
    signer_name: str | None = None
    urgency: int = 0
    due_date: dt.date | None = None
    sure: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.number or self.subject or self.organ or self.issued_date)


def read(pages: Sequence[str], *, kinds: Mapping[str, str]) -> Reading:
    """Guesses from the text of each page. `kinds`: code -> name, e.g. "QĐ" -> "Quyết định"."""
    lines = [line for line in tidy(nfc("\n".join(pages))).split("\n") if line and not _RULE.match(line)]
    head = [line for line in (tidy(_MOTTO.sub(" ", line)) for line in lines[:HEAD]) if line]
    number, symbol = _number(head)
    kind, kind_at = _kind(head, symbol, kinds)
    position, name = _signer(lines)
    found: dict[str, Any] = {
        "number": number,
        "symbol": symbol,
        "issued_date": _date(head),
        "kind": kind,
        "organ": _organ(head),
        "subject": _subject(head, kind_at),
        "signer_position": position,
        "signer_name": name,
    }
    sure = frozenset(key for key, value in found.items() if value)
    if len(found["subject"] or "") > 300:  # ran into the body more likely than a title this long
        sure -= {"subject"}
    if not fold(found["organ"] or "").startswith(_COMMITTEES):  # capitals inside other names cannot be known
        sure -= {"organ"}
    return Reading(**found, urgency=_urgency(head), due_date=_due(lines), sure=sure)


def day_of(text: str) -> dt.date | None:
    """ "07/03/2016" or "2016-03-07"; None for anything else."""
    if match := re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", text):
        return _day(match)
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def _number(head: Sequence[str]) -> tuple[str | None, str | None]:
    for line in head[:20]:
        match = _NUMBER.search(line)
        if match:
            return re.sub(r"\s", "", match["number"] or "") or None, re.sub(r"\s*-\s*", "-", match["symbol"])
    return None, None


def _date(head: Sequence[str]) -> dt.date | None:
    for line in head[:20]:
        match = _DATE.search(line)
        if match:
            return _day(match)
    return None


def _due(lines: Sequence[str]) -> dt.date | None:
    match = _DUE.search(" ".join(lines))
    return _day(match) if match else None


def _day(match: "re.Match[str]") -> dt.date | None:
    day, month, year = (int(part) for part in match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _organ(head: Sequence[str]) -> str | None:
    """The capital lines above the number: those of the organ itself, without its superior's."""
    above: list[str] = []
    for line in head[:12]:
        if _NUMBER.search(line) or line.startswith("Số"):
            break
        if line.isupper() and not _is_urgency(line):
            above.append(line)
    starts = [at for at, line in enumerate(above) if fold(line).startswith((*_COMMITTEES, *_OFFICES))]
    own = above[starts[-1] :] if starts else above[-1:]
    return _sentence_case(" ".join(own)) if own else None


def _sentence_case(capitals: str) -> str:
    """ "SỞ KHOA HỌC VÀ CÔNG NGHỆ" as "Sở Khoa học và Công nghệ"; places and abbreviations keep their capitals."""
    words = capitals.split()
    written: list[str] = []
    place = raised = False
    for word in words:
        lower = word.lower()
        begins = not written or place or raised
        written.append(word if word in _ABBREVIATIONS else lower.capitalize() if begins else lower)
        place = place or lower in _PLACES
        raised = _raises(written, lower)
    text = " ".join(written)
    return text.replace(" thị Trấn ", " thị trấn ").replace(" thị Xã ", " thị xã ")


def _raises(written: Sequence[str], word: str) -> bool:
    """Fields of work begin with a capital: after the word for the office, after "và", commas and dashes."""
    is_office = fold(" ".join(written)).startswith(_OFFICES) or fold(word) in _OFFICES
    first = len(written) == 1 and is_office and fold(word) not in {"van", "uy", "hoi"}
    return first or word in {"và", "-"} or word.endswith(",")


def _kind(head: Sequence[str], symbol: str | None, kinds: Mapping[str, str]) -> tuple[str | None, int | None]:
    """The kind and the line it stands on: a line in capitals that names a kind, else the symbol's abbreviation."""
    names = {fold(name): code for code, name in kinds.items()}
    for at, line in enumerate(head):
        title = fold(line.rstrip(" :"))
        if line.isupper() and title in names and not line.endswith(":"):
            return names[title], at
    if symbol and symbol.split("-")[0] in kinds:
        return symbol.split("-")[0], None
    return (names.get("cong van") if _about_at(head) is not None else None), None


def _subject(head: Sequence[str], kind_at: int | None) -> str | None:
    start = kind_at + 1 if kind_at is not None else _about_at(head)
    if start is None:
        return None
    taken: list[str] = []
    for line in head[start : start + 10]:
        stops = bool(taken) and (line.isupper() or bool(_DATE.search(line)))
        if _SUBJECT_ENDS.match(line) or stops:
            break
        taken.append(line)
    subject = tidy(" ".join(taken))
    bare = _ABOUT.sub("", _ABOUT.sub("", subject))
    return (f"Về việc {bare}" if bare != subject else subject)[:MAX_SUBJECT] or None


def _about_at(head: Sequence[str]) -> int | None:
    return next((at for at, line in enumerate(head) if _ABOUT.match(line)), None)


def _urgency(head: Sequence[str]) -> int:
    return max((URGENCY[fold(line)] for line in head[:20] if _is_urgency(line)), default=0)


def _is_urgency(line: str) -> bool:
    return line.isupper() and fold(line) in URGENCY


def _signer(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """Below the last line of authority ("TM. ỦY BAN NHÂN DÂN"), else the last post: post in capitals, then name."""
    for is_start in (_is_authority, _is_post):
        for at in range(len(lines) - 1, -1, -1):
            if is_start(lines[at]):
                return _post_and_name(lines[at : at + 12])
    return None, None


def _is_authority(line: str) -> bool:
    return line.isupper() and bool(_SIGNED_AS.match(line))


def _is_post(line: str) -> bool:
    return line.isupper() and any(post in fold(line) for post in _POSTS)


def _post_and_name(block: Sequence[str]) -> tuple[str | None, str | None]:
    posts = [line for line in block if line.isupper() and fold(line) not in {"da ky"}]
    name = next((line for line in block if not line.isupper() and _is_name(line)), None)
    return (posts[-1].capitalize() if posts else None), name


def _is_name(line: str) -> bool:
    words = line.split()
    return bool(_NAME.fullmatch(line)) and all(word[0].isupper() for word in words)
