"""Arithmetic of numbers, texts, dates and durations (DMN 1.5, 10.3.2.13.4 and tables 56 to 60): None for misfits."""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from feel import kinds
from feel.comparison import time_offset, zone_of_run
from feel.kinds import kind
from feel.temporal import (
    DAY,
    SECOND,
    add_months,
    as_date_time,
    date_of,
    from_instant,
    from_ordinal,
    instant,
    make_date_time,
    make_duration,
    make_months,
    nanoseconds_of,
    nanoseconds_of_day,
    ordinal,
    time_from_nanoseconds,
    time_of,
    zone_of,
)
from feel.values import CONTEXT, MAX_TEXT, Unfit, grow, number, spend

Rule = Callable[[Any, Any], Any]


def add(left: Any, right: Any) -> Any:
    return _calculated(_ADD, left, right)


def subtract(left: Any, right: Any) -> Any:
    return _calculated(_SUBTRACT, left, right)


def multiply(left: Any, right: Any) -> Any:
    return _calculated(_MULTIPLY, left, right)


def divide(left: Any, right: Any) -> Any:
    """None where it is by zero."""
    return _calculated(_DIVIDE, left, right)


def power(left: Any, right: Any) -> Any:
    return _calculated(_POWER, left, right)


def negate(value: Any) -> Any:
    match kind(value):
        case kinds.NUMBER:
            return CONTEXT.minus(number(value))
        case kinds.DAYS:
            return make_duration(-nanoseconds_of(value))
        case kinds.MONTHS:
            return make_months(-value.months)
        case _:
            return None


def _calculated(rules: dict[tuple[str, str], Rule], left: Any, right: Any) -> Any:
    rule = rules.get((kind(left), kind(right)))
    if rule is None:
        return None
    try:
        return rule(number(left), number(right))
    except (DecimalException, Unfit, OverflowError):
        return None


def _joined(left: str, right: str) -> str | None:
    if len(left) + len(right) > MAX_TEXT:
        return None
    grow(len(left) + len(right))
    return left + right


def _raised(base: Decimal, exponent: Decimal) -> Decimal:
    """A power takes a hundred times as long as a product."""
    spend(100)
    return CONTEXT.power(base, exponent)


