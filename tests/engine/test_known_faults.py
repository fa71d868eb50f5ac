"""Faults that the library below shows when it is used as it comes. Each was met once; each must stay away."""

from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.tokens import Instance
from engine.errors import CannotProceed, TaskNotReady
from tests.engine.diagrams import diagram, flow, flows, user
from tests.engine.memory import Play
from tests.engine.scenario_engine import MemoryHost

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
MULTI = '<multiInstanceLoopCharacteristics camunda:collection="list" camunda:elementVariable="one"/>'


def play(body: str, *chain: str, outside: str = "", **given: Any) -> Play:
    return Play(diagram(START + body + END + flows(*chain), outside=outside), **given)


def sub(name: str, body: str, inner: str = "") -> str:
    return f'<subProcess id="{name}">{inner}<startEvent id="{name}s"/>{body}</subProcess>'


def test_a_compensation_end_event_undoes_before_it_ends() -> None:
    body = (
        f'{user("a")}<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<userTask id="undo" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="undo"/>'
        '<endEvent id="x"><compensateEventDefinition/></endEvent>'
    )
    found = play(body, "s", "a", "x").complete("a")

    assert found.tasks == ["undo"]
    assert found.complete("undo").ended


@pytest.mark.parametrize("text", ["PT1S", "${later}", "=later", "=duration(&quot;PT1S&quot;)"])
def test_the_text_of_a_timer_is_no_program(text: str) -> None:
    timer = f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>"
    found = play(f'<intermediateCatchEvent id="w">{timer}</intermediateCatchEvent>', "s", "w", "e", later="PT1S")

    assert not found.ended
    assert found.pass_time(seconds=1).ended


def test_sequential_elements_need_no_output() -> None:
    inner = MULTI.replace(" camunda:collection", ' isSequential="true" camunda:collection')
    found = play(user("a", inner=inner), "s", "a", "e", list=["x", "y"])

    assert found.complete("a").complete("a").ended


def test_a_sub_process_needs_no_end_event() -> None:
    assert play(sub("p1", '<task id="i"/>' + flows("p1s", "i")) + user("a"), "s", "p1", "a", "e").tasks == ["a"]


def test_an_error_reference_to_nothing_is_the_code_itself() -> None:
    body = (
        sub("p1", f'<endEvent id="x"><errorEventDefinition errorRef="E9"/></endEvent>{flows("p1s", "x")}')
        + '<boundaryEvent id="b" attachedToRef="p1"><errorEventDefinition errorRef="E9"/></boundaryEvent>'
        + user("a")
        + flows("b", "a")
    )

    assert play(body, "s", "p1", "e").tasks == ["a"]


def test_what_is_called_may_be_told_by_a_vendor() -> None:
    called = f'<process id="q" isExecutable="true"><startEvent id="qs"/>{user("w")}{flows("qs", "w")}</process>'

    assert play('<callActivity id="c" camunda:calledElement="q"/>', "s", "c", "e", outside=called).tasks == ["w"]


def test_many_sub_processes_that_were_taken_away_leave_nothing_behind() -> None:
    """Their scopes would have no owner when the instance is loaded again."""
    inner = sub("p1", user("i") + flows("p1s", "i"), MULTI)
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    border = f'<boundaryEvent id="b" attachedToRef="p1">{timer}</boundaryEvent>{user("late")}{flows("b", "late", "e")}'
    found = play(inner + border, "s", "p1", "e", list=[1, 2, 3]).pass_time(hours=1)

    assert found.tasks == ["late"]
    assert found.complete("late").ended


def test_flows_are_taken_in_the_order_of_the_file_not_of_the_drawing() -> None:
    shape = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"><bpmndi:BPMNPlane>{}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    bounds = '<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="0" y="{}" width="9" height="9"/>'
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{name}">{bounds.format(y)}</bpmndi:BPMNShape>'
        for name, y in (("s", 0), ("g", 0), ("a", 900), ("b", 5), ("e", 0))
    )
    body = f'<exclusiveGateway id="g"/>{user("a")}{user("b")}{flow("g", "a", "true")}{flow("g", "b", "true")}'
    data = diagram(START + body + END + flows("s", "g"))

    assert Play(data.replace(b"</definitions>", f"{shape.format(shapes)}</definitions>".encode())).tasks == ["a"]


def test_an_instance_goes_on_with_a_spec_that_was_read_anew() -> None:
    """Nothing is wired by callback between an instance and the spec it began with."""
    data = diagram(START + user("a", inner=MULTI) + END + flows("s", "a", "e"))
    found = Play(data, list=[1, 2, 3]).complete("a")
    found.host.deploy({"p.bpmn": data})

    assert found.complete("a").complete("a").ended


def test_lists_that_both_branches_write_come_out_as_written() -> None:
    def branch(name: str) -> str:
        return f'<scriptTask id="{name}"><script>seen = append(seen, "{name}")</script></scriptTask>'

    body = f'<parallelGateway id="f"/><parallelGateway id="j"/>{branch("a")}{branch("b")}{user("c")}'
    ways = flows("f", "a", "j", "c") + flows("f", "b", "j")
    found = play(body + ways, "s", "f", seen=[{"by": "x"}])

    assert found.variables["seen"] == [{"by": "x"}, "a", "b"]


def test_what_is_passed_on_is_a_copy() -> None:
    called = f'<process id="q" isExecutable="true"><startEvent id="qs"/>{user("w")}{flows("qs", "w")}</process>'
    call = (
        '<callActivity id="c" calledElement="q"><extensionElements><camunda:in source="file" target="file"/>'
        "</extensionElements></callActivity>"
    )
    given = {"pages": [1]}
    found = play(call, "s", "c", "e", outside=called, file=given)
    given["pages"].append(2)

    assert found.seen_by("w") == {"file": {"pages": [1]}}


@pytest.mark.parametrize("name", ["typename", "__class__", "$n", "data", "parent", "execution"])
def test_a_variable_may_have_any_name(name: str) -> None:
    found = play(user("a"), "s", "a", "e").complete("a", **{name: {name: "x"}})

    assert found.variables == {name: {name: "x"}}


def test_a_token_is_run_once() -> None:
    found = play(user("a") + user("b"), "s", "a", "b", "e")
    instance = found._load()
    token = found._token(instance, "a")
    token.run()

    with pytest.raises(TaskNotReady):
        token.run()


def test_a_failure_leaves_the_instance_as_it_was() -> None:
    body = f'{user("a")}<scriptTask id="x"><script>n = 1</script></scriptTask><exclusiveGateway id="g"/>{user("b")}'
    found = play(body + flow("g", "b", "false"), "s", "a", "x", "g")

    with pytest.raises(CannotProceed):
        found.complete("a", m=2)

    assert found.tasks == ["a"]
    assert found.variables == {}


@pytest.mark.parametrize("text", ["__import__(&quot;os&quot;).system(&quot;id&quot;)", "a.__class__", "[].append(1)"])
def test_expressions_never_reach_python(text: str) -> None:
    host = MemoryHost()
    body = f'<exclusiveGateway id="g"/>{flow("g", "e", text)}'
    problems = host.deploy({"p.bpmn": diagram(START + body + END + flows("s", "g"))})

    if any(problem.level == "error" for problem in problems):
        return
    with pytest.raises(CannotProceed):
        Instance("p", host).start({"a": Decimal(1)})
