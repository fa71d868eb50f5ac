"""Books and numbers: given inside the transaction under the book's row lock, used for good, void only by the clerk."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor, machine
from documents import numbering
from documents.errors import BookLocked, ReasonMissing
from documents.models import Document, DocumentKind, DocumentNumber, RegisterBook
from documents.numbering import INCOMING_GROUP, NORMATIVE
from documents.operations import moving
from documents.queries import list_sequences
from engine.operations import cancel_instance, deliver_message
from engine.queries import get_instance
from kernel import audit, clock, db
from kernel.errors import Conflict, Invalid, NotFound
from kernel.ids import new_id

VOIDED = "documents.number_voided"  #: the message that a diagram waits for beside the call of a reply


def group_of(kind: DocumentKind, *, normative: bool) -> str:
    """The sequence a document is numbered in."""
    return f"{kind.code}{NORMATIVE}" if normative else kind.book_group


def open_book(direction: str, kind_group: str, year: int, *, actor: Actor) -> RegisterBook:
    """The book of a year, opened if it is not there, its row locked. Two at the same time open one."""
    values = {
        "id": new_id(),
        "organization_id": actor.organization_id,
        "direction": direction,
        "kind_group": kind_group,
        "year": year,
        "name": _name(direction, kind_group, year),
        "current": 0,
        "start": 0,
        "locked": False,
    }
    session = db.session()
    session.execute(pg.insert(RegisterBook).values(values).on_conflict_do_nothing())
    query = sa.select(RegisterBook).where(
        RegisterBook.organization_id == actor.organization_id,
        RegisterBook.direction == direction,
        RegisterBook.kind_group == kind_group,
        RegisterBook.year == year,
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def give_number(
    book: RegisterBook,
    date: dt.date,
    *,
    document: Document,
    actor: Actor,
    symbol: str | None = None,
    number_year: int | None = None,
) -> DocumentNumber:
    """The next number of a locked book; with a symbol the two must be unique in the organisation's year."""
    if book.locked:
        raise BookLocked(book=book.name)
    book.current += 1
    book.last_date = date
    number = DocumentNumber(
        organization_id=book.organization_id,
        book_id=book.id,
        year=book.year,
        number=book.current,
        number_symbol=numbering.format_number_symbol(book.current, symbol, year=number_year) if symbol else None,
        date=date,
        document_id=document.id,
        by_id=actor.person_id,
        by_name=actor.name,
    )
    db.session().add(number)
    db.session().flush()
    return number


def begin_book(kind_group: str, *, actor: Actor) -> RegisterBook:
    """This year's book before its first number is given, so that it can be told what paper has used already."""
    moving.require_clerk(actor)
    if kind_group not in list_sequences():
        raise Invalid({"kind_group": "Chọn sổ cần mở."})
    direction = "incoming" if kind_group == INCOMING_GROUP else "outgoing"
    book = open_book(direction, kind_group, clock.today().year, actor=actor)
    audit.record(actor, "book:begin", "register_book", book.id, name=book.name)
    return book


def set_book_start(book_id: uuid.UUID, number: int, reason: str, *, actor: Actor) -> RegisterBook:
    """The book goes on after `number`, given elsewhere before. Never below a number that was given here."""
    moving.require_clerk(actor)
    book = _lock_book(book_id, actor)
    _require_reason(reason)
    if number < book.current:
        raise Invalid({"number": f"Sổ đã cấp đến số {book.current}; không đặt lùi lại được."})
    if book.current == book.start:
        book.start = number
    before, book.current = book.current, number
    audit.record(actor, "book:set_start", "register_book", book.id, before=before, number=number, reason=reason)
    return book


def lock_book(book_id: uuid.UUID, reason: str, *, actor: Actor) -> RegisterBook:
    """Closes a book: it gives no more numbers."""
    moving.require_clerk(actor)
    book = _lock_book(book_id, actor)
    _require_reason(reason)
    book.locked = True
    audit.record(actor, "book:lock", "register_book", book.id, reason=reason)
    return book


def void_number(number_id: uuid.UUID, reason: str, *, actor: Actor) -> DocumentNumber:
    """The number stays in the book as void, is never given again; its document goes no further."""
    moving.require_clerk(actor)
    _require_reason(reason)
    number = db.session().get(DocumentNumber, number_id)
    if number is None or number.organization_id != actor.organization_id:
        raise NotFound
    if number.document_id is not None:
        moving.lock_process(db.session().get_one(Document, number.document_id).instance_id)
    db.session().refresh(number, with_for_update=True)
    if number.state == "void":
        raise Conflict("Số này đã hủy rồi.")
    if number.document_id is not None:
        _void_document(moving.lock(number.document_id, actor), reason)
    number.state, number.reason = "void", reason.strip()
    audit.record(actor, "number:void", "document_number", number.id, number=number.number, reason=reason)
    return number


def _void_document(document: Document, reason: str) -> None:
    """An issued document is recalled or replaced, never un-numbered (NĐ 30/2020 Điều 18).

    Its process ends; one that it was called from, as the reply to an arrival is, goes back to who decides what is done
    instead. The system does both: a clerk may void a number, though not end any process at will.
    """
    moving.move(document, "VOIDED")
    db.session().flush()
    if document.instance_id is None:
        return
    system, caller = machine(document.organization_id), get_instance(document.instance_id).business_key
    if caller == str(document.id):
        cancel_instance(document.instance_id, reason, actor=system)
    else:
        deliver_message(VOIDED, {}, actor=system, business_key=caller)


def _lock_book(book_id: uuid.UUID, actor: Actor) -> RegisterBook:
    book = db.session().get(RegisterBook, book_id, with_for_update=True, populate_existing=True)
    if book is None or book.organization_id != actor.organization_id:
        raise NotFound
    return book


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing({"reason": "Ghi lý do."})


def _name(direction: str, kind_group: str, year: int) -> str:
    if direction == "incoming":
        return f"Sổ đăng ký văn bản đến năm {year}"
    code = kind_group.removesuffix(NORMATIVE)
    kind = db.session().get(DocumentKind, code)
    name = (kind.name if kind else code).lower()
    rest = " quy phạm pháp luật" if kind_group.endswith(NORMATIVE) else ""
    return f"Sổ đăng ký {name}{rest} năm {year}"


def problem_of_date(book: RegisterBook, date: dt.date) -> str | None:
    """Why a date of issue cannot be taken: in the future, or before that of the number given last."""
    if date > clock.today():
        return "Ngày ban hành không thể sau hôm nay."
    if book.last_date and date < book.last_date:
        return f"Số trước trong sổ có ngày {book.last_date:%d/%m/%Y}; ngày ban hành không thể sớm hơn."
    return None
