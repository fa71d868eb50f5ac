"""A decision's logic as boxes to look at: tables, texts, and boxes in boxes; marked with what came of an evaluation."""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar

from engine.decision_trials import Asked
from engine.decisions import model
from engine.decisions.graph import Decision
from engine.decisions.model import EVERY, FIRST, MANY, Cell, Logic, Rule, Table
from webapp.decisions import words


@dataclasses.dataclass(frozen=True, kw_only=True)
class Head:
    """A column: what a person calls it, its expression or name, its type, and the value that it had."""

    label: str
    text: str
    type: str
    value: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CellBox:
    """One cell. `holds`: "yes", "no", or nothing where nobody asked; `why` not, where the text does not say it."""

    text: str
    holds: str = ""
    why: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowBox:
    """One rule. `passed`: it matched, and one before it had its say; `used`: how often it matched, if that is told."""

    number: int
    tests: Sequence[CellBox]
    answers: Sequence[CellBox]
    note: str
    matched: bool = False
    passed: bool = False
    used: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableBox:
    """A decision table."""

    kind: ClassVar[str] = "table"
    policy: str
    aggregation: str
    answers_once: bool
    inputs: Sequence[Head]
    outputs: Sequence[Head]
    rows: Sequence[RowBox]

    @property
    def has_notes(self) -> bool:
        return any(row.note for row in self.rows)

    @property
    def counted(self) -> bool:
        return any(row.used is not None for row in self.rows)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TextBox:
    """An expression."""

    kind: ClassVar[str] = "text"
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PairsBox:
    """Boxes with a name or a word before each: contexts, invocations, functions, conditions, loops."""

    kind: ClassVar[str] = "pairs"
    title: str
    pairs: Sequence[tuple[str, "Box"]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class GridBox:
    """Rows of boxes under names of columns: relations; a list has one column without a name."""

    kind: ClassVar[str] = "grid"
    columns: Sequence[str]
    rows: Sequence[Sequence["Box"]]


Box = TableBox | TextBox | PairsBox | GridBox


@dataclasses.dataclass(frozen=True, kw_only=True)
class Marks:
    """What came of an evaluation. `inputs`: values of the columns in words; `rules`: numbers that matched; `cells`: for
    each rule what each test said, where it was asked."""

    inputs: Sequence[str] = ()
    rules: Collection[int] = ()
    cells: Mapping[int, Sequence[CellBox]] = dataclasses.field(default_factory=dict)


def draw(decision: Decision, *, marks: Marks | None = None, used: Mapping[int, int] | None = None) -> Box:
    """`used`: number of a rule -> how often it has matched."""
    logic = decision.logic
    return _table(logic, marks or Marks(), used) if isinstance(logic, Table) else box_of(logic)


def cells_of(decision: Decision, held: Mapping[int, Sequence[Asked]]) -> dict[int, list[CellBox]]:
    """For Marks: number of a rule -> its tests with what came of each."""
    table = decision.logic
    if not isinstance(table, Table):
        return {}
    return {rule.number: _marked(rule, held[rule.number]) for rule in table.rules if rule.number in held}


def _marked(rule: Rule, held: Sequence[Asked]) -> list[CellBox]:
    told = zip(rule.tests, held, strict=True)
    return [CellBox(text=_test(cell).text, holds="yes" if one.holds else "no", why=one.why) for cell, one in told]


def box_of(logic: Logic) -> Box:
    """Without marks."""
    if isinstance(logic, Table):
        return _table(logic, Marks(), None)
    make: Callable[[Any], Box] = _BOXES.get(type(logic), _text)
    return make(logic)


# --------------------------------------------------------------------------------------------------------------- tables
def _table(table: Table, marks: Marks, used: Mapping[int, int] | None) -> TableBox:
    values = [*marks.inputs, *[None] * len(table.inputs)]
    return TableBox(
        policy=words.policy(table.hit_policy),
        aggregation=words.aggregation(table.aggregation),
        answers_once=table.hit_policy not in MANY,
        inputs=[
            Head(label=column.label, text=column.text, type=words.type_name(column.type), value=value)
            for column, value in zip(table.inputs, values, strict=False)
        ],
        outputs=[Head(label=one.label, text=one.name, type=words.type_name(one.type)) for one in table.outputs],
        rows=_rows(table, marks, used),
    )


def _rows(table: Table, marks: Marks, used: Mapping[int, int] | None) -> list[RowBox]:
    rows = [_row(rule, marks, used) for rule in table.rules]
    if table.hit_policy != FIRST or not marks.rules:
        return rows
    return [dataclasses.replace(row, passed=row.matched and row.number != min(marks.rules)) for row in rows]


def _row(rule: Rule, marks: Marks, used: Mapping[int, int] | None) -> RowBox:
    return RowBox(
        number=rule.number,
        tests=marks.cells.get(rule.number) or [_test(cell) for cell in rule.tests],
        answers=[CellBox(text=cell.text) for cell in rule.answers],
        note=rule.note,
        matched=rule.number in marks.rules,
        used=None if used is None else used.get(rule.number, 0),
    )


def _test(cell: Cell) -> CellBox:
    return CellBox(text=cell.text if cell.tests else "")


# --------------------------------------------------------------------------------------------------- boxed expressions
def _text(logic: Any) -> TextBox:
    return TextBox(text=logic.text)


def _invocation(logic: model.Invocation) -> PairsBox:
    pairs = [(one.name, box_of(one.value)) for one in logic.bindings]
    return PairsBox(title=f"Gọi {logic.called.text} với", pairs=pairs)


def _context(logic: model.Context) -> PairsBox:
    pairs = [(one.name, box_of(one.value)) for one in logic.entries]
    result = [] if logic.result is None else [("Kết quả", box_of(logic.result.value))]
    return PairsBox(title="", pairs=pairs + result)


def _function(logic: model.FunctionDefinition) -> PairsBox:
    told = ", ".join(one.name for one in logic.parameters)
    return PairsBox(title=f"Hàm của ({told})", pairs=[("trả lời", box_of(logic.body))])


def _conditional(logic: model.Conditional) -> PairsBox:
    told = {"Nếu": logic.test, "thì": logic.then, "nếu không": logic.otherwise}
    return PairsBox(title="", pairs=[(word, box_of(one)) for word, one in told.items()])


def _filter(logic: model.Filter) -> PairsBox:
    return PairsBox(title="", pairs=[("Trong", box_of(logic.domain)), ("lấy phần tử mà", box_of(logic.match))])


def _iteration(logic: model.Iteration) -> PairsBox:
    domain = (f"Với mỗi {logic.variable} trong", box_of(logic.domain))
    return PairsBox(title="", pairs=[domain, ("lấy", box_of(logic.body))])


def _quantified(logic: model.Quantified) -> PairsBox:
    how = "Mọi" if logic.kind == EVERY else "Có"
    return PairsBox(
        title="", pairs=[(f"{how} {logic.variable} trong", box_of(logic.domain)), ("thỏa", box_of(logic.body))]
    )


def _listing(logic: model.Listing) -> GridBox:
    return GridBox(columns=[], rows=[[box_of(one)] for one in logic.items])


def _relation(logic: model.Relation) -> GridBox:
    columns = [column.name for column in logic.columns]
    return GridBox(columns=columns, rows=[[box_of(cell) for cell in row] for row in logic.rows])


_BOXES: dict[type, Callable[[Any], Box]] = {
    model.Invocation: _invocation,
    model.Context: _context,
    model.FunctionDefinition: _function,
    model.Conditional: _conditional,
    model.Filter: _filter,
    model.Iteration: _iteration,
    model.Quantified: _quantified,
    model.Listing: _listing,
    model.Relation: _relation,
}
