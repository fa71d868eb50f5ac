"""What one completion of a human task costs: alone in the engine, and as a durable transaction beside its floor.

linear: ten user tasks in a row. document: 19 nodes with fork, five reviewers, rework and a called process of 4 nodes;
20 completions an instance. The floor is what any engine must pay: UPDATE a row of 5 kB, INSERT two, COMMIT.
"""

import os
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

import engine.functions
import engine.jobs  # noqa: F401 - both register what diagrams use
from bench import counting
from bench.measure import Measure
from demo.agency import load_agency
from directory import queries as directory
from directory.actors import Actor
from engine import operations, queries
from engine.models import ProcessInstance, Task
from engine.runtime import Run
from kernel import db
from kernel.postgres import Server
from migrations import schema

DOCUMENT = Path(__file__).parent / "processes" / "document.bpmn"
INSTANCES = 20
REPEATS = 10  #: of one step, for the engine's CPU alone
FLOOR = 300  #: transactions


def _note(visit: int) -> dict[str, Any]:
    return {"note": f"lần {visit + 1}: đã xem, đồng ý chuyển bước sau"}


#: values handed in by element id; everything else hands in a note
ANSWERS: dict[str, Callable[[int], dict[str, Any]]] = {
    "draft": lambda visit: {"legal": True, "title": "Về việc nâng cấp hạ tầng"},
    "approve": lambda visit: {"approved": visit > 0},
    "review": lambda visit: {"verdict": "đồng ý"},
}


def measure() -> list[Measure]:
    folder = Path(tempfile.mkdtemp(prefix="moc-bench-"))
    folder.chmod(0o711)
    try:
        with Server(folder / "pg", tied=True).running() as server:
            return _measure(server.url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(url: str) -> list[Measure]:
    clerk = _prepare(url)
    floor = _floor(url)
    found = [Measure(name="floor: update, 2 inserts, commit", value=floor * 1e3, unit="ms")]
    for key, slower, cpu in (("linear", 1.8, 0.08), ("document", 2.0, 0.15)):
        Story(key, clerk).play(1)  # a process that has just started reads each diagram once
        told = Story(key, clerk)
        told.play(INSTANCES)
        found += [
            Measure(name=f"{key}: completions a second", value=1 / told.median, unit="/s", better="higher"),
            Measure(name=f"{key}: time against the floor", value=told.median / floor, unit="x", target=slower),
            Measure(name=f"{key}: CPU of the client", value=told.cpu * 1e3, unit="ms", target=2.5),
            Measure(name=f"{key}: statements", value=told.statements, unit="", target=5),
            Measure(name=f"{key}: CPU of the engine alone", value=told.engine_cpu() * 1e3, unit="ms", target=cpu),
            Measure(name=f"{key}: snapshot at the last step", value=told.bytes, unit="B", target=2500),
        ]
    return found


def _prepare(url: str) -> Actor:
    schema.upgrade(url)
    db.configure(url)
    with db.unit_of_work():
        load_agency()
    with db.reading():
        designer, clerk = (_actor(name) for name in ("phan-tich", "van-thu"))
    with db.unit_of_work():
        operations.deploy({"linear.bpmn": linear(10)}, actor=designer)
        operations.deploy({"document.bpmn": DOCUMENT.read_bytes()}, actor=designer)
    return clerk


def _actor(username: str) -> Actor:
    person = directory.find_person(username)
    if person is None:
        raise LookupError(username)
    return directory.get_actor(person.id)


class Story:
    """Instances of one process from start to end, each completion timed."""

    def __init__(self, key: str, clerk: Actor) -> None:
        self.key, self.clerk = key, clerk
        self.times: list[float] = []
        self.cpus: list[float] = []
        self.counts: list[int] = []
        self.states: list[tuple[uuid.UUID, int, Mapping[str, Any], bytes]] = []

    def play(self, instances: int) -> None:
        with counting.statements() as sent:
            for number in range(instances):
                for task, values in self._steps(keep=number == instances - 1):
                    sent.clear()
                    wall, cpu = time.perf_counter(), time.process_time()
                    with db.unit_of_work():
                        operations.complete_task(task.id, values, actor=self.clerk)
                    self.times.append(time.perf_counter() - wall)
                    self.cpus.append(time.process_time() - cpu)
                    self.counts.append(len(sent))

    def _steps(self, *, keep: bool) -> Iterator[tuple[Task, dict[str, Any]]]:
        """The oldest open task, until there is none. `keep`: remember each state for the engine alone."""
        with db.unit_of_work():
            instance = operations.start_instance(self.key, {}, actor=self.clerk)
        visits: dict[str, int] = {}
        while True:
            with db.reading() as session:
                tasks = [t for t in queries.list_instance_tasks(instance.id) if t.state == "ready"]
                snapshot = session.scalar(sa.select(ProcessInstance.snapshot).where(ProcessInstance.id == instance.id))
            if not tasks:
                return
            task = tasks[0]
            visit = visits.get(task.element_id, 0)
            visits[task.element_id] = visit + 1
            values = ANSWERS.get(task.element_id, _note)(visit)
            if keep:
                self.states.append((instance.id, task.token, values, snapshot or b""))
            yield task, values

    def engine_cpu(self) -> float:
        """Seconds of CPU to load, run, prune and save, mean over the steps of one instance."""
        with db.reading():
            return statistics.mean(self._cpu_of(*state) for state in self.states)

    def _cpu_of(self, instance_id: uuid.UUID, token: int, values: Mapping[str, Any], snapshot: bytes) -> float:
        began = time.process_time()
        for _ in range(REPEATS):
            run = Run(organization_id=self.clerk.organization_id, instance_id=instance_id, actor=self.clerk)
            run.resume(snapshot)
            run.complete(token, values)
            run.finish()
        return (time.process_time() - began) / REPEATS

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def cpu(self) -> float:
        return statistics.mean(self.cpus)

    @property
    def statements(self) -> float:
        return max(self.counts)

    @property
    def bytes(self) -> float:
        return len(self.states[-1][-1])


def linear(tasks: int) -> bytes:
    """start → user tasks → end."""
    names = ["s", *(f"t{number}" for number in range(tasks)), "e"]
    nodes = "".join(f'<userTask id="{name}" camunda:candidateGroups="van-thu"/>' for name in names[1:-1])
    flows = "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in zip(names, names[1:], strict=False)
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="bench">'
        f'<process id="linear" isExecutable="true"><startEvent id="s"/>{nodes}<endEvent id="e"/>{flows}</process>'
        "</definitions>"
    ).encode()


def _floor(url: str) -> float:
    """Seconds of one transaction, the median."""
    times, state = [], os.urandom(5_000)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_state (id int PRIMARY KEY, version int, state bytea)")
        connection.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, owner int, text text)")
        connection.execute("INSERT INTO bench_state VALUES (1, 0, %s)", (state,))
        for _ in range(FLOOR):
            began = time.perf_counter()
            with connection.transaction():
                connection.execute("UPDATE bench_state SET version = version + 1, state = %s WHERE id = 1", (state,))
                for text in ("history", "task"):
                    connection.execute("INSERT INTO bench_row (owner, text) VALUES (1, %s)", (text,))
            times.append(time.perf_counter() - began)
        connection.execute("DROP TABLE bench_state, bench_row")
    return statistics.median(times)
