"""Verbs of an operator about what has failed: once more, so many times more, all of it."""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import permissions
from engine.errors import ExternalTaskNotFound, IncidentNotFound, JobNotFound
from engine.job_models import MESSAGE, Job
from engine.models import ExternalTask, Incident, ProcessInstance, Timer
from engine.operations import sending
from engine.operations.external import offer_again
from engine.operations.incidents import resolve_incidents
from kernel import audit, clock, db

AT_ONCE = 1_000  #: incidents retried by one call


def retry_incident(incident_id: uuid.UUID, *, actor: Actor) -> None:
    """Lets the timer fire, the machine try or the job run once more; when that fails too, a new incident says so.
    Raises NotOfWhole, IncidentNotFound."""
    permissions.require_whole(actor)
    _hold_instances(sa.select(Incident.instance_id).where(Incident.id == incident_id))
    incident = db.session().get(Incident, incident_id, with_for_update=True, populate_existing=True)
    if incident is None or incident.organization_id != actor.organization_id or incident.resolved_at is not None:
        raise IncidentNotFound
    _retry([incident])
    audit.record(actor, "incident:retry", "incident", incident_id, element=incident.element_id)


def retry_incidents(
    *,
    actor: Actor,
    definition_id: uuid.UUID | None = None,
    element_id: str | None = None,
    instance_id: uuid.UUID | None = None,
) -> int:
    """All that are open, of this version, element, instance where one is named: a thousand at a time, the oldest first.
    Returns how many; what comes of them the workers see to. Raises NotOfWhole."""
    permissions.require_whole(actor)
    named = {"definition_id": definition_id, "element_id": element_id, "instance_id": instance_id}
    query = sa.select(Incident).where(
        Incident.organization_id == actor.organization_id,
        Incident.resolved_at.is_(None),
        *(getattr(Incident, name) == value for name, value in named.items() if value is not None),
    )
    some = query.order_by(Incident.id).limit(AT_ONCE)
    _hold_instances(some.with_only_columns(Incident.instance_id))
    locked = some.with_for_update(skip_locked=True)
    found = db.session().scalars(locked.execution_options(populate_existing=True)).all()
    _retry(found)
    told = {name: value for name, value in named.items() if value is not None}
    audit.record(actor, "incident:retry_all", "organization", actor.organization_id, retried=len(found), **told)
    return len(found)


def set_retries(subject_id: uuid.UUID, retries: int, *, actor: Actor) -> None:
    """How often a job or external task may still be tried; one that had given up begins again at once, and its incident
    is resolved. Raises NotOfWhole, JobNotFound, ExternalTaskNotFound."""
    permissions.require_whole(actor)
    if retries < 1:
        raise ValueError("at least one try")
    for table in (Job, ExternalTask):
        _hold_instances(sa.select(table.instance_id).where(table.id == subject_id))
    if db.session().get(Job, subject_id) is not None:
        _set_retries_of_job(subject_id, retries, actor)
    else:
        _set_retries_of_external_task(subject_id, retries, actor)
    resolve_incidents([subject_id])
    audit.record(actor, "job:set_retries", "job", subject_id, retries=retries)


def _hold_instances(wanted: "sa.Select[Any]") -> None:
    """The instances first, in their order: whoever moves one takes its timers, jobs and incidents after it."""
    mine = sa.select(ProcessInstance.id).where(ProcessInstance.id.in_(wanted)).order_by(ProcessInstance.id)
    db.connection().execute(mine.with_for_update(key_share=True))


def _retry(incidents: Sequence[Incident]) -> None:
    for incident in incidents:
        incident.resolved_at = clock.now()
    db.session().flush()
    subjects: dict[str, list[uuid.UUID]] = {}
    for incident in incidents:
        subjects.setdefault(incident.kind, []).append(incident.subject_id)
    once_more = {"failed_at": None, "retries": 1}
    timers = sa.update(Timer).where(Timer.id.in_(subjects.get("timer", [])))
    db.connection().execute(timers.values(once_more | {"retry_at": None}))
    _run_again(subjects.get("job", []), retries=1)
    for external_task_id in subjects.get("external_task", []):
        offer_again(external_task_id, retries=1)


def _run_again(job_ids: Sequence[uuid.UUID], *, retries: int) -> None:
    now = clock.now()
    again = sa.update(Job).where(Job.id.in_(job_ids), Job.failed_at.is_not(None))
    told = {"failed_at": None, "retries": retries, "due_at": now, "queued_at": now, "kept_until": None}
    rows = db.connection().execute(again.values(told).returning(Job.id, Job.kind, Job.instance_id)).all()
    sending.queue([(row.id, None if row.kind == MESSAGE else row.instance_id) for row in rows])


def _set_retries_of_job(job_id: uuid.UUID, retries: int, actor: Actor) -> None:
    job = db.session().get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is None or job.organization_id != actor.organization_id:
        raise JobNotFound
    job.retries = retries
    db.session().flush()
    _run_again([job_id], retries=retries)


def _set_retries_of_external_task(external_task_id: uuid.UUID, retries: int, actor: Actor) -> None:
    task = db.session().get(ExternalTask, external_task_id, with_for_update=True, populate_existing=True)
    if task is None or task.organization_id != actor.organization_id or task.ended_at is not None:
        raise ExternalTaskNotFound
    if offer_again(external_task_id, retries=retries) is None:
        task.retries = retries
        db.session().flush()
