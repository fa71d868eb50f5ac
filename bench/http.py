"""What a completion costs over HTTP: the product as it is served, people's browsers replaced by bare connections.

CPU is that of all processes of the product and its database; the clients' is not counted, though they share the cores.
Operaton 1.0.3 over its REST API on two such cores, history full: linear 119/s with one client and 262/s with eight at
7 ms of CPU a completion, document 143/s with eight at 11 ms, multi-instance of 300 with eight 25/s.
"""

import collections
import http.client
import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import psycopg

from bench.diagrams import linear
from bench.measure import Measure
from directory import queries as directory
from directory.actors import Actor
from engine import operations
from kernel import clock, db
from kernel.postgres import Server
from tests.person import Person
from tests.product import Product, descendants, served
from webapp import wiring

PROCESSES = Path(__file__).parent / "processes"
SECONDS = 5.0  #: of each measured run
WARM = 1.0  #: seconds before it
TICK = os.sysconf("SC_CLK_TCK")
CLERK, DESIGNER = "van-thu", "phan-tich"
EIGHT = 8
PARTS = {"linear": 10, "document": 20, "multi": 300}  #: completions an instance
FORM = {
    "type": "default",
    "id": "ghi-chu",
    "schemaVersion": 19,
    "components": [
        {"type": "textfield", "id": "Field_note", "key": "note", "label": "Ghi chú"},
        {"type": "checkbox", "id": "Field_legal", "key": "legal", "label": "Cần ý kiến pháp chế"},
        {"type": "checkbox", "id": "Field_approved", "key": "approved", "label": "Đồng ý"},
    ],
}
ANSWER = {"note": "lần 1: đã xem, đồng ý chuyển bước sau", "legal": "true", "approved": "true"}


class Mark(NamedTuple):
    """Operaton's figures; a rate of ours is compared where it had eight clients."""

    process: str
    clients: int
    rate: float
    cpu: float


MARKS = (
    Mark("linear", 1, 119, 7),
    Mark("linear", EIGHT, 262, 7),
    Mark("document", EIGHT, 143, 11),
    Mark("multi", EIGHT, 25, 11),
)


def measure() -> list[Measure]:
    with served(clock.now(), MOC_WEB_PROCESSES="2", MOC_TEST_CLOCK="") as product:  # by the machine's clock
        office = Office(product)
        found: list[Measure] = []
        for mark in MARKS:
            office.work(mark, WARM)
            rate, cpu = office.work(mark, SECONDS)
            name = f"{mark.process} over HTTP, {mark.clients} {'client' if mark.clients == 1 else 'clients'}"
            target = 1.5 * mark.rate if mark.clients == EIGHT else None
            found += [
                Measure(name=f"{name}: completions", value=rate, unit="/s", better="higher", target=target),
                Measure(name=f"{name}: CPU of server and database", value=cpu * 1e3, unit="ms", target=2.5),
            ]
        return found


class Office:
    """The product with the processes deployed and a clerk who is signed in."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.url = Server(product.data / "pg").url
        wiring.wire()
        db.configure(self.url)
        with db.reading():
            designer, self.clerk = _actor(DESIGNER), _actor(CLERK)
        self._deploy(designer)
        person = Person(product, CLERK)
        person.open("/tasks")
        self.token = str(person.page.tree.xpath("//input[@name='csrf_token']/@value")[0])
        self.cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.cookies)
        self.own: set[int] = set()  #: servers of our own connections, which are no part of the product's work

    def _deploy(self, designer: Actor) -> None:
        diagrams = {"linear": linear(10)}
        diagrams |= {key: (PROCESSES / f"{key}.bpmn").read_bytes() for key in ("document", "multi")}
        for key, data in diagrams.items():
            asking = data.replace(b"userTask ", b'userTask camunda:formKey="ghi-chu" ')
            with db.unit_of_work():
                files = {f"{key}.bpmn": asking, "ghi-chu.form": json.dumps(FORM).encode()}
                operations.deploy(files, actor=designer)

    def work(self, mark: Mark, seconds: float) -> tuple[float, float]:
        """Completions a second, and seconds of CPU a completion."""
        enough = int(1500 * seconds / PARTS[mark.process]) + mark.clients
        stock = collections.deque(self._start(mark.process, enough))
        shared = collections.deque(self._tasks(stock)) if mark.process == "multi" else None
        clients = [Client(self, stock, shared, seconds) for _ in range(mark.clients)]
        cpu, wall = self.cpu(), time.perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        wall, cpu = time.perf_counter() - wall, self.cpu() - cpu
        done = sum(client.done for client in clients)
        return done / wall, cpu / done

    def _start(self, key: str, number: int) -> Iterator[uuid.UUID]:
        for _ in range(number):
            with db.unit_of_work():
                yield operations.start_instance(key, {}, actor=self.clerk).id

    def _tasks(self, instances: "collections.deque[uuid.UUID]") -> list[uuid.UUID]:
        with psycopg.connect(self.url) as connection:
            query = "SELECT id FROM engine_tasks WHERE instance_id = ANY(%s) AND state = 'ready' ORDER BY id"
            return [row[0] for row in connection.execute(query, (list(instances),))]

    def cpu(self) -> float:
        """Seconds that the product's processes and its database have used, our own connections' servers left out."""
        return sum(_used(pid) for pid in descendants(self.product.pid) if pid not in self.own)


class Client(threading.Thread):
    """A browser's connection that completes tasks one after the other."""

    def __init__(
        self,
        office: Office,
        instances: "collections.deque[uuid.UUID]",
        tasks: "collections.deque[uuid.UUID] | None",
        seconds: float,
    ) -> None:
        super().__init__()
        self.office, self.instances, self.tasks, self.seconds = office, instances, tasks, seconds
        self.done = 0
        self.looking = psycopg.connect(office.url, autocommit=True)
        office.own.add(self.looking.info.backend_pid)
        parts = urlsplit(office.product.address)
        self.web = http.client.HTTPConnection(parts.hostname or "", parts.port or 80)
        self.body = urlencode({"csrf_token": office.token, **ANSWER})

    def run(self) -> None:
        end = time.perf_counter() + self.seconds
        for task in self._next():
            self._complete(task)
            self.done += 1
            if time.perf_counter() > end:
                break
        self.web.close()
        self.looking.close()

    def _next(self) -> Iterator[uuid.UUID]:
        """Of a multi-instance whatever is left; else the oldest task of an instance of one's own, until it ends."""
        while self.tasks:
            yield self.tasks.popleft()
        while self.tasks is None:
            instance = self.instances.popleft()
            while row := self.looking.execute(OLDEST, (instance,)).fetchone():
                yield row[0]

    def _complete(self, task: uuid.UUID) -> None:
        headers = {
            "Cookie": self.office.cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        self.web.request("POST", f"/tasks/{task}/complete", self.body, headers)
        answer = self.web.getresponse()
        told = answer.read()
        if answer.status not in (200, 204, 302):
            raise RuntimeError(f"{answer.status}: {told[:500]!r}")


OLDEST = "SELECT id FROM engine_tasks WHERE instance_id = %s AND state = 'ready' ORDER BY token LIMIT 1"


def _actor(username: str) -> Actor:
    person = directory.find_person(username)
    if person is None:
        raise LookupError(username)
    return directory.get_actor(person.id)


def _used(pid: int) -> float:
    """Seconds of CPU, those of ended children with it."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended in the meantime
        return 0.0
    return sum(map(int, told[11:15])) / TICK
