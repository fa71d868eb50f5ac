"""Where an instance stands: every token, what it waits for, since when, who holds its task."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from flask import url_for

from directory.actors import Actor
from engine import history, queries, usage
from engine.history import TokenView
from engine.models import READY, ProcessInstance, Task
from webapp.documents.holders import Names
from webapp.due import Due, due_of_task
from webapp.instances import page, words


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """One token as the page tells of it."""

    number: int
    definition_id: uuid.UUID
    element_id: str
    name: str
    kind: str
    scope: str
    icon: str
    waits_for: str
    task_url: str
    holder: str
    since: dt.datetime | None
    lasted: str  #: in working time
    due: Due | None
    due_at: dt.datetime | None
    incident: bool
    state: str

    @property
    def at_work(self) -> bool:
        """Does it wait itself, and not for the steps inside it or beside another one?"""
        return self.state in ("ready", "waiting")

    @property
    def listens(self) -> bool:
        return self.state == "listening"


def standing_of(instance: ProcessInstance, actor: Actor) -> list[Standing]:
    tokens = history.list_tokens(instance.id)
    tasks = {task.id: task for task in queries.list_instance_tasks(instance.id) if task.state == READY}
    stuck = {
        incident.token
        for incident in usage.list_instance_incidents(actor.organization_id, instance.id)
        if incident.resolved_at is None
    }
    names = Names(actor.organization_id, tasks.values())
    return [_told(token, tasks, names, instance, stuck) for token in tokens]


def _told(
    token: TokenView,
    tasks: Mapping[uuid.UUID, Task],
    names: Names,
    instance: ProcessInstance,
    stuck: set[int | None],
) -> Standing:
    task = tasks.get(token.task_id) if token.task_id else None
    return Standing(
        number=token.number,
        definition_id=token.definition_id,
        element_id=token.element_id,
        name=_name(token),
        kind=words.element(token.element_type),
        scope=token.scope_label,
        icon=words.WAITS.get(token.kind, words.WAITS[""]),
        waits_for=f"{token.waits_for[:1].upper()}{token.waits_for[1:]}",
        task_url=url_for("tasks.show", task_id=task.id) if task else "",
        holder=names.holder(task) if task else "",
        since=token.since,
        lasted=page.lasted(instance.organization_id, token.since, None)[1] if token.since else "",
        due=due_of_task(task) if task and task.due_at else None,
        due_at=token.due_at,
        incident=token.number in stuck,
        state=token.state,
    )


def _name(token: TokenView) -> str:
    name = words.named(token.element_name, token.element_type, token.element_id)
    return name if token.loop is None else f"{name} ({token.loop + 1})"
