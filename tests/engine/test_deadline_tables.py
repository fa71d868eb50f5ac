"""A table of the agency says by when a task is due: by the office's calendar, with the rule that said so on record."""

import datetime as dt
from typing import Any

import pytest

from engine import evaluations
from engine.errors import CannotProceed, ProcessRefused
from engine.evaluations import Asked
from kernel import clock, db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, user
from tests.engine.tables import decisions, table

NOW = dt.datetime(2026, 2, 12, 9, 0, tzinfo=clock.VIETNAM)  # a Thursday before Tết
GROUP = 'camunda:candidateGroups="van-thu"'


def process(deadline: str) -> bytes:
    inner = f'<extensionElements><moc:deadline xmlns:moc="http://moc.vn/schema/1.0" {deadline}/></extensionElements>'
    body = f'<startEvent id="s"/>{user("solve", GROUP, inner)}<endEvent id="e"/>{flows("s", "solve", "e")}'
    return diagram(body)


def days(*rules: tuple[str, str], output: str = "days") -> bytes:
    return decisions(table("thoi-han", ["urgency|number"], [output], *rules, policy="UNIQUE"))


DIAGRAM = process('decisionRef="thoi-han" within="=working_days(9)"')
FIRST = days(("0", "5"), ("> 0", "1"))


@pytest.fixture
def office(desk: Desk) -> Desk:
    desk.deploy(DIAGRAM, d__dmn=FIRST)
    return desk


def due(desk: Desk, **variables: Any) -> dt.datetime:
    with clock.set_to(NOW):
        instance = desk.start(**variables)
    (task,) = [task for task in desk.open() if task.instance_id == instance.id]
    assert task.due_at is not None
    return task.due_at.astimezone(clock.VIETNAM)


@pytest.mark.parametrize(("urgency", "day"), [(0, dt.date(2026, 2, 26)), (2, dt.date(2026, 2, 13))])
def test_a_number_of_the_table_is_a_number_of_working_days_of_the_office(
    office: Desk, urgency: int, day: dt.date
) -> None:
    assert due(office, urgency=urgency) == dt.datetime.combine(day, dt.time(17), clock.VIETNAM)


def test_where_the_table_has_no_rule_the_diagram_has_its_say(office: Desk) -> None:
    assert due(office, urgency=-1).date() > dt.date(2026, 2, 26)


@pytest.mark.parametrize("answer", ['duration("P1D")', '"P1D"', "working_days(1)", 'date("2026-02-13")'])
def test_the_table_may_say_what_a_diagram_may_say(desk: Desk, answer: str) -> None:
    desk.deploy(DIAGRAM, d__dmn=days(("-", answer)))

    assert due(desk).date() == dt.date(2026, 2, 13)


def test_a_new_version_of_the_table_is_for_new_tasks_only(office: Desk) -> None:
    before = due(office, urgency=0)
    (old,) = office.open()

    office.deploy(DIAGRAM, d__dmn=days(("0", "1"), ("> 0", "0")))

    assert due(office, urgency=0) < before
    assert next(task for task in office.open() if task.id == old.id).due_at == old.due_at


def test_the_table_and_its_rule_are_on_record(office: Desk) -> None:
    due(office, urgency=2)

    with db.reading():
        (found,) = evaluations.list_evaluations(Asked(organization_id=office.organization_id, key="thoi-han"))
    told = office.task("solve").extensions["deadline"]["decision"]
    assert (told["key"], told["rules"]) == ("thoi-han", [2])
    assert found.row.element_id == "solve"


@pytest.mark.parametrize(
    ("answer", "reason"), [("-3", "không phải là số ngày làm việc"), ('"mai"', "không phải là thời hạn làm việc")]
)
def test_a_table_that_gives_no_time_stops_the_process_with_its_name(desk: Desk, answer: str, reason: str) -> None:
    desk.deploy(DIAGRAM, d__dmn=days(("-", answer)))

    with pytest.raises(CannotProceed, match="thoi-han") as refusal:
        desk.start()

    assert reason in refusal.value.sentence


def test_a_table_that_must_lie_beside_the_diagram_is_missed_at_deployment(desk: Desk) -> None:
    with pytest.raises(ProcessRefused, match="thoi-han"):
        desk.deploy(process('decisionRef="thoi-han" decisionRefBinding="deployment"'))


def test_a_table_bound_to_a_version_stays_with_it(office: Desk) -> None:
    office.deploy(process('decisionRef="thoi-han" decisionRefBinding="version" decisionRefVersion="1"'))
    office.deploy(
        process('decisionRef="thoi-han" decisionRefBinding="version" decisionRefVersion="1" remind="P1D"'),
        d__dmn=days(("-", "0")),
    )

    assert due(office, urgency=2).date() == dt.date(2026, 2, 13)
