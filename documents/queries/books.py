"""Register books as the law prints them: ten columns each (NĐ 30/2020 PL IV mục I and VI)."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from directory.actors import Actor
from documents import states
from documents.models import Directive, Document, DocumentKind, DocumentNumber, Receipt, Recipient, RegisterBook
from documents.numbering import INCOMING_GROUP, NORMATIVE
from kernel import clock, db
from kernel.errors import Forbidden, NotFound

READERS = ("van-thu", "lanh-dao", "chanh-van-phong")
INCOMING_COLUMNS = (
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
OUTGOING_COLUMNS = (
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class BookRow:
    """One line of a book; `columns` in the law's order."""

    number: int
    state: str  #: 'used', 'void', 'reserved'
    columns: tuple[str, ...]
    document_id: uuid.UUID | None
    number_id: uuid.UUID


def list_kinds(*, on: dt.date | None = None) -> Sequence[DocumentKind]:
    """The kinds in force on the day (today), in the decree's order."""
    day = on or clock.today()
    query = sa.select(DocumentKind).where(DocumentKind.valid_from <= day)
    query = query.where(sa.or_(DocumentKind.valid_until.is_(None), DocumentKind.valid_until >= day))
    return db.session().scalars(query.order_by(DocumentKind.ordinal)).all()


def list_sequences() -> dict[str, str]:
    """Sequence of numbers → what it counts: arrivals, each group of kinds (its first one), normative documents."""
    found = {INCOMING_GROUP: "Văn bản đến"}
    for kind in list_kinds():
        if kind.may_be_normative:
            found[f"{kind.code}{NORMATIVE}"] = f"{kind.name} quy phạm pháp luật"
        found.setdefault(kind.book_group, kind.name)
    return found


def list_books(actor: Actor, *, year: int | None = None, direction: str = "") -> Sequence[RegisterBook]:
    """Newest year first, the book of incoming documents before the others."""
    _require_reader(actor)
    query = sa.select(RegisterBook).where(RegisterBook.organization_id == actor.organization_id)
    if year is not None:
        query = query.where(RegisterBook.year == year)
    if direction:
        query = query.where(RegisterBook.direction == direction)
    return (
        db.session().scalars(query.order_by(RegisterBook.year.desc(), RegisterBook.direction, RegisterBook.name)).all()
    )


def get_book(book_id: uuid.UUID, actor: Actor) -> RegisterBook:
    _require_reader(actor)
    book = db.session().get(RegisterBook, book_id)
    if book is None or book.organization_id != actor.organization_id:
        raise NotFound
    return book


def list_voidable(book: RegisterBook, *, limit: int) -> Sequence[DocumentNumber]:
    """Numbers that the clerk may still make void, the newest first: their document was not issued."""
    before = [state for state, following in states.OUTGOING.items() if "VOIDED" in following]
    query = (
        sa.select(DocumentNumber)
        .outerjoin(Document, Document.id == DocumentNumber.document_id)
        .where(DocumentNumber.book_id == book.id, DocumentNumber.state != "void")
        .where(sa.or_(Document.id.is_(None), Document.state.in_(before)))
        .order_by(DocumentNumber.number.desc(), DocumentNumber.suffix)
    )
    return db.session().scalars(query.limit(limit)).all()


def find_gaps(book: RegisterBook) -> list[int]:
    """Numbers that should be in the book and are not; empty as long as nobody worked around us."""
    there = set(db.session().scalars(sa.select(DocumentNumber.number).where(DocumentNumber.book_id == book.id)))
    return [number for number in range(book.start + 1, book.current + 1) if number not in there]


def get_book_rows(
    book: RegisterBook,
    *,
    date_from: dt.date | None = None,
    date_to: dt.date | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[BookRow]:
    """The lines of the book in the order of its numbers; void numbers stand in it too."""
    query = (
        sa.select(DocumentNumber, Document)
        .outerjoin(Document, Document.id == DocumentNumber.document_id)
        .where(DocumentNumber.book_id == book.id)
        .order_by(DocumentNumber.number, DocumentNumber.suffix)
    )
    if date_from is not None:
        query = query.where(DocumentNumber.date >= date_from)
    if date_to is not None:
        query = query.where(DocumentNumber.date <= date_to)
    found = [(row[0], row[1]) for row in db.session().execute(query.limit(limit).offset(offset))]
    columns = _incoming_columns(found) if book.direction == "incoming" else _outgoing_columns(found)
    return [
        BookRow(
            number=number.number, state=number.state, columns=line, document_id=number.document_id, number_id=number.id
        )
        for (number, _), line in zip(found, columns, strict=True)
    ]


Found = Sequence[tuple[DocumentNumber, Document | None]]


def _incoming_columns(found: Found) -> list[tuple[str, ...]]:
    directed = _directed_days([d.id for _, d in found if d is not None])
    return [
        (
            _day(number.date),
            str(number.number),
            document.issuing_organ if document else "",
            document.number_symbol if document else "",
            _day(document.issued_date) if document else "",
            _kind_and_subject(document),
            document.to_places if document else "",
            directed.get(number.document_id, "") if number.document_id else "",
            "",
            _note(number, document),
        )
        for number, document in found
    ]


def _outgoing_columns(found: Found) -> list[tuple[str, ...]]:
    sent = _recipients([d.id for _, d in found if d is not None])
    return [
        (
            number.number_symbol or str(number.number),
            _day(number.date),
            _kind_and_subject(document),
            document.signer_name if document else "",
            sent.get(document.id) or document.to_places if document else "",
            (document.archive_note or "VT") if document else "",
            str(document.issued_amount) if document else "",
            _day(clock.local(document.issued_at).date()) if document and document.issued_at else "",
            "",
            _note(number, document),
        )
        for number, document in found
    ]


def _directed_days(document_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    query = (
        sa.select(Receipt.document_id, sa.func.min(Directive.created_at))
        .join(Directive, Directive.id == Receipt.directive_id)
        .where(Receipt.document_id.in_(document_ids))
        .group_by(Receipt.document_id)
    )
    return {row[0]: _day(clock.local(row[1]).date()) for row in db.session().execute(query)}


def _recipients(document_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    query = sa.select(Recipient.document_id, Recipient.name).where(Recipient.document_id.in_(document_ids))
    names: dict[uuid.UUID, dict[str, None]] = {}
    for document_id, name in db.session().execute(query.order_by(Recipient.ordinal)):
        names.setdefault(document_id, {})[name] = None
    return {document_id: "; ".join(each) for document_id, each in names.items()}


def _kind_and_subject(document: Document | None) -> str:
    return " ".join(filter(None, (document.type_name, document.subject))) if document else ""


def _note(number: DocumentNumber, document: Document | None) -> str:
    void = {"void": f"Hủy số: {number.reason}", "reserved": f"Giữ số: {number.reason}"}.get(number.state, "")
    return "; ".join(filter(None, (void, document.description if document else "")))


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _require_reader(actor: Actor) -> None:
    if not actor.has_role(*READERS):
        raise Forbidden("Sổ văn bản do Văn thư quản lý; lãnh đạo và Văn phòng được xem.")
