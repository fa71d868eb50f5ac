"""Verbs about work of machines."""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import deliveries, permissions, store, values
from engine.errors import ExternalTaskNotFound, TaskNotReady
from engine.events import ExternalTaskReady
from engine.models import ACTIVE, CANCELLED, COMPLETED, FAILED, READY, ExternalTask, ProcessInstance
from engine.operations import advancing
from engine.operations.incidents import open_incident
from engine.runtime import Run
from engine.store import Locked
from kernel import audit, clock, db, events

log = logging.getLogger(__name__)

AT_ONCE = 500  #: offered again in one beat
REFUSED = dt.timedelta(minutes=1)  #: until one whose server refused it is offered once more


def complete_external_task(
    external_task_id: uuid.UUID, variables: Mapping[str, Any], *, actor: Actor, idempotency_key: str = ""
) -> None:
    """The machine is done; its variables are set and the process goes on. Raises ExternalTaskNotFound, TaskNotReady,
    KeyUsed, and what the diagram refuses behind it."""
    given = values.adopted_all(variables)
    if deliveries.begin(idempotency_key, f"external:{external_task_id}", actor=actor) is not None:
        return
    task, locked, run = _open(external_task_id, actor)
    run.complete_external(task.token, given)
    line = audit.line(actor, "external_task:complete", "external_task", task.id, topic=task.topic)
    changes, written = advancing.conclude(run, locked, actor=actor, done=task.token, line=line)
    store.update_kept(task, {"state": COMPLETED, "ended_at": written.at})
    advancing.tell(changes, written, locked)
    deliveries.end(idempotency_key, external_task_id, actor=actor)


def throw_bpmn_error(
    external_task_id: uuid.UUID,
    code: str,
    message: str = "",
    variables: Mapping[str, Any] | None = None,
    *,
    actor: Actor,
) -> None:
    """The machine found what the diagram has a way for: an error event with this code takes the token. Raises as
    `complete_external_task`, and CannotProceed when no event catches it."""
    given = values.adopted_all(variables or {})
    task, locked, run = _open(external_task_id, actor)
    run.throw_error(task.token, code, message, given)
    line = audit.line(actor, "external_task:throw_error", "external_task", task.id, code=code, message=message[:2000])
    changes, written = advancing.save(run, locked, actor=actor, line=line)
    store.update_kept(task, {"state": CANCELLED, "ended_at": written.at})
    advancing.tell(changes, written, locked)


def throw_escalation(
    external_task_id: uuid.UUID, code: str, variables: Mapping[str, Any] | None = None, *, actor: Actor
) -> bool:
    """The machine tells the diagram something on the way; unless the event that catches it interrupts, its work goes
    on. False when no event catches it, which is no fault (BPMN 2.0.2, 10.5.6)."""
    given = values.adopted_all(variables or {})
    task, locked, run = _open(external_task_id, actor)
    caught = run.throw_escalation(task.token, code, given)
    line = audit.line(actor, "external_task:escalate", "external_task", task.id, code=code)
    changes, written = advancing.save(run, locked, actor=actor, line=line)
    advancing.tell(changes, written, locked)
    return caught


def fail_external_task(
    external_task_id: uuid.UUID,
    error: str,
    *,
    retries_left: int,
    actor: Actor,
    retry_after: dt.timedelta = dt.timedelta(),
    details: str = "",
) -> None:
    """The machine could not do it. With tries left it is offered again, at once or `retry_after`; without, it waits for
    the administrator, with an incident. `details`: where it failed, for the administrator. Raises ExternalTaskNotFound,
    TaskNotReady."""
    found, locked = store.lock_external_task(external_task_id)
    _require_open(found, actor)
    task = db.session().merge(found, load=False)
    task.retries, task.error = max(0, retries_left), error[:2000]
    task.state = READY if task.retries else FAILED
    task.retry_at = clock.now() + retry_after if task.retries and retry_after else None
    db.session().flush()
    if task.state == FAILED:
        _give_up(task, details)
    elif task.retry_at is None:
        events.emit(ExternalTaskReady(external_task=task))
    audit.record(actor, "external_task:fail", "external_task", task.id, error=task.error, retries=task.retries)


def offer_due_external_tasks() -> int:
    """Those whose time has come again; returns how many. Each in a unit of work of its own, for whoever serves the
    topic may refuse."""
    due = sa.select(ExternalTask.id).join(ProcessInstance, ProcessInstance.id == ExternalTask.instance_id)
    due = due.where(ExternalTask.retry_at <= clock.now(), ProcessInstance.state == ACTIVE)
    with db.reading():
        found = list(db.connection().scalars(due.order_by(ExternalTask.retry_at).limit(AT_ONCE)))
    return sum(_offer_due(external_task_id) for external_task_id in found)


def offer_again(external_task_id: uuid.UUID, *, retries: int) -> ExternalTask | None:
    """With so many tries; None when it does not wait for an administrator."""
    task = db.session().get(ExternalTask, external_task_id, with_for_update=True, populate_existing=True)
    if task is None or task.state != FAILED:
        return None
    task.state, task.retries, task.retry_at = READY, retries, None
    db.session().flush()
    events.emit(ExternalTaskReady(external_task=task))
    return task


def _offer_due(external_task_id: uuid.UUID) -> bool:
    """One that is refused waits a little and keeps nobody."""
    try:
        return _offer(external_task_id)
    except Exception:
        log.warning("external task %s could not be offered", external_task_id, exc_info=True)
    later = sa.update(ExternalTask).where(ExternalTask.id == external_task_id, ExternalTask.retry_at.is_not(None))
    with db.unit_of_work():
        db.connection().execute(later.values(retry_at=clock.now() + REFUSED))
    return False


def _offer(external_task_id: uuid.UUID) -> bool:
    with db.unit_of_work() as session:
        task = session.get(ExternalTask, external_task_id, with_for_update={"skip_locked": True})
        if task is None or task.retry_at is None or task.state != READY:
            return False
        task.retry_at = None
        session.flush()
        events.emit(ExternalTaskReady(external_task=task))
        return True


def _open(external_task_id: uuid.UUID, actor: Actor) -> tuple[ExternalTask, Locked, Run]:
    task, locked = store.lock_external_task(external_task_id)
    _require_open(task, actor)
    return task, locked, advancing.resume(locked, actor=actor)


def _require_open(task: ExternalTask, actor: Actor) -> None:
    if task.organization_id != actor.organization_id:
        raise ExternalTaskNotFound
    if not permissions.is_machine(actor):
        permissions.require_whole(actor)
    if task.state not in (READY, FAILED):
        raise TaskNotReady


def _give_up(task: ExternalTask, details: str) -> None:
    open_incident(
        kind="external_task",
        subject_id=task.id,
        organization_id=task.organization_id,
        definition_id=task.definition_id,
        instance_id=task.instance_id,
        token=task.token,
        element_id=task.element_id,
        message=task.error,
        cause=task.error,
        place=details[:20_000],
    )
