"""The deadline of a task in words, counted in working days of its office."""

import dataclasses

from deadlines import words
from directory import working_time
from engine.models import Task
from kernel import clock


@dataclasses.dataclass(frozen=True, kw_only=True)
class Due:
    """What the mark of a deadline shows: kind (late, today, soon, later, done, none), words, and the date itself."""

    kind: str
    words: str
    when: str
    day: str


def due_of(task: Task) -> Due:
    said = words.say(
        task.due_at,
        now=clock.now(),
        calendar=working_time.calendar_of(task.organization_id),
        ended_at=task.ended_at,
    )
    local = clock.local(task.due_at) if task.due_at else None
    return Due(
        kind=said.kind,
        words=said.text,
        when=f"{local:%d/%m/%Y %H:%M}" if local else "",
        day=f"{local:%d/%m}" if local else "",
    )
