"""One drawing an element, saved and loaded before every step."""

from decimal import Decimal
from typing import Any

import pytest

from engine.errors import CannotProceed
from engine.registry import BpmnError
from tests.engine.diagrams import diagram, flow, flows, user
from tests.engine.memory import Play

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
MESSAGE = '<message id="m" name="Phản hồi"/>'
SIGNAL = '<signal id="sig" name="Nghỉ lễ"/>'


def drawn(body: str, *chain: str, outside: str = "") -> bytes:
    return diagram(f"{START}{body}{END}{flows(*chain) if chain else ''}", outside=outside)


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def multi(inner: str, attributes: str = "") -> str:
    return f"<multiInstanceLoopCharacteristics {attributes}>{inner}</multiInstanceLoopCharacteristics>"


# --------------------------------------------------------------------------------------------------------------- tasks
def test_manual_and_undefined_tasks_pass() -> None:
    play = Play(drawn('<manualTask id="a"/><task id="b"/>', "s", "a", "b", "e"))

    assert play.ended
    assert play.done() == ["s", "a", "b", "e"]


def test_a_script_assigns_results_of_feel() -> None:
    script = '<scriptTask id="a" scriptFormat="feel"><script>total = count(units) * 2\nname = "Đơn vị " + units[1]'
    play = Play(drawn(f"{script}</script></scriptTask>", "s", "a", "e"), units=["VP", "P-TP"])

    assert play.variables["total"] == Decimal(4)
    assert play.variables["name"] == "Đơn vị VP"


def test_a_script_may_have_one_result() -> None:
    script = '<scriptTask id="a" camunda:resultVariable="twice"><script>n * 2</script></scriptTask>'

    assert Play(drawn(script, "s", "a", "e"), n=21).variables["twice"] == 42


def test_a_service_task_sets_what_the_operation_returns() -> None:
    task = '<serviceTask id="a" camunda:delegateExpression="books.enter"/>'
    play = Play(drawn(task, "s", "a", "e"), services={"books.enter": lambda token: {"number": 7}})

    assert play.variables == {"number": Decimal(7)}


def test_an_error_of_a_service_task_is_caught_in_the_diagram() -> None:
    body = (
        '<serviceTask id="a" camunda:delegateExpression="books.enter"/><boundaryEvent id="b" attachedToRef="a">'
        f'<errorEventDefinition errorRef="closed"/></boundaryEvent>{user("again")}'
    )

    def refuse(token: Any) -> None:
        raise BpmnError("closed")

    play = Play(
        drawn(body + flows("b", "again", "e"), "s", "a", "e", outside='<error id="closed" errorCode="closed"/>'),
        services={"books.enter": refuse},
    )

    assert play.tasks == ["again"]


def test_an_external_task_waits_for_its_machine() -> None:
    play = Play(drawn('<serviceTask id="a" camunda:type="external" camunda:topic="seal"/>', "s", "a", "e"))

    assert not play.ended
    assert play.work("seal", sealed=True).ended
    assert play.variables == {"sealed": True}


def test_a_machine_may_raise_an_error() -> None:
    body = (
        '<serviceTask id="a" camunda:type="external" camunda:topic="=&quot;se&quot; + &quot;al&quot;"/>'
        f'<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition/></boundaryEvent>{user("void")}'
    )
    play = Play(drawn(body + flows("b", "void", "e"), "s", "a", "e"))

    assert play.fail("seal", "ANY").tasks == ["void"]


def test_a_send_task_without_work_passes_with_a_warning() -> None:
    play = Play(drawn('<sendTask id="a"/>', "s", "a", "e"))

    assert play.ended
    assert [problem.level for problem in play.problems] == ["warning"]


def test_a_receive_task_waits_for_its_message() -> None:
    play = Play(drawn('<receiveTask id="a" messageRef="m"/>', "s", "a", "e", outside=MESSAGE))

    assert not play.ended
    assert play.send("Phản hồi", answer="đồng ý").ended
    assert play.variables == {"answer": "đồng ý"}


def test_input_parameters_are_the_activity_s_own_and_outputs_leave_it() -> None:
    parameters = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="local">=n + 1</camunda:inputParameter>'
        '<camunda:outputParameter name="result">=local * answer</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    play = Play(drawn(user("a", inner=parameters), "s", "a", "e"), n=1)
    assert play.seen_by("a") == {"n": 1, "local": 2}

    play.complete("a", answer=5)

    assert play.variables == {"n": 1, "answer": 5, "result": 10}


