"""Numbers that are not counted to their end."""

import dataclasses
from collections.abc import Iterable

from engine.inbox import MOST


@dataclasses.dataclass(frozen=True)
class Amount:
    """So many, or (`more`) at least so many: "12", "12+", "999+". Nothing is false."""

    number: int = 0
    more: bool = False

    def __str__(self) -> str:
        return f"{min(self.number, MOST - 1)}+" if self.more or self.number >= MOST else str(self.number)

    def __bool__(self) -> bool:
        return self.number > 0


def total(amounts: Iterable[Amount]) -> Amount:
    told = list(amounts)
    return Amount(sum(amount.number for amount in told), any(amount.more for amount in told))
