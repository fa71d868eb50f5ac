"""Whether what people and workers see (the rows) is what the instances say (their snapshots).

They are written together, so a difference means that something wrote around the engine, or that a disk lies. For
operators: after a restored backup, after a crash of the machine.
"""

import collections
import dataclasses
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from directory import actors
from engine.bpmn.tokens import JOB
from engine.job_models import CONTINUE, Job
from engine.models import FAILED, READY, ExternalTask, ProcessInstance, Subscription, Task, Timer
from engine.runtime import EXTERNAL, SUBSCRIPTION, TASK, TIMER, Run
from kernel import db
from kernel.errors import DomainError

BATCH = 200  #: instances read at once

Waits = Mapping[uuid.UUID, set[tuple[str, int]]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fault:
    """One difference, in Vietnamese."""

    instance_id: uuid.UUID
    sentence: str

    def __str__(self) -> str:
        return f"{self.instance_id}: {self.sentence}"


def find_faults(organization_id: uuid.UUID) -> list[Fault]:
    """Of all instances of an organisation; empty when all is well. Needs an open session."""
    last: uuid.UUID | None = None
    found: list[Fault] = []
    while batch := _instances(organization_id, last):
        rows = _rows([instance.id for instance in batch])
        found += _strays([instance.id for instance in batch])
        for instance in batch:
            found += [Fault(instance_id=instance.id, sentence=told) for told in _faults_of(instance, rows)]
        last = batch[-1].id
    return found


def _instances(organization_id: uuid.UUID, after: uuid.UUID | None) -> list[Any]:
    query = (
        sa.select(ProcessInstance.id, ProcessInstance.organization_id, ProcessInstance.state, ProcessInstance.snapshot)
        .where(ProcessInstance.organization_id == organization_id)
        .order_by(ProcessInstance.id)
        .limit(BATCH)
    )
    return list(db.connection().execute(query if after is None else query.where(ProcessInstance.id > after)))


def _strays(instance_ids: list[uuid.UUID]) -> Iterator[Fault]:
    """Tasks that are written under another organisation than their instance: no constraint forbids it."""
    query = (
        sa.select(Task.instance_id, Task.token)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .where(Task.instance_id.in_(instance_ids), Task.organization_id != ProcessInstance.organization_id)
    )
    for instance_id, token in db.connection().execute(query):
        yield Fault(instance_id=instance_id, sentence=f"việc {token} ghi dưới tên cơ quan khác")


def _faults_of(instance: Any, rows: Waits) -> Iterator[str]:
    told = rows.get(instance.id, set())
    run = Run(
        organization_id=instance.organization_id,
        instance_id=instance.id,
        actor=actors.machine(instance.organization_id),
    )
    try:
        run.resume(instance.snapshot)
    except (DomainError, ValueError, LookupError) as wrong:
        yield f"không đọc được trạng thái ({type(wrong).__name__}: {wrong})"
        return
    if instance.state in ("completed", "cancelled"):
        if told:
            yield f"đã kết thúc mà còn {_listed(told)}"
        return
    if run.instance.completed:
        yield "trạng thái nói đã kết thúc, dòng của hồ sơ nói đang chạy"
    waits = run.waits()
    if waits - told:
        yield f"thiếu dòng của {_listed(waits - told)}"
    if told - waits:
        yield f"thừa dòng của {_listed(told - waits)}"
    if not run.instance.tokens():
        yield "không còn đứng ở đâu mà chưa kết thúc"


def _rows(instance_ids: list[uuid.UUID]) -> Waits:
    """In one statement, so that it sees one moment."""
    found: dict[uuid.UUID, set[tuple[str, int]]] = collections.defaultdict(set)
    parts = [
        sa.select(sa.literal(kind), table.instance_id, table.token).where(table.instance_id.in_(instance_ids), waits)
        for kind, table, waits in WAITING
    ]
    for kind, instance_id, token in db.connection().execute(sa.union_all(*parts)):
        found[instance_id].add((kind, token))
    return found


def waiting_rows(instance_id: uuid.UUID) -> set[tuple[str, int]]:
    """Kind and token of all rows of an instance that wait."""
    return _rows([instance_id]).get(instance_id, set())


#: kind of wait, its table, which of its rows wait
WAITING: tuple[tuple[str, Any, Any], ...] = (
    (TASK, Task, Task.state == READY),
    (EXTERNAL, ExternalTask, ExternalTask.state.in_((READY, FAILED))),
    (TIMER, Timer, sa.true()),
    (SUBSCRIPTION, Subscription, sa.true()),
    (JOB, Job, Job.kind == CONTINUE),
)


def _listed(waits: set[tuple[str, int]]) -> str:
    return ", ".join(f"{kind} {token}" for kind, token in sorted(waits))
