"""Hồ sơ quy trình: the list, and what one instance is, for those who watch processes."""

import uuid

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import operations, permissions, queries, usage
from engine.models import ProcessInstance
from engine.queries import DiagramState
from kernel.errors import DomainError, Invalid
from webapp.auth import current_actor, safe_path
from webapp.instances import access, export, incidents, listing, page, past, standing, tasks, typed, variables, why
from webapp.instances.filters import SORTS, Filter

blueprint = Blueprint("instances", __name__)


@blueprint.get("/instances")
def show_list() -> ResponseReturnValue:
    actor = current_actor()
    permissions.require_watcher(actor)
    listed = listing.listing_of(actor, Filter.read(request.args))
    return render_template("instances/list.html", listing=listed, sorts=SORTS)


@blueprint.post("/instances/cancel")
def cancel_several() -> ResponseReturnValue:
    """Those that were ticked, all or none; what is over already is left out."""
    chosen, reason = request.form.getlist("instance", type=uuid.UUID), request.form.get("reason", "").strip()
    if not chosen:
        raise Invalid({"instance": _("Đánh dấu ít nhất một hồ sơ trong danh sách.")})
    if not reason:
        raise Invalid({"reason": _("Ghi lý do hủy; lý do nằm trong lịch sử của hồ sơ.")})
    cancelled = operations.cancel_instances(chosen, reason[:500], actor=current_actor())
    flash(_("Đã hủy %(n)s hồ sơ.", n=cancelled))
    return redirect(safe_path(request.form.get("back")))


@blueprint.get("/instances/export.xlsx")
@blueprint.get("/instances/export.csv", endpoint="export_csv")
def export_list() -> ResponseReturnValue:
    """The list under the same filter, all its pages."""
    actor = current_actor()
    permissions.require_watcher(actor)
    rows = listing.rows_of(actor, Filter.read(request.args), limit=listing.EXPORT_LIMIT)
    return export.list_as_csv(rows) if request.path.endswith(".csv") else export.list_as_workbook(rows)


@blueprint.get("/instances/<uuid:instance_id>")
def show(instance_id: uuid.UUID) -> ResponseReturnValue:
    instance = _watched(instance_id)
    actor = current_actor()
    return render_template(
        "instances/show.html",
        head=page.head_of(instance, actor, current="instances.show"),
        standing=standing.standing_of(instance, actor),
        passed=why.list_passed(instance),
    )


@blueprint.get("/instances/<uuid:instance_id>/why/<string(maxlength=200):element_id>")
def show_why(instance_id: uuid.UUID, element_id: str) -> ResponseReturnValue:
    """Which way out of a gateway was taken, and what every condition said then."""
    instance, actor = _watched(instance_id), current_actor()
    head = page.head_of(instance, actor, current="")
    told = why.page_of(instance, element_id, request.args.get("token", type=int), may_read=head.may_read)
    return render_template("instances/why.html", head=head, page=told)


@blueprint.get("/instances/<uuid:instance_id>/incidents")
def show_incidents(instance_id: uuid.UUID) -> ResponseReturnValue:
    instance = _watched(instance_id)
    actor = current_actor()
    found = usage.list_instance_incidents(actor.organization_id, instance.id)
    head = page.head_of(instance, actor, current="instances.show_incidents")
    return render_template("instances/stuck.html", head=head, lines=incidents.lines_of(found, actor))


@blueprint.get("/instances/<uuid:instance_id>/variables")
def show_variables(instance_id: uuid.UUID) -> ResponseReturnValue:
    return draw_variables(instance_id)


def draw_variables(instance_id: uuid.UUID, refused: DomainError | None = None) -> str:
    """With the form that the address asks for, or the one that was refused."""
    instance, actor = _watched(instance_id), current_actor()
    head = page.head_of(instance, actor, current="instances.show_variables")
    scopes = variables.scopes_of(instance, may_read=head.may_read)
    may_edit = head.may_operate and not head.over
    form = variables.form_of(scopes, request.values, refused=refused) if may_edit else None
    return render_template(
        "instances/variables.html", head=head, scopes=scopes, may_edit=may_edit, form=form, kinds=typed.KINDS
    )


@blueprint.get("/instances/<uuid:instance_id>/tasks")
def show_tasks(instance_id: uuid.UUID) -> ResponseReturnValue:
    instance = _watched(instance_id)
    actor = current_actor()
    head = page.head_of(instance, actor, current="instances.show_tasks")
    return render_template("instances/tasks.html", head=head, lines=tasks.lines_of(instance, actor))


@blueprint.get("/instances/<uuid:instance_id>/history")
def show_history(instance_id: uuid.UUID) -> ResponseReturnValue:
    instance, actor = _watched(instance_id), current_actor()
    head = page.head_of(instance, actor, current="instances.show_history")
    found = past.page_of(instance, actor, past.Chosen.read(request.args), may_read=head.may_read)
    return render_template("instances/history.html", head=head, page=found)


@blueprint.get("/instances/<uuid:instance_id>/history/export.xlsx")
@blueprint.get("/instances/<uuid:instance_id>/history/export.csv", endpoint="export_history_csv")
def export_history(instance_id: uuid.UUID) -> ResponseReturnValue:
    """The steps under the same filter, all pages."""
    instance, actor = _watched(instance_id), current_actor()
    head = page.head_of(instance, actor, current="")
    chosen = past.Chosen.read(request.args)
    steps = past.steps_of(instance, actor, chosen, may_read=head.may_read, limit=past.EXPORT_LIMIT)
    return export.steps_as_csv(steps) if request.path.endswith(".csv") else export.steps_as_workbook(head, steps)


@blueprint.get("/instances/<uuid:instance_id>/diagram")
def show_diagram(instance_id: uuid.UUID) -> ResponseReturnValue:
    """Also for whoever may see the document of the instance; first the diagram that the given document follows."""
    access.require_viewer(instance_id, current_actor())
    own = {
        task.definition_id
        for task in queries.list_instance_tasks(instance_id)
        if task.business_key == request.args.get("document")
    }
    states = sorted(queries.diagram_states(instance_id), key=lambda state: bool(own) and state.definition_id not in own)
    return jsonify(diagrams=[_told(state) for state in states])


def _told(state: DiagramState) -> dict[str, object]:
    return {
        "name": state.name,
        "definition_id": str(state.definition_id),
        "xml_url": url_for("diagrams.show_xml", definition_id=state.definition_id),
        "active": dict(state.active),
        "passed": list(state.passed),
        "incidents": list(state.incidents),
    }


def _watched(instance_id: uuid.UUID) -> ProcessInstance:
    g.section = "instances.show_list"
    return access.get_watched(instance_id, current_actor())
