"""Sổ văn bản: the books of NĐ 30/2020 Phụ lục IV, read, printed, exported; kept by the records clerk."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from documents import operations, queries
from kernel import clock
from kernel.errors import DomainError, Invalid
from webapp import spreadsheet
from webapp.auth import current_actor
from webapp.redraw import redrawing
from webapp.registers import book_page
from webapp.spreadsheet import Column

blueprint = Blueprint("registers", __name__, url_prefix="/registers")

WIDTHS = {
    "incoming": (12, 8, 28, 20, 12, 50, 24, 12, 12, 20),
    "outgoing": (20, 12, 50, 18, 36, 18, 10, 12, 12, 20),
}


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    book = book_page.first_book(current_actor(), clock.today().year)
    return _no_book_page() if book is None else redirect(url_for(".show", book_id=book.id))


@blueprint.post("")
def begin() -> ResponseReturnValue:
    """A book of this year before its first number: it can then be told what paper has used."""
    with redrawing(_first_page, Invalid):
        book = operations.begin_book(request.form.get("kind_group", ""), actor=current_actor())
    flash(_("Đã mở %(name)s.", name=book.name[0].lower() + book.name[1:]))
    return redirect(url_for(".show", book_id=book.id))


@blueprint.get("/<uuid:book_id>")
def show(book_id: uuid.UUID) -> ResponseReturnValue:
    return _page(book_id)


@blueprint.get("/<uuid:book_id>/export.xlsx")
def export(book_id: uuid.UUID) -> ResponseReturnValue:
    book = queries.get_book(book_id, current_actor())
    period = book_page.period_of(book)
    rows = queries.get_book_rows(book, date_from=period.first, date_to=period.last, limit=book_page.MAX_ROWS)
    heads = zip(book_page.columns_of(book), WIDTHS[book.direction], strict=True)
    columns = [Column(head=f"{head}\n({at})", width=width) for at, (head, width) in enumerate(heads, start=1)]
    name = f"so-{'van-ban-den' if book.direction == 'incoming' else 'van-ban-di'}-{book.year}"
    lead = f"Năm {book.year}. {period.words}"
    return spreadsheet.answer(name, book_page.title_of(book), lead, columns, [row.columns for row in rows])


@blueprint.post("/<uuid:book_id>/start")
def set_start(book_id: uuid.UUID) -> ResponseReturnValue:
    """The book goes on after a number given on paper before."""
    with redrawing(lambda refused: _page(book_id, refused), DomainError):
        number = request.form.get("number", "").strip()
        if not number.isdecimal() or len(number) > 6:
            raise Invalid({"number": "Ghi số cuối cùng đã cấp, chỉ gồm chữ số."})
        operations.set_book_start(book_id, int(number), request.form.get("reason", ""), actor=current_actor())
    flash(_("Số tiếp theo của sổ là %(n)s.", n=int(number) + 1))
    return redirect(url_for(".show", book_id=book_id))


@blueprint.post("/<uuid:book_id>/void")
def void_number(book_id: uuid.UUID) -> ResponseReturnValue:
    """The number stays in the book, struck out, and is never given again."""
    with redrawing(lambda refused: _page(book_id, refused), DomainError):
        try:
            number_id = uuid.UUID(request.form.get("number_id", ""))
        except ValueError:
            raise Invalid({"number_id": "Chọn số cần hủy."}) from None
        number = operations.void_number(number_id, request.form.get("reason", ""), actor=current_actor())
    flash(_("Đã hủy số %(n)s. Số này vẫn nằm trong sổ, không cấp lại.", n=number.number))
    return redirect(url_for(".show", book_id=book_id))


def _first_page(refused: DomainError) -> str:
    book = book_page.first_book(current_actor(), clock.today().year)
    return _no_book_page(refused) if book is None else _page(book.id, refused)


def _no_book_page(refused: DomainError | None = None) -> str:
    g.section = "registers.show_list"
    fields = refused.fields if isinstance(refused, Invalid) else {}
    return render_template("registers/none.html", unopened=book_page.unopened(current_actor()), fields=fields)


def _page(book_id: uuid.UUID, refused: DomainError | None = None) -> str:
    g.section = "registers.show_list"
    fields = refused.fields if isinstance(refused, Invalid) else {}
    sentence = refused.sentence if refused and not fields else ""
    page = book_page.page_of(book_id, current_actor())
    return render_template("registers/show.html", page=page, fields=fields, sentence=sentence)
