"""Timers that are due: fired one by one, each in a unit of work of its own, by any number of workers.

A worker looks at the timers that are due longest without taking them, chooses some by chance so that two of them seldom
want the same one, and takes each together with its instance, passing over what somebody else holds. So nobody waits for
a worker longer than for one timer, none is fired twice, and a killed worker leaves nothing to be cleared up.
"""

import datetime as dt
import logging
import random
import time
import uuid
from typing import Any

from directory import actors
from engine import queries, specs, starting, taking
from engine.errors import TaskNotReady
from engine.models import ACTIVE, Timer
from engine.operations import advancing
from engine.operations.incidents import note_failure
from engine.operations.instances import start_definition
from engine.store import Locked
from kernel import audit, clock, db
from kernel.statements import Statement

log = logging.getLogger(__name__)

LASTS = 3.0  #: seconds after which a beat of the ticker ends although more is due
SEEN, CHOSEN = 400, 100  #: timers looked at, and of them fired before looking again

_DUE = Statement("""
SELECT t.id, t.instance_id FROM engine_timers t
LEFT JOIN engine_instances i ON i.id = t.instance_id
LEFT JOIN engine_definitions d ON d.id = t.definition_id AND t.instance_id IS NULL
WHERE t.failed_at IS NULL AND t.due_at <= %(now)s::timestamptz AND (t.retry_at IS NULL OR t.retry_at <= %(now)s)
    AND i.state IS DISTINCT FROM 'suspended' AND d.suspended_at IS NULL
ORDER BY t.due_at LIMIT %(limit)s::int
""")


def fire_due_timers() -> int:
    """Returns how many have fired. One that fails is tried again as its element says; then an incident tells why."""
    fired, until = 0, time.monotonic() + LASTS
    while True:
        due = _due()
        now_fired = sum(_fire(timer_id, instance_id) for timer_id, instance_id in due)
        fired += now_fired
        if not now_fired or len(due) < CHOSEN or time.monotonic() > until:
            return fired


def _due() -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """Some of those that are due longest, the earliest first."""
    with db.unit_of_work():
        found: list[Any] = db.run(_DUE, {"now": clock.now(), "limit": SEEN})
    chosen = sorted(random.sample(range(len(found)), min(CHOSEN, len(found))))
    return [found[number] for number in chosen]


def _fire(timer_id: uuid.UUID, instance_id: uuid.UUID | None) -> bool:
    try:
        with db.unit_of_work():
            return _start(timer_id) if instance_id is None else _move(timer_id)
    except Exception as failure:
        log.warning("timer %s failed", timer_id, exc_info=True)
        _note(timer_id, failure)
        return False


def _move(timer_id: uuid.UUID) -> bool:
    """False when it is not there any more, or somebody is at work on its instance."""
    found = taking.take_timer(timer_id, clock.now())
    if found is None:
        return False
    timer, locked = found
    if locked.state != ACTIVE:
        return False
    try:
        _advance(timer, locked)
    except TaskNotReady:  # its row should have gone with the wait
        db.session().delete(db.session().merge(timer, load=False))
        return False
    return True


def _advance(timer: Timer, locked: Locked) -> None:
    actor = actors.machine(timer.organization_id)
    run = advancing.resume(locked, actor=actor)
    run.fire(timer.token or 0)
    line = audit.line(actor, "timer:fire", "instance", locked.id, element=timer.element_id)
    changes, written = advancing.conclude(run, locked, actor=actor, line=line)
    advancing.tell(changes, written, locked)


def _start(timer_id: uuid.UUID) -> bool:
    """A timer start event: the next time is kept, or the row goes. Times that passed while nothing ran are caught up
    with once (timing.again)."""
    timer = db.session().get(Timer, timer_id, with_for_update={"skip_locked": True}, populate_existing=True)
    if timer is None or timer.failed_at is not None or _next_try(timer) > clock.now():
        return False
    definition = queries.get_definition(timer.definition_id)
    start_definition(definition, {}, actor=actors.machine(timer.organization_id), at=timer.element_id)
    spec, left = specs.spec_of(definition.id), timer.repeats_left
    again = starting.next_start(spec, timer.element_id, timer.organization_id, due=timer.due_at, left=left)
    if again is None:
        db.session().delete(timer)
    else:
        timer.due_at, timer.repeats_left = again
        timer.retries = timer.retry_at = None
    return True


def _next_try(timer: Timer) -> dt.datetime:
    return timer.due_at if timer.retry_at is None else max(timer.due_at, timer.retry_at)


def _note(timer_id: uuid.UUID, failure: Exception) -> None:
    with db.unit_of_work() as session:
        timer = session.get(Timer, timer_id, with_for_update=True)
        if timer is not None and timer.failed_at is None:
            timer.retry_at = note_failure(timer, failure, kind="timer")