# ------------------------------------------------------------------------------------------------------------ gateways
EXCLUSIVE = (
    f'<exclusiveGateway id="g"/>{user("many")}{user("few")}{flow("g", "many", "n &gt; 10")}{flow("g", "few", "n = 1")}'
    f"{flows('many', 'e')}{flows('few', 'e')}"
)


@pytest.mark.parametrize(("n", "task"), [(11, "many"), (1, "few")])
def test_an_exclusive_gateway_takes_the_first_true_flow(n: int, task: str) -> None:
    assert Play(drawn(EXCLUSIVE, "s", "g"), n=n).tasks == [task]


def test_an_exclusive_gateway_without_a_way_refuses() -> None:
    with pytest.raises(CannotProceed, match="không nhánh nào thỏa"):
        Play(drawn(EXCLUSIVE, "s", "g"), n=5)


def test_conditions_of_other_engines_are_translated() -> None:
    body = f'<exclusiveGateway id="g" default="d"/>{user("a")}{flow("g", "a", "${n == 3 || n == 4}")}'

    data = drawn(body + flow("g", "e", flow_id="d") + flows("a", "e"), "s", "g")

    assert Play(data, n=4).tasks == ["a"]
    assert Play(data, n=5).ended


def test_a_parallel_gateway_waits_for_every_branch() -> None:
    body = f'<parallelGateway id="f"/><parallelGateway id="j"/>{user("a")}{user("b")}{user("c")}'
    play = Play(drawn(body + flows("f", "a", "j") + flows("f", "b", "j") + flows("s", "f"), "j", "c", "e"))

    assert play.tasks == ["a", "b"]
    assert play.complete("b").tasks == ["a"]
    assert play.complete("a").tasks == ["c"]
    assert play.complete("c").ended


def test_a_join_counts_tokens_of_each_flow_round_by_round() -> None:
    """The branch that came last in the first round comes first in the second."""
    body = (
        f'<exclusiveGateway id="m"/><parallelGateway id="f"/><parallelGateway id="j"/>{user("a")}{user("b")}'
        f'<exclusiveGateway id="x" default="out"/>{flows("s", "m", "f")}{flows("f", "a", "j")}{flows("f", "b", "j")}'
        f"{flows('j', 'x')}{flow('x', 'm', 'again')}{flow('x', 'e', flow_id='out')}"
    )
    play = Play(drawn(body))

    play.complete("a").complete("b", again=True)
    assert play.tasks == ["a", "b"]
    play.complete("b")
    assert play.tasks == ["a"]

    assert play.complete("a", again=False).ended


INCLUSIVE = (
    f'<inclusiveGateway id="f" default="d"/><inclusiveGateway id="j"/>{user("a")}{user("b")}{user("c")}'
    f"{flow('f', 'a', 'x')}{flow('f', 'b', 'y')}{flow('f', 'c', flow_id='d')}"
    f"{flows('a', 'j')}{flows('b', 'j')}{flows('c', 'j')}"
)


@pytest.mark.parametrize(("x", "y", "tasks"), [(True, True, ["a", "b"]), (True, False, ["a"]), (False, False, ["c"])])
def test_an_inclusive_gateway_takes_every_true_flow_and_joins_what_it_took(x: bool, y: bool, tasks: list[str]) -> None:
    play = Play(
        drawn(INCLUSIVE + user("after"), "s", "f").replace(
            b"</process>", (flows("j", "after", "e") + "</process>").encode()
        ),
        x=x,
        y=y,
    )

    assert play.tasks == tasks
    for task in tasks:
        assert play.tasks != ["after"]
        play.complete(task)

    assert play.tasks == ["after"]


def test_an_event_gateway_takes_what_comes_first() -> None:
    body = (
        f'<eventBasedGateway id="g"/><intermediateCatchEvent id="answer"><messageEventDefinition messageRef="m"/>'
        f'</intermediateCatchEvent><intermediateCatchEvent id="late">{timer("timeDuration", "P3D")}'
        f"</intermediateCatchEvent>{user('a')}{user('b')}{flows('s', 'g', 'answer', 'a', 'e')}"
        f"{flows('g', 'late', 'b', 'e')}"
    )

    assert Play(drawn(body, outside=MESSAGE)).send("Phản hồi").pass_time(days=9).tasks == ["a"]
    assert Play(drawn(body, outside=MESSAGE)).pass_time(days=9).tasks == ["b"]


