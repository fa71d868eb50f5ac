"""Which of the rules that match have their say (DMN 1.5, 8.2.10)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.decisions.errors import Broken
from engine.decisions.model import ANY, COLLECT, COUNT, FIRST, MAX, MIN, OUTPUT_ORDER, PRIORITY, SUM, UNIQUE, Table
from feel import operators
from feel.functions import BUILTINS
from feel.values import Unfit

Row = dict[str, Any]  #: output name -> value
Hit = tuple[int, Row]  #: number of the rule, what it answers


def chosen(table: Table, hits: Sequence[Hit]) -> list[Row]:
    """The rows of the answer; `hits` come in the order of the rules. Raises Broken."""
    rows = [row for _, row in hits]
    match table.hit_policy:
        case policy if policy in (UNIQUE, ANY):
            if len(hits) > 1 and (policy == UNIQUE or any(not _same(row, rows[0]) for row in rows)):
                _refuse_several(policy, hits)
            return rows[:1]
        case policy if policy == FIRST:
            return rows[:1]
        case policy if policy in (PRIORITY, OUTPUT_ORDER):
            ordered = sorted(rows, key=lambda row: _rank(table, row))
            return ordered[:1] if policy == PRIORITY else ordered
        case policy if policy == COLLECT and table.aggregation:
            return _aggregated(table, rows)
        case _:
            return rows


def _same(row: Row, other: Row) -> bool:
    return row.keys() == other.keys() and all(operators.equal(row[name], other[name]) is True for name in row)


def _refuse_several(policy: str, hits: Sequence[Hit]) -> None:
    numbers = ", ".join(str(number) for number, _ in hits)
    told = "chỉ được một dòng khớp" if policy == UNIQUE else "các dòng khớp phải trả lời như nhau"
    raise Broken(f"({policy}) {told}, nhưng các dòng {numbers} cùng khớp.")


def _rank(table: Table, row: Row) -> list[int]:
    """Places among the allowed values, output by output; what is not among them comes last."""
    return [_place(output.order, row.get(output.name)) for output in table.outputs]


def _place(order: Sequence[object], value: Any) -> int:
    return next((place for place, allowed in enumerate(order) if operators.equal(allowed, value) is True), len(order))


def _aggregated(table: Table, rows: Sequence[Row]) -> list[Row]:
    """One row with one value. Without a value there is nothing to add up; a count is 0."""
    entries = [entry for row in rows for entry in row.items()]
    if len(entries) > sum(1 for row in rows if row):
        raise Broken(f"gộp bằng {table.aggregation} nhưng có dòng trả lời nhiều cột.")
    found = [value for _, value in entries]
    name = entries[0][0] if entries else table.outputs[0].name
    if table.aggregation == COUNT:
        return [{name: Decimal(len(found))}]
    if not found:
        return []
    try:
        value = BUILTINS[_AGGREGATIONS[table.aggregation]].call(None, found)
    except Unfit:
        value = None
    if value is None:
        raise Broken(f"không tính được {table.aggregation} của các dòng khớp.")
    return [{name: value}]


_AGGREGATIONS = {SUM: "sum", MIN: "min", MAX: "max"}
