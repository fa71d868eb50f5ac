"""What completing a task does, by its form: most go straight to the engine, some are an act on the document."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from directory.actors import Actor
from documents import operations as documents
from documents import queries
from documents.models import Document
from engine import operations as engine
from engine.models import Task

Values = Mapping[str, Any]
Handler = Callable[[uuid.UUID, Values, str, Actor], object]

SIGN = "sign"


def complete(form_key: str, task_id: uuid.UUID, values: Values, *, pin: str, actor: Actor) -> None:
    """One operation; `pin` opens the signer's key and is told to nobody else."""
    handler = HANDLERS.get(form_key, _complete)
    handler(task_id, values, pin, actor)


def given(task: Task) -> str:
    """The number that completing this task gave, in words: it is written down at once. Empty when it gave none."""
    told = GIVEN.get(task.form_key)
    document = queries.documents_of_tasks([task]).get(task.id) if told else None
    return told(document) if told and document else ""


def _arrival(document: Document) -> str:
    return str(_("Đã vào sổ, số đến %(n)s.", n=document.arrival_number)) if document.arrival_number else ""


def _number(document: Document) -> str:
    if not document.number_symbol:
        return ""
    return str(_("Đã cấp số %(n)s, đang đóng dấu cơ quan.", n=document.number_symbol))


def _complete(task_id: uuid.UUID, values: Values, _pin: str, actor: Actor) -> object:
    return engine.complete_task(task_id, values, actor=actor)


def _submit_draft(task_id: uuid.UUID, values: Values, _pin: str, actor: Actor) -> object:
    return documents.submit_draft(task_id, values, actor=actor)


def _sign(task_id: uuid.UUID, values: Values, pin: str, actor: Actor) -> object:
    if values.get("outcome") != SIGN:
        return engine.complete_task(task_id, values, actor=actor)
    return documents.sign_document(task_id, values, pin=pin, actor=actor)


#: form key → the words for the number it gives
GIVEN: dict[str, Callable[[Document], str]] = {"dang-ky-den": _arrival, "cap-so": _number}

#: form key → the act behind it
HANDLERS: dict[str, Handler] = {
    "du-thao": _submit_draft,
    "ky-so": _sign,
}
