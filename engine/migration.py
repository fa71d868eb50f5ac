"""Plans for moving running instances from one version of a process to another: made, checked, read for the core.

A plan names, for each element of the source that a token may be at, the element of the target that takes its place.
Versions are immutable, so a plan that was checked once stays right.
"""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from directory.actors import Actor
from engine import permissions, queries, specs
from engine.bpmn import mapping
from engine.bpmn.mapping import Element, MappingProblem
from engine.bpmn.migrating import Guide, Migrated
from engine.migration_errors import NotMigrator, UnusablePlan

__all__ = ["Element", "MappingProblem"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """`pairs`: element of the source -> of the target. `flows`: flow into a join of the source -> of the target; who
    waits at a join waits on a flow."""

    source_id: uuid.UUID  #: definitions
    target_id: uuid.UUID
    pairs: Mapping[str, str]
    flows: Mapping[str, str]

    def told(self) -> dict[str, Any]:
        """For a jsonb column."""
        return {"pairs": dict(self.pairs), "flows": dict(self.flows)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """What happens to one token. `what`: 'moved' from source to target; 'dropped', 'added': it stops, or begins, to
    wait for an event beside a step; 'freed': a join that misses nothing any more goes on at once."""

    what: str
    source: str  #: in words
    target: str

    @property
    def same(self) -> bool:
        return self.source == self.target


# ------------------------------------------------------------------------------------------------------- permissions
def may_migrate(actor: Actor) -> bool:
    """Those who lead the whole, and who design processes: it moves work of every unit, and wants a diagram's reader."""
    return permissions.is_machine(actor) or actor.has_role(*permissions.WHOLE, *permissions.DESIGNERS)


def require_migrator(actor: Actor) -> None:
    if not may_migrate(actor):
        raise NotMigrator


# -------------------------------------------------------------------------------------------------------------- plans
def generate_plan(source_id: uuid.UUID, target_id: uuid.UUID) -> Plan:
    """Pairs the same ids of the same kind. Raises DefinitionNotFound."""
    old, new = specs.spec_of(source_id), specs.spec_of(target_id)
    pairs = mapping.generate(old, new)
    flows = mapping.generate_flows(old, new, pairs)
    return Plan(source_id=source_id, target_id=target_id, pairs=pairs, flows=flows)


def edited(plan: Plan, pairs: Mapping[str, str], flows: Mapping[str, str] | None = None) -> Plan:
    """The plan with other targets; an empty one takes the element out. Flows that nobody names follow their source."""
    wanted = {**plan.pairs, **pairs}
    kept = {source: target for source, target in wanted.items() if target}
    found = mapping.generate_flows(specs.spec_of(plan.source_id), specs.spec_of(plan.target_id), kept)
    chosen = {source: target for source, target in {**found, **(flows or {})}.items() if target}
    return dataclasses.replace(plan, pairs=kept, flows=chosen)


def check_plan(plan: Plan) -> list[MappingProblem]:
    """Errors first, then whom the plan leaves behind, then what changes for those who go. Raises DefinitionNotFound."""
    old, new = specs.spec_of(plan.source_id), specs.spec_of(plan.target_id)
    return mapping.check(old, new, plan.pairs, plan.flows)


def list_elements(definition_id: uuid.UUID) -> list[Element]:
    """Of a version, in document order, those of a sub-process behind those around it."""
    return list(mapping.elements_of(specs.spec_of(definition_id)).values())


def list_flow_labels(definition_id: uuid.UUID) -> dict[str, str]:
    """Flow id -> whence it comes."""
    return mapping.flow_labels(specs.spec_of(definition_id))


def guide_of(plan: Plan, actor: Actor) -> Guide:
    """The plan in the core's terms. Raises UnusablePlan, DefinitionNotFound."""
    source, target = queries.get_definition(plan.source_id), queries.get_definition(plan.target_id)
    if {source.organization_id, target.organization_id} != {actor.organization_id} or source.key != target.key:
        raise UnusablePlan(sentence="Hai bản phải của cùng một quy trình.")
    if source.id == target.id:
        raise UnusablePlan(sentence="Chọn bản đích khác với bản đang chạy.")
    errors = {p.source_id: p.sentence for p in check_plan(plan) if p.level == "error"}
    if errors:
        raise UnusablePlan(errors)
    return Guide(
        source=str(plan.source_id),
        target=str(plan.target_id),
        old=specs.spec_of(plan.source_id),
        new=specs.spec_of(plan.target_id),
        pairs=plan.pairs,
        flows=plan.flows,
    )


def steps_of(migrated: Migrated) -> list[Step]:
    told = [Step(what=move.what, source=move.source, target=move.target) for move in migrated.moves]
    return told + [Step(what="freed", source=join, target="") for join in migrated.freed]
