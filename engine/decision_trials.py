"""Trying a decision with values that somebody typed: what it says, and which of its cells hold. Nothing is kept."""

import collections
import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import feel
from engine.decisions import evaluation, matching
from engine.decisions.errors import DecisionFailed
from engine.decisions.evaluation import Step
from engine.decisions.graph import Decision, Model
from engine.decisions.model import Cell, Table, Tests
from engine.expressions import Functions, Names
from engine.registry import BoundFunctions, FunctionContext
from engine.said import feel_text
from feel import FeelError
from kernel import clock

MARKED = 500  #: rules of one table whose cells are asked again
READ = 4  #: other values that are told beside a cell
LONGEST = 120  #: characters of what is told beside a cell


class Asked(NamedTuple):
    """Whether a cell holds; `why` it does not, where its text alone does not say it."""

    holds: bool
    why: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tried:
    """One decision's part. `cells`: number of a rule -> what came of its cell in each column."""

    step: Step
    cells: Mapping[int, Sequence[Asked]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of it. `refused`: why a process would stop here; the steps are then those of the standard."""

    steps: Sequence[Tried]
    refused: str = ""


def try_out(decisions: Model, key: str, names: Names, *, organization_id: uuid.UUID) -> Trial:
    functions = BoundFunctions(FunctionContext(organization_id=organization_id, now=clock.now()))
    try:
        steps: Sequence[Step] = evaluation.evaluate(decisions, key, names, functions)
        refused = ""
    except DecisionFailed as wrong:
        steps, refused = evaluation.answer(decisions, key, names, functions).steps, str(wrong)
    told: dict[str, Any] = {}
    tried = []
    for step in steps:
        decision = decisions[step.decision]
        scope = collections.ChainMap(told, names)  # type: ignore[arg-type]  # only `told` is written to
        tried.append(Tried(step=step, cells=_cells(decision, step, scope, functions)))
        told |= _told(decision, step)
    return Trial(steps=tried, refused=refused)


def _cells(decision: Decision, step: Step, scope: Names, functions: Functions) -> dict[int, list[Asked]]:
    """Every cell is asked, also those that the answer did not need."""
    table = decision.logic
    if not isinstance(table, Table) or len(step.inputs) < len(table.inputs):
        return {}
    columns = [
        (value, collections.ChainMap({column.variable: value}, scope))  # type: ignore[arg-type]  # only read
        for column, (_, value) in zip(table.inputs, step.inputs, strict=True)
    ]
    return {rule.number: [_asked(cell, *one, functions) for cell, one in zip(rule.tests, columns, strict=True)]
            for rule in table.rules[:MARKED]}  # fmt: skip


def _asked(cell: Cell, value: Any, seen: Names, functions: Functions) -> Asked:
    try:
        if cell.tests is None or cell.tests.holds(value, seen, functions):
            return Asked(holds=True)
        return Asked(holds=False, why=_why(cell.tests, value, seen, functions))
    except FeelError as wrong:
        return Asked(holds=False, why=wrong.message)


def _why(tests: Tests, value: Any, seen: Names, functions: Functions) -> str:
    """What could not be compared; of a cell that reads other values, those."""
    if not isinstance(tests, feel.UnaryTests) or value is None:
        return ""
    steps = feel.explain(tests, seen, functions, asked=value)
    reason = next((step.reason for step in steps if step.reason), "")
    read = dict.fromkeys(f"{step.text} = {feel_text(step.value)}" for step in steps if step.text in tests.names)
    return (reason or ", ".join(list(read)[:READ]))[:LONGEST]


def _told(decision: Decision, step: Step) -> dict[str, Any]:
    """What cells of later decisions may read of this one."""
    if isinstance(decision.logic, Table):
        value = matching.value_of(decision.logic, step.rows, is_hit=bool(step.rules))
    else:
        value = next((next(iter(row.values()), None) for row in step.rows), None)
    outputs = step.rows[0] if len(step.rows) == 1 else {}
    return {decision.variable: value, **outputs}
