"""What moc:deadline's pauseOn says of a diagram: which steps stop the clocks of which others while they are open."""

import functools
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from engine import specs
from engine.bpmn.activities import UserTask
from engine.bpmn.node import Process
from engine.expressions import Constant
from engine.models import Task

CONSULT, DELEGATE, RETURN = "consult", "delegate", "return"
LASTING = frozenset({CONSULT, DELEGATE, RETURN})  #: words of pauseOn that name actions; any other is the id of a step


def words_of(task: Task) -> frozenset[str]:
    """While these last the task's clock stands still."""
    return frozenset(((task.extensions.get("deadline") or {}).get("pauseOn") or "").split())


def steps_of(task: Task) -> frozenset[str]:
    return words_of(task) - LASTING


def stopped_by(definition_id: uuid.UUID, element_id: str) -> frozenset[str]:
    """Ids of the steps whose clocks stand still while this one is open. From memory: asked for every task."""
    return _stops(definition_id).get(element_id, frozenset())


@functools.lru_cache(maxsize=512)
def _stops(definition_id: uuid.UUID) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for spec in _nodes(specs.spec_of(definition_id)):
        told = spec.offer.deadline.get("pauseOn")
        for word in str(told.value).split() if isinstance(told, Constant) and told.value else ():
            if word not in LASTING:
                found.setdefault(word, set()).add(spec.bpmn_id)
    return {name: frozenset(steps) for name, steps in found.items()}


def _nodes(process: Process) -> Iterator[Any]:
    yield from (spec for spec in process.task_specs.values() if isinstance(spec, UserTask))
    for inner in process.subprocess_specs.values():
        yield from _nodes(inner)
