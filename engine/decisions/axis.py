"""What cells say of one column, as parts of a line: single values, and the gaps between them where nothing changes."""

import bisect
import dataclasses
import datetime as dt
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

KINDS = (str, Decimal, bool, dt.date)  #: of constants; each compares with its own only
Span = tuple[int, int]  #: first and last region


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """An interval of values of one kind, a single value where both ends are the same. None: no end on that side."""

    kind: type
    low: Any = None
    high: Any = None
    with_low: bool = True
    with_high: bool = True

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and not (self.with_low and self.with_high)))


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """A cell that asks nothing but constants: it holds for the values of its parts, for all others when `negated`.
    `null`: null is among what it names."""

    parts: tuple[Part, ...]
    negated: bool = False
    null: bool = False


class Axis:
    """The values of one kind, cut wherever one of the shapes may change its answer.

    Regions are numbered. On an `ordered` axis points and gaps take turns, a gap first and last: 2·i + 1 is the point i.
    Where only single values are asked, each is a region and all others together are the last one.
    """

    def __init__(self, kind: type, shapes: Iterable[Shape]) -> None:
        self.kind = kind
        parts = [part for shape in shapes for part in shape.parts if part.kind is kind]
        ends = {end for part in parts for end in (part.low, part.high) if end is not None}
        self.points: list[Any] = [False, True] if kind is bool else sorted(ends)
        self.ordered = any(not part.is_point for part in parts)
        self.count = 2 * len(self.points) + 1 if self.ordered else len(self.points) + 1
        self._places = {point: place for place, point in enumerate(self.points)}

    @property
    def size(self) -> int:
        return len(self.points)

    def region(self, value: Any) -> int:
        """In which one a value of this kind lies."""
        place = self._places.get(value)
        if place is not None:
            return 2 * place + 1 if self.ordered else place
        return 2 * bisect.bisect_left(self.points, value) if self.ordered else self.size

    def spans(self, shape: Shape) -> list[Span] | None:
        """Where the shape holds, from left to right, with a gap between any two; None where only asking tells: `true`
        of what is no boolean, a negation of what has another kind, or of nothing."""
        strangers = [part for part in shape.parts if part.kind is not self.kind]
        if any(part.low is True for part in strangers):
            return None
        if shape.negated and (shape.null or strangers or any(part.is_empty for part in shape.parts)):
            return None
        parts = [part for part in shape.parts if part.kind is self.kind and not part.is_empty]
        spans = _joined(sorted(self._span(part) for part in parts))
        return self._others(spans) if shape.negated else spans

    def part(self, span: Span) -> Part:
        """What the regions of a span are, on an ordered axis."""
        (low, with_low), (high, with_high) = self._end(span[0], 0), self._end(span[1], 1)
        return Part(self.kind, low, high, with_low, with_high)

    def is_discrete_gap(self, region: int, *, whole: bool) -> bool:
        """Does nothing lie between the two points around? `whole`: whole numbers only. Dates are whole days."""
        if not self.ordered or region % 2 or not 0 < region < self.count - 1:
            return False
        low, high = self.points[region // 2 - 1], self.points[region // 2]
        if self.kind is dt.date:
            return bool(high - low <= dt.timedelta(days=1))
        return whole and self.kind is Decimal and bool(math.floor(low) + 1 >= high)

    def _span(self, part: Part) -> Span:
        if not self.ordered:
            place = self._places[part.low]
            return place, place
        first = 0 if part.low is None else 2 * self._places[part.low] + (1 if part.with_low else 2)
        last = self.count - 1 if part.high is None else 2 * self._places[part.high] + (1 if part.with_high else 0)
        return first, last

    def _others(self, spans: Sequence[Span]) -> list[Span]:
        found, begin = [], 0
        for first, last in spans:
            if begin < first:
                found.append((begin, first - 1))
            begin = last + 1
        return [*found, (begin, self.count - 1)] if begin < self.count else found

    def _end(self, region: int, side: int) -> tuple[Any, bool]:
        if region % 2:
            return self.points[region // 2], True
        place = region // 2 - 1 + side
        return (self.points[place], False) if 0 <= place < self.size else (None, True)


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for first, last in spans:
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def places(mask: int) -> list[int]:
    """Of the bits that are set, the lowest first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
