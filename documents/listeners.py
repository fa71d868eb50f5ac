"""What documents hear from the engine, in the same transaction."""

import uuid
from collections.abc import Mapping
from typing import Any

from documents.issuing import SEAL
from documents.models import Document
from documents.operations import directing, moving
from engine.events import ExternalTaskReady, TaskCompleted, TaskReady, TaskWithdrawn
from engine.models import Task
from kernel import db, events, jobs

PROPOSAL, SUPPORT = "trinh", "phoi-hop"  #: forms with a meaning of their own here
#: Forms whose opinion the act itself writes down, bound to version or direction.
ACTS = {
    "dang-ky-den",
    "chi-dao",
    "phan-cong",
    "giai-quyet",
    "du-thao",
    "duyet-noi-dung",
    "kiem-tra-the-thuc",
    "ky-so",
}


@events.listens(TaskCompleted)
def follow_task(event: TaskCompleted) -> None:
    """The proposal moves the document on; an opinion that no act writes down is kept as one."""
    document = _document_of(event.task.business_key)
    if document is None or event.task.form_key in ACTS:
        return
    if event.task.form_key == PROPOSAL and document.state == "REGISTERED":
        directing.present(document)
    if event.task.form_key == SUPPORT:
        directing.finish_support(document, event.actor.unit_code)
    text = _said(event.task.form_key, event.values)
    if text:
        kind = {PROPOSAL: "proposal", SUPPORT: "support"}.get(event.task.form_key, "comment")
        moving.add_opinion(document, kind, text, actor=event.actor, task_id=event.task.id)


@events.listens(TaskReady)
def follow_return(event: TaskReady) -> None:
    """A step that was sent back to is to be done again."""
    if event.task.extensions.get("returned"):
        _step_back(event.task)


@events.listens(TaskWithdrawn)
def follow_withdrawal(event: TaskWithdrawn) -> None:
    _step_back(event.task)


@events.listens(ExternalTaskReady)
def seal_later(event: ExternalTaskReady) -> None:
    """Sealing asks a time-stamp authority: after this transaction, by a job."""
    if event.external_task.topic == SEAL:
        jobs.defer(SEAL, once=f"{SEAL}:{event.external_task.id}", external_task_id=str(event.external_task.id))


def _said(form_key: str, values: Mapping[str, Any]) -> str:
    return str(values.get("proposal" if form_key == PROPOSAL else "opinion") or "").strip()


def _step_back(task: Task) -> None:
    document = _document_of(task.business_key)
    if document is not None:
        directing.step_back(document, task.form_key)


def _document_of(business_key: str) -> Document | None:
    try:
        return db.session().get(Document, uuid.UUID(business_key))
    except ValueError:
        return None
