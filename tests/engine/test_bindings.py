"""Which version a diagram means by a name: newest, beside it, numbered, tagged. And what decisions do in a process."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine import deployments, operations, queries
from engine.errors import CannotProceed, DefinitionNotFound, ProcessRefused
from kernel import db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, linear, user
from tests.engine.tables import decisions, literal, table

BINDINGS = ("latest", "deployment", "version", "versionTag")


def deploy(desk: Desk, **files: bytes) -> operations.deployment.Deployed:
    """`p__bpmn=…` is the file `p.bpmn`."""
    resources = {name.replace("__", "."): data for name, data in files.items()}
    with db.unit_of_work():
        return operations.deploy_files(resources, actor=desk.actor("phan-tich"))


def rule(attributes: str = "", inner: str = "", *, then: str = "") -> bytes:
    """start → business rule task → (user task) → end."""
    task = f'<businessRuleTask id="decide" camunda:resultVariable="r" {attributes}>{inner}</businessRuleTask>'
    path = ("s", "decide", then, "e") if then else ("s", "decide", "e")
    body = f'<startEvent id="s"/>{task}{user(then) if then else ""}<endEvent id="e"/>{flows(*path)}'
    return diagram(body)


def caller(attributes: str, *, called: str = "q") -> bytes:
    call = f'<callActivity id="call" calledElement="{called}" {attributes}/>'
    return diagram(f'<startEvent id="s"/>{call}<endEvent id="e"/>{flows("s", "call", "e")}')


def answers(text: str, *, tag: str = "") -> bytes:
    """A decision `d1` that always says this."""
    tagged = f'camunda:versionTag="{tag}"' if tag else ""
    return decisions(table("d1", [], ["a"], [f'"{text}"'], attributes=tagged))


def tagged(data: bytes, tag: str) -> bytes:
    return data.replace(b" isExecutable", f' camunda:versionTag="{tag}" isExecutable'.encode())


def said(desk: Desk, **variables: Any) -> Any:
    return desk.variables(desk.start(**variables))["r"]


# ----------------------------------------------------------------------------------------------------- what is decided
@pytest.mark.parametrize(
    ("mapping", "value"),
    [
        ("singleEntry", "một"),
        ("singleResult", {"a": "một"}),
        ("collectEntries", ["một"]),
        ("resultList", [{"a": "một"}]),
        ("", [{"a": "một"}]),
    ],
)
def test_a_decision_s_answer_becomes_a_variable(desk: Desk, mapping: str, value: Any) -> None:
    mapped = f'camunda:mapDecisionResult="{mapping}"' if mapping else ""
    deploy(desk, p__bpmn=rule(f'camunda:decisionRef="d1" {mapped}'), d__dmn=answers("một"))

    assert said(desk) == value


def test_a_decision_sees_the_variables_of_its_step_and_of_the_process(desk: Desk) -> None:
    own = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="n">=m + 1</camunda:inputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    data = decisions(table("d1", ["n|number", "kind"], ["a"], ["> 3", '"QĐ"', "n * 10"]))
    deploy(desk, p__bpmn=rule('camunda:decisionRef="d1" camunda:mapDecisionResult="singleEntry"', own), d__dmn=data)

    assert said(desk, m=3, kind="QĐ") == Decimal(40)
    assert said(desk, m=1, kind="QĐ") is None


def test_output_parameters_see_the_rows(desk: Desk) -> None:
    own = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="second">=decisionResult[2].a</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    data = decisions(table("d1", [], ["a"], ["1"], ["2"], policy="COLLECT"))
    deploy(desk, p__bpmn=rule('camunda:decisionRef="d1"', own), d__dmn=data)
    instance = desk.start()

    assert desk.variables(instance)["second"] == Decimal(2)
    assert "decisionResult" not in desk.variables(instance)


def test_a_decision_may_be_chosen_by_an_expression(desk: Desk) -> None:
    data = decisions(literal("d1", '"một"', variable="a"), literal("d2", '"hai"', variable="a"))
    chosen = 'camunda:decisionRef="{}" camunda:mapDecisionResult="singleEntry"'
    for text in ('="d" + string(n)', "d${n}"):
        deploy(desk, p__bpmn=rule(chosen.format(text.replace('"', "&quot;"))), d__dmn=data)

        assert (said(desk, n=1), said(desk, n=2)) == ("một", "hai")


def test_what_was_decided_and_why_is_kept_in_the_same_statement(desk: Desk, statements: list[str]) -> None:
    data = decisions(
        table("d1", ["b"], ["a"], ["> 1", '"x"'], ["> 5", '"y"'], policy="RULE ORDER", requires=["d0"]),
        literal("d0", "n * 2", variable="b"),
    )
    deploy(desk, p__bpmn=rule('camunda:decisionRef="d1"', then="t"), d__dmn=data)
    desk.start(n=1)
    statements.clear()
    instance = desk.start(n=3)

    with db.reading():
        ((row, steps),) = deployments.list_evaluations(instance.id)

    assert (row.element_id, [step["key"] for step in steps]) == ("decide", ["d0", "d1"])
    assert steps[1]["inputs"] == [{"label": "b", "value": Decimal(6)}]
    assert steps[1]["rules"] == [1, 2]
    assert steps[1]["rows"] == [{"a": "x"}, {"a": "y"}]
    assert len([one for one in statements if "engine_decision_evaluations" in one and "INSERT" in one]) == 1


def test_a_decision_that_cannot_answer_stops_the_action_and_leaves_nothing(desk: Desk) -> None:
    data = decisions(table("d1", ["n"], ["a"], ["1", "1"], ["1", "2"]))
    deploy(desk, p__bpmn=rule('camunda:decisionRef="d1"'), d__dmn=data)

    with pytest.raises(CannotProceed, match=r"decide.*“d1” \(UNIQUE\)"):
        desk.start(n=1)
    with db.reading():
        assert queries.list_instances(desk.organization_id) == []


@pytest.mark.parametrize("mapping", ["singleEntry", "singleResult"])
def test_more_rows_than_the_step_can_take_stop_the_action(desk: Desk, mapping: str) -> None:
    data = decisions(table("d1", [], ["a"], ["1"], ["2"], policy="COLLECT"))
    deploy(desk, p__bpmn=rule(f'camunda:decisionRef="d1" camunda:mapDecisionResult="{mapping}"'), d__dmn=data)

    with pytest.raises(CannotProceed, match="trả lời 2 dòng"):
        desk.start()


# ------------------------------------------------------------------------------------------------ bindings of decisions
def test_a_decision_is_the_newest_unless_bound(desk: Desk) -> None:
    told = 'camunda:decisionRef="d1" camunda:mapDecisionResult="singleEntry" camunda:decisionRefBinding="{}" {}'
    versions = {
        "latest": told.format("latest", ""),
        "deployment": told.format("deployment", ""),
        "version": told.format("version", 'camunda:decisionRefVersion="2"'),
        "versionTag": told.format("versionTag", 'camunda:decisionRefVersionTag="cũ"'),
    }
    found = {}
    deploy(desk, d__dmn=answers("một", tag="cũ"))
    deploy(desk, d__dmn=answers("hai"))
    for binding in BINDINGS:
        deploy(desk, p__bpmn=rule(versions[binding]), d__dmn=answers(f"cùng {binding}"))
        deploy(desk, d__dmn=answers("mới nhất"))
        found[binding] = said(desk)

    assert found == {"latest": "mới nhất", "deployment": "cùng deployment", "version": "hai", "versionTag": "một"}


def test_a_version_may_be_an_expression(desk: Desk) -> None:
    told = 'camunda:decisionRef="d1" camunda:decisionRefBinding="version" camunda:decisionRefVersion="${v}"'
    deploy(desk, p__bpmn=rule(f'{told} camunda:mapDecisionResult="singleEntry"'), d__dmn=answers("một"))
    deploy(desk, d__dmn=answers("hai"))

    assert (said(desk, v=1), said(desk, v="2")) == ("một", "hai")
    for missing in (3, "x", "NaN", ""):
        with pytest.raises(CannotProceed, match="chưa có quyết định “d1” bản"):
            desk.start(v=missing)


def test_of_several_with_one_tag_the_newest_is_meant(desk: Desk) -> None:
    told = 'camunda:decisionRef="d1" camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="v1"'
    deploy(desk, p__bpmn=rule(f'{told} camunda:mapDecisionResult="singleEntry"'), d__dmn=answers("một", tag="v1"))
    deploy(desk, d__dmn=answers("hai", tag="v1"))
    deploy(desk, d__dmn=answers("ba", tag="v2"))

    assert said(desk) == "hai"


def test_a_decision_that_is_not_there_is_told_at_deployment_and_named_at_work(desk: Desk) -> None:
    data = rule('camunda:decisionRef="d1"')

    (problem,) = operations.check_process({"p.bpmn": data})
    assert (problem.level, problem.element_id) == ("warning", "decide")
    assert "“d1”" in problem.sentence
    deploy(desk, p__bpmn=data)
    with pytest.raises(CannotProceed, match="chưa có quyết định “d1”"):
        desk.start()
    deploy(desk, d__dmn=answers("nay có"))
    with db.reading():
        assert operations.check_process({"p.bpmn": data}, organization_id=desk.organization_id) == []
    assert said(desk) == [{"a": "nay có"}]


def test_a_decision_bound_to_its_deployment_must_come_along(desk: Desk) -> None:
    deploy(desk, d__dmn=answers("một"))

    with pytest.raises(ProcessRefused, match="phải nộp cùng"):
        deploy(desk, p__bpmn=rule('camunda:decisionRef="d1" camunda:decisionRefBinding="deployment"'))


# ------------------------------------------------------------------------------------------------- called processes
def test_a_called_process_is_the_newest_unless_bound(desk: Desk) -> None:
    told = 'camunda:calledElementBinding="{}" {}'
    versions = {
        "latest": "",
        "deployment": told.format("deployment", ""),
        "version": told.format("version", 'camunda:calledElementVersion="2"'),
        "versionTag": told.format("versionTag", 'camunda:calledElementVersionTag="v1"'),
    }
    deploy(desk, q__bpmn=tagged(linear("first", key="q"), "v1"))
    deploy(desk, q__bpmn=linear("second", key="q"))
    for binding in BINDINGS:
        deploy(desk, p__bpmn=caller(versions[binding]), q__bpmn=linear(f"beside_{binding}", key="q"))
        deploy(desk, q__bpmn=linear("newest", key="q"))
        desk.start()

    assert sorted(desk.names()) == ["beside_deployment", "first", "newest", "second"]


def test_a_process_bound_to_its_deployment_gets_a_version_when_what_it_calls_changes(desk: Desk) -> None:
    data = caller('camunda:calledElementBinding="deployment"')

    first = deploy(desk, p__bpmn=data, q__bpmn=linear("a", key="q")).definitions
    same = deploy(desk, p__bpmn=data, q__bpmn=linear("a", key="q")).definitions
    second = deploy(desk, p__bpmn=data, q__bpmn=linear("b", key="q")).definitions
    other = deploy(desk, p__bpmn=data.replace("Quy trình thử".encode(), b"Khac"), q__bpmn=linear("b", key="q"))

    assert [d.id for d in same] == [d.id for d in first]
    assert [d.version for d in second] == [2, 2]
    assert {d.key: d.version for d in other.definitions} == {"p": 3, "q": 2}
    desk.start()
    assert desk.names() == ["b"]


def test_a_called_process_that_is_not_there_is_told_at_deployment_and_named_at_work(desk: Desk) -> None:
    (problem,) = operations.check_process({"p.bpmn": caller("")})
    assert (problem.level, problem.element_id) == ("warning", "call")
    assert "“q”" in problem.sentence

    deploy(desk, p__bpmn=caller(""))
    with pytest.raises(CannotProceed, match="chưa có quy trình “q” để gọi"):
        desk.start()
    deploy(desk, q__bpmn=linear("a", key="q"))
    desk.start()
    assert desk.names() == ["a"]


def test_a_called_process_may_be_chosen_by_an_expression_and_may_be_itself(desk: Desk) -> None:
    deploy(desk, p__bpmn=caller("", called="${which}"), q__bpmn=linear("a", key="q"))
    desk.start(which="q")

    assert desk.names() == ["a"]
    with pytest.raises(CannotProceed, match="“không có”"):
        desk.start(which="không có")
    assert operations.check_process({"p.bpmn": caller("", called="p")}) == []


# --------------------------------------------------------------------------------------------------------------- forms
def asking(attributes: str) -> bytes:
    task = user("a", f'camunda:candidateGroups="van-thu" camunda:formRef="f" {attributes}')
    return diagram(f'<startEvent id="s"/>{task}<endEvent id="e"/>{flows("s", "a", "e")}')


def form(text: str) -> bytes:
    return f'{{"id": "f", "title": "{text}"}}'.encode()


def test_a_task_asks_by_the_form_it_is_bound_to(desk: Desk) -> None:
    bindings = {
        "": "",
        "deployment": 'camunda:formRefBinding="deployment"',
        "latest": 'camunda:formRefBinding="latest"',
        "version": 'camunda:formRefBinding="version" camunda:formRefVersion="2"',
    }
    deploy(desk, x__form=form("một"))
    deploy(desk, x__form=form("hai"))
    found = {}
    for binding, attributes in bindings.items():
        deploy(desk, p__bpmn=asking(attributes), x__form=form(f"cùng {binding}"))
        deploy(desk, x__form=form("mới nhất"))
        desk.start()
        task = desk.open()[-1]
        with db.reading():
            found[binding] = deployments.get_task_form(task)
        desk.complete("a")

    assert found == {
        "": form("cùng "),
        "deployment": form("cùng deployment"),
        "latest": form("mới nhất"),
        "version": form("hai"),
    }


def test_a_form_of_another_version_does_not_make_a_new_version_of_its_process(desk: Desk) -> None:
    data = asking('camunda:formRefBinding="latest"')
    (first,) = deploy(desk, p__bpmn=data, x__form=form("một")).definitions

    again = deploy(desk, p__bpmn=data, x__form=form("hai"))

    assert again.definitions[0].id == first.id
    assert [(part.kind, part.row.version, part.is_new) for part in again.parts] == [
        ("process", 1, False),
        ("form", 2, True),
    ]


# --------------------------------------------------------------------------------------------------- which one starts
def test_an_instance_may_be_started_of_any_version(desk: Desk) -> None:
    (first,) = deploy(desk, p__bpmn=tagged(linear("one"), "v1")).definitions
    deploy(desk, p__bpmn=tagged(linear("two"), "v2"))
    deploy(desk, p__bpmn=linear("three"))
    clerk = desk.actor("van-thu")

    with db.unit_of_work():
        operations.start_instance("p", {}, actor=clerk, version=2)
        operations.start_instance("p", {}, actor=clerk, version_tag="v1")
        operations.start_instance("p", {}, actor=clerk)
        operations.start_instance_of(first.id, {}, actor=clerk)

    assert sorted(desk.names()) == ["one", "one", "three", "two"]
    for wanted in ({"version": 9}, {"version_tag": "v9"}):
        with pytest.raises(DefinitionNotFound), db.unit_of_work():
            operations.start_instance("p", {}, actor=clerk, **wanted)  # type: ignore[arg-type]


def test_finding_what_to_start_is_one_statement_over_an_index(desk: Desk, statements: list[str]) -> None:
    for number in range(3):
        deploy(desk, p__bpmn=linear(f"t{number}"))
    desk.start()
    statements.clear()

    with db.reading() as session:
        deployments.find_version(desk.organization_id, "p")
        found = [one for one in statements if "engine_definitions" in one]
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(
            session.scalars(
                sa.text(
                    "EXPLAIN SELECT id FROM engine_definitions WHERE organization_id = :o AND key = 'p' "
                    "ORDER BY version DESC LIMIT 1"
                ),
                {"o": desk.organization_id},
            )
        )

    assert len(found) == 1
    assert "Index" in plan
    assert "Sort" not in plan


# ----------------------------------------------------------------------------------------------- tags and time to live
@pytest.mark.parametrize(("text", "days"), [("P30D", 30), ("30", 30), ("", None), ("P0D", 0)])
def test_tag_and_time_to_live_are_kept_with_the_definition(desk: Desk, text: str, days: int | None) -> None:
    data = tagged(linear("a"), "v1").replace(
        b" isExecutable", f' camunda:historyTimeToLive="{text}" isExecutable'.encode()
    )
    for told in (data, data.replace(b"camunda.org", b"operaton.org")):
        (definition,) = deploy(desk, p__bpmn=told).definitions
        assert (definition.version_tag, definition.history_ttl_days) == ("v1", days)


@pytest.mark.parametrize("text", ["PP5D", "-5", "invalidValue", "P1M"])
def test_a_time_to_live_that_is_none_is_refused(desk: Desk, text: str) -> None:
    data = linear("a").replace(b" isExecutable", f' camunda:historyTimeToLive="{text}" isExecutable'.encode())

    with pytest.raises(ProcessRefused, match="số ngày"):
        deploy(desk, p__bpmn=data)
