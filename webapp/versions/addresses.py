"""A plan as an address: only what differs from the one that is generated, by the places of elements in their lists.

Versions never change, so a place means the same for ever, and the address of a plan can be sent to a colleague.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from engine import migration, queries
from engine.errors import DefinitionNotFound
from engine.migration import Plan
from engine.models import ProcessDefinition


@dataclasses.dataclass(frozen=True, kw_only=True)
class Road:
    """From one version of a process to another, with a plan."""

    key: str
    source: ProcessDefinition
    target: ProcessDefinition
    plan: Plan

    def arguments(self, **more: Any) -> dict[str, Any]:
        """For `url_for` and for hidden fields."""
        told = {"from": self.source.version, "to": self.target.version, **differences(self.plan), **more}
        return {name: value for name, value in told.items() if value}

    def url(self, endpoint: str, **more: Any) -> str:
        found: str = url_for(endpoint, key=self.key, **self.arguments(**more))
        return found


def road_of(key: str, arguments: Mapping[str, str], actor: Actor) -> Road:
    """What the address, or a form's hidden fields, say. Raises DefinitionNotFound."""
    versions = {str(one.version): one for one in queries.list_versions(actor.organization_id, key)}
    source, target = versions.get(arguments.get("from", "")), versions.get(arguments.get("to", ""))
    if source is None or target is None or source is target:
        raise DefinitionNotFound
    generated = migration.generate_plan(source.id, target.id)
    pairs = _read(arguments.get("map", ""), _elements(source), _elements(target))
    flows = _read(arguments.get("flows", ""), _flows(source), _flows(target))
    return Road(key=key, source=source, target=target, plan=migration.edited(generated, pairs, flows))


def differences(plan: Plan) -> dict[str, str]:
    """From the generated plan; of flows, from what follows of the pairs."""
    generated, followed = migration.generate_plan(plan.source_id, plan.target_id), migration.edited(plan, {})
    sources, targets = queries.get_definition(plan.source_id), queries.get_definition(plan.target_id)
    return {
        "map": _told(generated.pairs, plan.pairs, _elements(sources), _elements(targets)),
        "flows": _told(followed.flows, plan.flows, _flows(sources), _flows(targets)),
    }


def _elements(definition: ProcessDefinition) -> list[str]:
    return [element.id for element in migration.list_elements(definition.id)]


def _flows(definition: ProcessDefinition) -> list[str]:
    return list(migration.list_flow_labels(definition.id))


def _told(before: Mapping[str, str], now: Mapping[str, str], sources: Sequence[str], targets: Sequence[str]) -> str:
    changed = [name for name in sources if before.get(name) != now.get(name)]
    places = {name: str(place) for place, name in enumerate(targets)}
    return "_".join(f"{sources.index(name)}.{places.get(now.get(name, ''), '')}" for name in changed)


def _read(text: str, sources: Sequence[str], targets: Sequence[str]) -> dict[str, str]:
    """What is no place in the lists is left out."""
    found = {}
    for part in filter(None, text.split("_")):
        source, _, target = part.partition(".")
        name = _at(sources, source)
        if name is not None and (not target or _at(targets, target) is not None):
            found[name] = _at(targets, target) or ""
    return found


def _at(names: Sequence[str], place: str) -> str | None:
    return names[int(place)] if place.isascii() and place.isdigit() and int(place) < len(names) else None
