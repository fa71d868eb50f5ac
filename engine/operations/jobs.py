"""Jobs of instances: run once each, in a unit of work of their own, by whichever worker comes first.

Whoever has done a job has deleted its row in the same transaction, under the lock of the instance; so a job that comes
twice finds no row, and one whose worker was killed is still there. What fails is undone; the failure is written in
another unit, and the job is tried again later or waits, with an incident, for an administrator.
"""

import datetime as dt
import logging
import time
import uuid

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import failures, permissions, queries, taking, values
from engine.errors import JobNotFound, TaskNotReady
from engine.job_models import CONTINUE, MESSAGE, Job
from engine.models import ACTIVE, SUSPENDED, ProcessDefinition, ProcessInstance
from engine.operations import advancing, messages, sending
from engine.operations.incidents import note_failure, resolve_incidents
from engine.operations.instances import start_definition
from engine.store import Locked
from kernel import audit, clock, db
from kernel.statements import Statement

log = logging.getLogger(__name__)

LASTS = 10.0  #: seconds that a worker stays with one instance
LOST = dt.timedelta(seconds=60)  #: after which what was handed to the queue is handed to it again
AT_ONCE = 500  #: handed to the queue in one beat


def work_off(instance_id: uuid.UUID) -> None:
    """All that is due of an instance, and what that leads to, each in units of work of its own. After some seconds
    another entry in the queue goes on, so that others have their turn."""
    until = time.monotonic() + LASTS
    with sending.at_work_on(instance_id):
        while time.monotonic() < until:
            if not _run_next(instance_id):
                return
    with db.unit_of_work():
        sending.queue([(instance_id, instance_id)])


def _run_next(instance_id: uuid.UUID) -> bool:
    """False when nothing is left to be done here and now."""
    job_id: uuid.UUID | None = None
    try:
        with db.unit_of_work():
            found = taking.take_next_job(instance_id, clock.now())
            if found is None:
                _leave(instance_id)
                return False
            job_id = found[0].id
            _advance(*found)
    except Exception as failure:
        if job_id is None:
            raise
        _fail(job_id, failure)
    return True


def _leave(instance_id: uuid.UUID) -> None:
    """What is due but could not be taken waits for the ticker: the instance stands still, or somebody is at work on it.
    Of an ended instance it goes."""
    state = sa.select(ProcessInstance.state).where(ProcessInstance.id == instance_id).scalar_subquery()
    due = sa.select(Job.id, state.label("state")).where(
        Job.organization_id.in_(sa.select(ProcessInstance.organization_id).where(ProcessInstance.id == instance_id)),
        Job.instance_id == instance_id,
        Job.kind != MESSAGE,
        Job.failed_at.is_(None),
        Job.due_at <= clock.now(),
    )
    for row in db.connection().execute(due.with_for_update(of=Job, skip_locked=True)).all():
        if row.state in (ACTIVE, SUSPENDED):
            _put_back(row.id)
        else:
            _done(row.id)


def run_job(job_id: uuid.UUID) -> None:
    """One job, waiting for its instance. Opens its own units of work."""
    try:
        with db.unit_of_work():
            _run(job_id)
    except Exception as failure:
        _fail(job_id, failure)


def _run(job_id: uuid.UUID) -> None:
    found = taking.lock_job(job_id)
    if found is not None:
        job, locked = found
        if job.failed_at is None:
            _move(job, locked)
        return
    alone = _lock_alone(job_id)
    if alone is not None and alone.failed_at is None:
        _deliver(alone)


def _move(job: Job, locked: Locked) -> None:
    """The token goes on, or receives its signal."""
    if locked.state == SUSPENDED:
        _put_back(job.id)
    elif locked.is_over:
        _done(job.id)
    else:
        _advance(job, locked)


def _advance(job: Job, locked: Locked) -> None:
    actor, token = actors.machine(job.organization_id), job.token or 0
    run = advancing.resume(locked, actor=actor)
    try:
        if job.kind == CONTINUE:
            run.go_on(token)
        else:
            run.fire(token, values.restored(job.variables or {}))
    except TaskNotReady:
        _done(job.id)  # it waits no more
        return
    line = audit.line(actor, "job:run", "instance", locked.id, element=job.element_id, kind=job.kind)
    changes, written = advancing.conclude(run, locked, actor=actor, line=line)
    if job.kind != CONTINUE:  # a token that goes on takes its row along
        _done(job.id)
    advancing.tell(changes, written, locked)


