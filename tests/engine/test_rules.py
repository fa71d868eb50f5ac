"""Rules of BPMN that a drawing may break, parts that are not run, files that are not read: each is refused by name."""

import time

import pytest

from engine import operations
from engine.errors import Problem
from tests.engine.diagrams import NAMESPACES, diagram, flow, flows, linear, user

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
DECLARED = (
    '<message id="m" name="M"/><message id="m2" name="M"/><error id="blank"/><error id="err" errorCode="E"/>'
    '<escalation id="esc" escalationCode="X"/><escalation id="blank-x"/><signal id="sig" name="S"/>'
)
COMPENSATE = "<compensateEventDefinition/>"
MESSAGE, SECOND = '<messageEventDefinition messageRef="m"/>', '<messageEventDefinition messageRef="m2"/>'


def found(data: bytes, level: str = "error") -> list[Problem]:
    return [problem for problem in operations.check_process({"p.bpmn": data}) if problem.level == level]


def drawn(body: str, *chain: str) -> bytes:
    return diagram(f"{START}{body}{END}{flows(*chain)}", outside=DECLARED)


def boundary(name: str, host: str, event: str) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}">{event}</boundaryEvent>'


def sub(name: str, body: str, attributes: str = "") -> str:
    return f'<subProcess id="{name}" {attributes}>{body}</subProcess>'


def handled(name: str, event: str) -> str:
    start = f'<startEvent id="{name}s">{event}</startEvent>'
    return sub(name, f'{start}<task id="{name}t"/>{flows(f"{name}s", f"{name}t")}', 'triggeredByEvent="true"')


def undo(event: str, task: str, attributes: str = 'isForCompensation="true"') -> str:
    return f'<task id="{task}" {attributes}/><association id="{event}-{task}" sourceRef="{event}" targetRef="{task}"/>'


