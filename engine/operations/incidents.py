"""What fails is tried again; what cannot go on by itself becomes a row that the administrator sees."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from directory import actors
from engine import failures, retries, specs
from engine.events import IncidentOpened
from engine.job_models import Job
from engine.models import Incident, ProcessInstance, Timer
from engine.registry import BoundFunctions, FunctionContext
from engine.retries import NotAPolicy, Policy
from engine.runtime import Run
from kernel import clock, db, events
from kernel.errors import DomainError


def open_incident(**told: Any) -> Incident:
    """`told`: the columns of the row, without id and times."""
    incident = Incident(at=clock.now(), **told)
    db.session().add(incident)
    db.session().flush()
    events.emit(IncidentOpened(incident=incident))
    return incident


def note_failure(row: Job | Timer, failure: Exception, *, kind: str) -> dt.datetime | None:
    """One try less of a locked row. When it is to be tried again; None: no more, an incident tells why."""
    policy = policy_of(row)
    left = policy.tries if row.retries is None else row.retries
    row.retries = max(0, left - 1)
    if row.retries:
        return policy.next_try(left, clock.now())
    row.failed_at = clock.now()
    open_incident(
        kind=kind,
        subject_id=row.id,
        organization_id=row.organization_id,
        definition_id=row.definition_id,
        instance_id=row.instance_id,
        token=row.token,
        element_id=row.element_id,
        message=failures.sentence(failure),
        cause=failures.cause(failure),
        place=failures.place(failure),
    )
    return None


def resolve_incidents(subject_ids: Sequence[uuid.UUID]) -> None:
    """Of these timers, external tasks or jobs."""
    db.connection().execute(
        sa.update(Incident)
        .where(Incident.subject_id.in_(subject_ids), Incident.resolved_at.is_(None))
        .values(resolved_at=clock.now())
    )


def policy_of(row: Job | Timer) -> Policy:
    """What its element says (camunda:failedJobRetryTimeCycle); the standard where it says nothing that can be used."""
    try:
        told = _cycle_of(row)
        return retries.standard() if told is None else retries.policy(told)
    except (DomainError, NotAPolicy):
        return retries.standard()


def _cycle_of(row: Job | Timer) -> Any:
    if row.instance_id is None or row.token is None:
        spec: Any = specs.spec_of(row.definition_id).task_specs[row.element_id]
        context = FunctionContext(organization_id=row.organization_id, now=clock.now())
        return None if spec.retry is None else spec.retry.evaluate({}, BoundFunctions(context))
    snapshot = db.connection().scalar(sa.select(ProcessInstance.snapshot).where(ProcessInstance.id == row.instance_id))
    if snapshot is None:
        return None
    run = Run(
        organization_id=row.organization_id,
        instance_id=row.instance_id,
        actor=actors.machine(row.organization_id),
    )
    run.resume(snapshot)
    return run.retry_cycle(row.token)
