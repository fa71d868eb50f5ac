"""Values as text: what string() gives (DMN 1.5, 10.3.4.1 and 10.3.2.2)."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from feel import kinds
from feel.errors import FeelError
from feel.kinds import kind
from feel.ranges import Point, Range
from feel.temporal import (
    DAY,
    SECOND,
    Date,
    Time,
    YearsMonths,
    date_of,
    fraction_of,
    local,
    nanoseconds_of,
    offset_at,
    time_of,
    zone_name,
    zone_of,
)
from feel.values import MAX_TEXT, Function, Unfit, grow, number, spend

MAX_DEPTH = 64  #: lists and contexts within each other
_NAME = re.compile(r"[^\W\d]\w*(?: [^\W\d]\w*)*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def text_of(value: Any) -> str | None:
    """Null has none. A text is itself; texts within lists and contexts are quoted. Raises Unfit for what is too long,
    FeelError for what is nested too deeply."""
    if value is None or isinstance(value, str):
        return value
    return _inner(value, 0)


def _inner(value: Any, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise FeelError(f"Giá trị lồng nhau quá {MAX_DEPTH} tầng.")
    if isinstance(value, list):
        spend(3 * len(value))
        return _bounded("[" + ", ".join(_inner(item, depth + 1) for item in value) + "]")
    if isinstance(value, Mapping):
        spend(len(value))
        entries = (f"{_key(name)}: {_inner(item, depth + 1)}" for name, item in value.items())
        return _bounded("{" + ", ".join(entries) + "}")
    return _bounded(_FORMS.get(kind(value), str)(value))


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise Unfit("văn bản quá dài")
    grow(len(text))
    return text


def quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _key(name: str) -> str:
    return name if _NAME.fullmatch(name) else quoted(name)


def _number(value: Any) -> str:
    found = number(value)
    if not found:
        return "0"
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def date_text(value: Date) -> str:
    year = f"{value.year:04d}" if value.year >= 0 else f"-{-value.year:04d}"
    return f"{year}-{value.month:02d}-{value.day:02d}"


def _clock(value: Time) -> str:
    fraction = fraction_of(value)
    after = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{after}"


def _zone(zone: dt.tzinfo | None, at: int) -> str:
    if zone is None:
        return ""
    if name := zone_name(zone):
        return f"@{name}"
    seconds = offset_at(zone, at)
    if not seconds:
        return "Z"
    sign, seconds = "-" if seconds < 0 else "+", abs(seconds)
    rest = f":{seconds % 60:02d}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}{rest}"


def _time(value: Time) -> str:
    return _clock(value) + _zone(value.tzinfo, DAY)


def _date_time(value: Any) -> str:
    spend(10)
    return f"{date_text(date_of(value))}T{_clock(time_of(value))}{_zone(zone_of(value), local(value))}"


def _days(value: Any) -> str:
    total = nanoseconds_of(value)
    seconds, fraction = divmod(abs(total), SECOND)
    after = f"{seconds % 60}" + (f".{fraction:09d}".rstrip("0") if fraction else "")
    parts = ((seconds // 3600 % 24, "H"), (seconds // 60 % 60, "M"))
    clock = "".join(f"{part}{unit}" for part, unit in parts if part) + (f"{after}S" if after != "0" else "")
    days = f"{seconds // 86_400}D" if seconds >= 86_400 else ""
    if not days and not clock:
        return "PT0S"
    return ("-" if total < 0 else "") + "P" + days + ("T" + clock if clock else "")


def _months(value: YearsMonths) -> str:
    years, months = divmod(abs(value.months), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + "P" + (parts or "0M")


def _range(value: Range) -> str:
    if isinstance(value, Point):
        return f"({'=' if value.with_low else '!='} {_inner(value.low, 1)})"
    low, high = ("" if end is None else _inner(end, 1) for end in (value.low, value.high))
    return f"{'[' if value.with_low else '('}{low}..{high}{']' if value.with_high else ')'}"


def _function(value: Function) -> str:
    return f"function({', '.join(value.parameters)})"


_FORMS: dict[str, Callable[[Any], str]] = {
    kinds.NULL: lambda value: "null",
    kinds.STRING: quoted,
    kinds.BOOLEAN: lambda value: "true" if value else "false",
    kinds.NUMBER: _number,
    kinds.DATE: date_text,
    kinds.TIME: _time,
    kinds.DATE_TIME: _date_time,
    kinds.DAYS: _days,
    kinds.MONTHS: _months,
    kinds.RANGE: _range,
    kinds.FUNCTION: _function,
}
