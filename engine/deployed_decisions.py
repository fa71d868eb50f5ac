"""Readers of deployed decisions: their versions, what their files say, when and by which processes they are asked."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from engine import queries, specs
from engine.bpmn import bound
from engine.decisions.graph import Decision, Decisions
from engine.deployed_models import DecisionDefinition, DecisionEvaluation
from engine.errors import DecisionNotFound
from engine.models import ProcessDefinition
from kernel import db


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asker:
    """A step of the newest version of a process that asks a decision."""

    definition: ProcessDefinition
    element_id: str
    element_name: str


def list_versions(organization_id: uuid.UUID, key: str) -> Sequence[DecisionDefinition]:
    """The newest first. Raises DecisionNotFound."""
    query = sa.select(DecisionDefinition).where(
        DecisionDefinition.organization_id == organization_id, DecisionDefinition.key == key
    )
    found = db.session().scalars(query.order_by(DecisionDefinition.version.desc())).all()
    if not found:
        raise DecisionNotFound
    return found


def read(row: DecisionDefinition) -> tuple[Decisions, Decision]:
    """What the decision's file says: all its decisions, and this one."""
    decisions, key = specs.decisions_of(row.id)
    return decisions, decisions[key]


def last_asked(organization_id: uuid.UUID, keys: Collection[str]) -> dict[str, dt.datetime]:
    """Key -> when any version of it was last asked by a process; those that never were are left out."""
    row = DecisionEvaluation
    newest = (
        sa.select(row.at)
        .where(row.organization_id == organization_id, row.decision_id == DecisionDefinition.id)
        .order_by(row.id.desc())
        .limit(1)
        .lateral()
    )
    query = (
        sa.select(DecisionDefinition.key, sa.func.max(newest.c.at))
        .join(newest, sa.true())
        .where(DecisionDefinition.organization_id == organization_id, DecisionDefinition.key.in_(keys))
        .group_by(DecisionDefinition.key)
    )
    return {found[0]: found[1] for found in db.session().execute(query)}


def list_askers(organization_id: uuid.UUID, key: str) -> list[Asker]:
    """By name of the process. A step whose expression chooses the decision is not among them."""
    newest = db.session().scalars(queries.newest_versions(organization_id).order_by(ProcessDefinition.name)).all()
    return [
        Asker(definition=definition, element_id=element_id, element_name=name)
        for definition in newest
        for element_id, name, decision in bound.asked_decisions(specs.spec_of(definition.id))
        if decision == key
    ]