def test_flows_out_of_a_task_may_fork_and_have_conditions() -> None:
    body = user("a") + user("b") + user("c") + user("d")
    play = Play(drawn(body + flows("s", "a") + flow("a", "b") + flow("a", "c", "n = 1") + flow("a", "d", "n = 2")))

    assert play.complete("a", n=1).tasks == ["b", "c"]


# -------------------------------------------------------------------------------------------------------------- events
def test_a_timer_waits_its_duration() -> None:
    wait = f'<intermediateCatchEvent id="w">{timer("timeDuration", "PT2H")}</intermediateCatchEvent>'
    play = Play(drawn(wait, "s", "w", "e"))

    assert not play.pass_time(hours=1).ended
    assert play.pass_time(hours=1).ended


def test_a_timer_waits_for_a_date_of_a_variable() -> None:
    wait = f'<intermediateCatchEvent id="w">{timer("timeDate", "=until")}</intermediateCatchEvent>'
    play = Play(drawn(wait, "s", "w", "e"), until="2026-01-03T00:00:00Z")

    assert not play.pass_time(days=1).ended
    assert play.pass_time(days=1).ended


def boundary(inner: str, *, interrupting: bool = True) -> bytes:
    event = f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="{str(interrupting).lower()}">{inner}'
    body = f"{user('a')}{event}</boundaryEvent>{user('late')}{flows('b', 'late', 'e')}"
    return drawn(body, "s", "a", "e", outside=MESSAGE)


def test_an_interrupting_boundary_timer_takes_the_task_away() -> None:
    play = Play(boundary(timer("timeDuration", "P1D"))).pass_time(days=1)

    assert play.tasks == ["late"]
    assert play.done("cancelled") == ["a"]


def test_a_boundary_timer_goes_with_its_task() -> None:
    assert Play(boundary(timer("timeDuration", "P1D"))).complete("a").pass_time(days=2).ended


def test_a_cycle_at_the_boundary_happens_as_often_as_drawn() -> None:
    play = Play(boundary(timer("timeCycle", "R3/PT1H"), interrupting=False)).pass_time(days=1)

    assert play.tasks == ["a", "late", "late", "late"]


def test_a_message_at_the_boundary_may_come_again() -> None:
    play = Play(boundary('<messageEventDefinition messageRef="m"/>', interrupting=False))

    assert play.send("Phản hồi").send("Phản hồi").tasks == ["a", "late", "late"]


def test_a_signal_is_thrown_outwards() -> None:
    throw = '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="sig"/></intermediateThrowEvent>'

    assert Play(drawn(throw, "s", "t", "e", outside=SIGNAL)).ended


def test_a_condition_is_looked_at_when_variables_change() -> None:
    wait = (
        '<intermediateCatchEvent id="w"><conditionalEventDefinition><condition>n &gt; 3</condition>'
        "</conditionalEventDefinition></intermediateCatchEvent>"
    )
    play = Play(drawn(wait, "s", "w", "e"), n=1)

    assert not play.set(n=2).ended
    assert play.set(n=4).ended


def test_links_are_flows() -> None:
    body = (
        '<intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        f'<intermediateCatchEvent id="c"><linkEventDefinition name="L"/></intermediateCatchEvent>{user("a")}'
    )

    assert Play(drawn(body + flows("s", "t"), "c", "a", "e")).tasks == ["a"]


def test_terminate_ends_everything() -> None:
    body = (
        f'<parallelGateway id="f"/>{user("a")}{user("b")}<endEvent id="stop"><terminateEventDefinition/></endEvent>'
        f"{flows('s', 'f', 'a', 'e')}{flows('f', 'b', 'stop')}"
    )
    play = Play(drawn(body)).complete("b")

    assert play.ended
    assert play.done("cancelled") == ["a"]


# ------------------------------------------------------------------------------------------------------- sub-processes
def sub(body: str, name: str = "sub", attributes: str = "") -> str:
    return f'<subProcess id="{name}" {attributes}>{body}</subProcess>'


INNER = f'<startEvent id="is"/>{user("inner")}<endEvent id="ie"/>{flows("is", "inner", "ie")}'


