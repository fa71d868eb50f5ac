"""What a diagram may name: services, functions, decisions, forms."""

import dataclasses
from collections.abc import Callable, Collection


@dataclasses.dataclass(frozen=True, kw_only=True)
class Catalog:
    """Asked while a diagram is read, so that a wrong name is found at deployment and not at work."""

    functions: frozenset[str]
    has_service: Callable[[str], bool]
    forms: Collection[str]  #: keys of the forms deployed beside the diagram
    decisions: Collection[str] = ()

    def has_form(self, key: str) -> bool:
        return key in self.forms
