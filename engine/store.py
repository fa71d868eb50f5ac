"""The hot path's SQL: lock an instance, write what a request has changed, all in one statement.

The row lock makes writers of one instance wait for one another; the version is a guard against code that forgot it.
"""

import functools
import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import attributes

from directory.actors import Actor
from engine import assignment
from engine.errors import ExternalTaskNotFound, InstanceNotFound, TaskNotFound
from engine.models import ACTIVE, CANCELLED, COMPLETED, READY, ExternalTask, ProcessInstance, Task
from engine.runtime import EXTERNAL, SUBSCRIPTION, TASK, TIMER, Changes, Record, Wait
from kernel import clock, db
from kernel.errors import Conflict
from kernel.ids import new_id

Row = TypeVar("Row")

RETRIES = 3  #: tries of a new external task

_INSTANCE = (
    "i.id AS i_id, i.organization_id AS i_organization_id, i.definition_id AS i_definition_id, "
    "i.business_key AS i_business_key, i.state AS i_state, i.version AS i_version, i.snapshot AS i_snapshot, "
    "i.started_at AS i_started_at, i.started_by_id AS i_started_by_id, i.started_by_name AS i_started_by_name, "
    "i.ended_at AS i_ended_at, i.end_reason AS i_end_reason"
)
# the instance first, then the row: the order in which everybody locks
_LOCK_TASK = (
    f"SELECT t.*, {_INSTANCE} FROM engine_tasks t JOIN engine_instances i ON i.id = t.instance_id "  # noqa: S608 - constants
    "WHERE t.id = %(id)s FOR UPDATE OF i, t"
)
_LOCK_EXTERNAL = _LOCK_TASK.replace("engine_tasks", "engine_external_tasks")
_LOCK_INSTANCE = f"SELECT {_INSTANCE} FROM engine_instances i WHERE i.id = %(id)s FOR UPDATE OF i"  # noqa: S608 - constants
_LOCK_FREE_INSTANCE = f"{_LOCK_INSTANCE} SKIP LOCKED"


class Locked:
    """An instance's row in hand, with the snapshot; nobody else writes it until the transaction ends."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        told = {name[2:]: value for name, value in row.items() if name.startswith("i_")}
        self.instance = kept(ProcessInstance, told)
        self.id: uuid.UUID = told["id"]
        self.organization_id: uuid.UUID = told["organization_id"]
        self.version: int = told["version"]
        self.snapshot: bytes = told["snapshot"]

    @property
    def is_active(self) -> bool:
        return self.instance.state == ACTIVE


def lock_task(task_id: uuid.UUID) -> tuple[Task, Locked]:
    """Raises TaskNotFound."""
    row = _one(_LOCK_TASK, task_id)
    if row is None:
        raise TaskNotFound
    return kept(Task, _own(row)), Locked(row)


def lock_external_task(external_task_id: uuid.UUID) -> tuple[ExternalTask, Locked]:
    row = _one(_LOCK_EXTERNAL, external_task_id)
    if row is None:
        raise ExternalTaskNotFound
    return kept(ExternalTask, _own(row)), Locked(row)


def lock_instance(instance_id: uuid.UUID) -> Locked:
    row = _one(_LOCK_INSTANCE, instance_id)
    if row is None:
        raise InstanceNotFound
    return Locked(row)


def lock_free_instance(instance_id: uuid.UUID) -> Locked | None:
    """None when somebody else is at work on it."""
    row = _one(_LOCK_FREE_INSTANCE, instance_id)
    return None if row is None else Locked(row)


def _one(statement: str, row_id: uuid.UUID) -> Mapping[str, Any] | None:
    row = db.connection().exec_driver_sql(statement, {"id": row_id}).mappings().first()
    return None if row is None else dict(row)


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("i_")}


def kept(model: type[Row], told: Mapping[str, Any]) -> Row:
    """The session's object of this row, brought up to date; made without asking the database when it has none."""
    session = db.session()
    found = session.identity_map.get(orm.util.identity_key(model, told["id"]))
    if found is None:
        found = sa.inspect(model).class_manager.new_instance()  # a constructor would note every column as changed
        found.__dict__.update(told)
        orm.make_transient_to_detached(found)
        session.add(found)
    else:
        update_kept(found, told)
    return found


def update_kept(row: Any, told: Mapping[str, Any]) -> None:
    """What the database already knows: no change to be flushed."""
    for name, value in told.items():
        attributes.set_committed_value(row, name, value)


