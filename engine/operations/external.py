"""Verbs about work of machines, and about incidents."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import permissions, store, values
from engine.errors import ExternalTaskNotFound, IncidentNotFound, TaskNotReady
from engine.events import ExternalTaskReady
from engine.models import COMPLETED, FAILED, READY, ExternalTask, Incident, Timer
from engine.operations import advancing
from engine.operations.incidents import open_incident
from kernel import audit, clock, db, events


def complete_external_task(external_task_id: uuid.UUID, variables: Mapping[str, Any], *, actor: Actor) -> None:
    """The machine is done; its variables are set and the process goes on. Raises TaskNotReady."""
    given = values.adopted_all(variables)
    task, locked = store.lock_external_task(external_task_id)
    _require_open(task, actor)
    run = advancing.resume(locked, actor=actor)
    run.complete_external(task.token, given)
    line = audit.line(actor, "external_task:complete", "external_task", task.id, topic=task.topic)
    changes, written = advancing.save(run, locked, actor=actor, done=task.token, line=line)
    store.update_kept(task, {"state": COMPLETED, "ended_at": clock.now()})
    advancing.tell(changes, written, locked)


def fail_external_task(external_task_id: uuid.UUID, error: str, *, retries_left: int, actor: Actor) -> None:
    """The machine could not do it. Without tries left it waits for the administrator, with an incident."""
    task, locked = store.lock_external_task(external_task_id)
    _require_open(task, actor)
    task = db.session().merge(task, load=False)
    task.retries, task.error = max(0, retries_left), error[:2000]
    task.state = READY if task.retries else FAILED
    db.session().flush()
    if task.state == FAILED:
        open_incident(
            kind="external_task",
            subject_id=task.id,
            organization_id=task.organization_id,
            definition_id=task.definition_id,
            instance_id=locked.id,
            token=task.token,
            element_id=task.element_id,
            message=task.error,
        )
    audit.record(actor, "external_task:fail", "external_task", task.id, error=task.error, retries=task.retries)


def retry_incident(incident_id: uuid.UUID, *, actor: Actor) -> None:
    """Lets the timer fire, or the machine try, once more. Raises NotOfWhole, IncidentNotFound."""
    permissions.require_whole(actor)
    incident = db.session().get(Incident, incident_id, with_for_update=True, populate_existing=True)
    if incident is None or incident.organization_id != actor.organization_id or incident.resolved_at is not None:
        raise IncidentNotFound
    incident.resolved_at = clock.now()
    db.session().flush()
    if incident.kind == "timer":
        db.connection().execute(sa.update(Timer).where(Timer.id == incident.subject_id).values(failed_at=None))
    else:
        _offer_again(incident.subject_id)
    audit.record(actor, "incident:retry", "incident", incident_id, element=incident.element_id)


def _offer_again(external_task_id: uuid.UUID) -> None:
    task = db.session().get(ExternalTask, external_task_id, with_for_update=True, populate_existing=True)
    if task is None or task.state != FAILED:
        raise IncidentNotFound
    task.state, task.retries = READY, 1
    db.session().flush()
    events.emit(ExternalTaskReady(external_task=task))


def _require_open(task: ExternalTask, actor: Actor) -> None:
    if task.organization_id != actor.organization_id:
        raise ExternalTaskNotFound
    if not permissions.is_machine(actor):
        permissions.require_whole(actor)
    if task.state not in (READY, FAILED):
        raise TaskNotReady
