"""The specs of deployed definitions, kept in the process: read once for a hash, shared by all instances."""

import collections
import threading
import uuid
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from engine.bpmn import reading
from engine.bpmn.node import Process
from engine.decisions import reading as decisions
from engine.decisions.graph import Decisions
from engine.decisions.model import Table
from engine.deployed_models import DecisionDefinition
from engine.errors import DefinitionNotFound
from engine.models import ProcessDefinition, ProcessResource
from kernel import db

Kept = TypeVar("Kept")


class Recent(Generic[Kept]):
    """A mapping that forgets what was not asked for the longest, as soon as all it keeps weighs more than `size`; by
    default each thing weighs 1. Safe between threads; two may make the same twice."""

    def __init__(self, size: int, *, weigh: Callable[[Kept], int] = lambda kept: 1) -> None:
        self.weight = 0
        self._size = size
        self._weigh = weigh
        self._lock = threading.Lock()
        self._kept: collections.OrderedDict[Hashable, Kept] = collections.OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self.weight += self._weigh(made)
            while self.weight > self._size and len(self._kept) > 1:
                self.weight -= self._weigh(self._kept.popitem(last=False)[1])
        return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.weight = 0


def count_nodes(spec: Process) -> int:
    """Of a process with its sub-processes."""
    return len(spec.task_specs) + sum(count_nodes(inner) for inner in spec.subprocess_specs.values())


def count_cells(decisions: Decisions) -> int:
    """Of all tables of a file; an expression is one."""
    tables = [one.logic for one in decisions.values() if isinstance(one.logic, Table)]
    return len(decisions) + sum(len(t.rules) * (len(t.inputs) + len(t.outputs)) for t in tables)


_names: Recent[tuple[str, str]] = Recent(4096)  #: definition id -> hash, key
_specs: Recent[Process] = Recent(8_000, weigh=count_nodes)  #: hash, key -> spec; some 4 kB a node
_decision_names: Recent[tuple[str, str]] = Recent(4096)  #: decision id -> hash, key
_decisions: Recent[Decisions] = Recent(50_000, weigh=count_cells)  #: hash -> the decisions of the file


def spec_of(definition_id: uuid.UUID) -> Process:
    """Raises DefinitionNotFound."""
    name = _names.get(definition_id, lambda: _name_of(definition_id))
    return _specs.get(name, lambda: _read(definition_id))


def decisions_of(decision_id: uuid.UUID) -> tuple[Decisions, str]:
    """The decisions of the file that this one stands in, and its key. Raises DefinitionNotFound."""
    name = _decision_names.get(decision_id, lambda: _decision_name_of(decision_id))
    return _decisions.get(name[0], lambda: _read_decisions(decision_id)), name[1]


def forget_all() -> None:
    """For tests that read the same hash anew."""
    for kept in (_names, _specs, _decision_names, _decisions):
        kept.clear()


def _name_of(definition_id: uuid.UUID) -> tuple[str, str]:
    query = sa.select(ProcessDefinition.hash, ProcessDefinition.key).where(ProcessDefinition.id == definition_id)
    row = db.connection().execute(query).first()
    if row is None:
        raise DefinitionNotFound
    return row.hash, row.key


def _decision_name_of(decision_id: uuid.UUID) -> tuple[str, str]:
    query = sa.select(DecisionDefinition.hash, DecisionDefinition.key).where(DecisionDefinition.id == decision_id)
    row = db.connection().execute(query).first()
    if row is None:
        raise DefinitionNotFound
    return row.hash, row.key


def _read_decisions(decision_id: uuid.UUID) -> Decisions:
    """With the files that this one may import: all lie beside it."""
    query = (
        sa.select(ProcessResource.name, ProcessResource.content, DecisionDefinition.resource_name)
        .join(DecisionDefinition, ProcessResource.deployment_id == DecisionDefinition.deployment_id)
        .where(DecisionDefinition.id == decision_id)
    )
    rows = [row for row in db.connection().execute(query) if decisions.is_decisions(row.name)]
    return decisions.read_deployed({row.name: row.content for row in rows}, rows[0].resource_name)


def _read(definition_id: uuid.UUID) -> Process:
    row: Any = (
        db.connection()
        .execute(
            sa.select(
                ProcessDefinition.key, ProcessDefinition.deployment_id, ProcessResource.name, ProcessResource.content
            )
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
    return reading.read_deployed(row.name, row.content, row.key, _beside(row.deployment_id))


def _beside(deployment_id: uuid.UUID) -> dict[str, bytes]:
    """Forms and decisions of a deployment: file name -> bytes."""
    query = sa.select(ProcessResource.name, ProcessResource.content).where(
        ProcessResource.deployment_id == deployment_id, ProcessResource.name.regexp_match(r"\.(dmn|form)$")
    )
    return {found.name: found.content for found in db.connection().execute(query)}
