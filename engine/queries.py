"""Readers of the engine: tasks, instances, definitions, history."""

import collections
import dataclasses
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory import queries as directory
from directory.actors import Actor
from directory.models import Person
from engine import actions, locking, permissions, snapshots
from engine.actions import AllowedAction
from engine.errors import DefinitionNotFound, ExternalTaskNotFound, InstanceNotFound
from engine.inbox import IS_READY, SORTS
from engine.models import (
    Comment,
    ExternalTask,
    HistoryEntry,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    ProcessResource,
    Task,
)
from kernel import db


# --------------------------------------------------------------------------------------------------------------- tasks
def get_task(task_id: uuid.UUID) -> Task:
    """As it stands now, for reading; raises TaskNotFound."""
    return locking.read_task(task_id)


def list_tasks(task_ids: Collection[uuid.UUID]) -> Sequence[Task]:
    """Those there are, open or ended."""
    if not task_ids:
        return []
    query = sa.select(Task).where(Task.id.in_(task_ids)).order_by(Task.id)
    return db.session().scalars(query.execution_options(populate_existing=True)).all()


def may_complete(task: Task, actor: Actor) -> bool:
    return permissions.refusal_to_complete(task, actor) is None


def may_claim(task: Task, actor: Actor) -> bool:
    return permissions.refusal_to_claim(task, actor) is None


def may_release(task: Task, actor: Actor) -> bool:
    return permissions.refusal_to_release(task, actor) is None


def may_assign(task: Task, actor: Actor) -> bool:
    return permissions.refusal_to_assign(task, actor) is None


def allowed_actions(task: Task, actor: Actor) -> list[AllowedAction]:
    """What the diagram lets this person do with the task beside completing it, in its order."""
    return actions.allowed(task, actor)


def list_receivers(actor: Actor) -> Sequence[Person]:
    """To whom the actor may give tasks, by name; nobody when they give none."""
    if actor.has_role(*permissions.WHOLE):
        own = None if actor.has_role(*permissions.READERS) else actor.person_id
        return [person for person in directory.list_people(actor.organization_id) if person.id != own]
    if not permissions.is_manager(actor):
        return []
    offices = directory.list_holders(actor.organization_id, unit_code=actor.unit_code)
    return sorted({office.person for office in offices}, key=lambda person: person.full_name)


def list_opened_since(instance_id: uuid.UUID, since: uuid.UUID, *, limit: int = 20) -> Sequence[Task]:
    """Open tasks of an instance that are younger than this id (ids grow with time), oldest first."""
    query = sa.select(Task).where(Task.instance_id == instance_id, Task.id > since, IS_READY)
    return db.session().scalars(query.order_by(Task.id).limit(limit)).all()


def list_open_tasks(organization_id: uuid.UUID, *, limit: int = 1000, offset: int = 0) -> Sequence[Task]:
    """All that somebody has to do, the earliest due first."""
    query = sa.select(Task).where(Task.organization_id == organization_id, IS_READY)
    return db.session().scalars(query.order_by(*SORTS["due"]).limit(limit).offset(offset)).all()


def list_instance_tasks(instance_id: uuid.UUID) -> Sequence[Task]:
    """Open and ended ones, oldest first."""
    query = sa.select(Task).where(Task.instance_id == instance_id).order_by(Task.token)
    return db.session().scalars(query.execution_options(populate_existing=True)).all()


# ----------------------------------------------------------------------------------------------------------- instances
def get_instance(instance_id: uuid.UUID) -> ProcessInstance:
    instance = db.session().get(ProcessInstance, instance_id, populate_existing=True)
    if instance is None:
        raise InstanceNotFound
    return instance


def list_instances(
    organization_id: uuid.UUID, *, key: str | None = None, state: str | None = None, limit: int = 100, offset: int = 0
) -> Sequence[ProcessInstance]:
    """The newest first."""
    query = sa.select(ProcessInstance).where(ProcessInstance.organization_id == organization_id)
    if key is not None:
        query = query.join(ProcessDefinition).where(ProcessDefinition.key == key)
    if state is not None:
        query = query.where(ProcessInstance.state == state)
    return db.session().scalars(query.order_by(ProcessInstance.id.desc()).limit(limit).offset(offset)).all()


def get_variables(instance_id: uuid.UUID) -> dict[str, Any]:
    """The variables of the process instance itself, running or ended."""
    return snapshots.instance_variables(_snapshot(instance_id))


def get_task_variables(task: Task) -> dict[str, Any]:
    """All an open task sees: its own, its scope's, its process's. Of an ended one, the process's."""
    data = _snapshot(task.instance_id)
    seen = snapshots.token_variables(data, task.token)
    return snapshots.instance_variables(data) if seen is None else seen


