"""What deadlines tells packages above, in the same transaction."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from directory.actors import Actor
from engine.models import Task


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeadlineNear:
    """A reminder before a deadline has come; `alert_id` is told once."""

    task: Task
    due_at: dt.datetime
    alert_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeadlineMissed:
    """A deadline passed and the task is still open; `groups` are candidate groups that must know."""

    task: Task
    due_at: dt.datetime
    alert_id: uuid.UUID
    groups: Sequence[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskReminded:
    """A manager reminded those who hold the task."""

    task: Task
    reminder_id: uuid.UUID
    actor: Actor
