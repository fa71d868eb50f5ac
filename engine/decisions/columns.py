"""A column of a table that is examined: its values cut into regions, and where each rule may and must match."""

import datetime as dt
import functools
import itertools
import operator
from collections.abc import Sequence
from decimal import Decimal

from engine.decisions.axis import Axis, Shape, Span, places
from engine.decisions.model import Input, ItemType, Table, Tests
from engine.decisions.shapes import shape_of
from engine.decisions.types import Defined

KINDS: dict[str, type] = {"string": str, "number": Decimal, "integer": Decimal, "boolean": bool, "date": dt.date}
WHOLE = "integer"


class ColumnView:
    """`domain`: regions of values that may come, as bits; null is a region of its own beyond the axis and not among
    them. `may`, `must`: for each rule the regions where it can and where it is sure to match; they differ where a cell
    was not understood (`open`: such rules)."""

    def __init__(self, column: Input, shapes: Sequence[Shape | None], tested: Sequence[bool]) -> None:
        """`tested`: whether the rule asks anything here; `shapes`: what, None where it was not understood."""
        self.label = column.label
        allowed = allowed_of(column.allowed, column.item)
        kind = _kind_of(column, [shape for shape in shapes if shape is not None])
        self.axis = Axis(kind, [shape for shape in (allowed, *shapes) if shape is not None])
        self.null = 1 << self.axis.count
        self.domain = self._domain(allowed, whole=column.type == WHOLE)
        self.open: list[int] = []
        self.may: list[int] = []
        self.must: list[int] = []
        self._meetings: dict[int, int] = {}
        for place, (shape, asks) in enumerate(zip(shapes, tested, strict=True)):
            self._add(place, shape, asks)

    @functools.cached_property
    def may_masks(self) -> list[int]:
        """Region -> the rules that may match there."""
        return self._masks(self.may)

    @functools.cached_property
    def must_masks(self) -> list[int]:
        return self._masks(self.must)

    def groups(self, masks: Sequence[int]) -> list[tuple[int, int]]:
        """Regions of which the same is true, together: rules, regions."""
        found: dict[int, int] = {}
        for region, mask in enumerate(masks):
            found[mask] = found.get(mask, 0) | 1 << region
        return list(found.items())

    def meeting(self, place: int) -> int:
        """The rules that are sure to match somewhere where this one is."""
        regions = self.must[place]
        if regions not in self._meetings:
            found = 0
            for region in places(regions):
                found |= self.must_masks[region]
            self._meetings[regions] = found
        return self._meetings[regions]

    def _domain(self, allowed: Shape | None, *, whole: bool) -> int:
        last = self.axis.count - 1
        spans = self.axis.spans(allowed) if allowed is not None else None
        if spans is None:
            spans = [(0, last - 1 if self.axis.kind is bool else last)]
        empty = [region for region in range(last) if self.axis.is_discrete_gap(region, whole=whole)]
        return _bits_of(spans) & ~_bits_of([(region, region) for region in empty])

    def _add(self, place: int, shape: Shape | None, asks: bool) -> None:
        whole = self.domain | self.null
        spans = None if shape is None or self.axis.kind is type(None) else self.axis.spans(shape)
        if not asks or shape is None or spans is None:
            if asks:
                self.open.append(place)
            self.may.append(whole)
            self.must.append(0 if asks else whole)
            return
        found = _bits_of(spans) & self.domain
        self.may.append(found | (self.null if shape.null or shape.negated else 0))
        self.must.append(found | (self.null if shape.null else 0))

    def _masks(self, of_rules: Sequence[int]) -> list[int]:
        """By what begins and ends where, from left to right."""
        changes = [0] * (self.axis.count + 2)
        for place, regions in enumerate(of_rules):
            borders = regions ^ regions << 1  # a bit where a run begins, and one behind its end
            while borders:
                lowest = borders & -borders
                changes[lowest.bit_length() - 1] ^= 1 << place
                borders ^= lowest
        return list(itertools.accumulate(changes[:-1], operator.xor))


def view_of(table: Table, place: int) -> ColumnView:
    """`place`: of the column, from 0."""
    tests = [rule.tests[place].tests for rule in table.rules]
    shapes = [None if one is None else shape_of(one) for one in tests]
    return ColumnView(table.inputs[place], shapes, [one is not None for one in tests])


def allowed_of(column: Tests | None, item: ItemType | None) -> Shape | None:
    """What a column says that its values are, else what their item definition says; None where that is no constant."""
    if column is not None:
        return shape_of(column)
    if not isinstance(item, Defined) or item.is_list:
        return None
    told = item.constraint or item.allowed
    return shape_of(told) if told is not None else allowed_of(None, item.inner)


def _kind_of(column: Input, shapes: Sequence[Shape]) -> type:
    """The declared one, else that of the constants when they have one between them; with none, every cell is open."""
    found = {part.kind for shape in shapes for part in shape.parts}
    if not column.type and len(found) == 1:
        return found.pop()
    return KINDS.get(column.type, type(None))


def _bits_of(spans: Sequence[Span]) -> int:
    found = 0
    for first, last in spans:
        found |= (1 << (last + 1)) - (1 << first)
    return found
