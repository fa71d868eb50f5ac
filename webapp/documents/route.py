"""The way of a document in words: which steps were done by whom, which are open now. The diagram says the same."""

import dataclasses
from collections.abc import Sequence

from documents.models import Document
from engine import queries as engine
from engine.models import READY, Task
from webapp.documents.holders import Names
from webapp.texts import moment


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One step as the kit's route draws it: done, now or back."""

    kind: str
    name: str
    who: str
    when: str


def steps_of(document: Document) -> list[Step]:
    """Of the document's own process, oldest first; tasks that were withdrawn are left out."""
    if document.instance_id is None:
        return []
    key = str(document.id)
    tasks = [task for task in engine.list_instance_tasks(document.instance_id) if task.business_key == key]
    names = Names(document.organization_id, tasks)
    shown = [task for task in tasks if task.state in {"completed", READY}]
    return [_step(task, names, shown) for task in sorted(shown, key=lambda task: (task.state == READY, task.id))]


def _step(task: Task, names: Names, tasks: Sequence[Task]) -> Step:
    if task.state == READY:
        return Step(kind="now", name=task.name, who=names.holder(task), when=_due(task))
    done_again = any(other.element_id == task.element_id and other.id > task.id for other in tasks)
    return Step(
        kind="back" if done_again else "done", name=task.name, who=task.ended_by_name, when=moment(task.ended_at)
    )


def _due(task: Task) -> str:
    return f"hạn {moment(task.due_at)}" if task.due_at else f"từ {moment(task.created_at)}"
