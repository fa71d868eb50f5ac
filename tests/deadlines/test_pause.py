"""Clocks that stand still while the diagram says so, in office time; real diagrams through the engine."""

import datetime as dt

import pytest
import sqlalchemy as sa

import engine.jobs
from deadlines import listeners, operations, queries  # noqa: F401 - listeners register themselves
from deadlines.events import DeadlineMissed, DeadlineNear
from deadlines.models import DeadlineAlert, TaskDeadline
from engine import operations as engine
from engine import queries as engine_queries
from engine.models import Task
from kernel import clock, db, events
from tests.deadlines.factories import at
from tests.engine.diagrams import diagram, flow, flows, user

NOW = at("2016-05-04T09:00")  # a Wednesday


def timed(pause, *acts, within="P2D", more=""):
    """Extension elements: a deadline that stands still, and actions."""
    lines = "".join(f'<moc:action name="{act}"/>' for act in acts)
    actions = f"<moc:actions>{lines}</moc:actions>" if acts else ""
    stands = f' pauseOn="{pause}"' if pause else ""
    return f'<extensionElements><moc:deadline within="{within}"{stands} {more}/>{actions}</extensionElements>'


class Hands:
    """Deploys, starts, does, at one instant after the other."""

    def __init__(self, actor):
        self.actor = actor

    def begin(self, data, **variables):
        with clock.set_to(NOW), db.unit_of_work():
            engine.deploy({"p.bpmn": data}, actor=self.actor("phan-tich"))
            return engine.start_instance("p", variables, actor=self.actor("van-thu"))

    def do(self, when, verb, element, *given, who="van-thu", **told):
        task = self.task(element)
        with clock.set_to(when), db.unit_of_work():
            return verb(task.id, *given, actor=self.actor(who), **told)

    def complete(self, when, element, who="van-thu"):
        return self.do(when, engine.complete_task, element, {}, who=who)

    def task(self, element):
        with db.reading() as session:
            query = sa.select(Task).where(Task.element_id == element).order_by(Task.token.desc())
            return session.scalars(query.limit(1)).one()

    def due(self, element):
        return clock.local(self.task(element).due_at)

    def paused(self, element):
        return self.task(element).paused_at is not None

    def alerts(self):
        with db.reading() as session:
            query = sa.select(DeadlineAlert.kind, DeadlineAlert.at).where(DeadlineAlert.fired_at.is_(None))
            return [(kind, clock.local(when)) for kind, when in session.execute(query.order_by(DeadlineAlert.at))]

    def person(self, who):
        return self.actor(who).person_id


@pytest.fixture
def hands(agency, actor):
    return Hands(actor)


def line(*tasks):
    ids = [text.split('id="')[1].split('"')[0] for text in tasks]
    return diagram(f'<startEvent id="s"/>{"".join(tasks)}<endEvent id="e"/>{flows("s", *ids, "e")}')


def test_the_clock_stands_still_while_colleagues_are_asked(hands, actor):
    hands.begin(line(user("a", inner=timed("consult", "consult", more='remind="P1D" escalateTo="chanh-van-phong"'))))
    assert hands.due("a") == at("2016-05-06T17:00")

    people = [hands.person("cv-tp"), hands.person("cv-vhtt")]
    first, second = hands.do(at("2016-05-04T10:00"), engine.consult, "a", people, "Thuộc ai?")
    assert hands.paused("a")
    with clock.set_to(at("2016-05-05T10:00")), db.unit_of_work():
        engine.answer_consultation(first.id, "Không.", actor=actor("cv-tp"))
    assert hands.paused("a")
    with clock.set_to(at("2016-05-06T11:00")), db.unit_of_work():
        engine.answer_consultation(second.id, "Có.", actor=actor("cv-vhtt"))

    # two working days and one hour passed meanwhile
    assert not hands.paused("a")
    assert hands.due("a") == at("2016-05-11T08:30")
    assert hands.alerts() == [("remind", at("2016-05-10T08:30")), ("escalate", at("2016-05-11T08:30"))]
    with db.reading() as session:
        assert clock.local(session.scalar(sa.select(TaskDeadline.due_at))) == at("2016-05-11T08:30")


def test_a_question_that_is_taken_back_lets_the_clock_run(hands, actor):
    hands.begin(line(user("a", inner=timed("consult", "consult"))))
    (one,) = hands.do(at("2016-05-04T10:00"), engine.consult, "a", hands.person("cv-tp"), "Thuộc ai?")

    with clock.set_to(at("2016-05-04T11:00")), db.unit_of_work():
        engine.withdraw_consultation(one.id, actor=actor("van-thu"))

    assert not hands.paused("a")
    assert hands.due("a") == at("2016-05-09T08:30")


def test_the_clock_stands_still_while_somebody_works_for_the_owner(hands):
    hands.begin(line(user("a", inner=timed("delegate", "delegate"))))

    hands.do(at("2016-05-04T10:00"), engine.delegate_task, "a", hands.person("cv-tp"))
    assert hands.paused("a")
    hands.do(at("2016-05-04T11:00"), engine.resolve_task, "a", who="cv-tp")

    assert not hands.paused("a")
    assert hands.due("a") == at("2016-05-09T08:30")


def test_without_the_word_the_clock_runs_on(hands):
    hands.begin(line(user("a", inner=timed("", "consult"))))

    hands.do(at("2016-05-04T10:00"), engine.consult, "a", hands.person("cv-tp"), "Thuộc ai?")

    assert not hands.paused("a")


