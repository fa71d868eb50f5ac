"""typeRef in files drawn for Operaton: a value is made to fit the type that a column declares, as Operaton converts it.

Null stays null. Names are those of DMN 1.1 to 1.5 and Camunda's of Java. A type that nobody knows converts nothing.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.decisions.errors import Unfit
from engine.expressions import Functions
from feel import builtins

WORDS = {
    "string": "văn bản",
    "boolean": "đúng hoặc sai",
    "number": "số",
    "integer": "số nguyên",
    "date": "ngày",
    "time": "giờ",
    "dateTime": "ngày giờ",
    "duration": "khoảng thời gian",
}
_NAMES = {
    **dict.fromkeys(("string",), "string"),
    **dict.fromkeys(("boolean",), "boolean"),
    **dict.fromkeys(("number", "double", "float", "decimal"), "number"),
    **dict.fromkeys(("integer", "long", "short", "int"), "integer"),
    **dict.fromkeys(("date",), "date"),
    **dict.fromkeys(("time",), "time"),
    **dict.fromkeys(("datetime", "date and time", "date_time"), "dateTime"),
    **dict.fromkeys(("daytimeduration", "days and time duration"), "duration"),
}


@dataclasses.dataclass(frozen=True)
class Converted:
    """A type by our name of it."""

    type_name: str

    def fitted(self, value: Any, functions: Functions) -> Any:
        """Raises Unfit."""
        return converted(value, self.type_name)


def named(type_ref: str) -> str:
    """Our name of a built-in type, "" for Any and those of others. A prefix (`feel:string`) says nothing."""
    return _NAMES.get(type_ref.rpartition(":")[2].strip().lower(), "")


def converted(value: Any, type_name: str) -> Any:
    """`type_name`: one of `named`. Raises Unfit."""
    if value is None or not type_name:
        return value
    found = _MAKE[type_name](value)
    if found is None:
        raise Unfit(WORDS[type_name])
    return found


def _string(value: Any) -> Any:
    return None if isinstance(value, list | dict) else builtins.string(value)


def _boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).strip().lower())


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        return None
    return Decimal(value) if isinstance(value, int) else builtins.number(value)


def _integer(value: Any) -> Any:
    found = _number(value)
    return found if found is not None and found == found.to_integral_value() else None


def _date(value: Any) -> Any:
    """A date-time stays one: Operaton's type `date` is an instant, compared with `date and time(…)`."""
    if isinstance(value, dt.date):
        return value
    return builtins.date(value) or builtins.date_and_time(value) if isinstance(value, str) else None


def _date_time(value: Any) -> Any:
    return value if isinstance(value, dt.datetime) else builtins.date_and_time(value)


def _time(value: Any) -> Any:
    return value if isinstance(value, dt.time) else builtins.time(value)


def _duration(value: Any) -> Any:
    return value if isinstance(value, dt.timedelta) else builtins.duration(value)


_MAKE: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "number": _number,
    "integer": _integer,
    "date": _date,
    "time": _time,
    "dateTime": _date_time,
    "duration": _duration,
}
