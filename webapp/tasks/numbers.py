"""How many tasks stand under each heading of a person's list, held and offered apart."""

import dataclasses
from collections.abc import Mapping, Sequence

from deadlines import words
from directory import working_time
from directory.actors import Actor
from engine import inbox
from engine.inbox import MOST, Wanted
from kernel import clock
from webapp.amounts import Amount, total

#: heading → the kinds of deadlines under it, the most urgent first
KINDS = {"late": ("late",), "today": ("today",), "soon": ("soon",), "rest": ("later", "none", "paused")}
HEADINGS = tuple(KINDS)
REST = len(HEADINGS) - 1
HALVES = {"all": (True, False), "mine": (True,), "offered": (False,)}  #: view → held by the person, offered to them


@dataclasses.dataclass(frozen=True, kw_only=True)
class Numbers:
    """Of each half of the list, by heading."""

    amounts: Mapping[bool, Sequence[Amount]]

    def of(self, view: str, *headings: str) -> Amount:
        """Of one view; without headings all."""
        places = [HEADINGS.index(heading) for heading in headings or HEADINGS]
        return total(self.amounts[held][place] for held in HALVES[view] for place in places)


def numbers_of(actor: Actor, wanted: Wanted) -> Numbers:
    """Whatever view is chosen: its tab stands beside the others."""
    border = words.borders(clock.now(), working_time.calendar_of(actor.organization_id))
    told = inbox.count_my_groups(actor, (border.now, border.tomorrow, border.later), wanted)
    return Numbers(amounts={held: half([one for one in told if one.held is held]) for held in (True, False)})


def half(told: Sequence[inbox.Number]) -> list[Amount]:
    """When it was cut off, the last deadlines in it may have more of their kind, and what comes later has."""
    numbers = [0] * len(HEADINGS)
    for one in told:
        numbers[REST if one.bucket is None else one.bucket] += one.number
    full = sum(numbers) >= MOST
    last = max((one.bucket for one in told if one.bucket is not None), default=0)
    return [Amount(number, full and place >= last) for place, number in enumerate(numbers)]
