"""What changes notices. Telling somebody is part of the transaction that gave the reason."""

import dataclasses
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from directory.actors import Actor
from kernel import clock, db, events
from kernel.ids import new_id
from kernel.statements import Statement
from notices.models import Notice

RING = 100  #: people in one message to open pages

_FOLLOW = Statement(
    """
WITH settled AS (
    UPDATE notices SET read_at = %(now)s::timestamptz
    WHERE subject_id = ANY(%(ended)s::uuid[]) AND read_at IS NULL RETURNING person_id),
told AS (
    INSERT INTO notices (id, organization_id, person_id, at, kind, key, sentence, subject_type, subject_id)
    SELECT o.id, o.organization_id, o.person_id, %(now)s::timestamptz, o.kind, o.key, o.sentence, o.subject_type,
        o.subject_id
    FROM json_to_recordset(%(rows)s::json) AS o(id uuid, organization_id uuid, person_id uuid, kind text, key text,
        sentence text, subject_type text, subject_id uuid)
    ON CONFLICT DO NOTHING RETURNING person_id)
SELECT person_id FROM settled UNION SELECT person_id FROM told"""
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class News:
    """A sentence for some people about one thing; `key` names the reason, so nobody is told twice."""

    people: Iterable[uuid.UUID]
    sentence: str
    kind: str
    key: str
    subject: tuple[str, uuid.UUID]
    organization_id: uuid.UUID


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
    news = News(people=people, sentence=sentence, kind=kind, key=key, subject=subject, organization_id=organization_id)
    follow(ended=[], news=[news])


def follow(*, ended: Sequence[uuid.UUID], news: Iterable[News]) -> None:
    """Settles what was told about the subjects that have ended and tells the news, in one statement or none."""
    rows = [row for item in news for row in _rows(item)]
    if not rows and not ended:
        return
    told = {"now": clock.now(), "ended": list(ended), "rows": orjson.dumps(rows).decode()}
    _ring([person_id for (person_id,) in db.run(_FOLLOW, told)])


def _rows(news: News) -> Iterator[dict[str, Any]]:
    for person_id in dict.fromkeys(news.people):
        yield {
            "id": new_id(),
            "organization_id": news.organization_id,
            "person_id": person_id,
            "kind": news.kind,
            "key": news.key,
            "sentence": news.sentence,
            "subject_type": news.subject[0],
            "subject_id": news.subject[1],
        }


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
