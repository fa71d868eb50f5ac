"""Tables of what is done in a transaction of its own, and of what was asked for with a key."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from kernel import db

Instant = sa.DateTime(timezone=True)

CONTINUE, SIGNAL, MESSAGE = "continue", "signal", "message"


class Job(db.IdMixin, db.Base):
    """Something to do in a transaction of its own. The row is the truth: who has done it deletes it.

    `continue`: the token goes on. `signal`: the token, or (without instance) the start event, receives it. `message`:
    thrown by this token, on its way to a receiver that is looked for.

    No foreign key to the instance: a sender would have to wait for whoever is at work on the receiver.
    """

    __tablename__ = "engine_jobs"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('continue', 'signal', 'message')", name="kind"),
        sa.CheckConstraint("(instance_id IS NULL) = (token IS NULL)", name="owner"),
        sa.Index(
            "ix_engine_jobs_token", "instance_id", "token", unique=True, postgresql_where=sa.text("kind = 'continue'")
        ),
        sa.Index("ix_engine_jobs_due", "due_at", postgresql_where=sa.text("failed_at IS NULL")),
        sa.Index("ix_engine_jobs_instance", "organization_id", "instance_id", "due_at"),
        sa.Index("ix_engine_jobs_messages", "organization_id", "name", postgresql_where=sa.text("kind = 'message'")),
    )

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    definition_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_definitions.id"))
    instance_id: orm.Mapped[uuid.UUID | None]
    token: orm.Mapped[int | None]
    element_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: of the signal or message
    business_key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    variables: orm.Mapped[dict[str, Any] | None] = orm.mapped_column(pg.JSONB(none_as_null=True))  #: tagged
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
    due_at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)  #: not before; a failure moves it on
    queued_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: when it was handed to the queue
    kept_until: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: a message that nobody waits for yet
    retries: orm.Mapped[int | None]  #: how often it may still be tried; None until it has failed: as the diagram says
    error: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: of the last try
    failed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(Instant)  #: an incident tells why; not tried again


class Delivery(db.IdMixin, db.Base):
    """What was asked for with a key, and what came of it: asked again, it is not done again."""

    __tablename__ = "engine_deliveries"
    __table_args__ = (sa.UniqueConstraint("organization_id", "key"), sa.Index("ix_engine_deliveries_at", "at"))

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    operation: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: and its subject: "start:van-ban-den"
    result: orm.Mapped[str] = orm.mapped_column(sa.Text)  #: an id or a number
    at: orm.Mapped[dt.datetime] = orm.mapped_column(Instant)
