"""Ngừng nhận, nhận lại: whether a version of a process may be started."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import operations
from webapp.auth import current_actor, safe_path

blueprint = Blueprint("definitions", __name__, url_prefix="/processes/definitions/<uuid:definition_id>")


@blueprint.post("/suspend")
def suspend(definition_id: uuid.UUID) -> ResponseReturnValue:
    """Nothing new starts on it; with `instances`, what runs on it stands still too."""
    stopped = operations.suspend_definition(definition_id, **_asked(), actor=current_actor())
    flash(_("Bản này không nhận hồ sơ mới nữa."))
    if stopped:
        flash(_("Đã tạm dừng %(n)s hồ sơ đang chạy trên bản này.", n=stopped))
    return redirect(safe_path(request.form.get("back")))


@blueprint.post("/resume")
def resume(definition_id: uuid.UUID) -> ResponseReturnValue:
    begun = operations.resume_definition(definition_id, **_asked(), actor=current_actor())
    flash(_("Bản này nhận hồ sơ mới trở lại."))
    if begun:
        flash(_("%(n)s hồ sơ tạm dừng trên bản này chạy tiếp.", n=begun))
    return redirect(safe_path(request.form.get("back")))


def _asked() -> dict[str, Any]:
    return {"reason": request.form.get("reason", ""), "with_instances": "instances" in request.form}
