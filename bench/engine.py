"""What one completion of a human task costs: alone in the engine, and as a durable transaction beside its floor.

linear: ten user tasks in a row. document: 19 nodes with fork, five reviewers, rework and a called process of 4 nodes;
20 completions an instance. loop: a task, a script and a gateway, 200 rounds; beside: 5,000 rounds beside a waiting
branch, the engine alone. many: a parallel multi-instance of 300. "wired": with what deadlines, notices and documents do
at each step. The floor is what any engine must pay: UPDATE a row of 5 kB, INSERT two, COMMIT; rounds of it alternate
with the stories, so that both meet the same noise.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

import engine.functions
import engine.jobs  # noqa: F401 - both register what diagrams use
from bench import http, peers, scale
from bench.diagrams import linear
from bench.measure import Measure
from bench.people import actor
from bench.stories import ROUNDS, Story, after
from demo.agency import load_agency
from directory.actors import Actor
from engine import operations, snapshots
from kernel import db
from kernel.postgres import Server
from migrations import schema
from webapp import wiring

PROCESSES = Path(__file__).parent / "processes"
DRAWN = ("document", "loop", "beside", "many")
ALTERNATIONS = 15  #: of floor and story
FLOOR = 20  #: transactions of one alternation
INSTANCES = {"linear": 2, "document": 1}  #: of one alternation
ENDS = 10  #: rounds of the loop at each of its ends that are compared
LOOPS = 3  #: instances of the process loop
BESIDE = 5_000  #: rounds
PEERS = 10  #: instances that other engines play
MANY = 40  #: completions of the 300 that are measured as transactions


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=PARTS, help="one part; without it all, which takes some ten minutes")


def measure(only: str | None = None) -> list[Measure]:
    return [found for part, take in PARTS.items() if only in (None, part) for found in take()]


def _core() -> list[Measure]:
    folder = Path(tempfile.mkdtemp(prefix="moc-bench-"))
    folder.chmod(0o711)
    try:
        with Server(folder / "pg", tied=True).running() as server:
            return _measure(server.url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(url: str) -> list[Measure]:
    clerk = _prepare(url)
    found: list[Measure] = []
    with Floor(url) as floor:
        for key, rate, slower, cpu, size in (("linear", 600, 1.8, 0.08, None), ("document", 500, 2.0, 0.15, 2500)):
            story = _play(key, clerk, floor)
            found += _durable(key, story, floor, rate=rate, slower=slower)
            found += [_engine_cpu(key, story, cpu), _size(key, story, size)]
        found += _loop(clerk) + _beside(clerk) + _many(clerk)
        wiring.wire()
        for key in INSTANCES:
            found += _durable(f"{key}, wired", _play(key, clerk, floor), floor)
        return found + peers.measures(url, linear(10), instances=PEERS)


def _play(key: str, clerk: Actor, floor: "Floor") -> Story:
    Story(key, clerk).play(2)  # a process that has just started reads and prepares everything once
    story = Story(key, clerk)
    floor.begin()
    for _ in range(ALTERNATIONS):
        floor.play()
        story.play(INSTANCES[key])
    return story


def _durable(
    key: str, story: Story, floor: "Floor", *, rate: float | None = None, slower: float | None = None
) -> list[Measure]:
    return [
        Measure(name=f"floor beside {key}", value=floor.median * 1e3, unit="ms"),
        Measure(name=f"{key}: completions a second", value=1 / story.median, unit="/s", better="higher", target=rate),
        Measure(name=f"{key}: time against the floor", value=story.median / floor.median, unit="x", target=slower),
        Measure(name=f"{key}: CPU of the client", value=story.mean("client") * 1e3, unit="ms"),
        Measure(name=f"{key}: CPU of PostgreSQL", value=story.mean("server") * 1e3, unit="ms"),
        Measure(name=f"{key}: statements before the commit, at most", value=story.statements, unit="", target=5),
    ]


def _engine_cpu(key: str, story: Story, target: float, *, repeats: int = 10) -> Measure:
    cpu = story.engine_cpu(repeats=repeats)
    return Measure(name=f"{key}: CPU of the engine alone", value=cpu * 1e3, unit="ms", target=target)


def _size(key: str, story: Story, target: float | None) -> Measure:
    return Measure(name=f"{key}: state at the last step", value=len(story.steps[-1].snapshot), unit="B", target=target)


def _loop(clerk: Actor) -> list[Measure]:
    Story("loop", clerk).play(1)
    story = Story("loop", clerk)
    story.play(LOOPS)
    first, last = ([c for n, c in enumerate(story.costs) if n % ROUNDS in steps] for steps in _ENDS_OF_LOOP)
    name = f"loop: round {ROUNDS} against round 1"
    return [
        Measure(name=f"{name}, time", value=_ratio(first, last, "wall"), unit="x", target=1.2),
        Measure(name=f"{name}, CPU", value=_ratio(first, last, "client"), unit="x", target=1.2),
        _size("loop", story, 2500),
    ]


_ENDS_OF_LOOP = range(ENDS), range(ROUNDS - ENDS, ROUNDS)


def _ratio(first: list[Any], last: list[Any], name: str) -> float:
    """Medians of the last and the first rounds."""
    late, early = (statistics.median(float(getattr(cost, name)) for cost in costs) for costs in (last, first))
    return late / early


def _beside(clerk: Actor) -> list[Measure]:
    """Each round through a snapshot; at the end the waiting branch lets the process end."""
    story = Story("beside", clerk)
    story.play(1, completions=1)
    (step,) = story.steps  # of the waiting task: its token is the older
    with db.reading():
        state, cpus, sizes = step.snapshot, [], []
        for number in range(1, BESIDE + 1):
            began = time.process_time()
            state = after(state, _work(state), {"again": number < BESIDE}, clerk)
            cpus.append(time.process_time() - began)
            sizes.append(len(state))
        ended = snapshots.read(after(state, step.token, {}, clerk)).completed
    growth = statistics.median(cpus[-100:]) / statistics.median(cpus[:100])
    return [
        Measure(name="beside: rounds run", value=len(cpus) if ended else 0, unit="", better="higher", target=BESIDE),
        Measure(name="beside: last rounds against the first, CPU", value=growth, unit="x", target=1.2),
        Measure(name="beside: state, last against first", value=sizes[-2] / sizes[0], unit="x", target=1.1),
    ]


def _work(state: bytes) -> int:
    """The token at the task of the loop."""
    return next(int(number) for number, spec, *_ in snapshots.read(state).scopes[0].tokens if spec == "work")


def _many(clerk: Actor) -> list[Measure]:
    story = Story("many", clerk)
    story.play(1, completions=MANY)
    return [
        _engine_cpu("many", story, 1.5, repeats=3),
        Measure(name="many: completions a second", value=1 / story.median, unit="/s", better="higher"),
        _size("many", story, None),
    ]


def _prepare(url: str) -> Actor:
    schema.upgrade(url)
    db.configure(url)
    actor.cache_clear()
    with db.unit_of_work():
        load_agency()
    with db.reading():
        designer, clerk = actor("phan-tich"), actor("van-thu")
    with db.unit_of_work():
        operations.deploy({"linear.bpmn": linear(10)}, actor=designer)
        for key in DRAWN:
            operations.deploy({f"{key}.bpmn": (PROCESSES / f"{key}.bpmn").read_bytes()}, actor=designer)
    return clerk


class Floor:
    """The same work by nobody's engine: the least that a durable completion can cost here and now."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._state = os.urandom(5_000)
        self._times: list[float] = []

    def __enter__(self) -> "Floor":
        execute = self._connection.execute
        execute("CREATE TABLE bench_state (id int PRIMARY KEY, version int, state bytea)")
        execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, owner int, text text)")
        execute("INSERT INTO bench_state VALUES (1, 0, %s)", (self._state,))
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.execute("DROP TABLE bench_state, bench_row")
        self._connection.close()

    def begin(self) -> None:
        self._times = []

    def play(self) -> None:
        execute = self._connection.execute
        for _ in range(FLOOR):
            began = time.perf_counter()
            with self._connection.transaction():
                execute("UPDATE bench_state SET version = version + 1, state = %s WHERE id = 1", (self._state,))
                for text in ("history", "task"):
                    execute("INSERT INTO bench_row (owner, text) VALUES (1, %s)", (text,))
            self._times.append(time.perf_counter() - began)

    @property
    def median(self) -> float:
        """Seconds of one transaction since `begin`."""
        return statistics.median(self._times)


#: completions in this process beside their floor and other engines; over HTTP; beside much that waits
PARTS: dict[str, Callable[[], list[Measure]]] = {"core": _core, "http": http.measure, "scale": scale.measure}
