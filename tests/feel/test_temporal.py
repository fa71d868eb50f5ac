"""Dates, times and durations as text, by XML Schema and DMN 1.5, 10.3.4.1."""

import datetime as dt
from typing import Any

import pytest

from feel import temporal
from feel.literals import read_date, read_date_time, read_duration, read_temporal, read_time
from feel.texts import text_of
from feel.values import Unfit


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-03-09", "2026-03-09"),
        ("-0044-03-15", "-0044-03-15"),
        ("0000-02-29", "0000-02-29"),
        ("999999999-12-31", "999999999-12-31"),
        ("-999999999-01-01", "-999999999-01-01"),
        ("11:22:33", "11:22:33"),
        ("11:22:33.444", "11:22:33.444"),
        ("11:22:33.123456789", "11:22:33.123456789"),
        ("11:22:33.1234567891234", "11:22:33.123456789"),
        ("11:22:33-00:00", "11:22:33Z"),
        ("11:22:33+02:45:55", "11:22:33+02:45:55"),
        ("11:22:33@Europe/Paris", "11:22:33@Europe/Paris"),
        ("24:00:00", "00:00:00"),
        ("2026-12-31T24:00:00", "2027-01-01T00:00:00"),
        ("2026-03-09T08:00:00+07:00", "2026-03-09T08:00:00+07:00"),
        ("2026-03-09T08:00:00@Asia/Ho_Chi_Minh", "2026-03-09T08:00:00@Asia/Ho_Chi_Minh"),
        ("99999-12-31T11:22:33.5Z", "99999-12-31T11:22:33.5Z"),
        ("P1DT2H3M4.5S", "P1DT2H3M4.5S"),
        ("PT36H", "P1DT12H"),
        ("-PT0.000000001S", "-PT0.000000001S"),
        ("PT0.S", "PT0S"),
        ("P0D", "PT0S"),
        ("P14M", "P1Y2M"),
        ("-P1Y", "-P1Y"),
        ("P0Y", "P0M"),
    ],
)
def test_what_is_read_is_written_in_the_canonical_form(text: str, written: str) -> None:
    assert text_of(read_temporal(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "2026-13-01",
        "26-01-01",
        "+2026-01-01",
        "02026-01-01",
        "1000000000-01-01",
        "2026-3-9",
        "7:00:00",
        "07:00",
        "24:00:01",
        "23:59:60",
        "13:20:00+19:00",
        "13:20:00+5:00",
        "13:20:00@xyz/abc",
        "13:20:00@../etc/passwd",
        "13:20:00+02:00@Europe/Paris",
        "2026-03-09 08:00:00",
        "2026-03-09T",
        "P",
        "PT",
        "P1DT",
        "P1Y1D",
        "P1H",
        "PT1D",
        "P-1D",
        "1D",
        "P999999999999Y",
        "٢٠٢٦-٠٣-٠٩",
    ],
)
def test_what_is_not_in_the_form_or_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        read_temporal(text)


def test_a_value_is_of_pythons_class_wherever_that_holds_it() -> None:
    assert read_date("9999-12-31") == dt.date(9999, 12, 31)
    assert read_time("10:00:00.123456") == dt.time(10, 0, 0, 123456)
    assert read_date_time("2026-03-09T08:00:00Z") == dt.datetime(2026, 3, 9, 8, tzinfo=dt.UTC)
    assert read_date_time("2026-03-09") == dt.datetime(2026, 3, 9)  # noqa: DTZ001  # without a zone, by the standard
    assert read_duration("P1DT1H") == dt.timedelta(days=1, hours=1)


@pytest.mark.parametrize(
    "day", ["-999999999-01-01", "-0001-12-31", "0000-01-01", "0001-01-01", "9999-12-31", "12345-02-28"]
)
def test_days_are_counted_over_all_years(day: str) -> None:
    read = read_date(day)

    assert temporal.from_ordinal(temporal.ordinal(read)) == read


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2026-07-01T00:00:00@Europe/Paris", 7200),
        ("2026-01-01T00:00:00@Europe/Paris", 3600),
        ("12026-07-01T00:00:00@Europe/Paris", 7200),
        ("-2026-07-01T00:00:00+05:30", 19800),
        ("2026-07-01T00:00:00", None),
    ],
)
def test_a_zone_has_its_offset_of_the_date(text: str, offset: int | None) -> None:
    assert temporal.offset_of(read_date_time(text)) == offset


def test_instants_are_found_again_in_their_zone() -> None:
    for text in ("2026-10-25T03:30:00@Europe/Paris", "20260-03-29T12:00:00@Europe/Paris", "2026-01-01T00:00:00-05:00"):
        moment: Any = read_date_time(text)

        assert temporal.from_instant(temporal.instant(moment, None), temporal.zone_of(moment)) == moment
