"""Deadlines in words and in buckets: the same borders."""

import datetime as dt

import pytest

from deadlines import durations, words
from directory.calendar import Calendar
from kernel.clock import VIETNAM
from tests.deadlines.factories import at

OFF = [
    dt.date(2015, 12, 31),
    *(dt.date(2016, 5, day) for day in (2, 3)),
    dt.date(2026, 1, 1),
    dt.date(2026, 1, 2),
    *(dt.date(2026, 2, day) for day in range(16, 21)),
    dt.date(2026, 4, 30),
    dt.date(2026, 5, 1),
    dt.date(2026, 8, 31),
    dt.date(2026, 9, 1),
    dt.date(2026, 9, 2),
    dt.date(2026, 11, 24),
]
CALENDAR = Calendar(
    zone=VIETNAM,
    hours=[(dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0))],
    exceptions=dict.fromkeys(OFF, False) | dict.fromkeys([dt.date(2026, 1, 10), dt.date(2026, 8, 22)], True),
)


def say(due, now, ended=None):
    said = words.say(at(due), now=at(now), calendar=CALENDAR, ended_at=at(ended) if ended else None)
    return said.kind, said.text


@pytest.mark.parametrize(
    ("due", "now", "kind", "text"),
    [
        ("2016-04-28T17:00", "2016-05-04T09:45", "late", "Quá hạn 2 ngày"),  # 30/4 to 3/5 were days off
        ("2016-04-29T17:00", "2016-04-30T09:00", "late", "Quá hạn 1 ngày"),
        ("2016-05-04T11:30", "2016-05-04T13:30", "late", "Quá hạn từ 11:30"),
        ("2016-05-04T17:00", "2016-05-04T09:45", "today", "Hôm nay, 17:00"),
        ("2016-05-05T17:00", "2016-05-04T09:45", "soon", "Còn 1 ngày làm việc"),
        ("2016-05-06T17:00", "2016-05-04T09:45", "soon", "Còn 2 ngày làm việc"),
        ("2016-05-09T17:00", "2016-05-04T09:45", "soon", "Còn 3 ngày làm việc"),
        ("2016-05-10T17:00", "2016-05-04T09:45", "later", "Còn 4 ngày làm việc"),
        ("2016-05-08T17:00", "2016-05-07T09:00", "soon", "Trước 17:00 ngày 08/05"),
        # the law's calendar: holidays, make-up Saturdays, Tết
        ("2026-05-04T11:30", "2026-04-29T16:00", "soon", "Còn 1 ngày làm việc"),
        ("2026-08-22T17:00", "2026-08-21T09:00", "soon", "Còn 1 ngày làm việc"),
        ("2026-01-05T17:00", "2025-12-31T09:00", "soon", "Còn 1 ngày làm việc"),
        ("2026-11-25T17:00", "2026-11-23T09:00", "soon", "Còn 1 ngày làm việc"),
        ("2026-02-26T17:00", "2026-02-12T09:00", "later", "Còn 5 ngày làm việc"),
        ("2026-08-28T17:00", "2026-09-01T09:00", "late", "Quá hạn 1 ngày"),
    ],
)
def test_a_deadline_is_said_in_working_days(due, now, kind, text):
    assert say(due, now) == (kind, text)


@pytest.mark.parametrize(
    ("ended", "said"),
    [("2016-05-04T16:59", ("done", "Xong đúng hạn")), ("2016-05-04T17:01", ("none", "Xong sau hạn"))],
)
def test_ended_work_was_in_time_or_not(ended, said):
    assert say("2016-05-04T17:00", "2016-05-06T09:00", ended) == said


def test_no_deadline_is_said_too():
    said = words.say(None, now=at("2016-05-04T09:00"), calendar=CALENDAR)

    assert (said.kind, said.text) == ("none", "Không có hạn")


def test_every_instant_falls_into_the_bucket_its_words_say():
    kinds = {"late": "overdue", "today": "today", "soon": "soon", "later": "later"}
    now = at("2016-04-28T09:45")

    for hours in range(-200, 400):
        due = now + dt.timedelta(hours=hours, minutes=1)
        said = words.say(due, now=now, calendar=CALENDAR)
        assert words.borders(now, CALENDAR).bucket(due) == kinds[said.kind], due


@pytest.mark.parametrize(
    ("text", "due", "expected"),
    [
        ("P1D", "2016-05-06T17:00", "2016-05-05T17:00"),
        ("P1D", "2016-05-04T17:00", "2016-04-29T17:00"),
        ("PT4H", "2016-05-04T17:00", "2016-05-04T11:00"),
        ("PT8H", "2016-05-04T11:30", "2016-04-29T11:00"),
    ],
)
def test_a_reminder_is_reckoned_back_in_office_time(text, due, expected):
    assert durations.parse(text).before(at(due), CALENDAR) == at(expected)


@pytest.mark.parametrize("text", ["", "P", "P1W", "1D", "PT", "P1DT"])
def test_a_length_that_is_no_office_time_is_a_mistake(text):
    with pytest.raises(ValueError, match="office time"):
        durations.parse(text)
