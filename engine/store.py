"""What a request has changed, written in one statement; taking the instance in hand stands in engine.locking."""

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from directory.actors import Actor
from engine import assignment, deciding, rewinding
from engine.bpmn.tokens import JOB
from engine.locking import (
    Locked,
    insert_instance,
    kept,
    lock_external_task,
    lock_free_instance,
    lock_instance,
    lock_task,
    update_kept,
)
from engine.models import CANCELLED, COMPLETED, READY, SUSPENDED, ExternalTask, Task
from engine.runtime import EXTERNAL, SUBSCRIPTION, TASK, TIMER, Changes, Record, Wait
from kernel import audit, clock, db
from kernel.errors import Conflict
from kernel.ids import new_id
from kernel.statements import Statement

__all__ = [
    "Locked",
    "Written",
    "insert_instance",
    "kept",
    "lock_external_task",
    "lock_free_instance",
    "lock_instance",
    "lock_task",
    "update_kept",
    "write",
]

RETRIES = 3  #: tries of a new external task
#: columns of a task that is new, all null
BESIDE = ("opened_at", "opened_by_id", "owner_id", "delegate_id", "delegation", "draft", "paused_at")


@functools.cache
def _write_statement(parts: frozenset[str]) -> Statement:
    """One statement with only the parts there is something to write for."""
    chosen = [f"{name} AS ({sql})" for name, sql in _PARTS.items() if name in parts]
    return Statement(f"WITH {', '.join([f'guarded AS ({_GUARDED})', *chosen])} SELECT count(*) FROM guarded")  # noqa: S608 - constants


