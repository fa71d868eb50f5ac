"""Does it stay as quick when much lies there: 100,000 waiting instances, 100,000 due timers, 1,000 deployed models.

`MOC_SCALE` says how many instances and timers (100000). Everything is measured before and after in the same run.
"""

import contextlib
import datetime as dt
import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import config
from bench.diagrams import linear
from bench.measure import Measure
from bench.people import actor
from demo.accounts import PASSWORD
from demo.agency import load_agency
from directory import operations as directory
from engine import operations, queries
from engine.models import ProcessInstance, Task, Timer
from kernel import clock, db
from kernel.postgres import Server
from migrations import schema
from webapp import create_app

MANY = int(os.environ.get("MOC_SCALE", "100000"))
MODELS = 1000
OWN = 30  #: tasks of the person whose pages are measured
TIMES = 20  #: each thing is done so often, the median counts
WORKERS = 2
MINUTE = dt.timedelta(minutes=1)
CLERK, OTHER, DESIGNER = "van-thu", "cv-tp", "phan-tich"
ROOT = Path(__file__).resolve().parent.parent

WAITING = """
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="bench">
<process id="timer" isExecutable="true">
  <startEvent id="s"/>
  <intermediateCatchEvent id="wait">
    <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>
  </intermediateCatchEvent>
  <endEvent id="e"/>
  <sequenceFlow id="f" sourceRef="s" targetRef="wait"/>
  <sequenceFlow id="g" sourceRef="wait" targetRef="e"/>
</process>
</definitions>"""


def measure() -> list[Measure]:
    folder = Path(tempfile.mkdtemp(prefix="moc-bench-"))
    folder.chmod(0o711)
    try:
        with Server(folder / "pg", tied=True).running() as server, _told(server.url, folder):
            return _measure(server.url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _told(url: str, folder: Path) -> Iterator[None]:
    """This process and those it starts work on this database and folder."""
    before = {name: os.environ.get(name) for name in ("DATABASE_URL", "MOC_DATA", "MOC_SAMPLES")}
    os.environ.update(DATABASE_URL=url, MOC_DATA=str(folder), MOC_SAMPLES="0")
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _measure(url: str) -> list[Measure]:
    schema.upgrade(url)
    app = create_app(config.load())
    actor.cache_clear()
    with db.unit_of_work():
        load_agency()
    with db.unit_of_work():
        operations.deploy({"linear.bpmn": linear(10), "timer.bpmn": WAITING.encode()}, actor=actor(DESIGNER))
    own = linear(10, key="own", group="unit:P-TP")
    with db.unit_of_work():
        operations.deploy({"own.bpmn": own}, actor=actor(DESIGNER))
    for _ in range(OWN):
        _start("own")
    pages = {name: _browser(app, name) for name in (OTHER, CLERK)}
    _product_starts()  # prepares the database, so that the next start is like those that follow
    before = _times(pages)
    _multiply("linear", MANY)
    after = _times(pages)
    return [*_compared(before, after), *_timers(), *_deployments()]


# ------------------------------------------------------------------------------------------------- many that wait
def _times(pages: Mapping[str, Callable[[], None]]) -> dict[str, float]:
    """Seconds of each, the median."""
    done = iter(_open_tasks("own", TIMES + 1))
    return {
        "completion": _median(lambda: _complete(next(done))),
        "start of an instance": _median(lambda: _start("own")),
        f"task list of a person with {OWN}": _median(pages[OTHER]),
        "task list of a person who may take any": _median(pages[CLERK]),
        "start of the product": statistics.median(_product_starts() for _ in range(3)),
    }


def _compared(before: Mapping[str, float], after: Mapping[str, float]) -> list[Measure]:
    found = []
    for name, quick in before.items():
        told = f"with {MANY} instances waiting, {name}"
        any_task = "may take any" in name
        found.append(Measure(name=told, value=after[name] * 1e3, unit="ms", target=140 if any_task else None))
        if not any_task:  # who may take any of them has more to see than before
            found.append(Measure(name=f"{told}, against none", value=after[name] / quick, unit="x", target=1.3))
    return found


def _median(act: Callable[[], object]) -> float:
    act()  # warm
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _start(key: str) -> uuid.UUID:
    with db.unit_of_work():
        return operations.start_instance(key, {}, actor=actor(CLERK)).id


def _open_tasks(key: str, number: int) -> list[uuid.UUID]:
    with db.reading() as session:
        query = sa.select(Task.id).where(Task.state == "ready", Task.definition_id == _definition(key))
        return list(session.scalars(query.limit(number)))


def _definition(key: str) -> uuid.UUID:
    found = queries.find_latest_definition(actor(CLERK).organization_id, key)
    assert found is not None, key  # noqa: S101 - deployed above
    return found.id


def _complete(task_id: uuid.UUID) -> None:
    with db.unit_of_work():
        operations.complete_task(task_id, {"note": "đã xem"}, actor=actor(OTHER))


def _browser(app: Any, username: str) -> Callable[[], None]:
    with db.unit_of_work():
        token = directory.sign_in(username, PASSWORD, address="127.0.0.1").token
    client = app.test_client()
    client.set_cookie("moc_session", token)

    def look() -> None:
        answer = client.get("/tasks")
        assert answer.status_code == 200, answer.status_code  # noqa: S101 - else there is nothing to measure

    return look


def _product_starts() -> float:
    """Seconds until the start page of a product on this database has answered."""
    began = time.perf_counter()
    command = [sys.executable, str(ROOT / "supervisor.py"), "--until-ready"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "MOC_PORT": "0"})
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return time.perf_counter() - began


