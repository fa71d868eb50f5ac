"""The verb that removes what is past its time to live: ended instances with their history, tasks, comments, variables.

A definition says how many days its ended instances are kept (camunda:historyTimeToLive). Without a word they are kept
for ever: how long records of official work are kept is the law's to say (Luật Lưu trữ 33/2024/QH15), not ours. Whatever
the number says, an instance that something outside the engine refers to, as a document does, is kept, and the audit
trail is never touched.
"""

import dataclasses
import uuid
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import permissions
from engine.models import HistoryEntry, ProcessDefinition, ProcessInstance, Task
from kernel import audit, clock, db

BATCH = 500  #: instances in one transaction


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cleanable:
    """Ended instances of one definition that are past its time to live: how many go, how many are referred to."""

    definition: ProcessDefinition
    going: int
    kept: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cleaned:
    """What one run has removed."""

    instances: int
    lines: int  #: of history


def clean_history(*, actor: Actor, limit: int = BATCH) -> Cleaned:
    """Removes up to `limit` instances of the actor's organisation, those that ended first; call it until nothing is
    left. Raises NotOfWhole."""
    permissions.require_whole(actor)
    references = _references()
    chosen = list(db.connection().scalars(_past(actor.organization_id, references).limit(limit)))
    if not chosen:
        return Cleaned(instances=0, lines=0)
    lines = _remove(chosen, references)
    audit.record(
        actor, "history:clean", "organization", actor.organization_id, instances=[*map(str, chosen)], lines=lines
    )
    return Cleaned(instances=len(chosen), lines=lines)


def count_cleanable(organization_id: uuid.UUID) -> list[Cleanable]:
    """What clean_history would remove now, by definition; those with nothing past its time are left out."""
    free = _is_free(_references())
    counted = (
        sa.select(
            ProcessInstance.definition_id,
            sa.func.count().filter(free).label("going"),
            sa.func.count().filter(sa.not_(free)).label("kept"),
        )
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(*_is_past(organization_id))
        .group_by(ProcessInstance.definition_id)
        .subquery()
    )
    query = sa.select(ProcessDefinition, counted.c.going, counted.c.kept).join(
        counted, counted.c.definition_id == ProcessDefinition.id
    )
    found = db.session().execute(query.order_by(ProcessDefinition.name, ProcessDefinition.version))
    return [Cleanable(definition=row[0], going=row[1], kept=row[2]) for row in found]


def _past(organization_id: uuid.UUID, references: "list[_Reference]") -> "sa.Select[Any]":
    """Locked, passing over what somebody holds."""
    return (
        sa.select(ProcessInstance.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(*_is_past(organization_id), _is_free(references))
        .order_by(ProcessInstance.ended_at)
        .with_for_update(of=ProcessInstance, skip_locked=True)
    )


def _is_past(organization_id: uuid.UUID) -> list[Any]:
    days = sa.func.make_interval(0, 0, 0, ProcessDefinition.history_ttl_days)
    return [
        ProcessInstance.organization_id == organization_id,
        ProcessDefinition.history_ttl_days.is_not(None),
        ProcessInstance.ended_at <= sa.literal(clock.now()) - days,
    ]


# ---------------------------------------------------------------------------------------------------------- references
@dataclasses.dataclass(frozen=True)
class _Reference:
    """A foreign key to instances or tasks that keeps the row it points at. Asked of the catalogue: packages above have
    tables that this one does not know."""

    table: str
    column: str
    target: str

    @property
    def is_ours(self) -> bool:
        return self.table.startswith("engine_")

    @property
    def pointer(self) -> Any:
        return sa.table(self.table, sa.column(self.column)).c[self.column]

    def remove(self, pointing_at: Any) -> None:
        pointer = self.pointer
        db.connection().execute(sa.delete(pointer.table).where(pointer.in_(pointing_at)))


def _references() -> list[_Reference]:
    query = sa.text("""
        SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confdeltype <> 'c'
            AND c.confrelid IN ('engine_instances'::regclass, 'engine_tasks'::regclass)
        ORDER BY 1, 2""")
    return [_Reference(*row) for row in db.connection().execute(query)]


def _is_free(references: list[_Reference]) -> Any:
    """Nothing outside the engine points at the instance or at a task of it."""
    pointing = []
    for reference in references:
        if reference.is_ours:
            continue
        if reference.target == ProcessInstance.__tablename__:
            pointing.append(sa.exists().where(reference.pointer == ProcessInstance.id))
        else:
            tasks = sa.exists().where(Task.instance_id == ProcessInstance.id, Task.id == reference.pointer)
            pointing.append(tasks)
    return sa.not_(sa.or_(sa.false(), *pointing))


def _remove(instance_ids: list[uuid.UUID], references: list[_Reference]) -> int:
    """What points at tasks first, then what points at instances. Returns the lines of history that went."""
    tasks = sa.select(Task.id).where(Task.instance_id.in_(instance_ids))
    ours = [reference for reference in references if reference.is_ours]
    lines = _remove_history(instance_ids)
    for reference in ours:
        if reference.target == Task.__tablename__:
            reference.remove(tasks)
    last = (HistoryEntry.__tablename__, Task.__tablename__)
    for reference in sorted(ours, key=lambda reference: reference.table in last):
        if reference.target == ProcessInstance.__tablename__ and reference.table != HistoryEntry.__tablename__:
            reference.remove(instance_ids)
    db.connection().execute(sa.delete(ProcessInstance).where(ProcessInstance.id.in_(instance_ids)))
    return lines


def _remove_history(instance_ids: list[uuid.UUID]) -> int:
    """The only place that may: the trigger asks for this setting, and looks at the age of what goes all the same."""
    connection = db.connection()
    connection.execute(sa.text("SELECT set_config('moc.cleaning', 'on', true)"))
    gone = connection.execute(sa.delete(HistoryEntry).where(HistoryEntry.instance_id.in_(instance_ids)))
    connection.execute(sa.text("SELECT set_config('moc.cleaning', 'off', true)"))
    return gone.rowcount