INNER = f'<startEvent id="is"/><task id="i"/>{flows("is", "i")}'
BODIES = {
    # compensation
    "a handler that is none": (
        user("a") + boundary("c", "a", COMPENSATE) + undo("c", "u", ""),
        "c",
        "đúng một bước bù",
    ),
    "two handlers": (
        user("a") + boundary("c", "a", COMPENSATE) + undo("c", "u") + undo("c", "v"),
        "c",
        "đúng một bước bù trừ",
    ),
    "a way out of compensation": (
        user("a") + boundary("c", "a", COMPENSATE) + undo("c", "u") + flow("c", "e"),
        "c",
        "không có luồng đi ra",
    ),
    "a handler on the way": (
        user("a") + boundary("c", "a", COMPENSATE) + undo("c", "u") + flow("u", "e"),
        "u",
        "không được nối bằng luồng",
    ),
    "two events of compensation": (
        user("a") + boundary("c", "a", COMPENSATE) + undo("c", "u") + boundary("d", "a", COMPENSATE) + undo("d", "v"),
        "a",
        "nhiều sự kiện biên bù trừ",
    ),
    "compensation of the unknown": (
        user("a") + '<endEvent id="x"><compensateEventDefinition activityRef="q"/></endEvent>' + flow("a", "x"),
        "x",
        "bù trừ “q” không có",
    ),
    "compensation that is not waited for": (
        user("a") + '<endEvent id="x"><compensateEventDefinition waitForCompletion="0"/></endEvent>' + flow("a", "x"),
        "x",
        "waitForCompletion",
    ),
    "compensation of a whole process": (user("a") + handled("h", COMPENSATE), "h", "không ai bù trừ"),
    "compensation twice inside": (
        user("a") + sub("p1", INNER + handled("h", COMPENSATE) + handled("g", COMPENSATE)) + flows("a", "p1"),
        "g",
        "nhiều quy trình con sự kiện bù trừ",
    ),
    "compensation inside and at the border": (
        user("a")
        + sub("p1", INNER + handled("h", COMPENSATE))
        + boundary("c", "p1", COMPENSATE)
        + undo("c", "u")
        + flows("a", "p1"),
        "p1",
        "vừa có sự kiện biên bù trừ",
    ),
    # events
    "an error without a code": (
        user("a") + '<endEvent id="x"><errorEventDefinition errorRef="blank"/></endEvent>' + flow("a", "x"),
        "x",
        "không có mã lỗi",
    ),
    "an escalation without a code": (
        user("a") + '<endEvent id="x"><escalationEventDefinition escalationRef="blank-x"/></endEvent>' + flow("a", "x"),
        "x",
        "không có mã (escalationCode)",
    ),
    "an escalation that is not there": (
        user("a") + boundary("b", "a", '<escalationEventDefinition escalationRef="q"/>') + flow("b", "e"),
        "b",
        "“q” không có trong sơ đồ",
    ),
    "a message heard twice": (
        user("a") + boundary("b", "a", MESSAGE) + boundary("c", "a", SECOND) + flow("b", "e") + flow("c", "e"),
        "c",
        "không biết sự kiện nào nhận",
    ),
    "a message heard twice in a scope": (user("a") + handled("g", MESSAGE) + handled("h", SECOND), "h", "cùng một"),
    "a way past the event gateway": (
        user("a")
        + f'<eventBasedGateway id="g"/><intermediateCatchEvent id="w">{MESSAGE}</intermediateCatchEvent>'
        + flows("a", "g", "w", "e")
        + flow("a", "w", flow_id="past"),
        "w",
        "luồng vào nào khác",
    ),
    "an event on an event sub-process": (
        user("a") + handled("h", MESSAGE) + boundary("b", "h", MESSAGE) + flow("b", "e"),
        "b",
        "không gắn vào bước nào",
    ),
    "work of a machine behind an event": (
        user("a") + '<endEvent id="x"><messageEventDefinition camunda:class="a.B"/></endEvent>' + flow("a", "x"),
        "x",
        "việc của máy",
    ),
    "changes of another kind": (
        user("a")
        + boundary(
            "b",
            "a",
            '<conditionalEventDefinition camunda:variableEvents="grow"><condition>n</condition>'
            "</conditionalEventDefinition>",
        )
        + flow("b", "e"),
        "b",
        "create, update, delete",
    ),
    # activities, gateways, scopes
    "two starts inside": (
        user("a") + sub("p1", INNER + f'<startEvent id="it"/>{flow("it", "i")}') + flows("a", "p1"),
        "p1",
        "nhiều sự kiện khởi đầu",
    ),
    "a condition out of a fork": (
        user("a") + '<parallelGateway id="g"/>' + flow("a", "g") + flow("g", "e", "n = 1", "f"),
        "f",
        "không được có điều kiện",
    ),
    "more tokens than one": ('<task id="a" startQuantity="2"/>', "a", "startQuantity"),
    "events of single rounds": (
        '<task id="a"><multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality>'
        "</multiInstanceLoopCharacteristics></task>",
        "a",
        "behavior",
    ),
    "mail": ('<sendTask id="a" camunda:type="mail"/>', "a", "loại mail"),
    "a shell": ('<serviceTask id="a" camunda:type="shell"/>', "a", "loại shell"),
    "data passed by Java": (
        '<callActivity id="a" calledElement="q" camunda:variableMappingClass="a.B"/>',
        "a",
        "truyền dữ liệu bằng lớp Java",
    ),
    # extensions
    "a listener of Java": (
        user(
            "a", inner='<extensionElements><camunda:executionListener event="start" class="a.B"/></extensionElements>'
        ),
        "a",
        "không phải lớp Java",
    ),
    "a listener of another time": (
        user("a", inner='<extensionElements><camunda:taskListener event="update" class="a.B"/></extensionElements>'),
        "a",
        "“update” của “a” chưa chạy được",
    ),
    "parameters of a start": (
        user("a")
        + sub(
            "p1",
            '<startEvent id="is"><extensionElements><camunda:inputOutput><camunda:inputParameter name="n">1'
            "</camunda:inputParameter></camunda:inputOutput></extensionElements></startEvent>",
        )
        + flows("a", "p1"),
        "is",
        "không dùng được ở",
    ),
    "a parameter without a name": (
        user(
            "a",
            inner="<extensionElements><camunda:inputOutput><camunda:inputParameter>1</camunda:inputParameter>"
            "</camunda:inputOutput></extensionElements>",
        ),
        "a",
        "tham số không tên",
    ),
    "half of what is passed": (
        '<callActivity id="a" calledElement="q"><extensionElements><camunda:in source="n"/></extensionElements>'
        "</callActivity>",
        "a",
        "phải có cả nguồn",
    ),
    "a condition in another language": (
        user("a") + '<sequenceFlow id="f" sourceRef="a" targetRef="e"><conditionExpression language="python">a'
        "</conditionExpression></sequenceFlow>",
        "f",
        "phải viết bằng FEEL, không phải python",
    ),
    "half of an expression": ('<userTask id="a" camunda:assignee="${head(unit)"/>', "a", "thiếu dấu đóng"),
}


