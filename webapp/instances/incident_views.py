"""Sự cố: what stopped in all processes, and trying it again."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import operations
from engine.errors import IncidentNotFound
from kernel.errors import Invalid
from webapp.auth import current_actor, safe_path
from webapp.instances import incidents

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    key = request.args.get("process", "")[:100]
    return render_template("instances/incidents.html", page=incidents.overview(current_actor(), key=key))


@blueprint.post("/retry")
def retry() -> ResponseReturnValue:
    """One, those that were ticked, or a whole group."""
    chosen = dict.fromkeys(request.form.getlist("incident", type=uuid.UUID))
    if not chosen:
        raise Invalid({"incident": _("Đánh dấu ít nhất một sự cố trong danh sách.")})
    tried = sum(_retried(incident_id) for incident_id in chosen)
    if tried:
        flash(_("Đang thử lại %(n)s chỗ. Chỗ nào vẫn không chạy được sẽ hiện lại ở đây.", n=tried))
    if tried < len(chosen):
        flash(_("%(n)s sự cố đã có người xử lý trước.", n=len(chosen) - tried), "warn")
    return redirect(safe_path(request.form.get("back")))


@blueprint.post("/discard")
def discard() -> ResponseReturnValue:
    """A message or signal that cannot be delivered is given up."""
    job_id, reason = request.form.get("job", type=uuid.UUID), request.form.get("reason", "").strip()
    if job_id is None or not reason:
        raise Invalid({"reason": _("Ghi lý do bỏ; lý do nằm trong nhật ký.")})
    operations.discard_job(job_id, reason=reason[:500], actor=current_actor())
    flash(_("Đã bỏ, không gửi nữa."))
    return redirect(safe_path(request.form.get("back")))


def _retried(incident_id: uuid.UUID) -> bool:
    try:
        operations.retry_incident(incident_id, actor=current_actor())
    except IncidentNotFound:  # refused before anything was written; the others go on
        return False
    return True
