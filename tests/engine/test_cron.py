"""Calendar patterns, read in Vietnam's time."""

import datetime as dt

import pytest

from engine import cron, timing
from kernel import clock


def vietnam(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.VIETNAM)


NEXT = {
    "every minute": ("* * * * *", "2026-02-26T10:00:30", "2026-02-26T10:01:00"),
    "every quarter": ("*/15 * * * *", "2026-02-26T10:15:00", "2026-02-26T10:30:00"),
    "weekdays at eight": ("0 8 * * MON-FRI", "2026-02-27T09:00:00", "2026-03-02T08:00:00"),
    "Sunday is 0": ("0 0 * * 0", "2026-02-26T00:00:00", "2026-03-01T00:00:00"),
    "Sunday is 7": ("0 0 * * 7", "2026-02-26T00:00:00", "2026-03-01T00:00:00"),
    "day of month or of week": ("0 0 1 * FRI", "2026-02-26T00:00:00", "2026-02-27T00:00:00"),
    "a leap day": ("0 0 29 2 *", "2026-02-26T00:00:00", "2028-02-29T00:00:00"),
    "some hours": ("0 8,13-17/2 * * *", "2026-02-26T13:00:00", "2026-02-26T15:00:00"),
    "names in any case": ("0 0 * jan mon", "2026-02-26T00:00:00", "2027-01-04T00:00:00"),
    "round the end of the week": ("0 0 * * FRI-MON", "2026-03-02T00:00:00", "2026-03-06T00:00:00"),
    "seconds first": ("0/2 * * * * ?", "2026-02-26T10:00:01", "2026-02-26T10:00:02"),
    "every five minutes": ("3 0/5 * * * ?", "2026-02-26T10:00:03", "2026-02-26T10:05:03"),
    "Quartz counts Sunday as 1": ("0 0 0 ? * 1", "2026-02-26T00:00:00", "2026-03-01T00:00:00"),
    "a year": ("0 0 0 1 1 ? 2030", "2026-02-26T00:00:00", "2030-01-01T00:00:00"),
    "the last day": ("0 0 0 L * ?", "2026-02-28T00:00:00", "2026-03-31T00:00:00"),
    "three days before the last": ("0 0 0 L-3 * ?", "2026-02-26T00:00:00", "2026-03-28T00:00:00"),
    "the last weekday": ("0 0 0 LW * ?", "2026-02-01T00:00:00", "2026-02-27T00:00:00"),
    "the weekday next to the 15th": ("0 0 0 15W * ?", "2026-02-01T00:00:00", "2026-02-16T00:00:00"),
    "the last Friday": ("0 0 0 ? * 6L", "2026-02-01T00:00:00", "2026-02-27T00:00:00"),
    "the third Friday": ("0 0 0 ? * FRI#3", "2026-02-01T00:00:00", "2026-02-20T00:00:00"),
    "Saturday": ("0 0 0 ? * L", "2026-02-26T00:00:00", "2026-02-28T00:00:00"),
}


@pytest.mark.parametrize(("text", "now", "expected"), NEXT.values(), ids=NEXT.keys())
def test_a_pattern_comes_next(text: str, now: str, expected: str) -> None:
    assert cron.read(text).after(vietnam(now)) == vietnam(expected)


@pytest.mark.parametrize(
    "text",
    ["", "* * * *", "61 * * * *", "* * * * BAD", "*/0 * * * *", "0 0 0 1 1 MON", "1-2-3 * * * *", "* * * * * * * *"],
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(cron.NotACron):
        cron.read(text)


def test_a_time_that_never_comes_is_none() -> None:
    assert cron.read("0 0 31 2 *").after(vietnam("2026-02-26T00:00:00")) is None
    assert cron.read("0 0 0 1 1 ? 2020").after(vietnam("2026-02-26T00:00:00")) is None


def test_times_missed_are_not_made_up_for() -> None:
    due, now = vietnam("2026-02-23T08:00:00"), vietnam("2026-02-26T10:00:00")

    assert timing.following("0 8 * * *", due, now) == vietnam("2026-02-27T08:00:00")


def test_a_cycle_of_months_goes_by_the_calendar() -> None:
    now = vietnam("2026-01-31T08:00:00")
    told = timing.schedule("timeCycle", "R3/P1M", now)

    assert (told.due, told.left) == (vietnam("2026-02-28T08:00:00"), 3)
    assert timing.following(told.step, told.due, now) == vietnam("2026-03-28T08:00:00")


@pytest.mark.parametrize("text", ["R0/PT1H", "R3/PT0S", "R3", "P1D", "0 0 31 2 *", "mỗi ngày"])
def test_no_cycle_is_told(text: str) -> None:
    with pytest.raises(timing.NotATime):
        timing.schedule("timeCycle", text, vietnam("2026-01-31T08:00:00"))
