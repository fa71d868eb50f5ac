"""An office at work: the shipped processes deployed, test certificates, an empty file store."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.accounts import PIN
from demo.authority import make_demo_authority
from directory.actors import Actor
from documents import issuing, operations
from documents.models import Document
from engine import operations as engine_operations
from engine import queries as engine_queries
from engine.models import Task
from kernel import clock, db, jobs
from tests.documents.factories import upload
from webapp import wiring
from webapp.prepare import deploy_shipped

NOW = dt.datetime.fromisoformat("2016-06-01T08:00+07:00")
DRAFT = {
    "kind": "CV",
    "subject": "Góp ý dự thảo Quy chế",
    "body": "Phòng Văn hóa - Thông tin nhất trí với dự thảo.",
    "recipients": "- Sở Tư pháp;\n- Lưu: VT.",
    "signer": "chu-tich",
    "purpose": "gop-y",
    "copies": 0,
    "urgency": 0,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Office:
    """Does steps of a process as people would; each step is a unit of work of its own."""

    actor: Callable[[str], Actor]
    url: str

    def start_draft(self, who: str = "cv-vhtt", **changed: Any) -> Document:
        with db.unit_of_work():
            return operations.start_draft({**DRAFT, **changed}, actor=self.actor(who))

    def receive(self) -> Document:
        with db.unit_of_work():
            return operations.receive_incoming([upload()], channel="postal", actor=self.actor("van-thu"))

    def task(self, document: Document, element_id: str) -> Task:
        with db.reading():
            tasks = engine_queries.list_instance_tasks(document.instance_id)
            return next(t for t in tasks if t.element_id == element_id and t.state == "ready")

    def complete(self, document: Document, who: str, element_id: str, **values: Any) -> None:
        task = self.task(document, element_id)
        if task.assignee_id is None:
            with db.unit_of_work():
                engine_operations.claim_task(task.id, actor=self.actor(who))
        with db.unit_of_work():
            engine_operations.complete_task(task.id, values, actor=self.actor(who))

    def submit(self, document: Document, who: str = "cv-vhtt", **changed: Any) -> None:
        task = self.task(document, "Task_draft")
        with db.unit_of_work():
            operations.submit_draft(task.id, changed, actor=self.actor(who))

    def approve(self, document: Document) -> None:
        self.complete(document, "tp-vhtt", "Task_approve_content", outcome="approve", opinion="")
        self.complete(document, "chanh-van-phong", "Task_check_layout", outcome="approve", opinion="")

    def sign(self, document: Document, who: str = "chu-tich", pin: str = PIN) -> None:
        task = self.task(document, "Task_sign")
        with db.unit_of_work():
            operations.sign_document(task.id, {"outcome": "sign"}, pin=pin, actor=self.actor(who))

    def signed(self, **changed: Any) -> Document:
        document = self.start_draft(**changed)
        self.submit(document)
        self.approve(document)
        self.sign(document)
        return document

    def number(self, document: Document) -> None:
        self.complete(document, "van-thu", "Task_number", issued_date=clock.today())

    def run_jobs(self) -> None:
        jobs.run_waiting(self.url)

    def look(self, document: Document | uuid.UUID) -> Document:
        document_id = document if isinstance(document, uuid.UUID) else document.id
        with db.reading() as session:
            return session.get_one(Document, document_id)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ca")
    make_demo_authority(folder)
    return folder


@pytest.fixture
def office(database: str, actor: Callable[[str], Actor], files: Path, certificates: Path) -> Iterator[Office]:
    """On Wednesday 1/6/2016 at eight."""
    wiring.wire()
    issuing.configure(certificates, seal_pin=PIN)
    with clock.set_to(NOW):
        deploy_shipped()
        yield Office(actor=actor, url=database)
