"""Timers are rows, fired once by whoever is first; one that fails becomes an incident."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine import operations, queries, store
from engine.models import Timer
from engine.operations import timers as timers_module
from kernel import clock, db
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flows, linear, user

NOON = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)


def boundary(inner: str, *, interrupting: str = "true", handler: str = "") -> bytes:
    event = f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="{interrupting}"><timerEventDefinition>{inner}'
    body = (
        f"{user('a')}{event}</timerEventDefinition></boundaryEvent>{handler or user('late')}{flows('b', 'late', 'e')}"
    )
    return diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows("s", "a", "e")}')


def fire(at: dt.datetime) -> int:
    with clock.set_to(at):
        return operations.fire_due_timers()


def timers() -> list[dt.datetime]:
    with db.reading() as session:
        return list(session.scalars(sa.select(Timer.due_at).order_by(Timer.due_at)))


def test_a_timer_fires_once_when_it_is_due(desk: Desk) -> None:
    desk.deploy(boundary("<timeDuration>PT2H</timeDuration>"))
    with clock.set_to(NOON):
        desk.start()

    assert timers() == [NOON + dt.timedelta(hours=2)]
    assert fire(NOON + dt.timedelta(hours=1)) == 0
    assert fire(NOON + dt.timedelta(hours=2)) == 1
    assert fire(NOON + dt.timedelta(hours=3)) == 0
    assert desk.names() == ["late"]
    assert timers() == []


def test_a_completed_task_takes_its_timers_along(desk: Desk) -> None:
    desk.deploy(boundary("<timeDuration>PT2H</timeDuration>"))
    desk.start()

    desk.complete("a")

    assert timers() == []


def test_a_cycle_moves_its_row_on(desk: Desk) -> None:
    desk.deploy(boundary("<timeCycle>R2/PT1H</timeCycle>", interrupting="false"))
    with clock.set_to(NOON):
        desk.start()

    assert fire(NOON + dt.timedelta(hours=1)) == 1
    assert timers() == [NOON + dt.timedelta(hours=2)]
    assert fire(NOON + dt.timedelta(hours=9)) == 1
    assert timers() == []
    assert desk.names() == ["a", "late", "late"]


def test_working_time_is_reckoned_by_the_office(desk: Desk) -> None:
    desk.deploy(boundary("<timeDate>=working_days(1)</timeDate>"))
    with clock.set_to(dt.datetime(2026, 2, 13, 3, tzinfo=dt.UTC)):  # the last working day before Tết
        desk.start()

    assert timers() == [dt.datetime(2026, 2, 23, 10, tzinfo=dt.UTC)]


def test_two_workers_share_the_timers(desk: Desk) -> None:
    desk.deploy(boundary("<timeDuration>PT1H</timeDuration>"))
    with clock.set_to(NOON):
        for _ in range(6):
            desk.start()
    fired: list[int] = []

    with clock.set_to(NOON + dt.timedelta(hours=1)):
        threads = [threading.Thread(target=lambda: fired.append(operations.fire_due_timers())) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sum(fired) == 6
    assert desk.names() == ["late"] * 6


def test_a_timer_of_an_instance_at_work_is_passed_over_until_the_next_beat(desk: Desk) -> None:
    desk.deploy(boundary("<timeDuration>PT1H</timeDuration>"))
    with clock.set_to(NOON):
        instance = desk.start()
    later = NOON + dt.timedelta(hours=1)

    with db.unit_of_work():
        store.lock_instance(instance.id)
        with db.apart():
            assert fire(later) == 0

    assert fire(later) == 1


def test_a_failing_timer_becomes_an_incident_and_the_others_fire(
    desk: Desk, actor: ActorOf, services: Callable[[str, Any], None]
) -> None:
    broken = {"yes": True}

    def work(call: Any) -> None:
        if broken["yes"]:
            raise RuntimeError("máy in hỏng")

    services("test.print", work)
    handler = '<serviceTask id="late" camunda:delegateExpression="test.print"/>'
    desk.deploy(boundary("<timeDuration>PT1H</timeDuration>", handler=handler))
    with clock.set_to(NOON):
        instance = desk.start()
    later = NOON + dt.timedelta(hours=1)

    for minutes in (0, 1, 3, 9):
        assert fire(later + dt.timedelta(minutes=minutes)) == 0
    with db.reading():
        (incident,) = queries.list_incidents(desk.organization_id)
        (state,) = queries.diagram_states(instance.id)
    assert (incident.element_id, incident.message) == ("b", "RuntimeError: máy in hỏng")
    assert state.incidents == ["b"]
    assert desk.names() == ["a"]

    broken["yes"] = False
    with db.unit_of_work():
        operations.retry_incident(incident.id, actor=actor("quan-tri"))
    assert fire(later) == 1
    assert desk.state(instance) == "completed"
    with db.reading():
        assert queries.list_incidents(desk.organization_id) == []


def test_a_timer_starts_a_process_and_only_its_newest_version(desk: Desk) -> None:
    start = '<startEvent id="s"><timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition></startEvent>'
    with clock.set_to(NOON):
        desk.deploy(linear("old").replace(b'<startEvent id="s"/>', start.encode()))
        desk.deploy(linear("new").replace(b'<startEvent id="s"/>', start.encode()))

    assert [fire(NOON + dt.timedelta(days=day)) for day in (1, 2, 3)] == [1, 1, 0]
    assert desk.names() == ["new", "new"]


def test_a_beat_goes_on_while_there_is_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers_module, "CHOSEN", 3)
    desk.deploy(boundary("<timeDuration>PT1H</timeDuration>"))
    with clock.set_to(NOON):
        for _ in range(10):
            desk.start()

    assert fire(NOON + dt.timedelta(hours=1)) == 10
    assert desk.names() == ["late"] * 10


def test_those_due_longest_fire_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers_module, "SEEN", 2)
    monkeypatch.setattr(timers_module, "CHOSEN", 2)
    monkeypatch.setattr(timers_module, "LASTS", -1.0)
    desk.deploy(boundary("<timeDuration>PT1H</timeDuration>"))
    instances = []
    for minutes in (3, 1, 2):
        with clock.set_to(NOON + dt.timedelta(minutes=minutes)):
            instances.append(desk.start())

    assert fire(NOON + dt.timedelta(hours=2)) == 2
    assert [task.instance_id for task in desk.open() if task.element_id == "a"] == [instances[0].id]


def test_times_that_passed_while_nothing_ran_are_caught_up_with_once(desk: Desk) -> None:
    start = '<startEvent id="s"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent>'
    with clock.set_to(NOON):
        desk.deploy(linear("a").replace(b'<startEvent id="s"/>', start.encode()))
    later = NOON + dt.timedelta(days=3, minutes=30)

    assert [fire(later), fire(later)] == [1, 0]
    assert timers() == [NOON + dt.timedelta(days=3, hours=1)]
    assert desk.names() == ["a"]


def test_a_cycle_beside_a_task_is_caught_up_with_once_too(desk: Desk) -> None:
    desk.deploy(boundary("<timeCycle>R5/P1D</timeCycle>", interrupting="false"))
    with clock.set_to(NOON):
        desk.start()
    later = NOON + dt.timedelta(days=3, hours=1)

    assert [fire(later), fire(later)] == [1, 0]
    assert timers() == [NOON + dt.timedelta(days=4)]
    assert [fire(NOON + dt.timedelta(days=day)) for day in (4, 5, 6)] == [1, 1, 0]
    assert timers() == []


def test_timers_of_suspended_processes_wait_until_they_go_on(desk: Desk, actor: ActorOf) -> None:
    chief = actor("chanh-van-phong")
    desk.deploy(boundary("<timeDuration>PT1H</timeDuration>"))
    with clock.set_to(NOON):
        instance = desk.start()
    with db.unit_of_work():
        operations.suspend_instance(instance.id, reason="kiểm tra", actor=chief)
    later = NOON + dt.timedelta(hours=1)

    assert fire(later) == 0
    with db.unit_of_work():
        operations.resume_instance(instance.id, reason="xong", actor=chief)
    assert fire(later) == 1


def test_a_suspended_definition_starts_nothing_until_it_goes_on(desk: Desk, actor: ActorOf) -> None:
    chief = actor("chanh-van-phong")
    start = '<startEvent id="s"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent>'
    with clock.set_to(NOON):
        (definition,) = desk.deploy(linear("a").replace(b'<startEvent id="s"/>', start.encode()))
    with db.unit_of_work():
        operations.suspend_definition(definition.id, actor=chief)

    assert [fire(NOON + dt.timedelta(hours=hour)) for hour in (1, 2)] == [0, 0]
    with db.unit_of_work():
        operations.resume_definition(definition.id, actor=chief)

    assert [fire(NOON + dt.timedelta(hours=3)) for _ in range(2)] == [1, 0]
    with db.reading():
        assert queries.list_incidents(desk.organization_id) == []


def test_a_fired_timer_costs_two_statements(desk: Desk, statements: list[str]) -> None:
    event = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    wait = f'<intermediateCatchEvent id="w">{event}</intermediateCatchEvent>'
    desk.deploy(diagram(f'<startEvent id="s"/>{wait}<endEvent id="e"/>{flows("s", "w", "e")}'))
    with clock.set_to(NOON):
        desk.start()
    fire(NOON)  # what is read once a process
    statements.clear()

    assert fire(NOON + dt.timedelta(hours=1)) == 1

    assert len(statements) == 3  # which are due; this one with its instance; all it changes
