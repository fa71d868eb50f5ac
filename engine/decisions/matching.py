"""A decision table is asked (DMN 1.5, 8.2): which rules match, what they answer, which of them have their say."""

import collections
import dataclasses
from collections.abc import Sequence
from typing import Any

from engine.decisions import hit_policies
from engine.decisions.course import Course
from engine.decisions.errors import Broken
from engine.decisions.hit_policies import Hit, Row
from engine.decisions.model import MANY, Rule, Table
from engine.expressions import Names


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decided:
    """`rows`: as Operaton tells them, without what was not answered; `value`: as the standard does."""

    inputs: Sequence[tuple[str, Any]]
    rules: Sequence[int]
    rows: list[Row]
    value: Any


def decide(table: Table, names: Names, course: Course) -> Decided:
    asked = _Asked(table, names, course)
    if not asked.read():
        return Decided(inputs=asked.inputs, rules=(), rows=[], value=None)
    hits = [(rule.number, asked.answers(rule)) for rule in asked.matching()]
    rules = [number for number, _ in hits]
    try:
        rows = hit_policies.chosen(table, hits) if hits else asked.default()
    except Broken as wrong:
        course.fail(f"bảng “{table.label}” {wrong}", table.label, table.element_id)
        return Decided(inputs=asked.inputs, rules=rules, rows=[], value=None)
    return Decided(inputs=asked.inputs, rules=rules, rows=rows, value=value_of(table, rows, is_hit=bool(hits)))


def value_of(table: Table, rows: Sequence[Row], *, is_hit: bool) -> Any:
    """A single output is its value, several are a context; policies with several hits give a list."""
    values = [_value(table, row) for row in rows]
    if table.hit_policy in MANY and not table.aggregation and (is_hit or not rows):
        return values
    return next(iter(values), None)


def _value(table: Table, row: Row) -> Any:
    names = [output.name for output in table.outputs]
    return row.get(names[0]) if len(names) == 1 else {name: row.get(name) for name in names}


class _Asked:
    """One table, one set of values."""

    def __init__(self, table: Table, names: Names, course: Course) -> None:
        self.table = table
        self.names = names
        self.course = course
        self.inputs: list[tuple[str, Any]] = []
        self._scopes: dict[int, Names] = {}

    def read(self) -> bool:
        """The values of the columns; false where one is not allowed."""
        for column in self.table.inputs:
            found = self.course.evaluate(column.value, self.names, column.text)
            value = self.course.fitted(found, column.item, column.label)
            self.inputs.append((column.label, value))
            if value is None or column.allowed is None:
                continue
            if not self.course.holds(column.allowed, value, self.names, column.label):
                told = (
                    f"quyết định “{self.course.at}”, “{column.label}”: “{str(value)[:80]}” không nằm trong các giá trị"
                )
                self.course.fail(f"{told} được phép.", column.label)
                return False
        return True

    def matching(self) -> list[Rule]:
        """By the index of the table, which asks only cells that are no constants."""

        def holds(rule: int, place: int) -> bool:
            return self._holds(self.table.rules[rule], place)

        found = self.table.index.matching([value for _, value in self.inputs], holds)
        return [self.table.rules[place] for place in found]

    def _holds(self, rule: Rule, place: int) -> bool:
        cell, value = rule.tests[place], self.inputs[place][1]
        if cell.tests is None:
            return True
        return self.course.holds(cell.tests, value, self._seen(place), cell.text)

    def _seen(self, place: int) -> Names:
        """The column's value under its own name, too."""
        if place not in self._scopes:
            told = {self.table.inputs[place].variable: self.inputs[place][1]}
            self._scopes[place] = collections.ChainMap(told, self.names)  # type: ignore[arg-type]  # only read
        return self._scopes[place]

    def answers(self, rule: Rule) -> Row:
        row = {}
        for output, cell in zip(self.table.outputs, rule.answers, strict=True):
            if cell.value is None:
                continue
            found = self.course.evaluate(cell.value, self.names, cell.text)
            value = self.course.fitted(found, output.item, output.label, rule.number)
            row[output.name] = self._allowed(value, output, rule.number)
        return row

    def _allowed(self, value: Any, output: Any, number: int) -> Any:
        """An answer that is none of the allowed ones is null."""
        if value is None or output.allowed is None:
            return value
        if self.course.holds(output.allowed, value, self.names, output.label):
            return value
        told = f"quyết định “{self.course.at}”, “{output.label}”, dòng {number}: “{str(value)[:80]}”"
        self.course.fail(f"{told} không nằm trong các giá trị được phép.", output.label)
        return None

    def default(self) -> list[Row]:
        """No rule matched: the default outputs where the table has them (DMN 1.5, 8.2.11); a count is still 0."""
        told = [output for output in self.table.outputs if output.default is not None]
        row = {one.name: self._default_of(one) for one in told}
        empty: list[Hit] = []
        return [row] if row else hit_policies.chosen(self.table, empty)

    def _default_of(self, output: Any) -> Any:
        found = self.course.evaluate(output.default, self.names, output.label)
        return self.course.fitted(found, output.item, output.label)
