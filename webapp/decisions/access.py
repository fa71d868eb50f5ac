"""Who sees decisions: whoever watches processes, or draws them; what was decided about whom, only who may read that."""

from collections.abc import Iterable
from uuid import UUID

from flask import g

from directory.actors import Actor
from documents import queries as documents
from engine import permissions
from engine.models import ProcessInstance
from webapp.auth import current_actor


def reader() -> Actor:
    """The person of this request. Every page of decisions begins here. Raises NotWatcher."""
    g.section = "decisions.show_list"
    actor = current_actor()
    permissions.require_watcher(actor)
    return actor


def readable(instances: Iterable[ProcessInstance], actor: Actor) -> frozenset[UUID]:
    """Ids of those whose values this person may read: who operates, and may read every document of the instance; two
    queries for a whole page (webapp.instances.access.may_read_values)."""
    ids = {instance.id for instance in instances}
    if not permissions.may_operate(actor):
        return frozenset()
    open_to_actor = {document.id for document in documents.find_by_instances(ids, reader=actor)}
    closed = {one.instance_id for one in documents.find_by_instances(ids) if one.id not in open_to_actor}
    return frozenset(ids - closed)
