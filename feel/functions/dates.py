"""Functions of dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.11)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from feel import kinds, literals
from feel.functions.arguments import anything, day, numeric, single, text, whole
from feel.functions.registry import CONVERSION, DATE, builtin
from feel.kinds import kind
from feel.temporal import (
    MAX_YEAR,
    SECOND,
    Date,
    YearsMonths,
    date_of,
    make_date,
    make_date_time,
    make_months,
    make_time,
    nanoseconds_of,
    nanoseconds_of_day,
    ordinal,
    time_of,
    zone_named,
)
from feel.values import RUN, Unfit, spend

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin(
    "date",
    "from",
    "year, month, day",
    takes=(anything, whole, whole),
    group=CONVERSION,
    says="Ngày viết trong văn bản (YYYY-MM-DD), ngày của một ngày giờ, hoặc ngày của năm, tháng, ngày.",
    example="date(2026, 3, 9)",
    result='@"2026-03-09"',
)
def date(value: Any, month: int | None = None, month_day: int | None = None) -> Date:
    if month is not None and month_day is not None:
        return make_date(whole(value), month, month_day)
    value = _alone(value)
    return literals.read_date(value) if isinstance(value, str) else day(value)


@builtin(
    "time",
    "from",
    "hour, minute, second",
    "hour, minute, second, offset",
    takes=(anything, whole, numeric, anything),
    group=CONVERSION,
    says="Giờ viết trong văn bản (hh:mm:ss), giờ của một ngày giờ, hoặc giờ của giờ, phút, giây và độ lệch múi giờ.",
    example='time(23, 59, 0, duration("PT7H"))',
    result='@"23:59:00+07:00"',
)
def time(value: Any, minute: int | None = None, second: Decimal | None = None, offset: Any = None) -> Any:
    if minute is not None and second is not None:
        return _time(whole(value), minute, second, offset)
    value = _alone(value)
    match kind(value):
        case kinds.STRING:
            return literals.read_time(value)
        case kinds.DATE_TIME:
            return time_of(value)
        case kinds.DATE:
            return dt.time(tzinfo=dt.UTC)
        case _:
            return single(value, kinds.TIME)


@builtin(
    "date and time",
    "from",
    "date, time",
    "year, month, day, hour, minute, second",
    "year, month, day, hour, minute, second, offset",
    "year, month, day, hour, minute, second, timezone",
    takes=(anything, anything, whole, whole, whole, numeric, anything),
    group=CONVERSION,
    says="Ngày giờ viết trong văn bản (YYYY-MM-DDThh:mm:ss), của một ngày và một giờ, hoặc của từng phần; "
    "múi giờ là độ lệch hay tên.",
    example='date and time("2026-03-09T08:00:00@Asia/Ho_Chi_Minh")',
    result='date and time(2026, 3, 9, 8, 0, 0, "Asia/Ho_Chi_Minh")',
)
def date_and_time(value: Any, *more: Any) -> Any:
    if not more:
        return _moment(_alone(value))
    if len(more) == 1:
        return make_date_time(day(value), single(_alone(more[0]), kinds.TIME))
    month, month_day, hour, minute, second, *zone = more
    return make_date_time(
        make_date(whole(value), whole(month), month_day), _time(hour, minute, second, zone[0] if zone else None)
    )


def _moment(value: Any) -> Any:
    match kind(value):
        case kinds.STRING:
            return literals.read_date_time(value)
        case kinds.DATE:
            return make_date_time(value, dt.time(tzinfo=dt.UTC))
        case _:
            return single(value, kinds.DATE_TIME)


def _time(hour: int, minute: int, second: Decimal, zone: Any) -> Any:
    if not 0 <= second < 60:
        raise Unfit("giây phải từ 0 đến dưới 60")
    nanoseconds = int(second * SECOND)
    return make_time(hour, minute, nanoseconds // SECOND, nanoseconds % SECOND, _zone(zone))


def _zone(value: Any) -> dt.tzinfo | None:
    """A duration from Greenwich, or a name of the IANA database."""
    if value is None:
        return None
    if isinstance(value, str):
        return zone_named(value)
    seconds, rest = divmod(nanoseconds_of(single(value, kinds.DAYS)), SECOND)
    if rest:
        raise Unfit("độ lệch múi giờ phải là số giây nguyên")
    return literals.offset_zone(seconds)


def _alone(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


@builtin(
    "duration",
    "from",
    takes=(anything,),
    group=CONVERSION,
    says="Khoảng thời gian viết trong văn bản: P3DT4H (ngày và giờ) hay P1Y2M (năm và tháng).",
    example='duration("P1DT12H")',
    result='@"PT36H"',
)
def duration(value: Any) -> Any:
    value = _alone(value)
    return value if kind(value) in (kinds.DAYS, kinds.MONTHS) else literals.read_duration(text(value))


@builtin(
    "years and months duration",
    "from, to",
    takes=(anything, anything),
    group=CONVERSION,
    says="Số năm và tháng trọn vẹn giữa hai ngày.",
    example='years and months duration(@"2011-12-22", @"2013-08-24")',
    result='@"P1Y8M"',
)
def years_and_months(start: Any, end: Any) -> YearsMonths:
    """Whole months, towards zero: a month is over on the same day and at the same time of the wall's clock."""
    first, last = _wall(_alone(start)), _wall(_alone(end))
    months = (last[0].year - first[0].year) * 12 + last[0].month - first[0].month
    begun, ended = (first[0].day, first[1]), (last[0].day, last[1])
    if months > 0 and ended < begun:
        months -= 1
    elif months < 0 and ended > begun:
        months += 1
    return make_months(months)


