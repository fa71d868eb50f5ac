"""Who catches what is thrown: errors, escalations, signals, cancellations."""

from typing import Any

import pytest

from engine.errors import CannotProceed
from tests.engine.diagrams import diagram, flow, flows, user
from tests.engine.memory import Play

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
DECLARED = (
    '<error id="e1" errorCode="E1" camunda:errorMessage="=&quot;vì &quot; + why"/><error id="e2" errorCode="E2"/>'
    '<escalation id="x1" escalationCode="X1"/><escalation id="x2" escalationCode="X2"/>'
    '<signal id="sig" name="Nghỉ"/><message id="m" name="M"/>'
)


def error(reference: str = "e1", attributes: str = "") -> str:
    return f'<errorEventDefinition errorRef="{reference}" {attributes}/>'


def escalation(reference: str = "x1", attributes: str = "") -> str:
    return f'<escalationEventDefinition escalationRef="{reference}" {attributes}/>'


SIGNAL = '<signalEventDefinition signalRef="sig"/>'


def sub(name: str, body: str, attributes: str = "") -> str:
    return f'<subProcess id="{name}" {attributes}>{body}</subProcess>'


def handler(name: str, event: str, inner: str, *, interrupting: bool = True) -> str:
    """An event sub-process."""
    start = f'<startEvent id="{name}s" isInterrupting="{str(interrupting).lower()}">{event}</startEvent>'
    return sub(name, start + inner, 'triggeredByEvent="true"')


def boundary(name: str, host: str, event: str, *, interrupting: bool = True) -> str:
    flag = str(interrupting).lower()
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{flag}">{event}</boundaryEvent>'


def end(name: str, event: str) -> str:
    return f'<endEvent id="{name}">{event}</endEvent>'


def throw(name: str, event: str) -> str:
    return f'<intermediateThrowEvent id="{name}">{event}</intermediateThrowEvent>'


def called(body: str) -> str:
    return f'<process id="q" isExecutable="true"><startEvent id="qs"/>{body}</process>'


def play(body: str, *, outside: str = "", **given: Any) -> Play:
    return Play(diagram(START + body + END, outside=DECLARED + outside), **given)


# ------------------------------------------------------------------------------------------------------------- errors
FAILING = f'<startEvent id="is"/>{end("ie", error())}{flows("is", "ie")}'


def test_a_catcher_learns_code_and_message() -> None:
    event = error("e1", 'camunda:errorCodeVariable="code" camunda:errorMessageVariable="told"')
    body = f"{sub('sub', FAILING)}{boundary('b', 'sub', event)}{user('a')}{flows('s', 'sub')}{flows('b', 'a')}"

    assert play(body, why="thiếu chữ ký").variables == {"why": "thiếu chữ ký", "code": "E1", "told": "vì thiếu chữ ký"}


def test_the_more_exact_event_catches() -> None:
    body = (
        f"{sub('sub', FAILING)}{boundary('any', 'sub', '<errorEventDefinition/>')}{boundary('one', 'sub', error())}"
        f"{user('a')}{user('b')}{flows('s', 'sub')}{flows('any', 'a')}{flows('one', 'b')}"
    )

    assert play(body).tasks == ["b"]


def test_an_event_sub_process_may_throw_what_it_caught_to_the_border() -> None:
    again = handler("h", error(), f"{user('i')}{end('he', error())}{flows('hs', 'i', 'he')}")
    body = (
        f"{sub('sub', FAILING + again)}{boundary('b', 'sub', error())}{user('a')}{flows('s', 'sub')}{flows('b', 'a')}"
    )

    assert play(body).complete("i").tasks == ["a"]


def test_an_event_sub_process_may_throw_to_another_of_its_scope() -> None:
    first = handler("f", escalation("x1"), end("fe", escalation("x2")) + flows("fs", "fe"), interrupting=False)
    second = handler("g", escalation("x2"), user("i") + flows("gs", "i"), interrupting=False)
    inner = f'<startEvent id="is"/>{throw("it", escalation("x1"))}{user("w")}{flows("is", "it", "w")}{first}{second}'

    assert sorted(play(sub("sub", inner) + flows("s", "sub")).tasks) == ["i", "w"]


def test_variables_leave_a_called_process_with_what_it_throws() -> None:
    call = (
        '<callActivity id="call" calledElement="q"><extensionElements><camunda:out source="n" target="m"/>'
        "</extensionElements></callActivity>"
    )
    process = called(f"{user('w')}{end('qe', error())}{flows('qs', 'w', 'qe')}")
    body = f"{call}{boundary('b', 'call', error())}{user('a')}{flows('s', 'call')}{flows('b', 'a')}"

    assert play(body, outside=process).complete("w", n=7).variables == {"m": 7}


def test_an_error_that_nobody_catches_only_ends_its_path() -> None:
    body = f'<parallelGateway id="g"/>{user("a")}{end("x", error())}{flows("s", "g", "a", "e")}{flows("g", "x")}'

    assert play(body).tasks == ["a"]


