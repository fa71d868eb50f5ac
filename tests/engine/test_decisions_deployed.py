"""Files of decisions that import one another are deployed together, pinned with the process, and read again."""

from typing import Any

import pytest

from engine import deployments, evaluations, operations, specs
from engine.errors import CannotProceed, ProcessRefused
from engine.evaluations import Asked
from feel.ranges import Point
from kernel import db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, user
from tests.engine.test_decisions_standard import SERVED, decision, file, given, imported, knowledge, text

D1 = ("d:u:lib#base", "k:u:lib#fee")


def library(base: str = "100") -> bytes:
    fee = knowledge("fee", {"pages": "number"}, text("pages * 2"))
    return file(fee, decision("base", text(base), kind="number"), namespace="u:lib")


def asking() -> bytes:
    own = decision("d1", text("lib.base + lib.fee(pages)"), *D1, kind="number")
    return file(imported("u:lib", "lib"), own)


def rule(decision_key: str, binding: str = "deployment", then: str = "") -> bytes:
    attributes = f'camunda:decisionRef="{decision_key}" camunda:decisionRefBinding="{binding}"'
    task = f'<businessRuleTask id="decide" {attributes} camunda:resultVariable="r" camunda:mapDecisionResult="{{}}"/>'
    path = ("s", then, "decide", "e") if then else ("s", "decide", "e")
    body = (
        f'<startEvent id="s"/>{task.format("singleEntry")}{user(then) if then else ""}<endEvent id="e"/>{flows(*path)}'
    )
    return diagram(body)


def deploy(desk: Desk, **files: bytes) -> Any:
    resources = {name.replace("__", "."): data for name, data in files.items()}
    with db.unit_of_work():
        return operations.deploy_files(resources, actor=desk.actor("phan-tich"))


def versions(deployed: Any) -> set[tuple[str, str, int]]:
    return {(part.kind, part.row.key, part.row.version) for part in deployed.parts}


def said(desk: Desk, **variables: Any) -> Any:
    return desk.variables(desk.start(**variables))["r"]


def test_a_process_asks_a_decision_in_a_file_that_imports_another(desk: Desk) -> None:
    deploy(desk, p__bpmn=rule("d1"), d__dmn=asking(), lib__dmn=library())
    specs.forget_all()

    assert said(desk, pages=3) == 106
    with db.reading():
        (told,) = evaluations.list_evaluations(Asked(organization_id=desk.organization_id, key="d1"))
    assert [step["key"] for step in told.steps] == ["lib.dmn#base", "d1"]


def test_a_process_asks_a_decision_service(desk: Desk) -> None:
    deploy(desk, p__bpmn=rule("s"), d__dmn=file(*SERVED))
    specs.forget_all()

    assert said(desk, n=1, base=2) == 6


def test_what_is_imported_is_part_of_the_version_of_decision_and_process(desk: Desk) -> None:
    first = deploy(desk, p__bpmn=rule("d1"), d__dmn=asking(), lib__dmn=library())
    again = deploy(desk, p__bpmn=rule("d1"), d__dmn=asking(), lib__dmn=library())
    other = deploy(desk, p__bpmn=rule("d1"), d__dmn=asking(), lib__dmn=library("200"))

    assert versions(again) == versions(first) == {("process", "p", 1), ("decision", "d1", 1), ("decision", "base", 1)}
    assert versions(other) == {("process", "p", 2), ("decision", "d1", 2), ("decision", "base", 2)}
    assert said(desk, pages=3) == 206


def test_an_instance_stays_with_the_imports_that_it_was_deployed_with(desk: Desk) -> None:
    deploy(desk, p__bpmn=rule("d1", then="wait"), d__dmn=asking(), lib__dmn=library())
    instance = desk.start(pages=3)
    deploy(desk, p__bpmn=rule("d1", then="wait"), d__dmn=asking(), lib__dmn=library("200"))
    specs.forget_all()

    desk.complete("wait")

    assert desk.variables(instance)["r"] == 106


def test_the_files_that_go_along_with_a_decision_are_those_it_imports_too(desk: Desk) -> None:
    deploy(desk, p__bpmn=rule("d1"), d__dmn=asking(), lib__dmn=library())

    with db.reading():
        found = deployments.decision_files(desk.organization_id, {"d1"})

    assert found == {"d.dmn": asking(), "lib.dmn": library()}


def test_a_missing_import_is_refused_at_deployment(desk: Desk) -> None:
    with pytest.raises(ProcessRefused) as refused:
        deploy(desk, p__bpmn=rule("d1"), d__dmn=asking())

    (problem,) = [one for one in refused.value.problems if "không có trong bộ tệp" in one.sentence]
    assert (problem.level, problem.file) == ("error", "d.dmn")


def test_a_value_of_another_type_stops_the_step(desk: Desk) -> None:
    data = file(given("n", "number"), decision("d1", text("n"), "i:n"))
    deploy(desk, p__bpmn=rule("d1"), d__dmn=data)

    with pytest.raises(CannotProceed, match="“n”: cần số"):
        desk.start(n="ba")


def test_a_function_among_what_was_decided_is_kept_as_its_text(desk: Desk) -> None:
    made = decision("f", text("function(x) x + 1"))
    deploy(desk, p__bpmn=rule("d1"), d__dmn=file(made, decision("d1", text("f(2)"), "d:f")))

    assert said(desk) == 3


def test_a_function_is_no_answer(desk: Desk) -> None:
    deploy(desk, p__bpmn=rule("f"), d__dmn=file(decision("f", text("function(x) x + 1"))))

    with pytest.raises(CannotProceed, match="bằng một hàm"):
        desk.start()


def test_a_point_is_kept_as_such(desk: Desk) -> None:
    deploy(desk, p__bpmn=rule("d1"), d__dmn=file(decision("d1", text("(!= 3)"))))

    assert said(desk) == Point(3, 3, False, False)
