"""How often something that failed is tried again, and after how long, before it waits for a person.

`R3/PT1M`: three tries, a minute between them. `PT1M,PT5M,PT20M`: after the first failure a minute, then five, then
twenty; four tries. `PT1M`: two tries. `R/PT1H`: without end. Calendar time, ISO 8601.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from engine import timing

STANDARD = "PT10S,PT1M"  #: three tries
MANY = 2**31 - 1  #: of tries without end

_REPEATED = re.compile(r"R(?P<times>\d{0,9})/(?P<step>P[^/,]+)")


class NotAPolicy(ValueError):
    """Text that says no retry policy; the message says why, in Vietnamese."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Policy:
    """`tries` in all; after the n-th failure the n-th of `steps` passes, after later ones the last."""

    tries: int
    steps: Sequence[str]

    def next_try(self, left: int, failed_at: dt.datetime) -> dt.datetime:
        """`left`: how many tries there were, with the one that has failed."""
        if not self.steps:
            return failed_at
        number = min(max(self.tries - left, 0), len(self.steps) - 1)
        return timing.after(self.steps[number], failed_at)


_standard: Policy


def policy(text: object) -> Policy:
    """Raises NotAPolicy."""
    source = text.strip() if isinstance(text, str) else ""
    if repeated := _REPEATED.fullmatch(source):
        tries = int(repeated["times"] or MANY)
        found = Policy(tries=max(1, tries), steps=[repeated["step"]])
    else:
        steps = [step.strip() for step in source.split(",")]
        found = Policy(tries=len(steps) + 1, steps=steps)
    try:
        for step in found.steps:
            timing.after(step, dt.datetime.now(dt.UTC))
    except (timing.NotATime, OverflowError):
        raise NotAPolicy(f"“{text}” không phải là cách thử lại, ví dụ R3/PT1M hoặc PT1M,PT5M,PT20M") from None
    return found


def standard() -> Policy:
    """Of whatever has none of its own."""
    return _standard


def configure(text: str) -> None:
    """Sets the standard of this process. Raises NotAPolicy."""
    global _standard  # noqa: PLW0603 - one setting a process
    _standard = policy(text)


configure(STANDARD)