def _multiply(key: str, number: int) -> None:
    """Starts one instance as people do, and copies its rows: what is told apart is only ids."""
    first = _start(key)
    with db.unit_of_work():
        for table, owner in (
            ("engine_instances", "id"),
            ("engine_tasks", "instance_id"),
            ("engine_timers", "instance_id"),
            ("engine_history", "instance_id"),
        ):
            columns = [row[0] for row in db.connection().execute(sa.text(COLUMNS), {"table": table})]
            values = [_copied(column, owner) for column in columns]
            db.connection().execute(
                sa.text(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608 - our names
                    f"FROM {table} o CROSS JOIN generate_series(1, :number) n WHERE o.{owner} = :first"
                ),
                {"number": number - 1, "first": first},
            )
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


COLUMNS = """
    SELECT column_name FROM information_schema.columns WHERE table_name = :table AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""


def _copied(column: str, owner: str) -> str:
    """The n-th copy of an instance has the same new id in every table; rows of its own get ids of their own."""
    instance = "md5('bench' || n || o." + owner + "::text)::uuid"
    if column == owner:
        return instance
    return "gen_random_uuid()" if column == "id" else f"o.{column}"


# ------------------------------------------------------------------------------------------------------ due timers
def _timers() -> list[Measure]:
    _multiply("timer", MANY)
    with db.unit_of_work() as session:
        session.execute(sa.update(Timer).where(Timer.element_id == "wait").values(due_at=clock.now() - MINUTE))
    began = time.perf_counter()
    command = [sys.executable, "-m", "bench.timer_worker"]
    workers = [subprocess.Popen(command, cwd=ROOT, env=dict(os.environ)) for _ in range(WORKERS)]
    for worker in workers:
        worker.wait()
    wall = time.perf_counter() - began
    with db.reading() as session:
        left = session.scalar(sa.text("SELECT count(*) FROM engine_timers WHERE element_id = 'wait'")) or 0
        twice = session.scalar(sa.text(TWICE)) or 0
        done = session.scalar(
            sa.select(sa.func.count()).where(
                ProcessInstance.definition_id == _definition("timer"), ProcessInstance.state == "completed"
            )
        )
    return [
        Measure(
            name=f"{MANY} due timers, {WORKERS} workers", value=MANY / wall, unit="/s", better="higher", target=500
        ),
        Measure(name="due timers left", value=left + MANY - (done or 0), unit="", target=0),
        Measure(name="timers fired twice", value=twice, unit="", target=0),
    ]


TWICE = """
    SELECT count(*) FROM (SELECT 1 FROM engine_history WHERE element_id = 'wait' AND kind = 'completed'
                          GROUP BY instance_id HAVING count(*) > 1) AS t
"""


# ------------------------------------------------------------------------------------------------- many definitions
def _deployments() -> list[Measure]:
    """Deployed and started once each; when the caches are full, MODELS more must not take memory."""
    times, sizes = [], {}
    for number in range(2 * MODELS):
        began = time.process_time()
        with db.unit_of_work():
            operations.deploy({"m.bpmn": linear(20, key=f"model-{number}")}, actor=actor(DESIGNER))
        times.append(time.process_time() - began)
        _start(f"model-{number}")
        if number + 1 in (MODELS, 2 * MODELS):
            gc.collect()
            sizes[number + 1] = _resident()
    growth = (sizes[2 * MODELS] - sizes[MODELS]) / MODELS
    return [
        Measure(name="deployment of a model of 22 nodes: CPU", value=statistics.median(times) * 1e3, unit="ms"),
        Measure(name="memory of one more deployed model", value=growth / 1024, unit="kB", target=4),
    ]


def _resident() -> int:
    """Bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
