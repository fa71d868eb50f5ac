"""Deadlines of people: one row for a task that has one, one for each reminder or escalation that is still to come."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

import engine.models  # noqa: F401 - deadlines point at tasks
from kernel import clock, db

Instant = sa.DateTime(timezone=True)


class TaskDeadline(db.IdMixin, db.Base):
    """By when a task is to be done. `ended_at` stands when the task ended, in time or not."""

    __tablename__ = "task_deadlines"
    __table_args__ = (
        sa.UniqueConstraint("task_id"),
        sa.Index("ix_task_deadlines_due", "organization_id", "due_at", postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_task_deadlines_unit", "organization_id", "unit_id", postgresql_where=sa.text("ended_at IS NULL")),
    )

    organization_id: orm.Mapped[uuid.UUID]
    task_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_tasks.id", ondelete="CASCADE"))
    unit_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("org_units.id"))  #: whose work it is
    due_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    escalate_to: orm.Mapped[str | None] = orm.mapped_column(sa.Text)  #: candidate groups told when it is missed
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
    left_seconds: orm.Mapped[int | None]  #: working time left when the task was returned and its clock waits for it


class DeadlineAlert(db.IdMixin, db.Base):
    """A reminder before, or an escalation after, a deadline; claimed and fired once by whichever ticker is first."""

    __tablename__ = "deadline_alerts"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('remind', 'escalate')", name="kind"),
        sa.Index("ix_deadline_alerts_due", "at", postgresql_where=sa.text("fired_at IS NULL")),
        sa.Index("ix_deadline_alerts_deadline", "deadline_id"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    deadline_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("task_deadlines.id", ondelete="CASCADE"))
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    fired_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)

    deadline: orm.Mapped[TaskDeadline] = orm.relationship()


class TaskReminder(db.IdMixin, db.Base):
    """Đôn đốc: a manager reminded those who hold a task; never changed."""

    __tablename__ = "task_reminders"
    __table_args__ = (sa.Index("ix_task_reminders_task", "task_id", "at"),)

    organization_id: orm.Mapped[uuid.UUID]
    task_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_tasks.id", ondelete="CASCADE"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
