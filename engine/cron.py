"""Calendar patterns of timers: cron with five fields, and with six or seven as Quartz writes them (seconds first, a
year last, `?`, `L`, `W`, `#`). Read in the office's time zone."""

import calendar
import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping, Sequence

from kernel import clock

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FURTHEST = 366 * 30  #: days looked ahead; 29 February on a given weekday comes every 28 years

DayTest = Callable[[dt.date], bool]


class NotACron(ValueError):
    """The message says why, in Vietnamese."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cron:
    """A pattern that was understood. Times of the day, and whether a day is meant."""

    seconds: Sequence[int]
    minutes: Sequence[int]
    hours: Sequence[int]
    months: frozenset[int]
    years: frozenset[int] | None
    is_day: DayTest

    def after(self, moment: dt.datetime) -> dt.datetime | None:
        """The first moment later than this one; None when there is none."""
        local = moment.astimezone(clock.VIETNAM)
        day: dt.date = local.date()
        earliest: dt.time | None = local.time().replace(microsecond=0)
        for _ in range(FURTHEST):
            if self._has(day):
                time = self._time_after(earliest)
                if time is not None:
                    return dt.datetime.combine(day, time, clock.VIETNAM)
            day, earliest = day + dt.timedelta(days=1), None
        return None

    def _has(self, day: dt.date) -> bool:
        return day.month in self.months and (self.years is None or day.year in self.years) and self.is_day(day)

    def _time_after(self, earliest: dt.time | None) -> dt.time | None:
        for hour in self.hours:
            if earliest is not None and hour < earliest.hour:
                continue
            for minute in self.minutes:
                for second in self.seconds:
                    found = dt.time(hour, minute, second)
                    if earliest is None or found > earliest:
                        return found
        return None


@functools.lru_cache(maxsize=256)
def read(text: str) -> Cron:
    """Raises NotACron."""
    fields = text.upper().split()
    if not 5 <= len(fields) <= 7:
        raise NotACron(f"“{text}” phải có 5, 6 hoặc 7 phần")
    quartz = len(fields) > 5
    if not quartz:
        fields = ["0", *fields]
    seconds, minutes, hours, days, months, weekdays, *years = fields
    return Cron(
        seconds=sorted(_numbers(seconds, 0, 59)),
        minutes=sorted(_numbers(minutes, 0, 59)),
        hours=sorted(_numbers(hours, 0, 23)),
        months=_numbers(months, 1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
        years=_numbers(years[0], 1970, 2199) if years and years[0] != "*" else None,
        is_day=_day(days, weekdays, quartz=quartz),
    )


# ---------------------------------------------------------------------------------------------------------------- days
def _day(days: str, weekdays: str, *, quartz: bool) -> DayTest:
    """Where both are restricted, cron means either; Quartz does not have it."""
    of_month, of_week = _of_month(days), _of_week(weekdays, quartz=quartz)
    if of_month and of_week:
        if quartz:
            raise NotACron("chỉ nêu được ngày trong tháng hoặc ngày trong tuần, phần kia là ?")
        return lambda day: of_month(day) or of_week(day)
    return of_month or of_week or (lambda day: True)


def _of_month(text: str) -> DayTest | None:
    if text in ("*", "?"):
        return None
    if match := re.fullmatch(r"L(?:-(\d{1,2}))?", text):
        before = int(match[1] or 0)
        return lambda day: day.day == _length(day) - before
    if text == "LW":
        return lambda day: day.day == _nearest_weekday(day, _length(day))
    if match := re.fullmatch(r"(\d{1,2})W", text):
        wanted = int(match[1])
        return lambda day: day.day == _nearest_weekday(day, wanted)
    numbers = _numbers(text, 1, 31)
    return lambda day: day.day in numbers


def _of_week(text: str, *, quartz: bool) -> DayTest | None:
    """Quartz counts from Sunday = 1, cron from Sunday = 0 and knows 7."""
    if text in ("*", "?"):
        return None
    first = 1 if quartz else 0
    names = {name: number + first for number, name in enumerate(DAYS)}
    if match := re.fullmatch(r"(\w+)#([1-5])", text):
        wanted, week = _weekday(match[1], names, first), int(match[2])
        return lambda day: _day_of_week(day) == wanted and (day.day + 6) // 7 == week
    if match := re.fullmatch(r"(\w+)L", text):
        wanted = _weekday(match[1], names, first)
        return lambda day: _day_of_week(day) == wanted and day.day + 7 > _length(day)
    if text == "L":
        text = "7"
    numbers = {(number - first) % 7 for number in _numbers(text, first, 7, names)}
    return lambda day: _day_of_week(day) in numbers


def _weekday(text: str, names: Mapping[str, int], first: int) -> int:
    (number,) = _numbers(text, first, 7, names)
    return (number - first) % 7


def _day_of_week(day: dt.date) -> int:
    """From Sunday = 0."""
    return day.isoweekday() % 7


def _length(day: dt.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _nearest_weekday(day: dt.date, wanted: int) -> int:
    """The day of this month from Monday to Friday nearest to `wanted`."""
    if wanted > _length(day):
        return 0
    weekday = day.replace(day=wanted).isoweekday()
    if weekday == 6:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 7:
        return wanted + 1 if wanted < _length(day) else wanted - 2
    return wanted


# ------------------------------------------------------------------------------------------------------------- numbers
def _numbers(text: str, low: int, high: int, names: Mapping[str, int] | None = None) -> frozenset[int]:
    """`*`, `5`, `1-5`, `*/15`, `0/5`, `8-17/2` and lists of them. Raises NotACron."""
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        if slash and not step.isdigit():
            raise NotACron(f"“{part}” không hiểu được")
        every = int(step) if slash else 1
        if not every:
            raise NotACron(f"“{part}” không hiểu được")
        first, last = _span(span, low, high, names or {}, open_ended=bool(slash))
        # FRI-MON and 22-2 go round the end
        spanned = [*range(first, last + 1)] if first <= last else [*range(first, high + 1), *range(low, last + 1)]
        found.update(spanned[::every])
    return frozenset(found)


def _span(text: str, low: int, high: int, names: Mapping[str, int], *, open_ended: bool) -> tuple[int, int]:
    if text in ("*", "?"):
        return low, high
    first, dash, last = text.partition("-")
    start = _number(first, low, high, names)
    if dash:
        return start, _number(last, low, high, names)
    return start, high if open_ended else start


def _number(text: str, low: int, high: int, names: Mapping[str, int]) -> int:
    number = names.get(text, int(text) if re.fullmatch(r"\d{1,4}", text) else -1)
    if not low <= number <= high:
        raise NotACron(f"“{text}” không nằm trong khoảng {low}–{high}")
    return number
