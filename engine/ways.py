"""The way a token came to a task, read backwards from history: which steps of people it may be sent back to.

History holds for each token where it entered and by which flow, in the order in which it happened; the element that the
flow leaves was last left just before. An embedded sub-process on the way is one step, and a way that began inside one
goes on in front of it.
"""

import dataclasses
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from engine import specs
from engine.bpmn.activities import UserTask
from engine.bpmn.gateways import EventBasedGateway
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.node import Process
from engine.models import COMPLETED, HistoryEntry, ProcessDefinition, Task
from kernel import db

PREVIOUS = "previous"  #: in `to`: the nearest step of a person in the task's own scope
ENTERED, LEFT = ("entered", "opened"), ("completed", "closed")
BATCH = 200


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """An element that the token has left. `path`: ids of the sub-processes around it, outermost first; `flow`: by which
    it went on towards the task."""

    element_id: str
    path: tuple[str, ...]
    token: int
    flow: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """A step of a person to go back to; `steps`: the way to it, the nearest first, itself last."""

    element_id: str
    name: str
    steps: Sequence[Step]
    round: bool  #: a multi-instance activity: all of its elements begin again

    @property
    def token(self) -> int | None:
        """That did it last; of a step inside a finished sub-process history does not say."""
        return self.steps[-1].token if self.steps[-1].element_id == self.element_id else None


def targets_of(task: Task, wanted: Sequence[str]) -> list[Target]:
    """Those of the wanted ids, or `previous`, that lie on the task's way; in the order of `wanted`, each once."""
    root = specs.spec_of(task.definition_id)
    way = _Way(root, task)
    found = {target.element_id: target for name in wanted if (target := way.target(name)) is not None}
    return list(found.values())


class _Way:
    """Read only as far as it is asked for."""

    def __init__(self, root: Process, task: Task) -> None:
        self.root = root
        self.start = find_path(root, task.element_id) or ()
        self.element_id = task.element_id
        self._steps = _walk(root, self.start, task)
        self._read: list[Step] = []

    def target(self, wanted: str) -> Target | None:
        if wanted == PREVIOUS:
            return self._found(lambda step: step.path == self.start and self._is_of_people(step))
        path = find_path(self.root, wanted)
        if path is None:
            return None
        around = [(name, path[:n]) for n, name in enumerate(path) if path[: n + 1] != self.start[: n + 1]]
        places = {(wanted, path), *around}
        return self._found(lambda step: (step.element_id, step.path) in places, wanted)

    def _found(self, fits: Any, wanted: str = "") -> Target | None:
        for index, step in enumerate(self._so_far()):
            if fits(step):
                element_id = wanted or step.element_id
                spec = scope_at(self.root, find_path(self.root, element_id) or ()).task_specs[element_id]
                return Target(
                    element_id=element_id,
                    name=spec.label,
                    steps=self._read[: index + 1],
                    round=isinstance(spec, MultiInstance),
                )
        return None

    def _so_far(self) -> Iterator[Step]:
        yield from list(self._read)
        for step in self._steps:
            self._read.append(step)
            yield step

    def _is_of_people(self, step: Step) -> bool:
        if step.element_id == self.element_id:
            return False
        return is_of_people(scope_at(self.root, step.path), step.element_id)


def find_path(process: Process, element_id: str) -> tuple[str, ...] | None:
    """Ids of the sub-processes around an element, outermost first; None when the process does not have it."""
    if element_id in process.task_specs:
        return ()
    for name, inner in process.subprocess_specs.items():
        found = find_path(inner, element_id)
        if found is not None:
            return (name, *found)
    return None


def shared_path(task: Task, element_id: str) -> tuple[str, ...]:
    """The sub-processes that are around the task and around the element."""
    root = specs.spec_of(task.definition_id)
    here, there = find_path(root, task.element_id) or (), find_path(root, element_id) or ()
    return tuple(a for n, a in enumerate(here) if here[: n + 1] == there[: n + 1])


def scope_at(process: Process, path: Sequence[str]) -> Process:
    for name in path:
        process = process.subprocess_specs[name]
    return process


