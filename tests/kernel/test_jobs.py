"""Jobs: deferred in the caller's transaction, run in one of their own."""

import pytest
import sqlalchemy as sa

from kernel import db, jobs

ran = []


@jobs.job("test.note")
def note(**values):
    ran.append(values)


@jobs.job("test.pass_on")
def pass_on(value):
    jobs.defer("test.note", value=value)


@jobs.job("test.fail_after_defer", attempts=1)
def fail_after_defer():
    jobs.defer("test.note", value="never")
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _nothing_ran_yet():
    ran.clear()


def waiting():
    with db.reading() as session:
        return session.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"))


def test_a_deferred_job_runs_with_its_values(database):
    with db.unit_of_work():
        jobs.defer("test.note", number=7)

    jobs.run_waiting(database)

    assert ran == [{"number": 7}]


def test_a_job_defers_another_in_its_own_unit(database):
    with db.unit_of_work():
        jobs.defer("test.pass_on", value="on")

    jobs.run_waiting(database)

    assert ran == [{"value": "on"}]


def test_what_a_failed_job_deferred_is_undone_with_it(database):
    with db.unit_of_work():
        jobs.defer("test.fail_after_defer")

    jobs.run_waiting(database)

    assert ran == []


def test_a_second_job_with_the_same_key_is_left_out_while_the_first_waits(database):
    for _ in range(2):
        with db.unit_of_work():
            jobs.defer("test.note", once="only", number=1)

    assert waiting() == 1


def test_a_job_for_later_waits(database):
    with db.unit_of_work():
        jobs.defer("test.note", after_seconds=3600)

    jobs.run_waiting(database)

    assert ran == []
