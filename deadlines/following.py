"""Deadlines of the tasks that a step of a process has ended and offered: all in one statement, or none at all."""

import datetime as dt
import logging
import re
from collections.abc import Iterator, Sequence

import orjson

from deadlines import durations
from directory import working_time
from engine import holders
from engine.models import Task
from kernel import clock, db
from kernel.ids import new_id
from kernel.statements import Statement

log = logging.getLogger(__name__)

_FOLLOW = Statement(
    """
WITH ended AS (
    UPDATE task_deadlines SET ended_at = %(now)s::timestamptz
    WHERE task_id = ANY(%(ended)s::uuid[]) AND ended_at IS NULL RETURNING id),
gone AS (
    DELETE FROM deadline_alerts a USING ended e WHERE a.deadline_id = e.id AND a.fired_at IS NULL),
made AS (
    INSERT INTO task_deadlines (id, organization_id, task_id, unit_id, due_at, escalate_to)
    SELECT o.id, o.organization_id, o.task_id, o.unit_id, o.due_at, o.escalate_to
    FROM json_to_recordset(%(deadlines)s::json) AS o(id uuid, organization_id uuid, task_id uuid, unit_id uuid,
        due_at timestamptz, escalate_to text)
    ON CONFLICT DO NOTHING RETURNING id, organization_id)
INSERT INTO deadline_alerts (id, organization_id, deadline_id, kind, at)
SELECT a.id, m.organization_id, m.id, a.kind, a.at
FROM json_to_recordset(%(alerts)s::json) AS a(id uuid, deadline_id uuid, kind text, at timestamptz)
JOIN made m ON m.id = a.deadline_id"""
)


def follow_tasks(*, ended: Sequence[Task], ready: Sequence[Task]) -> None:
    """Stops the clocks of what has ended: what has not fired will not fire any more. Starts those of what has been
    offered, with the reminders and escalations that its diagram asks for."""
    over = [task.id for task in ended if task.due_at is not None]
    rows, alerts = [], []
    for task in ready:
        if task.due_at is None:
            continue
        told, deadline_id = task.extensions.get("deadline") or {}, new_id()
        rows.append(
            {
                "id": deadline_id,
                "organization_id": task.organization_id,
                "task_id": task.id,
                "unit_id": holders.unit_of(task),
                "due_at": task.due_at,
                "escalate_to": _groups(told.get("escalateTo")),
            }
        )
        for kind, at in alerts_of(task, task.due_at):
            alerts.append({"id": new_id(), "deadline_id": deadline_id, "kind": kind, "at": at})
    if over or rows:
        found = {"deadlines": orjson.dumps(rows).decode(), "alerts": orjson.dumps(alerts).decode()}
        db.run(_FOLLOW, {"now": clock.now(), "ended": over, **found})


def alerts_of(task: Task, due_at: dt.datetime) -> Iterator[tuple[str, dt.datetime]]:
    """Reminders that still lie ahead, and escalations; all in office time."""
    told = task.extensions.get("deadline") or {}
    calendar = working_time.calendar_of(task.organization_id)
    for length in _durations(told.get("remind")):
        at = length.before(due_at, calendar)
        if at > clock.now():
            yield "remind", at
    if told.get("escalateTo"):
        for length in _durations(told.get("escalateAfter")) or [durations.NONE]:
            yield "escalate", length.after(due_at, calendar)


def _durations(text: str | None) -> list[durations.OfficeTime]:
    """What cannot be read is logged and left out: a slip in a reminder must not hold up a document."""
    found = []
    for part in filter(None, re.split(r"[\s,]+", text or "")):
        try:
            found.append(durations.parse(part))
        except ValueError as mistake:
            log.warning("deadline of a task: %s", mistake)
    return found


def _groups(told: str | list[str] | None) -> str | None:
    """As stored: comma between groups."""
    parts = re.split(r"[\s,]+", told) if isinstance(told, str) else told or []
    return ",".join(part for part in parts if part) or None
