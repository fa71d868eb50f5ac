"""Deadlines of tasks and documents in words, counted in working days of their office."""

import dataclasses
import datetime as dt

from deadlines import words
from directory import working_time
from documents.models import Document
from engine.models import Task
from kernel import clock

ENDED = ("COMPLETED", "FILED", "RETURNED", "ISSUED", "VOIDED")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Due:
    """What the mark of a deadline shows: kind (late, today, soon, later, done, none, paused), words, date itself."""

    kind: str
    words: str
    when: str
    day: str


def due_of_task(task: Task) -> Due:
    calendar = working_time.calendar_of(task.organization_id)
    said = words.say(task.due_at, now=clock.now(), calendar=calendar, ended_at=task.ended_at, paused_at=task.paused_at)
    local = clock.local(task.due_at) if task.due_at else None
    return Due(
        kind=said.kind,
        words=said.text,
        when=f"{local:%d/%m/%Y %H:%M}" if local else "",
        day=f"{local:%d/%m}" if local else "",
    )


def due_of_document(document: Document) -> Due | None:
    """By the end of that day's working time; None when nothing has to be done by a day."""
    if document.due_date is None:
        return None
    calendar = working_time.calendar_of(document.organization_id)
    said = words.say(
        calendar.end_of_working_day(document.due_date),
        now=clock.now(),
        calendar=calendar,
        ended_at=_ended_at(document),
    )
    return Due(
        kind=said.kind,
        words=said.text,
        when=f"{document.due_date:%d/%m/%Y}",
        day=f"{document.due_date:%d/%m}",
    )


def _ended_at(document: Document) -> dt.datetime | None:
    if document.state not in ENDED:
        return None
    return document.completed_at or document.issued_at or document.created_at
