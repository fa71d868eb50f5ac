"""What changes notices. Telling somebody is part of the transaction that gave the reason."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor
from kernel import clock, db, events
from kernel.ids import new_id
from notices.models import Notice


def notify(
    people: Iterable[uuid.UUID],
    sentence: str,
    *,
    kind: str,
    key: str,
    subject: tuple[str, uuid.UUID],
    organization_id: uuid.UUID,
) -> None:
    """Tells each person once (`key` names the reason); open pages hear of it when the transaction commits."""
    rows = [
        {
            "id": new_id(),
            "organization_id": organization_id,
            "person_id": person_id,
            "at": clock.now(),
            "kind": kind,
            "key": key,
            "sentence": sentence,
            "subject_type": subject[0],
            "subject_id": subject[1],
        }
        for person_id in dict.fromkeys(people)
    ]
    if not rows:
        return
    db.connection().execute(pg.insert(Notice).values(rows).on_conflict_do_nothing())
    events.publish("notices", people=[str(row["person_id"]) for row in rows])


def read_notice(notice_id: uuid.UUID, *, actor: Actor) -> None:
    """Marks one of the actor's own notices as read; anybody else's is left alone."""
    _mark(Notice.id == notice_id, actor)


def read_all_notices(*, actor: Actor) -> None:
    _mark(sa.true(), actor)


def read_notices_about(subject_id: uuid.UUID, *, actor: Actor) -> None:
    """Opening a thing reads what was told about it."""
    _mark(Notice.subject_id == subject_id, actor)


def _mark(which: "sa.ColumnElement[bool]", actor: Actor) -> None:
    db.connection().execute(
        sa.update(Notice)
        .where(which, Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
