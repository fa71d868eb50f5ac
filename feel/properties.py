"""Properties of values (DMN 1.5, 10.3.2.13.9 and table 65): a fixed table, never the attributes of Python."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from feel import kinds
from feel.comparison import MAX_DEPTH, TOO_DEEP, time_offset
from feel.errors import FeelError
from feel.kinds import kind
from feel.running import VALUE
from feel.temporal import (
    DAY,
    SECOND,
    YearsMonths,
    date_of,
    make_duration,
    nanoseconds_of,
    offset_of,
    ordinal,
    time_of,
    zone_name,
    zone_of,
)
from feel.values import grow, number, spend

Read = Callable[[Any], Any]


def property_of(value: Any, name: str) -> Any:
    """None where there is no such property; of a list: those of its items. Raises FeelError for what is nested too
    deeply."""
    return _property(value, name, 0)


def _property(value: Any, name: str, depth: int) -> Any:
    if value.__class__ is dict or isinstance(value, Mapping):
        return number(value.get(name))
    if isinstance(value, list):
        if depth > MAX_DEPTH:
            raise FeelError(TOO_DEEP)
        spend(len(value) + 1)
        grow(VALUE * len(value))
        return [_property(item, name, depth + 1) for item in value]
    read = _PROPERTIES.get(kind(value), {}).get(name)
    return None if read is None else number(read(value))


def _seconds(value: Any) -> Decimal:
    return Decimal(value.second)


def _days_part(unit: int, turn: int) -> Read:
    """A part of a duration, with its sign."""

    def read(value: Any) -> int:
        nanoseconds = nanoseconds_of(value)
        part = abs(nanoseconds) // unit % turn
        return -part if nanoseconds < 0 else part

    return read


def _years(value: YearsMonths) -> int:
    return value.months // 12 if value.months >= 0 else -(-value.months // 12)


def _months(value: YearsMonths) -> int:
    return value.months - 12 * _years(value)


def _offset(value: Any) -> Any:
    seconds = time_offset(value.tzinfo) if kind(value) == kinds.TIME else offset_of(value)
    return None if seconds is None else make_duration(seconds * SECOND)


def _through(part: Read, read: Read) -> Read:
    return lambda value: read(part(value))


_OF_DATE: dict[str, Read] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": lambda value: (ordinal(value) - 1) % 7 + 1,
}
_OF_TIME: dict[str, Read] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": _seconds,
    "time offset": _offset,
    "timezone": lambda value: zone_name(zone_of(value)),
}
_PROPERTIES: dict[str, dict[str, Read]] = {
    kinds.DATE: _OF_DATE,
    kinds.TIME: _OF_TIME,
    kinds.DATE_TIME: {
        **{name: _through(date_of, read) for name, read in _OF_DATE.items()},
        **{name: _through(time_of, read) for name, read in _OF_TIME.items()},
        "time offset": _offset,
    },
    kinds.DAYS: {
        "days": _days_part(DAY, 10**12),
        "hours": _days_part(3600 * SECOND, 24),
        "minutes": _days_part(60 * SECOND, 60),
        "seconds": _days_part(SECOND, 60),
    },
    kinds.MONTHS: {"years": _years, "months": _months},
    kinds.RANGE: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.with_low,
        "end included": lambda value: value.with_high,
    },
}
