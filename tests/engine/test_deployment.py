"""Deployed definitions are immutable: one hash, one version."""

import pytest
import sqlalchemy as sa

from engine import operations, queries, specs
from engine.errors import DefinitionNotFound, ProcessRefused
from kernel import db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, linear, user

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
