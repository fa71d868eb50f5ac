"""What operators do to one instance: suspend and resume, move tokens, change variables, cancel, restart."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import operations
from engine.errors import TaskNotReady
from engine.models import ProcessInstance
from kernel.errors import DomainError, Invalid
from webapp.auth import current_actor
from webapp.instances import access, moving, page, variables
from webapp.instances.views import draw_variables
from webapp.redraw import redrawing

blueprint = Blueprint("repair", __name__, url_prefix="/instances/<uuid:instance_id>")


# ----------------------------------------------------------------------------------------------------------- the whole
@blueprint.get("/actions")
def show_actions(instance_id: uuid.UUID) -> ResponseReturnValue:
    return _draw_actions(instance_id)


@blueprint.get("/suspend")
@blueprint.get("/resume")
@blueprint.get("/cancel")
@blueprint.get("/restart")
def show_again(instance_id: uuid.UUID) -> ResponseReturnValue:
    """The address of a form that was refused, loaded again."""
    return redirect(url_for(".show_actions", instance_id=instance_id))


@blueprint.post("/suspend")
def suspend(instance_id: uuid.UUID) -> ResponseReturnValue:
    with redrawing(lambda refused: _draw_actions(instance_id, refused), DomainError):
        operations.suspend_instance(instance_id, reason=_reason(), actor=current_actor())
    flash(_("Đã tạm dừng. Việc, hẹn giờ và thông điệp đứng chờ đến khi chạy tiếp."))
    return redirect(url_for("instances.show", instance_id=instance_id))


@blueprint.post("/resume")
def resume(instance_id: uuid.UUID) -> ResponseReturnValue:
    with redrawing(lambda refused: _draw_actions(instance_id, refused), DomainError):
        operations.resume_instance(instance_id, reason=_reason(), actor=current_actor())
    flash(_("Hồ sơ chạy tiếp. Việc đang mở làm được ngay."))
    return redirect(url_for("instances.show", instance_id=instance_id))


@blueprint.post("/cancel")
def cancel(instance_id: uuid.UUID) -> ResponseReturnValue:
    with redrawing(lambda refused: _draw_actions(instance_id, refused), DomainError):
        operations.cancel_instance(instance_id, _reason(), actor=current_actor())
    flash(_("Đã hủy hồ sơ. Các việc đang mở được thu lại; lịch sử vẫn còn."))
    return redirect(url_for("instances.show", instance_id=instance_id))


@blueprint.post("/restart")
def restart(instance_id: uuid.UUID) -> ResponseReturnValue:
    kept = "last" if request.form.get("variables") == "last" else "initial"
    with redrawing(lambda refused: _draw_actions(instance_id, refused), DomainError):
        begun = operations.restart_instance(instance_id, variables=kept, reason=_reason(), actor=current_actor())
    flash(_("Đã chạy lại; đây là hồ sơ mới."))
    return redirect(url_for("instances.show", instance_id=begun.id))


def _draw_actions(instance_id: uuid.UUID, refused: DomainError | None = None) -> str:
    head = page.head_of(_operated(instance_id), current_actor(), current="repair.show_actions")
    return render_template(
        "instances/actions.html", head=head, refused=refused, verb=request.path.rpartition("/")[2], typed=request.form
    )


# ----------------------------------------------------------------------------------------------------------- variables
@blueprint.post("/variables")
def set_variables(instance_id: uuid.UUID) -> ResponseReturnValue:
    """Changes, adds or removes one; what it was and what it is now stand in the history."""
    with redrawing(lambda refused: draw_variables(instance_id, refused), DomainError):
        change = variables.read_change()
        operations.set_variables(
            instance_id,
            change.values,
            remove=change.removed,
            scope=change.scope,
            reason=change.reason,
            actor=current_actor(),
        )
    flash(_("Đã gỡ biến %(name)s.", name=change.name) if change.removed else _("Đã ghi %(name)s.", name=change.name))
    return redirect(url_for("instances.show_variables", instance_id=instance_id))


# -------------------------------------------------------------------------------------------------------------- tokens
@blueprint.get("/move")
def show_move(instance_id: uuid.UUID) -> ResponseReturnValue:
    """Choosing, and what would happen: it stands in the address and changes nothing."""
    return _draw_move(instance_id)


@blueprint.post("/move")
def move_tokens(instance_id: uuid.UUID) -> ResponseReturnValue:
    with redrawing(lambda refused: _draw_move(instance_id, refused), DomainError):
        chosen = moving.Chosen.read(request.form)
        operations.move_tokens(instance_id, chosen.cancel, chosen.start, reason=_reason(), actor=current_actor())
    flash(_("Đã chuyển. Sơ đồ cho thấy chỗ đứng mới."))
    return redirect(url_for("instances.show", instance_id=instance_id))


def _draw_move(instance_id: uuid.UUID, refused: DomainError | None = None) -> str:
    instance, actor = _operated(instance_id), current_actor()
    return render_template(
        "instances/move.html",
        head=page.head_of(instance, actor, current=""),
        page=moving.page_of(instance, actor, moving.Chosen.read(request.values)),
        refused=None if isinstance(refused, TaskNotReady) else refused,  # the preview tells of it
        typed=request.form,
    )


def _operated(instance_id: uuid.UUID) -> ProcessInstance:
    g.section = "instances.show_list"
    return access.get_operated(instance_id, current_actor())


def _reason() -> str:
    told = request.form.get("reason", "").strip()
    if not told:
        raise Invalid({"reason": _("Ghi lý do; lý do nằm trong lịch sử của hồ sơ.")})
    return told[:500]
