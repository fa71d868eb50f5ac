"""The index of a table answers as asking every cell does, and asks no more cells than it has to."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feel
from engine.decisions.index import MAX_BITS, Column, Index

NUMBERS = [Decimal(text) for text in ("-2", "0", "1", "1.0", "1.50", "2", "7")]
TEXTS = ["", "a", "b", "á", "mật"]
DAYS = [dt.date(2016, 4, 27), dt.date(2016, 5, 5), dt.date(2016, 5, 6)]
OTHERS: list[Any] = [
    None,
    True,
    False,
    1,
    [],
    ["a"],
    [Decimal(1)],
    {"a": "a"},
    dt.datetime(2016, 5, 5, tzinfo=dt.UTC),
    dt.time(9, 30),
    dt.timedelta(days=1),
]
VALUES = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(TEXTS),
    st.sampled_from(DAYS),
    st.sampled_from(OTHERS),
    st.decimals(-3, 9, places=2),
    st.text(max_size=2),
    st.booleans(),
)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return f'date("{value}")'
    return f'"{value}"' if isinstance(value, str) else str(value)


KINDS = (NUMBERS, TEXTS, DAYS)
ENDS = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.sampled_from(kind), st.sampled_from(kind)))
CONSTANTS = st.one_of(
    *(st.sampled_from(kind).map(written) for kind in KINDS), st.sampled_from(["true", "false", "null"])
)
COMPARISONS = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), ENDS.map(lambda ends: written(ends[0]))).map(" ".join)
RANGES = st.tuples(st.sampled_from("[(]"), ENDS, st.sampled_from("])[")).map(
    lambda told: f"{told[0]}{written(told[1][0])}..{written(told[1][1])}{told[2]}"
)
OTHER_TESTS = st.sampled_from(["? = x", "x", "? > x", "string length(?) = 1", "? in [1, 2]", '["a", "b"]', "1 + 1"])
LISTS = st.lists(st.one_of(CONSTANTS, COMPARISONS, RANGES, OTHER_TESTS), min_size=1, max_size=3).map(", ".join)
CELLS = st.one_of(st.none(), LISTS, LISTS.map(lambda told: f"not({told})"))
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.tuples(
        st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8),
        st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=6),
    )
)
NAMES = {"x": Decimal(1)}


def cells_of(rules: Sequence[Sequence[str | None]]) -> list[list[Any]]:
    """Column by column."""
    return [
        [None if cell is None else feel.unary_tests(cell) for cell in column] for column in zip(*rules, strict=True)
    ]


def holds(test: Any, value: Any) -> bool:
    return test is None or test.holds(value, NAMES, {})


@settings(max_examples=400, deadline=None)
@given(TABLES)
def test_the_index_matches_what_asking_every_cell_matches(table: tuple[Any, Any]) -> None:
    rules, questions = table
    columns = cells_of(rules)
    index = Index(columns, len(rules))

    for values in questions:
        plain = [
            rule
            for rule in range(len(rules))
            if all(holds(column[rule], value) for column, value in zip(columns, values, strict=True))
        ]
        found = index.matching(values, lambda rule, place: holds(columns[place][rule], values[place]))  # noqa: B023
        assert found == plain, (rules, values)


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ("1", Decimal("1.00"), True),
        ("1", "1", False),
        ("1", True, False),
        ("not(1)", Decimal(2), True),
        ("[1..2)", Decimal(2), False),
        ("null", None, True),
        ('"a"', None, False),
        ('< date("2016-05-05")', dt.date(2016, 5, 4), True),
        ('< date("2016-05-05")', dt.date(2016, 5, 5), False),
    ],
)
def test_types_that_differ_do_not_match_and_numbers_match_by_value(cell: str, value: Any, matches: bool) -> None:
    test = feel.unary_tests(cell)

    found = Index([[test]], 1).matching([value], lambda rule, place: test.holds(value, {}, {}))

    assert (found == [0]) is matches


def test_cells_of_constants_are_not_asked() -> None:
    rules = [[f'"{number}"', f"[{number}..{number + 5}]", f"not({number})"] for number in range(50)]
    index = Index(cells_of(rules), len(rules))

    def refuse(rule: int, place: int) -> bool:
        raise AssertionError((rule, place))

    assert index.matching(["7", Decimal(9), Decimal(3)], refuse) == [7]
    assert index.matching(["x", Decimal(9), Decimal(3)], refuse) == []


def test_other_cells_are_asked_only_for_rules_that_are_still_in_question() -> None:
    rules = [[f'"{number % 2}"', "? > x"] for number in range(10)]
    columns, asked = cells_of(rules), []

    def noted(rule: int, place: int) -> bool:
        asked.append((rule, place))
        return holds(columns[place][rule], Decimal(5))

    assert Index(columns, len(rules)).matching(["1", Decimal(5)], noted) == [1, 3, 5, 7, 9]
    assert asked == [(rule, 1) for rule in (1, 3, 5, 7, 9)]


def test_a_column_that_would_take_too_much_memory_is_asked() -> None:
    size = int(MAX_BITS**0.5) + 1
    column = Column([feel.unary_tests(f"{number}") for number in range(size)])

    sure, asked = column.match(Decimal(3))

    assert sure == 0
    assert asked.bit_count() == size
