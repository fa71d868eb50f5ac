"""Deadlines follow the life of tasks, in the engine's own transaction."""

from deadlines import following, operations, pausing
from engine.events import (
    ConsultationAsked,
    ConsultationEnded,
    TaskClaimed,
    TaskDelegated,
    TaskMigrated,
    TaskResolved,
    TaskReturned,
    TasksMoved,
    TaskWithdrawn,
)
from kernel.events import listens


@listens(TasksMoved)
def follow_tasks(event: TasksMoved) -> None:
    for task in event.ready:
        pausing.take_up(task)
    following.follow_tasks(ended=event.ended, ready=event.ready)
    for task in event.ready:
        pausing.refresh_clock(task)
    for task in (*event.ended, *event.ready):
        pausing.refresh_others(task)


@listens(TaskClaimed)
@listens(TaskMigrated)
def hand_over(event: TaskClaimed | TaskMigrated) -> None:
    operations.move_deadline(event.task)


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
    pausing.refresh_clock(event.task)


@listens(TaskResolved)
def hand_to_owner(event: TaskResolved) -> None:
    operations.move_deadline(event.task)
    pausing.refresh_clock(event.task)
