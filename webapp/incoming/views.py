"""Văn bản đến: files come in, wait for the register, are listed and exported."""

import dataclasses
import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from directory.actors import Actor
from documents import operations, queries, states
from documents.errors import IntakeRefused, NotRecordsClerk, ProhibitedContent
from documents.models import Document
from engine.models import Task
from kernel import clock, db
from webapp import spreadsheet
from webapp.auth import current_actor
from webapp.documents import listing
from webapp.documents.holders import open_tasks_of
from webapp.documents.listing import Tab
from webapp.files import uploads
from webapp.incoming import desk
from webapp.spreadsheet import Column

blueprint = Blueprint("incoming", __name__, url_prefix="/incoming")

CLERK = "van-thu"
TABS = (
    Tab("cho-vao-so", "Chờ vào sổ", ("ARRIVED",)),
    Tab("cho-chi-dao", "Chờ chỉ đạo", ("REGISTERED", "PRESENTED"), "due"),
    Tab("dang-giai-quyet", "Đang giải quyết", ("DIRECTED", "ASSIGNED", "IN_PROGRESS"), "due"),
    Tab("hoan-thanh", "Hoàn thành", ("COMPLETED", "FILED")),
    Tab("tra-lai", "Đã trả lại", ("RETURNED",)),
    Tab(listing.ALL, "Tất cả", ()),
)
COLUMNS = (
    Column(head="Số đến", width=8),
    Column(head="Ngày đến", width=12),
    Column(head="Số, ký hiệu", width=20),
    Column(head="Ngày văn bản", width=12),
    Column(head="Cơ quan ban hành", width=32),
    Column(head="Tên loại", width=14),
    Column(head="Trích yếu", width=60),
    Column(head="Độ khẩn", width=12),
    Column(head="Hạn giải quyết", width=12),
    Column(head="Đang giữ", width=24),
    Column(head="Trạng thái", width=22),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Refused:
    """A file that was not taken, and why."""

    name: str
    sentence: str


@blueprint.app_template_global("incoming_desk")
def desk_of(task: Task, document: Document) -> desk.Desk:
    """For templates/incoming/register.html, which the page of the task draws."""
    g.section = "incoming.receive"
    return desk.desk_of(task, document, current_actor())


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    actor = current_actor()
    tabs = TABS if actor.has_role(CLERK) else (*TABS[2:3], *TABS[:2], *TABS[3:])
    shown = listing.listing_of(actor, "incoming", tabs)
    return render_template("incoming/list.html", listing=shown, may_receive=actor.has_role(CLERK))


@blueprint.get("/export.xlsx")
def export() -> ResponseReturnValue:
    rows = listing.all_of(current_actor(), "incoming", TABS)
    lead = spreadsheet.exported(rows, "văn bản")
    name = "van-ban-den"
    return spreadsheet.answer(name, "Văn bản đến", lead, COLUMNS, [_cells(row) for row in rows])


@blueprint.get("/receive")
def receive() -> ResponseReturnValue:
    _require_clerk()
    return _receive_page([], [])


@blueprint.post("/receive")
def accept() -> ResponseReturnValue:
    """Each file is an arrival, or all together are one; what is refused is named and hinders nothing else."""
    _require_clerk()
    sent = [file for file in request.files.getlist("files") if file.filename]
    if not sent:
        return _receive_page([], [Refused(name="", sentence=_("Chưa có tệp nào. Thả tệp vào khung hoặc chọn từ máy."))])
    groups = [sent] if request.form.get("together") else [[file] for file in sent]
    taken, refused = _take(groups, request.form.get("channel", ""))
    if refused or not taken:
        return _receive_page(taken, refused)
    flash(_("Đã nhận %(n)s văn bản, chờ vào sổ.", n=len(taken)))
    return redirect(_first_task(taken) or url_for(".receive"))


@blueprint.get("/<uuid:document_id>/duplicates")
def find_duplicates(document_id: uuid.UUID) -> ResponseReturnValue:
    """Asked while the fields are typed: what the book holds already of this number, symbol and organ."""
    _require_clerk()
    document = queries.get_document(document_id, current_actor())
    told = desk.typed(request.args)
    return render_template("incoming/_duplicates.html", duplicates=desk.duplicates_of(document, told))


def _take(groups: Sequence[Sequence[FileStorage]], channel: str) -> tuple[list[Document], list[Refused]]:
    taken: list[Document] = []
    refused: list[Refused] = []
    for group in groups:
        sent = [uploads.upload_of(file) for file in group]
        try:
            with db.session().begin_nested():  # one refused file must not undo the others
                taken.append(operations.receive_incoming(sent, channel=channel, actor=current_actor()))
        except (IntakeRefused, ProhibitedContent) as refusal:
            reasons = refusal.fields.values() if isinstance(refusal, IntakeRefused) else ()
            sentence = " ".join(reasons) or refusal.sentence
            refused.append(Refused(name=", ".join(upload.name for upload in sent), sentence=sentence))
    return taken, refused


def _receive_page(taken: Sequence[Document], refused: Sequence[Refused]) -> str:
    g.section = "incoming.receive"
    actor = current_actor()
    queue = desk.queue_of(actor)
    return render_template(
        "incoming/receive.html",
        queue=queue,
        taken=taken,
        refused=refused,
        channels=states.CHANNELS,
        channel=request.form.get("channel", "email"),
        registered_today=_registered_today(actor),
    )


def _registered_today(actor: Actor) -> int:
    today = clock.today()
    filters = queries.Filters(date_from=today, date_to=today, order="number")
    return queries.list_documents(actor, "incoming", filters=filters, limit=1).total


def _first_task(taken: Sequence[Document]) -> str | None:
    wanted = taken[0].id
    tasks = open_tasks_of(taken)[wanted]
    return url_for("tasks.show", task_id=tasks[0].id) if tasks else None


def _require_clerk() -> None:
    if not current_actor().has_role(CLERK):
        raise NotRecordsClerk


def _cells(row: listing.Row) -> list[spreadsheet.Cell]:
    document = row.document
    return [
        document.arrival_number,
        document.arrival_date,
        document.number_symbol,
        document.issued_date,
        document.issuing_organ,
        document.type_name,
        document.subject,
        document.urgency_name,
        document.due_date,
        row.holder,
        row.state.label,
    ]
