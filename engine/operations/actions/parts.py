"""What the verbs begin and end with: the task locked, the rule asked, a colleague, a text; a line of history."""

import uuid
from typing import Any

import sqlalchemy as sa

from directory import queries as directory
from directory.actors import Actor
from directory.models import Person
from engine import actions, permissions
from engine.action_errors import ReasonMissing, TextTooLong, UnsuitablePerson
from engine.errors import NotDifferent, TaskNotFound
from engine.models import HistoryEntry, Task
from kernel import audit, clock, db
from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.text import tidy

MAX_TEXT = 4_000  #: characters of a reason, question, answer or note


def lock(task_id: uuid.UUID) -> Task:
    """The row alone, for verbs that do not touch the instance. Raises TaskNotFound."""
    query = sa.select(Task).where(Task.id == task_id).with_for_update(of=Task, key_share=True)
    task = db.session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if task is None:
        raise TaskNotFound
    return task


def require(name: str, task: Task, actor: Actor) -> None:
    refusal = actions.refusal_to(name, task, actor)
    if refusal is not None:
        raise refusal


def reason_for(name: str, task: Task, reason: str) -> str:
    """Raises ReasonMissing, TextTooLong."""
    told = text(reason, "reason")
    if not told and actions.wants_reason(task, name):
        raise ReasonMissing({"reason": "Ghi lý do để người nhận biết phải làm gì."})
    return told


def text(typed: str, field: str, *, missing: str = "") -> str:
    """`missing`: what is said when there is none; empty: it need not be there. Raises Invalid, TextTooLong."""
    told = tidy(typed)
    if missing and not told:
        raise Invalid({field: missing})
    if len(told) > MAX_TEXT:
        raise TextTooLong({field: f"Ghi không quá {MAX_TEXT} ký tự."})
    return told


def colleague(person_id: uuid.UUID, task: Task, *, actor: Actor) -> Person:
    """Somebody else who works here. Raises UnsuitablePerson."""
    person = directory.get_person(person_id)
    if person.organization_id != task.organization_id or not person.active:
        raise UnsuitablePerson({"person": "Chọn một người đang làm việc trong cơ quan."})
    if person.id == actor.person_id:
        raise UnsuitablePerson({"person": "Chọn người khác, không chọn chính mình."})
    return person


def require_other_eyes(task: Task, person_id: uuid.UUID) -> None:
    """Raises NotDifferent: four eyes hold for whoever is given the task."""
    if permissions.refusal_of_same_eyes(task, person_id) is not None:
        raise NotDifferent("Người này đã làm bước trước của hồ sơ nên không làm được bước này. Chọn người khác.")


def tell_history(task: Task, verb: str, *, actor: Actor, **data: Any) -> None:
    """The verb's line of history, and its line of the audit trail."""
    db.connection().execute(
        sa.insert(HistoryEntry).values(
            id=new_id(),
            organization_id=task.organization_id,
            instance_id=task.instance_id,
            definition_id=task.definition_id,
            token=task.token,
            element_id=task.element_id,
            element_name=task.name,
            element_type="userTask",
            kind="action",
            at=clock.now(),
            person_id=actor.person_id,
            person_name=actor.name,
            data={"verb": verb, **data},
        )
    )
    tag = {"addSigner": "add_signer", "removeSigner": "remove_signer"}.get(verb, verb)
    audit.record(actor, f"task:{tag}", "task", task.id, element=task.element_id, instance=task.instance_id, **data)
