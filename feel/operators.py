"""The operators of the language (DMN 1.5, 10.3.2), gathered: None where the operands do not fit.

Nothing is raised but feel.errors.FeelError, when a limit of the evaluation that goes on (values.RUN) is exceeded.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from feel import kinds
from feel.arithmetic import add, divide, multiply, negate, power, subtract
from feel.comparison import (
    between,
    compare,
    conjunction,
    contains,
    disjunction,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    negation,
    not_equal,
)
from feel.kinds import kind
from feel.properties import property_of as property  # what the standard calls it
from feel.ranges import Point, Range
from feel.temporal import from_ordinal, ordinal
from feel.types import instance_of
from feel.values import number, spend

__all__ = [
    "add",
    "between",
    "compare",
    "conjunction",
    "contains",
    "disjunction",
    "divide",
    "equal",
    "greater",
    "greater_equal",
    "instance_of",
    "item",
    "iterate",
    "less",
    "less_equal",
    "multiply",
    "negate",
    "negation",
    "not_equal",
    "power",
    "property",
    "range_of",
    "ray",
    "steps",
    "subtract",
]


def item(items: Any, position: Any) -> Any:
    """Counted from 1, from the end when negative; anything but a list is a list of one (10.3.2.5)."""
    if kind(position) != kinds.NUMBER or items is None:
        return None
    listed = items if isinstance(items, list) else [items]
    if abs(position) > len(listed) or position != int(position) or not position:
        return None
    return number(listed[int(position) - 1 if position > 0 else int(position)])


def range_of(low: Any, high: Any, with_low: bool, with_high: bool) -> Any:
    """`[low..high]`; null for ends of two kinds, or of a kind without order, as null is (10.3.2.7)."""
    if kind(low) != kind(high) or kind(low) not in kinds.ORDERED:
        return None
    return Range(number(low), number(high), with_low, with_high)


def ray(sign: str, end: Any) -> Any:
    """`< end`, `<= end`, `> end`, `>= end` as a range without a second end, `= end` and `!= end` as a point; null as in
    `range_of`."""
    if kind(end) not in kinds.ORDERED:
        return None
    if sign in ("=", "!="):
        return Point(number(end), number(end), sign == "=", sign == "=")
    if sign.startswith("<"):
        return Range(None, number(end), False, sign == "<=")
    return Range(number(end), None, sign == ">=", False)


def iterate(value: Any) -> Iterable[Any] | None:
    """What `for`, `some` and `every` go through: the items of a list, the whole numbers or the days of a range, else
    the value alone; None for null and for a range that cannot be counted (10.3.2.14)."""
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return _counted(value)
    return None if value is None else [value]


def steps(first: Any, last: Any) -> Iterable[Any] | None:
    """`for i in first..last`: forwards or backwards, both ends within; None where they cannot be counted."""
    numbers = _places(first, last)
    if numbers is None:
        return None
    start, end = numbers
    way = 1 if start <= end else -1
    make = Decimal if kind(first) == kinds.NUMBER else _day
    return (make(place) for place in range(start, end + way, way))


def _counted(value: Range) -> Iterable[Any] | None:
    numbers = _places(value.low, value.high)
    if numbers is None:
        return None
    first, last = numbers[0] + (not value.with_low), numbers[1] - (not value.with_high)
    make = Decimal if kind(value.low) == kinds.NUMBER else _day
    return (make(place) for place in range(first, last + 1))


def _day(place: int) -> Any:
    spend(4)
    return from_ordinal(place)


def _places(first: Any, last: Any) -> tuple[int, int] | None:
    """Two whole numbers or two dates, as whole numbers."""
    if kind(first) != kind(last):
        return None
    if kind(first) == kinds.DATE:
        return ordinal(first), ordinal(last)
    if kind(first) != kinds.NUMBER or any(abs(end) > 10**15 or end != int(end) for end in (first, last)):
        return None
    return int(first), int(last)
