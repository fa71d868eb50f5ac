"""What belongs to one document: files, verdicts, versions, opinions, directions, recipients, relations."""

import dataclasses
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor
from documents import states
from documents.errors import DocumentNotFound
from documents.models import (
    Directive,
    Document,
    DocumentFile,
    DocumentRelation,
    DocumentSignature,
    DocumentVersion,
    Opinion,
    Receipt,
    Recipient,
)
from documents.queries.visibility import get_document, may_view, visible_to
from kernel import db

IN_FORCE = ("issued_pdf", "signed_pdf", "signing_pdf", "draft_pdf", "original")  #: what is shown, best first
SIGNED = ("issued_pdf", "signed_pdf", "original")


@dataclasses.dataclass(frozen=True, kw_only=True)
class RelatedDocument:
    """Another document and how it stands to this one; `words` reads from this one ("trả lời", "được trả lời")."""

    relation: DocumentRelation
    words: str
    outward: bool  #: this one replies to, encloses … the other
    document: Document

    @property
    def kind(self) -> str:
        return self.relation.kind


def list_files(document: Document, actor: Actor) -> Sequence[DocumentFile]:
    """Raises DocumentNotFound when the document is not the actor's to see."""
    if not may_view(document, actor):
        raise DocumentNotFound
    query = sa.select(DocumentFile).where(DocumentFile.document_id == document.id, DocumentFile.removed_at.is_(None))
    return db.session().scalars(query.order_by(DocumentFile.created_at, DocumentFile.id)).all()


def first_file_names(document_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Document id → the name its first file came under; what an arrival is known by before it is registered."""
    if not document_ids:
        return {}
    query = sa.select(DocumentFile.document_id, DocumentFile.name).where(
        DocumentFile.document_id.in_(document_ids), DocumentFile.removed_at.is_(None)
    )
    rows = db.session().execute(query.order_by(DocumentFile.created_at.desc(), DocumentFile.id.desc()))
    return {row.document_id: row.name for row in rows}


def get_file(file_id: uuid.UUID, actor: Actor) -> DocumentFile:
    """Raises DocumentNotFound also when the document is not the actor's to see."""
    file = db.session().get(DocumentFile, file_id)
    if file is None:
        raise DocumentNotFound
    get_document(file.document_id, actor)
    return file


def current_pdf(document: Document) -> DocumentFile | None:
    """The PDF that stands for the document now."""
    query = sa.select(DocumentFile).where(
        DocumentFile.document_id == document.id,
        DocumentFile.media_type == "application/pdf",
        DocumentFile.role.in_(IN_FORCE),
        DocumentFile.removed_at.is_(None),
    )
    found = db.session().scalars(query.order_by(DocumentFile.created_at.desc(), DocumentFile.id.desc())).all()
    return min(found, key=lambda file: (IN_FORCE.index(file.role), -(file.version or 0)), default=None)


def list_signatures(document: Document) -> Sequence[DocumentSignature]:
    """The newest verdict on each signature of each file."""
    query = (
        sa.select(DocumentSignature)
        .join(DocumentFile, DocumentFile.id == DocumentSignature.file_id)
        .where(DocumentFile.document_id == document.id)
        .order_by(DocumentSignature.file_id, DocumentSignature.field, DocumentSignature.checked_at.desc())
        .ext(pg.distinct_on(DocumentSignature.file_id, DocumentSignature.field))
    )
    return sorted(db.session().scalars(query), key=lambda signature: (str(signature.file_id), signature.ordinal))


def legal_value(document: Document) -> str:
    """NĐ 30/2020 Điều 5.1: 'FULL' when person and organisation signed validly, 'INVALID' when a signature is broken,
    else 'INFO_ONLY'. Judged on the file in force."""
    file = current_pdf(document)
    if file is None or file.role not in SIGNED:
        return "INFO_ONLY"
    verdicts = [(s.role, s.verdict) for s in list_signatures(document) if s.file_id == file.id]
    if any(verdict == "INVALID" for _, verdict in verdicts):
        return "INVALID"
    valid = {role for role, verdict in verdicts if verdict == "VALID"}
    return "FULL" if valid == {"leader", "organisation"} else "INFO_ONLY"


def list_versions(document: Document) -> Sequence[DocumentVersion]:
    """Newest first."""
    query = sa.select(DocumentVersion).where(DocumentVersion.document_id == document.id)
    return db.session().scalars(query.order_by(DocumentVersion.number.desc())).all()


def get_version(document: Document, number: int) -> DocumentVersion:
    query = sa.select(DocumentVersion).filter_by(document_id=document.id, number=number)
    version = db.session().scalars(query).one_or_none()
    if version is None:
        raise DocumentNotFound
    return version


def current_version(document: Document) -> DocumentVersion | None:
    query = sa.select(DocumentVersion).filter_by(document_id=document.id, number=document.current_version)
    return db.session().scalars(query).one_or_none()


def draft_values_of(document: Document) -> dict[str, Any]:
    """What stands in the draft now, by the names of the form."""
    version = current_version(document)
    return dict(version.content) if version else {}


def list_opinions(document: Document) -> Sequence[Opinion]:
    query = sa.select(Opinion).where(Opinion.document_id == document.id)
    return db.session().scalars(query.order_by(Opinion.at, Opinion.id)).all()


def list_directives(document: Document) -> Sequence[Directive]:
    """Newest first, superseded ones too; with their receipts, units and people."""
    query = (
        sa.select(Directive)
        .where(Directive.document_id == document.id)
        .options(
            orm.selectinload(Directive.receipts).joinedload(Receipt.unit),
            orm.selectinload(Directive.receipts).joinedload(Receipt.person),
        )
    )
    return db.session().scalars(query.order_by(Directive.created_at.desc(), Directive.id.desc())).all()


def find_receipt(document: Document, unit_code: str) -> Receipt | None:
    """A unit's part in the direction in force."""
    current = next((d for d in list_directives(document) if d.superseded_at is None), None)
    return next((r for r in current.receipts if r.unit.code == unit_code), None) if current else None


def list_recipients(document: Document) -> Sequence[Recipient]:
    query = sa.select(Recipient).where(Recipient.document_id == document.id)
    return db.session().scalars(query.order_by(Recipient.ordinal, Recipient.channel)).all()


def list_relations(document: Document, actor: Actor) -> list[RelatedDocument]:
    """Only to documents the actor may see."""
    query = (
        sa.select(DocumentRelation, Document)
        .join(Document, Document.id.in_((DocumentRelation.from_id, DocumentRelation.to_id)))
        .where(sa.or_(DocumentRelation.from_id == document.id, DocumentRelation.to_id == document.id))
        .where(Document.id != document.id, visible_to(actor))
        .order_by(DocumentRelation.created_at)
    )
    return [_related(relation, other, document) for relation, other in db.session().execute(query)]


def _related(relation: DocumentRelation, other: Document, document: Document) -> RelatedDocument:
    outward = relation.from_id == document.id
    verb = states.RELATIONS[relation.kind]
    words = verb if outward or relation.kind == "RELATES_TO" else f"được {verb}"
    return RelatedDocument(relation=relation, words=words, outward=outward, document=other)
