"""The SQL of workers: a job or a due timer, locked together with the instance that it moves."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from engine.job_models import Job
from engine.models import ProcessInstance, Timer
from engine.store import Locked, kept
from kernel import db
from kernel.statements import Row, Statement


def _names(model: Any) -> list[str]:
    return [column.name for column in model.__table__.columns]


def _columns(model: Any, alias: str) -> list[str]:
    return [f"{alias}.{name}" for name in _names(model)]


def _with_instance(model: Any, condition: str) -> Statement:
    """The instance first, then the row: the order in which everybody locks."""
    columns = _columns(model, "t") + _columns(ProcessInstance, "i")
    return Statement(
        f"SELECT {', '.join(columns)} FROM {model.__tablename__} t "  # noqa: S608 - constants
        f"JOIN engine_instances i ON i.id = t.instance_id WHERE t.id = %(id)s AND {condition}"
    )


_JOB = _with_instance(Job, "t.kind <> 'message' FOR NO KEY UPDATE OF i, t")
_NEXT_JOB = Statement(
    f"SELECT {', '.join(_columns(Job, 't') + _columns(ProcessInstance, 'i'))} FROM engine_instances i "  # noqa: S608 - constants
    "JOIN engine_jobs t ON t.organization_id = i.organization_id AND t.instance_id = i.id WHERE i.id = %(id)s "
    "AND i.state = 'active' AND t.kind <> 'message' AND t.failed_at IS NULL AND t.due_at <= %(now)s::timestamptz "
    "ORDER BY t.due_at LIMIT 1 FOR NO KEY UPDATE OF i, t SKIP LOCKED"
)
_TIMER = _with_instance(
    Timer,
    "t.failed_at IS NULL AND t.due_at <= %(now)s::timestamptz "
    "AND (t.retry_at IS NULL OR t.retry_at <= %(now)s::timestamptz) FOR NO KEY UPDATE OF i, t SKIP LOCKED",
)


def lock_job(job_id: uuid.UUID) -> tuple[Job, Locked] | None:
    """Waits for the instance; None for a job that is done, or one that looks for its instance first."""
    rows = db.run(_JOB, {"id": job_id})
    if not rows:
        return None
    job, instance = _split(Job, rows[0])
    return kept(Job, job), Locked(instance)


def take_next_job(instance_id: uuid.UUID, now: dt.datetime) -> tuple[Job, Locked] | None:
    """The oldest that is due and moves this instance. Waits for nobody; None when there is none, the instance stands
    still, or somebody else is at work on it."""
    rows = db.run(_NEXT_JOB, {"id": instance_id, "now": now})
    if not rows:
        return None
    job, instance = _split(Job, rows[0])
    return kept(Job, job), Locked(instance)


def take_timer(timer_id: uuid.UUID, now: dt.datetime) -> tuple[Timer, Locked] | None:
    """Waits for nobody; None when the timer is gone or somebody else is at work on it or on its instance."""
    rows = db.run(_TIMER, {"id": timer_id, "now": now})
    if not rows:
        return None
    timer, instance = _split(Timer, rows[0])
    return kept(Timer, timer), Locked(instance)


def _split(model: Any, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    names = _names(model)
    own: Mapping[str, Any] = dict(zip(names, row, strict=False))
    return dict(own), dict(zip(_names(ProcessInstance), row[len(names) :], strict=True))
