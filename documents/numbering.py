"""Number and symbol of a document: reading, writing, comparing (pure). NĐ 30/2020 Điều 15, PL I phần II mục II.3."""

import dataclasses
import re

from kernel.text import fold, nfc

INCOMING_GROUP = "den"  #: the one sequence of all that arrives in a year (NĐ 30/2020 Điều 22)
NORMATIVE = "-QPPL"  #: normative documents of a kind have their own sequence (NĐ 30/2020 Điều 15.1a)

_CAPITAL = "A-ZĐÔƠƯ"
_LETTER = "A-Za-zĐđÔôƠơƯư0-9"
_PATTERN = re.compile(
    rf"(?P<num>\d{{1,6}})(?P<suf>[a-zđ]?)(?:/(?P<year>\d{{4}}))?/(?P<sym>[{_CAPITAL}][{_LETTER}]*(?:-[{_LETTER}]+)*)"
)
_NUMBER = re.compile(r"(?P<num>\d{1,6})(?P<suf>[a-zđ]?)")
_BLANKS = re.compile(r"\s+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class NumberSymbol:
    """ "09/2016/QĐ-UBND": `year` is there only in legal normative documents."""

    number: int
    suffix: str = ""
    year: int | None = None
    symbol: str

    def __str__(self) -> str:
        return format_number_symbol(self.number, self.symbol, year=self.year, suffix=self.suffix)


def parse(text: str) -> NumberSymbol | None:
    """Reads "12/QĐ-UBND"; blanks do not matter. None for any other form, e.g. the Party's "12-QĐ/HU"."""
    match = _PATTERN.fullmatch(normalize(text))
    if match is None or int(match["num"]) == 0:
        return None
    year = int(match["year"]) if match["year"] else None
    return NumberSymbol(number=int(match["num"]), suffix=match["suf"], year=year, symbol=match["sym"])


def normalize(text: str) -> str:
    """NFC, no blanks, the capital đ that keyboards and scanners confuse (Ð, Ɖ) as Đ."""
    return _BLANKS.sub("", nfc(text)).replace("\u00d0", "Đ").replace("\u0189", "Đ")


def format_number(number: int, *, suffix: str = "") -> str:
    """Numbers below ten have a leading zero: "05" (PL I phần II mục II.3c)."""
    return f"{number:02d}{suffix}"


def format_number_symbol(number: int, symbol: str, *, year: int | None = None, suffix: str = "") -> str:
    """ "15/QĐ-BNV"; with a year "09/2016/QĐ-UBND"."""
    middle = f"/{year}" if year is not None else ""
    return f"{format_number(number, suffix=suffix)}{middle}/{symbol}"


def symbol_of(abbreviation: str, organization: str, unit: str = "") -> str:
    """A named kind has KIND-ORGANISATION; a công văn (no abbreviation) ORGANISATION-UNIT."""
    return f"{abbreviation}-{organization}" if abbreviation else "-".join(filter(None, (organization, unit)))


def join(number: str, symbol: str) -> str:
    """Number and symbol as typed in two boxes, as one: "41" and "TTr-VP"."""
    return "/".join(filter(None, (normalize(number), normalize(symbol))))


def split(number_symbol: str) -> tuple[str, str]:
    """The two boxes of a number and symbol as written; what has no slash is all symbol, what has digits only number."""
    text = normalize(number_symbol)
    number, slash, symbol = text.partition("/")
    if slash:
        return number, symbol
    return (text, "") if _NUMBER.fullmatch(text) else ("", text)


def comparison_key(number_symbol: str) -> str:
    """What two spellings of one number have in common: "05/UBND-VHTT", "5 / ubnd-vhtt" → "5/ubnd-vhtt"."""
    text = fold(normalize(number_symbol))
    number, slash, rest = text.partition("/")
    match = _NUMBER.fullmatch(number)
    bare = f"{int(match['num'])}{match['suf']}" if match else number
    return f"{bare}{slash}{rest}"
