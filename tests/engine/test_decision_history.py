"""What decisions said is kept as long as the history of the instance, for whoever has to account for it."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine import evaluations, operations
from engine.errors import EvaluationNotFound
from engine.evaluations import Asked, Evaluation
from engine.models import ProcessInstance
from kernel import clock, db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, user
from tests.engine.tables import decisions, literal, table

DAYS = 30
BODY = (
    '<startEvent id="s"/>'
    + user("ask", 'camunda:candidateGroups="van-thu"')
    + '<businessRuleTask id="decide" camunda:decisionRef="route" camunda:resultVariable="r"'
    ' camunda:mapDecisionResult="singleEntry"/>'
    + user("then", 'camunda:candidateGroups="van-thu"')
    + '<endEvent id="e"/>'
    + flows("s", "ask", "decide", "then", "e")
)
DIAGRAM = diagram(BODY).replace(b" isExecutable", f' camunda:historyTimeToLive="P{DAYS}D" isExecutable'.encode())


def rules(*rows: tuple[str, str]) -> bytes:
    return decisions(
        table("route", ["double|number"], ["unit"], *rows, policy="FIRST", requires=["double"]),
        literal("double", "pages * 2", variable="double", kind="number"),
    )


FIRST = rules(("> 100", '"P-TP"'), ("-", '"VP"'))


@pytest.fixture
def office(desk: Desk) -> Desk:
    desk.deploy(DIAGRAM, d__dmn=FIRST)
    return desk


def decide(desk: Desk, pages: int, who: str = "van-thu") -> ProcessInstance:
    instance = desk.start()
    (task,) = [task for task in desk.open() if task.instance_id == instance.id]
    with db.unit_of_work():
        operations.complete_task(task.id, {"pages": pages}, actor=desk.actor(who))
    return instance


def found(desk: Desk, **narrowed: Any) -> list[Evaluation]:
    with db.reading():
        return evaluations.list_evaluations(Asked(organization_id=desk.organization_id, key="route", **narrowed))


def test_an_answer_tells_what_was_asked_who_came_to_it_and_what_it_required(office: Desk) -> None:
    instance = decide(office, 60)

    (told,) = found(office)

    assert (told.instance.id, told.row.element_id, told.row.person_name) == (
        instance.id,
        "decide",
        office.actor("van-thu").name,
    )
    assert (told.decision.key, told.decision.version, told.row.rules) == ("route", 1, [1, 2])
    assert [step["key"] for step in told.steps] == ["double", "route"]
    assert told.steps[-1]["inputs"] == [{"label": "double", "value": Decimal(120)}]
    assert told.steps[-1]["rows"] == [{"unit": "P-TP"}]


def test_answers_are_found_by_rule_version_instance_person_and_time(office: Desk) -> None:
    long, short = decide(office, 60), decide(office, 3)
    office.deploy(DIAGRAM, d__dmn=rules(("-", '"VP"')))
    newest = decide(office, 60)
    person, now = office.actor("van-thu").person_id, clock.now()

    def instances(**narrowed: Any) -> list[uuid.UUID]:
        return [one.instance.id for one in found(office, **narrowed)]

    assert instances() == [newest.id, short.id, long.id]
    assert instances(version=1) == [short.id, long.id]
    assert instances(version=1, rule=1) == [long.id]
    assert instances(instance_id=short.id) == [short.id]
    assert instances(person_id=person) == [newest.id, short.id, long.id]
    assert instances(person_id=office.actor("cv-vp").person_id) == []
    assert instances(since=now + dt.timedelta(hours=1)) == []
    assert instances(until=now - dt.timedelta(hours=1)) == []


def test_answers_are_paged_and_counted(office: Desk) -> None:
    told = [decide(office, pages) for pages in (1, 2, 3)]

    with db.reading():
        asked = Asked(organization_id=office.organization_id, key="route")
        page = evaluations.list_evaluations(asked, limit=1, offset=1)
        assert [one.instance.id for one in page] == [told[1].id]
        assert evaluations.count_evaluations(asked) == 3
        assert evaluations.list_people(asked) == [(office.actor("van-thu").person_id, office.actor("van-thu").name)]


def test_each_rule_is_counted_over_the_answers_of_its_version(office: Desk) -> None:
    for pages in (1, 60, 70):
        decide(office, pages)
    (newest, *_) = found(office)

    with db.reading():
        assert evaluations.count_rules(newest.decision.id) == {1: 2, 2: 3}


def test_an_answer_belongs_to_one_organisation(office: Desk) -> None:
    decide(office, 1)
    (told,) = found(office)

    with db.reading():
        assert evaluations.get_evaluation(told.row.id, office.organization_id).instance.id == told.instance.id
        with pytest.raises(EvaluationNotFound):
            evaluations.get_evaluation(told.row.id, uuid.uuid4())
        assert evaluations.list_evaluations(Asked(organization_id=uuid.uuid4(), key="route")) == []
        assert evaluations.addresses_of(uuid.uuid4(), told.instance.id) == {}


def test_the_step_of_history_leads_to_its_answer(office: Desk) -> None:
    instance = decide(office, 1)
    (told,) = found(office)

    with db.reading():
        found_there = evaluations.addresses_of(office.organization_id, instance.id)
    assert found_there == {told.row.token: ("route", told.row.id)}


def test_a_completion_that_decides_nothing_writes_nothing_of_decisions(office: Desk, statements: list[str]) -> None:
    decide(office, 1)
    statements.clear()

    office.complete("then")

    assert not [one for one in statements if "engine_decision" in one]


def test_an_answer_is_kept_in_the_statement_of_its_step(office: Desk, statements: list[str]) -> None:
    office.start()
    statements.clear()

    office.complete("ask", pages=1)

    writing = [one for one in statements if "engine_decision_evaluations" in one]
    assert len(writing) == 1
    assert "INSERT INTO engine_history" in writing[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE engine_decision_evaluations SET person_name = 'ai đó'",
        "DELETE FROM engine_decision_evaluations",
        "TRUNCATE engine_decision_evaluations",
    ],
)
def test_answers_are_never_changed(office: Desk, statement: str) -> None:
    decide(office, 1)

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), db.unit_of_work() as session:
        session.execute(sa.text(statement))


def test_answers_go_with_the_history_of_their_instance_and_not_before(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for days in (DAYS + 1, DAYS - 1):
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda days=days: now - dt.timedelta(days=days))
            instance = decide(office, 1)
            office.complete("then")

    with db.unit_of_work():
        operations.clean_history(actor=office.actor("quan-tri"))

    assert [one.instance.id for one in found(office)] == [instance.id]
