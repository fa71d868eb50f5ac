"""Process values: null, boolean, Decimal, text, date, time, date-time, durations, range, list, map. Never float.

In the database they are tagged JSON. Plain JSON stays plain; tagged, an object with one key: {"$n": "1.10"} Decimal,
{"$d": …} date, {"$t": …} time, {"$dt": …} date and time, {"$p": seconds} days-time duration, {"$r": …} range, {"$f": …}
what only the language has a class for (duration of years and months, the year 12026), as its text. A map of the user's
whose first key begins with "$" is written as {"$m": [[key, value], …]}, so no key of anybody's can be taken for a tag.

Two tricks keep it cheap: orjson calls `tag` only for what is not plain, and `{"$` in the text (it cannot come from
within a string: quotes are escaped there) tells both ways whether anything is tagged at all.
"""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import orjson

from engine.errors import UnusableValue
from feel.literals import read_temporal
from feel.ranges import Point, Range
from feel.temporal import FarDate, FarDateTime, FineDuration, FineTime, YearsMonths
from feel.texts import text_of
from feel.values import Function
from kernel import clock

MARK = b'{"$'
MANY = 8  #: items of a list from which on it is worth a look whether all are numbers
MAX_DEPTH = 40  #: lists in lists
MAX_TEXT = 1_000_000  #: characters
PLAIN_ONLY = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS

_RARE = (YearsMonths, FarDate, FarDateTime, FineTime, FineDuration)
_KEPT = (bool, type(None), Decimal, dt.datetime, dt.date, dt.time, dt.timedelta, *_RARE)


# -------------------------------------------------------------------------------------------------------- at the border
def adopted(value: Any, name: str = "", *, depth: int = 0) -> Any:
    """A deep copy made of process values alone: integers become Decimal, tuples lists, ids text; a moment
    without zone stands in the zone of the house.

    Raises UnusableValue for text with NUL or beyond a million characters, functions, too deep nesting; TypeError for a
    float or any other type (a programming error).
    """
    if isinstance(value, str):
        return _checked_text(value, name)
    if isinstance(value, _KEPT):
        return _checked_moment(value, name)
    if isinstance(value, int):
        return Decimal(value)
    if depth > MAX_DEPTH:
        raise UnusableValue(name=name, reason="lồng nhau quá sâu.")
    if isinstance(value, Mapping):
        return {_checked_text(str(key), name): adopted(item, name, depth=depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [adopted(item, name, depth=depth + 1) for item in value]
    return _adopted_rare(value, name, depth)


def _adopted_rare(value: Any, name: str, depth: int) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, Range):
        low, high = (adopted(end, name, depth=depth + 1) for end in (value.low, value.high))
        return type(value)(low, high, value.with_low, value.with_high)
    if isinstance(value, Function):
        raise UnusableValue(name=name, reason="là hàm, không giữ lại được.")
    raise TypeError(f"{name}: not a process value: {type(value).__name__}")


def adopted_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: adopted(value, name) for name, value in values.items()}


