"""Diagrams on the drawing board: one draft a process, shared by those who design."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from kernel import db


class ProcessDraft(db.IdMixin, db.Base):
    """The working copy of a process between two published versions. Nothing runs on it."""

    __tablename__ = "engine_drafts"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "key"),
        sa.CheckConstraint("version > 0", name="version"),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    xml: orm.Mapped[str] = orm.mapped_column(sa.Text)
    version: orm.Mapped[int]  #: grows with every saving, so that nobody overwrites unseen work
    based_on_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    updated_at: orm.Mapped[dt.datetime] = orm.mapped_column(sa.DateTime(timezone=True))
    updated_by_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.ForeignKey("people.id"))
    updated_by_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
