"""Durations of office time as the diagrams write them: ISO 8601, P1D is one working day, PT4H four working hours."""

import dataclasses
import datetime as dt
import re

from directory.calendar import Calendar

_DURATION = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?")


@dataclasses.dataclass(frozen=True)
class OfficeTime:
    """Working days and working time."""

    days: int
    time: dt.timedelta

    def after(self, instant: dt.datetime, calendar: Calendar) -> dt.datetime:
        return calendar.shift(instant, days=self.days, time=self.time)

    def before(self, instant: dt.datetime, calendar: Calendar) -> dt.datetime:
        return calendar.shift(instant, days=-self.days, time=-self.time)


NONE = OfficeTime(0, dt.timedelta())


def parse(text: str) -> OfficeTime:
    """Raises ValueError for anything but days, hours and minutes."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or text.strip().endswith(("P", "T")):
        raise ValueError(f"not a duration of office time: {text!r}")
    part = {name: int(value or 0) for name, value in match.groupdict().items()}
    return OfficeTime(part["days"], dt.timedelta(hours=part["hours"], minutes=part["minutes"]))
