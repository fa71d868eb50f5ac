"""Two sign-offs before signature (NĐ 30/2020 Điều 11, 12): content by the unit's head, layout by who is appointed.

Each names the hash of the version it was given to; a later version has none of them.
"""

import uuid

import sqlalchemy as sa

from directory.actors import Actor
from documents.models import Document, DocumentVersion, Opinion
from documents.operations import moving
from kernel import audit, db

CONTENT, LAYOUT = "approval", "layout"


def approve_content(document_id: uuid.UUID, opinion: str = "", *, actor: Actor) -> Document:
    """The head of the drafting unit answers for the content (Điều 12.1)."""
    return _approve(document_id, "UNIT_APPROVED", CONTENT, opinion, actor)


def check_layout(document_id: uuid.UUID, opinion: str = "", *, actor: Actor) -> Document:
    """The appointed person answers for layout (Điều 12.2)."""
    return _approve(document_id, "LAYOUT_CHECKED", LAYOUT, opinion, actor)


def is_approved(document: Document, version: DocumentVersion) -> bool:
    """Both sign-offs were given to exactly this version."""
    query = sa.select(Opinion.kind).where(
        Opinion.document_id == document.id,
        Opinion.version_hash == version.hash,
        Opinion.kind.in_((CONTENT, LAYOUT)),
    )
    return set(db.session().scalars(query)) == {CONTENT, LAYOUT}


def _approve(document_id: uuid.UUID, state: str, kind: str, opinion: str, actor: Actor) -> Document:
    document = moving.lock(document_id, actor)
    moving.move(document, state)
    given = moving.add_opinion_on_version(document, kind, opinion, actor=actor)
    verb = "approve_content" if kind == CONTENT else "check_layout"
    audit.record(actor, f"document:{verb}", "document", document.id, version=given.version, hash=given.version_hash)
    return document
