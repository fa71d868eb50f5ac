"""Working time of many spans at once: the days between the first and the last are added up one time."""

import bisect
import datetime as dt

from directory.calendar import Calendar


class OfficeClock:
    """Tells working time between instants that lie between `first` and `last`."""

    def __init__(self, calendar: Calendar, first: dt.datetime, last: dt.datetime) -> None:
        self._begins: list[dt.datetime] = []  #: of the stretches of work, in order
        self._ends: list[dt.datetime] = []
        self._worked = [dt.timedelta()]  #: before each stretch, and after the last
        for begin, end in calendar.stretches_between(first, last):
            self._begins.append(begin)
            self._ends.append(end)
            self._worked.append(self._worked[-1] + (end - begin))

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        return max(dt.timedelta(), self._until(end) - self._until(start))

    def _until(self, instant: dt.datetime) -> dt.timedelta:
        """Worked from `first` to this instant."""
        number = bisect.bisect_right(self._begins, instant)
        if number == 0:
            return dt.timedelta()
        return self._worked[number - 1] + min(instant, self._ends[number - 1]) - self._begins[number - 1]
