"""The audit trail: append-only, sealed into a chain that shows every alteration."""

import pytest
import sqlalchemy as sa

from kernel import audit, db


@pytest.fixture
def actor(demo):
    return demo.actor("van-thu")


def record(actor, count):
    for number in range(count):
        with db.unit_of_work():
            audit.record(actor, "test:count", "number", number, value=number)


def report(actor):
    with db.reading():
        return audit.verify_chain(actor.organization_id)


def test_lines_are_sealed_into_one_chain(actor):
    record(actor, 3)

    audit.seal_pending()
    record(actor, 2)
    audit.seal_pending()

    assert report(actor).intact
    assert (report(actor).sealed, report(actor).pending) == (5, 0)


def test_a_sealed_line_is_sealed_once(actor):
    record(actor, 1)
    audit.seal_pending()

    assert audit.seal_pending(everything=True) == 0


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET tag = 'x:y'", "DELETE FROM audit_seals"])
def test_the_database_refuses_to_change_a_line(actor, statement):
    record(actor, 1)
    audit.seal_pending()

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), db.unit_of_work() as session:
        session.execute(sa.text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor_name = 'Ai đó' WHERE subject_id = '1'",
        "UPDATE audit_entries SET data = '{\"value\": 7}' WHERE subject_id = '2'",
        "DELETE FROM audit_seals WHERE number = 2",
    ],
)
def test_an_alteration_behind_the_triggers_back_shows(actor, statement, superuser):
    record(actor, 4)
    audit.seal_pending()

    superuser(statement)

    assert not report(actor).intact


def test_a_refusal_is_kept_though_its_transaction_is_undone(actor):
    def refused_work():
        with db.unit_of_work():
            audit.record(actor, "test:do", "thing", 1)
            audit.record_refusal(actor, "test:refuse", "thing", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused_work()

    with db.reading() as session:
        assert session.scalars(sa.select(audit.AuditEntry.tag)).all() == ["test:refuse"]
