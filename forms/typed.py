"""From what people type to typed values and back: dates dd/MM/yyyy, numbers 1.234,5, text in NFC (TCVN 6909:2001)."""

import dataclasses
import datetime as dt
import decimal
import re
from collections.abc import Callable, Sequence
from typing import Any

from feel import texts
from forms import sentences
from forms.components import Choice, Field
from kernel import clock, text

_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
MAX_DIGITS = 30


@dataclasses.dataclass(frozen=True, kw_only=True)
class Typed:
    """What was read from one field. `problem` is the sentence beside it, or empty."""

    value: Any
    problem: str = ""


def read(field: Field, typed: Sequence[str], offered: Sequence[Choice]) -> Typed:
    """The value of a field; an empty text is "", an empty number, date or choice None, an empty checklist []."""
    return _READERS[field.kind](field, typed, offered)


def write(value: Any) -> str:
    """A value as a page shows it."""
    if value is None:
        return ""
    if isinstance(value, dt.date):  # a moment is one too
        return f"{_in_house(value) if isinstance(value, dt.datetime) else value:%d/%m/%Y}"
    if isinstance(value, decimal.Decimal | int) and not isinstance(value, bool):
        return write_number(decimal.Decimal(value))
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list):
        return ", ".join(write(one) for one in value)
    return str(value if isinstance(value, str) else texts.text_of(value))


def write_moment(moment: dt.datetime) -> str:
    """With its time: "14:30 05/05/2016"."""
    return f"{_in_house(moment):%H:%M %d/%m/%Y}"


def _in_house(moment: dt.datetime) -> dt.datetime:
    """One without a zone stands in that of the house."""
    return moment if moment.tzinfo is None else clock.local(moment)


def write_number(number: decimal.Decimal) -> str:
    """1234.5 → "1.234,5"."""
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def read_date(written: str) -> dt.date | None:
    """The day of "05/5/2016" or "2016-05-05"; None for anything else. Raises ValueError for a day that is not."""
    match = _DAY.fullmatch(written) or _ISO.fullmatch(written)
    if match is None:
        return None
    return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))


def read_number(written: str) -> decimal.Decimal | None:
    """The number of "1.234,5"; None for anything else."""
    if len(written) > MAX_DIGITS or not _NUMBER.fullmatch(written):
        return None
    return decimal.Decimal(written.replace(".", "").replace(",", "."))


def _read_text(field: Field, typed: Sequence[str], _offered: Sequence[Choice]) -> Typed:
    written = text.tidy(typed[0]) if typed else ""
    if field.kind == "text":
        written = " ".join(written.split("\n")).strip()
    return Typed(value=written, problem=_text_problem(field, written))


def _text_problem(field: Field, written: str) -> str:
    if not written:
        return ""
    if field.max_length is not None and len(written) > field.max_length:
        return sentences.too_long(field, len(written))
    if field.min_length is not None and len(written) < field.min_length:
        return sentences.too_short(field)
    if field.pattern and not re.search(field.pattern, written):
        return field.pattern_message or sentences.PATTERN
    return ""


def _read_number(field: Field, typed: Sequence[str], _offered: Sequence[Choice]) -> Typed:
    written = text.tidy(typed[0]) if typed else ""
    if not written:
        return Typed(value=None)
    number = read_number(written)
    if number is None:
        return Typed(value=None, problem=sentences.WHOLE_NUMBER if field.decimals == 0 else sentences.NUMBER)
    return Typed(value=number, problem=_number_problem(field, number))


def _number_problem(field: Field, number: decimal.Decimal) -> str:
    exponent = number.as_tuple().exponent
    if field.decimals is not None and isinstance(exponent, int) and -exponent > field.decimals:
        return sentences.too_many_decimals(field)
    low = field.minimum is not None and number < field.minimum
    high = field.maximum is not None and number > field.maximum
    return sentences.out_of_range(field) if low or high else ""


def _read_date(_field: Field, typed: Sequence[str], _offered: Sequence[Choice]) -> Typed:
    written = text.tidy(typed[0]) if typed else ""
    if not written:
        return Typed(value=None)
    try:
        day = read_date(written)
    except ValueError:
        return Typed(value=None, problem=sentences.no_such_day(written))
    return Typed(value=day, problem="" if day else sentences.DATE)


def _read_choice(field: Field, typed: Sequence[str], offered: Sequence[Choice]) -> Typed:
    written = text.nfc(typed[0]).strip() if typed else ""
    if not written:
        return Typed(value=None)
    if written not in {choice.value for choice in offered}:
        return Typed(value=None, problem=sentences.NOT_OFFERED)
    return Typed(value=field.option_values.get(written, written))


def _read_checklist(field: Field, typed: Sequence[str], offered: Sequence[Choice]) -> Typed:
    written = list(dict.fromkeys(text.nfc(one).strip() for one in typed if one.strip()))
    known = {choice.value for choice in offered}
    problem = "" if known.issuperset(written) else sentences.NOT_OFFERED
    return Typed(value=[field.option_values.get(one, one) for one in written if one in known], problem=problem)


def _read_checkbox(_field: Field, typed: Sequence[str], _offered: Sequence[Choice]) -> Typed:
    return Typed(value=bool(typed) and typed[-1].strip().lower() not in {"", "0", "false", "off"})


_READERS: dict[str, Callable[[Field, Sequence[str], Sequence[Choice]], Typed]] = {
    "text": _read_text,
    "textarea": _read_text,
    "number": _read_number,
    "date": _read_date,
    "select": _read_choice,
    "radio": _read_choice,
    "checklist": _read_checklist,
    "checkbox": _read_checkbox,
}
