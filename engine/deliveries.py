"""What was asked for with a key is done once: asked again, it is answered with what came of it the first time.

The key's row is written first, in the transaction of what is asked for. Whoever asks with the same key at the same time
waits for that transaction: it commits, and there is an answer; it is undone, and the other one does the work.
"""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor
from engine.errors import KeyUsed, UnusableKey
from engine.job_models import Delivery
from kernel import clock, db
from kernel.ids import new_id

LONGEST = 255  #: characters of a key
KEPT = dt.timedelta(days=30)
BATCH = 10_000


def begin(key: str, operation: str, *, actor: Actor) -> str | None:
    """None: it has to be done now, and `end` told. Else what came of it. `operation` with its subject, for one key is
    for one thing. Without a key nothing is kept. Raises KeyUsed, UnusableKey."""
    if not key:
        return None
    if len(key) > LONGEST or not key.isprintable():
        raise UnusableKey
    row = {"id": new_id(), "organization_id": actor.organization_id, "key": key, "operation": operation}
    insert = pg.insert(Delivery).values(row | {"result": "", "at": clock.now()}).on_conflict_do_nothing()
    if db.connection().execute(insert.returning(Delivery.id)).first() is not None:
        return None
    earlier = db.connection().execute(sa.select(Delivery.operation, Delivery.result).where(*_is(key, actor))).one()
    if earlier.operation != operation:
        raise KeyUsed
    return str(earlier.result)


def end(key: str, result: object, *, actor: Actor) -> None:
    if key:
        db.connection().execute(sa.update(Delivery).where(*_is(key, actor)).values(result=str(result)))


def forget_old() -> int:
    """Keys that nobody repeats any more; returns how many. Opens its own unit of work."""
    with db.unit_of_work():
        old = sa.select(Delivery.id).where(Delivery.at < clock.now() - KEPT).limit(BATCH)
        return db.connection().execute(sa.delete(Delivery).where(Delivery.id.in_(old))).rowcount


def _is(key: str, actor: Actor) -> "tuple[sa.ColumnElement[bool], ...]":
    return Delivery.organization_id == actor.organization_id, Delivery.key == key
