"""Hồ sơ công việc: opened, looked through, listed as mục lục văn bản, closed (NĐ 30/2020 Điều 28-31, Phụ lục V)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from documents import operations, queries
from documents.models import Document
from kernel import clock
from kernel.errors import DomainError, Invalid
from webapp import spreadsheet
from webapp.addresses import page_number
from webapp.auth import current_actor
from webapp.case_files import contents
from webapp.incoming.reading import day_of
from webapp.redraw import redrawing
from webapp.spreadsheet import Column

blueprint = Blueprint("case_files", __name__, url_prefix="/case-files")

PAGE = 50
STATES = {"": "Tất cả", "open": "Đang mở", "closed": "Đã kết thúc"}
MAINTENANCE = ("Vĩnh viễn", "70 năm", "50 năm", "30 năm", "20 năm", "15 năm", "10 năm", "5 năm", "2 năm")
RIGHTS = ("Sử dụng rộng rãi", "Sử dụng hạn chế")
COLUMNS = (
    Column(head="STT", width=6),
    Column(head="Số, ký hiệu", width=20),
    Column(head="Ngày tháng năm", width=14),
    Column(head="Tên loại và trích yếu", width=60),
    Column(head="Tác giả", width=32),
    Column(head="Tờ số/Trang số", width=14),
    Column(head="Ghi chú", width=24),
)


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    text, state = request.args.get("q", "").strip()[:200], request.args.get("trang-thai", "")
    number = page_number("trang")
    page = queries.list_case_files(
        current_actor(), text=text, state=state if state in STATES else "", limit=PAGE, offset=(number - 1) * PAGE
    )
    rows = contents.rows_of(page.rows)
    paging = contents.paging_of(number, page.total, PAGE)
    return render_template(
        "case_files/list.html", rows=rows, total=page.total, paging=paging, text=text, state=state, states=STATES
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    return _new_page()


@blueprint.post("")
def open_case_file() -> ResponseReturnValue:
    with redrawing(_new_page, Invalid):
        case_file = operations.open_case_file(_values(), actor=current_actor())
    flash(_("Đã mở hồ sơ %(name)s.", name=case_file.file_notation))
    return redirect(url_for(".show", case_file_id=case_file.id))


@blueprint.get("/<uuid:case_file_id>")
def show(case_file_id: uuid.UUID) -> ResponseReturnValue:
    g.section = "case_files.show_list"
    page = contents.page_of(queries.get_case_file(case_file_id, current_actor()), current_actor())
    return render_template("case_files/show.html", page=page)


@blueprint.get("/<uuid:case_file_id>/export.xlsx")
def export(case_file_id: uuid.UUID) -> ResponseReturnValue:
    """Mục lục văn bản trong hồ sơ."""
    case_file = queries.get_case_file(case_file_id, current_actor())
    rows = [
        _cells(at, document)
        for at, document in enumerate(queries.list_case_file_documents(case_file, current_actor()), start=1)
    ]
    lead = f"Hồ sơ số {case_file.file_notation}, năm {case_file.file_catalog}: {case_file.title}"
    return spreadsheet.answer("muc-luc-van-ban", "Mục lục văn bản trong hồ sơ", lead, COLUMNS, rows)


@blueprint.post("/<uuid:case_file_id>/close")
def close(case_file_id: uuid.UUID) -> ResponseReturnValue:
    """No document can be added afterwards; the retention period begins."""
    day = day_of(request.form.get("end_date", "")) or clock.today()
    case_file = operations.close_case_file(case_file_id, end_date=day, actor=current_actor())
    flash(_("Đã kết thúc hồ sơ %(name)s.", name=case_file.file_notation))
    return redirect(url_for(".show", case_file_id=case_file_id))


def _values() -> dict[str, object]:
    form = request.form
    year = form.get("file_catalog", "")
    return {
        "title": form.get("title", ""),
        "file_notation": form.get("file_notation", ""),
        "file_catalog": int(year) if year.isdecimal() and len(year) == 4 else clock.today().year,
        "maintenance": form.get("maintenance", ""),
        "rights": form.get("rights", ""),
        "start_date": day_of(form.get("start_date", "")) or clock.today(),
        "description": form.get("description", ""),
    }


def _new_page(refused: DomainError | None = None) -> str:
    g.section = "case_files.show_list"
    fields = refused.fields if isinstance(refused, Invalid) else {}
    return render_template(
        "case_files/new.html",
        fields=fields,
        typed=request.form,
        maintenance=MAINTENANCE,
        rights=RIGHTS,
        today=clock.today(),
    )


def _cells(at: int, document: Document) -> Sequence[spreadsheet.Cell]:
    row = contents.line_of(at, document)
    day: dt.date | None = document.issued_date
    return [at, row.number, day, row.subject, row.author, row.pages, row.note]
