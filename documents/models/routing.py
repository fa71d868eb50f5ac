"""What people said about a document and who is to do what with it."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from directory.models import OrgUnit, Person
from kernel import clock, db

Instant = sa.DateTime(timezone=True)
KINDS = (
    "'proposal', 'direction', 'assignment', 'support', 'approval', 'layout', 'signature', 'return', 'result', 'comment'"
)


class Opinion(db.IdMixin, db.Base):
    """Ý kiến: who said what, in which office, about which version; never changed."""

    __tablename__ = "opinions"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        sa.Index("ix_opinions_document", "document_id", "at"),
        # one act leaves one opinion, though a listener and a service task may both tell of it
        sa.Index("uq_opinions_task", "task_id", unique=True, postgresql_where=sa.text("task_id IS NOT NULL")),
    )

    organization_id: orm.Mapped[uuid.UUID]
    document_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    task_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("engine_tasks.id"))
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    author_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    author_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    author_title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    author_unit: orm.Mapped[str] = orm.mapped_column(sa.Text)
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    version: orm.Mapped[int | None]
    version_hash: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))


class Directive(db.IdMixin, db.Base):
    """Bút phê: a leader's direction. A new one supersedes it, it stays visible (NĐ 30/2020 Điều 23)."""

    __tablename__ = "directives"
    __table_args__ = (
        sa.Index(
            "uq_directives_current", "document_id", unique=True, postgresql_where=sa.text("superseded_at IS NULL")
        ),
        sa.Index("ix_directives_document", "document_id"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    document_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    author_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    author_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    author_title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)
    due_date: orm.Mapped[dt.date | None]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    superseded_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)

    receipts: orm.Mapped[list["Receipt"]] = orm.relationship(back_populates="directive", order_by="Receipt.ordinal")


class Receipt(db.IdMixin, db.Base):
    """One unit's part in a direction: chủ trì, phối hợp or để biết; its state is its own."""

    __tablename__ = "receipts"
    __table_args__ = (
        sa.UniqueConstraint("directive_id", "unit_id"),
        sa.Index("uq_receipts_lead", "directive_id", unique=True, postgresql_where=sa.text("role = 'lead'")),
        sa.CheckConstraint("role IN ('lead', 'support', 'inform')", name="role"),
        sa.CheckConstraint("state IN ('waiting', 'in_progress', 'done', 'read')", name="state"),
        sa.Index("ix_receipts_document", "document_id"),
        sa.Index("ix_receipts_unit", "organization_id", "unit_id", "state"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    directive_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("directives.id"))
    document_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    ordinal: orm.Mapped[int]
    role: orm.Mapped[str] = orm.mapped_column(sa.Text)
    unit_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("org_units.id"))
    person_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    deadline: orm.Mapped[dt.date | None]
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, default="waiting")
    done_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)

    directive: orm.Mapped[Directive] = orm.relationship(back_populates="receipts")
    unit: orm.Mapped[OrgUnit] = orm.relationship()
    person: orm.Mapped[Person | None] = orm.relationship()
