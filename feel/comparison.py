"""Equality, order and membership (DMN 1.5, 10.3.2.13.1 to 10.3.2.13.3), with three-valued logic.

Times are compared by whole seconds, as the value functions of the standard count them; those with a zone by their
instant. One with a zone beside one without: as if this stood in the zone of the evaluation, else never equal and in no
order.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from feel import kinds
from feel.errors import FeelError
from feel.kinds import kind
from feel.ranges import Point, Range
from feel.temporal import (
    SECOND,
    instant,
    nanoseconds_of,
    nanoseconds_of_day,
    offset_at,
    zone_name,
    zone_of,
)
from feel.values import RUN, spend

LONG_TEXT = 4_096  #: characters that are compared in less than a step
MAX_DEPTH = 64  #: lists and contexts within each other
TOO_DEEP = f"Danh sách lồng nhau quá {MAX_DEPTH} tầng."


def equal(left: Any, right: Any) -> bool | None:
    """Null for values of two kinds; null is equal to null alone."""
    if left is None or right is None:
        return left is right
    left_kind = kind(left)
    if left_kind != kind(right):
        return None
    return _EQUAL[left_kind](left, right) if left_kind in _EQUAL else bool(left == right)


def not_equal(left: Any, right: Any) -> bool | None:
    return negation(equal(left, right))


def less(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order < 0


def less_equal(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order <= 0


def greater(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order > 0


def greater_equal(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order >= 0


def compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None for values of two kinds, or of a kind that has no order."""
    left_kind = kind(left)
    if left_kind != kind(right) or left_kind not in kinds.ORDERED:
        return None
    key = _KEYS.get(left_kind)
    if key:
        left, right = key(left, right)
    if left is None:
        return None
    return int(left > right) - int(left < right)


def between(value: Any, low: Any, high: Any) -> bool | None:
    return conjunction(greater_equal(value, low), less_equal(value, high))


def conjunction(*values: Any) -> bool | None:
    """Three-valued and: false wins over null, null over true."""
    if False in [value for value in values if value.__class__ is bool]:
        return False
    return True if all(value is True for value in values) else None


def disjunction(*values: Any) -> bool | None:
    if True in [value for value in values if value.__class__ is bool]:
        return True
    return False if all(value is False for value in values) else None


def negation(value: Any) -> bool | None:
    return not value if value.__class__ is bool else None


def contains(value: Any, test: Any) -> bool | None:
    """`value in test`: a range, a list of values and ranges, or one value (DMN 1.5, table 55)."""
    if isinstance(test, Range):
        return within(value, test)
    if isinstance(test, list):
        return _among(value, test)
    return equal(value, test)


def within(value: Any, test: Range) -> bool | None:
    """Whether a range holds a value."""
    if value is None:
        return None
    if test.__class__ is Point and not test.with_low:
        return not_equal(value, test.low)
    above = below = True if test.low is not None or test.high is not None else None
    if test.low is not None:
        above = greater_equal(value, test.low) if test.with_low else greater(value, test.low)
    if test.high is not None:
        below = less_equal(value, test.high) if test.with_high else less(value, test.high)
    return conjunction(above, below)


def _among(value: Any, test: list[Any]) -> bool | None:
    """True beside one that is equal or a range that holds it; a list is also in a list equal to it."""
    spend(len(test))
    if isinstance(value, list) and equal(value, test) is True:
        return True
    found: bool | None = False
    for item in test:
        answer = within(value, item) if isinstance(item, Range) and kind(value) != kinds.RANGE else equal(value, item)
        if answer is True:
            return True
        if answer is None and isinstance(item, Range):
            found = None
    return found


def zone_of_run() -> dt.tzinfo | None:
    run = RUN.get()
    return None if run is None else run.zone


def _same_list(left: list[Any], right: list[Any], depth: int = 0) -> bool:
    spend(2 * len(left) + 1)
    return len(left) == len(right) and all(_same(a, b, depth) for a, b in zip(left, right, strict=True))


def _same_context(left: Mapping[str, Any], right: Mapping[str, Any], depth: int = 0) -> bool:
    spend(2 * len(left) + 1)
    return left.keys() == right.keys() and all(_same(left[key], right[key], depth) for key in left)


