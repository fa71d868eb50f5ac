"""Bảng quyết định: what is deployed, what each says and has answered, for whoever watches or draws processes."""

import uuid

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine import evaluations
from webapp.decisions import access, answered, export, listing, page, past, trying

blueprint = Blueprint("decisions", __name__, url_prefix="/decisions")

KEY = "string(maxlength=200)"


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    actor = access.reader()
    return render_template("decisions/list.html", listing=listing.listing_of(actor, request.args))


@blueprint.get(f"/<{KEY}:key>")
def show(key: str) -> ResponseReturnValue:
    actor = access.reader()
    head = page.head_of(actor, key, request.args.get("version", type=int), current="decisions.show")
    return render_template("decisions/show.html", head=head, page=page.page_of(head, actor))


@blueprint.get(f"/<{KEY}:key>/try")
def try_out(key: str) -> ResponseReturnValue:
    """What is typed stands in the address; nothing is kept."""
    actor = access.reader()
    head = page.head_of(actor, key, request.args.get("version", type=int), current="decisions.try_out")
    return render_template("decisions/try.html", head=head, page=trying.page_of(head, actor, request.args))


@blueprint.get(f"/<{KEY}:key>/evaluations")
def show_evaluations(key: str) -> ResponseReturnValue:
    actor = access.reader()
    chosen = past.Filter.read(key, request.args)
    head = page.head_of(actor, key, chosen.version, current="decisions.show_evaluations")
    return render_template("decisions/evaluations.html", head=head, page=past.page_of(actor, chosen))


@blueprint.get(f"/<{KEY}:key>/evaluations/export.xlsx")
def export_evaluations(key: str) -> ResponseReturnValue:
    """The list under the same filter, all its pages."""
    actor = access.reader()
    chosen = past.Filter.read(key, request.args)
    head = page.head_of(actor, key, chosen.version, current="")
    return export.as_workbook(head.row.name, past.rows_of(actor, chosen, limit=past.EXPORT_LIMIT))


@blueprint.get(f"/<{KEY}:key>/evaluations/<uuid:evaluation_id>")
def show_evaluation(key: str, evaluation_id: uuid.UUID) -> ResponseReturnValue:
    actor = access.reader()
    found = evaluations.get_evaluation(evaluation_id, actor.organization_id)
    return render_template("decisions/evaluation.html", page=answered.page_of(found, actor))