# ------------------------------------------------------------------------------------------------------------- writing
@functools.cache
def _write_statement(parts: frozenset[str]) -> str:
    """One statement with only the parts there is something to write for."""
    chosen = [f"{name} AS ({sql})" for name, sql in _PARTS.items() if name in parts]
    return f"WITH {', '.join([f'guarded AS ({_GUARDED})', *chosen])} SELECT count(*) FROM guarded"  # noqa: S608 - constants


_GUARDED = """
UPDATE engine_instances SET version = version + 1, snapshot = %(snapshot)s, state = %(state)s,
    ended_at = %(ended_at)s::timestamptz, end_reason = %(end_reason)s
WHERE id = %(id)s AND version = %(version)s RETURNING id"""
_END = """
UPDATE {table} t SET state = c.state, ended_at = %(now)s::timestamptz{more}
FROM guarded g, jsonb_to_recordset(%({rows})s::jsonb) AS c(token int, state text)
WHERE t.instance_id = g.id AND t.token = c.token"""
_PARTS = {
    "tasks_ended": _END.format(
        table="engine_tasks",
        rows="tasks_ended",
        more=", ended_by_id = %(person_id)s::uuid, ended_by_name = %(person_name)s",
    ),
    "external_ended": _END.format(table="engine_external_tasks", rows="external_ended", more=""),
    "tasks": """
INSERT INTO engine_tasks (id, organization_id, instance_id, definition_id, token, element_id, name, state, business_key,
    assignee_id, candidate_users, candidate_groups, form_key, priority, due_at, follow_up_at, created_at, ended_by_name,
    extensions)
SELECT o.id, %(organization_id)s::uuid, g.id, o.definition_id, o.token, o.element_id, o.name, 'ready', o.business_key,
    o.assignee_id, o.candidate_users, o.candidate_groups, o.form_key, o.priority, o.due_at, o.follow_up_at,
    %(now)s::timestamptz, '', o.extensions
FROM guarded g, jsonb_to_recordset(%(tasks)s::jsonb) AS o(id uuid, definition_id uuid, token int, element_id text,
    name text, business_key text, assignee_id uuid, candidate_users text[], candidate_groups text[], form_key text,
    priority int, due_at timestamptz, follow_up_at timestamptz, extensions jsonb)""",
    "external": """
INSERT INTO engine_external_tasks (id, organization_id, instance_id, definition_id, token, element_id, topic,
    business_key, state, retries, error, created_at)
SELECT o.id, %(organization_id)s::uuid, g.id, o.definition_id, o.token, o.element_id, o.topic, o.business_key, 'ready',
    o.retries, '', %(now)s::timestamptz
FROM guarded g, jsonb_to_recordset(%(external)s::jsonb) AS o(id uuid, definition_id uuid, token int, element_id text,
    topic text, business_key text, retries int)""",
    "timers": """
INSERT INTO engine_timers (id, organization_id, definition_id, instance_id, token, element_id, due_at, repeats_left,
    every_seconds)
SELECT o.id, %(organization_id)s::uuid, o.definition_id, g.id, o.token, o.element_id, o.due_at, 1, 0
FROM guarded g, jsonb_to_recordset(%(timers)s::jsonb) AS o(id uuid, definition_id uuid, token int, element_id text,
    due_at timestamptz)
ON CONFLICT (instance_id, token) DO UPDATE SET due_at = excluded.due_at, failed_at = NULL""",
    "timers_gone": """
DELETE FROM engine_timers t USING guarded g WHERE t.instance_id = g.id AND t.token = ANY(%(timers_gone)s::int[])""",
    "subscriptions": """
INSERT INTO engine_subscriptions (id, organization_id, definition_id, instance_id, token, element_id, kind, name,
    business_key)
SELECT o.id, %(organization_id)s::uuid, o.definition_id, g.id, o.token, o.element_id, o.kind, o.name, o.business_key
FROM guarded g, jsonb_to_recordset(%(subscriptions)s::jsonb) AS o(id uuid, definition_id uuid, token int,
    element_id text, kind text, name text, business_key text)""",
    "subscriptions_gone": """
DELETE FROM engine_subscriptions t USING guarded g
WHERE t.instance_id = g.id AND t.token = ANY(%(subscriptions_gone)s::int[])""",
    "incidents_resolved": """
UPDATE engine_incidents t SET resolved_at = %(now)s::timestamptz FROM guarded g
WHERE t.organization_id = %(organization_id)s::uuid AND t.instance_id = g.id AND t.resolved_at IS NULL
    AND t.token = ANY(%(incidents_resolved)s::int[])""",
    "history": """
INSERT INTO engine_history (id, organization_id, instance_id, definition_id, token, element_id, element_name,
    element_type, kind, flow_id, at, person_id, person_name, data)
SELECT o.id, %(organization_id)s::uuid, g.id, o.definition_id, o.token, o.element_id, o.element_name, o.element_type,
    o.kind, o.flow_id, %(now)s::timestamptz, %(person_id)s::uuid, %(person_name)s::text, o.data
FROM guarded g, jsonb_to_recordset(%(history)s::jsonb) AS o(id uuid, definition_id uuid, token int, element_id text,
    element_name text, element_type text, kind text, flow_id text, data jsonb)""",
}


