"""Which rules of a table match, without asking every cell: rules are bits of a number, one number a region of a column.

What cells ask of constants is worked out once (engine.decisions.shapes); cells with other expressions are asked one by
one, and only those of rules that are still in question. The answer is that of asking every cell: a test says the same
again by `tests/engine/test_decision_index.py`.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from engine.decisions.axis import Axis, Shape, places
from engine.decisions.shapes import shape_of

MAX_BITS = 32_000_000  #: of one column; a column that would need more is asked cell by cell
Holds = Callable[[int, int], bool]  #: place of the rule, place of the column -> does the cell hold?


@dataclasses.dataclass(frozen=True, slots=True)
class _Kind:
    """What a column says of values of one kind. `masks`: for each region the rules that match there; `open`: rules
    whose cell has to be asked."""

    axis: Axis
    masks: Sequence[int]
    open: int

    def match(self, value: Any) -> tuple[int, int]:
        return self.masks[self.axis.region(value)], self.open


class Column:
    """The cells of one column; `tests`: those of each rule, None where nothing is asked."""

    def __init__(self, tests: Sequence[Any]) -> None:
        self.free = _bits(place for place, one in enumerate(tests) if one is None)
        found = [(place, shape_of(one)) for place, one in enumerate(tests) if one is not None]
        self.shapes: list[tuple[int, Shape]] = [(place, shape) for place, shape in found if shape is not None]
        self.open = _bits(place for place, shape in found if shape is None)
        self._tested = _bits(place for place, _ in found)
        self._size = len(tests)
        self._kinds: dict[type, _Kind] = {}

    def match(self, value: Any) -> tuple[int, int]:
        """Rules that match, and rules whose cell has to be asked."""
        kind = _KINDS.get(value.__class__)
        if kind is None:
            return self.free, self._tested
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = self._make(kind)
        return found.match(value)

    def _make(self, kind: type) -> _Kind:
        axis = Axis(kind, (shape for _, shape in self.shapes))
        if axis.count * self._size > MAX_BITS:
            return _Kind(Axis(kind, ()), [self.free], self._tested)
        changes, still_open = [0] * (axis.count + 1), self.open
        for place, shape in self.shapes:
            spans = axis.spans(shape)
            if spans is None:
                still_open |= 1 << place
            for first, last in spans or ():
                changes[first] ^= 1 << place
                changes[last + 1] ^= 1 << place
        return _Kind(axis, _running(self.free, changes[:-1]), still_open)


class Index:
    """Of one table: its columns, from left to right."""

    def __init__(self, columns: Sequence[Sequence[Any]], size: int) -> None:
        """`columns`: the tests of each column, one a rule; `size`: number of rules."""
        self._columns = [Column(tests) for tests in columns]
        self._all = (1 << size) - 1

    def matching(self, values: Sequence[Any], holds: Holds) -> list[int]:
        """Places of the rules that match, in their order. `values`: of the columns; `holds` answers for one cell."""
        left, asked = self._all, []
        for place, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            sure, open_ones = column.match(value)
            left &= sure | open_ones
            if open_ones:
                asked.append((place, open_ones))
        for place, open_ones in asked:
            for rule in places(left & open_ones):
                if not holds(rule, place):
                    left &= ~(1 << rule)
        return places(left)


_KINDS: dict[type, type] = {str: str, Decimal: Decimal, int: Decimal, bool: bool, dt.date: dt.date}


def _bits(places: Any) -> int:
    found = 0
    for place in places:
        found |= 1 << place
    return found


def _running(start: int, changes: Sequence[int]) -> list[int]:
    found = []
    for change in changes:
        start ^= change
        found.append(start)
    return found
