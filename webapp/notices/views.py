"""What the person was told."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from notices import operations, queries
from notices.models import Notice
from webapp.addresses import page_number
from webapp.auth import current_actor

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

PAGE = 50


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    page = page_number("page")
    found = queries.list_notices(current_actor(), limit=PAGE + 1, offset=(page - 1) * PAGE)
    return render_template(
        "notices/list.html",
        notices=found[:PAGE],
        unread=queries.count_unread(current_actor()),
        before=url_for(".show_list", page=page - 1) if page > 1 else None,
        after=url_for(".show_list", page=page + 1) if len(found) > PAGE else None,
    )


@blueprint.post("/<uuid:notice_id>/open")
def open_notice(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Reads the notice and goes to what it is about."""
    notice = queries.get_notice(notice_id, current_actor())
    operations.read_notice(notice_id, actor=current_actor())
    return redirect(_place(notice))


@blueprint.post("/read")
def read_all() -> ResponseReturnValue:
    operations.read_all_notices(actor=current_actor())
    return redirect(url_for(".show_list"))


def _place(notice: Notice) -> str:
    if notice.subject_type == "task":
        return url_for("tasks.show", task_id=notice.subject_id)
    if notice.subject_type == "document":
        return url_for("documents.show", document_id=notice.subject_id)
    if notice.subject_type == "incident":
        return url_for("incidents.show_list")
    return url_for(".show_list")
