"""What a diagram may name: services, functions, decisions, forms."""

import dataclasses
from collections.abc import Callable, Collection, Mapping

from engine.bpmn import brought
from engine.bpmn.brought import Files
from engine.bpmn.references import DEPLOYMENT, Reference
from engine.bpmn.sources import Surroundings


@dataclasses.dataclass(frozen=True, kw_only=True)
class Catalog:
    """Asked while a diagram is read, so that a wrong name is found at deployment and not at work."""

    functions: frozenset[str]
    has_service: Callable[[str], bool]
    forms: Collection[str]  #: keys of the forms deployed beside the diagram
    decisions: Collection[str] = ()  #: keys of those deployed beside the diagram
    processes: Collection[str] = ()  #: the same
    files: Files = brought.NOTHING  #: what forms and decisions beside the diagram bring
    gives: Callable[[str], Mapping[str, str] | None] = lambda service: None  #: what a service sets: name -> label
    started_with: Callable[[str], Mapping[str, str]] = lambda process: {}  #: what our own operations start it with
    is_deployed: Callable[[str, str], bool] = lambda kind, key: False
    """Whether any version of a 'process', 'decision' or 'form' was deployed before."""

    @property
    def surroundings(self) -> Surroundings:
        """For engine.bpmn.scopes."""
        return Surroundings(files=self.files, gives=self.gives, started_with=self.started_with)

    def has_form(self, key: str) -> bool:
        return key in self.forms

    def knows(self, kind: str, reference: Reference) -> bool:
        """Whether what is named is there, as far as can be told before it runs."""
        key = reference.fixed_key
        beside = {"process": self.processes, "decision": self.decisions, "form": self.forms}[kind]
        return key is None or key in beside or (reference.binding != DEPLOYMENT and self.is_deployed(kind, key))
