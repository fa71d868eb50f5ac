"""Diagrams to look at: a version's XML, and where the work of all its instances stands."""

import uuid

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from engine import drafts, permissions, queries, usage
from engine.draft_errors import NotDrafting
from webapp.auth import current_actor
from webapp.instances import elements
from webapp.studio import library

blueprint = Blueprint("diagrams", __name__)

XML = "application/xml; charset=utf-8"


@blueprint.get("/processes/definitions/<uuid:definition_id>/xml")
def show_xml(definition_id: uuid.UUID) -> ResponseReturnValue:
    """Whoever belongs to the agency may know how its work runs."""
    definition = library.get_definition(definition_id, current_actor())
    response = Response(queries.get_diagram(definition.id), content_type=XML)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"  # a version is never changed
    if request.args.get("download"):
        name = f"{definition.key}-v{definition.version}.bpmn"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/processes/definitions/<uuid:definition_id>/load")
def show_load(definition_id: uuid.UUID) -> ResponseReturnValue:
    """Where the open work of all instances of a version stands."""
    actor = current_actor()
    if not (drafts.may_study(actor) or permissions.may_watch(actor)):
        raise NotDrafting
    definition = library.get_definition(definition_id, actor)
    state = {
        "name": definition.name,
        "xml_url": url_for(".show_xml", definition_id=definition.id),
        "active": {
            element_id: number
            for element_id, number in usage.count_by_element(actor.organization_id, definition.id).items()
            if elements.is_place(definition.id, element_id)
        },
        "passed": [],
        "incidents": usage.list_stuck_elements(actor.organization_id, definition.id),
    }
    return jsonify(diagrams=[state])
