"""Signing in and out."""

import json
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from directory import operations, queries
from directory.errors import SignInRefused
from kernel.errors import DomainError
from webapp import auth
from webapp.redraw import redrawing

blueprint = Blueprint("sign_in", __name__)

KEPT_LIMIT = 500  #: fields kept over a new sign-in


@blueprint.get("/sign-in")
def show() -> ResponseReturnValue:
    wanted = auth.safe_path(request.args.get("next"))
    if auth.signed_in() is not None:
        return redirect(wanted)
    return render_template("sign_in/show.html", next=wanted, username="", problem=None, agency=_agency())


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Opens a session; goes on to `next`, or to the form (`resume`) that found the session at its end."""
    with redrawing(_ask_again, SignInRefused):
        opened = operations.sign_in(
            request.form.get("username", ""),
            request.form.get("password", ""),
            address=request.remote_addr or "",
            agent=request.user_agent.string[:200],
        )
    session.clear()  # a new token for forms: none handed out before signing in counts after it
    response = make_response(_go_on())
    auth.set_cookie(response, opened.token, seconds=int(operations.DEFAULT_SESSION.total_seconds()))
    return response


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    operations.sign_out(auth.token())
    session.clear()
    response = make_response(redirect(url_for("sign_in.show")))
    auth.clear_cookie(response)
    return response


def _ask_again(refused: DomainError) -> str:
    told = {"username": request.form.get("username", ""), "problem": refused.sentence}
    if resume := request.form.get("resume"):
        return render_template("sign_in/again.html", resume=resume, kept=_kept(), **told)
    wanted = auth.safe_path(request.form.get("next"))
    return render_template("sign_in/show.html", next=wanted, agency=_agency(), **told)


def _go_on() -> Any:
    resume = request.form.get("resume")
    if not resume:
        return redirect(auth.safe_path(request.form.get("next")))
    return render_template("sign_in/resume.html", resume=auth.safe_path(resume), kept=_kept())


def _agency() -> str:
    """The agency's name, when only one lives in this database."""
    found = queries.list_organizations()
    return found[0].name if len(found) == 1 else ""


def _kept() -> list[tuple[str, str]]:
    """The fields of the form that was sent after the session had ended, as the page `again` handed them on."""
    try:
        pairs = json.loads(request.form.get("kept", "[]"))
        return [(str(name), str(value)) for name, value in pairs][:KEPT_LIMIT]
    except (ValueError, TypeError):
        return []
