"""Verbs that move running instances to another version of their process, and back.

A batch is rows: one transaction an instance, under its lock, in a job that goes on where a killed one stopped.
"""

import dataclasses
import logging
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import migration_rows, queries, store
from engine.bpmn.migrating import Guide
from engine.migration import Plan, Step, guide_of, require_migrator, steps_of
from engine.migration_errors import CannotMigrate, CannotUndo, MigrationNotFound, NothingToMigrate
from engine.migration_models import DONE, FAILED, FINISHED, PENDING, RUNNING, UNDONE, MigrationBatch, MigrationItem
from engine.migration_queries import Choice, candidate_ids, undo_refusal
from engine.models import ProcessInstance
from engine.operations import taking_over
from engine.runtime import Run
from kernel import audit, clock, db, events, jobs
from kernel.errors import DomainError
from kernel.ids import new_id

log = logging.getLogger(__name__)

TOPIC = "migrations"  #: of live updates
TELL_EVERY = 1.0  #: seconds between two of them


# --------------------------------------------------------------------------------------------------------- the dry run
@dataclasses.dataclass(frozen=True, kw_only=True)
class Trial:
    """What would become of one instance; with `reasons` it would stay where it is."""

    instance_id: uuid.UUID
    steps: Sequence[Step]
    reasons: Sequence[str]


def try_plan(plan: Plan, instance_ids: Collection[uuid.UUID], *, actor: Actor) -> list[Trial]:
    """On copies; writes nothing, runs nothing. Raises NotMigrator, UnusablePlan; instances of others are left out."""
    require_migrator(actor)
    guide = guide_of(plan, actor)
    return [_try(row, guide, actor) for row in _instances(instance_ids, actor)]


def _instances(instance_ids: Collection[uuid.UUID], actor: Actor) -> Sequence[Any]:
    table = ProcessInstance
    query = sa.select(table.id, table.state, table.snapshot).where(
        table.id.in_(list(instance_ids)), table.organization_id == actor.organization_id
    )
    return db.connection().execute(query.order_by(table.id)).all()


def _try(row: Any, guide: Guide, actor: Actor) -> Trial:
    run = Run(organization_id=actor.organization_id, instance_id=row.id, actor=actor)
    try:
        migrated = taking_over.begin(run, row.snapshot, row.state, guide)
        migration_rows.offers(run, taking_over.elements_of(migrated))
    except CannotMigrate as refused:
        return Trial(instance_id=row.id, steps=(), reasons=refused.reasons)
    except DomainError as refused:
        return Trial(instance_id=row.id, steps=(), reasons=[refused.sentence])
    return Trial(instance_id=row.id, steps=steps_of(migrated), reasons=())


# ----------------------------------------------------------------------------------------------------------- the batch
def start_migration(plan: Plan, chosen: Collection[uuid.UUID] | Choice, *, actor: Actor) -> MigrationBatch:
    """Writes the batch down and defers the job that works it off. `chosen`: instances, or which ones of the version.
    Raises NotMigrator, UnusablePlan, NothingToMigrate."""
    require_migrator(actor)
    guide_of(plan, actor)
    wanted = _wanted(plan, chosen, actor)
    if not wanted:
        raise NothingToMigrate
    batch = _add_batch(plan, len(wanted), actor)
    common = {"organization_id": actor.organization_id, "migration_id": batch.id, "state": PENDING, "reason": ""}
    rows = [common | {"id": new_id(), "instance_id": one, "moves": [], "went_on": False} for one in wanted]
    db.connection().execute(sa.insert(MigrationItem), rows)
    told = {"source": plan.source_id, "target": plan.target_id, "instances": len(wanted)}
    audit.record(actor, "migration:start", "migration", batch.id, **told, plan=plan.told())
    jobs.defer("engine.migrate_instances", migration_id=str(batch.id))
    return batch


def _wanted(plan: Plan, chosen: Collection[uuid.UUID] | Choice, actor: Actor) -> Sequence[uuid.UUID]:
    """Of the actor's own organisation, in the order in which everybody locks who takes several."""
    if isinstance(chosen, Choice):
        return candidate_ids(actor.organization_id, plan.source_id, chosen)
    query = sa.select(ProcessInstance.id).where(
        ProcessInstance.id.in_(list(chosen)), ProcessInstance.organization_id == actor.organization_id
    )
    return db.connection().scalars(query.order_by(ProcessInstance.id)).all()


def _add_batch(plan: Plan, total: int, actor: Actor) -> MigrationBatch:
    batch = MigrationBatch(
        organization_id=actor.organization_id,
        source_id=plan.source_id,
        target_id=plan.target_id,
        plan=plan.told(),
        state=RUNNING,
        total=total,
        started_at=clock.now(),
        started_by_id=actor.person_id,
        started_by_name=actor.name,
        appointment_id=actor.appointment_id,
    )
    db.session().add(batch)
    db.session().flush()
    return batch


def work_off(migration_id: uuid.UUID) -> None:
    """The job: opens its units of work itself, one an instance. Killed, it is run again and finds what is pending."""
    with db.reading():
        batch = db.session().get(MigrationBatch, migration_id)
    if batch is None or batch.state != RUNNING:
        return
    actor = _starter(batch)
    with db.reading():
        guide = guide_of(plan_of(batch), actor)
        told = _told(batch)
    told_at = time.monotonic()
    while (item_id := _next(migration_id)) is not None:
        _work_on(item_id, guide, told, actor)
        if time.monotonic() - told_at > TELL_EVERY:
            told_at = time.monotonic()
            with db.unit_of_work():
                _tell_pages(migration_id)
    with db.unit_of_work():
        _finish(migration_id)


