"""What changes notices. Telling somebody is part of the transaction that gave the reason."""

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor
from kernel import clock, db, events
from kernel.ids import new_id
from notices.models import Notice

RING = 100  #: people in one message to open pages


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
    told = list(dict.fromkeys(people))
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
        for person_id in told
    ]
    if not rows:
        return
    db.connection().execute(pg.insert(Notice).values(rows).on_conflict_do_nothing())
    _ring(told)


def read_notice(notice_id: uuid.UUID, *, actor: Actor) -> None:
    """Marks one of the actor's own notices as read; anybody else's is left alone."""
    _mark(Notice.id == notice_id, actor)


def read_all_notices(*, actor: Actor) -> None:
    _mark(sa.true(), actor)


def read_notices_about(subject_id: uuid.UUID, *, actor: Actor) -> None:
    """Opening a thing reads what was told about it."""
    _mark(Notice.subject_id == subject_id, actor)


def settle_notices_about(subject_id: uuid.UUID, *, except_person: uuid.UUID | None = None) -> None:
    """The thing is done, or somebody else's: what was told about it needs no reading any more."""
    settled = (
        sa.update(Notice)
        .where(
            Notice.subject_id == subject_id, Notice.read_at.is_(None), Notice.person_id.is_distinct_from(except_person)
        )
        .values(read_at=clock.now())
        .returning(Notice.person_id)
    )
    _ring(list(dict.fromkeys(db.connection().scalars(settled))))


def _ring(people: Sequence[uuid.UUID]) -> None:
    """Tells the open pages of these people, a few at a time: one message holds 8 kB."""
    for start in range(0, len(people), RING):
        events.publish("notices", people=[str(person_id) for person_id in people[start : start + RING]])


def _mark(which: "sa.ColumnElement[bool]", actor: Actor) -> None:
    db.connection().execute(
        sa.update(Notice)
        .where(which, Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