def test_a_sub_process_ends_when_its_tokens_have() -> None:
    play = Play(drawn(sub(INNER) + user("after"), "s", "sub", "after", "e"))

    assert play.complete("inner", n=1).tasks == ["after"]
    assert play.variables == {"n": 1}


def test_an_error_end_is_caught_around_the_sub_process() -> None:
    inner = (
        f'<startEvent id="is"/>{user("inner")}<endEvent id="ie"><errorEventDefinition errorRef="err"/></endEvent>'
        f"{flows('is', 'inner', 'ie')}"
    )
    body = (
        f'{sub(inner)}<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>'
        f"{user('repair')}{flows('b', 'repair', 'e')}"
    )
    play = Play(drawn(body, "s", "sub", "e", outside='<error id="err" errorCode="E1"/>'))

    assert play.complete("inner").tasks == ["repair"]


@pytest.mark.parametrize(("interrupting", "tasks"), [("true", ["handle"]), ("false", ["a", "handle"])])
def test_an_event_sub_process_interrupts_or_not(interrupting: str, tasks: list[str]) -> None:
    handler = sub(
        f'<startEvent id="hs" isInterrupting="{interrupting}"><messageEventDefinition messageRef="m"/></startEvent>'
        f'{user("handle")}<endEvent id="he"/>{flows("hs", "handle", "he")}',
        "handler",
        'triggeredByEvent="true"',
    )
    play = Play(drawn(user("a") + handler, "s", "a", "e", outside=MESSAGE)).send("Phản hồi")

    assert play.tasks == tasks
    for task in tasks:
        play.complete(task)
    assert play.ended


def test_a_called_process_has_variables_and_a_key_of_its_own() -> None:
    called = (
        f'<process id="called" isExecutable="true"><startEvent id="cs"/>{user("work")}<endEvent id="ce"/>'
        f"{flows('cs', 'work', 'ce')}</process>"
    )
    call = (
        '<callActivity id="call" calledElement="called"><extensionElements><camunda:in businessKey="=reply"/>'
        '<camunda:in source="drafter" target="who"/><camunda:in sourceExpression="=n + 1" target="m"/>'
        '<camunda:out source="result" target="answer"/></extensionElements></callActivity>'
    )
    play = Play(drawn(call, "s", "call", "e", outside=called), drafter="cv-tp", n=1, reply="id-1", secret="x")  # noqa: S106 - a variable's name
    assert play.seen_by("work") == {"who": "cv-tp", "m": 2}

    play.complete("work", result="xong", inner=1)

    assert play.ended
    assert play.variables == {"drafter": "cv-tp", "n": 1, "reply": "id-1", "secret": "x", "answer": "xong"}


def test_compensation_undoes_what_was_done() -> None:
    body = (
        f'{user("book")}<boundaryEvent id="b" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>'
        '<userTask id="undo" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="undo"/>'
        '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
    )
    play = Play(drawn(body, "s", "book", "t", "e")).complete("book")

    assert play.tasks == ["undo"]
    assert play.complete("undo").ended


# ------------------------------------------------------------------------------------------------------ multi-instance
COLLECTION = 'camunda:collection="units" camunda:elementVariable="unit"'


def test_parallel_instances_over_a_collection_each_see_their_own() -> None:
    play = Play(drawn(user("a", inner=multi("", COLLECTION)), "s", "a", "e"), units=["VP", "P-TP", "LD"])

    assert play.tasks == ["a", "a", "a"]
    assert play.seen_by("a")["unit"] == "VP"
    assert play.seen_by("a")["nrOfInstances"] == 3
    assert play.complete("a").seen_by("a")["unit"] == "P-TP"
    assert play.complete("a").complete("a").ended


def test_an_empty_collection_passes() -> None:
    assert Play(drawn(user("a", inner=multi("", COLLECTION)), "s", "a", "e"), units=[]).ended


def test_no_collection_is_refused() -> None:
    with pytest.raises(CannotProceed, match="danh sách để lặp"):
        Play(drawn(user("a", inner=multi("", COLLECTION)), "s", "a", "e"))


def test_sequential_instances_come_one_after_the_other() -> None:
    play = Play(
        drawn(user("a", inner=multi("", f'isSequential="true" {COLLECTION}')), "s", "a", "e"), units=["VP", "LD"]
    )

    assert play.tasks == ["a"]
    assert play.complete("a").seen_by("a")["unit"] == "LD"
    assert play.complete("a").ended


