"""People added to, and taken out of, a running round: a multi-instance activity over a collection of user names.

The collection itself stays as it was. What is still to come of a sequential round is copied into the body
(`internal_data["queue"]`) when somebody first changes it, and each element keeps its own element variable; so a round
that was changed is saved and loaded like any other. Numbers of elements (loopCounter) are never used twice; the slot of
one that was taken out stays null in an output collection. After a removal the completion condition is asked again, on
the body.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.tokens import Token
from engine.values import copied


@dataclasses.dataclass(frozen=True)
class Round:
    """`now`: value of the element variable -> its element; `coming`: values in their order, of a sequential round."""

    body: Token
    now: dict[Any, Token]
    coming: Sequence[Any]

    @property
    def sequential(self) -> bool:
        return bool(self.body.task_spec.sequential)

    @property
    def of_people(self) -> bool:
        """User names: only these can be told apart by a person."""
        return all(isinstance(value, str) for value in [*self.now, *self.coming])


def round_of(token: Token) -> Round | None:
    """The nearest round over a collection that the token works in, its own or that of a sub-process around it."""
    element: Token | None = token
    while element is not None:
        spec = element.task_spec
        if spec.instance_of:
            body = element.parent
            if body.task_spec.element and body.task_spec.collection is not None:
                return Round(body, _now(body), _coming(body))
        scope = element.workflow
        element = None if scope.parent_task is None or scope.called else scope.parent_task
    return None


def add(found: Round, value: Any, *, place: int = 1) -> Token | None:
    """Parallel: an element that begins at once. Sequential: the `place`-th of those still to come; None."""
    body, spec = found.body, found.body.task_spec
    counters = body.data
    if not found.sequential:
        number = _next_number(body)
        body.internal_data["next"] = number + 1
        counters["nrOfInstances"] += 1
        counters["nrOfActiveInstances"] += 1
        element: Token = spec._add(body, number, None)
        element.data[spec.element] = value
        element.task_spec._update(element)
        return element
    queue = [copied(item) for item in found.coming]
    queue.insert(min(max(0, place - 1), len(queue)), value)
    body.internal_data["queue"] = queue
    counters["nrOfInstances"] += 1
    return None


def remove(found: Round, value: Any) -> None:
    """Somebody whose turn it is, or has not come."""
    body, spec, counters = found.body, found.body.task_spec, found.body.data
    element = found.now.get(value)
    index = _turn(body)
    if found.sequential:
        queue = [copied(item) for item in found.coming]
        if element is None:
            queue.remove(value)
        body.internal_data["queue"] = queue
    else:
        body.internal_data["next"] = _next_number(body)
        counters["nrOfActiveInstances"] -= 1
    counters["nrOfInstances"] -= 1
    if element is not None:
        element.cancel()
    _settle(body, spec, index)


def _settle(body: Token, spec: MultiInstance, index: int) -> None:
    """What the completion of an element would have decided."""
    enough = body.data["nrOfCompletedInstances"] == body.data["nrOfInstances"] or (
        spec.condition is not None and spec.evaluate(body, spec.condition) is True
    )
    if enough:
        for other in _elements(body):
            other.cancel()
        body.complete()
    elif spec.sequential and not _elements(body):
        following = spec._add(body, index + 1, spec._items(body))
        following.task_spec._update(following)


def _now(body: Token) -> dict[Any, Token]:
    name = body.task_spec.element
    return {element.data.get(name): element for element in _elements(body)}


def _elements(body: Token) -> list[Token]:
    return [child for child in body.live_children() if child.task_spec.instance_of]


def _coming(body: Token) -> list[Any]:
    spec = body.task_spec
    if not spec.sequential:
        return []
    if "queue" in body.internal_data:
        return list(body.internal_data["queue"])
    return list((spec._items(body) or [])[_turn(body) + 1 :])


def _turn(body: Token) -> int:
    """The number of the element whose turn it is, of a sequential round."""
    return max((int(element.data["loopCounter"]) for element in _elements(body)), default=-1)


def _next_number(body: Token) -> int:
    return max(int(body.data["nrOfInstances"]), int(body.internal_data.get("next", 0)))
