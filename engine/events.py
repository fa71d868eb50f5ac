"""What the engine tells packages above, in the same transaction, after its rows are written."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from directory.actors import Actor
from engine.models import ExternalTask, ProcessInstance, Task


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
