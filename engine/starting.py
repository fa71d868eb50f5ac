"""What of a process may be begun from outside: by a timer, a message, a signal."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from engine import timing
from engine.bpmn import events
from engine.bpmn.node import Process
from engine.registry import BoundFunctions, FunctionContext
from kernel import clock


@dataclasses.dataclass(frozen=True, kw_only=True)
class StartEvent:
    """A start event that something outside brings about."""

    element_id: str
    kind: str  #: timer, message, signal
    name: str
    schedule: Any  #: timing.Schedule of a timer


def start_events(process: Process, organization_id: uuid.UUID) -> list[StartEvent]:
    """Those that are not begun by somebody. Raises CannotProceed for a timer that says no time."""
    now = clock.now()
    bound = BoundFunctions(FunctionContext(organization_id=organization_id, now=now))
    found = []
    for start in process.bpmn_start_events:
        if start.event is None or start.event.kind not in (events.TIMER, events.MESSAGE, events.SIGNAL):
            continue
        timer = start.event.kind == events.TIMER
        told = events.schedule(start, start.event.value.evaluate({}, bound), now) if timer else None
        name = start.event.name if start.event.named is None else start.event.named.evaluate({}, bound)
        found.append(StartEvent(element_id=start.bpmn_id, kind=start.event.kind, name=str(name or ""), schedule=told))
    return found


def next_start(
    process: Process, element_id: str, organization_id: uuid.UUID, *, due: dt.datetime, left: int
) -> tuple[dt.datetime, int] | None:
    """When a timer start event that was due then comes again, and how often; None when it does not (timing.again)."""
    now = clock.now()
    bound = BoundFunctions(FunctionContext(organization_id=organization_id, now=now))
    start = process.task_specs[element_id]
    step = events.schedule(start, start.event.value.evaluate({}, bound), now).step
    return timing.again(step, due, left, now)
