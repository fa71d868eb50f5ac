"""When: what the texts of timers, due dates and follow-up dates mean. Calendar time, ISO 8601.

Working time is another thing: it is reckoned by the functions of engine.functions and by `office_time` here.
"""

import dataclasses
import datetime as dt
import re
from typing import Any

from directory.calendar import Calendar
from engine import cron
from feel.temporal import YearsMonths
from kernel import clock

_DURATION = re.compile(
    r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
_OFFICE = re.compile(r"P(?:(?P<days>\d{1,4})D)?(?:T(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?)?")
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?:(?P<start>[^/]+)/)?(?P<step>P[^/]+)")
FOREVER = -1


class NotATime(ValueError):
    """Text or value that says no time; the message says why, in Vietnamese."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a timer fires: first at `due`, `left` times in all (-1: without end), `every` apart. Where that is not
    always as long, `rule` says how to go on: a duration of months, or cron."""

    due: dt.datetime
    left: int = 1
    every: dt.timedelta = dt.timedelta()
    rule: str = ""

    @property
    def step(self) -> float | str:
        """Seconds, or the rule: what `following` wants."""
        return self.rule or self.every.total_seconds()


def schedule(kind: str, value: Any, now: dt.datetime) -> Schedule:
    """`kind`: timeDate, timeDuration or timeCycle of BPMN. Raises NotATime."""
    if kind == "timeCycle":
        return _cycle(value, now)
    return Schedule(due=moment(value, now))


def moment(value: Any, now: dt.datetime) -> dt.datetime:
    """A date-time, a date (its beginning in Vietnam), or a duration from now; as a value or as ISO text."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=clock.VIETNAM)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), clock.VIETNAM)
    if isinstance(value, dt.timedelta):
        return _later(now, value)
    if isinstance(value, YearsMonths):
        return _add_months(now, value.months)
    if not isinstance(value, str):
        raise NotATime("không có thời điểm nào")
    return after(value, now) if value.startswith("P") else moment(_iso(value), now)


def after(duration: str, start: dt.datetime) -> dt.datetime:
    """`start` plus an ISO duration; months are calendar months, the last day where a month is short."""
    match = _DURATION.fullmatch(duration)
    if match is None or duration.endswith(("P", "T")):
        raise NotATime(f"“{duration}” không phải là khoảng thời gian ISO 8601, ví dụ PT1H, P3D")
    part = {name: float(value or 0) for name, value in match.groupdict().items()}
    moved = _add_months(start, int(part.pop("years") * 12 + part.pop("months")))
    try:
        return moved + dt.timedelta(**part)
    except OverflowError:
        raise NotATime(f"“{duration}” quá dài") from None


def office_time(duration: str, start: dt.datetime, calendar: Calendar) -> dt.datetime:
    """`start` plus office time: P2D is two working days, PT4H four working hours. Whole days end with the office."""
    match = _OFFICE.fullmatch(duration)
    if match is None or not is_office_time(duration):
        raise NotATime(f"“{duration}” không phải là thời hạn làm việc, ví dụ P2D, PT4H")
    days, hours, minutes = (int(match[name] or 0) for name in ("days", "hours", "minutes"))
    if not hours and not minutes:
        return calendar.add_working_days(start, days)
    return calendar.shift(start, days=days, time=dt.timedelta(hours=hours, minutes=minutes))


def is_office_time(duration: str) -> bool:
    return _OFFICE.fullmatch(duration) is not None and not duration.endswith(("P", "T"))


def following(step: float | str, due: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """When a timer that was due at `due` comes again; None when its cron has no further time. Cron looks at the
    calendar: times that passed unnoticed are not made up for."""
    if not isinstance(step, str):
        return due + dt.timedelta(seconds=step)
    return after(step, due) if step.startswith("P") else cron.read(step).after(max(due, now))


def again(step: float | str, due: dt.datetime, left: int, now: dt.datetime) -> tuple[dt.datetime, int] | None:
    """When a timer that was due at `due` and has now fired comes again, and how often; None when it does not.

    What passed while nothing ran is caught up with once, not one by one: those times count, and the next one lies in
    the future, where the diagram has it."""
    if not isinstance(step, str):
        missed = max(0, int((now - due).total_seconds() // step)) if step else 0
        due, left = due + dt.timedelta(seconds=step * missed), _fewer(left, missed)
    while left not in (0, 1):
        following_due, left = following(step, due, now), _fewer(left, 1)
        if following_due is None:
            return None
        due = following_due
        if due > now or not step:
            return due, left
    return None


def _fewer(left: int, fired: int) -> int:
    return FOREVER if left == FOREVER else max(0, left - fired)


def _cycle(value: Any, now: dt.datetime) -> Schedule:
    if not isinstance(value, str):
        raise NotATime("chu kỳ phải là văn bản, ví dụ R3/PT10M")
    match = _CYCLE.fullmatch(value)
    if match is None and value.startswith(("R", "P")):
        raise NotATime(f"“{value}” không phải là chu kỳ ISO 8601, ví dụ R3/PT10M")
    return _by_cron(value, now) if match is None else _repeated(value, match, now)


def _by_cron(text: str, now: dt.datetime) -> Schedule:
    try:
        first = cron.read(text).after(now)
    except cron.NotACron as wrong:
        raise NotATime(
            f"“{text}” không phải là chu kỳ ISO 8601 (R3/PT10M) hay cron (0 8 * * MON-FRI): {wrong}"
        ) from None
    if first is None:
        raise NotATime(f"“{text}” không bao giờ đến")
    return Schedule(due=first, left=FOREVER, rule=text)


def _repeated(value: str, match: re.Match[str], now: dt.datetime) -> Schedule:
    times, step = int(match["times"] or FOREVER), match["step"]
    every = after(step, now) - now
    if times == 0 or every < dt.timedelta(seconds=1):
        raise NotATime(f"“{value}”: chu kỳ phải từ một giây và một lần trở lên")
    first = moment(match["start"], now) if match["start"] else now + every
    if re.match(r"P[^T]*[YM]", step):
        return Schedule(due=first, left=times, rule=step)
    return Schedule(due=first, left=times, every=every)


def _iso(text: str) -> dt.datetime | dt.date:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        raise NotATime(f"“{text}” không phải là thời điểm ISO 8601, ví dụ 2026-02-26T17:00:00+07:00") from None


def _later(start: dt.datetime, duration: dt.timedelta) -> dt.datetime:
    try:
        return start + duration
    except OverflowError:
        raise NotATime("thời hạn quá xa") from None


def _add_months(start: dt.datetime, months: int) -> dt.datetime:
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in (start.day, 30, 29, 28):
        try:
            return start.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise NotATime("thời hạn quá xa")
