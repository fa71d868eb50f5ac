"""Where the running instances of a process stand."""

import collections
import uuid

import sqlalchemy as sa

from engine.models import ACTIVE, ExternalTask, Incident, ProcessDefinition, ProcessInstance, Task
from kernel import db


def count_running(organization_id: uuid.UUID, key: str) -> dict[uuid.UUID, int]:
    """Definition id -> instances that run on this version."""
    query = (
        sa.select(ProcessInstance.definition_id, sa.func.count())
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(ProcessInstance.organization_id == organization_id, ProcessInstance.state == ACTIVE)
        .where(ProcessDefinition.key == key)
        .group_by(ProcessInstance.definition_id)
    )
    return {row[0]: row[1] for row in db.session().execute(query)}


def count_by_element(organization_id: uuid.UUID, definition_id: uuid.UUID) -> dict[str, int]:
    """Element id -> work of people and machines that waits there, in called processes too."""
    counts: collections.Counter[str] = collections.Counter()
    for table, states in ((Task, ["ready"]), (ExternalTask, ["ready", "failed"])):
        query = (
            sa.select(table.element_id, sa.func.count())
            .where(table.organization_id == organization_id, table.definition_id == definition_id)
            .where(table.state.in_(states))
            .group_by(table.element_id)
        )
        counts.update({row[0]: row[1] for row in db.session().execute(query)})
    return dict(counts)


def list_stuck_elements(organization_id: uuid.UUID, definition_id: uuid.UUID) -> list[str]:
    """Elements with an open incident."""
    query = sa.select(Incident.element_id).where(
        Incident.organization_id == organization_id,
        Incident.definition_id == definition_id,
        Incident.resolved_at.is_(None),
    )
    return sorted(set(db.session().scalars(query)))


def count_incidents(organization_id: uuid.UUID) -> dict[str, int]:
    """Process key -> open incidents of all its versions."""
    query = (
        sa.select(ProcessDefinition.key, sa.func.count())
        .join(Incident, Incident.definition_id == ProcessDefinition.id)
        .where(Incident.organization_id == organization_id, Incident.resolved_at.is_(None))
        .group_by(ProcessDefinition.key)
    )
    return {row[0]: row[1] for row in db.session().execute(query)}