def _snapshot(instance_id: uuid.UUID) -> bytes:
    data = db.session().scalar(sa.select(ProcessInstance.snapshot).where(ProcessInstance.id == instance_id))
    if data is None:
        raise InstanceNotFound
    return data


def get_external_task(external_task_id: uuid.UUID) -> ExternalTask:
    found = db.session().get(ExternalTask, external_task_id, populate_existing=True)
    if found is None:
        raise ExternalTaskNotFound
    return found


def list_comments(instance_id: uuid.UUID) -> Sequence[Comment]:
    query = sa.select(Comment).where(_of_instance(Comment, instance_id), Comment.instance_id == instance_id)
    return db.session().scalars(query.order_by(Comment.id)).all()


def list_incidents(organization_id: uuid.UUID) -> Sequence[Incident]:
    """Those still open, oldest first."""
    query = sa.select(Incident).where(Incident.organization_id == organization_id, Incident.resolved_at.is_(None))
    return db.session().scalars(query.order_by(Incident.id)).all()


# ------------------------------------------------------------------------------------------------------------- history
@dataclasses.dataclass(frozen=True, kw_only=True)
class DiagramState:
    """One diagram of an instance as the viewer marks it; `active`: element id -> number of tokens."""

    definition_id: uuid.UUID
    name: str
    active: Mapping[str, int]
    passed: Sequence[str]  #: ids of elements and flows
    incidents: Sequence[str]


def list_history(instance_id: uuid.UUID) -> Sequence[HistoryEntry]:
    """In the order in which it happened."""
    query = sa.select(HistoryEntry).where(_of_instance(HistoryEntry, instance_id))
    return db.session().scalars(query.where(HistoryEntry.instance_id == instance_id).order_by(HistoryEntry.id)).all()


def diagram_states(instance_id: uuid.UUID) -> list[DiagramState]:
    """The diagrams that tokens of the instance have been in, its own first."""
    told: dict[uuid.UUID, list[Any]] = {}
    for row in _marks(instance_id):
        told.setdefault(row.definition_id, []).append(row)
    names = definition_names(told)
    stuck, own = _open_incidents(instance_id), get_instance(instance_id).definition_id
    states = [
        DiagramState(
            definition_id=definition_id,
            name=names.get(definition_id, ""),
            active={row.element_id: row.inside for row in rows if row.inside > 0},
            passed=_passed(rows),
            incidents=stuck[definition_id],
        )
        for definition_id, rows in told.items()
    ]
    return sorted(states, key=lambda state: state.definition_id != own)


def _marks(instance_id: uuid.UUID) -> Sequence[Any]:
    """Per element: tokens inside, tokens that left, flows by which they came; in order of first appearance."""
    line = _lines(instance_id).subquery().c
    counted = sa.func.count().filter
    came, went = line.kind.in_(["entered", "migrated"]), line.kind.in_(["completed", "cancelled", "away"])
    query = (
        sa.select(
            line.definition_id,
            line.element_id,
            (counted(came) - counted(went)).label("inside"),
            counted(line.kind.in_(["completed", "closed"])).label("left"),
            sa.func.array_agg(line.flow_id.distinct()).label("flows"),
        )
        .group_by(line.definition_id, line.element_id)
        .order_by(sa.func.min(sa.cast(line.id, sa.Text)))
    )
    return db.session().execute(query).all()


def _lines(instance_id: uuid.UUID) -> "sa.CompoundSelect[Any]":
    """What tokens did. One that was migrated is at its new element, and 'away' from the old one."""
    table = HistoryEntry
    own = (_of_instance(table, instance_id), table.instance_id == instance_id, table.token != 0)
    there = sa.select(table.definition_id, table.element_id, table.kind, table.flow_id, table.id).where(*own)
    came_from = table.data["from"]
    away = sa.select(
        sa.cast(came_from["definition"].astext, sa.Uuid),
        came_from["element"].astext,
        sa.literal("away"),
        sa.null(),
        table.id,
    ).where(*own, table.kind == "migrated")
    return sa.union_all(there, away)


def _passed(rows: Sequence[Any]) -> list[str]:
    elements = [row.element_id for row in rows if row.left]
    flows = {flow for row in rows for flow in row.flows if flow is not None}
    return elements + sorted(flows)


