"""Functions of lists, statistics, sorting and ranges (DMN 1.5, 10.3.4.4, 10.3.4.6 and 10.3.4.9)."""

import contextlib
import inspect
from decimal import Decimal
from typing import Any

import pytest

from feel.errors import FeelError
from feel.functions import BUILTINS
from feel.ranges import Range
from feel.values import MAX_LIST, Function, Unfit
from tests.feel.calls import bounded, called, called_by_name, moment

DESCENDING = Function("", ("x", "y"), lambda x, y: x > y)
CLOSED, HALF = Range(1, 5), Range(1, 5, with_high=False)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("list contains", ([1, None], None), True),
        ("list contains", (1, 1), True),
        ("list contains", (None, 1), None),
        ("count", ([],), 0),
        ("count", (5,), 1),
        ("count", (None,), None),
        ("count", (1, 2), None),
        ("min", ([3, 1, 2],), 1),
        ("min", (3, 1, 2), 1),
        ("min", ([],), None),
        ("min", ([1, "a"],), None),
        ("min", ([1, None],), None),
        ("max", (["a", "c", "b"],), "c"),
        ("max", (5,), 5),
        ("max", ([True],), None),
        ("sum", ([1, 2],), 3),
        ("sum", ([],), None),
        ("sum", ([1, True],), None),
        ("sum", (), None),
        ("product", (2, 3, 4), 24),
        ("mean", ([1, 2, 3],), 2),
        ("median", ([6, 1, 2, 3],), Decimal("2.5")),
        ("median", ([],), None),
        ("stddev", ([47],), None),
        ("mode", ([6, 1, 9, 6, 1],), [1, 6]),
        ("mode", ([],), []),
        ("mode", ([1, "a"],), None),
        ("all", ([],), True),
        ("all", ([False, None],), False),
        ("all", ([True, None],), None),
        ("any", ([],), False),
        ("any", ([True, None],), True),
        ("any", ([False, None],), None),
        ("any", (None,), None),
        ("sublist", ([4, 5, 6], 1, 2), [4, 5]),
        ("sublist", ([4, 5, 6], -2), [5, 6]),
        ("sublist", ([4, 5, 6], 0), None),
        ("sublist", ([4, 5, 6], 4), None),
        ("sublist", ([4, 5, 6], 2, 3), None),
        ("append", ([1], [2], 3), [1, [2], 3]),
        ("append", ([1],), None),
        ("concatenate", ([1, 2], [3]), [1, 2, 3]),
        ("concatenate", ([[1], [2]],), [[1], [2]]),
        ("concatenate", ([1], None), None),
        ("insert before", ([1, 3], 2, 2), [1, 2, 3]),
        ("insert before", ([1, 3], -1, 2), [1, 2, 3]),
        ("insert before", ([1, 3], 3, 2), None),
        ("remove", ([1, 2, 3], -1), [1, 2]),
        ("remove", ([], 1), None),
        ("list replace", ([2, 4, 7], -1, 6), [2, 4, 6]),
        ("list replace", ([2, 4, 7], 4, 6), None),
        ("list replace", ([2, 4, 7], Function("", ("a", "b"), lambda a, b: a > b), 3), [2, 3, 3]),
        ("list replace", ([2, 4, 7], Function("", ("a", "b"), lambda a, b: None), 3), None),
        ("reverse", ([1, 2],), [2, 1]),
        ("index of", ([1, None, 1], 1), [1, 3]),
        ("index of", ([1, None], None), [2]),
        ("union", ([1, 2], [2, 3]), [1, 2, 3]),
        ("distinct values", ([1, Decimal("1.0"), "1", True, [1], [1], None, None],), [1, "1", True, [1], None]),
        ("flatten", ([[1, [2]], 3, [[[4]]]],), [1, 2, 3, 4]),
        ("flatten", (1,), [1]),
        ("sort", ([3, 1, 2],), [1, 2, 3]),
        ("sort", ([3, 1, 2], DESCENDING), [3, 2, 1]),
        ("sort", ([1, "a"],), None),
        ("sort", ([1, 2], Function("", ("x",), lambda x: True)), None),
        ("sort", ([1, 2], 5), None),
    ],
)
def test_functions_of_lists(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert called(name, *arguments) == result


def test_the_items_of_a_list_may_be_named() -> None:
    assert called_by_name("min", list=[2, 1]) == 1
    assert called_by_name("append", list=[1], item=[2]) == [1, [2]]
    assert called_by_name("sort", precedes=DESCENDING, list=[1, 2]) == [2, 1]


@pytest.mark.parametrize(
    ("name", "left", "right", "answer"),
    [
        ("before", 1, 10, True),
        ("before", 1, CLOSED, False),
        ("before", 1, Range(1, 5, with_low=False), True),
        ("before", HALF, Range(5, 9), True),
        ("before", CLOSED, Range(5, 9), False),
        ("before", Range(None, 5, False), Range(6, 9), True),
        ("before", 1, "a", None),
        ("before", 1, None, None),
        ("after", CLOSED, 5, False),
        ("after", 5, HALF, True),
        ("meets", CLOSED, Range(5, 9), True),
        ("meets", HALF, Range(5, 9), False),
        ("met by", Range(5, 9), CLOSED, True),
        ("meets", 1, CLOSED, None),
        ("overlaps", CLOSED, Range(5, 9), True),
        ("overlaps", HALF, Range(5, 9), False),
        ("overlaps", Range(3, None, True, False), CLOSED, True),
        ("overlaps before", CLOSED, Range(3, 8), True),
        ("overlaps before", CLOSED, Range(1, 8, with_low=False), True),
        ("overlaps before", CLOSED, Range(1, 8), False),
        ("overlaps before", Range(0, 6), CLOSED, False),
        ("overlaps after", Range(3, 8), CLOSED, True),
        ("overlaps after", Range(5, 8), HALF, False),
        ("finishes", 5, CLOSED, True),
        ("finishes", 5, HALF, False),
        ("finishes", Range(3, 5), CLOSED, True),
        ("finished by", CLOSED, Range(1, 5, with_low=False), True),
        ("includes", CLOSED, 5, True),
        ("includes", HALF, 5, False),
        ("includes", CLOSED, HALF, True),
        ("includes", HALF, CLOSED, False),
        ("includes", Range(None, 5, False), 1, True),
        ("during", HALF, CLOSED, True),
        ("during", 0, CLOSED, False),
        ("starts", 1, CLOSED, True),
        ("starts", HALF, CLOSED, True),
        ("started by", CLOSED, 1, True),
        ("started by", CLOSED, Range(1, 3, with_low=False), False),
        ("coincides", CLOSED, Range(1, 5), True),
        ("coincides", CLOSED, HALF, False),
        ("coincides", 5, 5, True),
        ("coincides", 5, CLOSED, None),
        ("includes", Range(moment("2026-01-01"), moment("2026-12-31")), moment("2026-03-09"), True),
    ],
)
def test_how_points_and_ranges_lie_to_each_other(name: str, left: Any, right: Any, answer: bool | None) -> None:
    assert called(name, left, right) is answer


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("[1..3]", Range(1, 3)),
        (" ] 1 .. 3 [ ", Range(1, 3, False, False)),
        ("[-1.5..3)", Range(Decimal("-1.5"), 3, True, False)),
        ('["a..b".."c"]', Range("a..b", "c")),
        ('[@"2026-01-01"..date("2026-01-02")]', Range(moment("2026-01-01"), moment("2026-01-02"))),
        ("[3..1]", None),
        ("[1..]", None),
        ("[null..null]", None),
        ("[1..x]", None),
        ('[1.."b"]', None),
        ('[@"2026-01-01"..@"2026-01-02T00:00:00"]', None),
        ('[date(string("2026-01-01"))..@"2026-01-02"]', None),
        (">= 10", None),
        ("", None),
    ],
)
def test_ranges_are_read_from_text(text: str, result: Any) -> None:
    assert called("range", text) == result


