"""Đăng ký văn bản đến (NĐ 30/2020 Điều 22): one continuous sequence of arrival numbers a year, in order of receipt."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from directory.working_time import calendar_of
from documents import article7, numbering, queries, registration
from documents.errors import DuplicateDocument, ProhibitedContent
from documents.models import Document, DocumentFile, DocumentKind, DocumentSignature
from documents.operations import books, moving
from documents.registration import Registration
from documents.search import search_text
from kernel import audit, clock, db
from kernel.errors import Invalid
from kernel.text import fold

FORM = "registration."  #: before the names of fields in the form


def register_incoming(document_id: uuid.UUID, values: Mapping[str, Any], *, actor: Actor) -> Document:
    """Writes the document into the book of incoming documents and gives it its arrival number.

    Raises Invalid naming the fields, ProhibitedContent (Điều 7), BookLocked; DuplicateDocument unless told why.
    """
    moving.require_clerk(actor)
    document = moving.lock(document_id, actor)
    moving.move(document, "REGISTERED")
    told = registration.read(values)
    kind = _check(document, told, actor)
    today = clock.today()
    book = books.open_book("incoming", numbering.INCOMING_GROUP, today.year, actor=actor)
    _refuse_duplicate(document, told)  # after the book's row is locked: two clerks with the same paper see one another
    _fill(document, told, kind)
    document.book_id = book.id
    document.arrival_date = today
    document.arrival_number = books.give_number(book, today, document=document, actor=actor).number
    document.search = search_text(document)
    audit.record(
        actor,
        "document:register_incoming",
        "document",
        document.id,
        arrival_number=document.arrival_number,
        number_symbol=document.number_symbol,
        duplicate_reason=document.duplicate_reason,
    )
    return document


def _check(document: Document, told: Registration, actor: Actor) -> DocumentKind:
    _refuse_letter(document, told, actor)
    problems = registration.problems(told, today=clock.today())
    kind = db.session().get(DocumentKind, told.kind) if told.kind else None
    if told.kind and kind is None:
        problems["kind"] = "Không có tên loại này. Chọn trong danh sách."
    if not told.signature_reason and _has_broken_signature(document):
        problems["signature_reason"] = (
            "Có chữ ký số không hợp lệ. Trả lại nơi gửi, hoặc ghi lý do vẫn nhận (Nghị định 30/2020/NĐ-CP, Điều 21)."
        )
    if problems or kind is None:
        raise Invalid({FORM + name: sentence for name, sentence in problems.items()})
    return kind


def _refuse_letter(document: Document, told: Registration, actor: Actor) -> None:
    """Only who, when and why is kept, not what the clerk typed."""
    reason = article7.find_in_subject(told.subject)
    if reason:
        audit.record_refusal(actor, "document:register_incoming", "document", document.id, reason=reason)
        raise ProhibitedContent(reason=reason)


def _has_broken_signature(document: Document) -> bool:
    query = (
        sa.select(DocumentSignature.id)
        .join(DocumentFile, DocumentFile.id == DocumentSignature.file_id)
        .where(DocumentFile.document_id == document.id, DocumentSignature.verdict == "INVALID")
    )
    return db.session().scalars(query.limit(1)).first() is not None


def _refuse_duplicate(document: Document, told: Registration) -> None:
    if told.duplicate_reason or told.issued_date is None:
        return
    earlier = queries.find_duplicates(
        document.organization_id,
        number=told.number,
        symbol=told.symbol,
        issuing_organ=told.organ_name,
        issued_date=told.issued_date,
        except_id=document.id,
    )
    if earlier:
        first = earlier[0]
        raise DuplicateDocument(
            number_symbol=first.number_symbol,
            issuer=first.issuing_organ,
            arrival_number=first.arrival_number,
            arrival_date=f"{first.arrival_date:%d/%m/%Y}",
            document_id=first.id,
        )


def _fill(document: Document, told: Registration, kind: DocumentKind) -> None:
    document.kind_code, document.type_name = kind.code, kind.name
    document.number, document.symbol = told.number, told.symbol
    document.number_symbol = told.number_symbol
    document.number_key = numbering.comparison_key(told.number_symbol)
    document.issued_date = told.issued_date
    document.issuing_organ, document.issuing_organ_id = told.organ_name, told.organ_id
    document.issuing_organ_folded = fold(told.organ_name)
    document.subject, document.subject_folded = told.subject, fold(told.subject)
    document.language, document.description, document.to_places = told.language, told.description, told.to_places
    document.signer_position, document.signer_name = told.signer_position, told.signer_name
    document.urgency = told.urgency
    document.page_amount = told.page_amount or document.page_amount
    document.channel = told.channel or document.channel
    document.duplicate_reason = told.duplicate_reason
    document.article7_declared = told.article7_declared
    document.article7_field, document.article7_reference = told.article7_field, told.article7_reference
    document.due_date = told.due_date or registration.default_due_date(
        told, today=clock.today(), calendar=calendar_of(document.organization_id)
    )
