"""Deadlines follow tasks; alerts fire once; a manager reminds."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from deadlines import listeners, operations  # noqa: F401 - listeners register themselves
from deadlines.errors import NothingToRemind, NotWatching, RemindedLately
from deadlines.events import DeadlineMissed, DeadlineNear, TaskReminded
from deadlines.models import DeadlineAlert, TaskDeadline, TaskReminder
from directory.queries import get_unit
from engine.events import TaskClaimed, TasksMoved
from kernel import audit, clock, db, events
from tests.deadlines.factories import at, end_task, make_task

TOLD = {"remind": "P1D,PT4H", "escalateTo": "chanh-van-phong lanh-dao", "escalateAfter": "P1D"}
NOW = at("2016-05-04T09:45")


@pytest.fixture
def heard(monkeypatch):
    """What deadlines told."""
    told = []
    monkeypatch.setattr(events, "_listeners", {**events._listeners})
    for kind in (DeadlineNear, DeadlineMissed, TaskReminded):
        events._listeners[kind] = [told.append]
    return told


def ready(organization, **more):
    task = make_task(organization, **more)
    events.emit(TasksMoved(ended=[], ready=[task]))
    return task


def alerts():
    query = sa.select(DeadlineAlert.kind, DeadlineAlert.at).order_by(DeadlineAlert.at)
    return [(kind, clock.local(when)) for kind, when in db.session().execute(query)]


def deadline():
    return db.session().scalars(sa.select(TaskDeadline)).one()


def test_a_task_with_a_deadline_gets_its_reminders_and_escalations_in_office_time(agency):
    with clock.set_to(NOW), db.unit_of_work():
        ready(agency, due="2016-05-09T17:00", assignee="cv-tp", deadline=TOLD)

        assert deadline().escalate_to == "chanh-van-phong,lanh-dao"
        assert alerts() == [
            ("remind", at("2016-05-06T17:00")),
            ("remind", at("2016-05-09T11:00")),
            ("escalate", at("2016-05-10T17:00")),
        ]


def test_a_reminder_whose_time_has_passed_is_not_set(agency):
    with clock.set_to(NOW), db.unit_of_work():
        ready(agency, due="2016-05-04T17:00", assignee="cv-tp", deadline=TOLD)

        assert [kind for kind, _ in alerts()] == ["remind", "escalate"]


def test_an_escalation_without_a_length_comes_with_the_deadline(agency):
    with clock.set_to(NOW), db.unit_of_work():
        ready(agency, due="2016-05-05T17:00", assignee="cv-tp", deadline={"escalateTo": "lanh-dao"})

        assert alerts() == [("escalate", at("2016-05-05T17:00"))]


def test_a_length_that_cannot_be_read_does_not_hold_up_the_task(agency):
    with clock.set_to(NOW), db.unit_of_work():
        told = {"remind": "mai,PT4H", "escalateTo": "lanh-dao", "escalateAfter": "mai"}
        ready(agency, due="2016-05-09T17:00", assignee="cv-tp", deadline=told)

        assert alerts() == [("remind", at("2016-05-09T11:00")), ("escalate", at("2016-05-09T17:00"))]


def test_a_task_without_a_deadline_has_no_row(agency):
    with db.unit_of_work() as session:
        ready(agency, assignee="cv-tp", deadline=TOLD)

        assert session.scalars(sa.select(TaskDeadline)).all() == []


@pytest.mark.parametrize(
    ("more", "unit"),
    [
        ({"assignee": "cv-tp"}, "P-TP"),
        ({"groups": ["truong-don-vi@P-VHTT"]}, "P-VHTT"),
        ({"groups": ["unit:P-TP"]}, "P-TP"),
        ({"groups": ["position:VP/van-thu"]}, "VP"),
        ({"groups": ["van-thu"]}, "VP"),
        ({"groups": ["lanh-dao"]}, "LD"),
        ({"groups": ["nobody"]}, None),
    ],
)
def test_work_is_that_of_the_unit_that_holds_it(agency, more, unit):
    with db.unit_of_work():
        ready(agency, due="2016-05-05T17:00", **more)

        assert deadline().unit_id == (get_unit(agency.id, unit).id if unit else None)


def test_work_that_is_taken_goes_to_the_unit_of_the_taker(agency, actor):
    who = actor("cv-tp")
    with db.unit_of_work():
        task = ready(agency, due="2016-05-05T17:00", groups=["van-thu"])
        task.assignee_id = who.person_id
        db.session().flush()
        events.emit(TaskClaimed(task=task, actor=who))

        db.session().expire_all()
        assert deadline().unit_id == get_unit(agency.id, "P-TP").id


@pytest.mark.parametrize("how", ["completed", "cancelled"])
def test_the_clock_stops_with_the_task(agency, how):
    with clock.set_to(NOW), db.unit_of_work():
        task = ready(agency, due="2016-05-09T17:00", assignee="cv-tp", deadline=TOLD)
        end_task(task, state=how)
        events.emit(TasksMoved(ended=[task], ready=[]))

        db.session().expire_all()
        assert deadline().ended_at == NOW
        assert alerts() == []


def test_alerts_are_told_once_when_they_are_due(agency, heard):
    with clock.set_to(NOW), db.unit_of_work():
        task = ready(agency, due="2016-05-09T17:00", assignee="cv-tp", deadline=TOLD)

    told = []
    for moment in ("2016-05-06T16:59", "2016-05-06T17:00", "2016-05-06T18:00", "2016-05-09T11:00", "2016-05-10T17:00"):
        with clock.set_to(at(moment)):
            told.append(operations.fire_due_alerts())

    assert told == [0, 1, 0, 1, 1]
    assert [type(event) for event in heard] == [DeadlineNear, DeadlineNear, DeadlineMissed]
    assert {event.task.id for event in heard} == {task.id}
    assert heard[-1].groups == ["chanh-van-phong", "lanh-dao"]


def test_two_tickers_at_once_tell_of_an_alert_once(agency, heard):
    with clock.set_to(NOW), db.unit_of_work():
        for _ in range(4):
            ready(agency, due="2016-05-05T17:00", assignee="cv-tp", deadline={"remind": "PT1H"})

    with clock.set_to(at("2016-05-05T16:30")):
        tickers = [threading.Thread(target=operations.fire_due_alerts) for _ in range(4)]
        for ticker in tickers:
            ticker.start()
        for ticker in tickers:
            ticker.join()

    assert len(heard) == len({event.alert_id for event in heard}) == 4


def test_what_ended_meanwhile_is_not_told(agency, heard):
    with clock.set_to(NOW), db.unit_of_work():
        task = ready(agency, due="2016-05-05T17:00", assignee="cv-tp", deadline={"remind": "PT1H"})
        end_task(task)

    with clock.set_to(at("2016-05-05T16:30")):
        assert operations.fire_due_alerts() == 1
    assert heard == []


def test_a_manager_reminds_and_it_is_written_down(agency, actor, heard):
    who = actor("tp-tp")
    with db.unit_of_work():
        task = ready(agency, due="2016-05-05T17:00", assignee="cv-tp")
    with db.unit_of_work():
        operations.remind_task(task.id, actor=who)

    assert [type(event) for event in heard] == [TaskReminded]
    with db.reading() as session:
        assert session.scalars(sa.select(TaskReminder.by_name)).all() == [who.name]
        tags = session.scalars(sa.select(audit.AuditEntry.tag).where(audit.AuditEntry.person_id == who.person_id))
        assert "task:remind" in tags.all()


def test_a_task_is_reminded_of_at_most_once_an_hour(agency, actor, heard):
    with db.unit_of_work():
        task = ready(agency, due="2016-05-05T17:00", assignee="cv-tp")

    def remind(username, moment):
        with clock.set_to(at(moment)), db.unit_of_work():
            operations.remind_task(task.id, actor=actor(username))

    remind("tp-tp", "2016-05-04T14:05")
    with pytest.raises(RemindedLately) as refusal:
        remind("chu-tich", "2016-05-04T14:50")
    remind("chu-tich", "2016-05-04T15:05")

    assert "Lường Minh Tuấn đã nhắc việc này lúc 14:05. Nhắc lại được từ 15:05." in refusal.value.sentence
    assert len(heard) == 2


@pytest.mark.parametrize("username", ["cv-tp", "van-thu", "tp-vhtt", "phan-tich"])
def test_only_those_who_watch_the_work_remind(agency, actor, username):
    who = actor(username)
    with db.unit_of_work():
        task = ready(agency, due="2016-05-05T17:00", assignee="cv-tp")

    with pytest.raises(NotWatching), db.unit_of_work():
        operations.remind_task(task.id, actor=who)


def test_ended_work_needs_no_reminder(agency, actor):
    who = actor("chu-tich")
    with db.unit_of_work():
        task = ready(agency, due="2016-05-05T17:00", assignee="cv-tp")
        end_task(task)

    with pytest.raises(NothingToRemind), db.unit_of_work():
        operations.remind_task(task.id, actor=who)


def test_work_without_a_deadline_can_be_reminded_of(agency, actor, heard):
    who = actor("tp-tp")
    with db.unit_of_work():
        task = ready(agency, assignee="cv-tp")
    with clock.set_to(NOW + dt.timedelta()), db.unit_of_work():
        operations.remind_task(task.id, actor=who)

    assert len(heard) == 1
