"""The demo agency is alive on its first start, and only once."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from demo import letters, samples
from demo.accounts import ACCOUNTS, PIN
from demo.authority import make_demo_authority
from directory.actors import Actor
from directory.models import Organization
from documents import issuing, queries
from documents.models import Document
from engine import inbox
from kernel import clock, db
from webapp import wiring
from webapp.prepare import deploy_shipped

MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=clock.VIETNAM)


@pytest.fixture
def ready(agency: Organization, files: Path, tmp_path: Path) -> Organization:
    """The agency with its processes and keys, without samples."""
    wiring.wire()
    make_demo_authority(tmp_path / "ca")
    issuing.configure(tmp_path / "ca", seal_pin=PIN)
    deploy_shipped()
    return agency


def count_documents() -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Document)) or 0


def test_every_worker_of_the_demo_finds_something_to_do(
    ready: Organization, database: str, actor: Callable[[str], Actor]
) -> None:
    with clock.set_to(MONDAY):
        samples.load_samples(ready, database)

    with db.reading():
        idle = [
            account.username
            for account in ACCOUNTS
            if not {"quan-tri", "thiet-ke-quy-trinh", "chuyen-vien"} & set(account.roles)
            and not inbox.list_my_tasks(actor(account.username))
        ]
        clerk = actor("van-thu")
        decision = db.session().scalars(sa.select(Document).where(Document.subject == samples.DECISION)).one()
        verdicts = {signature.role: signature.verdict for signature in queries.list_signatures(decision)}
        gaps = [queries.find_gaps(book) for book in queries.list_books(clerk)]
    assert set(idle) <= {"pho-chu-tich"}
    assert (decision.state, decision.number_symbol) == ("FILED", "01/2026/QĐ-UBND")
    assert verdicts == {"leader": "VALID", "organisation": "VALID"}
    assert not any(gaps)


def test_a_start_that_was_killed_makes_the_rest_and_a_later_one_nothing(
    ready: Organization, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.set_to(MONDAY), monkeypatch.context() as killed:
        killed.setitem(samples.SAMPLES, letters.STORM_LETTER.subject, _die)
        with pytest.raises(KeyboardInterrupt):
            samples.load_samples(ready, database)
    made = count_documents()

    with clock.set_to(MONDAY):
        samples.load_samples(ready, database)
    completed = count_documents()
    with clock.set_to(MONDAY + dt.timedelta(days=7)):
        samples.load_samples(ready, database)

    assert 0 < made < completed == count_documents()


def _die(_office: object, _subject: str) -> None:
    raise KeyboardInterrupt