def _deliver(job: Job) -> None:
    """A message looks for its receiver; a signal starts a process."""
    if job.kind == MESSAGE:
        if messages.deliver_thrown(job):
            _done(job.id)
        return
    definition = queries.get_definition(job.definition_id)
    if definition.suspended_at is not None:
        _put_back(job.id)
        return
    given, actor = values.restored(job.variables or {}), actors.machine(job.organization_id)
    start_definition(definition, given, actor=actor, at=job.element_id)
    _done(job.id)


def _lock_alone(job_id: uuid.UUID) -> Job | None:
    return db.session().get(Job, job_id, with_for_update=True, populate_existing=True)


def _done(job_id: uuid.UUID) -> None:
    db.connection().execute(sa.delete(Job).where(Job.id == job_id))


def _put_back(job_id: uuid.UUID) -> None:
    """It stands still; the ticker hands it to the queue when that is over."""
    db.connection().execute(sa.update(Job).where(Job.id == job_id).values(queued_at=None))


def _fail(job_id: uuid.UUID, failure: Exception) -> None:
    log.info("job %s failed", job_id, exc_info=failure)
    with db.unit_of_work():
        job = _lock_alone(job_id)
        if job is None or job.failed_at is not None:
            return
        again = note_failure(job, failure, kind="job")
        job.error, job.queued_at = failures.sentence(failure), None
        if again is not None:
            job.due_at = again


# ---------------------------------------------------------------------------------------------------------- the ticker
def hand_over_due_jobs() -> int:
    """To the queue: those whose time has come again, and those it has lost. Opens its own unit of work."""
    with db.unit_of_work():
        db.run(_WAKE, {"now": clock.now(), "limit": AT_ONCE})
        rows = db.connection().execute(_DUE, {"now": clock.now(), "lost": clock.now() - LOST}).all()
        if rows:
            ids = [row.id for row in rows]
            db.connection().execute(sa.update(Job).where(Job.id.in_(ids)).values(queued_at=clock.now()))
            sending.queue([(row.id, None if row.kind == MESSAGE else row.instance_id) for row in rows])
        return len(rows)


_DUE = (
    sa.select(Job.id, Job.kind, Job.instance_id)
    .outerjoin(ProcessInstance, sa.and_(ProcessInstance.id == Job.instance_id, Job.kind != MESSAGE))
    .outerjoin(ProcessDefinition, sa.and_(ProcessDefinition.id == Job.definition_id, Job.instance_id.is_(None)))
    .where(
        sa.text("engine_jobs.failed_at IS NULL"),
        Job.due_at <= sa.bindparam("now"),
        sa.or_(Job.queued_at.is_(None), Job.queued_at < sa.bindparam("lost")),
        ProcessInstance.state.is_distinct_from(SUSPENDED),
        ProcessDefinition.suspended_at.is_(None),
    )
    .order_by(Job.due_at)
    .limit(AT_ONCE)
    .with_for_update(of=Job, skip_locked=True)
)


#: Messages that were kept, and now somebody waits for them who does not stand still; as messages._receivers chooses.
_WAKE = Statement("""
UPDATE engine_jobs SET due_at = %(now)s::timestamptz, queued_at = NULL WHERE id IN (
    SELECT j.id FROM engine_jobs j
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE s.instance_id IS NOT NULL) AS waiting,
            count(*) FILTER (WHERE i.state = 'active') AS ready,
            count(*) FILTER (WHERE s.instance_id IS NULL AND d.suspended_at IS NULL) AS starting
        FROM engine_subscriptions s JOIN engine_definitions d ON d.id = s.definition_id
        LEFT JOIN engine_instances i ON i.id = s.instance_id
        WHERE s.organization_id = j.organization_id AND s.kind = 'message' AND s.name = j.name
            AND (s.instance_id IS NULL OR j.business_key IN ('', s.business_key))
    ) receivers
    WHERE j.kind = 'message' AND j.failed_at IS NULL AND j.kept_until IS NOT NULL AND j.due_at > %(now)s
        AND (receivers.ready > 0 OR receivers.waiting = 0 AND receivers.starting > 0)
    LIMIT %(limit)s::int FOR UPDATE OF j SKIP LOCKED)
""")


# ---------------------------------------------------------------------------------------------------------- by a person
def discard_job(job_id: uuid.UUID, *, reason: str, actor: Actor) -> None:
    """Gives up a message or signal that cannot be delivered. What a token waits for is not given up this way: move the
    token. Raises NotOfWhole, JobNotFound."""
    permissions.require_whole(actor)
    job = _lock_alone(job_id)
    if job is None or job.organization_id != actor.organization_id or job.kind == CONTINUE:
        raise JobNotFound
    db.session().delete(job)
    db.session().flush()
    resolve_incidents([job_id])
    audit.record(actor, "job:discard", "job", job_id, element=job.element_id, name=job.name, reason=reason)
