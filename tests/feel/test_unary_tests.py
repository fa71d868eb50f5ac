"""Cells of decision tables: tests of one value (DMN 1.5, 10.3.1.2 and 10.3.2.8)."""

from decimal import Decimal
from typing import Any

import pytest

import feel
from feel import FeelError, unary_tests

D = Decimal


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("-", D(1), True),
        ("-", None, True),
        ("5", D(5), True),
        ("5", 5, True),
        ("5", D(6), False),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ("< 5", D(4), True),
        ("<= 5", D(5), True),
        ("> 5", D(5), False),
        (">= 5", D(5), True),
        ("= 5", D(5), True),
        ("!= 5", D(5), False),
        ("> 5", None, False),
        ("> 5", "6", False),
        ("[1..5]", D(5), True),
        ("(1..5)", D(1), False),
        ("]1..5[", D(1), False),
        ("]1..5[", D(5), False),
        ("]1..5[", D(3), True),
        ("[1..5[, 9", D(9), True),
        ("[1..5[", D(5), False),
        ("]1..5]", D(5), True),
        ("< 1, > 10", D(11), True),
        ("< 1, > 10", D(5), False),
        ("not(5)", D(6), True),
        ("not(5)", D(5), False),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ("not(< 5)", D(6), True),
        ("not([1..5])", D(3), False),
        ("true", True, True),
        ("true", False, False),
        ("false", False, True),
        ("not(true)", False, True),
        ("null", None, True),
        ("null", D(1), False),
        ("not(null)", D(1), True),
        ('["a", "b"]', "a", True),
        ('["a", "b"]', ["a", "b"], True),
        ("? > 3 and ? < 7", D(5), True),
        ("? > 3 and ? < 7", D(8), False),
        ("not(? > 3) or ? = 9", D(9), True),
        ('starts with(?, "Q")', "QĐ", True),
        ('contains(?, "x"), "y"', "y", True),
        ("? * 2 = limit", D(5), True),
        ("limit", D(10), True),
        ("> limit / 2", D(6), True),
        ("[limit - 1..limit + 1]", D(11), True),
        ("people[1]", "an", True),
        ('date("2026-01-01")', "2026-01-01", False),
    ],
)
def test_a_value_passes_or_not(text: str, value: Any, holds: bool) -> None:
    assert unary_tests(text).holds(value, {"limit": D(10), "people": ["an", "ba"]}) is holds


@pytest.mark.parametrize("text", ["", "1,", "not(1", "1 2", "[1..", "> ", "- -", "]1..2", "< 1 <"])
def test_what_cannot_be_read_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(FeelError) as refused:
        unary_tests(text)

    assert refused.value.line == 1


def test_names_and_functions_outside_are_told() -> None:
    tests = unary_tests('working_days(n), ? in list contains(known, "a")')

    assert tests.names == {"n", "known"}
    assert tests.functions == {"working_days"}


def test_a_list_in_an_expression_is_still_reached_by_position() -> None:
    assert feel.compile("a[1] + [1, 2][2]").evaluate({"a": [D(4)]}) == D(6)


def test_a_range_may_be_open_in_an_expression_too() -> None:
    assert feel.compile("5 in ]1..5[").evaluate({}) is False
    assert feel.compile("if 4 in ]1..5[ and true then 1 else 2").evaluate({}) == D(1)
