"""Lines of history about an instance as a whole, for verbs that run nothing of its diagram; and what they ask first."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import permissions, store
from engine.errors import InstanceNotFound, InstanceOver
from engine.models import HistoryEntry, ProcessDefinition, ProcessInstance
from engine.repair_errors import ReasonMissing
from engine.store import Locked
from kernel import clock, db
from kernel.ids import new_id
from kernel.text import tidy

MAX_REASON = 500  #: characters


def lock_for_repair(instance_id: uuid.UUID, *, actor: Actor) -> Locked:
    """Running or suspended. Raises InstanceNotFound, NotOfWhole, InstanceOver."""
    locked = store.lock_instance(instance_id)
    if locked.organization_id != actor.organization_id:
        raise InstanceNotFound
    permissions.require_whole(actor)
    if locked.is_over:
        raise InstanceOver
    return locked


def reason_of(text: str) -> str:
    """Raises ReasonMissing."""
    told = tidy(text)
    if not told or len(told) > MAX_REASON:
        raise ReasonMissing
    return told


def note(instance_id: uuid.UUID, kind: str, *, actor: Actor, data: Mapping[str, Any], changes: Any = None) -> None:
    """One line, `data` and `changes` tagged (engine.values.plain)."""
    note_all([instance_id], kind, actor=actor, data=data, changes=changes)


def note_all(
    instance_ids: Iterable[uuid.UUID], kind: str, *, actor: Actor, data: Mapping[str, Any], changes: Any = None
) -> None:
    """The same line for each of these instances."""
    query = sa.select(
        ProcessInstance.id, ProcessInstance.definition_id, ProcessDefinition.key, ProcessDefinition.name
    ).join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    found = db.connection().execute(query.where(ProcessInstance.id.in_(list(instance_ids))))
    common = {
        "organization_id": actor.organization_id,
        "token": 0,
        "element_type": "process",
        "kind": kind,
        "at": clock.now(),
        "person_id": actor.person_id,
        "person_name": actor.name,
        "data": dict(data) or None,
        "changes": changes,
    }
    rows = [
        common
        | {
            "id": new_id(),
            "instance_id": row.id,
            "definition_id": row.definition_id,
            "element_id": row.key,
            "element_name": row.name,
        }
        for row in found
    ]
    if rows:
        db.connection().execute(sa.insert(HistoryEntry), rows)
