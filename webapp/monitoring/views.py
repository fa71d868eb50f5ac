"""Theo dõi, for those who lead: what is stuck, and unsticking it."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deadlines import operations as deadlines
from deadlines.errors import NothingToRemind, RemindedLately
from directory import queries as directory
from engine import operations as engine
from engine import queries
from kernel.errors import Invalid
from webapp.auth import current_actor, safe_path
from webapp.monitoring import export
from webapp.monitoring.board import Filter, board, lines_of, list_of

blueprint = Blueprint("monitoring", __name__, url_prefix="/monitoring")


@blueprint.get("")
def show_board() -> ResponseReturnValue:
    actor = current_actor()
    drawn = board(actor, Filter.read(request.args))
    return render_template("monitoring/board.html", board=drawn, people=queries.list_receivers(actor))


@blueprint.get("/export.xlsx")
def export_list() -> ResponseReturnValue:
    """The list under the same conditions, all its pages, as a workbook."""
    actor = current_actor()
    lines = lines_of(actor, list_of(actor, Filter.read(request.args)))
    return export.answer(lines)


@blueprint.post("/remind")
def remind() -> ResponseReturnValue:
    """Đôn đốc: tells those who hold the ticked tasks."""
    reminded, skipped = 0, ""
    for task_id in _ticked():
        try:
            deadlines.remind_task(task_id, actor=current_actor())
            reminded += 1
        except (RemindedLately, NothingToRemind) as left_out:  # refused before anything was written; the others go on
            skipped = left_out.sentence
    if reminded:
        flash(_("Đã nhắc %(n)s việc.", n=reminded))
    if skipped:
        flash(skipped, "warn")
    return redirect(safe_path(request.form.get("back")))


@blueprint.post("/assign")
def assign() -> ResponseReturnValue:
    """Hands the ticked tasks to one person; all or none."""
    person_id = request.form.get("person", type=uuid.UUID)
    if person_id is None:
        raise Invalid({"person": _("Chọn người nhận việc.")})
    tasks = _ticked()
    for task_id in tasks:
        engine.assign_task(task_id, person_id, actor=current_actor())
    name = directory.get_person(person_id).full_name
    flash(_("Đã giao %(n)s việc cho %(name)s.", n=len(tasks), name=name))
    return redirect(safe_path(request.form.get("back")))


def _ticked() -> Sequence[uuid.UUID]:
    ids = request.form.getlist("task", type=uuid.UUID)
    if not ids:
        raise Invalid({"task": _("Đánh dấu ít nhất một việc trong danh sách.")})
    return ids
