"""Who is behind a session, asked at every request: one statement, and the office is read again only when the directory
has changed since."""

import dataclasses
import datetime as dt
import functools
import hashlib
import uuid

from directory import queries, stamps
from directory.actors import Actor
from directory.errors import AppointmentNotHeld
from kernel import clock, db
from kernel.statements import Statement

_FIND = Statement(
    "SELECT s.person_id, s.appointment_id, p.must_change_password, (SELECT stamp FROM directory_stamp) "
    "FROM user_sessions s JOIN people p ON p.id = s.person_id "
    "WHERE s.token_hash = %(hash)s AND s.ended_at IS NULL AND s.expires_at > %(now)s AND p.active"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Presence:
    """A person who is signed in, in the office they act in."""

    person_id: uuid.UUID
    actor: Actor
    must_change_password: bool


def find(token: str) -> Presence | None:
    """None when the session is unknown, has ended, or its person works here no more."""
    told = {"hash": hashlib.sha256(token.encode()).hexdigest(), "now": clock.now()}
    rows = db.run(_FIND, told) if token else []
    if not rows:
        return None
    person_id, appointment_id, must_change_password, stamp = rows[0]
    stamps.note(stamp)
    actor = _actor(person_id, appointment_id, stamp, clock.today())
    return Presence(person_id=person_id, actor=actor, must_change_password=must_change_password)


@functools.lru_cache(maxsize=4096)
def _actor(person_id: uuid.UUID, appointment_id: uuid.UUID | None, stamp: uuid.UUID, day: dt.date) -> Actor:
    """`stamp` and `day`: offices are held for a time, and whatever changes in the directory renews the stamp."""
    try:
        return queries.get_actor(person_id, appointment_id)
    except AppointmentNotHeld:  # the office chosen for this browser has ended since
        return queries.get_actor(person_id)
