"""To whom a document is sent, and which kinds are exchanged without paper."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from kernel import db

Instant = sa.DateTime(timezone=True)


class Recipient(db.IdMixin, db.Base):
    """Nơi nhận: one line of dispatch, by one channel."""

    __tablename__ = "recipients"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "ordinal", "channel"),
        sa.CheckConstraint("channel IN ('axis', 'internal', 'email', 'paper')", name="channel"),
        sa.CheckConstraint("state IN ('to_send', 'sent', 'received', 'returned')", name="state"),
        sa.CheckConstraint("copies >= 0", name="copies"),
    )

    organization_id: orm.Mapped[uuid.UUID]
    document_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("documents.id"))
    ordinal: orm.Mapped[int]
    name: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    organ_id: orm.Mapped[str] = orm.mapped_column(sa.String(35), default="")
    channel: orm.Mapped[str] = orm.mapped_column(sa.Text)
    copies: orm.Mapped[int] = orm.mapped_column(default=0)  #: on paper
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, default="to_send")
    sent_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)


class ExchangeRule(db.IdMixin, db.Base):
    """Điều 6: what is exchanged only electronically (a kind, or any kind for a purpose), from when, by which text."""

    __tablename__ = "exchange_rules"
    __table_args__ = (
        sa.UniqueConstraint("kind_code", "purpose", "scope", "valid_from"),
        sa.CheckConstraint("(kind_code IS NULL) <> (purpose = '')", name="kind_or_purpose"),
        sa.CheckConstraint("scope IN ('INTERNAL', 'BETWEEN')", name="scope"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="valid"),
    )

    kind_code: orm.Mapped[str | None] = orm.mapped_column(sa.ForeignKey("document_kinds.code"))
    purpose: orm.Mapped[str] = orm.mapped_column(sa.Text, default="")  #: states.PURPOSES
    scope: orm.Mapped[str] = orm.mapped_column(sa.Text)
    valid_from: orm.Mapped[dt.date]
    valid_until: orm.Mapped[dt.date | None]
    legal_ref: orm.Mapped[str] = orm.mapped_column(sa.Text)
