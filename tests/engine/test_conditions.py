"""Conditional events: when variables make conditions true."""

import pytest

from engine import operations
from engine.errors import CannotProceed, NotOfWhole
from kernel import db
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flow, flows, user
from tests.engine.memory import Play

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
SET = '<serviceTask id="set" camunda:expression="=1" camunda:resultVariable="n"/>'


def when(condition: str = "n = 1", attributes: str = "") -> str:
    return f"<conditionalEventDefinition {attributes}><condition>{condition}</condition></conditionalEventDefinition>"


def boundary(event: str, *, interrupting: bool = True, host: str = "a") -> str:
    flag = str(interrupting).lower()
    return f'<boundaryEvent id="b" attachedToRef="{host}" cancelActivity="{flag}">{event}</boundaryEvent>'


def at_border(event: str, *, interrupting: bool = True) -> bytes:
    body = user("a") + boundary(event, interrupting=interrupting) + user("late") + user("next")
    return diagram(f"{START}{body}{END}{flows('s', 'a', 'next', 'e')}{flows('b', 'late', 'e')}")


def test_a_condition_must_be_false_before_it_comes_true_again() -> None:
    play = Play(at_border(when(), interrupting=False), n=0)

    assert play.set(n=1).tasks == ["a", "late"]
    assert play.set(other=5).tasks == ["a", "late"]
    assert play.set(n=0).set(n=1).tasks == ["a", "late", "late"]


def test_a_variable_may_be_named_whose_changes_count_alone() -> None:
    play = Play(at_border(when("n &gt; 0", 'camunda:variableName="n"'), interrupting=False), n=0)

    assert play.set(other=1).tasks == ["a"]
    assert play.set(n=1).set(n=2).tasks == ["a", "late", "late"]


def test_kinds_of_change_may_be_named() -> None:
    event = when("true", 'camunda:variableName="m" camunda:variableEvents="update"')
    play = Play(at_border(event, interrupting=False)).complete("late")

    assert play.set(m=1).tasks == ["a"]
    assert play.set(m=2).tasks == ["a", "late"]


@pytest.mark.parametrize(("interrupting", "tasks"), [(True, ["late"]), (False, ["late", "next"])])
def test_what_completes_a_task_may_take_it_away_first(interrupting: bool, tasks: list[str]) -> None:
    play = Play(at_border(when(), interrupting=interrupting), n=0).complete("a", n=1)

    assert sorted(play.tasks) == tasks


def test_a_condition_is_looked_at_after_each_step() -> None:
    """It is false again when the sub-process waits next, but was true in between."""
    unset = '<serviceTask id="unset" camunda:expression="=0" camunda:resultVariable="n"/>'
    inner = f'<startEvent id="is"/>{SET}{unset}{user("i")}{flows("is", "set", "unset", "i")}'
    body = f'<subProcess id="a">{inner}</subProcess>{boundary(when())}{user("late")}{user("next")}'
    play = Play(diagram(f"{START}{body}{flows('s', 'a', 'next')}{flows('b', 'late')}"), n=0)

    assert play.tasks == ["late"]


def test_a_condition_sees_what_is_its_activity_s_own() -> None:
    own = (
        "<extensionElements><camunda:inputOutput><camunda:inputParameter "
        'name="n">=k</camunda:inputParameter></camunda:inputOutput></extensionElements>'
    )
    body = user("a", inner=own) + boundary(when()) + user("late")
    data = diagram(f"{START}{body}{flows('s', 'a')}{flows('b', 'late')}")

    assert Play(data, k=1).tasks == ["late"]
    assert Play(data, k=0).set(n=1).tasks == ["a"]


def test_conditions_that_make_one_another_true_are_stopped() -> None:
    """Each time it happens, the diagram changes the variable that it looks at."""
    event = when("true", 'camunda:variableName="n"')
    body = user("a") + boundary(event, interrupting=False) + SET
    data = diagram(f"{START}{body}{END}{flows('s', 'a')}{flows('b', 'set', 'e')}")

    with pytest.raises(CannotProceed, match="không dừng"):
        Play(data)


STARTED = diagram(
    f'<startEvent id="s">{when("amount &gt; 100")}</startEvent>{user("a")}{END}{flows("s", "a", "e")}', key="big"
)


def test_facts_begin_the_processes_whose_conditions_they_meet(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(STARTED)

    with db.unit_of_work():
        none = operations.start_by_conditions({"amount": 5}, actor=actor("quan-tri"))
        (instance,) = operations.start_by_conditions({"amount": 500}, actor=actor("quan-tri"), business_key="HS-1")

    assert none == []
    assert desk.names() == ["a"]
    assert desk.variables(instance) == {"amount": 500}


def test_whoever_does_not_lead_the_whole_brings_no_facts(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(STARTED)

    with db.unit_of_work(), pytest.raises(NotOfWhole):
        operations.start_by_conditions({"amount": 500}, actor=actor("van-thu"))


def test_a_gateway_waits_for_a_condition_among_others() -> None:
    wait = f'<intermediateCatchEvent id="w">{when()}</intermediateCatchEvent>'
    body = f'<eventBasedGateway id="g"/>{wait}{user("a")}'
    other = '<intermediateCatchEvent id="x"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    data = diagram(
        f"{START}{body}{other}{flows('s', 'g', 'w', 'a')}{flow('g', 'x')}", outside='<message id="m" name="M"/>'
    )

    assert Play(data, n=0).set(n=1).tasks == ["a"]
