"""Deployed definitions are immutable: one hash, one version."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from engine import deployments, operations, queries, specs
from engine.errors import DecisionNotFound, DefinitionNotFound, DeploymentNotFound, NotDesigner, ProcessRefused
from engine.operations.deployment import Deployed
from kernel import audit, db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, linear, user
from tests.engine.tables import decisions, table

FORM_TASK = user("a", 'camunda:formKey="trinh"')
WITH_FORM = diagram(f'<startEvent id="s"/>{FORM_TASK}<endEvent id="e"/>{flows("s", "a", "e")}')


def test_the_same_bytes_give_the_same_version(desk: Desk) -> None:
    (first,) = desk.deploy(linear("a"))
    (again,) = desk.deploy(linear("a"))
    (second,) = desk.deploy(linear("a", "b"))

    assert again.id == first.id
    assert [d.version for d in (first, second)] == [1, 2]
    with db.reading():
        assert [d.version for d in queries.list_versions(desk.organization_id, "p")] == [2, 1]
        assert queries.get_diagram(first.id) == linear("a")


def test_another_form_is_another_version_and_another_s_form_is_not(desk: Desk) -> None:
    (first,) = desk.deploy(WITH_FORM, trinh__form=b"{}")
    (same,) = desk.deploy(WITH_FORM, trinh__form=b"{}", khac__form=b"{}")
    (second,) = desk.deploy(WITH_FORM, trinh__form=b'{"a": 1}')

    assert same.id == first.id
    assert second.version == 2
    with db.reading():
        assert queries.get_form_source(first.id, "trinh") == b"{}"
        assert queries.get_form_source(second.id, "trinh") == b'{"a": 1}'
        assert queries.get_form_source(second.id, "không") is None
        assert set(queries.get_resources(second.id)) == {"p.bpmn", "trinh.form"}


def test_a_running_instance_stays_on_its_version(desk: Desk) -> None:
    desk.deploy(linear("old", "old_too"))
    desk.start()
    desk.deploy(linear("new"))
    desk.start()
    specs.forget_all()

    desk.complete("old")

    assert sorted(desk.names()) == ["new", "old_too"]


def test_shipped_diagrams_never_displace_an_analyst_s(desk: Desk) -> None:
    with db.unit_of_work():
        operations.deploy_shipped(desk.organization_id, {"processes/p.bpmn": linear("shipped")})
    desk.deploy(linear("mine"))

    with db.unit_of_work():
        assert operations.deploy_shipped(desk.organization_id, {"processes/p.bpmn": linear("shipped")}) == []
    with db.reading():
        latest = queries.find_latest_definition(desk.organization_id, "p")
    assert latest is not None
    assert (latest.version, latest.created_by_name) == (2, "Phạm Khánh Linh")

    with db.unit_of_work():
        (newer,) = operations.deploy_shipped(desk.organization_id, {"processes/p.bpmn": linear("shipped anew")})
    assert newer.version == 3


def test_a_shipped_form_that_changed_renews_its_process_unless_an_analyst_has_a_version_of_it(desk: Desk) -> None:
    asks = user("a", 'camunda:formKey="f"')
    shipped = diagram(f'<startEvent id="s"/>{asks}<endEvent id="e"/>{flows("s", "a", "e")}')

    def start_with(form: bytes) -> list[int]:
        with db.unit_of_work():
            files = {"processes/p.bpmn": shipped, "forms/f.form": form}
            return [found.version for found in operations.deploy_shipped(desk.organization_id, files)]

    assert start_with(b'{"components": []}') == [1]
    assert start_with(b'{"components":[]}') == [2]
    desk.deploy(linear("mine"))
    assert start_with(b'{ "components": []}') == []


def test_a_refused_diagram_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(ProcessRefused) as refusal:
        desk.deploy(diagram('<startEvent id="s"/><task id="lost"/>'))

    assert refusal.value.status == 422
    assert refusal.value.problems[0].element_id == "lost"
    with db.reading():
        assert queries.list_processes(desk.organization_id) == []


def test_processes_are_listed_with_what_runs(desk: Desk) -> None:
    desk.deploy(linear("a"))
    desk.start()
    desk.start()
    desk.deploy(linear("b"))

    with db.reading():
        (summary,) = queries.list_processes(desk.organization_id)

    assert (summary.definition.version, summary.running) == (2, 2)


def test_a_process_that_was_never_deployed_cannot_start(desk: Desk) -> None:
    with pytest.raises(DefinitionNotFound):
        desk.start("không-có")


def test_history_cannot_be_rewritten(desk: Desk) -> None:
    desk.deploy(linear("a"))
    desk.start()

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), db.unit_of_work() as session:
        session.execute(sa.text("DELETE FROM engine_history"))


# ------------------------------------------------------------------------------------------------------ sets of files
RULE = (
    '<businessRuleTask id="b" camunda:decisionRef="d1" camunda:decisionRefBinding="deployment" '
    'camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry"/>'
)
DECIDING = diagram(f'<startEvent id="s"/>{RULE}{FORM_TASK}<endEvent id="e"/>{flows("s", "b", "a", "e")}')


def answering(text: str) -> bytes:
    return decisions(table("d1", [], ["a"], [f'"{text}"']), table("d2", [], ["a"], ['"khác"']))


def deploy_set(desk: Desk, **files: bytes) -> Deployed:
    resources = {name.replace("__", "."): data for name, data in files.items()}
    with db.unit_of_work():
        return operations.deploy_files(resources, actor=desk.actor("phan-tich"), name="Bộ thử")


def told(deployed: Deployed) -> set[tuple[str, str, int, bool]]:
    return {(part.kind, part.row.key, part.row.version, part.is_new) for part in deployed.parts}


def audit_lines(desk: Desk) -> list[dict[str, Any]]:
    with db.reading() as session:
        query = sa.select(audit.AuditEntry.data).where(audit.AuditEntry.tag == "process:deploy")
        return list(session.scalars(query.order_by(audit.AuditEntry.id)))


def test_diagrams_decisions_and_forms_are_one_deployment(desk: Desk) -> None:
    files = {
        "p__bpmn": DECIDING,
        "q__bpmn": linear("x", key="q"),
        "d__dmn": answering("một"),
        "trinh__form": b'{"id": "trinh"}',
    }

    deployed = deploy_set(desk, **files)

    assert told(deployed) == {
        ("process", "p", 1, True),
        ("process", "q", 1, True),
        ("decision", "d1", 1, True),
        ("decision", "d2", 1, True),
        ("form", "trinh", 1, True),
    }
    assert deployed.deployment is not None
    with db.reading():
        (view,) = deployments.list_deployments(desk.organization_id)
        number = view.deployment.id
        kept = {file.name: deployments.get_file(number, file.name) for file in deployments.list_files(number)}
    assert view.deployment.name == "Bộ thử"
    assert len(view.news) == 5
    assert kept == {name.replace("__", "."): data for name, data in files.items()}


def test_the_same_set_again_makes_nothing_new_and_one_line(desk: Desk) -> None:
    files = {"p__bpmn": DECIDING, "d__dmn": answering("một"), "trinh__form": b"{}"}
    first = deploy_set(desk, **files)

    again = deploy_set(desk, **files)

    assert again.deployment is None
    assert told(again) == {(kind, key, version, False) for kind, key, version, _ in told(first)}
    assert [len(line["new"]) for line in audit_lines(desk)] == [4, 0]
    with db.reading():
        assert deployments.count_deployments(desk.organization_id) == 1


def test_what_a_process_binds_by_deployment_is_part_of_its_version(desk: Desk) -> None:
    deploy_set(desk, p__bpmn=DECIDING, d__dmn=answering("một"), trinh__form=b"{}")

    decided = deploy_set(desk, p__bpmn=DECIDING, d__dmn=answering("hai"), trinh__form=b"{}")
    formed = deploy_set(desk, p__bpmn=DECIDING, d__dmn=answering("hai"), trinh__form=b'{"a": 1}')
    latest = DECIDING.replace(b' camunda:decisionRefBinding="deployment"', b"")
    deploy_set(desk, p__bpmn=latest, d__dmn=answering("hai"), trinh__form=b"{}")
    free = deploy_set(desk, p__bpmn=latest, d__dmn=answering("ba"), trinh__form=b"{}")

    assert ("process", "p", 2, True) in told(decided)
    assert told(formed) == {
        ("process", "p", 3, True),
        ("decision", "d1", 2, False),
        ("decision", "d2", 2, False),
        ("form", "trinh", 2, True),
    }
    assert ("process", "p", 4, False) in told(free)
    assert ("decision", "d1", 3, True) in told(free)


def test_a_set_is_deployed_wholly_or_not_at_all_and_problems_say_their_file(desk: Desk) -> None:
    with pytest.raises(ProcessRefused) as refusal:
        deploy_set(
            desk,
            p__bpmn=linear("a"),
            q__bpmn=diagram('<startEvent id="s"/><task id="lost"/>', key="q"),
            d__dmn=decisions('<decision id="d1"><invocation/></decision>'),
            f__form=b"{",
            g__txt=b"",
        )

    errors = {(problem.file, problem.level) for problem in refusal.value.problems}
    assert errors >= {("q.bpmn", "error"), ("d.dmn", "error"), ("f.form", "error"), ("g.txt", "warning")}
    assert ("p.bpmn", "error") not in errors
    assert "Tệp " in refusal.value.sentence
    assert audit_lines(desk) == []
    with db.reading():
        assert deployments.count_deployments(desk.organization_id) == 0
        assert queries.list_processes(desk.organization_id) == []


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.bpmn": linear("a"), "b.bpmn": linear("b")}, "Quy trình “p” có trong hai tệp"),
        ({"a.dmn": answering("a"), "b.dmn": answering("b")}, "Quyết định “d1” có trong hai tệp"),
        ({"x/a.bpmn": linear("a"), "y/a.bpmn": linear("b")}, "hai tệp cùng tên a.bpmn"),
        ({}, "không có sơ đồ BPMN, bảng quyết định hay biểu mẫu nào"),
    ],
)
def test_what_would_be_there_twice_or_not_at_all_is_refused(desk: Desk, files: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(ProcessRefused) as refusal, db.unit_of_work():
        operations.deploy(files, actor=desk.actor("phan-tich"))

    assert any(sentence in problem.sentence for problem in refusal.value.problems)


def test_decisions_and_forms_may_be_deployed_alone(desk: Desk) -> None:
    assert told(deploy_set(desk, d__dmn=answering("một"))) == {("decision", "d1", 1, True), ("decision", "d2", 1, True)}
    assert told(deploy_set(desk, f__form=b'{"id": "Form_1"}')) == {("form", "Form_1", 1, True)}
    with db.reading():
        assert [one.key for one in deployments.list_decisions(desk.organization_id)] == ["d1", "d2"]


def test_a_form_is_named_by_its_id_or_by_its_file(desk: Desk) -> None:
    for name in ("trinh", "Form_1"):
        data = WITH_FORM.replace(b'formKey="trinh"', f'formKey="{name}"'.encode())
        problems = operations.check_process({"p.bpmn": data, "trinh.form": b'{"id": "Form_1"}'})
        assert not any("biểu mẫu" in problem.sentence for problem in problems)
        deploy_set(desk, p__bpmn=data, trinh__form=b'{"id": "Form_1"}')
        desk.start()
        task = desk.open()[-1]
        with db.reading():
            assert deployments.get_task_form(task) == b'{"id": "Form_1"}'


def test_only_designers_deploy_sets(desk: Desk) -> None:
    with pytest.raises(NotDesigner), db.unit_of_work():
        operations.deploy_files({"p.bpmn": linear("a")}, actor=desk.actor("van-thu"))


def test_another_agency_s_deployment_is_not_found(desk: Desk) -> None:
    deployed = deploy_set(desk, d__dmn=answering("một"))
    assert deployed.deployment is not None

    with db.reading():
        with pytest.raises(DeploymentNotFound):
            deployments.get_deployment(deployed.deployment.id, uuid.uuid4())
        with pytest.raises(DecisionNotFound):
            deployments.get_decision(deployed.parts[0].row.id, uuid.uuid4())
        with pytest.raises(DeploymentNotFound):
            deployments.get_file(deployed.deployment.id, "không.dmn")


def test_what_is_known_of_definitions_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many models are deployed and used, only so many nodes of diagrams are kept."""
    monkeypatch.setattr(specs, "_specs", specs.Recent(20, weigh=specs.count_nodes))
    for number in range(30):
        desk.deploy(linear(f"t{number}", key="p"))
        desk.start()

    assert specs._specs.weight <= 20
