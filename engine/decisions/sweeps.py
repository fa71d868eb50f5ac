"""Boxes of a table that no rule takes, found column by column; regions of which the same is true are taken at once."""

from collections.abc import Sequence

from engine.decisions.columns import ColumnView

Box = tuple[int, ...]  #: for each column its regions, as bits
Groups = Sequence[Sequence[tuple[int, int]]]  #: for each column: rules, regions


class TooMuch(Exception):
    """There was more to look at than was allowed."""


class Meter:
    """Counts what was looked at, so that a table with a million combinations keeps nobody waiting."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def spend(self, number: int) -> None:
        """Raises TooMuch."""
        self._left -= number
        if self._left < 0:
            raise TooMuch


class Sweep:
    """Over the rules that may match, or over those that must (`groups`)."""

    def __init__(self, groups: Groups, meter: Meter) -> None:
        self._groups = groups
        self._meter = meter

    def uncovered(self, rules: int, bounds: Box) -> tuple[Box, ...]:
        """What none of the rules takes within the bounds. Raises TooMuch."""
        return self._uncovered(0, rules, bounds, {})

    def is_covered(self, rules: int, box: Box) -> bool:
        """Do the rules together take every part of the box? Raises TooMuch."""
        return not self._leaves(0, rules, box, set())

    def _uncovered(
        self, depth: int, active: int, bounds: Box, known: dict[tuple[int, int], tuple[Box, ...]]
    ) -> tuple[Box, ...]:
        if not active:
            return (bounds[depth:],)
        if depth == len(bounds):
            return ()
        if (depth, active) not in known:
            rest: dict[tuple[Box, ...], int] = {}
            for mask, regions in self._parted(depth, active, bounds[depth]).items():
                boxes = self._uncovered(depth + 1, mask, bounds, known)
                rest[boxes] = rest.get(boxes, 0) | regions
            known[depth, active] = tuple((regions, *box) for boxes, regions in rest.items() for box in boxes)
        return known[depth, active]

    def _leaves(self, depth: int, active: int, box: Box, covered: set[tuple[int, int]]) -> bool:
        if not active:
            return True
        if depth == len(box) or (depth, active) in covered:
            return False
        if any(self._leaves(depth + 1, mask, box, covered) for mask in self._parted(depth, active, box[depth])):
            return True
        covered.add((depth, active))
        return False

    def _parted(self, depth: int, active: int, bounds: int) -> dict[int, int]:
        """Of one column: which of the active rules take it -> the regions of which that is true."""
        groups = self._groups[depth]
        self._meter.spend(len(groups))
        found: dict[int, int] = {}
        for mask, regions in groups:
            here = regions & bounds
            if here:
                left = mask & active
                found[left] = found.get(left, 0) | here
        return found


def over_possible(columns: Sequence[ColumnView], meter: Meter) -> Sweep:
    return Sweep([column.groups(column.may_masks) for column in columns], meter)


def over_certain(columns: Sequence[ColumnView], meter: Meter) -> Sweep:
    return Sweep([column.groups(column.must_masks) for column in columns], meter)
