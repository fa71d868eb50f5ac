"""The unit of work: all or nothing, one place that commits."""

import pytest
import sqlalchemy as sa

from kernel import db, jobs
from kernel.audit import AuditEntry


def entries():
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))


def write(session):
    session.execute(
        sa.text(
            "INSERT INTO audit_entries (id, organization_id, at, kind, actor_name, tag, subject_type, subject_id, data)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'done', '', 'a:b', '', '', '{}')"
        )
    )


def fail_after(work):
    """A unit of work that does something and then breaks."""
    with db.unit_of_work() as session:
        work(session)
        raise ZeroDivisionError


def test_a_unit_of_work_commits_once_at_its_end(database):
    with db.unit_of_work() as session:
        write(session)

    assert entries() == 1


def test_any_exception_undoes_the_unit(database):
    with pytest.raises(ZeroDivisionError):
        fail_after(write)

    assert entries() == 0


def test_units_do_not_nest(database):
    with db.unit_of_work(), pytest.raises(RuntimeError), db.unit_of_work():
        pass


def test_reading_cannot_write(database):
    with pytest.raises(sa.exc.InternalError, match="read-only"), db.reading() as session:
        write(session)


def test_outside_a_unit_there_is_no_session(database):
    with pytest.raises(RuntimeError):
        db.session()


def test_a_job_is_deferred_with_the_unit_or_not_at_all(database):
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda _: jobs.defer("kernel.retry_stalled", timestamp=0))
    with db.unit_of_work():
        jobs.defer("kernel.retry_stalled", timestamp=0)

    with db.reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) == 1
