"""Deadlines follow the life of tasks, in the engine's own transaction."""

from deadlines import operations
from engine.events import TaskCancelled, TaskClaimed, TaskCompleted, TaskReady
from kernel.events import listens


@listens(TaskReady)
def start_clock(event: TaskReady) -> None:
    operations.set_deadline(event.task)


@listens(TaskClaimed)
def hand_over(event: TaskClaimed) -> None:
    operations.move_deadline(event.task)


@listens(TaskCompleted)
def stop_clock(event: TaskCompleted) -> None:
    operations.end_deadline(event.task)


@listens(TaskCancelled)
def drop_clock(event: TaskCancelled) -> None:
    operations.end_deadline(event.task)
