"""Tables of the migration of running instances: one row a batch, one an instance of it."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from kernel import db

Instant = sa.DateTime(timezone=True)

RUNNING, FINISHED = "running", "finished"
PENDING, DONE, FAILED, UNDONE = "pending", "done", "failed", "undone"


class MigrationBatch(db.IdMixin, db.Base):
    """Instances of one version on their way to another, by one plan."""

    __tablename__ = "engine_migrations"
    __table_args__ = (
        sa.CheckConstraint("state IN ('running', 'finished')", name="state"),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("total > 0", name="total"),
        sa.Index("ix_engine_migrations_source", "organization_id", "source_id"),
        sa.Index("ix_engine_migrations_target", "organization_id", "target_id"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    source_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    target_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    plan: orm.Mapped[dict[str, Any]] = orm.mapped_column(pg.JSONB)  #: "pairs", "flows": old id -> new id
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    total: orm.Mapped[int]  #: instances
    started_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    started_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    started_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    appointment_id: orm.Mapped[uuid.UUID | None]  #: the office held by who started it
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)


class MigrationItem(db.IdMixin, db.Base):
    """One instance of a batch, with what undoes it."""

    __tablename__ = "engine_migration_items"
    __table_args__ = (
        sa.UniqueConstraint("migration_id", "instance_id"),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed', 'undone')", name="state"),
        sa.CheckConstraint("(state = 'pending') = (at IS NULL)", name="at"),
        sa.CheckConstraint("(state = 'failed') = (reason <> '')", name="reason"),
        sa.CheckConstraint("(snapshot IS NULL) = (after IS NULL)", name="undo"),
        sa.CheckConstraint("(state = 'done') = (snapshot IS NOT NULL)", name="done"),
        sa.Index("ix_engine_migration_items_state", "migration_id", "state"),
        sa.Index("ix_engine_migration_items_instance", "instance_id"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    migration_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_migrations.id", ondelete="CASCADE"))
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id", ondelete="CASCADE"))
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: why it failed
    moves: orm.Mapped[list[dict[str, Any]]] = orm.mapped_column(pg.JSONB)  #: engine.migration.Step as told
    went_on: orm.Mapped[bool]  #: joins were complete, so the process went on: there is no way back
    at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    snapshot: orm.Mapped[bytes | None] = orm.mapped_column(sa.LargeBinary, deferred=True)  #: before
    rows: orm.Mapped[list[dict[str, Any]] | None] = orm.mapped_column(pg.JSONB(none_as_null=True), deferred=True)
    after: orm.Mapped[str | None] = orm.mapped_column(sa.Text)  #: SHA-256 of the snapshot it was given
