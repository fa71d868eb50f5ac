"""Expressions that go through lists."""

from decimal import Decimal

import pytest

import feel
from feel import values
from feel.errors import FeelError

NAMES = {"units": [{"code": "VP", "n": 2}, {"code": "P-TP", "n": 5}], "one": Decimal(1), "nothing": None, "for": "x"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for u in units return u.code", ["VP", "P-TP"]),
        ("for x in 1..3 return x * 2", [2, 4, 6]),
        ("for x in 3..1 return x", [3, 2, 1]),
        ("for x in [1, 2], y in [10, 20] return x + y", [11, 21, 12, 22]),
        ("for x in 1..2, y in 1..x return y", [1, 1, 2]),
        ("for x in one return x + 1", [2]),
        ("for x in nothing return x", None),
        ("sum(for u in units return u.n)", 7),
        ('some u in units satisfies u.code = "VP"', True),
        ("every u in units satisfies u.n > 2", False),
        ("some x in [] satisfies true", False),
        ("every x in [] satisfies false", True),
        ('for + "y"', "xy"),
    ],
)
def test_what_it_gives(text: str, expected: object) -> None:
    assert feel.compile(text).evaluate(NAMES) == expected


def test_its_own_variables_are_not_asked_of_the_caller() -> None:
    assert feel.compile("for x in list return x + y").names == {"list", "y"}


def test_it_does_not_go_on_for_ever() -> None:
    with pytest.raises(FeelError, match="quá"):
        feel.compile(f"for x in 1..{values.MAX_LIST}, y in 1..10 return x").evaluate({})


@pytest.mark.parametrize(
    "text",
    [
        "for x in 1..1000 return (for y in 1..1000 return x)",
        "some x in 1..1000 satisfies (every y in 1..1000 satisfies x = 0 or y > 0) and x = 0",
        "for x in (for z in 1..1000 return z), y in (for z in 1..1000 return z) return x",
    ],
)
def test_one_inside_another_counts_with_it(text: str) -> None:
    with pytest.raises(FeelError, match="quá"):
        feel.compile(text).evaluate({})


@pytest.mark.parametrize("text", ["for x in", "for x in 1..2", "for x in l satisfies x", "some x in l return x"])
def test_half_of_one_is_refused(text: str) -> None:
    with pytest.raises(FeelError):
        feel.compile(text)


def test_a_function_that_calls_itself_twice_does_not_go_on_for_ever() -> None:
    twice = "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), found: f(40)}.found"

    with pytest.raises(FeelError, match="quá lâu"):
        feel.compile(twice).evaluate({})
