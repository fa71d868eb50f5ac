"""Where one instance stands, on the diagrams it has been in."""

import uuid

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from directory.actors import Actor
from documents import queries as documents
from engine import permissions, queries
from engine.errors import InstanceNotFound
from engine.queries import DiagramState
from webapp.auth import current_actor

blueprint = Blueprint("instances", __name__)


@blueprint.get("/instances/<uuid:instance_id>/diagram")
def show_diagram(instance_id: uuid.UUID) -> ResponseReturnValue:
    """For whoever may see the document of the instance; first the diagram that the given document itself follows."""
    _require_viewer(instance_id, current_actor())
    tasks = queries.list_instance_tasks(instance_id)
    own = {task.definition_id for task in tasks if task.business_key == request.args.get("document")}
    states = sorted(queries.diagram_states(instance_id), key=lambda state: state.definition_id not in own)
    return jsonify(diagrams=[_told(state) for state in states])


def _told(state: DiagramState) -> dict[str, object]:
    return {
        "name": state.name,
        "xml_url": url_for("diagrams.show_xml", definition_id=state.definition_id),
        "active": dict(state.active),
        "passed": list(state.passed),
        "incidents": list(state.incidents),
    }


def _require_viewer(instance_id: uuid.UUID, actor: Actor) -> None:
    instance = queries.get_instance(instance_id)
    if instance.organization_id != actor.organization_id:
        raise InstanceNotFound
    about = documents.find_by_instances([instance_id])
    shown = any(documents.may_view(document, actor) for document in about)
    if not shown and (about or not permissions.is_manager(actor)):
        raise InstanceNotFound
