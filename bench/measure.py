"""What a benchmark returns, and how it is told to people and to machines."""

import dataclasses
import json
import os
import platform
from collections.abc import Sequence
from typing import Any, Literal


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure. `target` is what the project promises; None: the figure is only watched."""

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"] = "lower"
    target: float | None = None

    @property
    def ok(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.better == "lower" else self.value >= self.target


def machine() -> str:
    """What the figures were taken on: they rank changes on one machine, and are no promise for another."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def as_json(name: str, measures: Sequence[Measure]) -> str:
    told: dict[str, Any] = {
        "name": name,
        "machine": machine(),
        "measures": [{**dataclasses.asdict(measure), "ok": measure.ok} for measure in measures],
    }
    return json.dumps(told, ensure_ascii=False)


def as_table(name: str, measures: Sequence[Measure]) -> str:
    lines = [f"{name}  ({machine()})"]
    for measure in measures:
        sign = "≤" if measure.better == "lower" else "≥"
        promised = "" if measure.target is None else f"{sign} {measure.target:g}  {'ok' if measure.ok else 'MISSED'}"
        lines.append(f"  {measure.name:<44} {measure.value:>12.4g} {measure.unit:<8} {promised}")
    return "\n".join(lines)
