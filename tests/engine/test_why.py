"""Why a process went the way it went: conditions over the values of then, not of now."""

import uuid

import pytest

from engine import operations, queries
from engine.errors import InstanceNotFound
from engine.models import ProcessInstance
from engine.why import FlowReason, explain_gateway
from kernel import db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flow, flows, user

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
SET = "<scriptTask id='set'><script>so_trang = 1</script></scriptTask>"


def named(text: str, name: str) -> str:
    return text.replace("<sequenceFlow ", f'<sequenceFlow name="{name}" ')


ROUTES = diagram(
    f'{START}<exclusiveGateway id="g" default="g-b"/>{user("a")}{user("b")}{SET}{END}{flows("s", "g")}'
    + named(flow("g", "a", "so_trang &gt; 5"), "Dài")
    + flow("g", "b")
    + flows("a", "set", "e")
    + flow("b", "e")
)


def explain(instance: ProcessInstance, passed: int | str = "g") -> dict[str, FlowReason]:
    with db.reading():
        return {reason.flow_id: reason for reason in explain_gateway(instance.id, passed)}


def test_each_flow_tells_its_condition_its_value_and_whether_it_was_taken(desk: Desk) -> None:
    desk.deploy(ROUTES)
    instance = desk.start(so_trang=6)

    told = explain(instance)

    assert (told["g-a"].flow_name, told["g-a"].expression) == ("Dài", "so_trang > 5")
    assert (told["g-a"].value, told["g-a"].taken, told["g-a"].unknown) == ("true", True, "")
    assert (told["g-b"].is_default, told["g-b"].taken, told["g-b"].expression) == (True, False, "")


def test_values_are_those_of_then(desk: Desk) -> None:
    desk.deploy(ROUTES)
    instance = desk.start(so_trang=6)
    desk.complete("a")

    assert desk.variables(instance)["so_trang"] == 1
    assert explain(instance)["g-a"].value == "true"


def test_what_a_form_or_somebody_changed_before_counts(desk: Desk) -> None:
    desk.deploy(ROUTES.replace(flow("s", "g").encode(), (user("first") + flows("s", "first", "g")).encode()))
    instance = desk.start(so_trang=6)
    with db.unit_of_work():
        operations.set_variables(instance.id, {"so_trang": 2}, reason="Đếm lại", actor=desk.actor("chu-tich"))
    desk.complete("first", so_trang=3)

    told = explain(instance)

    assert (told["g-a"].value, told["g-a"].taken, told["g-b"].taken) == ("false", False, True)


def test_a_condition_that_had_no_value_is_null(desk: Desk) -> None:
    desk.deploy(ROUTES)

    told = explain(desk.start())

    assert (told["g-a"].value, told["g-b"].taken) == ("null", True)


def test_of_a_loop_the_last_passing_or_the_one_asked_for(desk: Desk) -> None:
    body = f'{START}{user("a")}<exclusiveGateway id="g" default="g-e"/>{END}{flows("s", "a", "g", "e")}'
    desk.deploy(diagram(body + flow("g", "a", "again")))
    instance = desk.start()
    desk.complete("a", again=True)
    desk.complete("a", again=False)

    with db.reading():
        lines = [
            line for line in queries.list_history(instance.id) if (line.element_id, line.kind) == ("g", "completed")
        ]

    assert explain(instance)["g-a"].value == "false"
    assert explain(instance, lines[0].token)["g-a"].value == "true"
    assert explain(instance, lines[0].token)["g-a"].taken


def test_all_taken_flows_of_an_inclusive_gateway_are_told(desk: Desk) -> None:
    body = f'{START}<inclusiveGateway id="g"/>{user("a")}{user("b")}{user("c")}{END}{flows("s", "g")}'
    body += flow("g", "a", "n &gt; 1") + flow("g", "b", "n &gt; 2") + flow("g", "c", "n &gt; 3")
    desk.deploy(diagram(body + flow("a", "e") + flow("b", "e") + flow("c", "e")))

    told = explain(desk.start(n=3))

    assert {name: one.taken for name, one in told.items()} == {"g-a": True, "g-b": True, "g-c": False}


def test_what_history_does_not_keep_is_not_guessed(desk: Desk) -> None:
    mapping = (
        "<extensionElements><camunda:inputOutput><camunda:inputParameter name='own'>=n + 1</camunda:inputParameter>"
        "</camunda:inputOutput></extensionElements>"
    )
    inside = f'{mapping}<startEvent id="s2"/><exclusiveGateway id="g" default="g-b"/>{user("a")}{user("b")}'
    inside += flows("s2", "g") + flow("g", "a", "own = 2") + flow("g", "b")
    desk.deploy(diagram(f'{START}<subProcess id="sub">{inside}</subProcess>{END}{flows("s", "sub", "e")}'))

    told = explain(desk.start(n=1))["g-a"]

    assert (told.taken, told.value) == (True, "")
    assert told.unknown == "Lịch sử không giữ giá trị lúc đó của “own”."


def test_what_no_token_has_left_has_no_reasons(desk: Desk) -> None:
    desk.deploy(ROUTES)
    instance = desk.start(so_trang=6)

    assert explain(instance, "a") == {}
    with db.reading(), pytest.raises(InstanceNotFound):
        explain_gateway(uuid.uuid4(), "g")
