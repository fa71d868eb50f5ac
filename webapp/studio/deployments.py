"""Triển khai: sets of files deployed at once, what each deployment held, its files and decision tables."""

import uuid

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from directory.actors import Actor
from engine import deployments, drafts, operations, permissions
from engine.draft_errors import NotDrafting
from engine.errors import NotDesigner, ProcessRefused
from kernel.errors import DomainError, Invalid
from kernel.text import nfc
from webapp.auth import current_actor
from webapp.documents.listing import Paging
from webapp.redraw import redrawing
from webapp.studio import deploying, uploads
from webapp.studio.deploying import CheckedSet

blueprint = Blueprint("deployments", __name__, url_prefix="/processes/deployments")

PAGE = 25


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    actor, number = _reader(), max(1, request.args.get("trang", 1, type=int))
    total = deployments.count_deployments(actor.organization_id)
    views = deployments.list_deployments(actor.organization_id, limit=PAGE, offset=(number - 1) * PAGE)
    paging = Paging(
        before=url_for(".show_list", trang=number - 1) if number > 1 else None,
        after=url_for(".show_list", trang=number + 1) if number * PAGE < total else None,
    )
    told = {"kinds": deploying.KINDS, "may_deploy": permissions.may_deploy(actor)}
    return render_template("studio/deployments.html", views=views, total=total, paging=paging, **told)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    _designer()
    return _upload_page(None)


@blueprint.post("/check")
def check() -> ResponseReturnValue:
    actor = _designer()
    with redrawing(_upload_page):
        checked = deploying.check(uploads.read_request(), actor)
    return _upload_page(None, checked)


@blueprint.post("")
def create() -> ResponseReturnValue:
    actor = _designer()
    with redrawing(_upload_page):
        files = uploads.read_request()
    with redrawing(lambda refused: _upload_page(refused, deploying.check(files, actor)), ProcessRefused):
        if broken := [problem for problem in uploads.form_problems(files) if problem.level == "error"]:
            raise ProcessRefused(broken)
        deployed = operations.deploy_files(files, actor=actor, name=_name())
    if deployed.deployment is None:
        flash(_("Các tệp giống hệt bản đang dùng nên không có gì mới."))
        return redirect(url_for(".show_list"))
    news = sum(part.is_new for part in deployed.parts)
    flash(ngettext("Đã triển khai %(num)s bản mới.", "Đã triển khai %(num)s bản mới.", news))
    return redirect(url_for(".show", deployment_id=deployed.deployment.id))


@blueprint.get("/<uuid:deployment_id>")
def show(deployment_id: uuid.UUID) -> ResponseReturnValue:
    view = deployments.get_deployment(deployment_id, _reader().organization_id)
    tables = deployments.read_decisions(deployment_id)
    files = deployments.list_files(deployment_id)
    return render_template("studio/deployment.html", view=view, files=files, tables=tables, kinds=deploying.KINDS)


@blueprint.get("/<uuid:deployment_id>/files/<path:name>")
def download(deployment_id: uuid.UUID, name: str) -> ResponseReturnValue:
    """Byte for byte, never shown in the browser."""
    deployments.get_deployment(deployment_id, _reader().organization_id)
    answer = Response(deployments.get_file(deployment_id, name), content_type="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"  # a deployment is never changed
    return answer


def _upload_page(refused: DomainError | None, checked: CheckedSet | None = None) -> str:
    g.section = "studio.show_list"
    problems = refused.fields if isinstance(refused, Invalid) else {}
    told = {"refused": refused, "problems": problems, "checked": checked, "kinds": deploying.KINDS, "name": _name()}
    return render_template("studio/deploy.html", **told)


def _name() -> str:
    return nfc(request.form.get("name", "")).strip()[:200]


def _reader() -> Actor:
    g.section = "studio.show_list"
    actor = current_actor()
    if not drafts.may_study(actor):
        raise NotDrafting
    return actor


def _designer() -> Actor:
    g.section = "studio.show_list"
    actor = current_actor()
    if not permissions.may_deploy(actor):
        raise NotDesigner
    return actor