def test_nothing_is_told_while_the_clock_stands_still(hands, monkeypatch):
    told = []
    monkeypatch.setattr(events, "_listeners", {**events._listeners})
    for kind in (DeadlineNear, DeadlineMissed):
        events._listeners[kind] = [told.append]
    hands.begin(line(user("a", inner=timed("consult", "consult", more='escalateTo="chanh-van-phong"'))))
    hands.do(at("2016-05-04T10:00"), engine.consult, "a", hands.person("cv-tp"), "Thuộc ai?")

    with clock.set_to(at("2016-05-20T10:00")):
        operations.fire_due_alerts()

    assert told == []


def test_a_clock_that_stands_still_makes_no_work_overdue(hands, actor):
    hands.begin(line(user("a", inner=timed("consult", "consult"))))
    hands.do(at("2016-05-04T10:00"), engine.consult, "a", hands.person("cv-tp"), "Thuộc ai?")

    with clock.set_to(at("2016-05-20T10:00")), db.reading():
        load = queries.count_deadlines(actor("chu-tich"))
        (watched,) = queries.list_deadlines(actor("chu-tich"))

    assert (load.overdue, load.later) == (0, 1)
    assert (watched.words.kind, watched.words.text) == ("paused", "Tạm dừng từ 10:00 ngày 04/05")


def test_a_task_that_is_sent_back_keeps_the_time_it_had_left(hands):
    hands.begin(line(user("a"), user("b", inner=timed("return", "return"))))
    hands.complete(at("2016-05-04T09:00"), "a")
    assert hands.due("b") == at("2016-05-06T17:00")

    hands.do(at("2016-05-05T09:00"), engine.return_task, "b", reason="Sửa.")
    hands.complete(at("2016-05-11T09:00"), "a")

    # what was left of the first day, and the second
    assert hands.due("b") == at("2016-05-12T17:00")


def test_a_task_that_was_late_when_it_was_sent_back_is_late_again(hands):
    hands.begin(line(user("a"), user("b", inner=timed("return", "return"))))
    hands.complete(at("2016-05-04T09:00"), "a")

    hands.do(at("2016-05-09T09:00"), engine.return_task, "b", reason="Sửa.")
    hands.complete(at("2016-05-11T09:00"), "a")

    assert hands.due("b") == at("2016-05-11T07:30")


def test_without_the_word_a_task_that_comes_again_has_all_its_time(hands):
    hands.begin(line(user("a"), user("b", inner=timed("", "return"))))
    hands.complete(at("2016-05-04T09:00"), "a")

    hands.do(at("2016-05-05T09:00"), engine.return_task, "b", reason="Sửa.")
    hands.complete(at("2016-05-11T09:00"), "a")

    assert hands.due("b") == at("2016-05-13T17:00")


FORK = '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>'


def test_the_clock_stands_still_while_another_step_is_open(hands):
    body = (
        f"{FORK}{user('a', inner=timed('x'))}{user('w')}{user('x')}"
        f"{flows('s', 'f', 'a', 'j', 'e')}{flows('f', 'w', 'x', 'j')}"
    )
    hands.begin(diagram(body))
    assert not hands.paused("a")

    hands.complete(at("2016-05-04T10:00"), "w")
    assert hands.paused("a")
    hands.complete(at("2016-05-05T10:00"), "x")

    assert not hands.paused("a")
    assert hands.due("a") == at("2016-05-09T17:00")


def test_a_step_that_begins_while_the_other_is_open_stands_still_at_once(hands):
    body = (
        f"{FORK}{user('w')}{user('a', inner=timed('x'))}{user('x')}"
        f"{flows('s', 'f', 'w', 'a', 'j', 'e')}{flow('f', 'x')}{flow('x', 'j')}"
    )
    hands.begin(diagram(body))

    hands.complete(at("2016-05-04T10:00"), "w")

    assert hands.paused("a")


def test_a_task_that_is_taken_back_has_its_deadline_again(hands, actor):
    told = timed("", "withdraw", more='remind="P1D" escalateTo="chanh-van-phong" escalateAfter="P1D"')
    hands.begin(line(user("a", inner=told), user("b")))
    before = hands.alerts()
    done = hands.complete(at("2016-05-04T10:00"), "a")
    assert hands.alerts() == []

    with clock.set_to(at("2016-05-04T10:05")), db.unit_of_work():
        engine.withdraw_task(done.id, actor=actor("van-thu"))

    assert hands.due("a") == at("2016-05-06T17:00")
    assert hands.alerts() == before
    with db.reading() as session:
        assert session.scalar(sa.select(TaskDeadline.ended_at)) is None


def test_a_delegated_task_is_work_of_the_delegates_unit(hands, actor):
    hands.begin(line(user("a", inner=timed("", "delegate"))))

    hands.do(at("2016-05-04T10:00"), engine.delegate_task, "a", hands.person("cv-tp"))
    with db.reading() as session:
        assert session.scalar(sa.select(TaskDeadline.unit_id)) == actor("cv-tp").unit_id
    hands.do(at("2016-05-04T11:00"), engine.resolve_task, "a", who="cv-tp")
    with db.reading() as session:
        assert session.scalar(sa.select(TaskDeadline.unit_id)) == actor("van-thu").unit_id


def test_the_due_date_that_was_moved_is_the_one_of_the_task(hands, actor):
    hands.begin(line(user("a", inner=timed("consult", "consult"))))
    (one,) = hands.do(at("2016-05-04T10:00"), engine.consult, "a", hands.person("cv-tp"), "Thuộc ai?")
    with clock.set_to(at("2016-05-04T11:00")), db.unit_of_work():
        engine.answer_consultation(one.id, "Có.", actor=actor("cv-tp"))

    with db.reading():
        assert engine_queries.get_task(one.task_id).due_at == at("2016-05-09T08:30").astimezone(dt.UTC)
