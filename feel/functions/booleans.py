"""Functions of truth and identity (DMN 1.5, 10.3.4.2 and 10.3.4.10). all and any stand with the lists."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from feel import kinds
from feel.comparison import equal, negation
from feel.errors import FeelError
from feel.functions.arguments import anything
from feel.functions.registry import BOOLEAN, builtin
from feel.kinds import kind
from feel.ranges import Range
from feel.temporal import DAY, date_of, nanoseconds_of_day, offset_at, time_of, zone_name
from feel.types import MAX_DEPTH
from feel.values import spend


@builtin(
    "not",
    "negand",
    takes=(anything,),
    group=BOOLEAN,
    says="Đúng thành sai, sai thành đúng; giá trị khác cho null.",
    example="not(true)",
    result="false",
)
def negated(value: Any) -> bool | None:
    return negation(value)


@builtin(
    "is",
    "value1, value2",
    takes=(anything, anything),
    group=BOOLEAN,
    says="Đúng khi hai giá trị là một: cùng loại, cùng từng phần, cả múi giờ.",
    example='is(@"2012-12-25", @"2012-12-25T00:00:00Z")',
    result="false",
)
def identical(left: Any, right: Any) -> bool:
    return _identical(left, right, 0)


def _identical(left: Any, right: Any, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise FeelError(f"Giá trị lồng nhau quá {MAX_DEPTH} tầng.")
    own = kind(left)
    if own != kind(right):
        return False
    check = _CHECKS.get(own)
    return equal(left, right) is True if check is None else check(left, right, depth)


def _same_items(left: list[Any], right: list[Any], depth: int) -> bool:
    spend(2 * len(left))
    return len(left) == len(right) and all(_identical(a, b, depth + 1) for a, b in zip(left, right, strict=True))


def _same_entries(left: Mapping[str, Any], right: Mapping[str, Any], depth: int) -> bool:
    spend(len(left))
    return left.keys() == right.keys() and all(_identical(left[key], right[key], depth + 1) for key in left)


def _same_ends(left: Range, right: Range, depth: int) -> bool:
    closed = (left.with_low, left.with_high) == (right.with_low, right.with_high)
    return closed and _identical(left.low, right.low, depth + 1) and _identical(left.high, right.high, depth + 1)


def _same_moment(left: Any, right: Any, depth: int) -> bool:
    return bool(date_of(left) == date_of(right)) and _same_time(time_of(left), time_of(right), depth)


def _same_time(left: Any, right: Any, depth: int) -> bool:
    return nanoseconds_of_day(left) == nanoseconds_of_day(right) and _zone(left.tzinfo) == _zone(right.tzinfo)


def _zone(zone: dt.tzinfo | None) -> str | int | None:
    """A name, an offset in seconds, or neither."""
    return None if zone is None else zone_name(zone) or offset_at(zone, DAY)


_CHECKS: dict[str, Callable[[Any, Any, int], bool]] = {
    kinds.LIST: _same_items,
    kinds.CONTEXT: _same_entries,
    kinds.RANGE: _same_ends,
    kinds.TIME: _same_time,
    kinds.DATE_TIME: _same_moment,
}
