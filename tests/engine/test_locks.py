"""Whoever moves an instance takes it first and the rows of its work after it. What is written beside it waits for
nobody who does, and whoever takes such rows asks for the instance first: else the two would end in a deadlock."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from engine import operations, store
from engine.models import Incident, ProcessInstance, Timer
from engine.operations import timers
from engine.operations.incidents import open_incident
from kernel import clock, db
from tests.engine.acting import Acting, line, may
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flow, flows, linear, user


@contextmanager
def somebody_moving(instance: ProcessInstance) -> Iterator[None]:
    """Inside, another transaction has the instance; whoever waits for it is refused after a moment."""
    with db.unit_of_work():
        store.lock_instance(instance.id)
        with db.apart():
            yield


def at_once(do: Callable[[], object]) -> None:
    with db.unit_of_work():
        db.connection().execute(sa.text("SET LOCAL lock_timeout = '1s'"))
        do()


def test_a_question_waits_for_nobody_who_moves_the_instance(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("consult", "delegate"))))
    instance, task = desk.start(), desk.task("a")

    with somebody_moving(instance):
        clerk = acting.actor("van-thu")
        at_once(lambda: operations.consult(task.id, acting.person("cv-tp"), "Thuộc ai?", actor=clerk))
        at_once(lambda: operations.add_comment(task.id, "Đang hỏi.", actor=clerk))
        at_once(lambda: operations.delegate_task(task.id, acting.person("cv-tp"), actor=clerk))


def test_a_comment_waits_for_nobody_who_completes_the_task(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.start()
    task = desk.task("a")

    with db.unit_of_work():
        store.lock_task(task.id)
        with db.apart():
            at_once(lambda: operations.add_comment(task.id, "Gấp.", actor=actor("van-thu")))


def test_the_incident_of_a_timer_waits_for_nobody_who_moves_its_instance(desk: Desk) -> None:
    desk.deploy(_with_timer())
    instance = desk.start()
    with db.reading() as session:
        timer = session.scalars(sa.select(Timer)).one()

    with somebody_moving(instance):
        at_once(lambda: open_incident(**_told(timer)))

    with db.reading() as session:
        assert session.scalars(sa.select(Incident.subject_id)).all() == [timer.id]


def test_a_timer_that_another_worker_has_just_tried_waits_its_time(desk: Desk) -> None:
    desk.deploy(_with_timer())
    desk.start()
    with db.unit_of_work() as session:
        timer = session.scalars(sa.select(Timer)).one()
        timer.due_at = clock.now() - dt.timedelta(minutes=1)
        timer.retries, timer.retry_at = 2, clock.now() + dt.timedelta(minutes=5)

    assert not timers._fire(timer.id, timer.instance_id)

    assert desk.names() == ["a"]


def test_whoever_tries_again_asks_for_the_instance_first(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(_with_timer())
    instance, operator = desk.start(), actor("quan-tri")
    with db.unit_of_work() as session:
        incident = open_incident(**_told(session.scalars(sa.select(Timer)).one()))

    with somebody_moving(instance):
        for retry in (
            lambda: operations.retry_incident(incident.id, actor=operator),
            lambda: operations.retry_incidents(actor=operator),
        ):
            with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
                at_once(retry)

    at_once(lambda: operations.retry_incident(incident.id, actor=operator))


def _told(timer: Timer) -> dict[str, object]:
    common = ("organization_id", "definition_id", "instance_id", "token", "element_id")
    told = {name: getattr(timer, name) for name in common}
    return told | {"kind": "timer", "subject_id": timer.id, "message": "hỏng"}


def _with_timer() -> bytes:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    nodes = f'{user("a")}<boundaryEvent id="t" attachedToRef="a">{timer}</boundaryEvent>{user("late")}'
    return diagram(
        f'<startEvent id="s"/>{nodes}<endEvent id="e"/>{flows("s", "a", "e")}{flow("t", "late")}{flow("late", "e")}'
    )
