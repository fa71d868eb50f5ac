"""Notices in the product: who is told what, and whether it was read."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from kernel import clock, db

Instant = sa.DateTime(timezone=True)


class Notice(db.IdMixin, db.Base):
    """One sentence to one person about one thing. `key` keeps the same notice from being written twice."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "key"),
        sa.Index("ix_notices_person", "organization_id", "person_id", "at"),
        sa.Index("ix_notices_subject", "subject_id"),
        sa.Index("ix_notices_unread", "person_id", postgresql_where=sa.text("read_at IS NULL")),
    )

    organization_id: orm.Mapped[uuid.UUID]
    person_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("people.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant, default=clock.now)
    kind: orm.Mapped[str] = orm.mapped_column(
        sa.Text
    )  #: 'task', 'back', 'consult', 'remind', 'escalate', 'inform', 'incident'
    key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sentence: orm.Mapped[str] = orm.mapped_column(sa.Text)
    subject_type: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: what it is about: 'task', 'document', 'incident'
    subject_id: orm.Mapped[uuid.UUID]
    read_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)
