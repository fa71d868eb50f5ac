"""The person's own page: office, password, appearance."""

import uuid

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import operations, queries
from webapp import auth
from webapp.auth import current_actor
from webapp.redraw import redrawing

blueprint = Blueprint("account", __name__, url_prefix="/account")

YEAR = 365 * 24 * 3600  #: seconds
CHOICES = {"theme": ("light", "dark"), "density": ("thoang", "gon"), "keys": ("on", "off")}


@blueprint.get("")
def show() -> ResponseReturnValue:
    offices = queries.list_appointments(auth.current().person_id)
    return render_template("account/show.html", offices=offices, actor=current_actor())


@blueprint.post("/office")
def choose_office() -> ResponseReturnValue:
    """From now on this browser acts in another office of the same person."""
    operations.choose_appointment(auth.token(), request.form.get("appointment", type=uuid.UUID) or uuid.UUID(int=0))
    flash(_("Từ giờ bạn làm việc ở chức vụ đã chọn."))
    return redirect(url_for("account.show"))


@blueprint.get("/password")
def show_password() -> ResponseReturnValue:
    return _password_page({})


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    told = {name: request.form.get(name, "") for name in ("old", "new", "repeated")}
    with redrawing(lambda refused: _password_page(getattr(refused, "fields", {}))):
        operations.change_password(auth.current().person_id, actor=current_actor(), token=auth.token(), **told)
    flash(_("Đã đổi mật khẩu. Máy khác đang mở tài khoản này phải đăng nhập lại."))
    return redirect("/")


@blueprint.post("/appearance")
def choose_appearance() -> ResponseReturnValue:
    """Theme, density and single-key shortcuts, kept in this browser."""
    response = make_response(redirect(url_for("account.show")))
    for name, allowed in CHOICES.items():
        if request.form.get(name) in allowed:
            response.set_cookie(
                f"moc_{name}", request.form[name], max_age=YEAR, samesite="Lax", secure=request.is_secure
            )
    flash(_("Đã lưu cho trình duyệt này."))
    return response


def _password_page(problems: dict[str, str]) -> str:
    forced = auth.current().must_change_password
    return render_template("account/password.html", problems=problems, forced=forced)
