"""Eight people work while web, worker and database are killed at random: what is left must be whole.

`MOC_FAULTS_SECONDS` says how long (300). The people receive letters, register them (each takes a number of the book of
arrivals) and bring them to the end of their process, over HTTP as browsers without JavaScript do. Whatever was
answered must be there afterwards, once; every instance must be consistent and the audit chain intact.
"""

import collections
import contextlib
import dataclasses
import datetime as dt
import itertools
import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.measure import Measure
from directory.queries import list_organizations
from documents.models import DocumentNumber, RegisterBook
from documents.official_pdf import compose
from documents.queries import find_gaps
from engine import consistency
from engine.models import COMPLETED, Task
from kernel import audit, clock, db
from kernel.postgres import Server
from tests.journeys.story import proposal
from tests.person import Page, Person, Unreachable, Upload, tidy
from tests.product import Product, descendants, served, until

SECONDS = float(os.environ.get("MOC_FAULTS_SECONDS", "300"))
PEOPLE = ("van-thu", "van-thu", "van-thu", "chanh-van-phong", "chu-tich", "tp-vhtt", "cv-vhtt", "tp-tp")
PAUSES = (1.0, 5.0)  #: seconds between two kills
KINDS = {"web": 1, "worker": 1, "database": 2, "backend": 2}  #: what is killed, and how often beside the others
ENOUGH_DONE = 10  #: completed tasks; until then it goes on, up to LONGEST times as long
LONGEST = 5
ENOUGH = 8  #: letters that wait to be registered; then nothing more is received
RESTS = 0.5  #: seconds a person waits when there is nothing to do or nobody answers

REGISTER = "Tiếp nhận, đăng ký vào sổ"


@dataclasses.dataclass
class Office:
    """What all people share. `done`: addresses of tasks whose completion was answered."""

    product: Product
    letter: bytes = dataclasses.field(default_factory=lambda: compose(proposal()).pdf)
    numbers: "itertools.count[int]" = dataclasses.field(default_factory=lambda: itertools.count(1))
    closed: threading.Event = dataclasses.field(default_factory=threading.Event)
    done: set[str] = dataclasses.field(default_factory=set)
    counts: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    kills: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    surprises: list[str] = dataclasses.field(default_factory=list)


def measure() -> list[Measure]:
    with served(clock.now()) as product:
        return strike(product, SECONDS)


def strike(product: Product, seconds: float) -> list[Measure]:
    """Works and kills for that long, then looks at what is left."""
    office = Office(product)
    people = [Client(office, name) for name in PEOPLE]
    for person in people:
        person.start()
    _kill_for(seconds, office)
    office.closed.set()
    for person in people:
        person.join()
    until(lambda: _answers(product), told=product.log)
    return _told(office)


class Client(threading.Thread):
    """One person who works on and on, whatever happens to the machine."""

    def __init__(self, office: Office, username: str) -> None:
        super().__init__(daemon=True)
        self.office, self.person = office, Person(office.product, username)
        self.chance = random.Random(f"{username}{next(office.numbers)}")  # noqa: S311 - no secret

    def run(self) -> None:
        while not self.office.closed.is_set():
            try:
                worked = self.work()
            except Unreachable:
                self.office.counts["unanswered"] += 1
                worked = False
            except AssertionError as wrong:  # a page that is not what a person expects
                worked = self.person.page.status != 503 and self.surprised(str(wrong))
            if not worked:
                self.office.closed.wait(RESTS)

    def work(self) -> bool:
        page = self.person.open("/tasks")
        if page.status != 200:
            return self.answered("listed")
        tasks = _tasks(page)
        waiting = [step for step, _ in tasks].count(REGISTER)
        if self.person.username == "van-thu" and waiting < ENOUGH and self.chance.random() < 0.5:
            return self.receive()
        return bool(tasks) and self.complete(*self.chance.choice(tasks))

    def receive(self) -> bool:
        number = next(self.office.numbers)
        self.person.open("/incoming/receive")
        self.person.submit("files", files=Upload(f"{number}.pdf", b"%s\n%% %d\n" % (self.office.letter, number)))
        return self.answered("received")

    def complete(self, step: str, path: str) -> bool:
        page = self.person.open(path)
        if page.status != 200 or page.find_form("/complete") is None:
            return False  # somebody else was quicker
        values, button = self.values(step)
        self.person.fill("/complete", values, button=button)
        if self.answered("completed"):
            self.office.done.add(path)
            return True
        return False

    def values(self, step: str) -> tuple[Mapping[str, Any], str | None]:
        if step == REGISTER:
            return registration(next(self.office.numbers)), "Vào sổ"
        return ANSWERS[step](), None

    def answered(self, verb: str) -> bool:
        """Anything but success and "somebody was quicker" is a surprise, unless the machine is just coming back."""
        status = self.person.page.status
        if status == 200:
            self.office.counts[verb] += 1
        elif status not in (403, 404, 409, 503):
            self.surprised(f"{status}: {self.person.page.text[-700:]}")
        return status == 200

    def surprised(self, told: str) -> bool:
        self.office.surprises.append(f"{self.person.username}: {told}")
        return False


def registration(number: int) -> dict[str, Any]:
    told = {
        "number": str(number),
        "symbol": "TTr-VP",
        "issued_date": _day(0),
        "kind": "TTr",
        "organ_name": "Văn phòng HĐND và UBND huyện Mộc Châu",
        "subject": f"Đề nghị xem xét nội dung số {number}",
        "urgency": "1",
        "signer_name": "Nguyễn Đức Hùng",
        "signer_position": "Chánh Văn phòng",
        "article7_declared": True,
    }
    return {f"registration.{name}": value for name, value in told.items()}


def _day(later: int) -> str:
    return f"{clock.today() + dt.timedelta(days=later):%d/%m/%Y}"


