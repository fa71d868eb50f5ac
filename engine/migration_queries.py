"""Readers of migrations: who could be moved, what batches there are, what became of each instance."""

import dataclasses
import uuid
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from engine.job_models import Job
from engine.migration_errors import MigrationNotFound
from engine.migration_models import DONE, FAILED, PENDING, UNDONE, MigrationBatch, MigrationItem
from engine.models import (
    ACTIVE,
    SUSPENDED,
    ExternalTask,
    ProcessDefinition,
    ProcessInstance,
    Subscription,
    Task,
    Timer,
)
from kernel import db


# --------------------------------------------------------------------------------------------------------- candidates
@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """Which instances of a version. `about`: ids beside those whose business key has the text in it."""

    element_id: str = ""  #: where work waits
    state: str = ""  #: active or suspended; empty is both
    text: str = ""
    about: Collection[uuid.UUID] = ()


def list_candidates(
    organization_id: uuid.UUID, source_id: uuid.UUID, choice: Choice, *, limit: int, offset: int = 0
) -> Sequence[ProcessInstance]:
    """Running instances of the version, and those that call it; the oldest first."""
    query = sa.select(ProcessInstance).where(*_chosen(organization_id, source_id, choice))
    return db.session().scalars(query.order_by(ProcessInstance.id).limit(limit).offset(offset)).all()


def count_candidates(organization_id: uuid.UUID, source_id: uuid.UUID, choice: Choice) -> int:
    query = sa.select(sa.func.count()).select_from(ProcessInstance)
    return db.session().scalar(query.where(*_chosen(organization_id, source_id, choice))) or 0


def candidate_ids(organization_id: uuid.UUID, source_id: uuid.UUID, choice: Choice) -> Sequence[uuid.UUID]:
    query = sa.select(ProcessInstance.id).where(*_chosen(organization_id, source_id, choice))
    return db.session().scalars(query.order_by(ProcessInstance.id)).all()


def _chosen(organization_id: uuid.UUID, source_id: uuid.UUID, choice: Choice) -> list[Any]:
    table = ProcessInstance
    states = [choice.state] if choice.state in (ACTIVE, SUSPENDED) else [ACTIVE, SUSPENDED]
    found: list[Any] = [table.organization_id == organization_id, table.state.in_(states)]
    if choice.element_id:
        found.append(table.id.in_(_with_rows(organization_id, source_id, choice.element_id)))
    else:
        calling = table.id.in_(_with_rows(organization_id, source_id, None))
        found.append(sa.or_(table.definition_id == source_id, calling))
    if choice.text or choice.about:
        alike = table.business_key.icontains(choice.text, autoescape=True) if choice.text else sa.false()
        found.append(sa.or_(alike, table.id.in_(list(choice.about))))
    return found


def _with_rows(organization_id: uuid.UUID, source_id: uuid.UUID, element_id: str | None) -> Any:
    """Instances, also callers, in which something of this version waits."""
    return sa.union_all(
        *(
            sa.select(table.instance_id).where(
                table.organization_id == organization_id,
                table.definition_id == source_id,
                table.instance_id.is_not(None),
                *([table.state.in_(("ready", "failed"))] if hasattr(table, "state") else []),
                *([] if element_id is None else [table.element_id == element_id]),
            )
            for table in (Task, ExternalTask, Timer, Subscription, Job)
        )
    )


class Standing(NamedTuple):
    """A version and how many instances, running or suspended, follow it."""

    key: str
    name: str
    version: int
    running: int


def list_backlog(organization_id: uuid.UUID) -> dict[str, list[Standing]]:
    """Process key -> its versions, the newest first; two questions whatever their number."""
    table = ProcessInstance
    counted = (
        sa.select(table.definition_id, sa.func.count())
        .where(table.organization_id == organization_id, table.state.in_([ACTIVE, SUSPENDED]))
        .group_by(table.definition_id)
    )
    running = {row[0]: row[1] for row in db.connection().execute(counted)}
    columns = (ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.name, ProcessDefinition.version)
    versions = sa.select(*columns).where(ProcessDefinition.organization_id == organization_id)
    found: dict[str, list[Standing]] = {}
    for row in db.connection().execute(versions.order_by(ProcessDefinition.key, ProcessDefinition.version.desc())):
        found.setdefault(row.key, []).append(Standing(row.key, row.name, row.version, running.get(row.id, 0)))
    return found


