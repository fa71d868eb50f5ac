"""What a request leaves behind for transactions of their own: tokens that wait for a job, signals, messages.

A job is a row of engine_jobs, written with the cause of it, and an entry in the queue that names the row, so that a
worker takes it within milliseconds. The entry may be lost or come twice: the row is the truth (engine.operations.jobs).
"""

import contextlib
import contextvars
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.bpmn import events
from engine.bpmn.events import Thrown
from engine.job_models import MESSAGE, SIGNAL, Job
from engine.models import Subscription
from kernel import clock, db, jobs
from kernel.ids import new_id

WORK = "engine.work"  #: the queue's name of it

Entry = tuple[uuid.UUID, uuid.UUID | None]  #: a job, and the instance that it works on, if that is known

_at_work_on: contextvars.ContextVar[uuid.UUID | None] = contextvars.ContextVar("at_work_on", default=None)


def send(
    organization_id: uuid.UUID, instance_id: uuid.UUID, going_on: Sequence[uuid.UUID], thrown: Sequence[Thrown]
) -> None:
    """Queues the jobs of tokens (`going_on`, whose rows are written), and writes and queues what was thrown. One
    statement for all tokens, two more when something was thrown, one for each signal."""
    queued: list[Entry] = [(job_id, instance_id) for job_id in going_on]
    rows = [_message(organization_id, instance_id, one) for one in thrown if one.kind == events.MESSAGE]
    for one in thrown:
        if one.kind == events.SIGNAL:
            rows += signals(organization_id, one.name, one.variables, besides=instance_id)
    queue(queued + insert(rows))


def signals(
    organization_id: uuid.UUID,
    name: str,
    variables: Mapping[str, Any],
    *,
    besides: uuid.UUID | None = None,
) -> list[dict[str, Any]]:
    """The rows of a signal for each that waits for it now. `besides`: the instance that has thrown it; what waited
    there has got it already."""
    query = sa.select(Subscription).where(
        Subscription.organization_id == organization_id, Subscription.kind == SIGNAL, Subscription.name == name
    )
    found = db.session().scalars(query.order_by(Subscription.instance_id, Subscription.id))
    plain = values.plain(dict(variables))
    return [
        _row(organization_id, SIGNAL, name, plain)
        | {"definition_id": waiting.definition_id, "element_id": waiting.element_id}
        | {"instance_id": waiting.instance_id, "token": waiting.token}
        for waiting in found
        if besides is None or waiting.instance_id != besides
    ]


def _message(organization_id: uuid.UUID, instance_id: uuid.UUID, thrown: Thrown) -> dict[str, Any]:
    return _row(organization_id, MESSAGE, thrown.name, values.plain(dict(thrown.variables))) | {
        "definition_id": uuid.UUID(thrown.definition),
        "element_id": thrown.element_id,
        "instance_id": instance_id,
        "token": thrown.token,
        "business_key": thrown.business_key,
    }


def _row(organization_id: uuid.UUID, kind: str, name: str, variables: Any) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": new_id(),
        "organization_id": organization_id,
        "kind": kind,
        "name": name,
        "business_key": "",
        "variables": variables,
        "created_at": now,
        "due_at": now,
        "queued_at": now,
        "error": "",
    }


def insert(rows: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Writes them; returns what `queue` wants."""
    if rows:
        db.connection().execute(sa.insert(Job), list(rows))
    return [(row["id"], None if row["kind"] == MESSAGE else row["instance_id"]) for row in rows]


def queue(told: Iterable[Entry]) -> None:
    """One entry for each instance that has jobs, for a worker works them off one after the other; one for each job that
    looks for its instance first."""
    here = _at_work_on.get()
    entries = {
        ("job_id", job_id) if instance_id is None else ("instance_id", instance_id)
        for job_id, instance_id in told
        if instance_id is None or instance_id != here
    }
    jobs.defer_all(WORK, [{name: str(value)} for name, value in sorted(entries)])


@contextlib.contextmanager
def at_work_on(instance_id: uuid.UUID) -> Iterator[None]:
    """Inside, jobs of this instance need no entry: whoever is at work on it looks for more afterwards."""
    token = _at_work_on.set(instance_id)
    try:
        yield
    finally:
        _at_work_on.reset(token)
