"""How values are written on screens: dates, sizes, names of people as initials."""

import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

from flask import Flask

from kernel import clock
from webapp.amounts import Amount

WEEKDAYS = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"]
KILO = 1024


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(now=clock.now, today=clock.today)
    app.jinja_env.filters.update(
        date=date,
        datetime=datetime,
        moment=moment,
        day_month=day_month,
        weekday=weekday,
        filesize=filesize,
        initials=initials,
        plain=plain,
        amount=Amount,
    )


def date(value: dt.date | dt.datetime | None) -> str:
    """05/05/2016, in the office's zone."""
    return f"{_day(value):%d/%m/%Y}" if value else ""


def datetime(value: dt.datetime | None) -> str:
    """05/05/2016 15:42, in the office's zone."""
    return f"{clock.local(value):%d/%m/%Y %H:%M}" if value else ""


def moment(value: dt.datetime | None) -> str:
    """15:42 today, else 05/05 15:42, else with the year."""
    if value is None:
        return ""
    local, today = clock.local(value), clock.today()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%d/%m %H:%M}" if local.year == today.year else f"{local:%d/%m/%Y %H:%M}"


def day_month(value: dt.date | dt.datetime | None) -> str:
    """05/05."""
    return f"{_day(value):%d/%m}" if value else ""


def weekday(day: dt.date) -> str:
    """Thứ Tư, 04/05/2016."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def filesize(size: int | None) -> str:
    """86 KB, 1,2 MB."""
    if not size:
        return "0 KB"
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} KB"
    return f"{size / KILO / KILO:.1f} MB".replace(".", ",")


def initials(name: str | None) -> str:
    """Hoàng Thu Hà, Chuyên viên → HH: first and last word of the name."""
    words = (name or "").partition(",")[0].split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def plain(value: Any) -> str:
    """A value of a form in words."""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    for kind, words in WORDS.items():
        if isinstance(value, kind):
            return words(value)
    return str(value or "—")


def _number(value: decimal.Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


#: How each type is said; bool before the numbers, instants before days, as Python's types nest.
WORDS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "Có" if value else "Không",
    dt.datetime: datetime,
    dt.date: date,
    decimal.Decimal: _number,
}


def _day(value: dt.date | dt.datetime) -> dt.date:
    return clock.local(value).date() if isinstance(value, dt.datetime) else value
