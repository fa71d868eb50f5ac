"""What people do with a task beside completing it: questions to colleagues, and what undoes a completion."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

import engine.models  # noqa: F401 - both point at tasks
from kernel import db

Instant = sa.DateTime(timezone=True)


class Consultation(db.IdMixin, db.Base):
    """One question to one person beside a task. It is open while its task is and nobody has answered or taken it
    back; so a task that ends has nothing to close."""

    __tablename__ = "engine_consultations"
    __table_args__ = (
        sa.CheckConstraint("answered_at IS NULL OR withdrawn_at IS NULL", name="end"),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer"),
        sa.Index("ix_engine_consultations_task", "task_id"),
        sa.Index(
            "ix_engine_consultations_person",
            "organization_id",
            "person_id",
            postgresql_where=sa.text("answered_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    task_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_tasks.id"))
    asker_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    asker_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    person_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("people.id"))
    person_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    question: orm.Mapped[str] = orm.mapped_column(sa.Text)
    asked_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    answer: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")
    answered_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    withdrawn_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)

    @property
    def pending(self) -> bool:
        """Of an open task."""
        return self.answered_at is None and self.withdrawn_at is None


class Rewind(db.Base):
    """The state before a completion that its doer may take back. `numbers_before` < token <= `numbers_after`: made by
    that completion."""

    __tablename__ = "engine_rewinds"
    __table_args__ = (
        sa.Index("ix_engine_rewinds_instance", "instance_id"),
        sa.Index("ix_engine_rewinds_person", "organization_id", "person_id", "at"),
    )

    task_id: orm.Mapped[uuid.UUID] = orm.mapped_column(
        sa.ForeignKey("engine_tasks.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: orm.Mapped[uuid.UUID]
    person_id: orm.Mapped[uuid.UUID | None]  #: who completed the task
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id"))
    version: orm.Mapped[int]  #: of the instance after the completion
    numbers_before: orm.Mapped[int]
    numbers_after: orm.Mapped[int]
    following: orm.Mapped[list[int]] = orm.mapped_column(sa.ARRAY(sa.Integer))  #: what waited after it, of what it made
    alone: orm.Mapped[bool]  #: it touched no token that was there before but its own
    snapshot: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