def copied(value: Any) -> Any:
    """A deep copy of a process value."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if type(value) is list else value


def _checked_text(text: str, name: str) -> str:
    if "\x00" in text:
        raise UnusableValue(name=name, reason="có ký tự mà hệ thống không giữ được.")
    if len(text) > MAX_TEXT:
        raise UnusableValue(name=name, reason="dài quá một triệu ký tự.")
    return str(text)


def _checked_moment(value: Any, name: str) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=clock.VIETNAM)
    if isinstance(value, Decimal) and not value.is_finite():
        raise UnusableValue(name=name, reason="không phải là số.")
    return value


# --------------------------------------------------------------------------------------------------------- tagged JSON
def pack(value: Any) -> bytes:
    tags = 0

    def tag(item: Any) -> dict[str, Any]:
        nonlocal tags
        tags += 1
        if type(item) is Decimal:  # most of them are numbers
            return {"$n": str(item)}
        name, text = _tagged(item)
        return {name: text}

    try:
        data = orjson.dumps(value, default=tag, option=PLAIN_ONLY)
        if data.count(MARK) == tags:
            return data
    except orjson.JSONEncodeError:
        pass  # an integer beyond 64 bits, or no process value: the slow way finds out
    return orjson.dumps(_escaped(value))


def plain(value: Any) -> Any:
    """The tagged form as Python objects that JSON has, for a jsonb column."""
    return _escaped(value)


def unpack(data: bytes) -> Any:
    value = orjson.loads(data)
    return restored(value) if MARK in data else value


def _tagged(value: Any) -> tuple[str, Any]:
    writer = _WRITE.get(type(value))
    if writer is None:
        raise TypeError(f"not a process value: {type(value).__name__}")
    return writer(value)


def _moment(value: dt.datetime | dt.time) -> str:
    zone = value.tzinfo
    return f"{value.isoformat()}@{zone.key}" if isinstance(zone, zoneinfo.ZoneInfo) else value.isoformat()


def _seconds(value: dt.timedelta) -> str:
    return str(Decimal(value // dt.timedelta(microseconds=1)) / 1_000_000)


def _ends(value: Range) -> list[Any]:
    return [_escaped(value.low), _escaped(value.high), value.with_low, value.with_high]


_WRITE: dict[type, Callable[[Any], tuple[str, Any]]] = {
    Decimal: lambda value: ("$n", str(value)),
    dt.datetime: lambda value: ("$dt", _moment(value)),
    dt.date: lambda value: ("$d", value.isoformat()),
    dt.time: lambda value: ("$t", _moment(value)),
    dt.timedelta: lambda value: ("$p", _seconds(value)),
    Range: lambda value: ("$r", _ends(value)),
    Point: lambda value: ("$r", [*_ends(value), "point"]),
    **{rare: lambda value: ("$f", text_of(value)) for rare in _RARE},
}


def _escaped(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        if next(iter(value), "").startswith("$"):
            return {"$m": [[key, _escaped(item)] for key, item in value.items()]}
        return {key: _escaped(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_escaped(item) for item in value]
    if kind is int and not -(2**63) <= value < 2**63:
        return {"$n": str(value)}
    if kind in (str, int, bool, type(None)):
        return value
    name, text = _tagged(value)
    return {name: text}


def _read_moment(read: Callable[[str], Any], text: str) -> Any:
    text, _, zone = text.partition("@")
    value = read(text)
    return value.replace(tzinfo=zoneinfo.ZoneInfo(zone)) if zone else value


_READ: dict[str, Callable[[Any], Any]] = {
    "$n": Decimal,
    "$d": dt.date.fromisoformat,
    "$t": lambda text: _read_moment(dt.time.fromisoformat, text),
    "$dt": lambda text: _read_moment(dt.datetime.fromisoformat, text),
    "$p": lambda text: dt.timedelta(microseconds=int(Decimal(text) * 1_000_000)),
    "$f": read_temporal,
    "$r": lambda parts: (Range if len(parts) == 4 else Point)(restored(parts[0]), restored(parts[1]), *parts[2:4]),
    "$m": lambda pairs: {key: restored(item) for key, item in pairs},
}


def restored_map(told: dict[str, Any]) -> dict[str, Any]:
    """Of a map that nobody else holds; the quick way for many small ones."""
    if len(told) == 1:
        found: dict[str, Any] = restored(told)
        return found
    for name, item in told.items():
        kind = type(item)
        if kind is dict:
            told[name] = Decimal(item["$n"]) if len(item) == 1 and "$n" in item else restored(item)
        elif kind is list:
            told[name] = restored(item)
    return told


def restored(value: Any) -> Any:
    """The values of a tagged form, as it stands in a jsonb column or came out of JSON."""
    kind = type(value)
    if kind is dict:
        if len(value) == 1:
            for key in value:
                if key in _READ:
                    return _READ[key](value[key])
        return {key: restored(item) if type(item) in (dict, list) else item for key, item in value.items()}
    if kind is list:
        if len(value) > MANY and all(type(item) is dict and len(item) == 1 and "$n" in item for item in value):
            return [Decimal(item["$n"]) for item in value]
        return [restored(item) if type(item) in (dict, list) else item for item in value]
    return value
