"""Where the running instances of a process stand."""

import collections
import dataclasses
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from engine.job_models import CONTINUE, Job
from engine.models import (
    SUSPENDED,
    ExternalTask,
    HistoryEntry,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    Subscription,
    Task,
    Timer,
)
from kernel import db

#: rows of what waits: table, which of its rows
_WAITS: list[tuple[Any, Any]] = [
    (Task, Task.state == "ready"),
    (ExternalTask, ExternalTask.state.in_(["ready", "failed"])),
    (Timer, sa.true()),
    (Subscription, sa.true()),
    (Job, Job.kind == CONTINUE),
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """An element, and how many tokens of one instance wait there."""

    definition_id: uuid.UUID
    element_id: str
    number: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Running:
    """Instances of one version that are not over."""

    active: int = 0
    suspended: int = 0


def count_running(organization_id: uuid.UUID, key: str) -> dict[uuid.UUID, int]:
    """Definition id -> instances that run on this version."""
    return {version: found.active for version, found in count_open(organization_id, key).items() if found.active}


def count_open(organization_id: uuid.UUID, key: str) -> dict[uuid.UUID, Running]:
    """Definition id -> instances of this version that are not over; versions without any are left out."""
    suspended = sa.func.count().filter(ProcessInstance.state == SUSPENDED)
    query = (
        sa.select(ProcessInstance.definition_id, sa.func.count() - suspended, suspended)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(ProcessInstance.organization_id == organization_id, ProcessInstance.ended_at.is_(None))
        .where(ProcessDefinition.key == key)
        .group_by(ProcessInstance.definition_id)
    )
    return {row[0]: Running(active=row[1], suspended=row[2]) for row in db.session().execute(query)}


def count_by_element(organization_id: uuid.UUID, definition_id: uuid.UUID) -> dict[str, int]:
    """Element id -> what waits there: work of people and machines, times, messages; in called processes too."""
    counts: collections.Counter[str] = collections.Counter()
    for table, which in _WAITS:
        query = sa.select(table.element_id, sa.func.count()).where(
            table.organization_id == organization_id,
            table.definition_id == definition_id,
            table.instance_id.is_not(None),
            which,
        )
        counts.update({row[0]: row[1] for row in db.session().execute(query.group_by(table.element_id))})
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


def count_open_incidents(organization_id: uuid.UUID) -> int:
    """Those that wait for an operator, of all processes."""
    query = sa.select(sa.func.count()).select_from(Incident)
    return db.session().scalar(query.where(*_open(organization_id))) or 0


def list_instance_incidents(organization_id: uuid.UUID, instance_id: uuid.UUID) -> Sequence[Incident]:
    """Open ones first, then those that were resolved; the newest first."""
    query = sa.select(Incident).where(Incident.organization_id == organization_id, Incident.instance_id == instance_id)
    return db.session().scalars(query.order_by(Incident.resolved_at.is_not(None), Incident.id.desc())).all()


def count_incidents_of(organization_id: uuid.UUID, instance_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Instance id -> its open incidents; instances without any are left out."""
    query = sa.select(Incident.instance_id, sa.func.count()).where(
        *_open(organization_id), Incident.instance_id.in_(instance_ids)
    )
    return {row[0]: row[1] for row in db.session().execute(query.group_by(Incident.instance_id)) if row[0]}


def list_places(organization_id: uuid.UUID, instance_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Place]]:
    """Instance id -> where it waits, listening events beside its steps too; one query a table for a whole page."""
    found: dict[uuid.UUID, list[Place]] = {instance_id: [] for instance_id in instance_ids}
    for table, which in _WAITS:
        query = sa.select(table.instance_id, table.definition_id, table.element_id, sa.func.count()).where(
            table.organization_id == organization_id, table.instance_id.in_(instance_ids), which
        )
        for row in db.session().execute(query.group_by(table.instance_id, table.definition_id, table.element_id)):
            found[row[0]].append(Place(definition_id=row[1], element_id=row[2], number=row[3]))
    return found


def _open(organization_id: uuid.UUID) -> "tuple[sa.ColumnElement[bool], ...]":
    return Incident.organization_id == organization_id, Incident.resolved_at.is_(None)


def list_open_incidents(organization_id: uuid.UUID, *, key: str | None = None, limit: int = 500) -> Sequence[Incident]:
    """The oldest first. `key`: of this process alone."""
    query = sa.select(Incident).where(*_open(organization_id))
    if key is not None:
        query = query.join(ProcessDefinition, ProcessDefinition.id == Incident.definition_id)
        query = query.where(ProcessDefinition.key == key)
    return db.session().scalars(query.order_by(Incident.id).limit(limit)).all()


def list_instances_of(instance_ids: Collection[uuid.UUID]) -> Sequence[ProcessInstance]:
    """Those of these ids that exist."""
    return db.session().scalars(sa.select(ProcessInstance).where(ProcessInstance.id.in_(instance_ids))).all()


def list_tries(subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Id of an external task or job -> how often it may still be tried without anybody's help."""
    found: dict[uuid.UUID, int] = {}
    tables: list[Any] = [ExternalTask, Job]
    for table in tables:
        query = sa.select(table.id, table.retries).where(table.id.in_(subject_ids), table.retries.is_not(None))
        found.update({row[0]: row[1] for row in db.session().execute(query)})
    return found


def list_undelivered(subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Id of a job that delivers a message or signal -> its name: operations.discard_job may give it up."""
    query = sa.select(Job.id, Job.name).where(Job.id.in_(subject_ids), Job.kind != CONTINUE)
    return {row[0]: row[1] for row in db.session().execute(query)}


def list_instance_events(organization_id: uuid.UUID, instance_id: uuid.UUID) -> Sequence[HistoryEntry]:
    """What happened to an instance as a whole, and what operators did to it; the oldest first."""
    query = sa.select(HistoryEntry).where(
        HistoryEntry.organization_id == organization_id,
        HistoryEntry.instance_id == instance_id,
        HistoryEntry.kind.notin_(["entered", "completed", "cancelled", "opened", "closed"]),
        sa.not_(sa.and_(HistoryEntry.kind == "migrated", HistoryEntry.token != 0)),  # each token's own line
    )
    return db.session().scalars(query.order_by(HistoryEntry.id)).all()


def list_actors(organization_id: uuid.UUID, instance_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Who has done a task of the instance: id and name, by name."""
    query = sa.select(Task.ended_by_id, Task.ended_by_name).where(
        Task.organization_id == organization_id, Task.instance_id == instance_id, Task.ended_by_id.is_not(None)
    )
    found = {(row[0], row[1]) for row in db.session().execute(query) if row[0]}
    return sorted(found, key=lambda told: told[1])
