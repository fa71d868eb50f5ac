"""What crosses from one process to another: camunda:in and camunda:out of calls, camunda:in of what is thrown."""

import dataclasses
from collections.abc import MutableMapping, Sequence
from typing import Any

from engine.bpmn.tokens import Token
from engine.bpmn.variables import Variables
from engine.expressions import Value
from engine.values import copied

COUNTERS = ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "loopCounter")


@dataclasses.dataclass(frozen=True)
class Passing:
    """One camunda:in or camunda:out; without a value, all variables. `local`: only those of the activity itself are
    given; what comes back becomes the activity's own."""

    target: str = ""
    value: Value | None = None
    local: bool = False


def pass_on(mappings: Sequence[Passing], source: Token, target: MutableMapping[str, Any]) -> None:
    """What `source` sees, copied into `target`. Raises CannotProceed."""
    for mapping in mappings:
        if mapping.value is None:
            flat = copied(source.data) if mapping.local else Variables(source).flat()
            target.update({name: value for name, value in flat.items() if name not in COUNTERS})
        else:
            target[mapping.target] = copied(source.task_spec.evaluate(source, mapping.value))
