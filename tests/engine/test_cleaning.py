"""Time to live: what is past it goes, what somebody still points at stays, and nothing else of history ever goes."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import engine.jobs
from documents.models import Document  # noqa: F401 - its table points at instances
from engine import operations, queries
from engine.errors import InstanceNotFound, NotOfWhole
from engine.job_models import Job
from kernel import audit, clock, db
from tests.engine.conftest import Desk
from tests.engine.diagrams import linear
from webapp import cli


def short(*tasks: str, days: int = 30) -> bytes:
    return linear(*tasks).replace(
        b'isExecutable="true"', f'isExecutable="true" camunda:historyTimeToLive="P{days}D"'.encode()
    )


def ended(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, days_ago: float) -> Any:
    """An instance that was completed then."""
    now = clock.now()
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: now - dt.timedelta(days=days_ago))
        instance = desk.start()
        desk.complete("a")
        with db.unit_of_work():
            task = queries.list_instance_tasks(instance.id)[0]
            operations.add_comment(task.id, "một ý", actor=desk.actor("van-thu"))
    return instance


def clean(desk: Desk, **more: Any) -> Any:
    with db.unit_of_work():
        return operations.clean_history(actor=desk.actor("quan-tri"), **more)


def is_there(instance: Any) -> bool:
    with db.reading():
        try:
            queries.get_instance(instance.id)
        except InstanceNotFound:
            return False
    return True


def rows(table: str) -> int:
    with db.reading() as session:
        return session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - names of this file


def test_what_is_past_its_time_goes_with_all_its_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(short("a"))
    old = ended(desk, monkeypatch, days_ago=31)
    young = ended(desk, monkeypatch, days_ago=29)

    cleaned = clean(desk)

    assert (cleaned.instances, cleaned.lines > 4) == (1, True)
    assert not is_there(old)
    assert is_there(young)
    for table in ("engine_tasks", "engine_comments", "engine_instances"):
        assert rows(table) == 1, table
    with db.reading():
        assert len(queries.list_history(young.id)) > 4
        assert queries.list_history(old.id) == []


def test_without_a_time_to_live_everything_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(linear("a"))
    instance = ended(desk, monkeypatch, days_ago=300)

    assert clean(desk).instances == 0
    assert is_there(instance)


def test_what_runs_is_never_old(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(short("a", "b"))
    running = ended(desk, monkeypatch, days_ago=100)

    assert clean(desk).instances == 0
    assert desk.state(running) == "active"


def test_what_something_outside_points_at_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (definition,) = desk.deploy(short("a"))
    held, free = (ended(desk, monkeypatch, days_ago=40) for _ in range(2))
    with db.unit_of_work() as session:
        session.execute(sa.text("CREATE TABLE paper (instance_id uuid REFERENCES engine_instances)"))
        session.execute(sa.text("INSERT INTO paper VALUES (:id)"), {"id": held.id})
    with db.reading():
        (told,) = operations.count_cleanable(desk.organization_id)
    assert (told.definition.id, told.going, told.kept) == (definition.id, 1, 1)

    assert clean(desk).instances == 1

    assert is_there(held)
    assert not is_there(free)


def test_what_points_at_a_task_keeps_its_instance(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(short("a"))
    held = ended(desk, monkeypatch, days_ago=40)
    with db.unit_of_work() as session:
        session.execute(sa.text("CREATE TABLE note (task_id uuid REFERENCES engine_tasks)"))
        task = queries.list_instance_tasks(held.id)[0]
        session.execute(sa.text("INSERT INTO note VALUES (:id)"), {"id": task.id})

    assert clean(desk).instances == 0
    assert is_there(held)


def test_a_batch_is_bounded_and_the_oldest_goes_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(short("a"))
    instances = [ended(desk, monkeypatch, days_ago=days) for days in (50, 70, 60)]

    assert clean(desk, limit=2).instances == 2

    assert [is_there(instance) for instance in instances] == [True, False, False]


def test_each_run_leaves_a_line_in_the_audit_trail(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(short("a"))
    old = ended(desk, monkeypatch, days_ago=31)
    cleaned = clean(desk)
    clean(desk)

    with db.reading() as session:
        lines = session.query(audit.AuditEntry).filter_by(tag="history:clean").all()
        assert [line.data for line in lines] == [{"instances": [str(old.id)], "lines": cleaned.lines}]


def test_only_those_who_lead_the_whole_clean(desk: Desk) -> None:
    with pytest.raises(NotOfWhole), db.unit_of_work():
        operations.clean_history(actor=desk.actor("van-thu"))


def test_the_ticker_cleans_once_a_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(short("a"))
    monkeypatch.setattr(engine.jobs, "_cleaned_on", None)
    ended(desk, monkeypatch, days_ago=31)

    assert engine.jobs.clean_history() == 1
    ended(desk, monkeypatch, days_ago=31)
    assert engine.jobs.clean_history() == 0


def delete_all(setting: str) -> None:
    with db.unit_of_work() as session:
        session.execute(sa.text("SELECT set_config('moc.cleaning', :setting, true)"), {"setting": setting})
        session.execute(sa.text("DELETE FROM engine_history"))


@pytest.mark.parametrize("setting", ["on", "off"])
def test_history_that_is_young_goes_for_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    desk.deploy(short("a"))
    ended(desk, monkeypatch, days_ago=5)

    with pytest.raises(sa.exc.IntegrityError):
        delete_all(setting)


def test_after_a_run_history_is_closed_again_in_the_same_transaction(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deploy(short("a"))
    ended(desk, monkeypatch, days_ago=40)

    with db.unit_of_work() as session:
        operations.clean_history(actor=desk.actor("quan-tri"), limit=1)
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), session.begin_nested():
            session.execute(sa.text("DELETE FROM engine_history"))


def test_the_command_counts_first_and_then_cleans(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("MOC_DATA", str(tmp_path))
    desk.deploy(short("a"))
    old = ended(desk, monkeypatch, days_ago=31)

    assert cli.main(["clean-history", "--preview"]) == 0
    assert "1 hồ sơ quá hạn lưu, 0 còn văn bản nên giữ" in capsys.readouterr().out
    assert is_there(old)

    assert cli.main(["clean-history"]) == 0
    assert "đã dọn 1 hồ sơ" in capsys.readouterr().out
    assert not is_there(old)


def test_who_has_sent_a_message_stays_until_somebody_has_got_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    thrown = '<endEvent id="e"><messageEventDefinition messageRef="m"/></endEvent>'
    drawn = short("a", days=1).replace(b'<endEvent id="e"/>', thrown.encode())
    desk.deploy(drawn.replace(b"<process", '<message id="m" name="Báo"/><process'.encode(), 1))
    sender = ended(desk, monkeypatch, days_ago=3)

    assert clean(desk).instances == 0
    assert rows("engine_jobs") == 1
    with db.unit_of_work() as session:
        job = session.scalars(sa.select(Job)).one()
        operations.discard_job(job.id, reason="Không ai nhận.", actor=desk.actor("quan-tri"))

    assert clean(desk).instances == 1
    assert not is_there(sender)
