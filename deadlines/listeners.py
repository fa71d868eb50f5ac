"""Deadlines follow the life of tasks, in the engine's own transaction."""

from deadlines import operations, pausing
from engine.events import (
    ConsultationAsked,
    ConsultationEnded,
    TaskCancelled,
    TaskClaimed,
    TaskCompleted,
    TaskDelegated,
    TaskMigrated,
    TaskReady,
    TaskResolved,
    TaskReturned,
    TaskWithdrawn,
)
from kernel.events import listens


@listens(TaskReady)
def start_clock(event: TaskReady) -> None:
    pausing.take_up(event.task)
    operations.set_deadline(event.task)
    pausing.refresh_clock(event.task)
    pausing.refresh_others(event.task)


@listens(TaskClaimed)
@listens(TaskMigrated)
def hand_over(event: TaskClaimed | TaskMigrated) -> None:
    operations.move_deadline(event.task)


@listens(TaskCompleted)
def stop_clock(event: TaskCompleted) -> None:
    operations.end_deadline(event.task)
    pausing.refresh_others(event.task)


@listens(TaskCancelled)
def drop_clock(event: TaskCancelled) -> None:
    operations.end_deadline(event.task)
    pausing.refresh_others(event.task)


@listens(TaskReturned)
def keep_time_left(event: TaskReturned) -> None:
    pausing.keep_time_left(event.task)


@listens(TaskWithdrawn)
def take_clock_back(event: TaskWithdrawn) -> None:
    for task in (event.task, *event.reopened):
        operations.reopen_deadline(task)
        pausing.refresh_clock(task)
        pausing.refresh_others(task)


@listens(ConsultationAsked)
def hold_clock(event: ConsultationAsked) -> None:
    pausing.refresh_clock(event.task)


@listens(ConsultationEnded)
def go_on_with_clock(event: ConsultationEnded) -> None:
    pausing.refresh_clock(event.task)


@listens(TaskDelegated)
def hand_to_delegate(event: TaskDelegated) -> None:
    operations.move_deadline(event.task)


@listens(TaskResolved)
def hand_to_owner(event: TaskResolved) -> None:
    operations.move_deadline(event.task)
