"""Who sees what of process instances: where they stand is for those who watch, what is in them for readers."""

import uuid
from collections.abc import Sequence

from directory.actors import Actor
from documents import queries as documents
from documents.models import Document
from engine import permissions, queries
from engine.errors import InstanceNotFound
from engine.models import ProcessInstance


def get_watched(instance_id: uuid.UUID, actor: Actor) -> ProcessInstance:
    """Raises NotWatcher; InstanceNotFound also for one of another organisation."""
    permissions.require_watcher(actor)
    return _own(instance_id, actor)


def get_operated(instance_id: uuid.UUID, actor: Actor) -> ProcessInstance:
    """For pages that lead to an operation. Raises NotOfWhole, InstanceNotFound."""
    permissions.require_whole(actor)
    return _own(instance_id, actor)


def may_read_values(actor: Actor, about: Sequence[Document]) -> bool:
    """What is in an instance is content of its documents (`about`): for those who operate and may read all of them."""
    return permissions.may_operate(actor) and all(documents.may_view(document, actor) for document in about)


def require_viewer(instance_id: uuid.UUID, actor: Actor) -> None:
    """For whoever watches, or may read a document of the instance. Raises InstanceNotFound."""
    instance = _own(instance_id, actor)
    if permissions.may_watch(actor):
        return
    about = documents.find_by_instances([instance.id])
    shown = any(documents.may_view(document, actor) for document in about)
    if not shown and (about or not permissions.is_manager(actor)):
        raise InstanceNotFound


def _own(instance_id: uuid.UUID, actor: Actor) -> ProcessInstance:
    instance = queries.get_instance(instance_id)
    if instance.organization_id != actor.organization_id:
        raise InstanceNotFound
    return instance
