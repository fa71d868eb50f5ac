"""Files of work, their documents and totals."""

import dataclasses
import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from directory.actors import Actor
from documents import search
from documents.errors import CaseFileNotFound
from documents.models import CaseFile, CaseFileDocument, Document
from documents.queries.lists import Page
from documents.queries.visibility import SEE_ALL, visible_to
from kernel import db


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseFileTotals:
    """Fields 9 and 10 of PL VI phần II mục III: DocTotal, PageTotal."""

    documents: int
    pages: int


def list_case_files(
    actor: Actor, *, text: str = "", state: str = "", limit: int = 50, offset: int = 0
) -> Page[CaseFile]:
    """Those of the actor's unit or own; the office and the leaders see all of the organisation. Newest first."""
    query = sa.select(CaseFile).where(_visible(actor))
    if text.strip():
        query = query.where(
            sa.or_(
                CaseFile.title_folded.like(search.pattern(text), escape="\\"),
                sa.func.lower(CaseFile.file_notation).like(search.pattern(text), escape="\\"),
            )
        )
    if state:
        query = query.where(CaseFile.state == state)
    total = db.session().scalar(query.with_only_columns(sa.func.count(), maintain_column_froms=True)) or 0
    order = (CaseFile.file_catalog.desc(), CaseFile.created_at.desc())
    return Page(rows=db.session().scalars(query.order_by(*order).limit(limit).offset(offset)).all(), total=total)


def get_case_file(case_file_id: uuid.UUID, actor: Actor) -> CaseFile:
    found = db.session().scalars(sa.select(CaseFile).where(CaseFile.id == case_file_id, _visible(actor))).one_or_none()
    if found is None:
        raise CaseFileNotFound
    return found


def list_case_file_documents(case_file: CaseFile, actor: Actor) -> Sequence[Document]:
    """In the order of the file; only those the actor may see."""
    query = (
        sa.select(Document)
        .join(CaseFileDocument, CaseFileDocument.document_id == Document.id)
        .where(CaseFileDocument.case_file_id == case_file.id, visible_to(actor))
    )
    return db.session().scalars(query.order_by(CaseFileDocument.ordinal)).all()


def list_case_files_of(document: Document) -> Sequence[CaseFile]:
    """The files a document lies in."""
    query = sa.select(CaseFile).join(CaseFileDocument, CaseFileDocument.case_file_id == CaseFile.id)
    return db.session().scalars(query.where(CaseFileDocument.document_id == document.id)).all()


def case_file_totals(case_file: CaseFile) -> CaseFileTotals:
    query = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Document.page_amount), 0))
        .select_from(CaseFileDocument)
        .join(Document, Document.id == CaseFileDocument.document_id)
        .where(CaseFileDocument.case_file_id == case_file.id)
    )
    documents, pages = db.session().execute(query).one()
    return CaseFileTotals(documents=documents, pages=pages or 0)


def _visible(actor: Actor) -> "sa.ColumnElement[bool]":
    own = CaseFile.organization_id == actor.organization_id
    if actor.has_role(*SEE_ALL):
        return own
    holds = (
        sa.select(CaseFileDocument.document_id)
        .join(Document, Document.id == CaseFileDocument.document_id)
        .where(CaseFileDocument.case_file_id == CaseFile.id, visible_to(actor))
        .exists()
    )
    return sa.and_(own, sa.or_(CaseFile.creator_id == actor.person_id, CaseFile.unit_id == actor.unit_id, holds))
