"""One document to another, said by a person."""

import uuid

import sqlalchemy as sa

from directory.actors import Actor
from documents import states
from documents.models import DocumentRelation
from documents.operations import moving
from documents.queries import get_document
from kernel import audit, db
from kernel.errors import Invalid


def relate_documents(from_id: uuid.UUID, to_id: uuid.UUID, *, kind: str, actor: Actor) -> DocumentRelation:
    """`from_id` replies to, encloses, replaces, corrects or relates to `to_id`; both must be the actor's to see."""
    if kind not in states.RELATIONS:
        raise Invalid({"kind": "Chọn quan hệ giữa hai văn bản."})
    if from_id == to_id:
        raise Invalid({"to": "Chọn một văn bản khác."})
    get_document(to_id, actor)
    document = moving.lock(get_document(from_id, actor).id, actor)
    query = sa.select(DocumentRelation).filter_by(from_id=from_id, to_id=to_id, kind=kind)
    existing = db.session().scalars(query).one_or_none()
    if existing is not None:
        return existing
    relation = DocumentRelation(
        organization_id=document.organization_id, from_id=from_id, to_id=to_id, kind=kind, created_by_name=actor.name
    )
    db.session().add(relation)
    db.session().flush()
    audit.record(actor, "document:relate", "document", from_id, to=to_id, kind=kind)
    return relation
