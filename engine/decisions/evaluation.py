"""A decision is answered: what it requires first, then its own logic, with everything that was decided noted."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from engine.decisions import hit_policies, types
from engine.decisions.errors import DecisionFailed
from engine.decisions.hit_policies import Hit, Row
from engine.decisions.model import MANY, Decision, Decisions, Literal, Rule, Table
from engine.expressions import Functions, Names
from feel import FeelError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One decision's part in an answer. `inputs`: label and value of each column; `rules`: numbers of those that
    matched."""

    decision: str
    inputs: Sequence[tuple[str, Any]]
    rules: Sequence[int]
    rows: list[Row]

    def told(self) -> dict[str, Any]:
        """For the record, as lists and maps."""
        inputs = [{"label": label, "value": value} for label, value in self.inputs]
        return {"key": self.decision, "inputs": inputs, "rules": list(self.rules), "rows": self.rows}


def evaluate(decisions: Decisions, key: str, names: Names, functions: Functions) -> list[Step]:
    """The steps, that of the decision itself last. Raises DecisionFailed."""
    wanted = decisions[key]
    told: dict[str, Any] = {}
    seen: Mapping[str, Any] = collections.ChainMap(told, names)  # type: ignore[arg-type]  # only `told` is written to
    steps = []
    for name in [*wanted.before, key]:
        decision = decisions[name]
        step = _Evaluation(decision, seen, functions).step()
        steps.append(step)
        told.update(_told(decision, step.rows))
    return steps


def _told(decision: Decision, rows: Sequence[Row]) -> dict[str, Any]:
    """What later decisions see: the answer under the decision's own variable (DMN 1.5, 10.4), and each output under its
    name, as in Operaton. A single output is its value; several hits are lists."""
    several = len(rows) > 1 or (isinstance(decision.logic, Table) and decision.logic.hit_policy in MANY)
    if isinstance(decision.logic, Table) and decision.logic.aggregation:
        several = False
    values = [next(iter(row.values()), None) if len(row) <= 1 else row for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if several:
        return {decision.variable: values} | {name: [row[name] for row in rows if name in row] for name in names}
    return {decision.variable: next(iter(values), None)} | (dict(rows[0]) if rows else {})


class _Evaluation:
    """One decision, one set of values."""

    def __init__(self, decision: Decision, names: Names, functions: Functions) -> None:
        self.decision = decision
        self.names = names
        self.functions = functions
        self.inputs: list[tuple[str, Any]] = []

    def step(self) -> Step:
        logic = self.decision.logic
        try:
            rules, rows = self._literal(logic) if isinstance(logic, Literal) else self._table(logic)
        except FeelError as wrong:
            raise DecisionFailed(f"quyết định “{self.decision.label}”: {wrong.message}") from wrong
        return Step(decision=self.decision.key, inputs=self.inputs, rules=rules, rows=rows)

    def _literal(self, logic: Literal) -> tuple[list[int], list[Row]]:
        value = logic.value.evaluate(self.names, self.functions)
        return [], [{self.decision.variable: self._fit(value, logic.type, "kết quả")}]

    def _table(self, table: Table) -> tuple[list[int], list[Row]]:
        matching = self._matching(table)
        hits = [(rule.number, self._answers(table, rule)) for rule in matching]
        rows = hit_policies.chosen(self.decision, table, hits) if hits else self._default(table)
        return [number for number, _ in hits], rows

    def _matching(self, table: Table) -> list[Rule]:
        """By the index of the table, which asks only cells that are no constants."""
        for column in table.inputs:
            value = self._fit(column.value.evaluate(self.names, self.functions), column.type, column.label)
            self.inputs.append((column.label, value))

        def holds(rule: int, place: int) -> bool:
            return self._holds(table, table.rules[rule], place)

        found = table.index.matching([value for _, value in self.inputs], holds)
        return [table.rules[place] for place in found]

    def _holds(self, table: Table, rule: Rule, place: int) -> bool:
        tests, value = rule.tests[place].tests, self.inputs[place][1]
        seen = collections.ChainMap({table.inputs[place].variable: value}, self.names)  # type: ignore[arg-type]  # read
        return tests is None or tests.holds(value, seen, self.functions)

    def _answers(self, table: Table, rule: Rule) -> Row:
        row = {}
        for output, cell in zip(table.outputs, rule.answers, strict=True):
            if cell.value is not None:
                row[output.name] = self._fit(
                    cell.value.evaluate(self.names, self.functions), output.type, output.label, rule.number
                )
        return row

    def _default(self, table: Table) -> list[Row]:
        """No rule matched: the default outputs where the table has them (DMN 1.5, 8.2.8); a count is still 0."""
        row = {o.name: o.default.evaluate(self.names, self.functions) for o in table.outputs if o.default is not None}
        empty: list[Hit] = []
        return [row] if row else hit_policies.chosen(self.decision, table, empty)

    def _fit(self, value: Any, type_name: str, label: str, number: int = 0) -> Any:
        try:
            return types.converted(value, type_name)
        except types.Unfit:
            place = f", dòng {number}" if number else ""
            told = f"quyết định “{self.decision.label}”, “{label}”{place}: cần {types.WORDS[type_name]}"
            raise DecisionFailed(f"{told}, nhận “{str(value)[:80]}”.") from None
