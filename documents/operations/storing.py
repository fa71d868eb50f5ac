"""Files of documents: kept by hash, judged when they are signed."""

import io
import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from directory.actors import Actor
from documents import issuing
from documents.intake import Accepted
from documents.models import Document, DocumentFile, DocumentSignature
from kernel import clock, db, files
from kernel.text import nfc
from signing.model import Report, Role

PDF = "application/pdf"
SIGNED = b"/ByteRange"
ROLES = {Role.LEADER: "leader", Role.SEAL: "organisation"}


def store_accepted(document: Document, accepted: Iterable[Accepted], role: str, *, actor: Actor) -> list[DocumentFile]:
    """Files from outside; `role` of the first, the others are attachments. Signed ones are judged at once (Điều 21)."""
    stored: list[DocumentFile] = []
    for one in accepted:
        place = role if not stored else "attachment"
        file = _add(document, one.data, one.name, place, media_type=one.media_type, pages=one.pages, actor=actor)
        if one.media_type == PDF and SIGNED in one.data:
            store_report(file, issuing.judge(one.data))
        stored.append(file)
    return stored


def store_pdf(document: Document, data: bytes, role: str, *, pages: int | None, actor: Actor) -> DocumentFile:
    """A PDF that we made of the document's current version."""
    name = f"{document.number_symbol.replace('/', '_') or document.subject[:80] or 'Văn bản'}.pdf"
    return _add(document, data, name, role, media_type=PDF, pages=pages, actor=actor, version=document.current_version)


def find_version_pdf(document: Document, role: str) -> DocumentFile | None:
    """The PDF of this role of the current version."""
    query = sa.select(DocumentFile).where(
        DocumentFile.document_id == document.id,
        DocumentFile.role == role,
        DocumentFile.version == document.current_version,
    )
    return db.session().scalars(query).one_or_none()


def list_attachments(document_id: uuid.UUID) -> list[DocumentFile]:
    query = sa.select(DocumentFile).where(
        DocumentFile.document_id == document_id, DocumentFile.role == "attachment", DocumentFile.removed_at.is_(None)
    )
    return list(db.session().scalars(query.order_by(DocumentFile.created_at, DocumentFile.id)))


def store_report(file: DocumentFile, report: Report | None) -> None:
    """One row a signature. No report: no trust is configured, nothing is known, nothing is said."""
    now = clock.now()
    for ordinal, signature in enumerate(report.signatures if report else ()):
        db.session().add(
            DocumentSignature(
                organization_id=file.organization_id,
                file_id=file.id,
                ordinal=ordinal,
                field=signature.field,
                role=ROLES[signature.role],
                signer=signature.signer,
                organisation=signature.organization,
                signed_at=signature.signed_at or signature.claimed_at,
                timestamped=signature.signed_at is not None,
                verdict=signature.verdict.value,
                sentence=signature.sentence,
                changed=list(signature.changed_fields),
                is_test=signature.is_test,
                checked_at=now,
            )
        )
    db.session().flush()


def _add(
    document: Document,
    data: bytes,
    name: str,
    role: str,
    *,
    media_type: str,
    pages: int | None,
    actor: Actor,
    version: int | None = None,
) -> DocumentFile:
    kept = files.put(io.BytesIO(data))
    file = DocumentFile(
        organization_id=document.organization_id,
        document_id=document.id,
        role=role,
        version=version,
        sha256=kept.sha256,
        name=nfc(name),
        size=kept.size,
        media_type=media_type,
        pages=pages,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
    )
    db.session().add(file)
    db.session().flush()
    return file
