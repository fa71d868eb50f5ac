"""What cannot run as drawn is refused, with element, name, line and a sentence; what is doubtful is told."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import operations
from engine.errors import CannotProceed, Problem
from tests.engine.conftest import Desk
from tests.engine.diagrams import NAMESPACES, diagram, flow, flows, linear, user

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def drawn(body: str, *chain: str, outside: str = "") -> bytes:
    return diagram(f"{START}{body}{END}{flows(*chain)}", outside=outside)


def errors(data: bytes, name: str = "p.bpmn") -> list[Problem]:
    return [problem for problem in operations.check_process({name: data}) if problem.level == "error"]


def warnings(data: bytes, **forms: bytes) -> list[str]:
    resources = {"p.bpmn": data} | {f"{key}.form": content for key, content in forms.items()}
    return [problem.sentence for problem in operations.check_process(resources) if problem.level == "warning"]


REFUSED = {
    "an unknown service": ('<serviceTask id="x" camunda:delegateExpression="no.such"/>', "hệ thống không có việc này"),
    "a service that does nothing": ('<serviceTask id="x"/>', "chưa nói làm việc gì"),
    "an external task without a topic": ('<serviceTask id="x" camunda:type="external"/>', "không có chủ đề"),
    "a Java class": ('<serviceTask id="x" camunda:class="a.b.C"/>', "lớp Java"),
    "a method call": ('<serviceTask id="x" camunda:expression="${bean.call()}"/>', "không gọi được"),
    "a script of another language": (
        '<scriptTask id="x" scriptFormat="groovy"><script>println a</script></scriptTask>',
        "sang FEEL",
    ),
    "a script that is none": ('<scriptTask id="x"><script>import os</script></scriptTask>', "tên = biểu thức"),
    "an expression that cannot be read": ('<userTask id="x" camunda:assignee="=a +"/>', "cột 4"),
    "an unknown function": ('<userTask id="x" camunda:dueDate="=no_such(1)"/>', "Không có hàm “no_such”"),
    "a due date that is none": ('<userTask id="x" camunda:dueDate="mai"/>', "ISO 8601"),
    "a call of nothing": ('<callActivity id="x"/>', "không nói gọi quy trình nào"),
    "a call of a fixed version that says none": (
        '<callActivity id="x" calledElement="q" camunda:calledElementBinding="version"/>',
        "calledElementVersion",
    ),
    "a call bound to the deployment of what is not in it": (
        '<callActivity id="x" calledElement="q" camunda:calledElementBinding="deployment"/>',
        "phải nộp cùng",
    ),
    "an unknown binding": (
        '<callActivity id="x" calledElement="q" camunda:calledElementBinding="newest"/>',
        "calledElementBinding của “x” phải là",
    ),
    "a decision bound to the deployment that is not in it": (
        '<businessRuleTask id="x" camunda:decisionRef="d" camunda:decisionRefBinding="deployment"/>',
        "dùng quyết định “d” không có trong bộ tệp",
    ),
    "an unknown mapping of a decision": (
        '<businessRuleTask id="x" camunda:decisionRef="d" camunda:mapDecisionResult="first"/>',
        "mapDecisionResult của “x”",
    ),
    "a form named twice": (
        '<userTask id="x" camunda:formKey="a" camunda:formRef="b"/>',
        "cả formKey lẫn formRef",
    ),
    "a form bound by tag": (
        '<userTask id="x" camunda:formRef="b" camunda:formRefBinding="versionTag" camunda:formRefVersionTag="1"/>',
        "versionTag",
    ),
    "a complex gateway": ('<complexGateway id="x"/>', "chưa chạy được"),
    "an ad-hoc sub-process": ('<adHocSubProcess id="x"/>', "chưa chạy được"),
    "many without a list": (
        '<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>',
        "không có danh sách hay số lần",
    ),
    "a loop without an end": ('<userTask id="x"><standardLoopCharacteristics/></userTask>', "lặp mà không có"),
    "a sub-process without a start": ('<subProcess id="x"><task id="y"/></subProcess>', "không có sự kiện khởi đầu"),
    "a timer without a time": (
        '<intermediateCatchEvent id="x"><timerEventDefinition/></intermediateCatchEvent>',
        "không có thời điểm",
    ),
    "a cron timer that never comes": (
        '<intermediateCatchEvent id="x"><timerEventDefinition><timeCycle>0 0 31 2 *</timeCycle></timerEventDefinition>'
        "</intermediateCatchEvent>",
        "không bao giờ đến",
    ),
    "a message without a name": (
        '<intermediateCatchEvent id="x"><messageEventDefinition/></intermediateCatchEvent>',
        "không nói tên",
    ),
    "a catch event of nothing": ('<intermediateCatchEvent id="x"/>', "đúng một loại sự kiện"),
    "a link to nowhere": (
        '<intermediateThrowEvent id="x"><linkEventDefinition name="L"/></intermediateThrowEvent>',
        "Không có đích",
    ),
    "four eyes with an unknown task": (
        '<userTask id="x"><extensionElements><moc:differentFrom task="y"/></extensionElements></userTask>',
        "không có bước này",
    ),
    "a deadline that is none": (
        '<userTask id="x"><extensionElements><moc:deadline within="3 ngày"/></extensionElements></userTask>',
        "phải có dạng P2D",
    ),
}


@pytest.mark.parametrize(("body", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_run_is_refused(body: str, sentence: str) -> None:
    found = errors(drawn(f"\n{body}\n", "s", "x", "e"))

    told = [(problem.element_id, problem.line) for problem in found if sentence in problem.sentence]
    assert told in ([("x", 2)], [("x", 2)] * 2), found


WRONG_GRAPHS = {
    "a task nobody reaches": (drawn(user("x"), "s", "e"), "Không luồng nào dẫn tới “x”"),
    "a flow to nowhere": (drawn(flow("s", "zzz"), "s", "e"), "không có trong cùng phạm vi"),
    "a default flow of another": (drawn('<exclusiveGateway id="g" default="q"/>', "s", "g", "e"), "không đi ra từ"),
    "an id used twice": (drawn(user("a") + user("a"), "s", "a", "e"), "dùng hai lần"),
    "two starts": (diagram(f'{START}<startEvent id="t"/>{END}{flows("s", "e")}{flows("t", "e")}'), "nhiều khởi đầu"),
    "no start": (diagram(END), "không có sự kiện khởi đầu"),
    "an event gateway to a task": (
        drawn('<eventBasedGateway id="g"/>' + user("x"), "s", "g", "x", "e"),
        "chỉ được là sự kiện chờ",
    ),
    "a boundary event on nothing": (
        drawn('<boundaryEvent id="b" attachedToRef="q"><errorEventDefinition/></boundaryEvent>', "s", "e"),
        "không gắn vào bước nào",
    ),
    "cancel without a transaction": (
        diagram(f'{START}<endEvent id="e"><cancelEventDefinition/></endEvent>{flows("s", "e")}'),
        "trong giao dịch",
    ),
    "nothing that may be started": (linear("a").replace(b'isExecutable="true"', b'isExecutable="false"'), "thực thi"),
    "no XML": (b"<definitions", "không phải XML đúng"),
    "no BPMN": (b"<html/>", "không phải sơ đồ BPMN"),
    "entities": (b'<!DOCTYPE d [<!ENTITY x "y">]>' + linear("a"), "DOCTYPE"),
    "a huge file": (linear("a") + b" " * 6_000_000, "quá lớn"),
}


@pytest.mark.parametrize(("data", "sentence"), WRONG_GRAPHS.values(), ids=WRONG_GRAPHS.keys())
def test_a_wrong_drawing_is_refused(data: bytes, sentence: str) -> None:
    found = errors(data)

    assert any(sentence in problem.sentence for problem in found), found


def test_all_problems_are_told_at_once_with_their_places() -> None:
    body = f'{START}\n<userTask id="a" name="Soạn" camunda:assignee="=("/>\n<serviceTask id="b" name="Gửi"/>\n{END}'

    found = errors(diagram(body + flows("s", "a", "b", "e")))

    assert [(p.element_id, p.element_name, p.line) for p in found] == [("a", "Soạn", 2), ("b", "Gửi", 3)]


def test_a_deadline_of_a_thousand_years_is_refused_at_once(desk: Desk) -> None:
    deadline = '<extensionElements><moc:deadline within="=working_days(days)"/></extensionElements>'
    desk.deploy(diagram(f'<startEvent id="s"/>{user("a", "", deadline)}<endEvent id="e"/>{flows("s", "a", "e")}'))

    with pytest.raises(CannotProceed, match="working_days"):
        desk.start(days=250_000)


@pytest.mark.parametrize("place", ['<moc:deadline within="=working_days("/>', '<moc:deadline within="=1 +"/>'])
def test_a_deadline_that_cannot_be_read_is_told_once(place: str) -> None:
    inner = f"<extensionElements>{place}</extensionElements>"

    found = errors(drawn(user("x", inner=inner), "s", "x", "e"))

    assert [problem.element_id for problem in found] == ["x"]
    assert "Biểu thức" in found[0].sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (user("x", ""), "chưa giao cho ai"),
        (user("x", 'camunda:assignee="a" camunda:formKey="trinh"'), "không có trong bộ tệp"),
        ('<sendTask id="x"/>', "chỉ đi qua"),
        ('<receiveTask id="x"/>', "không nói chờ thông điệp nào"),
        (user("x", inner='<extensionElements><zeebe:a xmlns:zeebe="z"/></extensionElements>'), "không có tác dụng"),
    ],
)
def test_what_is_doubtful_is_told_and_deployed(body: str, sentence: str) -> None:
    data = drawn(body, "s", "x", "e")

    assert errors(data) == []
    assert any(sentence in told for told in warnings(data))


def test_a_form_among_the_files_is_found() -> None:
    data = drawn(user("x", 'camunda:assignee="a" camunda:formKey="trinh"'), "s", "x", "e")

    assert warnings(data, trinh=b"{}") == []


def test_a_gateway_without_a_default_is_told() -> None:
    body = f'<exclusiveGateway id="g"/>{user("a")}{flow("g", "a", "n = 1")}{flow("g", "e", "n = 2")}{flows("a", "e")}'

    assert any("không có nhánh mặc định" in told for told in warnings(drawn(body, "s", "g")))


def test_no_diagram_at_all_is_refused() -> None:
    (problem,) = [one for one in operations.check_process({"a.txt": b"{}"}) if one.level == "error"]

    assert "không có sơ đồ" in problem.sentence


def test_a_pool_drawn_for_show_is_left_alone() -> None:
    shown = '<process id="citizen" isExecutable="false"><task id="t"/><complexGateway id="c"/></process>'

    assert errors(drawn(user("x"), "s", "x", "e", outside=shown)) == []


def test_vendor_namespaces_are_equal() -> None:
    body = drawn(user("x", 'camunda:assignee="=("'), "s", "x", "e")
    other = body.replace(b"camunda.org/schema/1.0/bpmn", b"operaton.org/schema/1.0/bpmn")

    assert [p.sentence for p in errors(body)] == [p.sentence for p in errors(other)]


@pytest.fixture(params=["linear", "forms"])
def broken(request: Any) -> Callable[[bytes], bytes]:
    """Bytes damaged in many places."""
    return {"linear": lambda data: data[: len(data) // 2], "forms": lambda data: data.replace(b"id=", b"ix=")}[
        request.param
    ]


def test_damaged_files_are_refused_not_crashed_on(broken: Callable[[bytes], bytes]) -> None:
    assert errors(broken(linear("a", "b")))


def test_names_of_namespaces_do_not_matter() -> None:
    prefixed = (
        f'<b:definitions {NAMESPACES.replace("xmlns=", "xmlns:b=")}><b:process id="p" isExecutable="true">'
        '<b:startEvent id="s"/><b:endEvent id="e"/><b:sequenceFlow id="f" sourceRef="s" targetRef="e"/></b:process>'
        "</b:definitions>"
    )

    assert errors(prefixed.encode()) == []
