"""Beside completing: trả lại, từ chối, thu hồi, xin ý kiến, thêm bớt người ký, uỷ thác. Each is one operation."""

import contextlib
import uuid
from collections.abc import Iterator

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.actors import Actor
from engine import action_queries, actions, operations
from kernel.errors import DomainError, Invalid
from notices import operations as notices
from webapp import forms
from webapp.addresses import carried
from webapp.auth import current_actor
from webapp.redraw import redrawing
from webapp.tasks import page, views

blueprint = Blueprint("task_actions", __name__)

ANSWER = "answer"
BESIDE = frozenset({"note", "next", "back"})  #: fields of the page that are none of the form


@blueprint.get("/tasks/<uuid:task_id>/return")
@blueprint.get("/tasks/<uuid:task_id>/reject")
@blueprint.get("/tasks/<uuid:task_id>/withdraw")
@blueprint.get("/tasks/<uuid:task_id>/consult")
@blueprint.get("/tasks/<uuid:task_id>/delegate")
@blueprint.get("/tasks/<uuid:task_id>/resolve")
@blueprint.get("/tasks/<uuid:task_id>/add-signer")
@blueprint.get("/tasks/<uuid:task_id>/remove-signer")
def show_again(task_id: uuid.UUID) -> ResponseReturnValue:
    """The address of a form that was refused, loaded again."""
    return redirect(url_for("tasks.show", **carried(task_id=task_id)))


@blueprint.post("/tasks/<uuid:task_id>/return")
def return_task(task_id: uuid.UUID) -> ResponseReturnValue:
    with _acting(actions.RETURN, task_id) as actor:
        operations.return_task(task_id, request.form.get("to", ""), reason=_text("reason"), actor=actor)
    flash(_("Đã trả lại. Người làm bước đó thấy lý do."))
    return redirect(url_for("tasks.show_list"))


@blueprint.post("/tasks/<uuid:task_id>/reject")
def reject_task(task_id: uuid.UUID) -> ResponseReturnValue:
    with _acting(actions.REJECT, task_id) as actor:
        operations.reject_task(task_id, reason=_text("reason"), actor=actor)
    flash(_("Đã từ chối."))
    return redirect(url_for("tasks.show_list"))


@blueprint.post("/tasks/<uuid:task_id>/withdraw")
def withdraw_task(task_id: uuid.UUID) -> ResponseReturnValue:
    with _acting(actions.WITHDRAW, task_id) as actor:
        operations.withdraw_task(task_id, reason=_text("reason"), actor=actor)
    flash(_("Đã thu hồi. Việc này lại do bạn giữ."))
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<uuid:task_id>/consult")
def consult(task_id: uuid.UUID) -> ResponseReturnValue:
    with _acting(actions.CONSULT, task_id) as actor:
        people = request.form.getlist("person", type=uuid.UUID)
        operations.consult(task_id, people, _text("question"), actor=actor)
    flash(_("Đã gửi câu hỏi. Ý kiến trả lời hiện ở việc này."))
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<uuid:task_id>/delegate")
def delegate_task(task_id: uuid.UUID) -> ResponseReturnValue:
    with _acting(actions.DELEGATE, task_id) as actor:
        operations.delegate_task(task_id, _person(), note=_text("note"), actor=actor)
    flash(_("Đã uỷ thác. Có kết quả thì việc quay lại với bạn."))
    return redirect(url_for("tasks.show_list"))


@blueprint.post("/tasks/<uuid:task_id>/resolve")
def resolve_task(task_id: uuid.UUID) -> ResponseReturnValue:
    """What was typed is kept as it is: only who completes the task must fill everything in."""
    with _acting(actions.RESOLVE, task_id) as actor:
        typed = {key: values for key, values in forms.submitted().items() if key not in BESIDE}
        operations.resolve_task(task_id, typed, note=_text("note"), actor=actor)
        own = page.get_task(task_id, actor).assignee_id == actor.person_id
    flash(_("Việc lại do bạn giữ.") if own else _("Đã trả kết quả cho người uỷ thác."))
    return redirect(url_for("tasks.show", task_id=task_id) if own else url_for("tasks.show_list"))


@blueprint.post("/tasks/<uuid:task_id>/add-signer")
def add_signer(task_id: uuid.UUID) -> ResponseReturnValue:
    with _acting(actions.ADD_SIGNER, task_id) as actor:
        place = request.form.get("place", 1, type=int)
        operations.add_signer(task_id, _person(), place=place, actor=actor)
    flash(_("Đã thêm người ký."))
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<uuid:task_id>/remove-signer")
def remove_signer(task_id: uuid.UUID) -> ResponseReturnValue:
    with _acting(actions.REMOVE_SIGNER, task_id) as actor:
        operations.remove_signer(task_id, _person(), actor=actor)
    flash(_("Đã bớt người ký."))
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/consultations/<uuid:consultation_id>/answer")
def answer(consultation_id: uuid.UUID) -> ResponseReturnValue:
    one = action_queries.get_consultation(consultation_id, current_actor())
    with _acting(ANSWER, one.task_id) as actor:
        operations.answer_consultation(consultation_id, _text("answer"), actor=actor)
    notices.read_notices_about(one.task_id, actor=current_actor())
    flash(_("Đã gửi ý kiến cho %(who)s.", who=one.asker_name))
    return redirect(url_for("tasks.show_list"))


@blueprint.post("/consultations/<uuid:consultation_id>/withdraw")
def withdraw_consultation(consultation_id: uuid.UUID) -> ResponseReturnValue:
    """By who asked, or who holds the task now: the operation asks that."""
    one = operations.withdraw_consultation(consultation_id, actor=current_actor())
    flash(_("Đã rút câu hỏi gửi %(who)s.", who=one.person_name))
    return redirect(url_for("tasks.show", task_id=one.task_id))


@contextlib.contextmanager
def _acting(name: str, task_id: uuid.UUID) -> Iterator[Actor]:
    """A stranger finds no such task; a refusal is shown where it was tried, with everything that was typed."""
    page.get_task(task_id, current_actor())
    with redrawing(lambda refused: _refused(name, task_id, refused), DomainError):
        yield current_actor()


def _refused(name: str, task_id: uuid.UUID, refused: DomainError) -> str:
    fields = refused.fields if isinstance(refused, Invalid) else {}
    tried = page.Tried(name=name, problems=fields, sentence="" if fields else refused.sentence, typed=forms.submitted())
    return views.draw(page.get_task(task_id, current_actor()), tried=tried)


def _person() -> uuid.UUID:
    """Raises Invalid when nobody was chosen."""
    chosen = request.form.get("person", type=uuid.UUID)
    if chosen is None:
        raise Invalid({"person": _("Chọn một người.")})
    return chosen


def _text(name: str) -> str:
    return request.form.get(name, "")
