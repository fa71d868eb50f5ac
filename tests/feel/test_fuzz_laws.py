"""Laws that hold for any values: logic of three values, arithmetic as decimal has it, order, loops as in Python."""

import decimal
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import feel
from feel.values import CONTEXT
from tests.feel import drawing

_quick = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
TRUTHS = (True, False, None)
whole = st.integers(-50, 50)
wholes = st.lists(whole, max_size=12)


def value(text: str, **names: Any) -> Any:
    return feel.compile(text).evaluate(names)


# --------------------------------------------------------------------------------------------------------------- logic
def negation(one: bool | None) -> bool | None:
    return None if one is None else not one


@pytest.mark.parametrize("a", TRUTHS)
@pytest.mark.parametrize("b", TRUTHS)
def test_logic_has_the_laws_of_three_values(a: bool | None, b: bool | None) -> None:
    both, either = value("a and b", a=a, b=b), value("a or b", a=a, b=b)

    assert both is value("b and a", a=a, b=b)
    assert either is value("b or a", a=a, b=b)
    assert negation(both) is value("not(a) or not(b)", a=a, b=b)  # De Morgan
    assert negation(either) is value("not(a) and not(b)", a=a, b=b)
    assert value("a and (a or b)", a=a, b=b) is a
    assert value("a or (a and b)", a=a, b=b) is a


@_quick
@given(drawing.values, drawing.values)
def test_what_is_no_boolean_counts_as_null(a: Any, b: Any) -> None:
    plain = {"a": a if isinstance(a, bool) else None, "b": b if isinstance(b, bool) else None}

    for text in ("a and b", "a or b"):
        assert value(text, a=a, b=b) is value(text, **plain)


# ---------------------------------------------------------------------------------------------------------- arithmetic
@pytest.mark.parametrize(
    ("sign", "work"),
    [("+", CONTEXT.add), ("-", CONTEXT.subtract), ("*", CONTEXT.multiply), ("/", CONTEXT.divide)],
)
@_quick
@given(drawing.numbers, drawing.numbers)
def test_numbers_are_calculated_with_34_digits(sign: str, work: Callable[..., Decimal], a: Decimal, b: Decimal) -> None:
    try:
        expected = work(a, b)
    except decimal.DecimalException:
        expected = None

    assert value(f"a {sign} b", a=a, b=b) == expected


@_quick
@given(whole, whole, whole)
def test_signs_bind_as_in_python(a: int, b: int, c: int) -> None:
    names = {"a": a, "b": b, "c": c}

    assert value("a + b * c - a", **names) == a + b * c - a
    assert value("-a * (b - c)", **names) == -a * (b - c)
    assert value("a - b - c", **names) == a - b - c


@_quick
@given(whole, whole.filter(bool))
def test_the_remainder_has_the_sign_of_the_divisor(a: int, b: int) -> None:
    assert value("modulo(a, b)", a=a, b=b) == a % b
    assert value("floor(a / b)", a=a, b=b) == a // b


# --------------------------------------------------------------------------------------------------------------- order
@_quick
@given(drawing.values, drawing.values)
def test_of_two_values_one_is_less_or_they_are_equal_or_there_is_no_order(a: Any, b: Any) -> None:
    less, greater, equal = (value(f"a {sign} b", a=a, b=b) for sign in ("<", ">", "="))

    assert less is value("b > a", a=a, b=b)
    assert value("a <= b", a=a, b=b) is negation(greater)
    assert value("a != b", a=a, b=b) is negation(equal)
    assert equal is value("b = a", a=a, b=b)
    assert less is None or [less, greater, equal].count(True) == 1


@_quick
@given(drawing.values)
def test_a_value_is_equal_to_itself(a: Any) -> None:
    assert value("a = a", a=a) is True


@_quick
@given(whole, whole, whole)
def test_to_be_between_is_to_be_in_the_range(a: int, low: int, high: int) -> None:
    names = {"a": a, "low": low, "high": high}

    assert value("a between low and high", **names) is (low <= a <= high)
    assert value("a in [low..high]", **names) is (low <= a <= high)
    assert value("a in (low..high)", **names) is (low < a < high)


# --------------------------------------------------------------------------------------------------------------- loops
@_quick
@given(wholes, wholes)
def test_loops_go_through_lists_as_python_does(a: list[int], b: list[int]) -> None:
    assert value("for x in a, y in b return x * 10 + y", a=a, b=b) == [x * 10 + y for x in a for y in b]
    assert value("a[item > 3]", a=a) == [x for x in a if x > 3]
    assert value("some x in a, y in b satisfies x > y", a=a, b=b) is any(x > y for x in a for y in b)
    assert value("every x in a, y in b satisfies x > y", a=a, b=b) is all(x > y for x in a for y in b)


@_quick
@given(wholes, whole)
def test_a_place_counts_from_one_or_from_the_end(a: list[int], place: int) -> None:
    expected = a[place - (place > 0)] if place and -len(a) <= place <= len(a) else None

    assert value("a[place + 0]", a=a, place=place) == expected


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("sort(a, function(x, y) x < y)", sorted),
        ("reverse(a)", lambda a: a[::-1]),
        ("distinct values(a)", lambda a: list(dict.fromkeys(a))),
        ("count(a)", len),
        ("sum(append(a, 0))", sum),
        ("concatenate(a, a)", lambda a: a + a),
        ("index of(a, 1)", lambda a: [place for place, x in enumerate(a, 1) if x == 1]),
        ("list contains(a, 1)", lambda a: operator.contains(a, 1)),
        ("for x in a return count(partial)", lambda a: list(range(len(a)))),
    ],
)
@_quick
@given(a=wholes)
def test_lists_are_worked_on_as_in_python(text: str, work: Callable[..., Any], a: list[int]) -> None:
    assert value(text, a=a) == work(a)
