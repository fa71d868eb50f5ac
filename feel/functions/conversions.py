"""Functions that make a value of another one (DMN 1.5, 10.3.4.1). Those of dates stand with the dates."""

import re
from decimal import Decimal
from typing import Any

from feel import literals, operators
from feel.functions.arguments import anything, optional, text
from feel.functions.registry import CONVERSION, RANGE, builtin
from feel.ranges import Range
from feel.texts import text_of
from feel.values import CONTEXT, Unfit

_NUMBER = re.compile(r"[+-]?(?:\d{1,6200}(?:\.\d{0,6200})?|\.\d{1,6200})(?:[eE][+-]?\d{1,6})?", re.ASCII)
_GROUPING = (" ", ",", ".")
_DECIMAL = (".", ",")


@builtin(
    "string",
    "from",
    takes=(anything,),
    group=CONVERSION,
    says="Giá trị viết thành văn bản.",
    example='string(@"2026-03-09")',
    result='"2026-03-09"',
)
def string(value: Any) -> str | None:
    return text_of(value)


@builtin(
    "number",
    "from",
    "from, grouping separator, decimal separator",
    takes=(text, optional(text), optional(text)),
    group=CONVERSION,
    says="Số viết trong văn bản; dấu phân nhóm là khoảng trắng, “,” hoặc “.”, dấu thập phân là “.” hoặc “,”.",
    example='number("1.500.000,5", ".", ",")',
    result="1500000.5",
)
def number(source: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    if grouping is not None and grouping not in _GROUPING:
        raise Unfit("dấu phân nhóm phải là khoảng trắng, “,” hoặc “.”")
    if point is not None and point not in _DECIMAL:
        raise Unfit("dấu thập phân phải là “.” hoặc “,”")
    if grouping is not None and grouping == point:
        raise Unfit("dấu phân nhóm và dấu thập phân phải khác nhau")
    plain = source.replace(grouping, "") if grouping else source
    if point == ",":
        plain = "" if "." in plain else plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise Unfit(f"“{source[:60]}” không phải là số")
    return CONTEXT.create_decimal(plain)


_ESCAPED = r'"(?:[^"\\]|\\.)*"'
_END = (
    rf"(?P<{{0}}>-?(?:\d+(?:\.\d+)?|\.\d+)|{_ESCAPED}|@{_ESCAPED}"
    rf"|(?:date|time|date and time|duration)\s*\(\s*{_ESCAPED}\s*\))"
)
_RANGE = re.compile(
    rf"\s*(?P<open>[\[\](])\s*{_END.format('low')}\s*\.\.\s*{_END.format('high')}\s*(?P<close>[\])\[])\s*"
)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(["\\nrt\']))')
_SIGNS = {"n": "\n", "r": "\r", "t": "\t"}
_CALLS = {
    "date": literals.read_date,
    "time": literals.read_time,
    "date and time": literals.read_date_time,
    "duration": literals.read_duration,
}


@builtin(
    "range",
    "from",
    takes=(text,),
    group=RANGE,
    says="Khoảng viết trong văn bản; hai đầu là số, văn bản, ngày, giờ hay khoảng thời gian viết sẵn.",
    example='range("[1..3)")',
    result="[1..3)",
)
def range_of_text(source: str) -> Range:
    if len(source) > 1000:
        raise Unfit("văn bản quá dài")
    match = _RANGE.fullmatch(source)
    if match is None:
        raise Unfit(f"“{source[:60]}” không phải là khoảng, ví dụ [1..3]")
    low, high = _end(match["low"]), _end(match["high"])
    found = operators.range_of(low, high, match["open"] == "[", match["close"] == "]")
    if found is None or operators.less_equal(low, high) is not True:
        raise Unfit("hai đầu của khoảng không cùng loại hoặc đầu lớn hơn cuối")
    return Range(low, high, found.with_low, found.with_high)


def _end(source: str) -> Any:
    name, quote, rest = source.partition('"')
    if not quote:
        return CONTEXT.create_decimal(source)
    value = _ESCAPE.sub(_sign, rest[: rest.rindex('"')])
    called = name.partition("(")[0].strip()
    if called in _CALLS:
        return _CALLS[called](value)
    return literals.read_temporal(value) if called else value


def _sign(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if not code:
        return _SIGNS.get(match[3], match[3])
    if int(code, 16) > 0x10FFFF:
        raise Unfit("không có ký tự này")
    return chr(int(code, 16))