_GUARDED = """
UPDATE engine_instances SET version = version + 1, snapshot = %(snapshot)s::bytea, state = %(state)s::text,
    ended_at = %(ended_at)s::timestamptz, end_reason = %(end_reason)s::text
WHERE id = %(id)s AND version = %(version)s RETURNING id"""
_END = """
UPDATE {table} t SET ended_at = %(now)s::timestamptz,
    state = CASE WHEN t.token = %(done)s::int THEN 'completed' ELSE 'cancelled' END{more}
FROM guarded g WHERE t.instance_id = g.id AND t.token = ANY(%({rows})s::int[])"""
_PARTS = {
    "tasks_ended": _END.format(
        table="engine_tasks",
        rows="tasks_ended",
        more=", ended_by_id = %(person_id)s::uuid, ended_by_name = %(person_name)s::text",
    ),
    "external_ended": _END.format(table="engine_external_tasks", rows="external_ended", more=""),
    "tasks": """
INSERT INTO engine_tasks (id, organization_id, instance_id, definition_id, token, element_id, name, state, business_key,
    assignee_id, candidate_users, candidate_groups, form_key, priority, due_at, follow_up_at, created_at, ended_by_name,
    suspended, extensions)
SELECT o.id, %(organization_id)s::uuid, g.id, o.definition_id, o.token, o.element_id, o.name, 'ready', o.business_key,
    o.assignee_id, o.candidate_users, o.candidate_groups, o.form_key, o.priority, o.due_at, o.follow_up_at,
    %(now)s::timestamptz, '', %(suspended)s::boolean, o.extensions
FROM guarded g, json_to_recordset(%(tasks)s::json) AS o(id uuid, definition_id uuid, token int, element_id text,
    name text, business_key text, assignee_id uuid, candidate_users text[], candidate_groups text[], form_key text,
    priority int, due_at timestamptz, follow_up_at timestamptz, extensions jsonb)""",
    "external": """
INSERT INTO engine_external_tasks (id, organization_id, instance_id, definition_id, token, element_id, topic,
    business_key, state, retries, error, created_at)
SELECT o.id, %(organization_id)s::uuid, g.id, o.definition_id, o.token, o.element_id, o.topic, o.business_key, 'ready',
    o.retries, '', %(now)s::timestamptz
FROM guarded g, json_to_recordset(%(external)s::json) AS o(id uuid, definition_id uuid, token int, element_id text,
    topic text, business_key text, retries int)""",
    "timers": """
INSERT INTO engine_timers (id, organization_id, definition_id, instance_id, token, element_id, due_at, repeats_left,
    every_seconds)
SELECT o.id, %(organization_id)s::uuid, o.definition_id, g.id, o.token, o.element_id, o.due_at, 1, 0
FROM guarded g, json_to_recordset(%(timers)s::json) AS o(id uuid, definition_id uuid, token int, element_id text,
    due_at timestamptz)
ON CONFLICT (instance_id, token) DO UPDATE
SET due_at = excluded.due_at, failed_at = NULL, retries = NULL, retry_at = NULL""",
    "timers_gone": """
DELETE FROM engine_timers t USING guarded g WHERE t.instance_id = g.id AND t.token = ANY(%(timers_gone)s::int[])""",
    "subscriptions": """
INSERT INTO engine_subscriptions (id, organization_id, definition_id, instance_id, token, element_id, kind, name,
    business_key)
SELECT o.id, %(organization_id)s::uuid, o.definition_id, g.id, o.token, o.element_id, o.kind, o.name, o.business_key
FROM guarded g, json_to_recordset(%(subscriptions)s::json) AS o(id uuid, definition_id uuid, token int,
    element_id text, kind text, name text, business_key text)""",
    "subscriptions_gone": """
DELETE FROM engine_subscriptions t USING guarded g
WHERE t.instance_id = g.id AND t.token = ANY(%(subscriptions_gone)s::int[])""",
    "jobs": """
INSERT INTO engine_jobs (id, organization_id, definition_id, instance_id, token, element_id, kind, name, business_key,
    created_at, due_at, queued_at, error)
SELECT o.id, %(organization_id)s::uuid, o.definition_id, g.id, o.token, o.element_id, 'continue', '', o.business_key,
    %(now)s::timestamptz, %(now)s::timestamptz, %(now)s::timestamptz, ''
FROM guarded g, json_to_recordset(%(jobs)s::json) AS o(id uuid, definition_id uuid, token int, element_id text,
    business_key text)""",
    "jobs_gone": """
DELETE FROM engine_jobs t USING guarded g
WHERE t.instance_id = g.id AND t.kind = 'continue' AND t.token = ANY(%(jobs_gone)s::int[])""",
    "incidents_resolved": """
UPDATE engine_incidents t SET resolved_at = %(now)s::timestamptz FROM guarded g
WHERE t.organization_id = %(organization_id)s::uuid AND t.instance_id = g.id AND t.resolved_at IS NULL
    AND t.token = ANY(%(incidents_resolved)s::int[])""",
    "decided": deciding.INSERT,
    "history": """
INSERT INTO engine_history (id, organization_id, instance_id, definition_id, token, element_id, element_name,
    element_type, kind, flow_id, at, person_id, person_name, data, changes, loop)
SELECT o.id, %(organization_id)s::uuid, g.id, o.definition_id, o.token, o.element_id, o.element_name, o.element_type,
    o.kind, o.flow_id, %(now)s::timestamptz, %(person_id)s::uuid, %(person_name)s::text, o.data,
    o.changes, o.loop
FROM guarded g, json_to_recordset(%(history)s::json) AS o(id uuid, definition_id uuid, token int, element_id text,
    element_name text, element_type text, kind text, flow_id text, data jsonb, changes jsonb,
    loop int)""",
    "audit_id": f"{audit.INSERT} FROM guarded",
    "rewind_task_id": rewinding.INSERT,
}


