"""Process values as people read and type them: text, number, date, yes or no; lists and maps as JSON."""

import dataclasses
import datetime as dt
import decimal
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine import values
from kernel import clock, text
from webapp.incoming.reading import day_of
from webapp.texts import date

#: kind -> its name in the choice
KINDS = {
    "text": "Văn bản",
    "number": "Số",
    "date": "Ngày",
    "datetime": "Ngày giờ",
    "boolean": "Có / Không",
    "json": "Danh sách hoặc bảng (JSON)",
    "null": "Để trống",
}

NAME = re.compile(r"[^\W\d]\w*( \w+)*", re.UNICODE)
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_YES, _NO = frozenset({"có", "true", "1", "yes"}), frozenset({"không", "false", "0", "no"})


class Unreadable(ValueError):
    """What was typed is no value of the kind that was chosen; the text says what to type."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """A value on the screen: `kind` of KINDS, in words, and as it is typed. `long`: several lines."""

    kind: str
    label: str
    words: str
    typed: str

    @property
    def long(self) -> bool:
        return "\n" in self.words or len(self.words) > 120


def show(value: Any) -> Shown:
    kind = kind_of(value)
    typed = _TYPED[kind](value)
    return Shown(kind=kind, label=_label(kind, value), words=typed if kind != "null" else "(trống)", typed=typed)


def _label(kind: str, value: Any) -> str:
    if kind != "json":
        return KINDS[kind]
    return next((name for types, name in ((list, "Danh sách"), (dict, "Bảng")) if isinstance(value, types)), "Khác")


def kind_of(value: Any) -> str:
    """Times and durations have no field of their own: they are written as JSON with their mark."""
    if value is None:
        return "null"
    for kind, types in _TYPES:
        if isinstance(value, types):
            return kind
    return "json"


def read(kind: str, typed: str) -> Any:
    """Raises Unreadable."""
    if kind not in _READ:
        raise Unreadable("Chọn kiểu của giá trị.")
    return _READ[kind](typed)


def read_name(typed: str) -> str:
    """Of a new variable. Raises Unreadable."""
    name = text.tidy(typed)
    if not NAME.fullmatch(name) or len(name) > 100:
        raise Unreadable("Tên biến bắt đầu bằng chữ, chỉ gồm chữ, số và gạch dưới; không quá 100 ký tự.")
    return name


# ------------------------------------------------------------------------------------------------------------- reading
def _read_number(typed: str) -> Decimal:
    told = typed.strip().replace(" ", "")
    if not _NUMBER.fullmatch(told):
        raise Unreadable("Gõ một số, ví dụ 12 hoặc 1,5; không dùng dấu tách hàng nghìn.")
    return Decimal(told.replace(",", "."))


def _read_date(typed: str) -> dt.date:
    day = day_of(typed)
    if day is None:
        raise Unreadable("Gõ ngày theo mẫu 05/05/2016.")
    return day


def _read_datetime(typed: str) -> dt.datetime:
    for form in ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M"):
        try:
            return dt.datetime.strptime(typed.strip(), form).replace(tzinfo=clock.VIETNAM)
        except ValueError:
            continue
    raise Unreadable("Gõ ngày giờ theo mẫu 05/05/2016 15:42.")


def _read_boolean(typed: str) -> bool:
    told = typed.strip().casefold()
    if told not in _YES | _NO:
        raise Unreadable("Gõ Có hoặc Không.")
    return told in _YES


def _read_json(typed: str) -> Any:
    try:
        found = json.loads(typed, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
        return values.restored(found)
    except (ValueError, decimal.InvalidOperation, TypeError, AttributeError) as wrong:
        place = f" (dòng {wrong.lineno}, cột {wrong.colno})" if isinstance(wrong, json.JSONDecodeError) else ""
        raise Unreadable(f'Chưa đúng JSON{place}. Ví dụ: ["a", "b"] hoặc {{"ten": "a"}}.') from wrong


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_READ: dict[str, Callable[[str], Any]] = {
    "text": text.nfc,
    "number": _read_number,
    "date": _read_date,
    "datetime": _read_datetime,
    "boolean": _read_boolean,
    "json": _read_json,
    "null": lambda typed: None,
}


# ------------------------------------------------------------------------------------------------------------- showing
def _number(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")


def _as_json(value: Any) -> str:
    return json.dumps(_readable(values.plain(value)), ensure_ascii=False, indent=2)


def _readable(value: Any) -> Any:
    """Numbers as JSON has them, unless digits would be lost; what JSON has no word for keeps its mark."""
    if isinstance(value, dict):
        digits = value.get("$n") if len(value) == 1 else None
        if digits is not None:
            return _plain_number(Decimal(digits), value)
        return {key: _readable(item) for key, item in value.items()}
    return [_readable(item) for item in value] if isinstance(value, list) else value


def _plain_number(number: Decimal, tagged: dict[str, str]) -> Any:
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else tagged


_TYPES: list[tuple[str, Any]] = [
    ("boolean", bool),
    ("number", (Decimal, int)),
    ("datetime", dt.datetime),
    ("date", dt.date),
    ("text", str),
]
_TYPED: dict[str, Callable[[Any], str]] = {
    "text": str,
    "number": lambda value: _number(Decimal(value)),
    "date": date,
    "datetime": lambda value: f"{clock.local(value):%d/%m/%Y %H:%M:%S}".removesuffix(":00"),
    "boolean": lambda value: "Có" if value else "Không",
    "json": _as_json,
    "null": lambda value: "",
}
