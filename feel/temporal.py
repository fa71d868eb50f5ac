"""Dates, times and durations: those that Python holds are Python's, the others are classes of this module.

The standard knows years from -999,999,999 to 999,999,999 and fractions of seconds without end (DMN 1.5, 10.3.2.3.4 to
10.3.2.3.8); we hold nanoseconds. A value has one class only: the `make_…` functions choose Python's where it fits.
"""

import calendar
import dataclasses
import datetime as dt
import functools
import zoneinfo
from typing import Any

from feel.values import Unfit, spend

SECOND = 1_000_000_000  #: nanoseconds
DAY = 86_400 * SECOND
SOUGHT = 300  #: steps that looking for a zone costs
MAX_YEAR = 999_999_999
MAX_MONTHS = 12 * 2 * MAX_YEAR
MAX_DURATION = 2 * (MAX_YEAR + 1) * 366 * DAY
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097  #: after so many the calendar begins anew


@dataclasses.dataclass(frozen=True, slots=True)
class YearsMonths:
    """Years and months duration."""

    months: int


@dataclasses.dataclass(frozen=True, slots=True)
class FarDate:
    """A date outside the years 1 to 9999, in the proleptic Gregorian calendar; year 0 is there."""

    year: int
    month: int
    day: int


@dataclasses.dataclass(frozen=True, slots=True)
class FineTime:
    """A time finer than a microsecond."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: dt.tzinfo | None


@dataclasses.dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time of which Python cannot hold the one or the other. The zone is that of the time."""

    day: "Date"
    clock: "Time"


@dataclasses.dataclass(frozen=True, slots=True)
class FineDuration:
    """A days and time duration finer than a microsecond, or longer than 999,999,999 days."""

    nanoseconds: int


Date = dt.date | FarDate  #: no dt.datetime
Time = dt.time | FineTime
DateTime = dt.datetime | FarDateTime
Duration = dt.timedelta | FineDuration

MIDNIGHT = dt.time(0)


def make_date(year: int, month: int, day: int) -> Date:
    """Raises Unfit for a day that is not in the calendar."""
    if not (1 <= month <= 12 and abs(year) <= MAX_YEAR and 1 <= day <= days_in_month(year, month)):
        raise Unfit("không có ngày này trong lịch")
    return dt.date(year, month, day) if dt.MINYEAR <= year <= dt.MAXYEAR else FarDate(year, month, day)


def make_time(hour: int, minute: int, second: int, nanosecond: int = 0, zone: dt.tzinfo | None = None) -> Time:
    """Raises Unfit."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise Unfit("không có giờ này trong ngày")
    if nanosecond % 1000:
        return FineTime(hour, minute, second, nanosecond, zone)
    return dt.time(hour, minute, second, nanosecond // 1000, zone)


def make_date_time(day: Date, clock: Time) -> DateTime:
    if isinstance(day, dt.date) and isinstance(clock, dt.time):
        return dt.datetime.combine(day, clock)
    return FarDateTime(day, clock)


def make_duration(nanoseconds: int) -> Duration:
    """Raises Unfit where it is longer than the calendar."""
    if abs(nanoseconds) > MAX_DURATION:
        raise Unfit("khoảng thời gian quá dài")
    if nanoseconds % 1000 or abs(nanoseconds) > 999_999_998 * DAY:
        return FineDuration(nanoseconds)
    return dt.timedelta(microseconds=nanoseconds // 1000)


def make_months(months: int) -> YearsMonths:
    """Raises Unfit where it is longer than the calendar."""
    if abs(months) > MAX_MONTHS:
        raise Unfit("khoảng thời gian quá dài")
    return YearsMonths(months)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and calendar.isleap(year) else _MONTHS[month - 1]


def nanoseconds_of(value: Duration) -> int:
    if isinstance(value, FineDuration):
        return value.nanoseconds
    return (value.days * 86_400 + value.seconds) * SECOND + value.microseconds * 1000


def date_of(value: DateTime) -> Date:
    return value.day if isinstance(value, FarDateTime) else value.date()


def time_of(value: DateTime) -> Time:
    return value.clock if isinstance(value, FarDateTime) else value.timetz()


def fraction_of(value: Time | dt.datetime) -> int:
    """Nanoseconds after the second."""
    return value.nanosecond if isinstance(value, FineTime) else value.microsecond * 1000


def zone_of(value: DateTime | Time) -> dt.tzinfo | None:
    return value.clock.tzinfo if isinstance(value, FarDateTime) else value.tzinfo


def ordinal(value: Date) -> int:
    """Days since the one before 1 January of year 1."""
    if isinstance(value, dt.date):
        return value.toordinal()
    cycles, year = divmod(value.year - 1, _CYCLE_YEARS)
    return dt.date(year + 1, value.month, value.day).toordinal() + cycles * _CYCLE_DAYS


def from_ordinal(days: int) -> Date:
    """Raises Unfit."""
    cycles, day = divmod(days - 1, _CYCLE_DAYS)
    near = dt.date.fromordinal(day + 1)
    return make_date(near.year + cycles * _CYCLE_YEARS, near.month, near.day)


def nanoseconds_of_day(value: Time) -> int:
    return (value.hour * 3600 + value.minute * 60 + value.second) * SECOND + fraction_of(value)


def time_from_nanoseconds(nanoseconds: int, zone: dt.tzinfo | None) -> Time:
    """`nanoseconds`: of a day."""
    seconds, fraction = divmod(nanoseconds, SECOND)
    return make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction, zone)


def local(value: DateTime) -> int:
    """Nanoseconds on the wall's clock and calendar."""
    return ordinal(date_of(value)) * DAY + nanoseconds_of_day(time_of(value))


