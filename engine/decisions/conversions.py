"""typeRef in files drawn for Operaton: a value is made to fit the type that a column declares, as Operaton converts it.

Null stays null. Names are those of DMN 1.1 to 1.5 and Camunda's of Java. A type that nobody knows converts nothing.
"""

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.decisions.errors import Unfit
from engine.expressions import Functions
from feel import kinds
from feel.functions import BUILTINS
from feel.kinds import kind
from feel.values import Unfit as NotFitting

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


def _made(function: str, value: Any) -> Any:
    """What a built-in function makes of it; None where it does not fit."""
    try:
        return BUILTINS[function].call(None, value)
    except NotFitting:
        return None


def _string(value: Any) -> Any:
    return None if isinstance(value, list | dict) else _made("string", value)


def _boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).strip().lower())


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    return _made("number", value.strip()) if isinstance(value, str) else None


def _integer(value: Any) -> Any:
    found = _number(value)
    return found if found is not None and found == found.to_integral_value() else None


def _date(value: Any) -> Any:
    """A date-time stays one: Operaton's type `date` is an instant, compared with `date and time(…)`."""
    if not isinstance(value, str):
        return value if kind(value) in (kinds.DATE, kinds.DATE_TIME) else None
    found = _made("date", value)
    return _made("date and time", value) if found is None else found


def _date_time(value: Any) -> Any:
    return value if kind(value) == kinds.DATE_TIME else _made("date and time", value)


def _time(value: Any) -> Any:
    return value if kind(value) == kinds.TIME else _made("time", value)


def _duration(value: Any) -> Any:
    found = value if kind(value) == kinds.DAYS else _made("duration", value)
    return found if kind(found) == kinds.DAYS else None


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
