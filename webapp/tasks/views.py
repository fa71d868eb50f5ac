"""Việc của tôi, and one task with everything needed to decide."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import operations, queries
from engine.errors import NotCandidate, TaskNotReady
from engine.models import Task
from kernel.errors import DomainError, Invalid
from kernel.ids import new_id
from notices import operations as notices
from signing.errors import WrongPin
from webapp import forms
from webapp.addresses import carried
from webapp.auth import current_actor, safe_path
from webapp.errors import wants_json
from webapp.redraw import redrawing
from webapp.tasks import completion, export, page
from webapp.tasks.work_list import SIGNING, Filter, Item, exported, to_sign, work_list

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for(".show_list"))


@blueprint.get("/tasks")
def show_list() -> ResponseReturnValue:
    found = work_list(current_actor(), Filter.read(request.args))
    return render_template("tasks/list.html", work=found, peeked=_peeked(found.items))


@blueprint.get("/tasks/export.xlsx")
def export_list() -> ResponseReturnValue:
    """The list under the same filters, all its pages, as a workbook."""
    return export.answer(exported(current_actor(), Filter.read(request.args)))


@blueprint.get("/tasks/to-sign")
def show_to_sign() -> ResponseReturnValue:
    """The list for the leader; beside it, on a wide screen, the first document."""
    waiting = to_sign(current_actor())
    first = page.task_page(waiting[0].task, current_actor()) if waiting else None
    return render_template("tasks/sign.html", page=first, waiting=waiting, mode="list")


@blueprint.get("/tasks/<uuid:task_id>")
def show(task_id: uuid.UUID) -> ResponseReturnValue:
    """Whoever may do the task has now seen it: who sent it cannot take it back any more."""
    actor = current_actor()
    task = page.get_task(task_id, actor)
    if task.opened_at is None and (queries.may_complete(task, actor) or queries.may_claim(task, actor)):
        operations.note_opened(task_id, actor=actor)
    return draw(task)


@blueprint.get("/tasks/<uuid:task_id>/complete")
@blueprint.get("/tasks/<uuid:task_id>/comment")
def show_again(task_id: uuid.UUID) -> ResponseReturnValue:
    """The address of a form that was refused, loaded again or with another file of the document in view."""
    return redirect(url_for(".show", **carried(task_id=task_id)))


@blueprint.get("/tasks/<uuid:task_id>/peek")
def peek(task_id: uuid.UUID) -> ResponseReturnValue:
    """The quick look alone, for the list's script."""
    task = page.get_task(task_id, current_actor())
    return render_template("tasks/_peek.html", peeked=page.task_page(task, current_actor()))


@blueprint.post("/tasks/<uuid:task_id>/fields")
def show_fields(task_id: uuid.UUID) -> ResponseReturnValue:
    """The fields as they stand with what was typed: a choice may show or hide others. Changes nothing."""
    task = page.get_task(task_id, current_actor())
    if not queries.may_complete(task, current_actor()):
        raise NotCandidate
    views = page.field_views(task, current_actor(), forms.submitted())
    return render_template("tasks/_fields.html", views=views, problems={})


@blueprint.post("/tasks/<uuid:task_id>/complete")
def complete(task_id: uuid.UUID) -> ResponseReturnValue:
    """Sends what was decided and goes on to the next task of the list, which the form names."""
    actor, began = current_actor(), new_id()
    task = page.get_task(task_id, actor)
    with redrawing(lambda refused: _refused(task_id, refused), DomainError):
        values = page.parse(task, actor)
        completion.complete(task.form_key, task_id, values, pin=request.form.get("pin", ""), actor=actor)
    if wants_json():
        return "", 204
    flash(_sent(completion.given(task), page.next_holders(task, actor, since=began)))
    return redirect(safe_path(request.form.get("next") or url_for(".show_list")))


@blueprint.post("/tasks/<uuid:task_id>/claim")
def claim(task_id: uuid.UUID) -> ResponseReturnValue:
    operations.claim_task(task_id, actor=current_actor())
    notices.read_notices_about(task_id, actor=current_actor())
    flash(_("Bạn đã nhận việc này. Người khác không nhận được nữa."))
    return redirect(url_for(".show", task_id=task_id))


@blueprint.post("/tasks/<uuid:task_id>/release")
def release(task_id: uuid.UUID) -> ResponseReturnValue:
    operations.release_task(task_id, actor=current_actor())
    flash(_("Đã trả lại hàng chờ. Người khác nhận được việc này."))
    return redirect(url_for(".show_list"))


@blueprint.post("/tasks/<uuid:task_id>/assign")
def assign(task_id: uuid.UUID) -> ResponseReturnValue:
    """A manager hands the task to a person."""
    person_id = request.form.get("person", type=uuid.UUID)
    if person_id is None:
        raise Invalid({"person": _("Chọn người nhận việc.")})
    operations.assign_task(task_id, person_id, actor=current_actor())
    flash(_("Đã giao việc cho người được chọn."))
    return redirect(safe_path(request.form.get("back")))


@blueprint.post("/tasks/<uuid:task_id>/comment")
def comment(task_id: uuid.UUID) -> ResponseReturnValue:
    task = page.get_task(task_id, current_actor())
    with redrawing(lambda refused: draw(task, problems={"comment": " ".join(_fields(refused).values())})):
        operations.add_comment(task.id, request.form.get("comment", ""), actor=current_actor())
    flash(_("Đã ghi ý kiến."))
    return redirect(url_for(".show", task_id=task_id, _anchor="y-kien"))


def draw(task: Task, **refused: Any) -> str:
    """The page of a task; `refused`: what was tried in vain, as webapp.tasks.page.task_page takes it."""
    g.section = "tasks.show_to_sign" if task.form_key == SIGNING else "tasks.show_list"
    drawn = page.task_page(task, current_actor(), **refused)
    waiting = to_sign(current_actor()) if task.form_key == SIGNING else []
    return render_template(page.template_of(task), page=drawn, waiting=waiting, mode="one")


def _refused(task_id: uuid.UUID, refused: DomainError) -> str:
    """The page again with everything that was typed; when it is not theirs (any more), what was typed and why not."""
    task = page.get_task(task_id, current_actor())
    typed = forms.submitted()
    drawn = page.task_page(task, current_actor())
    if isinstance(refused, TaskNotReady) or not (drawn.may_complete or isinstance(refused, Invalid)):
        kept = [(label, typed[key]) for key, label in drawn.labels.items() if any(typed.get(key, ()))]
        return render_template("tasks/gone.html", page=drawn, refused=refused, kept=kept)
    problems = {"pin": refused.sentence} if isinstance(refused, WrongPin) else _fields(refused)
    return draw(task, typed=typed, problems=problems, sentence="" if problems else refused.sentence)


def _fields(refused: DomainError) -> dict[str, str]:
    return refused.fields if isinstance(refused, Invalid) else {}


def _peeked(items: Sequence[Item]) -> page.TaskPage | None:
    """The task of the quick look: the one asked for, else the first."""
    wanted = request.args.get("peek", type=uuid.UUID)
    chosen = next((item for item in items if item.id == wanted), items[0] if items else None)
    return page.task_page(chosen.task, current_actor()) if chosen else None


def _sent(given: str, holders: str) -> str:
    """What was given (a number), else that it was sent; and whose turn it is."""
    if not holders:
        return given or str(_("Đã gửi kết quả."))
    return f"{given or _('Đã gửi.')} {_('Bây giờ do %(who)s giữ.', who=holders)}"
