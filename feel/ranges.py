"""Ranges (DMN 1.5, 10.3.2.7): two ends, of which None stands for none, each within or without."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Range:
    """`[low..high]`, `(low..high)`: an end of None is open."""

    low: Any
    high: Any
    with_low: bool = True
    with_high: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Point(Range):
    """`(= 10)` and, with both ends without, `(!= 10)`: a test of one value, equal to no range that has two ends."""
