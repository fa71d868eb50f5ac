"""A decision as it was read: everything compiled, nothing of the XML kept but the words a person wrote."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Protocol

from engine.expressions import Functions, Names, Value

UNIQUE, FIRST, ANY, PRIORITY = "UNIQUE", "FIRST", "ANY", "PRIORITY"
COLLECT, RULE_ORDER, OUTPUT_ORDER = "COLLECT", "RULE ORDER", "OUTPUT ORDER"
HIT_POLICIES = (UNIQUE, FIRST, ANY, PRIORITY, COLLECT, RULE_ORDER, OUTPUT_ORDER)
MANY = frozenset({COLLECT, RULE_ORDER, OUTPUT_ORDER})  #: whose answer is a list
SUM, MIN, MAX, COUNT = "SUM", "MIN", "MAX", "COUNT"
AGGREGATIONS = (SUM, MIN, MAX, COUNT)


class Tests(Protocol):
    """What a cell asks of the value of its column."""

    @property
    def functions(self) -> frozenset[str]: ...
    def holds(self, value: object, names: Names, functions: Functions) -> bool: ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Input:
    """A column that is asked. `variable`: the name by which cells may call its value, beside `?`."""

    label: str
    text: str
    value: Value
    type: str = ""
    variable: str = "cellInput"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Output:
    """A column that is answered. `order`: its allowed values, the most important first."""

    name: str
    label: str
    type: str = ""
    order: Sequence[object] = ()
    default: Value | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """A text of a rule. Nothing to test, or nothing to answer, where it is empty."""

    text: str = ""
    tests: Tests | None = None
    value: Value | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rule:
    """`number` counts from 1, as the table is read."""

    id: str
    number: int
    tests: Sequence[Cell]
    answers: Sequence[Cell]
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table (DMN 1.5, 8.2)."""

    inputs: Sequence[Input]
    outputs: Sequence[Output]
    rules: Sequence[Rule]
    hit_policy: str = UNIQUE
    aggregation: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Literal:
    """A decision that is one expression (DMN 1.5, 7.3.4)."""

    text: str
    value: Value
    type: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """`variable`: under which name decisions that require this one see its answer; `before`: all that it requires,
    directly or not, in the order in which they are to be evaluated."""

    key: str
    name: str
    variable: str
    logic: Table | Literal
    before: Sequence[str] = ()
    version_tag: str = ""
    history_ttl_days: int | None = None

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.name or self.key


Decisions = Mapping[str, Decision]  #: those of one file, by key