# ------------------------------------------------------------------------------------------------------------ batches
@dataclasses.dataclass(frozen=True, kw_only=True)
class Progress:
    """How many instances of a batch are how far."""

    total: int
    pending: int
    done: int
    failed: int
    undone: int

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.pending) // self.total


@dataclasses.dataclass(frozen=True, kw_only=True)
class BatchView:
    """A batch with its versions and how far it is."""

    batch: MigrationBatch
    source: ProcessDefinition
    target: ProcessDefinition
    progress: Progress


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemView:
    """An instance of a batch. `stays`: why it cannot be taken back; empty when it can."""

    item: MigrationItem
    instance: ProcessInstance
    stays: str


def get_batch(organization_id: uuid.UUID, migration_id: uuid.UUID) -> BatchView:
    """Raises MigrationNotFound."""
    batch = db.session().get(MigrationBatch, migration_id, populate_existing=True)
    if batch is None or batch.organization_id != organization_id:
        raise MigrationNotFound
    return _views([batch])[0]


def list_batches(organization_id: uuid.UUID, key: str, *, limit: int = 20) -> list[BatchView]:
    """Of one process, the newest first."""
    query = (
        sa.select(MigrationBatch)
        .join(ProcessDefinition, ProcessDefinition.id == MigrationBatch.source_id)
        .where(MigrationBatch.organization_id == organization_id, ProcessDefinition.key == key)
        .order_by(MigrationBatch.id.desc())
        .limit(limit)
    )
    return _views(db.session().scalars(query).all())


def _views(batches: Sequence[MigrationBatch]) -> list[BatchView]:
    ends = {one for batch in batches for one in (batch.source_id, batch.target_id)}
    definitions = sa.select(ProcessDefinition).where(ProcessDefinition.id.in_(ends))
    known = {one.id: one for one in db.session().scalars(definitions)}
    counts = _counts([batch.id for batch in batches])
    return [
        BatchView(
            batch=batch,
            source=known[batch.source_id],
            target=known[batch.target_id],
            progress=Progress(
                total=batch.total,
                **{state: counts.get((batch.id, state), 0) for state in (PENDING, DONE, FAILED, UNDONE)},
            ),
        )
        for batch in batches
    ]


def _counts(migration_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, str], int]:
    query = sa.select(MigrationItem.migration_id, MigrationItem.state, sa.func.count())
    query = query.where(MigrationItem.migration_id.in_(migration_ids))
    rows = db.session().execute(query.group_by(MigrationItem.migration_id, MigrationItem.state))
    return {(row[0], row[1]): row[2] for row in rows}


def list_items(migration_id: uuid.UUID, *, state: str = "", limit: int = 100, offset: int = 0) -> list[ItemView]:
    """In the order of the batch; those that failed first when no state is asked for."""
    now = sa.func.encode(sa.func.sha256(ProcessInstance.snapshot), "hex")
    query = sa.select(MigrationItem, ProcessInstance, now).join(
        ProcessInstance, ProcessInstance.id == MigrationItem.instance_id
    )
    query = query.where(MigrationItem.migration_id == migration_id)
    if state:
        query = query.where(MigrationItem.state == state)
    query = query.order_by((MigrationItem.state != FAILED), MigrationItem.id).limit(limit).offset(offset)
    return [
        ItemView(item=item, instance=instance, stays=undo_refusal(item, over=instance.ended_at is not None, now=digest))
        for item, instance, digest in db.session().execute(query.execution_options(populate_existing=True))
    ]


def undo_refusal(item: MigrationItem, *, over: bool, now: str) -> str:
    """Why an instance cannot be given back what it was; empty when it can. The same for the button and the verb.
    `now`: digest of its snapshot."""
    if item.state == UNDONE:
        return "hồ sơ này đã được hoàn tác."
    if item.state != DONE:
        return "hồ sơ này chưa được chuyển."
    if item.went_on:
        return "khi chuyển, hồ sơ đã đi tiếp ngay nên không còn đường lui."
    if over:
        return "hồ sơ đã kết thúc."
    return "" if now == item.after else "hồ sơ đã đi tiếp hoặc đã đổi sau khi chuyển."
