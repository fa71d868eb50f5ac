"""What every act begins with: the document, its row locked, in the state the act belongs to, by the right person."""

import uuid
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from documents import states
from documents.errors import DocumentNotFound, NotRecordsClerk, WrongState
from documents.models import Document, DocumentVersion, Opinion
from engine.models import ProcessInstance
from kernel import db

RECORDS_CLERK = "van-thu"


def lock(document_id: uuid.UUID, actor: Actor) -> Document:
    """The document of the actor's organisation; nobody else changes it until the end of the transaction."""
    document = db.session().get(Document, document_id, with_for_update=True, populate_existing=True)
    if document is None or document.organization_id != actor.organization_id:
        raise DocumentNotFound
    return document


def lock_process(instance_id: uuid.UUID | None) -> None:
    """Before `lock`, in acts that end in the engine: everybody locks the instance first, then the document."""
    query = sa.select(ProcessInstance.id).where(ProcessInstance.id == instance_id)
    db.session().execute(query.with_for_update())


def move(document: Document, state: str) -> None:
    """Raises WrongState when the law's order does not allow it."""
    if not states.may_follow(document.direction, document.state, state):
        raise WrongState(state=document.state_name)
    document.state = state


def require_state(document: Document, *wanted: str) -> None:
    if document.state not in wanted:
        raise WrongState(state=document.state_name)


def require_clerk(actor: Actor) -> None:
    if not actor.has_role(RECORDS_CLERK):
        raise NotRecordsClerk


def current_version(document: Document) -> DocumentVersion | None:
    query = sa.select(DocumentVersion).where(
        DocumentVersion.document_id == document.id, DocumentVersion.number == document.current_version
    )
    return db.session().scalars(query).one_or_none()


def add_opinion(
    document: Document, kind: str, text: str, *, actor: Actor, task_id: uuid.UUID | None = None, **bound: Any
) -> Opinion:
    """Who said what, in which office. `bound` names the version it was said of."""
    opinion = Opinion(
        organization_id=document.organization_id,
        document_id=document.id,
        task_id=task_id,
        kind=kind,
        author_id=actor.person_id,
        author_name=actor.name,
        author_title=actor.title,
        author_unit=actor.unit_name,
        text=text.strip(),
        version=bound.get("version"),
        version_hash=bound.get("version_hash"),
    )
    db.session().add(opinion)
    db.session().flush()
    return opinion


def add_opinion_on_version(document: Document, kind: str, text: str, *, actor: Actor) -> Opinion:
    version = current_version(document)
    if version is None:
        raise WrongState(state=document.state_name)
    return add_opinion(document, kind, text, actor=actor, version=version.number, version_hash=version.hash)
