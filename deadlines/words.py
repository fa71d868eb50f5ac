"""A deadline in words, counted in working days of the office: pure."""

import dataclasses
import datetime as dt

from directory.calendar import Calendar

SOON = 3  #: working days within which a deadline is near
BUCKETS = ("overdue", "today", "soon", "later")  #: how lists and boards sort open work, most urgent first


@dataclasses.dataclass(frozen=True, kw_only=True)
class Words:
    """`kind` is the mark of the design kit: late, today, soon, later, done, none, paused."""

    kind: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Borders:
    """Where the buckets end: what is due before `now` is overdue, before `tomorrow` today, before `later` soon."""

    now: dt.datetime
    tomorrow: dt.datetime
    later: dt.datetime

    def bucket(self, due_at: dt.datetime) -> str:
        ends = (self.now, self.tomorrow, self.later)
        return BUCKETS[sum(due_at >= end for end in ends)]


def borders(now: dt.datetime, calendar: Calendar) -> Borders:
    """The buckets at this instant; days begin at midnight in the office's zone."""
    today = now.astimezone(calendar.zone).date()
    later = calendar.nth_working_day(today, SOON + 1)
    return Borders(
        now=now, tomorrow=_midnight(today + dt.timedelta(days=1), calendar), later=_midnight(later, calendar)
    )


def say(
    due_at: dt.datetime | None,
    *,
    now: dt.datetime,
    calendar: Calendar,
    ended_at: dt.datetime | None = None,
    paused_at: dt.datetime | None = None,
) -> Words:
    """ "Quá hạn 2 ngày", "Hôm nay, 17:00", "Còn 2 ngày làm việc", "Tạm dừng từ 09:45 ngày 04/05"."""
    if due_at is None:
        return Words(kind="none", text="Không có hạn")
    if ended_at is not None:
        return _say_ended(due_at, ended_at)
    if paused_at is not None:
        return Words(kind="paused", text=f"Tạm dừng từ {paused_at.astimezone(calendar.zone):%H:%M ngày %d/%m}")
    kind = dict(zip(BUCKETS, ("late", "today", "soon", "later"), strict=True))[borders(now, calendar).bucket(due_at)]
    return Words(kind=kind, text=_text(kind, due_at.astimezone(calendar.zone), now.astimezone(calendar.zone), calendar))


def _say_ended(due_at: dt.datetime, ended_at: dt.datetime) -> Words:
    if ended_at <= due_at:
        return Words(kind="done", text="Xong đúng hạn")
    return Words(kind="none", text="Xong sau hạn")


def _text(kind: str, due: dt.datetime, now: dt.datetime, calendar: Calendar) -> str:
    if kind == "late":
        if due.date() == now.date():
            return f"Quá hạn từ {due:%H:%M}"
        # over a weekend no working day has passed, and yet it is late
        return f"Quá hạn {max(1, calendar.working_days_between(due.date(), now.date()))} ngày"
    if kind == "today":
        return f"Hôm nay, {due:%H:%M}"
    left = calendar.working_days_between(now.date(), due.date())
    return f"Còn {left} ngày làm việc" if left else f"Trước {due:%H:%M ngày %d/%m}"


def _midnight(day: dt.date, calendar: Calendar) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), calendar.zone)