@pytest.mark.parametrize(("body", "element", "sentence"), BODIES.values(), ids=BODIES.keys())
def test_a_broken_rule_is_told_where_it_is_broken(body: str, element: str, sentence: str) -> None:
    problems = found(drawn(body, "s", "a", "e"))

    assert [p for p in problems if p.element_id == element and sentence in p.sentence], problems


def test_a_listener_at_a_flow_or_a_process_is_refused() -> None:
    listener = '<extensionElements><camunda:executionListener event="take" expression="${a}"/></extensionElements>'
    body = f'<task id="a"/>{flow("s", "a")}<sequenceFlow id="f" sourceRef="a" targetRef="e">{listener}</sequenceFlow>'

    assert [p.element_id for p in found(diagram(START + body + END))] == ["f"]


def test_two_messages_of_one_name_do_not_start_one_process() -> None:
    starts = f'<startEvent id="a">{MESSAGE}</startEvent><startEvent id="b">{SECOND}</startEvent>'

    assert [
        p.element_id for p in found(diagram(f"{starts}{END}{flow('a', 'e')}{flow('b', 'e')}", outside=DECLARED))
    ] == ["b"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (user("a") + boundary("c", "a", COMPENSATE), "nên không bù trừ gì"),
        ('<userTask id="a" camunda:assignee="x" camunda:jobPriority="3"/>', "jobPriority của “a” không có tác dụng"),
        ('<userTask id="a" camunda:assignee="x" xmlns:f="http://f" f:b="1"/>', "thuộc tính của http://f"),
    ],
)
def test_what_has_no_effect_is_told(body: str, sentence: str) -> None:
    data = drawn(body, "s", "a", "e")

    assert found(data) == []
    assert any(sentence in problem.sentence for problem in found(data, "warning"))


# -------------------------------------------------------------------------------------------------------- hostile files
def nested(depth: int) -> bytes:
    opening = "".join(
        f'<subProcess id="p{n}"><startEvent id="s{n}"/>{flow(f"s{n}", f"p{n + 1}")}' for n in range(depth)
    )
    return diagram(f'{START}{opening}<task id="p{depth}"/>{"</subProcess>" * depth}{flow("s", "p0")}')


def row(number: int) -> bytes:
    names = [f"t{n}" for n in range(number)]
    return diagram(START + "".join(f'<task id="{name}"/>' for name in names) + flows("s", *names))


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE d [<!ENTITY a0 "ha">{entities}]><definitions {NAMESPACES}>&a9;</definitions>'.encode()


HOSTILE = {
    "a bomb of entities": (bomb(), "DOCTYPE"),
    "an entity of a file": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + linear("a").replace(b'name="a"', b'name="&x;"'),
        "DOCTYPE",
    ),
    "a declaration in another encoding": (
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d []>' + linear("a").decode()).encode("utf-16"),
        "DOCTYPE",
    ),
    "depth of scopes": (nested(25), "lồng nhau 25 tầng"),
    "depth of anything": (b"<a>" * 100_000, "không phải XML đúng"),
    "ten thousand nodes": (row(10_000), "tối đa 5000"),
    "a huge file": (linear("a") + b" " * 3_000_000, "quá lớn"),
    "nothing": (b"", "không phải XML đúng"),
    "bytes": (bytes(range(256)), "không phải XML đúng"),
}


@pytest.mark.parametrize(("data", "sentence"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_quickly(data: bytes, sentence: str) -> None:
    began = time.process_time()
    (problem,) = found(data)

    assert sentence in problem.sentence
    assert time.process_time() - began < 2


def test_as_many_nodes_as_are_allowed_are_read_in_time() -> None:
    began = time.process_time()

    assert found(row(4_900)) == []
    assert time.process_time() - began < 20
