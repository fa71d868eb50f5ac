"""Types, conformance and implicit conversions (DMN 1.5, 10.3.2.9)."""

from typing import Any

import pytest

from feel import types
from feel.errors import FeelError
from feel.literals import read_date, read_date_time, read_duration
from feel.ranges import Range
from feel.types import ANY, Type, coerce, conforms, context_of, function_of, instance_of, list_of, range_of
from feel.values import Function


def _named(name: str) -> Type:
    found = types.named(name)
    assert found is not None
    return found


NUMBER, STRING = _named("number"), _named("string")


@pytest.mark.parametrize(
    ("value", "wanted", "answer"),
    [
        (1, NUMBER, True),
        (True, NUMBER, False),
        ("1", NUMBER, False),
        (1, ANY, True),
        ([1, 2], list_of(NUMBER), True),
        ([1, None], list_of(NUMBER), True),
        ([1, "2"], list_of(NUMBER), False),
        ([1, "2"], list_of(ANY), True),
        ({"a": "x", "b": 1, "c": 2}, context_of([("a", STRING), ("b", NUMBER)]), True),
        ({"a": "x"}, context_of([("a", STRING), ("b", NUMBER)]), False),
        ({"a": None}, context_of([("a", STRING)]), True),
        (Range(1, 2), range_of(NUMBER), True),
        (Range("a", "b"), range_of(NUMBER), False),
        (Range(None, 2), range_of(NUMBER), True),
        (read_date("2026-01-01"), _named("date"), True),
        (read_date("-20260-01-01"), _named("date"), True),
        (read_date_time("2026-01-01T00:00:00"), _named("date"), False),
        (read_date_time("2026-01-01T00:00:00"), _named("dateTime"), True),
        (read_duration("P1D"), _named("days and time duration"), True),
        (read_duration("P1Y"), _named("days and time duration"), False),
        (Function("f", ("a",), len), function_of([NUMBER], STRING), True),
        (Function("f", (), len), function_of([NUMBER], STRING), False),
        (Function("f", ("a",), len, function_of([ANY], STRING)), function_of([NUMBER], ANY), True),
        (Function("f", ("a",), len, function_of([NUMBER], STRING)), function_of([ANY], STRING), False),
        (Function("f", ("a",), len, function_of([NUMBER], ANY)), function_of([NUMBER], STRING), False),
    ],
)
def test_a_value_conforms_or_not(value: Any, wanted: Type, answer: bool) -> None:
    assert conforms(value, wanted) is answer
    assert instance_of(value, wanted) is answer


def test_null_conforms_to_every_type_but_is_an_instance_of_null_alone() -> None:
    assert conforms(None, NUMBER)
    assert not instance_of(None, NUMBER)
    assert not instance_of(None, ANY)
    assert instance_of(None, _named("Null"))


@pytest.mark.parametrize(
    ("value", "wanted", "result"),
    [
        (1, NUMBER, 1),
        ([1], NUMBER, 1),
        ([1, 2], NUMBER, None),
        (["a"], NUMBER, None),
        (1, list_of(NUMBER), [1]),
        ("a", list_of(NUMBER), None),
        ([], NUMBER, None),
        (None, NUMBER, None),
        (read_date("2026-03-09"), _named("date and time"), read_date_time("2026-03-09T00:00:00Z")),
        ({"a": 1, "b": 2}, context_of([("a", NUMBER)]), {"a": 1, "b": 2}),
        ({"a": "x"}, context_of([("a", NUMBER)]), None),
    ],
)
def test_values_are_converted_where_the_standard_says_so(value: Any, wanted: Type, result: Any) -> None:
    assert coerce(value, wanted) == result


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (list_of(NUMBER), "list<number>"),
        (context_of([("a", NUMBER), ("b", list_of(STRING))]), "context<a: number, b: list<string>>"),
        (function_of([NUMBER, STRING], ANY), "function<number, string>->Any"),
        (range_of(_named("date")), "range<date>"),
    ],
)
def test_types_are_written_as_in_the_language(wanted: Type, text: str) -> None:
    assert str(wanted) == text


def test_a_type_is_named_as_in_the_language_or_in_files() -> None:
    assert types.named("dayTimeDuration") == types.named("days and time duration")
    assert types.named("tFoo") is None


def test_what_is_nested_too_deeply_is_stopped() -> None:
    value: Any = []
    wanted = ANY
    for _ in range(100):
        value, wanted = [value], list_of(wanted)

    with pytest.raises(FeelError):
        conforms(value, wanted)
