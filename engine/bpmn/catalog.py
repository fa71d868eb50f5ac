"""What a diagram may name: services, functions, decisions, forms."""

import dataclasses
from collections.abc import Callable, Collection

from engine.bpmn.references import DEPLOYMENT, Reference


@dataclasses.dataclass(frozen=True, kw_only=True)
class Catalog:
    """Asked while a diagram is read, so that a wrong name is found at deployment and not at work."""

    functions: frozenset[str]
    has_service: Callable[[str], bool]
    forms: Collection[str]  #: keys of the forms deployed beside the diagram
    decisions: Collection[str] = ()  #: keys of those deployed beside the diagram
    processes: Collection[str] = ()  #: the same
    is_deployed: Callable[[str, str], bool] = lambda kind, key: False
    """Whether any version of a 'process', 'decision' or 'form' was deployed before."""

    def has_form(self, key: str) -> bool:
        return key in self.forms

    def knows(self, kind: str, reference: Reference) -> bool:
        """Whether what is named is there, as far as can be told before it runs."""
        key = reference.fixed_key
        beside = {"process": self.processes, "decision": self.decisions, "form": self.forms}[kind]
        return key is None or key in beside or (reference.binding != DEPLOYMENT and self.is_deployed(kind, key))
