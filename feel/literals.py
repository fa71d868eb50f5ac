"""Dates, times and durations as text: read as XML Schema writes them, with a zone of the IANA database after an @ (DMN
1.5, 10.3.4.1). Whatever is not in the form, or not in the calendar, raises Unfit."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from feel.temporal import (
    MIDNIGHT,
    SECOND,
    Date,
    DateTime,
    Duration,
    Time,
    YearsMonths,
    from_ordinal,
    make_date,
    make_date_time,
    make_duration,
    make_months,
    make_time,
    ordinal,
    zone_named,
)
from feel.values import Unfit, spend

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,100}))?"
    r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+/-]{1,60})?"
)
_IS_DATE = re.compile(_DATE, re.ASCII)
_IS_TIME = re.compile(_TIME, re.ASCII)
_IS_DATE_TIME = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_IS_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_NUMBER = r"\d{1,20}"
_IS_DAYS = re.compile(
    rf"(?P<sign>-)?P(?=\d|T\d)(?:(?P<days>{_NUMBER})D)?(?:T(?=\d)(?:(?P<hours>{_NUMBER})H)?"
    rf"(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})(?:\.(?P<fraction>\d{{0,100}}))?S)?)?",
    re.ASCII,
)
_IS_MONTHS = re.compile(rf"(?P<sign>-)?P(?=\d)(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?", re.ASCII)
_MAX_OFFSET = 18 * 3600  #: seconds

WRONG_DATE = "không phải là ngày dạng YYYY-MM-DD"
WRONG_TIME = "không phải là giờ dạng hh:mm:ss"
WRONG_DATE_TIME = "không phải là ngày giờ dạng YYYY-MM-DDThh:mm:ss"
WRONG_DURATION = "không phải là khoảng thời gian, ví dụ P3DT4H hay P1Y2M"


def read_date(text: str) -> Date:
    return _date(_matched(_IS_DATE, text, WRONG_DATE))


def read_time(text: str) -> Time:
    """24:00:00 is the beginning of the day."""
    return _time(_matched(_IS_TIME, text, WRONG_TIME))


def read_date_time(text: str) -> DateTime:
    """A date alone is its midnight, without a zone. 24:00:00 is the beginning of the next day."""
    if only := _IS_DATE.fullmatch(text):
        return make_date_time(_date(only), MIDNIGHT)
    match = _matched(_IS_DATE_TIME, text, WRONG_DATE_TIME)
    day = _date(match)
    return make_date_time(from_ordinal(ordinal(day) + 1) if match["hour"] == "24" else day, _time(match))


def read_duration(text: str) -> Duration | YearsMonths:
    """Days and time, or years and months; both together are neither."""
    if match := _IS_MONTHS.fullmatch(text):
        months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
        return make_months(-months if match["sign"] else months)
    match = _matched(_IS_DAYS, text, WRONG_DURATION)
    minutes = (int(match["days"] or 0) * 24 + int(match["hours"] or 0)) * 60 + int(match["minutes"] or 0)
    nanoseconds = (minutes * 60 + int(match["seconds"] or 0)) * SECOND + _fraction(match["fraction"])
    return make_duration(-nanoseconds if match["sign"] else nanoseconds)


def read_temporal(text: str) -> Any:
    """What @"…" says: the first of the four that it is (grammar rule 62)."""
    for read in _READERS:
        try:
            return read(text)
        except Unfit:
            continue
    raise Unfit("không phải là ngày, giờ, ngày giờ hay khoảng thời gian")


def offset_zone(seconds: int) -> dt.tzinfo:
    """Seconds east of Greenwich. Raises Unfit beyond 18 hours."""
    if abs(seconds) > _MAX_OFFSET:
        raise Unfit("độ lệch múi giờ quá 18 giờ")
    return dt.timezone(dt.timedelta(seconds=seconds)) if seconds else dt.UTC


def _matched(pattern: re.Pattern[str], text: str, wrong: str) -> re.Match[str]:
    spend(10)
    match = pattern.fullmatch(text)
    if match is None:
        raise Unfit(f"“{text[:60]}” {wrong}")
    return match


def _date(match: re.Match[str]) -> Date:
    return make_date(int(match["year"]), int(match["month"]), int(match["day"]))


def _time(match: re.Match[str]) -> Time:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    fraction, zone = _fraction(match["fraction"]), _zone(match["zone"])
    if hour == 24 and not (minute or second or fraction):
        hour = 0
    return make_time(hour, minute, second, fraction, zone)


def _fraction(digits: str | None) -> int:
    """Nanoseconds; finer ones are cut off."""
    return int((digits or "0")[:9].ljust(9, "0"))


def _zone(text: str | None) -> dt.tzinfo | None:
    if text is None:
        return None
    if text.startswith("@"):
        return zone_named(text[1:])
    match = _IS_OFFSET.fullmatch(text)
    if match is None:
        return dt.UTC
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if minutes > 59 or seconds > 59:
        raise Unfit("không có độ lệch múi giờ này")
    offset = hours * 3600 + minutes * 60 + seconds
    return offset_zone(-offset if match[1] == "-" else offset)


_READERS: tuple[Callable[[str], Any], ...] = (read_date, read_time, read_duration, read_date_time)