#: step -> what is typed
ANSWERS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "Trình, đề xuất phân phối": lambda: {"proposed_lead_unit": "P-VHTT", "proposal": "Kính trình Chủ tịch."},
    "Cho ý kiến chỉ đạo giải quyết": lambda: {
        "lead_unit": "P-VHTT",
        "support_units": ["P-TP"],
        "due_date": _day(14),
        "opinion": "Phòng Văn hóa - Thông tin chủ trì.",
    },
    "Phân công giải quyết": lambda: {"lead_person": "cv-vhtt", "opinion": "Đồng chí Hà giải quyết."},
    "Cho ý kiến phối hợp": lambda: {"opinion": "Đã góp ý."},
    "Giải quyết văn bản": lambda: {"outcome": "no_reply", "result": "Đã thực hiện."},
    "Lập hồ sơ công việc": lambda: {"file_title": f"Hồ sơ {uuid.uuid4().hex[:8]}"},
}


def _tasks(page: Page) -> list[tuple[str, str]]:
    """(step, address) of what the list shows."""
    found = []
    for row in page.tree.xpath("//li[contains(@class, 'mo-row')]"):
        words = set(map(tidy, row.xpath(".//*[contains(@class, 'mo-row-meta')]/span/text()")))
        links = row.xpath(".//a/@href")
        found += [(step, str(links[0])) for step in (REGISTER, *ANSWERS) if step in words and links]
    return found


# ------------------------------------------------------------------------------------------------------------- killing
def _kill_for(seconds: float, office: Office) -> None:
    chance, began = random.Random(int(seconds)), time.monotonic()  # noqa: S311 - no secret
    while (spent := time.monotonic() - began) < seconds or (
        office.counts["completed"] < ENOUGH_DONE and spent < seconds * LONGEST
    ):
        time.sleep(chance.uniform(*PAUSES))
        (kind,) = chance.choices([*KINDS], weights=[*KINDS.values()])
        victims = _victims(office.product, kind)
        if victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
                office.kills[kind] += 1


def _victims(product: Product, kind: str) -> list[int]:
    """Processes of the product. The database: its first process, or one that serves somebody."""
    pids = descendants(product.pid)
    database = [pid for pid in pids if "postgres" in _words(pid)]
    if kind == "database":
        told = product.data / "pg" / "data" / "postmaster.pid"
        return [int(told.read_text(encoding="ascii").split()[0])] if told.exists() else []
    if kind == "backend":
        return [pid for pid in database if "idle" in _words(pid) or "127.0.0.1" in _words(pid)]
    module = {"web": "webapp.server", "worker": "webapp.worker"}[kind]
    return [pid for pid in pids if module in _words(pid)]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


# ------------------------------------------------------------------------------------------------------ what must hold
def _told(office: Office) -> list[Measure]:
    db.configure(Server(office.product.data / "pg").url)
    until(_sealed)
    with db.reading() as session:
        (organization,) = list_organizations()
        faults = consistency.find_faults(organization.id)
        chain = audit.verify_chain(organization.id)
        books = session.scalars(sa.select(RegisterBook)).all()
        gaps = sum(len(find_gaps(book)) for book in books)
        used = session.execute(
            sa.select(DocumentNumber.document_id, sa.func.count())
            .where(DocumentNumber.document_id.is_not(None))
            .group_by(DocumentNumber.document_id)
        ).all()
        answered = [uuid.UUID(path.rsplit("/", 1)[1]) for path in office.done]
        kept = session.scalars(sa.select(Task.id).where(Task.id.in_(answered), Task.state == COMPLETED)).all()
        twice = session.execute(sa.text(TWICE)).all()
        failed = session.execute(sa.text("SELECT 1 FROM procrastinate_jobs WHERE status = 'failed'")).all()
    problems = [str(fault) for fault in faults] + office.surprises
    for told in problems[:20]:
        print(told, flush=True)
    return [
        Measure(name="kills", value=sum(office.kills.values()), unit=""),
        *(Measure(name=f"kills: {kind}", value=count, unit="") for kind, count in sorted(office.kills.items())),
        Measure(name="letters received", value=office.counts["received"], unit=""),
        Measure(name="tasks completed", value=office.counts["completed"], unit=""),
        Measure(name="requests nobody answered", value=office.counts["unanswered"], unit=""),
        Measure(name="answered and lost", value=len(answered) - len(kept), unit="", target=0),
        Measure(name="done twice", value=len(twice), unit="", target=0),
        Measure(name="inconsistent instances", value=len(faults), unit="", target=0),
        Measure(name="numbers missing", value=gaps, unit="", target=0),
        Measure(name="documents with two numbers", value=sum(count > 1 for _, count in used), unit="", target=0),
        Measure(name="numbers used", value=len(used), unit=""),
        Measure(name="broken audit chain", value=int(not chain.intact), unit="", target=0),
        Measure(name="failed jobs", value=len(failed), unit="", target=0),
        Measure(name="pages that were a surprise", value=len(office.surprises), unit="", target=0),
    ]


def _sealed() -> bool:
    audit.seal_pending(everything=True)
    with db.reading():
        (organization,) = list_organizations()
        return audit.verify_chain(organization.id).pending == 0


def _answers(product: Product) -> bool:
    try:
        return Person(product, "van-thu").look("/sign-in").status == 200
    except Unreachable:
        return False


TWICE = """
    SELECT subject_id FROM audit_entries WHERE tag IN ('task:complete', 'document:register_incoming')
    GROUP BY tag, subject_id HAVING count(*) > 1
    UNION ALL
    SELECT instance_id::text FROM engine_history WHERE kind = 'completed'
    GROUP BY instance_id, token, element_id HAVING count(*) > 1"""
