"""Cấp số và thời gian ban hành (NĐ 30/2020 Điều 15): after the signature, atomic, used for good. Then the seal."""

import datetime as dt
import uuid

from directory import queries as directory_queries
from directory.actors import Actor
from documents import numbering
from documents.composing import symbol_of
from documents.errors import NotSigned, WrongState
from documents.models import Document, DocumentFile, DocumentNumber
from documents.operations import books, moving, storing
from documents.search import search_text
from kernel import audit, clock, db
from kernel.errors import Invalid
from signing.model import Report


def assign_number(document_id: uuid.UUID, issued_date: dt.date | None = None, *, actor: Actor) -> DocumentNumber:
    """The next number of the book of the document's kind and year; dated between the number before and today.

    Raises NotSigned (Điều 32.2d), Invalid naming `issued_date`, BookLocked.
    """
    moving.require_clerk(actor)
    document = moving.lock(document_id, actor)
    if document.signed_at is None or storing.find_version_pdf(document, "signed_pdf") is None:
        raise NotSigned
    moving.move(document, "NUMBERED")
    number = _give(document, issued_date or clock.today(), actor)
    audit.record(actor, "document:assign_number", "document", document.id, number=document.number_symbol)
    return number


def _give(document: Document, day: dt.date, actor: Actor) -> DocumentNumber:
    organization = directory_queries.get_organization(document.organization_id)
    version, kind = moving.current_version(document), document.kind
    if version is None or kind is None:
        raise WrongState(state=document.state_name)
    if day.year != version.content["year"]:
        raise Invalid({"issued_date": f"Bản đã ký in năm {version.content['year']}; ngày ban hành phải trong năm đó."})
    book = books.open_book("outgoing", books.group_of(kind, normative=document.normative), day.year, actor=actor)
    problem = books.problem_of_date(book, day)
    if problem:
        raise Invalid({"issued_date": problem})
    symbol = symbol_of(document, organization, kind)
    year = day.year if document.normative else None
    number = books.give_number(book, day, document=document, actor=actor, symbol=symbol, number_year=year)
    _write(document, number, symbol, day)
    return number


def _write(document: Document, number: DocumentNumber, symbol: str, day: dt.date) -> None:
    document.book_id = number.book_id
    document.number, document.symbol = numbering.format_number(number.number), symbol
    document.number_symbol = number.number_symbol or ""
    document.number_key = numbering.comparison_key(document.number_symbol)
    document.issued_date = day
    document.search = search_text(document)
    document.seal_tried_at = clock.now()
    db.session().flush()


def record_seal(document: Document, sealed: bytes, report: Report | None, *, actor: Actor) -> DocumentFile:
    """The sealed file is the document from now on; once a version, however often it is tried."""
    existing = storing.find_version_pdf(document, "issued_pdf")
    if existing is not None:
        return existing
    moving.move(document, "SEALED")
    document.sealed_at, document.seal_error = clock.now(), ""
    file = storing.store_pdf(document, sealed, "issued_pdf", pages=document.page_amount, actor=actor)
    storing.store_report(file, report)
    audit.record(actor, "document:seal", "document", document.id, sha256=file.sha256, number=document.number_symbol)
    return file


def record_seal_failure(document: Document, reason: str, *, actor: Actor) -> None:
    """The number stays; the seal is tried again."""
    document.seal_error, document.seal_tried_at = reason[:500], clock.now()
    audit.record(actor, "document:seal_failed", "document", document.id, reason=reason[:500])
