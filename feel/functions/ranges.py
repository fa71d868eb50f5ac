"""How points and ranges lie to each other (DMN 1.5, 10.3.4.9, table 78)."""

from collections.abc import Callable
from typing import Any

from feel.comparison import less
from feel.functions.registry import RANGE, builtin
from feel.ranges import Range
from feel.values import Unfit, number

Relation = Callable[[Range, Range], bool]


def _as_range(value: Any) -> Range:
    """A point is a range of itself alone."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, Range) else Range(number(value), number(value))


def _precedes(left: Any, right: Any) -> bool:
    answer = less(left, right)
    if answer is None:
        raise Unfit("hai bên không so sánh được với nhau")
    return answer


def _same(left: Any, right: Any) -> bool:
    return not _precedes(left, right) and not _precedes(right, left)


def _starts_first(a: Range, b: Range) -> bool:
    """Whether a begins before b: its lower end is lower, or the same and only a holds it."""
    if a.low is None or b.low is None:
        return a.low is None and b.low is not None
    return _precedes(a.low, b.low) or (_same(a.low, b.low) and a.with_low and not b.with_low)


def _ends_first(a: Range, b: Range) -> bool:
    if a.high is None or b.high is None:
        return a.high is not None and b.high is None
    return _precedes(a.high, b.high) or (_same(a.high, b.high) and b.with_high and not a.with_high)


def _starts_alike(a: Range, b: Range) -> bool:
    return not _starts_first(a, b) and not _starts_first(b, a)


def _ends_alike(a: Range, b: Range) -> bool:
    return not _ends_first(a, b) and not _ends_first(b, a)


def before(a: Range, b: Range) -> bool:
    """Whether a is over before b begins."""
    if a.high is None or b.low is None:
        return False
    return _precedes(a.high, b.low) or (_same(a.high, b.low) and not (a.with_high and b.with_low))


def after(a: Range, b: Range) -> bool:
    return before(b, a)


def meets(a: Range, b: Range) -> bool:
    ends = a.high is not None and b.low is not None and a.with_high and b.with_low
    return bool(ends) and _same(a.high, b.low)


def met_by(a: Range, b: Range) -> bool:
    return meets(b, a)


def overlaps(a: Range, b: Range) -> bool:
    return not before(a, b) and not before(b, a)


def overlaps_before(a: Range, b: Range) -> bool:
    return _starts_first(a, b) and not before(a, b) and not _ends_first(b, a)


def overlaps_after(a: Range, b: Range) -> bool:
    return _starts_first(b, a) and not before(b, a) and not _ends_first(a, b)


def finishes(a: Range, b: Range) -> bool:
    return _ends_alike(a, b) and not _starts_first(a, b)


def finished_by(a: Range, b: Range) -> bool:
    return finishes(b, a)


def includes(a: Range, b: Range) -> bool:
    return not _starts_first(b, a) and not _ends_first(a, b)


def during(a: Range, b: Range) -> bool:
    return includes(b, a)


def starts(a: Range, b: Range) -> bool:
    return _starts_alike(a, b) and not _ends_first(b, a)


def started_by(a: Range, b: Range) -> bool:
    return starts(b, a)


def coincides(a: Range, b: Range) -> bool:
    return _starts_alike(a, b) and _ends_alike(a, b)


_RANGES = "range1, range2"
_POINTS = "point1, point2"
_POINT_FIRST = "point, range"
_RANGE_FIRST = "range, point"


def _register(work: Relation, says: str, example: str, result: str, *forms: str) -> None:
    takes = {_RANGES: (True, True), _POINT_FIRST: (False, True), _RANGE_FIRST: (True, False), _POINTS: (False, False)}
    allowed = {takes[form] for form in forms}

    def checked(left: Any, right: Any) -> bool:
        if (isinstance(left, Range), isinstance(right, Range)) not in allowed:
            raise Unfit("hàm không nhận hai giá trị này")
        return work(_as_range(left), _as_range(right))

    name = work.__name__.replace("_", " ")
    builtin(name, *forms, takes=(_side, _side), group=RANGE, says=says, example=example, result=result)(checked)


def _side(value: Any) -> Any:
    """A point or a range; null is neither."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None:
        raise Unfit("cần điểm hoặc khoảng mà gặp null")
    return value


_ALL = (_POINTS, _POINT_FIRST, _RANGE_FIRST, _RANGES)
_register(before, "Đúng khi bên trái kết thúc trước khi bên phải bắt đầu.", "before(1, [2..5])", "true", *_ALL)
_register(after, "Đúng khi bên trái bắt đầu sau khi bên phải kết thúc.", "after([5..10], 4)", "true", *_ALL)
_register(meets, "Đúng khi khoảng trái kết thúc nơi khoảng phải bắt đầu.", "meets([1..5], [5..9])", "true", _RANGES)
_register(met_by, "Đúng khi khoảng trái bắt đầu nơi khoảng phải kết thúc.", "met by([5..9], [1..5])", "true", _RANGES)
_register(overlaps, "Đúng khi hai khoảng có phần chung.", "overlaps([1..5], [3..8])", "true", _RANGES)
_register(
    overlaps_before,
    "Đúng khi khoảng trái bắt đầu trước và lấn vào khoảng phải.",
    "overlaps before([1..5], [3..8])",
    "true",
    _RANGES,
)
_register(
    overlaps_after,
    "Đúng khi khoảng trái bắt đầu trong khoảng phải và kết thúc sau nó.",
    "overlaps after([3..8], [1..5])",
    "true",
    _RANGES,
)
_register(
    finishes,
    "Đúng khi bên trái là phần cuối của khoảng phải.",
    "finishes(10, [1..10])",
    "true",
    _POINT_FIRST,
    _RANGES,
)
_register(
    finished_by,
    "Đúng khi phần cuối của khoảng trái là bên phải.",
    "finished by([1..10], [5..10])",
    "true",
    _RANGE_FIRST,
    _RANGES,
)
_register(includes, "Đúng khi khoảng trái chứa bên phải.", "includes([1..10], 5)", "true", _RANGE_FIRST, _RANGES)
_register(during, "Đúng khi bên trái nằm trong khoảng phải.", "during(5, [1..10])", "true", _POINT_FIRST, _RANGES)
_register(starts, "Đúng khi bên trái là phần đầu của khoảng phải.", "starts(1, [1..5])", "true", _POINT_FIRST, _RANGES)
_register(
    started_by,
    "Đúng khi phần đầu của khoảng trái là bên phải.",
    "started by([1..10], [1..5])",
    "true",
    _RANGE_FIRST,
    _RANGES,
)
_register(coincides, "Đúng khi hai bên trùng nhau.", "coincides([1..5], [1..5])", "true", _POINTS, _RANGES)