def _open_incidents(instance_id: uuid.UUID) -> dict[uuid.UUID, list[str]]:
    query = sa.select(Incident.definition_id, Incident.element_id).where(
        _of_instance(Incident, instance_id), Incident.instance_id == instance_id, Incident.resolved_at.is_(None)
    )
    found: dict[uuid.UUID, list[str]] = collections.defaultdict(list)
    for row in db.session().execute(query):
        found[row.definition_id].append(row.element_id)
    return found


def _of_instance(table: Any, instance_id: uuid.UUID) -> "sa.ColumnElement[bool]":
    """The organisation leads every index."""
    owner = sa.select(ProcessInstance.organization_id).where(ProcessInstance.id == instance_id).scalar_subquery()
    condition: sa.ColumnElement[bool] = table.organization_id == owner
    return condition


# --------------------------------------------------------------------------------------------------------- definitions
@dataclasses.dataclass(frozen=True, kw_only=True)
class ProcessSummary:
    """The newest version of a process and how many instances of all its versions run."""

    definition: ProcessDefinition
    running: int


def get_definition(definition_id: uuid.UUID) -> ProcessDefinition:
    definition = db.session().get(ProcessDefinition, definition_id)
    if definition is None:
        raise DefinitionNotFound
    return definition


def definition_names(definition_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """With the version where an instance has been in several."""
    columns = (ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.name, ProcessDefinition.version)
    rows = db.session().execute(sa.select(*columns).where(ProcessDefinition.id.in_(definition_ids))).all()
    count = collections.Counter(row.key for row in rows)
    return {row.id: row.name if count[row.key] == 1 else f"{row.name}, bản {row.version}" for row in rows}


def find_latest_definition(organization_id: uuid.UUID, key: str) -> ProcessDefinition | None:
    versions = _versions(organization_id, key)
    return db.session().scalars(versions.limit(1)).first()


def list_versions(organization_id: uuid.UUID, key: str) -> Sequence[ProcessDefinition]:
    """The newest first."""
    return db.session().scalars(_versions(organization_id, key)).all()


def newest_versions(organization_id: uuid.UUID) -> "sa.Select[Any]":
    """The newest version of each process."""
    return sa.select(ProcessDefinition).where(
        ProcessDefinition.organization_id == organization_id, sa.not_(_has_newer_version())
    )


def list_processes(organization_id: uuid.UUID) -> list[ProcessSummary]:
    newest = newest_versions(organization_id)
    running = (
        sa.select(ProcessDefinition.key, sa.func.count().label("running"))
        .join(ProcessInstance, ProcessInstance.definition_id == ProcessDefinition.id)
        .where(ProcessInstance.organization_id == organization_id, ProcessInstance.ended_at.is_(None))
        .group_by(ProcessDefinition.key)
    )
    counts = {row.key: row.running for row in db.session().execute(running)}
    found = [ProcessSummary(definition=d, running=counts.get(d.key, 0)) for d in db.session().scalars(newest)]
    return sorted(found, key=lambda summary: summary.definition.name)


def _has_newer_version() -> "sa.ColumnElement[bool]":
    newer = sa.alias(ProcessDefinition.__table__, "newer")
    return sa.exists().where(
        newer.c.organization_id == ProcessDefinition.organization_id,
        newer.c.key == ProcessDefinition.key,
        newer.c.version > ProcessDefinition.version,
    )


def get_resources(definition_id: uuid.UUID) -> dict[str, bytes]:
    """All files of the deployment: name -> bytes."""
    deployment = get_definition(definition_id).deployment_id
    query = sa.select(ProcessResource.name, ProcessResource.content)
    rows = db.session().execute(query.where(ProcessResource.deployment_id == deployment).order_by(ProcessResource.name))
    return {row.name: row.content for row in rows}


def get_diagram(definition_id: uuid.UUID) -> bytes:
    """The BPMN file, byte for byte as it was deployed."""
    definition = get_definition(definition_id)
    content = _content(definition, definition.resource_name)
    if content is None:
        raise DefinitionNotFound
    return content


def get_form_source(definition_id: uuid.UUID, form_key: str) -> bytes | None:
    """The form-js schema deployed beside the diagram under this key."""
    return _content(get_definition(definition_id), f"{form_key}.form")


def _versions(organization_id: uuid.UUID, key: str) -> "sa.Select[ProcessDefinition]":
    return (
        sa.select(ProcessDefinition)
        .where(ProcessDefinition.organization_id == organization_id, ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version.desc())
    )


def _content(definition: ProcessDefinition, name: str) -> bytes | None:
    return db.session().scalar(
        sa.select(ProcessResource.content).where(
            ProcessResource.deployment_id == definition.deployment_id, ProcessResource.name == name
        )
    )
