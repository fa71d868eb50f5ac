"""The numbers beside the navigation. Each comes from the query of the list it leads to."""

import dataclasses

from deadlines import queries as deadlines
from directory.actors import Actor
from engine import queries as engine
from engine import usage
from notices import queries as notices
from webapp.tasks.work_list import LIMIT, SIGNING


@dataclasses.dataclass(frozen=True)
class Count:
    """`late`: how many of them are overdue; then the number is drawn in red and means only those."""

    number: int = 0
    late: int = 0


NONE = Count()


def my_tasks(actor: Actor) -> Count:
    return Count(engine.count_my_tasks(actor))


def to_sign(actor: Actor) -> Count:
    return Count(sum(task.form_key == SIGNING for task in engine.list_my_tasks(actor, limit=LIMIT)))


def overdue(actor: Actor) -> Count:
    late = deadlines.count_deadlines(actor).overdue
    return Count(late, late)


def unread(actor: Actor) -> Count:
    return Count(notices.count_unread(actor))


def incidents(actor: Actor) -> Count:
    return Count(usage.count_open_incidents(actor.organization_id))