def from_local(nanoseconds: int, zone: dt.tzinfo | None) -> DateTime:
    """Raises Unfit."""
    days, rest = divmod(nanoseconds, DAY)
    return make_date_time(from_ordinal(days), time_from_nanoseconds(rest, zone))


def _near(nanoseconds: int) -> dt.datetime:
    """The same wall clock in a cycle of the calendar that Python holds; zones have no rules beyond it."""
    days, rest = divmod(nanoseconds, DAY)
    if not _CYCLE_DAYS < days < dt.date.max.toordinal() - 1:
        days = days % _CYCLE_DAYS + _CYCLE_DAYS * (23 if days > 0 else 1)
    return dt.datetime.combine(dt.date.fromordinal(days), dt.time()) + dt.timedelta(microseconds=rest // 1000)


def offset_at(zone: dt.tzinfo, nanoseconds: int) -> int:
    """Seconds east of Greenwich at a local time."""
    offset = zone.utcoffset(None if isinstance(zone, dt.timezone) else _near(nanoseconds))
    return 0 if offset is None else offset.days * 86_400 + offset.seconds


def offset_of(value: DateTime) -> int | None:
    """Seconds east of Greenwich; None without a zone."""
    zone = zone_of(value)
    return None if zone is None else offset_at(zone, local(value))


def instant(value: DateTime, zone: dt.tzinfo | None) -> int:
    """Nanoseconds in UTC (valuedt, DMN 1.5, 10.3.2.3.6); `zone`: where it has none of its own."""
    nanoseconds = local(value)
    own = zone_of(value) or zone
    return nanoseconds if own is None else nanoseconds - offset_at(own, nanoseconds) * SECOND


def from_instant(nanoseconds: int, zone: dt.tzinfo | None) -> DateTime:
    """Raises Unfit."""
    if zone is None:
        return from_local(nanoseconds, None)
    near = _near(nanoseconds).replace(tzinfo=dt.UTC)
    offset = near.astimezone(zone).utcoffset() or dt.timedelta()
    return from_local(nanoseconds + nanoseconds_of(offset), zone)


def add_months(value: Date, months: int) -> Date:
    """The last day of the month where it is too short. Raises Unfit."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if abs(year) > MAX_YEAR:
        raise Unfit("ngày quá xa")
    return make_date(year, month + 1, min(value.day, days_in_month(year, month + 1)))


@functools.lru_cache(maxsize=1024)
def zone_named(name: str) -> dt.tzinfo:
    """A zone of the IANA database. Raises Unfit."""
    spend(SOUGHT)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Unfit(f"không có múi giờ {name[:60]}") from None


def zone_name(zone: dt.tzinfo | None) -> str | None:
    """The name of a zone of the IANA database; None for a mere offset."""
    return zone.key if isinstance(zone, zoneinfo.ZoneInfo) else None


def as_date_time(value: Any) -> Any:
    """A date is its midnight in UTC (DMN 1.5, 10.3.2.3.5); other values as they are."""
    if isinstance(value, FarDate) or value.__class__ is dt.date:
        return make_date_time(value, dt.time(tzinfo=dt.UTC))
    return value
