"""What the engine tells packages above, in the same transaction, after its rows are written."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from directory.actors import Actor
from engine.action_models import Consultation
from engine.models import ExternalTask, Incident, ProcessInstance, Task


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskReady:
    """A human task has been offered."""

    task: Task


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskClaimed:
    """Somebody took a task, or was given it."""

    task: Task
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskCompleted:
    """A task is done; `values` are what was handed in."""

    task: Task
    values: Mapping[str, Any]
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskCancelled:
    """The diagram, or an administrator, took an open task away."""

    task: Task


@dataclasses.dataclass(frozen=True, kw_only=True)
class TasksMoved:
    """Told once a step, after each of its TaskCompleted, TaskCancelled and TaskReady: all the tasks that it ended and
    offered, for who writes something of each and would rather write once."""

    ended: Sequence[Task]
    ready: Sequence[Task]


@dataclasses.dataclass(frozen=True, kw_only=True)
class InstanceStarted:
    """A process has begun and stands at its first waits."""

    instance: ProcessInstance
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class InstanceEnded:
    """A process is completed or cancelled."""

    instance: ProcessInstance


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExternalTaskReady:
    """Work for a machine: whoever serves the topic defers a job."""

    external_task: ExternalTask


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskMigrated:
    """An open task stands in another version of its process now, perhaps offered to others than before."""

    task: Task
    actor: Actor


# ----------------------------------------------------------------------------------- beside completing (moc:actions)
@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskReturned:
    """A task was sent back, or rejected; it is cancelled, and what the diagram opens instead is told by TaskReady."""

    task: Task
    verb: str  #: "return" or "reject"
    reason: str
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskWithdrawn:
    """Somebody took a completion back: `task` is open again, and what had followed is `cancelled`; `reopened` are other
    tasks that the completion had ended."""

    task: Task
    cancelled: Sequence[Task]
    reopened: Sequence[Task]
    reason: str
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsultationAsked:
    """Somebody was asked beside a task."""

    task: Task
    consultation: Consultation
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsultationEnded:
    """A question was answered, or taken back."""

    task: Task
    consultation: Consultation
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignerAdded:
    """Somebody has a turn in a running round. `waits`: it comes later; else it is told by TaskReady as well."""

    task: Task
    person_id: uuid.UUID
    waits: bool
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignerRemoved:
    """Somebody's turn in a running round was taken away."""

    task: Task
    person_id: uuid.UUID
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskDelegated:
    """The owner handed a task to somebody who gives it back with a result."""

    task: Task
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskResolved:
    """A delegated task is with its owner again: given back, or taken back by the owner."""

    task: Task
    actor: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class IncidentOpened:
    """Something cannot go on by itself; somebody who leads has to look at it."""

    incident: Incident
