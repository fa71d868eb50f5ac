"""The demo agency's tables: complete, without contradictions, deployed once, and asked for real documents."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo import tables
from directory.actors import Actor
from directory.models import Organization
from documents import operations
from documents.intake import Upload
from engine import deployments, file_sets, queries
from engine import operations as engine_operations
from engine.models import Task
from kernel import clock, db
from tests.journeys.story import REGISTRATION, at
from tests.journeys.teller import Teller
from webapp import wiring
from webapp.prepare import deploy_shipped

MONDAY = dt.date(2016, 5, 9)  #: named by the document itself


@pytest.fixture
def teller(database: str, agency: Organization, actor: Callable[[str], Actor], files: Path) -> Teller:
    """The agency of April 2016 with its tables."""
    wiring.wire()
    with clock.set_to(at(4, 1, 8)):
        deploy_shipped()
        tables.load_tables(agency)
    return Teller(actor=actor, url=database)


def registered(teller: Teller, *, linh_vuc: str | None, **values: Any) -> Task:
    """The task that presents a document of this kind, urgency and field."""
    with clock.set_to(at(27, 4, 8)), db.unit_of_work():
        upload = Upload(name="den.txt", data=b"Ve viec")
        operations.receive_incoming([upload], channel="direct", actor=teller.actor("van-thu"))
    registration = {**REGISTRATION, "urgency": 0, **values}
    told = {"registration": registration, "outcome": "register", "linh_vuc": linh_vuc}
    teller.complete("van-thu", "Task_register", at(27, 4, 9), **told)
    return teller.offered("chanh-van-phong", at=at(27, 4, 9))["Task_present"]


def test_every_combination_has_exactly_one_answer_and_nothing_is_told_at_deployment(agency: Organization) -> None:
    wiring.wire()
    shipped = {path.name: path.read_bytes() for path in Path("processes").glob("*.bpmn")}

    found = file_sets.read({**shipped, **tables.rule_files()}, agency.id)

    assert sorted(found.decisions) == [
        "can-cu-ky",
        "de-ky-van-ban",
        "don-vi-chu-tri",
        "thoi-han-giai-quyet",
        "thoi-han-trinh",
    ]
    assert [problem.sentence for problem in found.problems] == []


def test_the_tables_are_deployed_once(teller: Teller, agency: Organization) -> None:
    with db.reading():
        before = deployments.count_deployments(agency.id)

    tables.load_tables(agency)

    with db.reading():
        assert deployments.count_deployments(agency.id) == before == 2


def test_a_process_that_an_analyst_deployed_is_never_displaced(
    agency: Organization, actor: Callable[[str], Actor]
) -> None:
    wiring.wire()
    other = (".dmn", "van-ban-di.bpmn")
    drawn = {name: data for name, data in tables.rule_files().items() if not name.endswith(other)}
    with db.unit_of_work():
        engine_operations.deploy_files(drawn, actor=actor("phan-tich"))

    tables.load_tables(agency)

    with db.reading():
        assert deployments.count_deployments(agency.id) == 1


@pytest.mark.parametrize(
    ("values", "unit", "day", "rules"),
    [
        ({"kind": "CV", "linh_vuc": "tu-phap"}, "P-TP", dt.date(2016, 5, 6), [[5], [2], [2]]),
        ({"kind": "CV", "linh_vuc": "tu-phap", "urgency": 3}, "VP", dt.date(2016, 4, 27), [[3], [1], [1]]),
        ({"kind": "BC", "linh_vuc": "cong-nghe-thong-tin"}, "P-VHTT", dt.date(2016, 5, 20), [[4], [6], [2]]),
        ({"kind": "TTr", "linh_vuc": None}, "VP", dt.date(2016, 5, 13), [[6], [4], [2]]),
        (
            {"kind": "GM", "linh_vuc": "tu-phap", "due_date": dt.date(2016, 5, 9)},
            "VP",
            dt.date(2016, 5, 9),
            [[2], [5], [2]],
        ),
    ],
)
def test_a_registered_document_has_the_unit_and_the_deadline_of_the_tables_and_history_tells_the_rules(
    teller: Teller, values: dict[str, Any], unit: str, day: dt.date, rules: list[list[int]]
) -> None:
    task = registered(teller, **values)

    with db.reading():
        known = queries.get_task_variables(task)
        told = [list(row.rules) for row, _ in deployments.list_evaluations(task.instance_id)]
    assert (known["proposed_lead_unit"], known["due_date"], told) == (unit, day, rules)


def test_a_new_version_of_a_table_of_deadlines_is_for_the_next_task_only(
    teller: Teller, actor: Callable[[str], Actor]
) -> None:
    before = registered(teller, kind="CV", linh_vuc="tu-phap")
    source = tables.rule_files()["thoi-han-trinh.dmn"].replace(b"<text>1</text>", b"<text>2</text>")

    with db.unit_of_work():
        engine_operations.deploy_files({"thoi-han-trinh.dmn": source}, actor=actor("phan-tich"))
    teller.complete("chanh-van-phong", "Task_present", at(27, 4, 10), proposed_lead_unit="P-TP")

    after = teller.offered("chu-tich", at=at(27, 4, 10))["Task_direct"]
    assert (before.due_at, after.due_at) == (at(28, 4, 17), at(29, 4, 17))
    told = [task.extensions["deadline"]["decision"] for task in (before, after)]
    assert [(one["key"], one["rules"]) for one in told] == [("thoi-han-trinh", [2])] * 2
    assert told[0]["id"] != told[1]["id"]


def test_a_draft_that_the_rule_let_pass_can_still_be_taken_back(teller: Teller, actor: Callable[[str], Actor]) -> None:
    drafter = actor("cv-vhtt")
    with clock.set_to(at(27, 4, 8)), db.unit_of_work():
        operations.start_draft({"kind": "CV", "subject": "Hướng dẫn"}, actor=drafter)
    values = {"kind": "CV", "subject": "Hướng dẫn", "addressees": "UBND các xã", "body": "Thực hiện./."}
    draft = {**values, "recipients": "Như trên", "signer": "pho-chu-tich"}
    sent = teller.submit_draft("cv-vhtt", at(27, 4, 9), **draft)
    assert "Task_approve_content" in teller.offered("tp-vhtt", at=at(27, 4, 9))

    with clock.set_to(at(27, 4, 10)), db.unit_of_work():
        engine_operations.withdraw_task(sent.id, reason="Sửa nơi nhận.", actor=drafter)

    assert "Task_draft" in teller.offered("cv-vhtt", at=at(27, 4, 10))
