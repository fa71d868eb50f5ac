"""Working time of an organisation: pure, from its hours and the days that differ from the week.

A deadline of n working days counts from the next day (a direction given on Thursday 12/02/2026 for 5 working days ends
on 26/02/2026, with Tết in between) and ends when the office closes.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

SATURDAY = 5


@dataclasses.dataclass(frozen=True, kw_only=True)
class Calendar:
    """`hours`: the stretches of a working day, in order; `exceptions`: day → is it a working day."""

    zone: dt.tzinfo
    hours: Sequence[tuple[dt.time, dt.time]]
    exceptions: Mapping[dt.date, bool]

    def is_working_day(self, day: dt.date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def next_working_day(self, day: dt.date) -> dt.date:
        """The first working day after `day`."""
        return self.nth_working_day(day, 1)

    def nth_working_day(self, day: dt.date, number: int) -> dt.date:
        """The `number`-th working day after `day` (before it when negative); 0 is `day` itself."""
        step = dt.timedelta(days=1 if number > 0 else -1)
        left = abs(number)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def end_of_working_day(self, day: dt.date) -> dt.datetime:
        return self._at(day, self.hours[-1][1])

    def end_of_morning(self, day: dt.date) -> dt.datetime:
        return self._at(day, self.hours[0][1])

    def add_working_days(self, start: dt.datetime | dt.date, number: int) -> dt.datetime:
        """The end of the `number`-th working day after `start` (an aware instant, or a date)."""
        day = start.astimezone(self.zone).date() if isinstance(start, dt.datetime) else start
        return self.end_of_working_day(self.nth_working_day(day, number))

    def shift(self, instant: dt.datetime, *, days: int = 0, time: dt.timedelta = dt.timedelta()) -> dt.datetime:
        """`instant` moved by working days (same time of day) and by working time; both may be negative."""
        local = instant.astimezone(self.zone)
        moved = dt.datetime.combine(self.nth_working_day(local.date(), days), local.time(), self.zone)
        return self._forward(moved, time) if time >= dt.timedelta() else self._back(moved, -time)

    def working_time_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Office time between two instants."""
        total = dt.timedelta()
        for opens, closes in self._stretches(start.astimezone(self.zone).date(), 1):
            if opens >= end:
                break
            total += max(dt.timedelta(), min(closes, end) - max(opens, start))
        return total

    def stretches_between(self, start: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The office's hours of each working day from the day of `start` to that of `end`, in order."""
        for opens, closes in self._stretches(start.astimezone(self.zone).date(), 1):
            if opens > end:
                return
            yield opens, closes

    def _forward(self, instant: dt.datetime, left: dt.timedelta) -> dt.datetime:
        if not left:
            return instant
        for opens, closes in self._stretches(instant.date(), 1):
            begin = max(opens, instant)
            if begin < closes:
                if closes - begin >= left:
                    return begin + left
                left -= closes - begin
        raise AssertionError("stretches never end")

    def _back(self, instant: dt.datetime, left: dt.timedelta) -> dt.datetime:
        for opens, closes in self._stretches(instant.date(), -1):
            end = min(closes, instant)
            if end > opens:
                if end - opens >= left:
                    return end - left
                left -= end - opens
        raise AssertionError("stretches never end")

    def _stretches(self, day: dt.date, step: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        while True:
            if self.is_working_day(day):
                for opens, closes in self.hours[::step]:
                    yield self._at(day, opens), self._at(day, closes)
            day += dt.timedelta(days=step)

    def _at(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, self.zone)
