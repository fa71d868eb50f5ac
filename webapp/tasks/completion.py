"""What completing a task does, by its form: most go straight to the engine, some are an act on the document."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from directory.actors import Actor
from documents import operations as documents
from engine import operations as engine

Values = Mapping[str, Any]
Handler = Callable[[uuid.UUID, Values, str, Actor], object]

SIGN = "sign"


def complete(form_key: str, task_id: uuid.UUID, values: Values, *, pin: str, actor: Actor) -> None:
    """One operation; `pin` opens the signer's key and is told to nobody else."""
    handler = HANDLERS.get(form_key, _complete)
    handler(task_id, values, pin, actor)


def _complete(task_id: uuid.UUID, values: Values, _pin: str, actor: Actor) -> object:
    return engine.complete_task(task_id, values, actor=actor)


def _submit_draft(task_id: uuid.UUID, values: Values, _pin: str, actor: Actor) -> object:
    return documents.submit_draft(task_id, values, actor=actor)


def _sign(task_id: uuid.UUID, values: Values, pin: str, actor: Actor) -> object:
    if values.get("outcome") != SIGN:
        return engine.complete_task(task_id, values, actor=actor)
    return documents.sign_document(task_id, values, pin=pin, actor=actor)


#: form key → the act behind it
HANDLERS: dict[str, Handler] = {
    "du-thao": _submit_draft,
    "ky-so": _sign,
}