def _moved_date(day: Any, duration: Any) -> Any:
    return from_ordinal(ordinal(day) + nanoseconds_of(duration) // DAY)


def _moved_date_time(moment: Any, duration: Any) -> Any:
    """Along the line of time: an hour is an hour on the day the clocks change, too."""
    spend(15)
    return from_instant(instant(moment, None) + nanoseconds_of(duration), zone_of(moment))


def _moved_time(clock: Any, duration: Any) -> Any:
    return time_from_nanoseconds((nanoseconds_of_day(clock) + nanoseconds_of(duration)) % DAY, clock.tzinfo)


def _date_by_months(day: Any, duration: Any) -> Any:
    return add_months(day, duration.months)


def _date_time_by_months(moment: Any, duration: Any) -> Any:
    return make_date_time(add_months(date_of(moment), duration.months), time_of(moment))


def _between_date_times(left: Any, right: Any) -> Any:
    """Raises Unfit for one with and one without a zone."""
    left, right, zone = as_date_time(left), as_date_time(right), zone_of_run()
    if (zone_of(left) is None) != (zone_of(right) is None) and zone is None:
        raise Unfit("một bên có múi giờ, bên kia không")
    return make_duration(instant(left, zone) - instant(right, zone))


def _between_dates(left: Any, right: Any) -> Any:
    return make_duration((ordinal(left) - ordinal(right)) * DAY)


def _between_times(left: Any, right: Any) -> Any:
    """Raises Unfit for one with and one without a zone."""
    zone = zone_of_run()
    zones = left.tzinfo or zone, right.tzinfo or zone
    if None in zones and zones[0] is not zones[1]:
        raise Unfit("một bên có múi giờ, bên kia không")
    found = nanoseconds_of_day(left) - nanoseconds_of_day(right)
    if zones[0] == zones[1]:
        return make_duration(found)
    return make_duration(found - (_time_offset(zones[0]) - _time_offset(zones[1])))


def _time_offset(zone: Any) -> int:
    found = time_offset(zone)
    if found is None:
        raise Unfit("giờ ở múi giờ theo tên không có độ lệch cố định")
    return found * SECOND


def _turned(rule: Rule) -> Rule:
    return lambda left, right: rule(right, left)


def _backwards(rule: Rule) -> Rule:
    return lambda left, right: rule(left, negate(right))


def _whole(value: Decimal) -> int:
    """Towards zero."""
    return int(value)


def _product_of_days(duration: Any, factor: Decimal) -> Any:
    return make_duration(_whole(CONTEXT.multiply(Decimal(nanoseconds_of(duration)), factor)))


def _part_of_days(duration: Any, divisor: Decimal) -> Any:
    return make_duration(_whole(CONTEXT.divide(Decimal(nanoseconds_of(duration)), divisor)))


def _product_of_months(duration: Any, factor: Decimal) -> Any:
    return make_months(_whole(CONTEXT.multiply(Decimal(duration.months), factor)))


def _part_of_months(duration: Any, divisor: Decimal) -> Any:
    return make_months(_whole(CONTEXT.divide(Decimal(duration.months), divisor)))


def _ratio_of_days(left: Any, right: Any) -> Decimal:
    return CONTEXT.divide(Decimal(nanoseconds_of(left)), Decimal(nanoseconds_of(right)))


def _ratio_of_months(left: Any, right: Any) -> Decimal:
    return CONTEXT.divide(Decimal(left.months), Decimal(right.months))


def _sum_of_days(left: Any, right: Any) -> Any:
    return make_duration(nanoseconds_of(left) + nanoseconds_of(right))


def _sum_of_months(left: Any, right: Any) -> Any:
    return make_months(left.months + right.months)


_NUMBERS = (kinds.NUMBER, kinds.NUMBER)
_MOVES: dict[tuple[str, str], Rule] = {
    (kinds.DATE, kinds.DAYS): _moved_date,
    (kinds.DATE, kinds.MONTHS): _date_by_months,
    (kinds.DATE_TIME, kinds.DAYS): _moved_date_time,
    (kinds.DATE_TIME, kinds.MONTHS): _date_time_by_months,
    (kinds.TIME, kinds.DAYS): _moved_time,
}
_SUMS: dict[tuple[str, str], Rule] = {
    (kinds.DAYS, kinds.DAYS): _sum_of_days,
    (kinds.MONTHS, kinds.MONTHS): _sum_of_months,
}
_ADD: dict[tuple[str, str], Rule] = {
    _NUMBERS: CONTEXT.add,
    (kinds.STRING, kinds.STRING): _joined,
    **_SUMS,
    **_MOVES,
    **{(second, first): _turned(rule) for (first, second), rule in _MOVES.items()},
}
_SUBTRACT: dict[tuple[str, str], Rule] = {
    _NUMBERS: CONTEXT.subtract,
    **{pair: _backwards(rule) for pair, rule in (_SUMS | _MOVES).items()},
    (kinds.DATE, kinds.DATE): _between_dates,
    (kinds.DATE, kinds.DATE_TIME): _between_date_times,
    (kinds.DATE_TIME, kinds.DATE): _between_date_times,
    (kinds.DATE_TIME, kinds.DATE_TIME): _between_date_times,
    (kinds.TIME, kinds.TIME): _between_times,
}
_MULTIPLY: dict[tuple[str, str], Rule] = {
    _NUMBERS: CONTEXT.multiply,
    (kinds.DAYS, kinds.NUMBER): _product_of_days,
    (kinds.MONTHS, kinds.NUMBER): _product_of_months,
    (kinds.NUMBER, kinds.DAYS): _turned(_product_of_days),
    (kinds.NUMBER, kinds.MONTHS): _turned(_product_of_months),
}
_DIVIDE: dict[tuple[str, str], Rule] = {
    _NUMBERS: CONTEXT.divide,
    (kinds.DAYS, kinds.NUMBER): _part_of_days,
    (kinds.MONTHS, kinds.NUMBER): _part_of_months,
    (kinds.DAYS, kinds.DAYS): _ratio_of_days,
    (kinds.MONTHS, kinds.MONTHS): _ratio_of_months,
}
_POWER: dict[tuple[str, str], Rule] = {_NUMBERS: _raised}
