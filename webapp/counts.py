"""The numbers beside the navigation. Each comes from the query of the list it leads to."""

import dataclasses

from deadlines import queries as deadlines
from directory.actors import Actor
from engine import inbox, usage
from engine.inbox import MOST, Wanted
from notices import queries as notices
from webapp.amounts import Amount
from webapp.tasks.work_list import SIGNING


@dataclasses.dataclass(frozen=True)
class Count:
    """`late`: how many of them are overdue; then the number is drawn in red and means only those."""

    number: Amount = Amount()
    late: Amount = Amount()


NONE = Count()


def my_tasks(actor: Actor) -> Count:
    return Count(Amount(inbox.count_my_tasks(actor)))


def to_sign(actor: Actor) -> Count:
    return Count(Amount(inbox.count_my_tasks(actor, Wanted(form_key=SIGNING))))


def overdue(actor: Actor) -> Count:
    late = Amount(deadlines.count_overdue(actor, limit=MOST))
    return Count(late, late)


def unread(actor: Actor) -> Count:
    return Count(Amount(notices.count_unread(actor)))


def incidents(actor: Actor) -> Count:
    return Count(Amount(usage.count_open_incidents(actor.organization_id)))
