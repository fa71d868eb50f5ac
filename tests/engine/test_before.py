"""What was begun under the version before goes on: `before/rows.json` is a database as that version left it (schema
0008, snapshots written by its own code), half-way through a fork with a boundary timer, a parallel round, a sequential
round in a sub-process, work for a machine and a message."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from demo.agency import load_agency
from directory import queries as directory
from directory import working_time
from engine import operations, queries
from engine.models import COMPLETED, ExternalTask, HistoryEntry, ProcessInstance
from engine.operations import timers
from kernel import db, jobs
from migrations import schema
from tests.conftest import Cluster, configured
from tests.engine.conftest import Desk

BEFORE = "0008_open_letters"
ROWS = Path(__file__).parent / "before" / "rows.json"
WORKERS = ("van-thu", "cv-tp", "cv-vhtt")


@pytest.fixture
def upgraded(cluster: Cluster) -> Iterator[Desk]:
    """The old database, filled, then brought up to date."""
    name = cluster.create()
    schema.upgrade(cluster.url_of(name), revision=BEFORE)
    with configured(cluster.url_of(name)), db.unit_of_work():
        organization = load_agency()
        _fill(organization.id)
    schema.upgrade(cluster.url_of(name))
    with configured(cluster.url_of(name)):
        working_time.forget(organization.id)
        yield Desk(_actor, organization.id)
    cluster.drop(name)


def _actor(username: str) -> Any:
    with db.apart(), db.reading():
        person = directory.find_person(username)
        assert person is not None
        return directory.get_actor(person.id)


def _fill(organization_id: uuid.UUID) -> None:
    text, connection = ROWS.read_text("utf-8"), db.connection()
    text = text.replace("{organization}", str(organization_id))
    for person_id, username in connection.execute(sa.text("SELECT id, username FROM people")).all():
        text = text.replace(f"{{{username}}}", str(person_id))
    for table, rows in json.loads(text).items():
        fill = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, :rows)"  # noqa: S608 - names of our file
        connection.execute(sa.text(fill), {"rows": json.dumps(rows)})
    connection.execute(sa.text("UPDATE engine_timers SET due_at = now() - interval '1 hour'"))
    defer = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', :task, :args)"
    told = {"organization_id": str(organization_id), "signal": "Nghỉ"}
    connection.execute(sa.text(defer), {"task": "engine.broadcast_signal", "args": json.dumps(told)})


def test_an_instance_half_done_before_the_upgrade_ends_after_it(upgraded: Desk) -> None:
    with db.reading() as session:
        instance = session.scalars(sa.select(ProcessInstance)).one()
        work = session.scalars(sa.select(ExternalTask.id)).one()
        lines = session.scalar(sa.select(sa.func.count()).select_from(HistoryEntry))
    assert sorted(upgraded.names()) == ["b", "round", "round", "sign"]

    assert timers.fire_due_timers() == 1
    upgraded.complete("escalated")
    for who in WORKERS[1:]:
        upgraded.complete("round", who, vote=True)
        upgraded.complete("sign", who)
    with db.unit_of_work():
        operations.deliver_message("Hỏi", {"answer": "có"}, actor=_actor("quan-tri"))
    with db.unit_of_work():
        operations.complete_external_task(work, {"sealed": True}, actor=_actor("quan-tri"))
    upgraded.complete("last")

    assert upgraded.state(instance) == COMPLETED
    told = upgraded.variables(instance)
    assert (told["given"], told["answer"], told["sealed"], str(told["amount"])) == ("giá trị", "có", True, "12.50")
    with db.reading():
        assert len(queries.list_history(instance.id)) > (lines or 0) > 0


def test_a_signal_on_its_way_before_the_upgrade_arrives_after_it(upgraded: Desk, cluster: Cluster) -> None:
    with db.reading():
        url = db.engine().url.set(drivername="postgresql").render_as_string(hide_password=False)

    jobs.run_waiting(url)

    with db.reading() as session:
        left = session.execute(sa.text("SELECT task_name, status FROM procrastinate_jobs")).all()
        assert [row for row in left if row.task_name.startswith("engine.")] == []
