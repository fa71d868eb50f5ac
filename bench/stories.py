"""Instances of one process from start to end, each completion a durable transaction with authorisation, audit, history
and task rows; what it costs the client, the server and the engine alone."""

import os
import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench import counting
from directory.actors import Actor
from engine import operations
from engine.runtime import Run
from kernel import db
from kernel.statements import Statement

ROUNDS = 200  #: of the process loop
REPEATS = 10  #: of one step, for the engine's CPU alone

_OPEN = Statement(
    "SELECT id, token, element_id FROM engine_tasks WHERE instance_id = %(instance_id)s AND state = 'ready' "
    "ORDER BY token LIMIT 1"
)
_SNAPSHOT = Statement("SELECT snapshot FROM engine_instances WHERE id = %(instance_id)s")


def _note(visit: int) -> dict[str, Any]:
    return {"note": f"lần {visit + 1}: đã xem, đồng ý chuyển bước sau"}


#: values handed in by element id; everything else hands in a note
ANSWERS: dict[str, Callable[[int], dict[str, Any]]] = {
    "draft": lambda visit: {"legal": True, "title": "Về việc nâng cấp hạ tầng"},
    "approve": lambda visit: {"approved": visit > 0},
    "review": lambda visit: {"verdict": "đồng ý"},
    "work": lambda visit: {"again": visit + 1 < ROUNDS, **_note(visit)},
}


class Step(NamedTuple):
    """A completion about to be done."""

    task_id: uuid.UUID
    token: int
    values: dict[str, Any]
    instance_id: uuid.UUID
    snapshot: bytes


class Cost(NamedTuple):
    """Of one completion, in seconds; `server` is the CPU of the database's process for this connection."""

    wall: float
    client: float
    server: float
    statements: int


class Story:
    """Instances of one process, and what each completion cost."""

    def __init__(self, key: str, clerk: Actor) -> None:
        self.key, self.clerk = key, clerk
        self.costs: list[Cost] = []
        self.steps: list[Step] = []  #: of the last instance
        self._server = _backend()

    def play(self, instances: int, *, completions: int | None = None) -> None:
        """`completions`: an instance is left after so many."""
        with counting.statements() as sent:
            for _ in range(instances):
                self.steps = []
                for step in self._steps():
                    self.costs.append(self._complete(step, sent))
                    self.steps.append(step)
                    if len(self.steps) == completions:
                        break

    def _complete(self, step: Step, sent: list[str]) -> Cost:
        sent.clear()
        server, wall, cpu = _worked(self._server), time.perf_counter(), time.process_time()
        with db.unit_of_work():
            operations.complete_task(step.task_id, step.values, actor=self.clerk)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        told = sum("pg_notify" not in statement for statement in sent)  # open pages hear after the commit
        return Cost(wall, cpu, _worked(self._server) - server, told)

    def _steps(self) -> Iterator[Step]:
        """The oldest open task, until there is none."""
        with db.unit_of_work():
            instance_id = operations.start_instance(self.key, {}, actor=self.clerk).id
        visits: dict[str, int] = {}
        while True:
            with db.reading():
                found = db.run(_OPEN, {"instance_id": instance_id})
                ((snapshot,),) = db.run(_SNAPSHOT, {"instance_id": instance_id})
            if not found:
                return
            task_id, token, element_id = found[0]
            visit = visits.get(element_id, 0)
            visits[element_id] = visit + 1
            yield Step(task_id, token, ANSWERS.get(element_id, _note)(visit), instance_id, snapshot)

    # ---- what came of it
    def mean(self, name: str) -> float:
        return statistics.mean(float(getattr(cost, name)) for cost in self.costs)

    @property
    def median(self) -> float:
        return statistics.median(cost.wall for cost in self.costs)

    @property
    def statements(self) -> int:
        return max(cost.statements for cost in self.costs)

    def engine_cpu(self, *, repeats: int = REPEATS) -> float:
        """Seconds of CPU to load, run, prune and save, mean over the steps of the last instance."""
        with db.reading():
            return statistics.mean(engine_cpu(step, self.clerk, repeats=repeats) for step in self.steps)


def engine_cpu(step: Step, clerk: Actor, *, repeats: int) -> float:
    """Needs an open transaction: a call activity asks which process it calls."""
    began = time.process_time()
    for _ in range(repeats):
        after(step.snapshot, step.token, step.values, clerk)
    return (time.process_time() - began) / repeats


def after(snapshot: bytes, token: int, values: Mapping[str, Any], clerk: Actor) -> bytes:
    """The state after a completion, by the engine alone."""
    run = Run(organization_id=clerk.organization_id, instance_id=uuid.UUID(int=0), actor=clerk)
    run.resume(snapshot)
    run.complete(token, values)
    state = run.finish().snapshot
    run.let_go()
    return state


def _backend() -> int:
    """The database's process behind the one connection that a single thread uses."""
    with db.reading():
        return int(db.raw_connection().info.backend_pid)


def _worked(pid: int) -> float:
    """Seconds of CPU since the process began."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except FileNotFoundError:  # a kernel that counts ticks only
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
