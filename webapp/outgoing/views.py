"""Văn bản đi: lists, beginning a draft, saving it version by version."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from documents import operations, queries
from documents.models import Document
from kernel import clock
from kernel.errors import DomainError, Invalid
from webapp import spreadsheet
from webapp.auth import current_actor, safe_path
from webapp.documents import finding, listing, preview
from webapp.documents.holders import open_tasks_of
from webapp.documents.listing import Tab
from webapp.files import pages
from webapp.files.pages import PageNotFound, Source
from webapp.outgoing import drafting
from webapp.redraw import redrawing
from webapp.spreadsheet import Column

blueprint = Blueprint("outgoing", __name__, url_prefix="/outgoing")

TABS = (
    Tab("du-thao", "Dự thảo", ("DRAFT", "RETURNED_TO_DRAFTER")),
    Tab("cho-duyet", "Chờ duyệt", ("SUBMITTED", "UNIT_APPROVED", "LAYOUT_CHECKED"), "due"),
    Tab("cho-ky", "Chờ ký", ("TO_SIGN",), "due"),
    Tab("cho-cap-so", "Chờ cấp số", ("SIGNED",)),
    Tab("cho-dong-dau", "Chờ đóng dấu", ("NUMBERED",)),
    Tab("cho-phat-hanh", "Chờ phát hành", ("SEALED",)),
    Tab("da-phat-hanh", "Đã phát hành", ("ISSUED", "FILED")),
    Tab(listing.ALL, "Tất cả", ()),
)
COLUMNS = (
    Column(head="Số, ký hiệu", width=20),
    Column(head="Ngày ban hành", width=12),
    Column(head="Tên loại", width=14),
    Column(head="Trích yếu", width=60),
    Column(head="Người ký", width=24),
    Column(head="Độ khẩn", width=12),
    Column(head="Số bản giấy", width=10),
    Column(head="Đang giữ", width=24),
    Column(head="Trạng thái", width=24),
)


@blueprint.app_template_global("outgoing_drafting")
def drafting_of(document: Document) -> drafting.Drafting:
    """For templates/outgoing/draft.html, which the page of the task draws."""
    return drafting.drafting_of(document, current_actor())


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    shown = listing.listing_of(current_actor(), "outgoing", TABS)
    return render_template("outgoing/list.html", listing=shown)


@blueprint.get("/export.xlsx")
def export() -> ResponseReturnValue:
    rows = listing.all_of(current_actor(), "outgoing", TABS)
    lead = spreadsheet.exported(rows, "văn bản")
    name = "van-ban-di"
    return spreadsheet.answer(name, "Văn bản đi", lead, COLUMNS, [_cells(row) for row in rows])


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    return _new_page()


@blueprint.post("")
def start_draft() -> ResponseReturnValue:
    with redrawing(_new_page, Invalid):
        values = {"kind": request.form.get("kind", ""), "subject": request.form.get("subject", "")}
        problems = drafting.problems_at_start(values)
        if problems:
            raise Invalid(problems)
        document = operations.start_draft(values, reply_to_id=_answered(), actor=current_actor())
    flash(_("Đã mở dự thảo. Soạn nội dung rồi gửi duyệt."))
    return redirect(_task_url(document))


@blueprint.post("/<uuid:document_id>/draft")
def save_draft(document_id: uuid.UUID) -> ResponseReturnValue:
    """A new version when something changed; files chosen beside the text are attached, unwanted ones removed."""
    version = drafting.save(document_id, actor=current_actor())
    flash(_("Đã lưu bản %(n)s.", n=version.number))
    return redirect(safe_path(request.form.get("back")))


@blueprint.get("/<uuid:document_id>/versions/<int:number>.pdf")
def show_preview(document_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """The saved draft as it would be printed."""
    source = _preview(document_id, number)
    return send_file(
        source.path, mimetype="application/pdf", as_attachment=True, download_name=f"du-thao-ban-{number}.pdf"
    )


@blueprint.get("/<uuid:document_id>/versions/<int:number>/pages/<int:page>.png")
def show_preview_page(document_id: uuid.UUID, number: int, page: int) -> ResponseReturnValue:
    answer = send_file(pages.page_image(_preview(document_id, number), page), mimetype="image/png", conditional=True)
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def _preview(document_id: uuid.UUID, number: int) -> Source:
    document = queries.get_document(document_id, current_actor())
    source = preview.source_of(document, queries.get_version(document, number))
    if source is None:
        raise PageNotFound
    return source


def _new_page(refused: DomainError | None = None) -> str:
    g.section = "outgoing.show_list"
    answered = _preset()
    return render_template(
        "outgoing/new.html",
        kinds=queries.list_kinds(on=clock.today()),
        fields=refused.fields if isinstance(refused, Invalid) else {},
        typed=request.form,
        answered=answered,
        reply_text=request.form.get("reply_to", (answered.number_symbol if answered else "")),
    )


def _preset() -> Document | None:
    """The incoming document that the address says is answered."""
    document_id = request.args.get("reply_to", type=uuid.UUID)
    return queries.get_document(document_id, current_actor()) if document_id else None


def _answered() -> uuid.UUID | None:
    """The incoming document named in the form; Invalid when there is none of this number."""
    chosen = request.form.get("reply_to_id", type=uuid.UUID)
    called = request.form.get("reply_to", "").strip()
    if chosen and queries.get_document(chosen, current_actor()).number_symbol == called:
        return chosen
    if not called:
        return None
    document = finding.find_by_number(called, current_actor(), direction="incoming")
    if document is None:
        raise Invalid({"reply_to": _("Không thấy văn bản đến có số này. Gõ đủ số và ký hiệu, hoặc số đến.")})
    return document.id


def _task_url(document: Document) -> str:
    tasks = open_tasks_of([document])[document.id]
    target = url_for("tasks.show", task_id=tasks[0].id) if tasks else url_for("documents.show", document_id=document.id)
    return str(target)


def _cells(row: listing.Row) -> list[spreadsheet.Cell]:
    document = row.document
    return [
        document.number_symbol,
        document.issued_date,
        document.type_name,
        document.subject,
        document.signer_name,
        document.urgency_name,
        document.issued_amount,
        row.holder,
        row.state.label,
    ]
