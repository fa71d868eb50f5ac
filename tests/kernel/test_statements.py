"""Statements of the hot paths: on the same connection and in the same transaction as everything else."""

import datetime as dt
import os
import socket
import uuid

import psycopg
import pytest
import sqlalchemy as sa

from kernel import db, events
from kernel.audit import AuditEntry
from kernel.statements import Statement

WRITE = Statement(
    "INSERT INTO audit_entries (id, organization_id, at, kind, actor_name, tag, subject_type, subject_id, data) "
    "VALUES (%(id)s, %(id)s, now(), 'done', %(name)s, 'a:b', '', '', '{}')"
)
ONE = Statement("SELECT 1")
BACKEND = Statement("SELECT pg_backend_pid()")
MOMENT = dt.datetime(2026, 5, 4, 9, 45, tzinfo=dt.UTC)


def write(name="Lan"):
    db.run(WRITE, {"id": uuid.uuid4(), "name": name})


def fail_after_writing(name):
    write(name)
    raise ZeroDivisionError


def names():
    with db.reading() as session:
        return sorted(session.scalars(sa.select(AuditEntry.actor_name)))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "Trần Thị Lan’s “x” \\ {}"),
        ("text", None),
        ("int", -7),
        ("boolean", True),
        ("uuid", uuid.UUID(int=5)),
        ("bytea", b"\x00\xff\\"),
        ("timestamptz", MOMENT),
        ("date", dt.date(2026, 5, 4)),
        ("int[]", [1, 2]),
        ("int[]", []),
        ("uuid[]", [uuid.UUID(int=5)]),
    ],
)
def test_values_arrive_and_come_back_as_they_were(database, kind, value):
    ask = Statement(f"SELECT %(value)s::{kind}")

    with db.reading():
        assert db.run(ask, {"value": value}) == [(value,)]


def test_text_with_nul_is_refused_and_not_cut(database):
    with pytest.raises(ValueError, match="NUL"), db.unit_of_work():
        write("Lan\0Hoa")

    assert names() == []


def test_both_ways_of_writing_are_one_transaction(database):
    with db.unit_of_work() as session:
        write("Lan")
        line = session.scalars(sa.select(AuditEntry)).one()
        session.execute(
            sa.text("CREATE TEMPORARY TABLE beside ON COMMIT DROP AS SELECT :name AS name"), {"name": "Hoa"}
        )
        write("Hoa")

        assert line.actor_name == "Lan"
        assert db.run(Statement("SELECT name FROM beside"), {}) == [("Hoa",)]
    with pytest.raises(ZeroDivisionError), db.unit_of_work():
        fail_after_writing("Mai")

    assert names() == ["Hoa", "Lan"]


def test_a_failed_statement_raises_what_sqlalchemy_raises(database):
    with pytest.raises(sa.exc.IntegrityError) as refused, db.unit_of_work():
        write(None)

    assert isinstance(refused.value.orig, psycopg.errors.NotNullViolation)


def test_a_unit_that_swallowed_a_failure_does_not_seem_to_commit(database):
    def swallow():
        with db.unit_of_work():
            write("Lan")
            with pytest.raises(sa.exc.IntegrityError):
                write(None)

    with pytest.raises(sa.exc.DBAPIError, match="has failed"):
        swallow()

    assert names() == []


def test_a_reading_cannot_write(database):
    with pytest.raises(sa.exc.InternalError, match="read-only"), db.reading():
        write()


def test_statements_stay_prepared_when_a_transaction_is_undone(database):
    prepared = Statement("SELECT count(*) FROM pg_prepared_statements WHERE starts_with(name, 'moc_')")
    with db.reading():
        db.run(ONE, {})
    with pytest.raises(ZeroDivisionError), db.unit_of_work():
        fail_after_writing("Lan")

    with db.reading():
        assert db.run(prepared, {})[0][0] >= 3


def test_a_savepoint_that_is_undone_takes_no_statement_along(database):
    with db.unit_of_work() as session:
        write("Lan")
        for number in range(8):  # enough for psycopg to prepare some of its own, which it then drops
            session.execute(sa.text("SELECT :number"), {"number": number})
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            fail_after_writing("Hoa")
        session.execute(sa.text("SELECT 1"))
        write("Mai")
    with db.unit_of_work():
        write("Nga")

    assert names() == ["Lan", "Mai", "Nga"]


def test_a_connection_that_died_in_the_pool_costs_no_request(database, superuser):
    with db.reading():
        ((pid,),) = db.run(BACKEND, {})
    superuser(f"SELECT pg_terminate_backend({pid})")

    with db.unit_of_work():
        write("Lan")

    assert names() == ["Lan"]


def test_a_frozen_server_is_given_up(database):
    with db.reading():
        told = db.raw_connection().info.get_parameters()

    assert told["keepalives"] == "1"
    assert int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"]) <= 30
    assert int(told["tcp_user_timeout"]) <= 30_000


def test_nobody_reads_on_after_the_transaction_is_over(database):
    with db.unit_of_work() as session:
        write("Lan")
        session.connection()
        session.rollback()

        with pytest.raises(RuntimeError, match="is over"):
            write("Hoa")


def publish_and_fail():
    events.publish("things", number=1)
    fail_after_writing("Lan")


def test_open_pages_hear_after_the_commit_and_only_then(database):
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute(f"LISTEN {events.CHANNEL}")
        with pytest.raises(ZeroDivisionError), db.unit_of_work():
            publish_and_fail()
        with db.unit_of_work() as session:
            write()
            with pytest.raises(ZeroDivisionError), session.begin_nested():
                fail_after_writing("Hoa")
            events.publish("things", number=2)
            events.publish("things", number=2)
        with db.unit_of_work():
            events.publish("things", number=3)

        heard = [told.payload for told in listener.notifies(timeout=5, stop_after=2)]

    assert heard == ['{"topic": "things", "number": 2}', '{"topic": "things", "number": 3}']


def test_what_is_remembered_is_asked_again_once_something_was_written(database):
    asked = []

    def ask():
        asked.append(1)
        return len(asked)

    with db.unit_of_work() as session:
        assert [db.remembered("x", ask) for _ in range(3)] == [1, 1, 1]
        session.execute(sa.text("SELECT 1"))
        assert db.remembered("x", ask) == 1
        session.execute(sa.text("UPDATE people SET active = active WHERE false"))
        assert db.remembered("x", ask) == 2


def write_on_a_cut_line():
    write()
    with socket.socket(fileno=os.dup(db.raw_connection().fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
    write("Hoa")


def test_a_line_that_is_cut_is_a_lost_server_and_no_refusal(database):
    with pytest.raises(sa.exc.OperationalError) as lost, db.unit_of_work():
        write_on_a_cut_line()

    assert lost.value.connection_invalidated