def _same(left: Any, right: Any, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise FeelError(TOO_DEEP)
    if isinstance(left, list) and isinstance(right, list):
        return _same_list(left, right, depth + 1)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _same_context(left, right, depth + 1)
    return equal(left, right) is True


def _same_range(left: Range, right: Range) -> bool:
    """The same ends, both within or both without."""
    spend(2)
    closed = (left.with_low, left.with_high) == (right.with_low, right.with_high)
    closed = closed and left.__class__ is right.__class__
    return closed and equal(left.low, right.low) is True and equal(left.high, right.high) is True


def _same_instant(left: Any, right: Any) -> bool:
    first, second = _instants(left, right)
    return first is not None and bool(first == second)


def _same_time(left: Any, right: Any) -> bool:
    first, second = _times(left, right)
    return first is not None and bool(first == second)


def _same_text(left: str, right: str) -> bool:
    _read(left, right)
    return left == right


def _texts(left: str, right: str) -> tuple[str, str]:
    _read(left, right)
    return left, right


def _read(left: str, right: str) -> None:
    """Charges two long texts."""
    if len(left) > LONG_TEXT and len(right) > LONG_TEXT:
        spend(len(left) // LONG_TEXT)


def _dates(left: Any, right: Any) -> tuple[Any, Any]:
    return (left.year, left.month, left.day), (right.year, right.month, right.day)


def _instants(left: Any, right: Any) -> tuple[Any, Any]:
    """Seconds, to be compared; None for one with and one without a zone."""
    zone = None
    if (zone_of(left) is None) != (zone_of(right) is None):
        zone = zone_of_run()
        if zone is None:
            return None, None
    return _seconds(left, zone), _seconds(right, zone)


def _seconds(value: Any, zone: dt.tzinfo | None) -> int:
    """In UTC where there is a zone; the short way for what Python holds."""
    if not isinstance(value, dt.datetime):
        spend(10)
        return instant(value, zone) // SECOND
    found = value.toordinal() * 86_400 + value.hour * 3600 + value.minute * 60 + value.second
    own = value.tzinfo
    if own is dt.UTC or (own is None and zone is None):
        return found
    offset = (value if own else value.replace(tzinfo=zone)).utcoffset() or _NONE
    return found - offset.days * 86_400 - offset.seconds


def _times(left: Any, right: Any) -> tuple[Any, Any]:
    """Seconds, to be compared. A zone of the IANA database has no offset without a date: only times in the same zone
    are compared."""
    zone = zone_of_run()
    left_zone, right_zone = left.tzinfo or zone, right.tzinfo or zone
    first, second = nanoseconds_of_day(left) // SECOND, nanoseconds_of_day(right) // SECOND
    if left_zone == right_zone:
        return first, second
    if left_zone is None or right_zone is None:
        return None, None
    offsets = time_offset(left_zone), time_offset(right_zone)
    if None in offsets:
        return None, None
    return first - (offsets[0] or 0), second - (offsets[1] or 0)


def time_offset(zone: dt.tzinfo | None) -> int | None:
    """Seconds that a zone is always ahead of Greenwich; None where that hangs on the date."""
    if zone is None:
        return None
    if zone_name(zone) is None or zone is zone_of_run():
        return offset_at(zone, _TODAY)
    return None


def _durations(left: Any, right: Any) -> tuple[int, int]:
    return nanoseconds_of(left), nanoseconds_of(right)


def _months(left: Any, right: Any) -> tuple[int, int]:
    return left.months, right.months


_KEYS: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
    kinds.DATE: _dates,
    kinds.STRING: _texts,
    kinds.TIME: _times,
    kinds.DATE_TIME: _instants,
    kinds.DAYS: _durations,
    kinds.MONTHS: _months,
}
_EQUAL: dict[str, Callable[[Any, Any], bool]] = {
    kinds.LIST: _same_list,
    kinds.STRING: _same_text,
    kinds.CONTEXT: _same_context,
    kinds.RANGE: _same_range,
    kinds.DATE_TIME: _same_instant,
    kinds.TIME: _same_time,
}
_NONE = dt.timedelta()
_TODAY = dt.date(2026, 1, 1).toordinal() * 86_400 * SECOND  #: offsets of zones that have one at all times