def plan_of(batch: MigrationBatch) -> Plan:
    told: Mapping[str, Any] = batch.plan
    return Plan(source_id=batch.source_id, target_id=batch.target_id, pairs=told["pairs"], flows=told["flows"])


def _starter(batch: MigrationBatch) -> Actor:
    """Who began it is who does it: they were asked then whether they may."""
    return Actor(
        organization_id=batch.organization_id,
        person_id=batch.started_by_id,
        appointment_id=batch.appointment_id,
        name=batch.started_by_name,
    )


def _next(migration_id: uuid.UUID) -> uuid.UUID | None:
    query = sa.select(MigrationItem.id).where(
        MigrationItem.migration_id == migration_id, MigrationItem.state == PENDING
    )
    with db.reading():
        found: uuid.UUID | None = db.connection().scalar(query.order_by(MigrationItem.id).limit(1))
    return found


def _work_on(item_id: uuid.UUID, guide: Guide, told: Mapping[str, Any], actor: Actor) -> None:
    """A refusal is written down and does not keep the others; so is a fault, which the log tells in full."""
    try:
        with db.unit_of_work():
            item = _lock_item(item_id)
            if item.state == PENDING:
                _migrate(item, guide, told, actor)
        return
    except CannotMigrate as refused:
        reason = " ".join(refused.reasons)
    except DomainError as refused:
        reason = refused.sentence
    except sa.exc.OperationalError:
        raise  # the database is away: the job is tried again
    except Exception as fault:
        log.exception("instance of migration item %s", item_id)
        reason = f"Lỗi hệ thống: {type(fault).__name__}."
    with db.unit_of_work():
        _fail(item_id, reason)


def _lock_item(item_id: uuid.UUID) -> MigrationItem:
    item = db.session().get(MigrationItem, item_id, with_for_update=True, populate_existing=True)
    if item is None:
        raise MigrationNotFound
    return item


def _fail(item_id: uuid.UUID, reason: str) -> None:
    item = _lock_item(item_id)
    if item.state == PENDING:
        item.state, item.reason, item.at = FAILED, reason, clock.now()


def _tell_pages(migration_id: uuid.UUID) -> None:
    events.publish(TOPIC, migration=migration_id)


def _finish(migration_id: uuid.UUID) -> None:
    ended = sa.update(MigrationBatch).where(MigrationBatch.id == migration_id, MigrationBatch.state == RUNNING)
    db.connection().execute(ended.values(state=FINISHED, ended_at=clock.now()))
    _tell_pages(migration_id)


def _migrate(item: MigrationItem, guide: Guide, told: Mapping[str, Any], actor: Actor) -> None:
    locked = store.lock_instance(item.instance_id)
    migrated, undo = taking_over.migrate(locked, guide, told=told, actor=actor)
    item.snapshot, item.rows, item.after, item.went_on = undo.snapshot, undo.rows, undo.after, undo.went_on
    item.moves = [dataclasses.asdict(step) for step in steps_of(migrated)]
    item.state, item.at = DONE, clock.now()
    db.session().flush()


def _told(batch: MigrationBatch, *, back: bool = False) -> dict[str, Any]:
    old, new = (queries.get_definition(one).version for one in (batch.source_id, batch.target_id))
    sentence = f"Hoàn tác: từ bản {new} trở lại bản {old}." if back else f"Từ bản {old} sang bản {new}."
    return {"migration": str(batch.id), "reason": sentence}


# --------------------------------------------------------------------------------------------------------------- undo
def undo_migrated(migration_id: uuid.UUID, instance_id: uuid.UUID, *, actor: Actor) -> None:
    """Gives an instance back what it was before, while it has not moved since.

    Raises NotMigrator, MigrationNotFound, CannotUndo.
    """
    require_migrator(actor)
    batch, item = _lock_done(migration_id, instance_id, actor)
    locked = store.lock_instance(instance_id)
    refusal = undo_refusal(item, over=locked.is_over, now=taking_over.digest(locked.snapshot))
    if refusal or item.snapshot is None:
        raise CannotUndo(reason=refusal)
    guide = guide_of(plan_of(batch), actor)
    taking_over.give_back(locked, item.snapshot, item.rows or [], guide, told=_told(batch, back=True), actor=actor)
    item.state, item.snapshot, item.rows, item.after, item.at = UNDONE, None, None, None, clock.now()
    db.session().flush()
    _tell_pages(migration_id)


def _lock_done(migration_id: uuid.UUID, instance_id: uuid.UUID, actor: Actor) -> tuple[MigrationBatch, MigrationItem]:
    query = sa.select(MigrationItem).where(
        MigrationItem.migration_id == migration_id,
        MigrationItem.instance_id == instance_id,
        MigrationItem.organization_id == actor.organization_id,
    )
    item = db.session().scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    batch = db.session().get(MigrationBatch, migration_id)
    if item is None or batch is None:
        raise MigrationNotFound
    return batch, item
