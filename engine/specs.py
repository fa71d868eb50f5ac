"""The specs of deployed definitions, kept in the process: read once for a hash, shared by all instances."""

import collections
import threading
import uuid
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from engine.bpmn import reading
from engine.bpmn.node import Process
from engine.errors import DefinitionNotFound
from engine.models import ProcessDefinition, ProcessResource
from kernel import db

Kept = TypeVar("Kept")


class Recent(Generic[Kept]):
    """A mapping that forgets what was not asked for the longest. Safe between threads; two may make the same twice."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: collections.OrderedDict[Hashable, Kept] = collections.OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_names: Recent[tuple[str, str]] = Recent(4096)  #: definition id -> hash, key
_specs: Recent[Process] = Recent(256)  #: hash, key -> spec


def spec_of(definition_id: uuid.UUID) -> Process:
    """Raises DefinitionNotFound."""
    name = _names.get(definition_id, lambda: _name_of(definition_id))
    return _specs.get(name, lambda: _read(definition_id))


def forget_all() -> None:
    """For tests that read the same hash anew."""
    _names.clear()
    _specs.clear()


def find_latest(organization_id: uuid.UUID, key: str) -> uuid.UUID | None:
    query = sa.select(ProcessDefinition.id).where(
        ProcessDefinition.organization_id == organization_id, ProcessDefinition.key == key
    )
    return db.connection().scalar(query.order_by(ProcessDefinition.version.desc()).limit(1))


def _name_of(definition_id: uuid.UUID) -> tuple[str, str]:
    query = sa.select(ProcessDefinition.hash, ProcessDefinition.key).where(ProcessDefinition.id == definition_id)
    row = db.connection().execute(query).first()
    if row is None:
        raise DefinitionNotFound
    return row.hash, row.key


def _read(definition_id: uuid.UUID) -> Process:
    row: Any = (
        db.connection()
        .execute(
            sa.select(ProcessDefinition.key, ProcessResource.name, ProcessResource.content)
            .join(
                ProcessResource,
                sa.and_(
                    ProcessResource.deployment_id == ProcessDefinition.deployment_id,
                    ProcessResource.name == ProcessDefinition.resource_name,
                ),
            )
            .where(ProcessDefinition.id == definition_id)
        )
        .one()
    )
    return reading.read_deployed(row.name, row.content, row.key)