# -------------------------------------------------------------------------------------------------------- escalations
@pytest.mark.parametrize(("interrupting", "tasks"), [(True, ["a"]), (False, ["a", "w"])])
def test_an_escalation_reaches_the_caller(interrupting: bool, tasks: list[str]) -> None:
    process = called(f"{throw('qt', escalation())}{user('w')}{flows('qs', 'qt', 'w')}")
    event = escalation("x1", 'camunda:escalationCodeVariable="code"')
    body = (
        f'<callActivity id="call" calledElement="q"/>{boundary("b", "call", event, interrupting=interrupting)}'
        f"{user('a')}{flows('s', 'call')}{flows('b', 'a')}"
    )
    found = play(body, outside=process)

    assert sorted(found.tasks) == tasks
    assert found.variables == {"code": "X1"}


def test_an_event_without_a_code_catches_every_escalation() -> None:
    inner = f'<startEvent id="is"/>{throw("it", escalation("x2"))}{user("w")}{flows("is", "it", "w")}'
    event = "<escalationEventDefinition/>"
    body = (
        f"{sub('sub', inner)}{boundary('b', 'sub', event, interrupting=False)}{user('a')}{flows('s', 'sub')}"
        f"{flows('b', 'a')}"
    )

    assert sorted(play(body).tasks) == ["a", "w"]


# ------------------------------------------------------------------------------------------------------------ signals
def test_a_signal_is_received_in_its_own_instance_before_what_follows_it() -> None:
    """Otherwise the termination behind it would take the receiver away."""
    wait = f'<intermediateCatchEvent id="w">{SIGNAL}</intermediateCatchEvent>'
    inner = (
        f'<startEvent id="is"/><parallelGateway id="g"/>{wait}{user("a")}{throw("t", SIGNAL)}'
        f'<serviceTask id="note" camunda:expression="=1" camunda:resultVariable="heard"/>'
        f"{end('stop', '<terminateEventDefinition/>')}{flows('is', 'g', 'w', 'note')}{flows('g', 'a', 't', 'stop')}"
    )
    found = play(sub("sub", inner) + user("b") + flows("s", "sub", "b")).complete("a")

    assert found.tasks == ["b"]
    assert "w" in found.done()


def test_a_signal_may_take_its_own_thrower_away() -> None:
    inner = f'<startEvent id="is"/>{throw("t", SIGNAL)}{user("w")}{flows("is", "t", "w")}'
    body = f"{sub('sub', inner)}{boundary('b', 'sub', SIGNAL)}{user('a')}{flows('s', 'sub')}{flows('b', 'a')}"

    assert play(body).tasks == ["a"]


def test_names_may_be_expressions() -> None:
    named = '<message id="n" name="Phản hồi ${number}"/>'
    wait = '<receiveTask id="w" messageRef="n"/>'

    assert play(wait + flows("s", "w", "e"), outside=named, number=7).send("Phản hồi 7").ended


# ------------------------------------------------------------------------------------------------------- cancellation
def test_a_cancelled_transaction_terminates_what_runs_then_undoes_what_was_done() -> None:
    def undone(name: str) -> str:
        compensate = boundary(f"c{name}", name, "<compensateEventDefinition/>")
        return (
            f'{user(name)}{compensate}<userTask id="undo-{name}" isForCompensation="true"/>'
            f'<association id="as{name}" sourceRef="c{name}" targetRef="undo-{name}"/>'
        )

    inner = (
        f'<startEvent id="ts"/>{undone("a")}{undone("b")}<parallelGateway id="g"/>{user("open")}{user("decide")}'
        f"{end('te', '<cancelEventDefinition/>')}{flows('ts', 'a', 'b', 'g', 'open')}{flows('g', 'decide', 'te')}"
    )
    body = (
        f'<transaction id="tx">{inner}</transaction>{boundary("b0", "tx", "<cancelEventDefinition/>")}{user("after")}'
        f"{flows('s', 'tx')}{flows('b0', 'after')}"
    )
    found = play(body).complete("a").complete("b").complete("decide")

    assert found.tasks == ["undo-b"]
    assert found.complete("undo-b").tasks == ["undo-a"]
    assert found.complete("undo-a").tasks == ["after"]


# ---------------------------------------------------------------------------------------------------------- no way out
def test_a_token_without_an_open_way_does_not_vanish() -> None:
    body = user("a") + user("b") + user("c") + flows("s", "a") + flow("a", "b", "n = 1") + flow("a", "c", "n = 2")

    with pytest.raises(CannotProceed, match="không nhánh nào thỏa"):
        play(body).complete("a", n=3)


def test_a_process_that_nothing_begins_cannot_be_called() -> None:
    process = (
        '<process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition messageRef="m"/></startEvent>'
        f'<endEvent id="qe"/>{flows("qs", "qe")}</process>'
    )

    with pytest.raises(CannotProceed, match="không có khởi đầu"):
        play('<callActivity id="call" calledElement="q"/>' + flows("s", "call"), outside=process)