def _wall(value: Any) -> tuple[Date, int]:
    if kind(value) == kinds.DATE_TIME:
        return date_of(value), nanoseconds_of_day(time_of(value))
    return day(value), 0


@builtin(
    "now",
    "",
    takes=(),
    group=DATE,
    says="Ngày giờ lúc này.",
    example="now() instance of date and time",
    result="true",
)
def now() -> dt.datetime:
    return _now()


def _now() -> dt.datetime:
    run = RUN.get()
    if run is None or run.now is None:
        return dt.datetime.now(dt.UTC)
    return run.now


@builtin(
    "today",
    "",
    takes=(),
    group=DATE,
    says="Ngày hôm nay.",
    example="today() instance of date",
    result="true",
)
def today() -> dt.date:
    """In the zone of the evaluation."""
    run = RUN.get()
    moment = _now()
    return (moment if run is None or run.zone is None else moment.astimezone(run.zone)).date()


@builtin(
    "day of year",
    "date",
    takes=(day,),
    group=DATE,
    says="Ngày thứ mấy trong năm.",
    example="day of year(date(2019, 9, 17))",
    result="260",
)
def day_of_year(value: Date) -> Decimal:
    return Decimal(ordinal(value) - ordinal(make_date(value.year, 1, 1)) + 1)


@builtin(
    "day of week",
    "date",
    takes=(day,),
    group=DATE,
    says="Tên tiếng Anh của thứ trong tuần, từ Monday đến Sunday.",
    example="day of week(date(2019, 9, 17))",
    result='"Tuesday"',
)
def day_of_week(value: Date) -> str:
    return _WEEKDAYS[(ordinal(value) - 1) % 7]


@builtin(
    "month of year",
    "date",
    takes=(day,),
    group=DATE,
    says="Tên tiếng Anh của tháng, từ January đến December.",
    example="month of year(date(2019, 9, 17))",
    result='"September"',
)
def month_of_year(value: Date) -> str:
    return _MONTHS[value.month - 1]


@builtin(
    "week of year",
    "date",
    takes=(day,),
    group=DATE,
    says="Tuần thứ mấy trong năm theo ISO 8601.",
    example="week of year(date(2005, 1, 1))",
    result="53",
)
def week_of_year(value: Date) -> Decimal:
    """The week belongs to the year of its Thursday."""
    spend(10)
    thursday = ordinal(value) - (ordinal(value) - 1) % 7 + 3
    year = value.year
    for candidate in (year + 1, year):
        if abs(candidate) <= MAX_YEAR and ordinal(make_date(candidate, 1, 1)) <= thursday:
            return Decimal((thursday - ordinal(make_date(candidate, 1, 1))) // 7 + 1)
    return Decimal((thursday - ordinal(make_date(year - 1, 1, 1))) // 7 + 1)
