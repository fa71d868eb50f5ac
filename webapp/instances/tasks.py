"""Việc: the human tasks of an instance, open and ended."""

import dataclasses
from collections.abc import Sequence

from flask import url_for

from directory.actors import Actor
from engine import queries
from engine.models import READY, ProcessInstance, Task
from webapp.documents.holders import Names
from webapp.documents.words import Tag
from webapp.due import Due, due_of_task
from webapp.instances import page
from webapp.tasks.page import may_look

STATES = {
    "ready": Tag("Đang mở", "act", "clock"),
    "completed": Tag("Đã xong", "ok", "check2"),
    "cancelled": Tag("Đã thu lại", "line", "arrow-counterclockwise"),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One task. `url`: empty when it is nothing to this person."""

    task: Task
    state: Tag
    holder: str
    due: Due | None
    lasted: str  #: in working time
    url: str


def lines_of(instance: ProcessInstance, actor: Actor) -> list[Line]:
    """Open ones first, then the newest."""
    found = queries.list_instance_tasks(instance.id)
    names = Names(actor.organization_id, found)
    ordered: Sequence[Task] = sorted(found, key=lambda task: (task.state != READY, -task.token))
    return [_line(task, names, actor) for task in ordered]


def _line(task: Task, names: Names, actor: Actor) -> Line:
    return Line(
        task=task,
        state=STATES[task.state],
        holder=task.ended_by_name if task.state != READY else names.holder(task),
        due=due_of_task(task) if task.due_at else None,
        lasted=page.lasted(task.organization_id, task.created_at, task.ended_at)[1],
        url=url_for("tasks.show", task_id=task.id) if may_look(task, actor) else "",
    )
