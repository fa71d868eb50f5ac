"""The agency with its shipped processes deployed, and browsers of its people."""

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import config
from directory.actors import Actor
from directory.models import Organization
from documents import operations
from documents.intake import Upload
from documents.models import Document
from engine import inbox
from engine import operations as engine
from kernel import db
from tests.webapp.conftest import Browser, app, browser, signed_in  # noqa: F401 - fixtures, shared with those tests
from tests.webapp_documents import samples

Act = Callable[..., Any]


@pytest.fixture
def office(agency: Organization, files: Path, app: object) -> Organization:  # noqa: F811 - the fixture of this name
    """The demo agency with the processes it works by."""
    resources = {file.name: file.read_bytes() for file in config.shipped_files()}
    with db.unit_of_work():
        engine.deploy_shipped(agency.id, resources)
    return agency


@pytest.fixture
def arrive(office: Organization, actor: Callable[[str], Actor]) -> Callable[..., Document]:
    """`arrive(text)`: a PDF with these lines has come in and waits for the register."""

    def received(text: str = samples.DECISION, name: str = "quyet-dinh-05.pdf", channel: str = "email") -> Document:
        upload = Upload(name=name, data=samples.pdf_of(text))
        with db.unit_of_work():
            return operations.receive_incoming([upload], channel=channel, actor=actor("van-thu"))

    return received


@pytest.fixture
def do(actor: Callable[[str], Actor]) -> Callable[..., None]:
    """`do("van-thu", document, {...})`: completes the person's open task on the document."""

    def completed(username: str, document: Document, values: Mapping[str, Any]) -> None:
        with db.unit_of_work():
            task_id = task_of(document.id, actor(username))
            engine.complete_task(task_id, values, actor=actor(username))

    return completed


def task_of(document_id: uuid.UUID, actor: Actor) -> uuid.UUID:
    """The person's open task on the document."""
    mine = [task for task in inbox.list_my_tasks(actor) if task.business_key == str(document_id)]
    assert mine, f"{actor.username} has nothing to do with {document_id}"
    return mine[0].id
