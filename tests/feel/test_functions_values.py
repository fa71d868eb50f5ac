"""Conversions, numbers, dates, contexts and truth (DMN 1.5, 10.3.4): results, and where there is none."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from feel.ranges import Range
from feel.texts import text_of
from tests.feel.calls import bounded, called, called_by_name, moment


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (("1.000.000,01", ".", ","), "1000000.01"),
        (("1 000 000.01", " ", "."), "1000000.01"),
        (("1000000.01", None, "."), "1000000.01"),
        (("1,000,000", ",", None), "1000000"),
        (("1,000,000.00", ",", ","), None),
        (("1,000,000.01", " ", "."), None),
        (("1,000", "x", "."), None),
        (("1,5", None, ","), "1.5"),
        (("-1.50",), "-1.5"),
        (("1e3",), "1000"),
        (("1e999999",), None),
        (("NaN",), None),
        (("Infinity",), None),
        (("",), None),
        (("1_0",), None),
        (("٣",), None),
        ((5,), None),
        (("1", "."), None),
    ],
)
def test_numbers_are_read(arguments: tuple[Any, ...], result: str | None) -> None:
    assert text_of(called("number", *arguments)) == result


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (None, None),
        (Decimal("1.10"), "1.1"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.0"), "0"),
        (True, "true"),
        ("a", "a"),
        ([1, "a", [None]], '[1, "a", [null]]'),
        ({"a": "x", "b-c": True}, '{a: "x", "b-c": true}'),
        (Range(1, 2, with_high=False), "[1..2)"),
    ],
)
def test_values_are_written(value: Any, result: str | None) -> None:
    assert called("string", value) == result


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("decimal", (Decimal("2.5"), 0), 2),
        ("decimal", (Decimal("1") / 3, 2), Decimal("0.33")),
        ("floor", (Decimal("-1.5"),), -2),
        ("floor", (Decimal("1.5"), None), None),
        ("ceiling", (Decimal("-1.56"), 1), Decimal("-1.5")),
        ("round up", (Decimal("-1.121"), 2), Decimal("-1.13")),
        ("round down", (Decimal("5.5"), 6176), Decimal("5.5")),
        ("round down", (Decimal("5.5"), 6177), None),
        ("round down", (Decimal("5.5"), -6112), None),
        ("round half up", (Decimal("-5.5"), 0), -6),
        ("round half down", (Decimal("1254"), -2), 1300),
        ("round half down", (Decimal("1250"), -2), 1200),
        ("modulo", (-12, 5), 3),
        ("modulo", (Decimal("10.1"), Decimal("-4.5")), Decimal("-3.4")),
        ("modulo", (10, 0), None),
        ("sqrt", (16,), 4),
        ("sqrt", (-1,), None),
        ("log", (0,), None),
        ("exp", (10**6,), None),
        ("odd", (5,), True),
        ("odd", (-5,), True),
        ("even", (Decimal("2.5"),), False),
        ("abs", (True,), None),
        ("abs", ("-1",), None),
    ],
)
def test_functions_of_numbers(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert called(name, *arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("date", ("2026-03-09",), "2026-03-09"),
        ("date", ("2026-03-09T10:00:00",), None),
        ("date", (2026, 2, 30), None),
        ("date", (-10000, 1, 1), "-10000-01-01"),
        ("date", (moment("2026-03-09T23:00:00-05:00"),), "2026-03-09"),
        ("time", (moment("2026-03-09"),), "00:00:00Z"),
        ("time", (12, 0, Decimal("1.5"), None), "12:00:01.5"),
        ("time", (12, 0, 0, moment("-PT2H45M55S")), "12:00:00-02:45:55"),
        ("time", (12, 0, 60), None),
        ("time", (12, None, 0, None), None),
        ("date and time", ("2026-03-09",), "2026-03-09T00:00:00"),
        ("date and time", (moment("2026-03-09"), moment("08:00:00Z")), "2026-03-09T08:00:00Z"),
        ("date and time", (moment("2026-03-09T10:00:00"), moment("08:00:00Z")), "2026-03-09T08:00:00Z"),
        ("date and time", (2026, 3, 9, 8, 0, 0), "2026-03-09T08:00:00"),
        ("date and time", (2026, 3, 9, 8, 0, 0, moment("PT7H")), "2026-03-09T08:00:00+07:00"),
        ("date and time", (2026, 3, 9, 8, 0, 0, "Etc/UTC"), "2026-03-09T08:00:00@Etc/UTC"),
        ("date and time", ("2026-03-09", "08:00:00"), None),
        ("duration", ("P1Y2M",), "P1Y2M"),
        ("duration", ("P1Y2D",), None),
        ("duration", (5,), None),
        ("years and months duration", (moment("2017-08-15"), moment("2017-09-14")), "P0M"),
        ("years and months duration", (moment("2017-09-15"), moment("2016-08-14")), "-P1Y1M"),
        ("years and months duration", (moment("-0001-01-01"), moment("2016-01-01")), "P2017Y"),
        ("day of year", (moment("2020-12-31"),), "366"),
        ("day of week", (moment("2019-09-17T10:00:00"),), "Tuesday"),
        ("month of year", ("2019-09-17",), None),
        ("week of year", (moment("2005-01-01"),), "53"),
        ("week of year", (moment("2003-12-29"),), "1"),
        ("week of year", (moment("9999-12-31"),), "52"),
    ],
)
def test_functions_of_dates(name: str, arguments: tuple[Any, ...], result: str | None) -> None:
    assert text_of(called(name, *arguments)) == result


def test_the_clock_without_an_evaluation_is_that_of_the_machine() -> None:
    assert isinstance(called("now"), dt.datetime)
    assert called("now", 1) is None
    assert isinstance(called("today"), dt.date)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("get value", ({"a": 1}, "a"), 1),
        ("get value", ({"a": 1}, "b"), None),
        ("get value", ([1], "a"), None),
        ("get entries", ({"a": 1},), [{"key": "a", "value": 1}]),
        ("get entries", (None,), None),
        ("context", ([{"key": "a", "value": 1}],), {"a": 1}),
        ("context", ({"key": "a", "value": 1},), {"a": 1}),
        ("context", ([{"key": "a", "value": 1}, {"key": "a", "value": 2}],), None),
        ("context", ([{"key": "a"}],), None),
        ("context put", ({"a": 1}, "a", None), {"a": None}),
        ("context put", ({"x": 1, "y": {"a": 0}}, ["y", "b"], 2), {"x": 1, "y": {"a": 0, "b": 2}}),
        ("context put", ({"x": 1, "y": {"a": 0}}, ["y", "a", "b"], 2), None),
        ("context put", ({}, [], 2), None),
        ("context put", ({}, None, 1), None),
        ("context merge", ([{"x": 1}, {"x": 2, "y": 0}],), {"x": 2, "y": 0}),
        ("context merge", ([{"x": 1}, 2],), None),
        ("context merge", ({"x": 1},), {"x": 1}),
    ],
)
def test_functions_of_contexts(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert called(name, *arguments) == result


def test_a_context_is_not_changed_by_what_is_put_into_a_copy() -> None:
    values: dict[str, Any] = {"y": {"a": 0}}

    called("context put", values, ["y", "a"], 1)

    assert values == {"y": {"a": 0}}


def test_one_key_and_a_path_of_keys_are_two_forms() -> None:
    assert called_by_name("context put", context={"y": {"a": 0}}, keys=["y", "a"], value=1) == {"y": {"a": 1}}
    assert called_by_name("context put", context={"y": {"a": 0}}, key=["y", "a"], value=1) is None


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        ("23:00:50Z", "23:00:50+00:00", True),
        ("23:00:50", "23:00:50Z", False),
        ("23:00:50@Etc/GMT", "23:00:50Z", False),
        ("20:00:50+00:00", "21:00:50+01:00", False),
        ("2002-04-02T12:00:00-01:00", "2002-04-02T17:00:00+04:00", False),
        ("P0Y", "P0D", False),
        ("P1D", "PT24H", True),
        ("2012-12-25", "2012-12-25T00:00:00", False),
    ],
)
def test_identity_asks_each_part_and_the_zone(left: str, right: str, answer: bool) -> None:
    assert called("is", moment(left), moment(right)) is answer
    assert called("is", [moment(left)], [moment(right)]) is answer


def test_truth() -> None:
    assert called("not", True) is False
    assert called("not", 1) is None
    assert called_by_name("is", value1=1) is False
    assert called("is", 1) is None


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("number", ("9" * 100_000,)),
        ("number", ("1e" + "9" * 1000,)),
        ("duration", ("P" + "9" * 100_000 + "Y",)),
        ("exp", (Decimal("1e6144"),)),
        ("modulo", (Decimal("1e6144"), Decimal("7e-6143"))),
        ("date", (10**9, 1, 1)),
        ("range", ("[" + "1" * 100_000 + "..2]",)),
    ],
)
def test_hostile_values_are_stopped(name: str, arguments: tuple[Any, ...]) -> None:
    with bounded():
        assert called(name, *arguments) is None
