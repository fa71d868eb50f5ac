"""The built-in functions. An argument that does not fit gives null, as the standard says."""

import datetime as dt
import decimal
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel import values

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d{1,8})D)?"
    r"(?:T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,8}(?:\.\d{1,6})?)S)?)?"
)


def count(items: Any) -> Any:
    return Decimal(len(items)) if isinstance(items, list) else None


def total(*items: Any) -> Any:
    result: Any = None
    for item in _listed(items):
        result = item if result is None else values.add(result, item)
        if not isinstance(result, Decimal | dt.timedelta):
            return None
    return result


def smallest(*items: Any) -> Any:
    return _extreme("<", items)


def greatest(*items: Any) -> Any:
    return _extreme(">", items)


def absolute(value: Any) -> Any:
    if isinstance(value, Decimal):
        return values.CONTEXT.abs(value)
    return abs(value) if isinstance(value, dt.timedelta) else None


def string(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def number(text: Any) -> Any:
    if isinstance(text, Decimal):
        return text
    try:
        found = Decimal(text) if isinstance(text, str) and re.fullmatch(r"-?\d{1,34}(\.\d{1,34})?", text) else None
    except decimal.InvalidOperation:
        return None
    return found


def date(*parts: Any) -> Any:
    """`date("2026-02-26")`, `date(2026, 2, 26)`, the date of a date-time."""
    if len(parts) == 3:
        return _quietly(lambda: dt.date(*(int(part) for part in parts)))
    (value,) = parts
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):
        return _quietly(lambda: dt.date.fromisoformat(value))
    return value if isinstance(value, dt.date) else None


def time(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.timetz()
    return _quietly(lambda: dt.time.fromisoformat(value)) if isinstance(value, str) else None


def date_and_time(value: Any, at: Any = None) -> Any:
    """Of a text, or of a date and a time. Without a zone it is taken as UTC."""
    if isinstance(value, str):
        found = _quietly(lambda: dt.datetime.fromisoformat(value))
    elif isinstance(value, dt.date) and isinstance(at, dt.time):
        found = dt.datetime.combine(value, at)
    else:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=dt.UTC)


def duration(text: Any) -> Any:
    """Days and time: `duration("P1DT4H")`."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or text.endswith(("P", "T")):
        return None
    part = match.groupdict()
    found = dt.timedelta(**{unit: float(part[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")})
    return -found if part["sign"] else found


def append(items: Any, *more: Any) -> Any:
    return _bounded([*items, *more]) if isinstance(items, list) else None


def concatenate(*lists: Any) -> Any:
    return _bounded([item for part in lists for item in part]) if all(isinstance(x, list) for x in lists) else None


def list_contains(items: Any, value: Any) -> Any:
    return any(values.equal(item, value) for item in items) if isinstance(items, list) else None


def _text_test(test: Callable[[str, str], bool]) -> Callable[[Any, Any], Any]:
    def check(text: Any, part: Any) -> Any:
        return test(text, part) if isinstance(text, str) and isinstance(part, str) else None

    return check


def _text_change(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda text: change(text) if isinstance(text, str) else None


def _rounded(rounding: str) -> Callable[[Any], Any]:
    return lambda value: value.to_integral_value(rounding=rounding) if isinstance(value, Decimal) else None


def _listed(items: tuple[Any, ...]) -> list[Any]:
    return items[0] if len(items) == 1 and isinstance(items[0], list) else list(items)


def _extreme(sign: str, items: tuple[Any, ...]) -> Any:
    best: Any = None
    for item in _listed(items):
        if best is None:
            best = item
        elif (better := values.compare(sign, item, best)) is None:
            return None
        elif better:
            best = item
    return best


def _bounded(items: list[Any]) -> Any:
    return items if len(items) <= values.MAX_LIST else None


def _quietly(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (ValueError, TypeError, OverflowError):
        return None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "not": values.negation,
    "count": count,
    "sum": total,
    "min": smallest,
    "max": greatest,
    "string": string,
    "number": number,
    "date": date,
    "time": time,
    "date and time": date_and_time,
    "duration": duration,
    "append": append,
    "concatenate": concatenate,
    "list contains": list_contains,
    "contains": _text_test(lambda text, part: part in text),
    "starts with": _text_test(str.startswith),
    "ends with": _text_test(str.endswith),
    "string length": _text_change(lambda text: Decimal(len(text))),
    "lower case": _text_change(str.lower),
    "upper case": _text_change(str.upper),
    "floor": _rounded(decimal.ROUND_FLOOR),
    "ceiling": _rounded(decimal.ROUND_CEILING),
    "abs": absolute,
}
