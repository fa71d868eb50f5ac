"""An instance taken in hand: its row, and that of the work that is about it, under their locks.

The row lock makes writers of one instance wait for one another; the version (engine.store) is a guard against code that
forgot it.
"""

import functools
import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import orm
from sqlalchemy.orm import attributes

from directory.actors import Actor
from engine.errors import ExternalTaskNotFound, InstanceNotFound, TaskNotFound
from engine.models import ACTIVE, CANCELLED, COMPLETED, ExternalTask, ProcessDefinition, ProcessInstance, Task
from kernel import clock, db
from kernel.ids import new_id
from kernel.statements import Statement

Row = TypeVar("Row")


def _columns(model: type[Any], alias: str) -> str:
    return ", ".join(f"{alias}.{column.name}" for column in model.__table__.columns)


# The instance first, then the row: the order in which everybody locks. NO KEY: whoever writes a row that refers to them
# (a question, a comment, an incident) waits for nobody, which would be the other order.
_LOCK = (
    "SELECT {columns}, {instance} FROM {table} t JOIN engine_instances i ON i.id = t.instance_id "
    "WHERE t.id = %(id)s FOR NO KEY UPDATE OF i, t"
)
_TAKE = (
    f"SELECT {_columns(ProcessInstance, 'i')} FROM engine_instances i "  # noqa: S608 - constants
    "WHERE i.id = %(id)s FOR NO KEY UPDATE OF i"
)
_LOCK_INSTANCE, _LOCK_FREE_INSTANCE = Statement(_TAKE), Statement(f"{_TAKE} SKIP LOCKED")
_READ_TASK = Statement(f"SELECT {_columns(Task, 't')} FROM engine_tasks t WHERE t.id = %(id)s")  # noqa: S608 - constants
_INSERT_INSTANCE = (
    "INSERT INTO engine_instances AS i (id, organization_id, definition_id, business_key, state, version, snapshot, "
    "started_at, started_by_id, started_by_name, end_reason) VALUES (%(id)s, %(organization_id)s, %(definition_id)s, "
    "%(business_key)s, 'active', 0, '', %(started_at)s, %(started_by_id)s, %(started_by_name)s, '') RETURNING {columns}"
)
_BEGIN_INSTANCE = Statement(_INSERT_INSTANCE.format(columns=_columns(ProcessInstance, "i")))


class Locked:
    """An instance's row in hand, with the snapshot; nobody else writes it until the transaction ends."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self._instance: ProcessInstance | None = None
        self.id: uuid.UUID = told["id"]
        self.organization_id: uuid.UUID = told["organization_id"]
        self.version: int = told["version"]
        self.state: str = told["state"]
        self.snapshot: bytes = told["snapshot"]

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE

    @property
    def is_over(self) -> bool:
        return self.state in (COMPLETED, CANCELLED)

    @property
    def instance(self) -> ProcessInstance:
        """The row as an object, made when somebody wants one."""
        if self._instance is None:
            self._instance = kept(ProcessInstance, self._told)
        return self._instance

    def update(self, told: Mapping[str, Any]) -> None:
        """What has been written."""
        self._told.update(told)
        self.version, self.state, self.snapshot = told["version"], told["state"], told["snapshot"]
        if self._instance is None:
            self._instance = db.find_kept(ProcessInstance, self.id)
        if self._instance is not None:
            update_kept(self._instance, told)


def lock_task(task_id: uuid.UUID) -> tuple[Task, Locked]:
    """Raises TaskNotFound."""
    found = _lock_with(Task, task_id)
    if found is None:
        raise TaskNotFound
    return found


def read_task(task_id: uuid.UUID) -> Task:
    """Without a lock, for reading, at a fifth of what the session takes for it. Raises TaskNotFound."""
    db.session().flush()  # else what it has changed and not yet written would be told the old way
    rows = db.run(_READ_TASK, {"id": task_id})
    if not rows:
        raise TaskNotFound
    return kept(Task, dict(zip(_names(Task), rows[0], strict=True)))


def lock_external_task(external_task_id: uuid.UUID) -> tuple[ExternalTask, Locked]:
    found = _lock_with(ExternalTask, external_task_id)
    if found is None:
        raise ExternalTaskNotFound
    return found


def lock_instance(instance_id: uuid.UUID) -> Locked:
    found = _locked(_LOCK_INSTANCE, instance_id)
    if found is None:
        raise InstanceNotFound
    return found


def lock_free_instance(instance_id: uuid.UUID) -> Locked | None:
    """None when somebody else is at work on it."""
    return _locked(_LOCK_FREE_INSTANCE, instance_id)


def insert_instance(definition: ProcessDefinition, *, actor: Actor, business_key: str) -> Locked:
    """A row that stands before the diagram runs, for service tasks may refer to it; ours until the transaction ends."""
    values = {
        "id": new_id(),
        "organization_id": definition.organization_id,
        "definition_id": definition.id,
        "business_key": business_key,
        "started_at": clock.now(),
        "started_by_id": actor.person_id,
        "started_by_name": actor.name,
    }
    (row,) = db.run(_BEGIN_INSTANCE, values)
    return Locked(dict(zip(_names(ProcessInstance), row, strict=True)))


def _locked(statement: Statement, instance_id: uuid.UUID) -> Locked | None:
    rows = db.run(statement, {"id": instance_id})
    return Locked(dict(zip(_names(ProcessInstance), rows[0], strict=True))) if rows else None


def _lock_with(model: type[Row], row_id: uuid.UUID) -> tuple[Row, Locked] | None:
    """A row together with its instance."""
    table: Any = model
    rows = db.run(_lock_statement(table), {"id": row_id})
    if not rows:
        return None
    names, found = _names(table), rows[0]
    own = kept(model, dict(zip(names, found, strict=False)))
    return own, Locked(dict(zip(_names(ProcessInstance), found[len(names) :], strict=True)))


@functools.cache
def _names(model: Any) -> list[str]:
    return [column.name for column in model.__table__.columns]


@functools.cache
def _lock_statement(model: Any) -> Statement:
    told = {"columns": _columns(model, "t"), "instance": _columns(ProcessInstance, "i"), "table": model.__tablename__}
    return Statement(_LOCK.format(**told))


def kept(model: type[Row], told: Mapping[str, Any]) -> Row:
    """This row as an object: the session's own, brought up to date, when it has one; else a free one that costs little.
    A free one is for reading, and for telling of; who wants to change a row asks the session for it."""
    found = db.find_kept(model, told["id"])
    if found is None:
        made: Row = _free(model, told)
        return made
    update_kept(found, told)
    return found


def _free(model: Any, told: Mapping[str, Any]) -> Any:
    """orm.make_transient_to_detached in little: all columns are there, so none has to be marked for loading."""
    row = _manager(model).new_instance()  # a constructor would note every column as changed
    row.__dict__.update(told)
    row._sa_instance_state.key = (model, (told["id"],), None)
    return row


@functools.cache
def _manager(model: Any) -> Any:
    return orm.class_mapper(model).class_manager


def update_kept(row: Any, told: Mapping[str, Any]) -> None:
    """What the database already knows: no change to be flushed."""
    for name, value in told.items():
        attributes.set_committed_value(row, name, value)
