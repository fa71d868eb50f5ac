"""Table of what waits until a suspended process goes on."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from kernel import db


class HeldSignal(db.IdMixin, db.Base):
    """A signal that a suspended process waited for; it gets it when it goes on."""

    __tablename__ = "engine_held_signals"
    __table_args__ = (sa.Index("ix_engine_held_signals_instance", "instance_id"),)

    organization_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("organizations.id"))
    instance_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("engine_instances.id", ondelete="CASCADE"))
    token: orm.Mapped[int]
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    variables: orm.Mapped[dict[str, Any]] = orm.mapped_column(pg.JSONB)  #: tagged
    at: orm.Mapped[dt.datetime] = orm.mapped_column(sa.DateTime(timezone=True))
