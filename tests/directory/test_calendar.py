"""Working time: the vectors of the law's calendar, from an organisation's rows."""

import datetime as dt

import pytest

from directory import jobs, operations, working_time
from directory.calendar import Calendar
from kernel import clock, db
from kernel.clock import VIETNAM
from kernel.errors import Forbidden

OFF = [
    *(dt.date(2026, 2, day) for day in range(16, 21)),  # Tết
    dt.date(2026, 1, 1),
    dt.date(2026, 1, 2),
    dt.date(2026, 4, 27),
    dt.date(2026, 4, 30),
    dt.date(2026, 5, 1),
    dt.date(2026, 8, 31),
    dt.date(2026, 9, 1),
    dt.date(2026, 9, 2),
    dt.date(2026, 11, 24),
]
ON = [dt.date(2026, 1, 10), dt.date(2026, 8, 22)]


@pytest.fixture(scope="module")
def calendar():
    return Calendar(
        zone=VIETNAM,
        hours=[(dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0))],
        exceptions=dict.fromkeys(OFF, False) | dict.fromkeys(ON, True),
    )


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-04-29", "2026-05-04"),
        ("2026-08-21", "2026-08-22"),
        ("2025-12-31", "2026-01-05"),
        ("2026-11-23", "2026-11-25"),
    ],
)
def test_the_next_working_day_knows_holidays_and_swapped_days(calendar, day, expected):
    assert calendar.next_working_day(dt.date.fromisoformat(day)) == dt.date.fromisoformat(expected)


def test_five_working_days_from_before_tet_end_after_it(calendar):
    due = calendar.add_working_days(at("2026-02-12T09:00"), 5)

    assert due == at("2026-02-26T17:00")


def test_a_signed_document_is_sent_by_the_end_of_the_next_working_morning(calendar):
    day = calendar.next_working_day(dt.date(2026, 4, 29))

    assert calendar.end_of_morning(day) == at("2026-05-04T11:30")


@pytest.mark.parametrize(
    ("start", "days", "hours", "expected"),
    [
        ("2026-03-02T16:00", 0, 2, "2026-03-03T08:30"),
        ("2026-03-02T11:00", 0, 1, "2026-03-02T14:00"),
        ("2026-03-02T17:00", 0, -4, "2026-03-02T11:00"),
        ("2026-03-02T08:30", 0, -2, "2026-02-27T16:00"),
        ("2026-03-06T10:00", 1, 0, "2026-03-09T10:00"),
        ("2026-03-09T10:00", -1, 0, "2026-03-06T10:00"),
        ("2026-03-07T10:00", 0, 1, "2026-03-09T08:30"),
    ],
)
def test_office_time_is_counted_only_while_the_office_is_open(calendar, start, days, hours, expected):
    moved = calendar.shift(at(start), days=days, time=dt.timedelta(hours=hours))

    assert moved == at(expected)


def test_working_time_between_two_instants(calendar):
    assert calendar.working_time_between(at("2026-03-06T16:00"), at("2026-03-09T09:00")) == dt.timedelta(hours=2.5)


def test_working_days_between_are_negative_when_the_day_has_passed(calendar):
    assert calendar.working_days_between(dt.date(2026, 3, 9), dt.date(2026, 3, 5)) == -2
    assert calendar.working_days_between(dt.date(2026, 3, 5), dt.date(2026, 3, 9)) == 2


def test_the_calendar_reaches_into_next_year_by_itself(agency, monkeypatch):
    monkeypatch.setattr(jobs, "_looked_on", None)

    with clock.set_to(dt.datetime(2031, 11, 1, tzinfo=dt.UTC)):
        added, again = jobs.fill_calendars(), jobs.fill_calendars()

    with db.reading():
        assert not working_time.is_working_day(agency.id, dt.date(2032, 9, 2))
    assert (added > 10, again) == (True, 0)


def test_a_day_that_was_declared_stays_as_it_is(agency, actor, monkeypatch):
    day = dt.date(2032, 9, 2)
    monkeypatch.setattr(jobs, "_looked_on", None)
    with db.unit_of_work():
        operations.set_calendar_day(agency.id, day, working=True, name="Trực", legal_ref="", actor=actor("quan-tri"))

    with clock.set_to(dt.datetime(2031, 11, 1, tzinfo=dt.UTC)):
        jobs.fill_calendars()

    with db.reading():
        assert working_time.is_working_day(agency.id, day)


def test_only_the_administrator_declares_days(agency, actor):
    with pytest.raises(Forbidden), db.unit_of_work():
        operations.set_calendar_day(
            agency.id, dt.date(2032, 9, 2), working=True, name="x", legal_ref="", actor=actor("chu-tich")
        )
