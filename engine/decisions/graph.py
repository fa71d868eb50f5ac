"""The elements of a DMN file and what they require of each other (DMN 1.5, 6.3); their logic is in the module model."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from engine.decisions.model import (
    FunctionDefinition,
    ItemType,
    Logic,
    Required,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class InputData:
    """A value from outside (DMN 1.5, 6.3.11)."""

    element: str
    name: str
    variable: str
    namespace: str = ""
    item: ItemType | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Knowledge:
    """A business knowledge model: a function with requirements of its own (DMN 1.5, 6.3.9)."""

    element: str
    name: str
    variable: str
    logic: FunctionDefinition
    namespace: str = ""
    requires: Sequence[Required] = ()
    reads: frozenset[str] = frozenset()
    is_open: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """`variable`: under which name decisions that require this one see its answer; `before`: elements of all decisions
    that it requires, directly or not, in the order in which they are to be evaluated; `reads`: names of nothing that is
    drawn which its expressions read; `is_open`: drawn for Operaton, whose decisions see every variable and every answer
    before them, where the standard lets them see what they require."""

    key: str
    name: str
    variable: str
    logic: Logic
    before: Sequence[str] = ()
    version_tag: str = ""
    history_ttl_days: int | None = None
    element: str = ""
    namespace: str = ""
    requires: Sequence[Required] = ()
    reads: frozenset[str] = frozenset()
    item: ItemType | None = None
    is_open: bool = False

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.name or self.key


Element = Decision | InputData | Knowledge


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Model(Mapping[str, Decision]):
    """The decisions and decision services of one file by key. Those of other files are found by their element, too.

    `elements`: of all files of the set, by `file#id`; `imports`: names of the files that this one imports, directly or
    not.
    """

    file: str
    namespace: str
    own: Sequence[str]  #: keys, in the order of the file
    elements: Mapping[str, Element]
    imports: Sequence[str] = ()

    def __getitem__(self, key: str) -> Decision:
        found = self.elements.get(f"{self.file}#{key}") or self.elements[key]
        if not isinstance(found, Decision):
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)

    def key_of(self, element: str) -> str:
        """The key of a decision of this file, the whole element of another."""
        file, _, key = element.rpartition("#")
        return key if file == self.file else element


Decisions = Model