class Written:
    """The rows that were made, and the tokens whose rows ended, at this moment."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at
        self.tasks: list[Task] = []
        self.external_tasks: list[ExternalTask] = []
        self.cancelled_tasks: list[int] = []
        self.jobs: list[uuid.UUID] = []


def write(
    locked: Locked,
    changes: Changes,
    *,
    actor: Actor,
    done: int | None = None,
    cancelled: str | None = None,
    line: Mapping[str, Any] | None = None,
) -> Written:
    """Everything of one request. `done`: the token whose task or external task the actor completed; `cancelled`: why
    the whole instance was given up; `line`: of the audit trail (audit.line), written along, as is what takes a
    completion back (rewinding.parameters). Raises Conflict when somebody wrote without the lock."""
    now = clock.now()
    state = CANCELLED if cancelled is not None else COMPLETED if changes.completed else locked.state
    ended_at = now if state in (COMPLETED, CANCELLED) else None
    made = _made(locked, changes)
    parameters: dict[str, Any] = {
        "id": locked.id,
        "version": locked.version,
        "organization_id": locked.organization_id,
        "snapshot": changes.snapshot,
        "state": state,
        "suspended": state == SUSPENDED,
        "ended_at": ended_at,
        "end_reason": cancelled or "",
        "now": now,
        "person_id": actor.person_id,
        "person_name": actor.name,
        "done": done,
        **_parts(changes, made),
        **(line or {}),
    }
    statement = _write_statement(frozenset(parameters.keys() & _PARTS.keys()))
    if db.run(statement, parameters) != [(1,)]:
        raise Conflict
    told = {"state": state, "ended_at": ended_at, "version": locked.version + 1, "snapshot": changes.snapshot}
    locked.update(told | {"end_reason": cancelled or ""})
    return _written(locked, changes, made, done=done, at=now)


def _made(locked: Locked, changes: Changes) -> dict[str, list[dict[str, Any]]]:
    """The new rows by kind of wait, with ids."""
    assignees = {w.offered.assignee: w.offered.name for w in changes.opened if w.offered and w.offered.assignee}
    people = assignment.people_by_username(assignees, locked.organization_id)
    makers: dict[str, Callable[[Wait], dict[str, Any]]] = {
        TASK: lambda wait: _task_row(wait, people),
        EXTERNAL: lambda wait: {"topic": wait.topic, "retries": RETRIES},
        TIMER: lambda wait: {"due_at": wait.due},
        SUBSCRIPTION: lambda wait: {"kind": wait.event_kind, "name": wait.event_name},
        JOB: lambda wait: {},
    }
    made: dict[str, list[dict[str, Any]]] = {kind: [] for kind in makers}
    for wait in changes.opened:
        common = {
            "id": new_id(),
            "definition_id": wait.definition_id,
            "token": wait.token,
            "element_id": wait.element_id,
            "business_key": wait.business_key,
        }
        made[wait.kind].append(common | makers[wait.kind](wait))
    return made


def _task_row(wait: Wait, people: Mapping[str, uuid.UUID]) -> dict[str, Any]:
    offered = wait.offered
    assert offered is not None  # noqa: S101 - waits of this kind have one
    return {
        "name": offered.name,
        "assignee_id": people.get(offered.assignee),
        "candidate_users": offered.candidate_users,
        "candidate_groups": offered.candidate_groups,
        "form_key": offered.form_key,
        "priority": offered.priority,
        "due_at": offered.due_at,
        "follow_up_at": offered.follow_up_at,
        "extensions": offered.extensions,
    }


def _parts(changes: Changes, made: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Parameter name -> value, only where there is something to write."""
    closed = changes.closed
    rows = {
        "tasks": made[TASK],
        "external": made[EXTERNAL],
        "timers": made[TIMER],
        "subscriptions": made[SUBSCRIPTION],
        "jobs": made[JOB],
        "history": [_history_row(record) for record in changes.records],
        "decided": deciding.rows_of(changes.decided),
    }
    tokens = {
        "tasks_ended": closed.get(TASK, []),
        "external_ended": closed.get(EXTERNAL, []),
        "timers_gone": closed.get(TIMER, []),
        "subscriptions_gone": closed.get(SUBSCRIPTION, []),
        "jobs_gone": closed.get(JOB, []),
        "incidents_resolved": [*closed.get(TIMER, []), *closed.get(EXTERNAL, []), *closed.get(JOB, [])],
    }
    parts: dict[str, Any] = {name: orjson.dumps(found).decode() for name, found in rows.items() if found}
    return parts | {name: found for name, found in tokens.items() if found}


def _history_row(record: Record) -> dict[str, Any]:
    return {
        "id": new_id(),
        "definition_id": record.definition_id,
        "token": record.token,
        "element_id": record.element_id,
        "element_name": record.element_name,
        "element_type": record.element_type,
        "kind": record.kind,
        "flow_id": record.flow_id,
        "data": record.data,
        "changes": record.changes,
        "loop": record.loop,
    }


def _written(
    locked: Locked, changes: Changes, made: Mapping[str, list[dict[str, Any]]], *, done: int | None, at: dt.datetime
) -> Written:
    written = Written(at)
    common = {"organization_id": locked.organization_id, "instance_id": locked.id, "created_at": at, "ended_at": None}
    open_task: dict[str, Any] = {"state": READY, "claimed_at": None, "ended_by_id": None, "ended_by_name": ""}
    open_task |= dict.fromkeys(BESIDE)
    open_task["suspended"] = locked.state == SUSPENDED
    written.tasks = [kept(Task, row | common | open_task) for row in made[TASK]]
    open_external = {"state": READY, "error": "", "retry_at": None}
    written.external_tasks = [kept(ExternalTask, row | common | open_external) for row in made[EXTERNAL]]
    written.jobs = [row["id"] for row in made[JOB]]
    written.cancelled_tasks = sorted(token for token in changes.closed.get(TASK, []) if token != done)
    return written