def _nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def _doubled(levels: int) -> list[Any]:
    """A list that would be 2**levels long, were it flat."""
    value: list[Any] = [1]
    for _ in range(levels):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("flatten", (_nested(500),)),
        ("string", (_nested(500),)),
        ("is", (_nested(500), _nested(500))),
        ("concatenate", tuple([1] * 60_000 for _ in range(2))),
        ("append", ([1] * MAX_LIST, 2)),
        ("sum", ([Decimal("9e6144")] * 10,)),
        ("product", ([Decimal("9e6000")] * 10,)),
        ("context put", ({}, ["a"] * 1000, 1)),
    ],
)
def test_hostile_lists_are_stopped(name: str, arguments: tuple[Any, ...]) -> None:
    with bounded(), contextlib.suppress(FeelError):
        assert called(name, *arguments) is None


def test_every_builtin_tells_of_itself_and_takes_what_it_names() -> None:
    for name, builtin in BUILTINS.items():
        assert builtin.description.endswith("."), name
        assert builtin.example, name
        longest = max(len(form) for form in builtin.forms)
        assert len(builtin.takes) == longest, name
        inspect.signature(builtin.work).bind(*[None] * longest)


def test_a_misfit_says_why_in_a_sentence_for_the_analyst() -> None:
    with pytest.raises(Unfit, match="cần danh sách mà gặp null"):
        BUILTINS["count"].call(None, None)
    with pytest.raises(Unfit, match="hàm count nhận 1 giá trị"):
        BUILTINS["count"].call(None, 1, 2)
