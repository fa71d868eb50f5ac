"""Timers that are due: claimed by whichever worker is first, one at a time, each in a unit of work of its own."""

import logging
import uuid
from typing import Any

import sqlalchemy as sa

from directory import actors
from engine import queries, runtime, specs, store
from engine.errors import TaskNotReady
from engine.models import Timer
from engine.operations import advancing
from engine.operations.incidents import open_incident
from engine.operations.instances import start_definition
from kernel import audit, clock, db

log = logging.getLogger(__name__)

MAX_AT_ONCE = 200  #: in one beat of the ticker


def fire_due_timers() -> int:
    """Returns how many have fired. A timer that fails becomes an incident and is not tried again by itself."""
    fired, passed_over = 0, set[uuid.UUID]()
    for _ in range(MAX_AT_ONCE):
        timer_id: uuid.UUID | None = None
        try:
            with db.unit_of_work():
                timer = _claim(passed_over)
                if timer is None:
                    break
                timer_id = timer.id
                fired += _fire(timer, passed_over)
        except Exception as failure:
            if timer_id is None:
                raise
            log.exception("timer %s failed", timer_id)
            _give_up(timer_id, failure)
    return fired


def _claim(passed_over: set[uuid.UUID]) -> Timer | None:
    query = (
        sa.select(Timer)
        .where(Timer.due_at <= clock.now(), sa.text("engine_timers.failed_at IS NULL"), Timer.id.notin_(passed_over))
        .order_by(Timer.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return db.session().scalars(query).first()


def _fire(timer: Timer, passed_over: set[uuid.UUID]) -> int:
    if timer.instance_id is None or timer.token is None:
        _start(timer)
        return 1
    # never wait for the instance with the timer in hand: whoever has the instance may want the timer
    locked = store.lock_free_instance(timer.instance_id)
    if locked is None:
        passed_over.add(timer.id)
        return 0
    actor = actors.machine(timer.organization_id)
    run = advancing.resume(locked, actor=actor)
    try:
        run.fire(timer.token)
    except TaskNotReady:  # its row should have gone with the wait
        db.session().delete(timer)
        return 0
    line = audit.line(actor, "timer:fire", "instance", locked.id, element=timer.element_id)
    changes, written = advancing.save(run, locked, actor=actor, line=line)
    advancing.tell(changes, written, locked)
    return 1


def _start(timer: Timer) -> None:
    """A timer start event: the next time is kept, or the row goes."""
    definition = queries.get_definition(timer.definition_id)
    start_definition(definition, {}, actor=actors.machine(timer.organization_id), at=timer.element_id)
    spec, left = specs.spec_of(definition.id), timer.repeats_left
    again = runtime.next_start(spec, timer.element_id, timer.organization_id, due=timer.due_at, left=left)
    if again is None:
        db.session().delete(timer)
    else:
        timer.due_at, timer.repeats_left = again


def _give_up(timer_id: uuid.UUID, failure: Exception) -> None:
    with db.unit_of_work() as session:
        timer = session.get(Timer, timer_id, with_for_update=True)
        if timer is None:
            return
        timer.failed_at = clock.now()
        told: dict[str, Any] = {
            name: getattr(timer, name)
            for name in ("organization_id", "definition_id", "instance_id", "token", "element_id")
        }
        open_incident(kind="timer", subject_id=timer.id, message=f"{type(failure).__name__}: {failure}"[:2000], **told)
