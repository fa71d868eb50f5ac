"""What the decision tables of a deployment leave open, told before anybody is decided upon: warnings, never errors."""

import dataclasses
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.bpmn.xml import Problems
from engine.decisions import coverage
from engine.decisions.graph import Decision
from engine.decisions.model import Binding, Entry, Logic, Table
from engine.errors import Problem

RULES = 4_000  #: of one deployment that are looked at; what is beyond is told on the page of each decision
_BOXES = (*typing.get_args(Logic), Binding, Entry)  #: in which a table may be
TOLD = frozenset({coverage.GAP, coverage.OVERLAP, coverage.MASKED, coverage.NEVER})


def check(decisions: Mapping[str, Decision], file_of: Callable[[str], str], problems: Problems) -> None:
    """Adds to the problems what whoever deploys should look at. `file_of`: key -> name of the file, for the problem."""
    left = RULES
    for key, decision in decisions.items():
        problems.file = file_of(key)
        for table in tables_of(decision.logic):
            left -= len(table.rules)
            if left >= 0:
                _tell(decision, table, problems)


def tables_of(logic: Any) -> Iterator[Table]:
    """The table that a decision is, or those in the boxes that it is made of."""
    if isinstance(logic, Table):
        yield logic
    elif isinstance(logic, list | tuple):
        for part in logic:
            yield from tables_of(part)
    elif isinstance(logic, _BOXES):
        for field in dataclasses.fields(logic):
            yield from tables_of(getattr(logic, field.name))


def _tell(decision: Decision, table: Table, problems: Problems) -> None:
    for finding in coverage.examine(table):
        if finding.kind in TOLD:
            problems.found.append(
                Problem(
                    level="warning",
                    element_id=decision.key,
                    element_name=decision.label,
                    line=0,
                    sentence=f"Bảng “{table.label or decision.label}”: {finding.sentence}",
                    file=problems.file,
                )
            )
