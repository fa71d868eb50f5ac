"""What kind a value is of (the semantic domains of DMN 1.5, 10.3.2.2), by the names the language has for them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from feel.ranges import Point, Range
from feel.temporal import FarDate, FarDateTime, FineDuration, FineTime, YearsMonths
from feel.values import Function

NULL = "Null"
NUMBER = "number"
STRING = "string"
BOOLEAN = "boolean"
DATE = "date"
TIME = "time"
DATE_TIME = "date and time"
DAYS = "days and time duration"
MONTHS = "years and months duration"
LIST = "list"
CONTEXT = "context"
RANGE = "range"
FUNCTION = "function"
OTHER = "?"  #: what came from outside and is no value of the language: only itself equals it

_KINDS: dict[type, str] = {
    type(None): NULL,
    Decimal: NUMBER,
    int: NUMBER,
    bool: BOOLEAN,
    str: STRING,
    dt.date: DATE,
    FarDate: DATE,
    dt.datetime: DATE_TIME,
    FarDateTime: DATE_TIME,
    dt.time: TIME,
    FineTime: TIME,
    dt.timedelta: DAYS,
    FineDuration: DAYS,
    YearsMonths: MONTHS,
    list: LIST,
    dict: CONTEXT,
    Range: RANGE,
    Point: RANGE,
    Function: FUNCTION,
}
#: of which there is an order
ORDERED = frozenset({NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS, MONTHS})

WORDS = {
    NULL: "null",
    NUMBER: "số",
    STRING: "văn bản",
    BOOLEAN: "đúng hoặc sai",
    DATE: "ngày",
    TIME: "giờ",
    DATE_TIME: "ngày giờ",
    DAYS: "khoảng ngày và giờ",
    MONTHS: "khoảng năm và tháng",
    LIST: "danh sách",
    CONTEXT: "ngữ cảnh",
    RANGE: "khoảng",
    FUNCTION: "hàm",
    OTHER: "giá trị lạ",
}


def kind(value: Any) -> str:
    """One of the names above."""
    return _KINDS.get(value.__class__) or _inherited(value)


def _inherited(value: Any) -> str:
    for parent in value.__class__.__mro__:
        if parent in _KINDS:
            return _KINDS[parent]
    return CONTEXT if isinstance(value, Mapping) else OTHER
