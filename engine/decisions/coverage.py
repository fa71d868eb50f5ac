"""What a table leaves open and where its rules contradict one another, found before anybody is decided upon.

Exact for cells that ask constants, lists, comparisons and ranges; a rule with any other test in it may match wherever
its other cells let it, and is named as not examined. Null is no gap: whoever wants an answer for it writes it down.
Work is bounded by LIMIT; beyond it the findings say so.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from engine.decisions import conditions, sweeps
from engine.decisions.axis import places
from engine.decisions.columns import view_of
from engine.decisions.model import ANY, FIRST, PRIORITY, UNIQUE, Rule, Table
from engine.decisions.shapes import constant_of
from engine.decisions.sweeps import Box, Meter, TooMuch

GAP, OVERLAP, MASKED, NEVER, OPEN, ENDED = "gap", "overlap", "masked", "never", "open", "ended"
SINGLE = (UNIQUE, ANY, FIRST, PRIORITY)  #: hit policies that promise an answer
LIMIT = 40_000  #: groups of regions that are looked at for each kind of finding, some 15 ms
RUN = 4  #: regions of a rule that cost as much to look through as one group
PAIR = 4  #: groups that two rules cost
MANY = 12  #: findings of one kind that are told


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing about a table. `sentence` is Vietnamese, without the table's name; `rules`: numbers it is about."""

    kind: str
    sentence: str
    rules: Sequence[int] = ()


def examine(table: Table) -> list[Finding]:
    """In the order in which they matter."""
    if not table.rules or not table.inputs:
        return []
    return list(_Examination(table).findings())


class _Examination:
    """Of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = [view_of(table, place) for place in range(len(table.inputs))]
        self.meter = Meter(LIMIT)

    def findings(self) -> Iterator[Finding]:
        for look, what in (
            (self._never, "dòng không khớp được"),
            (self._gaps, "chỗ trống"),
            (self._overlaps, "cặp dòng chồng nhau"),
            (self._masked, "dòng bị che"),
        ):
            self.meter = Meter(LIMIT)
            try:
                yield from _some(look(), what)
            except TooMuch:
                yield Finding(kind=ENDED, sentence=f"Bảng có quá nhiều tổ hợp nên chưa xét hết các {what}.")
        yield from self._open()

    def _never(self) -> Iterator[Finding]:
        """A cell that names nothing that may come."""
        for place, rule in enumerate(self.table.rules):
            for column in self.columns:
                if not column.may[place]:
                    told = f"Dòng {rule.number} không bao giờ khớp: ô “{column.label}” hỏi giá trị không thể có."
                    yield Finding(kind=NEVER, sentence=told, rules=(rule.number,))

    # ------------------------------------------------------------------------------------------------ nothing matches
    def _gaps(self) -> Iterator[Finding]:
        if self.table.hit_policy not in SINGLE or any(one.default is not None for one in self.table.outputs):
            return
        sweep = sweeps.over_possible(self.columns, self.meter)
        for box in sweep.uncovered(self._all(), self._bounds()):
            where = self._where(box)
            told = f"khi {where}" if where else "với bất kỳ giá trị nào"
            yield Finding(kind=GAP, sentence=f"Không dòng nào trả lời {told}.")

    # --------------------------------------------------------------------------------------------------- several match
    def _overlaps(self) -> Iterator[Finding]:
        if self.table.hit_policy not in (UNIQUE, ANY):
            return
        for place, rule in enumerate(self.table.rules):
            for later in self._later(place):
                yield from self._contradiction(rule, self.table.rules[later], place, later)

    def _later(self, place: int) -> Iterator[int]:
        """The rules behind this one that match together with it somewhere."""
        for later in places(self._meeting(place) >> (place + 1) << (place + 1)):
            self.meter.spend(PAIR)
            yield later

    def _meeting(self, place: int) -> int:
        """The rules that match together with this one somewhere."""
        found = self._all()
        for column in self.columns:
            self.meter.spend(column.must[place].bit_count() // RUN + 1)
            found &= column.meeting(place)
        return found

    def _contradiction(self, rule: Rule, other: Rule, place: int, later: int) -> Iterator[Finding]:
        same = [one.text for one in rule.answers] == [one.text for one in other.answers]
        if same and self.table.hit_policy == ANY:
            return
        where = self._where(tuple(column.must[place] & column.must[later] for column in self.columns))
        told = "cùng khớp" if same else "cùng khớp nhưng trả lời khác nhau"
        sentence = f"Dòng {rule.number} và dòng {other.number} {told}{f' khi {where}' if where else ''}."
        yield Finding(kind=OVERLAP, sentence=sentence, rules=(rule.number, other.number))

    # ---------------------------------------------------------------------------------------------- never has its say
    def _masked(self) -> Iterator[Finding]:
        if self.table.hit_policy not in (FIRST, PRIORITY):
            return
        sweep = sweeps.over_certain(self.columns, self.meter)
        before = 0
        for place in self._order():
            box = tuple(column.may[place] for column in self.columns)
            if before and all(box) and sweep.is_covered(before, box):
                yield self._told_masked(self.table.rules[place])
            before |= 1 << place

    def _order(self) -> list[int]:
        """Places of the rules, the one whose word counts most first; without those whose rank is not written down."""
        places = range(len(self.table.rules))
        if self.table.hit_policy == FIRST:
            return list(places)
        ranks = {place: _rank(self.table, self.table.rules[place]) for place in places}
        ranked = [(rank, place) for place, rank in ranks.items() if rank is not None]
        return [place for _, place in sorted(ranked)]

    def _told_masked(self, rule: Rule) -> Finding:
        which = "đứng trước" if self.table.hit_policy == FIRST else "ưu tiên hơn"
        told = f"Dòng {rule.number} không bao giờ được dùng: các dòng {which} đã nhận hết trường hợp của nó."
        return Finding(kind=MASKED, sentence=told, rules=(rule.number,))

    # -------------------------------------------------------------------------------------------------------- in words
    def _open(self) -> Iterator[Finding]:
        for column in self.columns:
            if column.open:
                numbers = [self.table.rules[place].number for place in column.open]
                shown = ", ".join(map(str, numbers[:MANY])) + ("…" if len(numbers) > MANY else "")
                told = f"Chưa xét được ô “{column.label}” của dòng {shown}: ô không chỉ hỏi giá trị viết sẵn."
                yield Finding(kind=OPEN, sentence=told, rules=numbers)

    def _all(self) -> int:
        return (1 << len(self.table.rules)) - 1

    def _bounds(self) -> Box:
        return tuple(column.domain for column in self.columns)

    def _where(self, box: Box) -> str:
        """In words; a column that may be anything is left out."""
        told = [
            conditions.told(column.label, column.axis, regions & column.domain, column.domain)
            for column, regions in zip(self.columns, box, strict=True)
        ]
        return " và ".join(filter(None, told))


def _rank(table: Table, rule: Rule) -> list[int] | None:
    """Places of its answers among the allowed values, as engine.decisions.hit_policies ranks them."""
    ranks = []
    for output, cell in zip(table.outputs, rule.answers, strict=True):
        found = constant_of(cell.value)
        if found is None:
            return None
        ranks.append(next((place for place, one in enumerate(output.order) if one == found.value), len(output.order)))
    return ranks


def _some(found: Iterator[Finding], what: str) -> Iterator[Finding]:
    """The first of them, and that there are more."""
    yield from itertools.islice(found, MANY)
    if (more := next(found, None)) is not None:
        yield Finding(kind=more.kind, sentence=f"Còn những {what} khác nữa.")
