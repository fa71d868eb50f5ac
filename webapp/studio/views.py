"""Quy trình: the library of processes, one process, the editor, drafts, publishing."""

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.actors import Actor
from engine import drafts, migration, outlines, permissions, queries
from engine.draft_errors import NotDrafting
from engine.errors import DefinitionNotFound, Problem, ProcessRefused
from kernel import clock
from kernel.errors import DomainError, Invalid
from webapp.auth import current_actor
from webapp.redraw import redrawing
from webapp.security import allow_style_attributes
from webapp.studio import catalogue, library, starting

blueprint = Blueprint("studio", __name__)

XML = "application/xml; charset=utf-8"
KEY = "string(maxlength=100)"


# --------------------------------------------------------------------------------------------------------- the library
@blueprint.get("/processes")
def show_list() -> ResponseReturnValue:
    actor = _reader()
    entries = library.list_entries(actor)
    return render_template("studio/list.html", entries=entries, may_design=drafts.may_design(actor))


@blueprint.get(f"/processes/<{KEY}:key>")
def show(key: str) -> ResponseReturnValue:
    actor = _reader()
    page = library.get_page(key, request.args.get("version", type=int), actor)
    entries = library.list_entries(actor)
    may = {"may_design": drafts.may_design(actor), "may_operate": permissions.may_operate(actor)}
    may["may_migrate"] = migration.may_migrate(actor)
    return render_template("studio/show.html", page=page, entries=entries, **may)


@blueprint.get("/processes/new")
def show_new() -> ResponseReturnValue:
    _designer()
    return _new_page(None)


@blueprint.post("/processes/new")
def create() -> ResponseReturnValue:
    actor = _designer()
    with redrawing(_new_page):
        asked = starting.read_request()
        drafts.start_draft(asked.key, asked.xml, actor=actor)
    return redirect(url_for(".edit", key=asked.key))


def _new_page(refused: DomainError | None) -> str:
    g.section = "studio.show_list"
    problems = refused.fields if isinstance(refused, Invalid) else {}
    return render_template("studio/new.html", typed=request.form, refused=refused, problems=problems)


# ---------------------------------------------------------------------------------------------------------- the editor
@blueprint.get(f"/processes/<{KEY}:key>/edit")
def edit(key: str) -> ResponseReturnValue:
    return _editor(key)


def _editor(key: str, *, xml: str = "", refused: DomainError | None = None) -> str:
    """`xml`: what was sent and refused; it comes back in the page, nothing is lost."""
    actor = _designer()
    allow_style_attributes()
    page = library.get_page(key, None, actor)
    problems = refused.problems if isinstance(refused, ProcessRefused) else []
    return render_template("studio/edit.html", page=page, xml=xml, refused=refused, problems=problems)


@blueprint.get(f"/processes/<{KEY}:key>/draft")
def show_draft(key: str) -> ResponseReturnValue:
    """What the editor opens: the draft, else the newest version."""
    actor = _reader()
    draft = drafts.find_draft(actor.organization_id, key)
    if draft is not None:
        return Response(draft.xml, content_type=XML)
    newest = queries.find_latest_definition(actor.organization_id, key)
    if newest is None:
        raise DefinitionNotFound
    return Response(queries.get_diagram(newest.id), content_type=XML)


@blueprint.post(f"/processes/<{KEY}:key>/draft")
def save_draft(key: str) -> ResponseReturnValue:
    seen = request.form.get("version", type=int)
    draft = drafts.save_draft(key, _sent_xml(), seen_version=seen, actor=current_actor())
    return jsonify(version=draft.version, saved_at=f"{clock.local(draft.updated_at):%H:%M}")


@blueprint.post(f"/processes/<{KEY}:key>/draft/discard")
def discard_draft(key: str) -> ResponseReturnValue:
    actor = current_actor()
    drafts.discard_draft(key, actor=actor)
    flash(_("Đã bỏ bản nháp. Bản đang dùng không đổi."))
    published = queries.find_latest_definition(actor.organization_id, key)
    return redirect(url_for(".show", key=key) if published else url_for(".show_list"))


@blueprint.post("/processes/check")
def check() -> ResponseReturnValue:
    actor, xml = current_actor(), _sent_xml()
    outline = outlines.read(xml.encode())
    forms = catalogue.files_for(next(iter(outline.processes)), outline, actor)
    return jsonify(problems=[_told(problem) for problem in drafts.check_draft(xml, forms=forms, actor=actor)])


@blueprint.post(f"/processes/<{KEY}:key>/publish")
def publish(key: str) -> ResponseReturnValue:
    actor, xml = current_actor(), _sent_xml()
    with redrawing(lambda refused: _editor(key, xml=xml, refused=refused), ProcessRefused, Invalid):
        forms = catalogue.files_for(key, outlines.read(xml.encode()), actor)
        definition = drafts.publish_process(key, xml, forms=forms, actor=actor)
    flash(
        _(
            "Đã công bố bản %(n)s. Văn bản mới đi theo bản này; việc đang chạy ở lại bản cũ.",
            n=definition.version,
        )
    )
    return redirect(url_for(".show", key=key))


@blueprint.get("/processes/catalogue")
def show_catalogue() -> ResponseReturnValue:
    return jsonify(catalogue.build(_reader()))


def _sent_xml() -> str:
    return request.form.get("xml", "")


def _told(problem: Problem) -> dict[str, object]:
    return {
        "level": problem.level,
        "element_id": problem.element_id,
        "element_name": problem.element_name,
        "line": problem.line,
        "sentence": problem.sentence,
    }


# --------------------------------------------------------------------------------------------------------- permissions
def _reader() -> Actor:
    g.section = "studio.show_list"
    actor = current_actor()
    if not drafts.may_study(actor):
        raise NotDrafting
    return actor


def _designer() -> Actor:
    g.section = "studio.show_list"
    actor = current_actor()
    if not drafts.may_design(actor):
        raise NotDrafting
    return actor
