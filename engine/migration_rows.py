"""Rows of waits that outlive a migration: they follow their token to its new element, and back again.

The row of a task takes from the new diagram what that says of it: name, form, priority, actions, who may take it. Who
has it keeps it, and its due time stays, for the clock has been running. A timer's due time stays. A machine's work
keeps its topic: it has been handed out under it.
"""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engine import assignment
from engine.assignment import Offered, Situation
from engine.bpmn.activities import UserTask
from engine.bpmn.tokens import READY as READY_TOKEN
from engine.bpmn.tokens import Instance, Token
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.job_models import Job
from engine.models import COMPLETED, FAILED, READY, ExternalTask, Incident, Subscription, Task, Timer
from engine.runtime import EXTERNAL, SUBSCRIPTION, TASK, TIMER, Run
from feel import FeelError
from kernel import db

Saved = list[dict[str, Any]]

_OFFERED = ("name", "form_key", "candidate_users", "candidate_groups", "priority", "extensions")
_TABLES: dict[str, Any] = {
    table.__tablename__: table for table in (Task, ExternalTask, Timer, Subscription, Job, Incident)
}
#: kind of wait that has rows in this table; none: whatever the token waits for
_KINDS: dict[Any, str] = {Task: TASK, ExternalTask: EXTERNAL, Timer: TIMER, Subscription: SUBSCRIPTION}
_ONLY: dict[Any, Any] = {
    Task: Task.state == READY,
    ExternalTask: ExternalTask.state.in_((READY, FAILED)),
    Incident: Incident.resolved_at.is_(None),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Way:
    """From one definition to another. `elements`: token -> element now; `renamed`: old id -> new, where they differ."""

    instance_id: uuid.UUID
    source_id: uuid.UUID
    target_id: uuid.UUID
    elements: Mapping[int, str]
    renamed: Mapping[str, str]


def offers(run: Run, numbers: Iterable[int]) -> dict[int, Offered]:
    """What the diagram says now of the open tasks of these tokens. Raises CannotProceed."""
    instance: Instance = run.instance
    wanted = set(numbers)
    tokens = [token for token in instance.tokens() if token.id in wanted and _is_task(token)]
    return {token.id: _offered(token, run) for token in tokens}


def _is_task(token: Token) -> bool:
    return token._state == READY_TOKEN and isinstance(token.task_spec, UserTask)


def _offered(token: Token, run: Run) -> Offered:
    names = Variables(token)
    situation = Situation(names=names, functions=run.functions, organization_id=run.organization_id, now=run.now())
    try:
        return assignment.evaluate(token.task_spec.offer, situation)
    except FeelError as wrong:
        raise CannotProceed(element=token.task_spec.label, reason=wrong.message) from wrong


# ------------------------------------------------------------------------------------------------------------ there
def follow(way: Way, run: Run, offered: Mapping[int, Offered]) -> Saved:
    """Writes the rows anew; returns what they were. Raises UnknownAssignee."""
    people = assignment.people_by_username(
        {offer.assignee: offer.name for offer in offered.values() if offer.assignee}, run.organization_id
    )
    names = {token.id: token.task_spec.event for token in run.instance.tokens() if token.task_spec.event is not None}
    kinds = {kind for kind, number in run.waits() if number in way.elements}
    saved: Saved = []
    for name, table in _TABLES.items():
        for row in _rows(table, way) if _KINDS.get(table, "") in ("", *kinds) else ():
            values: dict[str, Any] = {"definition_id": way.target_id, "element_id": way.elements[row["token"]]}
            if row["token"] in offered and table is Task:
                values |= _offer_of(row, offered[row["token"]], people)
            elif table is Subscription:
                values["name"] = names[row["token"]].name
            saved.append(_change(name, table, row, values))
    return saved + _rename_done(way)


def _rows(table: Any, way: Way) -> list[Mapping[str, Any]]:
    query = sa.select(*table.__table__.columns).where(
        table.instance_id == way.instance_id,
        table.definition_id == way.source_id,
        table.token.in_(list(way.elements)),
        *([_ONLY[table]] if table in _ONLY else []),
    )
    return [dict(row) for row in db.connection().execute(query).mappings()]


def _offer_of(row: Mapping[str, Any], offer: Offered, people: Mapping[str, uuid.UUID]) -> dict[str, Any]:
    values = {name: getattr(offer, name) for name in _OFFERED}
    if not (offer.assignee or offer.candidate_users or offer.candidate_groups):  # the diagram leaves it to others
        del values["candidate_users"], values["candidate_groups"]
    if row["assignee_id"] is None and offer.assignee:
        values["assignee_id"] = people[offer.assignee]
    return values


def _change(name: str, table: Any, row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    db.connection().execute(sa.update(table).where(table.id == row["id"]).values(**values))
    before = {column: row[column] for column in values}
    return {"table": name, "id": str(row["id"]), "before": _plain(before), "after": _plain(values)}


def offered_anew(saved: Saved) -> list[uuid.UUID]:
    """The open tasks that others may take now, or have been given."""
    names = ("candidate_users", "candidate_groups", "assignee_id")
    return [
        uuid.UUID(change["id"])
        for change in saved
        if change["table"] == "engine_tasks"
        and any(change["before"].get(name) != change["after"].get(name) for name in names)
    ]


def _rename_done(way: Way) -> Saved:
    """What is done under an old id is what the new diagram means by the new one: four eyes, and going back to it."""
    if not way.renamed:
        return []
    query = sa.select(Task.id, Task.element_id).where(
        Task.instance_id == way.instance_id,
        Task.definition_id == way.source_id,
        Task.state == COMPLETED,
        Task.element_id.in_(list(way.renamed)),
    )
    return [
        _change("engine_tasks", Task, dict(row), {"element_id": way.renamed[row["element_id"]]})
        for row in db.connection().execute(query).mappings().all()
    ]


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in values.items()}


# -------------------------------------------------------------------------------------------------------- and back
def restore(saved: Saved) -> None:
    """What is still there becomes what it was. Somebody who took a task meanwhile keeps it."""
    for change in saved:
        table, before = _TABLES[change["table"]], dict(change["before"])
        held = change["after"].get("assignee_id")
        statement = sa.update(table).where(table.id == uuid.UUID(change["id"]))
        if "assignee_id" in before:
            mine = before.pop("assignee_id")
            db.connection().execute(statement.where(table.assignee_id == uuid.UUID(held)).values(assignee_id=mine))
        if "definition_id" in before:
            before["definition_id"] = uuid.UUID(before["definition_id"])
        db.connection().execute(statement.values(**before))
