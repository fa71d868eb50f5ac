"""The deadline of a document in words: the end of that day's working time, counted as every deadline is."""

import dataclasses
import datetime as dt

from deadlines import words
from directory import working_time
from documents.models import Document
from kernel import clock

ENDED = ("COMPLETED", "FILED", "RETURNED", "ISSUED", "VOIDED")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Due:
    """What the kit's mark of a deadline shows."""

    kind: str  #: late, today, soon, later, done, none
    words: str
    when: str  #: the date itself


def due_of(document: Document) -> Due | None:
    """None when nothing has to be done by a day."""
    if document.due_date is None:
        return None
    calendar = working_time.calendar_of(document.organization_id)
    said = words.say(
        calendar.end_of_working_day(document.due_date),
        now=clock.now(),
        calendar=calendar,
        ended_at=_ended_at(document),
    )
    return Due(kind=said.kind, words=said.text, when=f"{document.due_date:%d/%m/%Y}")


def _ended_at(document: Document) -> dt.datetime | None:
    if document.state not in ENDED:
        return None
    return document.completed_at or document.issued_at or document.created_at