def is_of_people(process: Process, element_id: str) -> bool:
    """A user task, alone or as a round."""
    spec = process.task_specs[element_id]
    if isinstance(spec, MultiInstance):
        spec = process.task_specs[spec.instance]
    return isinstance(spec, UserTask)


def last_doer(task: Task, target: Target) -> Task | None:
    """The completed task that stood at the target the last time on this way; None for a round."""
    if target.round:
        return None
    query = sa.select(Task).where(
        Task.instance_id == task.instance_id, Task.element_id == target.element_id, Task.state == COMPLETED
    )
    if target.token is not None:
        query = query.where(Task.token == target.token)
    return db.session().scalars(query.order_by(Task.token.desc()).limit(1)).first()


# ------------------------------------------------------------------------------------------------------------- reading
def _walk(root: Process, path: tuple[str, ...], task: Task) -> Iterator[Step]:
    rows = _rows(task)
    element_id, token = task.element_id, task.token
    while True:
        process = scope_at(root, path)
        flow = _entry(rows, process, element_id, token)
        source = next((node for node in process.task_specs.values() for f in node.flows if f.id == flow), None)
        if source is not None:
            element_id, token = source.bpmn_id, _leaving(rows, source)
            if token == 0:
                return
            yield Step(element_id=element_id, path=path, token=token, flow=flow)
        elif path:
            path, element_id, token = path[:-1], path[-1], 0
        else:
            return


def _leaving(rows: Iterator[Any], source: Any) -> int:
    """The token that left this element last; 0 when history does not say."""
    kind = "closed" if isinstance(source, MultiInstance) else "completed"
    return next((row.token for row in rows if row.kind == kind and row.element_id == source.bpmn_id), 0)


def _entry(rows: Iterator[Any], process: Process, element_id: str, token: int) -> str:
    """The flow by which the token came to the element. One that was put there (an element of a round, a step that was
    sent back to) came as the one before it did; a boundary event came as its activity; one behind an event-based
    gateway by the flow between. Empty at the beginning of a scope."""
    row = _next_entry(rows, element_id, token)
    if row is None or row.flow_id:
        return row.flow_id if row is not None else ""
    spec = process.task_specs[element_id]
    for node in process.task_specs.values():
        if element_id in node.boundary:
            return _came(rows, node.bpmn_id)
        if isinstance(node, EventBasedGateway):
            direct = next((flow.id for flow in node.flows if flow.target == element_id), None)
            if direct is not None:
                return direct
    return _came(rows, element_id) if spec.incoming else ""


def _next_entry(rows: Iterator[Any], element_id: str, token: int) -> Any:
    """`token` 0: whichever entered last."""
    wanted = (row for row in rows if row.kind in ENTERED and row.element_id == element_id)
    return next((row for row in wanted if token in (0, row.token)), None)


def _came(rows: Iterator[Any], element_id: str) -> str:
    wanted = (row for row in rows if row.kind in ENTERED and row.element_id == element_id)
    return next((row.flow_id for row in wanted if row.flow_id), "")


def _rows(task: Task) -> Iterator[Any]:
    """Newest first, a batch at a time."""
    query = (
        sa.select(HistoryEntry.kind, HistoryEntry.token, HistoryEntry.element_id, HistoryEntry.flow_id)
        .where(
            HistoryEntry.organization_id == task.organization_id,
            HistoryEntry.instance_id == task.instance_id,
            HistoryEntry.definition_id.in_(_versions(task.definition_id)),
            HistoryEntry.kind.in_([*ENTERED, *LEFT]),
        )
        .order_by(HistoryEntry.id.desc())
    )
    offset = 0
    while batch := db.session().execute(query.limit(BATCH).offset(offset)).all():
        yield from batch
        offset += len(batch)


def _versions(definition_id: uuid.UUID) -> "sa.Select[uuid.UUID]":
    """All of the same process: the instance may have been taken over from an older one on its way."""
    own = sa.select(ProcessDefinition.organization_id, ProcessDefinition.key).where(
        ProcessDefinition.id == definition_id
    )
    same = sa.tuple_(ProcessDefinition.organization_id, ProcessDefinition.key).in_(own)
    return sa.select(ProcessDefinition.id).where(same)
