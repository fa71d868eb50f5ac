"""Readers of notices."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from directory.actors import Actor
from kernel import db
from kernel.errors import NotFound
from notices.models import Notice


def count_unread(actor: Actor) -> int:
    query = sa.select(sa.func.count()).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    return db.session().scalar(query) or 0


def list_notices(actor: Actor, *, limit: int = 50, offset: int = 0) -> Sequence[Notice]:
    """The actor's notices, newest first."""
    query = sa.select(Notice).where(
        Notice.organization_id == actor.organization_id, Notice.person_id == actor.person_id
    )
    return db.session().scalars(query.order_by(Notice.at.desc(), Notice.id.desc()).limit(limit).offset(offset)).all()


def get_notice(notice_id: uuid.UUID, actor: Actor) -> Notice:
    """One of the actor's own notices."""
    notice = db.session().get(Notice, notice_id)
    if notice is None or notice.person_id != actor.person_id:
        raise NotFound
    return notice
