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
from engine.deployed_models import DecisionEvaluation
from engine.job_models import MESSAGE, Job
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
    on_its_way = sa.exists().where(
        Job.organization_id == organization_id, Job.instance_id == ProcessInstance.id, Job.kind == MESSAGE
    )
    return [
        ProcessInstance.organization_id == organization_id,
        sa.not_(on_its_way),  # a message that it has thrown still looks for its receiver
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


@dataclasses.dataclass(frozen=True)
class _Owned:
    """Rows that go with what their column points at."""

    table: str
    column: str

    def remove(self, pointing_at: Any) -> None:
        table = sa.table(self.table, sa.column(self.column))
        db.connection().execute(sa.delete(table).where(table.c[self.column].in_(pointing_at)))


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
    """Rows of tasks first, then of instances, the tasks and the instances last. Returns the lines of history that
    went."""
    lines = _remove_history(instance_ids)
    tasks = sa.select(Task.id).where(Task.instance_id.in_(instance_ids))
    of_tasks = [_Owned(one.table, one.column) for one in references if one.is_ours and one.target == Task.__tablename__]
    for owned in of_tasks:
        owned.remove(tasks)
    for owned in _of_instances():
        owned.remove(instance_ids)
    for owned in (_Owned(Task.__tablename__, "instance_id"), _Owned(ProcessInstance.__tablename__, "id")):
        owned.remove(instance_ids)
    return lines


def _of_instances() -> list[_Owned]:
    """Every table of the engine whose rows belong to an instance, with a foreign key or without."""
    query = sa.text("""
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name LIKE 'engine\\_%' AND column_name = 'instance_id'
            AND table_name NOT IN ('engine_history', 'engine_decision_evaluations', 'engine_tasks')
        ORDER BY 1""")
    return [_Owned(name, "instance_id") for name in db.connection().scalars(query)]


def _remove_history(instance_ids: list[uuid.UUID]) -> int:
    """The only place that may: the trigger asks for this setting, and looks at the age of what goes all the same."""
    connection = db.connection()
    connection.execute(sa.text("SELECT set_config('moc.cleaning', 'on', true)"))
    connection.execute(sa.delete(DecisionEvaluation).where(DecisionEvaluation.instance_id.in_(instance_ids)))
    gone = connection.execute(sa.delete(HistoryEntry).where(HistoryEntry.instance_id.in_(instance_ids)))
    connection.execute(sa.text("SELECT set_config('moc.cleaning', 'off', true)"))
    return gone.rowcount