def test_a_completion_condition_lets_the_rest_go() -> None:
    inner = multi(
        "<loopCardinality>4</loopCardinality>"
        "<completionCondition>nrOfCompletedInstances / nrOfInstances &gt;= 0.5</completionCondition>"
    )
    play = Play(drawn(user("a", inner=inner), "s", "a", "e")).complete("a").complete("a")

    assert play.ended
    assert play.done("cancelled") == ["a", "a"]


def test_results_are_collected_in_order() -> None:
    inner = multi(
        "<loopDataInputRef>units</loopDataInputRef><loopDataOutputRef>opinions</loopDataOutputRef>"
        '<inputDataItem name="unit"/><outputDataItem name="opinion"/>'
    )
    play = Play(drawn(user("a", inner=inner), "s", "a", "e"), units=["VP", "LD"])

    play.complete("a", opinion="một").complete("a", opinion="hai")

    assert play.variables["opinions"] == ["một", "hai"]


def test_a_standard_loop_goes_on_while_its_condition_holds() -> None:
    inner = "<standardLoopCharacteristics><loopCondition>more</loopCondition></standardLoopCharacteristics>"
    play = Play(drawn(user("a", inner=inner), "s", "a", "e"))

    assert play.complete("a", more=True).tasks == ["a"]
    assert play.complete("a", more=False).ended


@pytest.mark.parametrize(
    ("attributes", "first", "rounds"),
    [
        ('testBefore="true"', False, 0),
        ('testBefore="true"', True, 3),
        ('testBefore="false"', False, 1),
        ('testBefore="true" loopMaximum="2"', True, 2),
        ('loopMaximum="2"', True, 2),
    ],
)
def test_a_standard_loop_may_test_before_and_have_a_maximum(attributes: str, first: bool, rounds: int) -> None:
    condition = "<loopCondition>more</loopCondition>"
    inner = f"<standardLoopCharacteristics {attributes}>{condition}</standardLoopCharacteristics>"
    play = Play(drawn(user("a", inner=inner), "s", "a", "e"), more=first)
    done = 0

    while play.tasks:
        done += 1
        play.complete("a", more=first and done < 3)

    assert done == rounds


# ------------------------------------------------------------------------------------------------------------- bounds
def test_a_loop_of_gateways_is_stopped() -> None:
    body = f'<exclusiveGateway id="a"/><exclusiveGateway id="b" default="out"/>{flow("b", "a", "true")}'

    with pytest.raises(CannotProceed, match="lặp mãi"):
        Play(drawn(body + flow("b", "e", flow_id="out"), "s", "a", "b"))


def test_a_process_that_calls_itself_is_stopped() -> None:
    with pytest.raises(CannotProceed, match="lồng nhau quá sâu"):
        Play(drawn('<callActivity id="c" calledElement="p"/>', "s", "c", "e"))


def test_five_hundred_nodes_in_a_row() -> None:
    names = [f"t{number}" for number in range(500)]
    play = Play(drawn("".join(f'<task id="{name}"/>' for name in names), "s", *names, "e"))

    assert play.ended
    assert len(play.done()) == 502


def test_ids_of_the_library_s_own_nodes_are_free_for_the_diagram() -> None:
    body = f'<startEvent id="Start"/>{user("End")}<endEvent id="root"/>{flows("Start", "End", "root")}'

    assert Play(diagram(body)).complete("End").ended


def test_flows_need_no_ids() -> None:
    body = (
        f'{START}{user("a")}{END}<sequenceFlow sourceRef="s" targetRef="a"/><sequenceFlow sourceRef="a" targetRef="e"/>'
    )

    assert Play(diagram(body)).complete("a").ended


def test_a_long_loop_beside_a_waiting_branch_does_not_grow() -> None:
    body = (
        f'<parallelGateway id="f"/><exclusiveGateway id="m"/>{user("beside")}{user("round")}'
        f"{flows('s', 'f', 'beside', 'e')}{flows('f', 'm', 'round', 'm')}"
    )
    play = Play(drawn(body)).complete("round")
    before = play.bytes

    for _ in range(300):
        play.complete("round")

    assert play.bytes <= before + 10
