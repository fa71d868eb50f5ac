"""The numbers beside the navigation. Each comes from the query of the list it leads to."""

import dataclasses

from directory.actors import Actor
from notices import queries as notices


@dataclasses.dataclass(frozen=True)
class Count:
    """`late`: how many of them are overdue; then the number is drawn in red and means only those."""

    number: int = 0
    late: int = 0


NONE = Count()


def unread(actor: Actor) -> Count:
    return Count(notices.count_unread(actor))
