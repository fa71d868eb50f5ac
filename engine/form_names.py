"""Which variables the steps that ask a form may know: rules of the form read them."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine import registry
from engine.bpmn import brought, normaliser
from engine.bpmn.scopes import Scope, Scopes, Surroundings
from engine.bpmn.xml import BPMN, Problems, Unreadable, attribute, parse

DIAGRAM = ".bpmn"


def known_to_forms(files: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """Key of a form -> names of variables; without those forms whose steps may know what the diagrams do not tell.
    `files`: name -> bytes; a diagram that cannot be read tells nothing."""
    beside = Surroundings(files=brought.read(files), gives=registry.gives, started_with=registry.started_with)
    found: dict[str, list[Scope]] = {}
    for name, data in files.items():
        for key, scope in _asked(data, beside) if name.endswith(DIAGRAM) else ():
            found.setdefault(key, []).append(scope)
    return {
        key: frozenset().union(*(scope.names for scope in scopes))
        for key, scopes in found.items()
        if all(scope.is_closed for scope in scopes)
    }


def _asked(data: bytes, beside: Surroundings) -> Iterator[tuple[str, Scope]]:
    try:
        root = parse(data)
    except Unreadable:
        return
    normaliser.normalise(root, Problems())
    found = Scopes(root, beside)
    for node in root.iter(f"{BPMN}userTask", f"{BPMN}startEvent"):
        if found.has(node.get("id")) and (key := _form_key(node)):
            yield key, found.at(node.get("id"))


def _form_key(node: Any) -> str:
    return str(attribute(node, "formKey") or attribute(node, "formRef") or "")
