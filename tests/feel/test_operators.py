"""Operators by the rules of DMN 1.5, 10.3.2.13: what they give, and where that is null."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from feel import operators, values
from feel.literals import read_date, read_date_time, read_duration, read_temporal, read_time
from feel.ranges import Range
from feel.texts import text_of
from feel.values import CONTEXT, Function

HANOI = dt.timezone(dt.timedelta(hours=7))


class Run:
    """An evaluation in Hà Nội that counts what is charged to it."""

    now = dt.datetime(2026, 3, 9, 20, 0, tzinfo=dt.UTC)
    zone = HANOI

    def __init__(self) -> None:
        self.steps = 0
        self.size = 0

    def spend(self, steps: int) -> None:
        self.steps += steps

    def grow(self, size: int) -> None:
        self.size += size


@pytest.fixture
def run() -> Any:
    running = Run()
    token = values.RUN.set(running)
    yield running
    values.RUN.reset(token)


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        (None, None, True),
        (None, 0, False),
        (Decimal("1.0"), 1, True),
        (1, True, None),
        ("1", 1, None),
        ("á", "á", True),
        ([1, [2]], [1, [2]], True),
        ([1, 2], [1], False),
        ([1, "a"], ["a", 1], False),
        ({"a": 1, "b": None}, {"b": None, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1], 1, None),
        (Range(1, 2), Range(1, 2), True),
        (Range(1, 2), Range(1, 2, with_low=False), False),
        (read_duration("P1D"), read_duration("PT24H"), True),
        (read_duration("P1Y"), read_duration("P12M"), True),
        (read_duration("P0Y"), read_duration("P0D"), None),
        (read_date("2026-01-01"), read_date_time("2026-01-01T00:00:00"), None),
    ],
)
def test_values_of_one_kind_are_equal_or_not_and_others_are_neither(left: Any, right: Any, answer: Any) -> None:
    assert operators.equal(left, right) is answer
    assert operators.not_equal(left, right) is (None if answer is None else not answer)


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        ("2026-03-09T08:00:00+07:00", "2026-03-09T01:00:00Z", True),
        ("2018-10-08T00:00:00+02:00", "2018-10-08T00:00:00@Europe/Paris", True),
        ("2026-03-09T08:00:00", "2026-03-09T08:00:00Z", False),
        ("2026-03-09T08:00:00.2", "2026-03-09T08:00:00.7", True),
        ("10:30:00Z", "10:30:00+00:00", True),
        ("10:30:00@Europe/Paris", "10:30:00@Asia/Dhaka", False),
        ("10:30:00@Europe/Paris", "10:30:00", False),
    ],
)
def test_moments_are_compared_by_whole_seconds_on_the_line_of_time(left: str, right: str, answer: bool) -> None:
    assert operators.equal(read_temporal(left), read_temporal(right)) is answer


def test_a_moment_without_zone_is_in_no_order_with_one_that_has_it() -> None:
    bare, zoned = read_date_time("2026-03-09T08:00:00"), read_date_time("2026-03-09T08:00:00Z")

    assert operators.less(bare, zoned) is None
    assert operators.subtract(bare, zoned) is None


def test_a_moment_without_zone_stands_in_the_zone_of_the_evaluation(run: Run) -> None:
    bare, zoned = read_date_time("2026-03-09T08:00:00"), read_date_time("2026-03-09T01:00:00Z")

    assert operators.equal(bare, zoned) is True
    assert operators.less_equal(bare, zoned) is True
    assert operators.subtract(bare, zoned) == dt.timedelta()
    assert operators.subtract(read_time("08:00:00"), read_time("00:00:00Z")) == dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        (1, 2, -1),
        ("b", "a", 1),
        (read_date("2026-01-01"), read_date("-2026-01-01"), 1),
        (read_date("999999999-12-31"), read_date("2026-01-01"), 1),
        (read_duration("P1M"), read_duration("P1Y"), -1),
        (read_duration("PT0.000000001S"), read_duration("PT0S"), 1),
        (read_time("10:00:00+01:00"), read_time("09:00:00Z"), 0),
        (True, False, None),
        (1, "1", None),
        (None, 1, None),
        ([1], [2], None),
        ({}, {}, None),
        (read_duration("P1M"), read_duration("P30D"), None),
    ],
)
def test_order_is_of_two_values_of_one_kind(left: Any, right: Any, order: int | None) -> None:
    signs = (operators.less, operators.less_equal, operators.greater, operators.greater_equal)
    expected = [None] * 4 if order is None else [order < 0, order <= 0, order > 0, order >= 0]

    assert [sign(left, right) for sign in signs] == expected


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, None, False, None),
        (None, None, None, None),
        (True, 1, None, True),
        (False, "x", False, None),
        (1, 0, None, None),
    ],
)
def test_logic_has_three_values(first: Any, second: Any, both: Any, either: Any) -> None:
    assert operators.conjunction(first, second) is both
    assert operators.disjunction(first, second) is either


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        (1, 2, "3"),
        ("a", "b", "ab"),
        ("a", 1, None),
        (True, 1, None),
        (None, 1, None),
        ("2020-01-31", "P1M", "2020-02-29"),
        ("2020-02-29", "-P1Y", "2019-02-28"),
        ("2020-02-28", "PT47H", "2020-02-29"),
        ("2020-02-28", "-PT1H", "2020-02-27"),
        ("9999-12-31", "P1D", "10000-01-01"),
        ("0001-01-01", "-P1D", "0000-12-31"),
        ("999999999-12-31", "P1D", None),
        ("2020-01-31T10:00:00", "P1M", "2020-02-29T10:00:00"),
        ("2026-03-28T12:00:00@Europe/Paris", "P1D", "2026-03-29T13:00:00@Europe/Paris"),
        ("2026-03-09T23:30:00Z", "PT1H", "2026-03-10T00:30:00Z"),
        ("23:30:00+07:00", "PT1H", "00:30:00+07:00"),
        ("23:30:00", "P1M", None),
        ("P1D", "PT1H", "P1DT1H"),
        ("P1Y", "P1M", "P1Y1M"),
        ("P1Y", "P1D", None),
    ],
)
def test_addition(left: Any, right: Any, result: str | None) -> None:
    first, second = (_value(side) for side in (left, right))

    assert text_of(operators.add(first, second)) == result
    if not (isinstance(first, str) and isinstance(second, str)):
        assert text_of(operators.add(second, first)) == result


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        (1, 2, "-1"),
        ("a", "b", None),
        ("2020-03-31", "P1M", "2020-02-29"),
        ("2020-03-01", "2020-02-01", "P29D"),
        ("2020-03-01T00:00:00Z", "2020-02-29T12:00:00Z", "PT12H"),
        ("2020-03-01", "2020-02-29T12:00:00Z", "PT12H"),
        ("2020-03-01", "2020-02-29T12:00:00", None),
        ("10:00:00", "11:30:00", "-PT1H30M"),
        ("10:00:00Z", "11:30:00", None),
        ("10:00:00Z", "10:00:00+07:00", "PT7H"),
        ("P1Y", "P2M", "P10M"),
        ("P1Y", "2020-01-01", None),
        ("10000-01-01", "9999-12-31", "P1D"),
    ],
)
def test_subtraction(left: Any, right: Any, result: str | None) -> None:
    assert text_of(operators.subtract(_value(left), _value(right))) == result


@pytest.mark.parametrize(
    ("operation", "left", "right", "result"),
    [
        (operators.multiply, 3, "P2D", "P6D"),
        (operators.multiply, "P1Y", Decimal("2.5"), "P2Y6M"),
        (operators.multiply, "P1Y", "P1Y", None),
        (operators.multiply, "P999999999Y", 99999, None),
        (operators.divide, 1, 0, None),
        (operators.divide, 1, 3, "0." + "3" * 34),
        (operators.divide, "P1D", 2, "PT12H"),
        (operators.divide, "P1D", "PT6H", "4"),
        (operators.divide, "P2Y", "P6M", "4"),
        (operators.divide, "P1D", "PT0S", None),
        (operators.divide, "P1D", 0, None),
        (operators.divide, 2, "P1D", None),
        (operators.power, 2, 10, "1024"),
        (operators.power, 10, 6145, None),
        (operators.power, -8, Decimal("0.5"), None),
        (operators.power, "a", 2, None),
    ],
)
def test_products_parts_and_powers(operation: Any, left: Any, right: Any, result: str | None) -> None:
    assert text_of(operation(_value(left), _value(right))) == result


def test_numbers_have_34_digits_and_end_with_their_exponent() -> None:
    largest = CONTEXT.create_decimal("9.999999999999999999999999999999999E+6144")

    assert operators.add(Decimal(10) ** 34, Decimal("0.1")) == Decimal(10) ** 34
    assert operators.multiply(largest, 10) is None


@pytest.mark.parametrize(
    ("value", "result"), [(1, "-1"), ("P1D", "-P1D"), ("P1Y", "-P1Y"), ("a", None), (True, None), ("2021-01-01", None)]
)
def test_negation_of_numbers_and_durations(value: Any, result: str | None) -> None:
    assert text_of(operators.negate(_value(value))) == result


@pytest.mark.parametrize(
    ("text", "name", "answer"),
    [
        ("2018-12-10", "weekday", "1"),
        ("2018-12-10T10:30:00+05:00", "time offset", "PT5H"),
        ("2018-12-10T10:30:00@Etc/UTC", "timezone", "Etc/UTC"),
        ("2018-07-10T10:30:00@Europe/Paris", "time offset", "PT2H"),
        ("2018-12-10T10:30:00", "time offset", None),
        ("10:30:05", "second", "5"),
        ("10:30:05", "year", None),
        ("-P1DT2H3M4S", "hours", "-2"),
        ("P1Y2M", "months", "2"),
        ("-P1Y2M", "years", "-1"),
        ("P1Y2M", "days", None),
        ("999999999-12-31", "year", "999999999"),
        ("2018-12-10", "__class__", None),
    ],
)
def test_properties_are_those_of_the_standard(text: str, name: str, answer: str | None) -> None:
    assert text_of(operators.property(read_temporal(text), name)) == answer


def test_properties_of_contexts_lists_and_ranges() -> None:
    interval = operators.range_of(1, 5, False, True)

    assert operators.property({"a": 1}, "a") == 1
    assert operators.property({"a": 1}, "b") is None
    assert operators.property([{"a": 1}, {}], "a") == [1, None]
    assert operators.property(interval, "start") == 1
    assert operators.property(interval, "start included") is False
    assert operators.property("text", "upper") is None
    assert operators.property(None, "a") is None


@pytest.mark.parametrize(
    ("position", "answer"),
    [(1, "a"), (-1, "b"), (0, None), (3, None), (Decimal("1.5"), None), ("1", None), (True, None)],
)
def test_items_count_from_1_and_from_the_end(position: Any, answer: str | None) -> None:
    assert operators.item(["a", "b"], position) == answer


def test_a_value_is_a_list_of_itself_and_null_is_none() -> None:
    assert operators.item("a", 1) == "a"
    assert operators.item(None, 1) is None


@pytest.mark.parametrize(
    ("value", "test", "answer"),
    [
        (5, Range(1, 5), True),
        (5, Range(1, 5, with_high=False), False),
        (None, Range(1, 5), None),
        ("a", Range(1, 5), None),
        (5, [1, 5], True),
        (5, [Range(1, 2), Range(4, 6)], True),
        (3, [Range(1, 2), Range(4, 6)], False),
        ([1, 2], [[1, 2], [3]], True),
        ([1, 2], [1, 2], True),
        (None, [None], True),
        (5, operators.ray(">=", 5), True),
        (5, operators.ray("<", 5), False),
        (1, "1", None),
    ],
)
def test_in_asks_ranges_lists_and_values(value: Any, test: Any, answer: bool | None) -> None:
    assert operators.contains(value, test) is answer


@pytest.mark.parametrize(("low", "high"), [(1, "a"), (None, 5), (5, None), (True, False), ([1], [2])])
def test_a_range_has_two_ends_of_one_ordered_kind(low: Any, high: Any) -> None:
    assert operators.range_of(low, high, True, True) is None


def test_iteration_goes_through_lists_and_counts_ranges() -> None:
    days = operators.range_of(read_date("2026-02-27"), read_date("2026-03-01"), True, True)

    assert list(operators.iterate([1, 2]) or ()) == [1, 2]
    assert list(operators.iterate(operators.range_of(1, 4, False, True)) or ()) == [2, 3, 4]
    assert [text_of(day) for day in operators.iterate(days) or ()] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert list(operators.steps(3, 1) or ()) == [3, 2, 1]
    assert list(operators.iterate("a") or ()) == ["a"]
    assert operators.iterate(None) is None
    assert operators.iterate(operators.range_of("a", "b", True, True)) is None
    assert operators.steps(Decimal("1.5"), 2) is None


def test_what_is_made_is_charged_to_the_evaluation(run: Run) -> None:
    operators.add("abc", "de")
    operators.equal([1] * 50, [1] * 50)

    assert run.size == 5
    assert run.steps >= 50


def test_a_text_that_is_too_long_is_null() -> None:
    half = "x" * (values.MAX_TEXT // 2 + 1)

    assert operators.add(half, half) is None


def test_functions_are_equal_to_themselves_alone() -> None:
    one = Function("f", (), len)

    assert operators.equal(one, one) is True
    assert operators.equal(one, Function("g", (), len)) is False


def _value(side: Any) -> Any:
    """A text that begins like a date, a time or a duration is one."""
    if isinstance(side, str) and side[:1] in "-P0123456789":
        return read_temporal(side)
    return side
