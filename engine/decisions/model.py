"""A decision as it was read: everything compiled, nothing of the XML kept but the words a person wrote.

`text` of a boxed expression is what it would be in one line of FEEL: for people, and never read again.
"""

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any, Protocol

from engine.decisions.index import Index
from engine.expressions import Functions, Names, Value

UNIQUE, FIRST, ANY, PRIORITY = "UNIQUE", "FIRST", "ANY", "PRIORITY"
COLLECT, RULE_ORDER, OUTPUT_ORDER = "COLLECT", "RULE ORDER", "OUTPUT ORDER"
HIT_POLICIES = (UNIQUE, FIRST, ANY, PRIORITY, COLLECT, RULE_ORDER, OUTPUT_ORDER)
MANY = frozenset({COLLECT, RULE_ORDER, OUTPUT_ORDER})  #: whose answer is a list
SUM, MIN, MAX, COUNT = "SUM", "MIN", "MAX", "COUNT"
AGGREGATIONS = (SUM, MIN, MAX, COUNT)
EVERY, SOME = "every", "some"


class Tests(Protocol):
    """What a cell asks of the value of its column."""

    @property
    def functions(self) -> frozenset[str]: ...
    def holds(self, value: object, names: Names, functions: Functions) -> bool: ...


class ItemType(Protocol):
    """What a value has to be. `type_name`: a built-in type's name, empty where it is none."""

    @property
    def type_name(self) -> str: ...
    def fitted(self, value: Any, functions: Functions) -> Any:
        """The value, made to fit. Raises types.Unfit."""


# --------------------------------------------------------------------------------------------------------------- tables
@dataclasses.dataclass(frozen=True, kw_only=True)
class Input:
    """A column that is asked. `variable`: the name by which cells may call its value, beside `?`; `allowed`: what its
    value has to pass."""

    label: str
    text: str
    value: Value
    type: str = ""
    variable: str = "cellInput"
    item: ItemType | None = None
    allowed: Tests | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Output:
    """A column that is answered. `order`: its allowed values, the most important first."""

    name: str
    label: str
    type: str = ""
    order: Sequence[object] = ()
    default: Value | None = None
    item: ItemType | None = None
    allowed: Tests | None = None


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
    """A decision table (DMN 1.5, 8.2), however it is drawn: rules as rows, as columns or as a crosstab."""

    inputs: Sequence[Input]
    outputs: Sequence[Output]
    rules: Sequence[Rule]
    hit_policy: str = UNIQUE
    aggregation: str = ""
    label: str = ""  #: what a sentence about it calls it
    element_id: str = ""

    @property
    def text(self) -> str:
        return f"bảng “{self.label}”"

    @functools.cached_property
    def index(self) -> Index:
        """Which rules match, without asking every cell; made when the table is asked first."""
        columns = [[rule.tests[place].tests for rule in self.rules] for place in range(len(self.inputs))]
        return Index(columns, len(self.rules))


# --------------------------------------------------------------------------------------------------- boxed expressions
@dataclasses.dataclass(frozen=True, kw_only=True)
class Box:
    """What all of them have: the type that they name, their id."""

    item: ItemType | None = None
    element_id: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Literal(Box):
    """One expression (DMN 1.5, 7.3.4)."""

    text: str
    value: Value
    type: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Binding:
    """An argument of an invocation, by the name of its parameter."""

    name: str
    value: "Logic"
    item: ItemType | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Invocation(Box):
    """A function called with named arguments (DMN 1.5, 7.3.6)."""

    called: "Logic"
    bindings: Sequence[Binding]

    @property
    def text(self) -> str:
        told = ", ".join(f"{one.name}: {one.value.text}" for one in self.bindings)
        return f"{self.called.text}({told})"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """Of a context; one without a name is its result."""

    name: str
    value: "Logic"
    item: ItemType | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Context(Box):
    """Entries that see those before them (DMN 1.5, 7.3.5)."""

    entries: Sequence[Entry]
    result: Entry | None = None

    @property
    def text(self) -> str:
        told = ", ".join(f"{one.name}: {one.value.text}" for one in self.entries)
        return f"{{{told}}}" if self.result is None else f"{{{told}, → {self.result.value.text}}}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listing(Box):
    """A boxed list (DMN 1.5, 7.3.7)."""

    items: Sequence["Logic"]

    @property
    def text(self) -> str:
        return f"[{', '.join(one.text for one in self.items)}]"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Relation(Box):
    """Rows under names of columns: a list of contexts (DMN 1.5, 7.3.8)."""

    columns: Sequence[Entry]  #: values of a column are in `rows`; its own says nothing
    rows: Sequence[Sequence["Logic"]]

    @property
    def text(self) -> str:
        rows = (zip(self.columns, row, strict=True) for row in self.rows)
        told = (", ".join(f"{column.name}: {cell.text}" for column, cell in row) for row in rows)
        return f"[{', '.join(f'{{{row}}}' for row in told)}]"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parameter:
    """Of a function."""

    name: str
    item: ItemType | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionDefinition(Box):
    """A boxed function (DMN 1.5, 7.3.9). `result`: the type of what it gives."""

    parameters: Sequence[Parameter]
    body: "Logic"
    result: ItemType | None = None

    @property
    def text(self) -> str:
        return f"function({', '.join(one.name for one in self.parameters)}) {self.body.text}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Conditional(Box):
    """If, then, else (DMN 1.5, 7.3.11)."""

    test: "Logic"
    then: "Logic"
    otherwise: "Logic"

    @property
    def text(self) -> str:
        return f"if {self.test.text} then {self.then.text} else {self.otherwise.text}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter(Box):
    """Items of a list that match (DMN 1.5, 7.3.12)."""

    domain: "Logic"
    match: "Logic"

    @property
    def text(self) -> str:
        return f"{self.domain.text}[{self.match.text}]"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Iteration(Box):
    """For each item of a list a value; the body sees what was returned so far as `partial` (DMN 1.5, 7.3.13)."""

    variable: str
    domain: "Logic"
    body: "Logic"

    @property
    def text(self) -> str:
        return f"for {self.variable} in {self.domain.text} return {self.body.text}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Quantified(Box):
    """Whether every or some item of a list satisfies something (DMN 1.5, 7.3.14 and 7.3.15)."""

    kind: str
    variable: str
    domain: "Logic"
    body: "Logic"

    @property
    def text(self) -> str:
        return f"{self.kind} {self.variable} in {self.domain.text} satisfies {self.body.text}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Required:
    """What an element sees of another: under which name, within which import ("": of the same file)."""

    element: str
    name: str
    within: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Service(Box):
    """A decision service (DMN 1.5, 6.3.10): what it answers and what has to be given. `parameters`: input data, then
    input decisions, in the order in which they are called; `before`: all that is evaluated, in that order."""

    outputs: Sequence[Required]
    parameters: Sequence[tuple[Parameter, str]]
    before: Sequence[str]

    @property
    def text(self) -> str:
        asked = ", ".join(parameter.name for parameter, _ in self.parameters)
        return f"({asked}) → {', '.join(one.name for one in self.outputs)}"


Logic = (
    Table
    | Literal
    | Invocation
    | Context
    | Listing
    | Relation
    | FunctionDefinition
    | Conditional
    | Filter
    | Iteration
    | Quantified
    | Service
)