class Written:
    """The rows that were made, and the tokens whose rows ended."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.external_tasks: list[ExternalTask] = []
        self.cancelled_tasks: list[int] = []


def write(
    locked: Locked, changes: Changes, *, actor: Actor, done: int | None = None, cancelled: str | None = None
) -> Written:
    """Everything of one request. `done`: the token whose task or external task the actor completed; `cancelled`: why
    the whole instance was given up. Raises Conflict when somebody wrote without the lock."""
    now = clock.now()
    state = CANCELLED if cancelled is not None else COMPLETED if changes.completed else ACTIVE
    ended_at = None if state == ACTIVE else now
    made = _made(locked, changes)
    parameters: dict[str, Any] = {
        "id": locked.id,
        "version": locked.version,
        "organization_id": locked.organization_id,
        "snapshot": changes.snapshot,
        "state": state,
        "ended_at": ended_at,
        "end_reason": cancelled or "",
        "now": now,
        "person_id": actor.person_id,
        "person_name": actor.name,
        **_parts(changes, made, done),
    }
    statement = _write_statement(frozenset(parameters.keys() & _PARTS.keys()))
    if db.connection().exec_driver_sql(statement, parameters).scalar() != 1:
        raise Conflict
    locked.version += 1
    told = {"state": state, "ended_at": ended_at, "version": locked.version, "snapshot": changes.snapshot}
    update_kept(locked.instance, told | {"end_reason": cancelled or ""})
    return _written(locked, changes, made, done)


def _made(locked: Locked, changes: Changes) -> dict[str, list[dict[str, Any]]]:
    """The new rows by kind of wait, with ids."""
    assignees = {w.offered.assignee: w.offered.name for w in changes.opened if w.offered and w.offered.assignee}
    people = assignment.people_by_username(assignees, locked.organization_id)
    makers = {
        TASK: lambda wait: _task_row(wait, people),
        EXTERNAL: lambda wait: {"topic": wait.topic, "retries": RETRIES},
        TIMER: lambda wait: {"due_at": wait.due},
        SUBSCRIPTION: lambda wait: {"kind": wait.event_kind, "name": wait.event_name},
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


def _parts(changes: Changes, made: Mapping[str, list[dict[str, Any]]], done: int | None) -> dict[str, Any]:
    """Parameter name -> value, only where there is something to write."""
    closed = changes.closed
    rows = {
        "tasks": made[TASK],
        "external": made[EXTERNAL],
        "timers": made[TIMER],
        "subscriptions": made[SUBSCRIPTION],
        "history": [_history_row(record) for record in changes.records],
        "tasks_ended": _ends(closed.get(TASK, []), done),
        "external_ended": _ends(closed.get(EXTERNAL, []), done),
    }
    tokens = {
        "timers_gone": closed.get(TIMER, []),
        "subscriptions_gone": closed.get(SUBSCRIPTION, []),
        "incidents_resolved": [*closed.get(TIMER, []), *closed.get(EXTERNAL, [])],
    }
    parts: dict[str, Any] = {name: orjson.dumps(found).decode() for name, found in rows.items() if found}
    return parts | {name: found for name, found in tokens.items() if found}


def _ends(tokens: list[int], done: int | None) -> list[dict[str, Any]]:
    return [{"token": token, "state": COMPLETED if token == done else CANCELLED} for token in tokens]


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
    }


def _written(locked: Locked, changes: Changes, made: Mapping[str, list[dict[str, Any]]], done: int | None) -> Written:
    written, now = Written(), clock.now()
    common = {"organization_id": locked.organization_id, "instance_id": locked.id, "created_at": now, "ended_at": None}
    open_task = {"state": READY, "claimed_at": None, "ended_by_id": None, "ended_by_name": ""}
    written.tasks = [kept(Task, row | common | open_task) for row in made[TASK]]
    open_external = {"state": READY, "error": ""}
    written.external_tasks = [kept(ExternalTask, row | common | open_external) for row in made[EXTERNAL]]
    written.cancelled_tasks = sorted(token for token in changes.closed.get(TASK, []) if token != done)
    return written
