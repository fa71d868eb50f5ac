"""The database server is killed: a page says so in Vietnamese, and when it is back everything goes on, nothing lost.

The gap is as long as a test wants it: the supervisor, which would start the server again at once, is stopped meanwhile.
"""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kernel.postgres import Server
from tests.held import Held
from tests.journeys.story import at
from tests.person import Person, Upload
from tests.product import Product, served, until

SENTENCE = "Hệ thống đang nối lại"
COMMENT = "Kính đề nghị Văn phòng\nkiểm tra lại số trang."


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with served(at(27, 4, 8, 30)) as running:
        yield running


@pytest.fixture
def clerk(product: Product, request: pytest.FixtureRequest) -> Person:
    """Looks at a document that has just come in."""
    person = Person(product, "van-thu")
    person.open("/incoming/receive")
    name = f"{request.node.name}.txt"
    person.submit("files", files=Upload(name, name.encode()), channel="email")
    assert name in person.page.text
    return person


@contextlib.contextmanager
def database_gone(product: Product) -> Iterator[None]:
    """kill -9 of the database server; nobody starts it again before the end of the block."""
    supervisor = _supervisor(product)
    os.kill(supervisor, signal.SIGSTOP)
    try:
        kill_database(product)
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)
    until(lambda: Person(product, "").look("/health/ready").status == 200, told=product.log)


def kill_database(product: Product) -> None:
    told = (product.data / "pg" / "data" / "postmaster.pid").read_text(encoding="ascii")
    os.kill(int(told.split()[0]), signal.SIGKILL)


def web_processes(product: Product) -> set[int]:
    supervisor = _supervisor(product)
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return {int(pid) for pid in children if b"webapp.server" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def _supervisor(product: Product) -> int:
    return int((product.data / "run" / "lock").read_text(encoding="utf-8").split()[0])


def test_while_the_database_is_away_a_page_says_so_and_asks_again(product: Product, clerk: Person) -> None:
    with database_gone(product):
        page = clerk.look("/tasks")
        alive, ready = clerk.look("/health/live"), clerk.look("/health/ready")
        style = clerk.look("/static/css/base.css")

    assert page.status == 503
    assert SENTENCE in page.text
    assert int(page.headers["Retry-After"]) > 0
    assert page.tree.xpath("//meta[@http-equiv='refresh']")
    assert (alive.status, ready.status, style.status) == (200, 503, 200)


def test_programs_are_told_in_their_own_way(product: Product, clerk: Person) -> None:
    with database_gone(product):
        answer = clerk.look("/tasks", accept="application/json")

    assert answer.status == 503
    assert json.loads(answer.content)["error"]


def test_what_was_sent_meanwhile_is_shown_to_be_kept_and_can_be_sent_again(product: Product, clerk: Person) -> None:
    task, form = clerk.page.path, clerk.page.form("comment")
    button = form.find_button("Gửi ý kiến")
    with database_gone(product):
        refused = clerk.send(form, button, {"comment": COMMENT})

    sent = clerk.send(form, button, {"comment": COMMENT})

    assert refused.status == 503
    assert "việc vừa gửi chưa được ghi" in refused.text
    assert "kiểm tra lại số trang." in refused.text
    assert sent.status == 200
    assert clerk.open(task).text.count("kiểm tra lại số trang.") == 1


def test_the_web_goes_on_without_being_started_again(product: Product, clerk: Person) -> None:
    before, task = web_processes(product), clerk.page.path

    with database_gone(product):
        clerk.look("/tasks")

    assert clerk.open(task).status == 200
    assert web_processes(product) == before != set()


def test_a_step_in_its_middle_is_undone_and_can_be_done_again(product: Product, clerk: Person) -> None:
    task, form = clerk.page.path, clerk.page.form("comment")
    sending = threading.Thread(target=clerk.send, args=(form, form.find_button("Gửi ý kiến"), {"comment": COMMENT}))
    with Held(Server(product.data / "pg").url, "audit_entries") as is_held:
        sending.start()
        until(is_held)
        kill_database(product)
        sending.join()

    refused = clerk.page
    until(lambda: clerk.look("/health/ready").status == 200, told=product.log)

    assert refused.status == 503
    assert "kiểm tra lại số trang." in refused.text
    assert "kiểm tra lại số trang." not in clerk.open(task).text
    assert clerk.submit("comment", comment=COMMENT).status == 200
    assert clerk.page.text.count("kiểm tra lại số trang.") == 1


def test_the_worker_goes_on(product: Product, clerk: Person) -> None:
    with database_gone(product):
        clerk.look("/tasks")

    with psycopg.connect(Server(product.data / "pg").url, autocommit=True) as looking:
        count = "SELECT sum(defer_timestamp) FROM procrastinate_periodic_defers"
        before = looking.execute(count).fetchone()
        assert until(lambda: looking.execute(count).fetchone() != before, told=product.log)
