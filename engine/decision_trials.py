"""Trying a decision with values that somebody typed: what it says, and which of its cells hold. Nothing is kept."""

import collections
import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from engine.decisions import evaluation, matching
from engine.decisions.errors import DecisionFailed
from engine.decisions.evaluation import Step
from engine.decisions.model import Cell, Decision, Model, Table
from engine.expressions import Functions, Names
from engine.registry import BoundFunctions, FunctionContext
from feel import FeelError
from kernel import clock


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tried:
    """One decision's part. `cells`: number of a rule -> for each column whether its cell holds."""

    step: Step
    cells: Mapping[int, Sequence[bool]]


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


def _cells(decision: Decision, step: Step, scope: Names, functions: Functions) -> dict[int, list[bool]]:
    """Every cell is asked, also those that the answer did not need."""
    table = decision.logic
    if not isinstance(table, Table) or len(step.inputs) < len(table.inputs):
        return {}
    columns = [
        (value, collections.ChainMap({column.variable: value}, scope))  # type: ignore[arg-type]  # only read
        for column, (_, value) in zip(table.inputs, step.inputs, strict=True)
    ]
    return {rule.number: [_holds(cell, *one, functions) for cell, one in zip(rule.tests, columns, strict=True)]
            for rule in table.rules}  # fmt: skip


def _holds(cell: Cell, value: Any, seen: Names, functions: Functions) -> bool:
    try:
        return cell.tests is None or cell.tests.holds(value, seen, functions)
    except FeelError:
        return False


def _told(decision: Decision, step: Step) -> dict[str, Any]:
    """What cells of later decisions may read of this one."""
    if isinstance(decision.logic, Table):
        value = matching.value_of(decision.logic, step.rows, is_hit=bool(step.rules))
    else:
        value = next((next(iter(row.values()), None) for row in step.rows), None)
    outputs = step.rows[0] if len(step.rows) == 1 else {}
    return {decision.variable: value, **outputs}
