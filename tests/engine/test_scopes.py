"""Which variables are known at an element: everything that may be there, and nothing that cannot be."""

import json
from typing import Any

import pytest
from lxml import etree

from engine.bpmn import brought
from engine.bpmn.scopes import AFTER, BEFORE, INSIDE, Scope, Scopes, Surroundings
from tests.engine.diagrams import diagram, flow, flows, user

START = (
    '<startEvent id="s"><extensionElements><camunda:formData><camunda:formField id="page_count" type="long"/>'
    "</camunda:formData></extensionElements></startEvent>"
)
END = '<endEvent id="e"/>'


def form(*fields: dict[str, Any]) -> bytes:
    return json.dumps({"type": "default", "id": "f", "components": fields}).encode()


def script(name: str, *lines: str) -> str:
    return f'<scriptTask id="{name}"><script>{chr(10).join(lines)}</script></scriptTask>'


def at(body: str, element: str, moment: str = INSIDE, **known: Any) -> Scope:
    return Scopes(etree.fromstring(diagram(START + body + END)), Surroundings(**known)).at(element, moment)


def seen(body: str, element: str, moment: str = INSIDE, **known: Any) -> set[str]:
    return {name for name in at(body, element, moment, **known).names if name != "execution"}


def test_a_start_without_a_form_may_bring_anything() -> None:
    scopes = Scopes(etree.fromstring(diagram(f'<startEvent id="s"/>{END}{flows("s", "e")}')), Surroundings())

    assert not scopes.at("e").is_closed
    assert "“s”: khởi đầu không có biểu mẫu" in scopes.at("e").openings[0]


def test_fields_of_a_form_are_known_behind_its_task_with_type_label_and_choices() -> None:
    fields = form(
        {"type": "radio", "key": "outcome", "label": "Kết quả", "values": [{"value": "yes", "label": "Đồng ý"}]},
        {"type": "number", "key": "fee.amount", "label": "Số tiền"},
    )
    body = user("a", 'camunda:formKey="f"') + flows("s", "a", "e")
    files = brought.read({"f.form": fields})

    assert seen(body, "a", files=files) == {"page_count"}
    behind = at(body, "a-e", files=files)
    assert {"page_count", "outcome", "fee"} <= behind.names
    assert behind.is_closed
    assert behind.types == {
        **{name: kind for name, kind in behind.types.items() if name.startswith("execution")},
        "page_count": "number",
        "outcome": "string",
        "fee": "context",
        "fee.amount": "number",
    }
    outcome = behind.find("outcome")
    assert outcome is not None
    assert (outcome.label, outcome.choices, outcome.element_id) == ("Kết quả", (('"yes"', "Đồng ý"),), "a")


def test_what_comes_later_is_not_there_yet_but_in_a_loop_it_is() -> None:
    nodes = script("a", "early = 1") + script("b", "late = 1")
    once = nodes + flows("s", "a", "b", "e")
    again = nodes + flows("s", "a", "b", "e") + flow("b", "a", "early = 1", "back")

    assert seen(once, "a") == {"page_count"}
    assert seen(once, "b") == {"page_count", "early"}
    assert seen(again, "a") == {"page_count", "early", "late"}


def test_both_ways_of_a_choice_count_behind_it() -> None:
    body = '<exclusiveGateway id="g"/>' + script("a", "left = 1") + script("b", "right = 1")
    body += user("c") + flows("s", "g", "a", "c", "e") + flows("g", "b", "c")

    assert seen(body, "c") == {"page_count", "left", "right"}
    assert seen(body, "a") == {"page_count"}
    assert seen(body, "g-b") == {"page_count"}


def test_a_branch_beside_may_have_written() -> None:
    body = '<parallelGateway id="g"/><parallelGateway id="j"/>' + script("a", "left = 1") + script("b", "right = 1")
    body += script("c", "behind = 1") + flows("s", "g", "a", "j", "c", "e") + flows("g", "b", "j")

    assert seen(body, "b") == {"page_count", "left"}
    assert seen(body, "c") == {"page_count", "left", "right"}


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ('<errorEventDefinition camunda:errorCodeVariable="code"/>', {"page_count", "inner", "code"}),
        ("<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>", {"page_count", "inner"}),
    ],
)
def test_behind_a_boundary_event_everything_of_its_host_may_be_there(event: str, names: set[str]) -> None:
    inside = f'<startEvent id="s2"/>{script("a", "inner = 1")}<endEvent id="e2"/>{flows("s2", "a", "e2")}'
    body = (
        f'<subProcess id="sub">{inside}</subProcess><boundaryEvent id="b" attachedToRef="sub">{event}</boundaryEvent>'
    )
    body += user("c") + flows("s", "sub", "e") + flows("b", "c", "e")

    assert seen(body, "c") == names


def test_what_an_event_beside_has_begun_is_seen_while_its_host_is_open() -> None:
    boundary = '<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><timerEventDefinition/></boundaryEvent>'
    body = user("a") + boundary + script("c", "reminded = 1") + user("d")
    body += flows("s", "a", "d", "e") + flows("b", "c")

    assert seen(body, "d") == {"page_count", "reminded"}
    assert "reminded" in seen(body, "a", AFTER)


def test_an_event_subprocess_sees_its_scope_and_is_seen_when_it_takes_nothing_away() -> None:
    start = '<startEvent id="s2" isInterrupting="{}"><signalEventDefinition signalRef="x"/></startEvent>'
    inside = f"{start}{script('h', 'handled = 1')}{flows('s2', 'h')}"
    body = script("a", "done = 1") + user("b") + flows("s", "a", "b", "e")
    event = f'<subProcess id="sub" triggeredByEvent="true">{inside}</subProcess>'

    beside = body + event.replace("{}", "false")
    instead = body + event.replace("{}", "true")

    assert seen(beside, "h") == {"page_count", "done", "handled"}
    assert "handled" in seen(beside, "b")
    assert "handled" not in seen(instead, "b")


def test_an_activity_s_own_variables_stay_inside_it() -> None:
    mapping = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="Tên người ký">=page_count</camunda:inputParameter>'
        '<camunda:outputParameter name="total">=page_count</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    loop = '<multiInstanceLoopCharacteristics camunda:collection="units" camunda:elementVariable="unit"/>'
    body = user("a", inner=mapping + loop) + user("b") + flows("s", "a", "b", "e")

    assert {"Tên người ký", "unit", "loopCounter"} <= seen(body, "a")
    assert "unit" not in seen(body, "a", BEFORE)
    assert seen(body, "b") == {"page_count", "total"}


def test_a_subprocess_s_own_variables_are_seen_within() -> None:
    mapping = (
        "<extensionElements><camunda:inputOutput><camunda:inputParameter name='local'>1</camunda:inputParameter>"
        "</camunda:inputOutput></extensionElements>"
    )
    inside = f'{mapping}<startEvent id="s2"/>{user("a")}{flows("s2", "a")}'
    body = f'<subProcess id="sub">{inside}</subProcess>{user("b")}{flows("s", "sub", "b", "e")}'

    assert "local" in seen(body, "a")
    assert "local" not in seen(body, "b")


@pytest.mark.parametrize(
    ("mapping", "names", "kind"),
    [
        ("singleEntry", {"answer"}, ""),
        ("singleResult", {"answer", "Mức phạt"}, "context"),
        ("resultList", {"answer"}, "list"),
    ],
)
def test_a_decision_brings_its_answer_with_its_columns(mapping: str, names: set[str], kind: str) -> None:
    dmn = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="d"><decisionTable>
        <output name="fee" typeRef="number"/><output name="M\xe1\xbb\xa9c ph\xe1\xba\xa1t" typeRef="string"/>
        </decisionTable></decision></definitions>"""
    task = f'<businessRuleTask id="d" camunda:decisionRef="d" camunda:mapDecisionResult="{mapping}" '
    body = f'{task}camunda:resultVariable="answer"/>{flows("s", "d", "e")}'

    behind = at(body, "d-e", files=brought.read({"d.dmn": dmn}))

    assert behind.names - {"execution", "page_count"} == names
    assert behind.types.get("answer", "") == kind


OPENINGS = {
    "an external task": '<serviceTask id="x" name="X" camunda:type="external" camunda:topic="t"/>',
    "a message": '<receiveTask id="x" name="X" messageRef="m"/>',
    "a call that gives back everything": (
        '<callActivity id="x" name="X" calledElement="q"><extensionElements><camunda:out variables="all"/>'
        "</extensionElements></callActivity>"
    ),
    "a form that is not there": user("x", 'name="X" camunda:formKey="other"').replace('name="x" ', ""),
    "an operation that does not say what it sets": '<serviceTask id="x" name="X" camunda:delegateExpression="a.b"/>',
}


@pytest.mark.parametrize("name", OPENINGS)
def test_what_nobody_can_know_opens_the_scope_behind_it_alone(name: str) -> None:
    body = user("before") + OPENINGS[name] + flows("s", "before", "x", "e")

    assert at(body, "before").is_closed
    assert at(body, "x").is_closed
    (opening,) = at(body, "e").openings
    assert opening.startswith("“X”: ")


def test_an_operation_that_says_what_it_sets_opens_nothing() -> None:
    body = f'<serviceTask id="x" camunda:delegateExpression="books.enter"/>{flows("s", "x", "e")}'

    behind = at(body, "e", gives=lambda name: {"number": "Số đến"} if name == "books.enter" else None)

    assert behind.is_closed
    assert "number" in behind.names


def test_a_process_of_thousands_of_elements_is_seen_through() -> None:
    """Bounded by the number of elements, not by the number of ways: 2 to the power of 1,000 here."""
    parts, names = [], ["s"]
    for number in range(1000):
        parts += [f'<exclusiveGateway id="g{number}"/>', script(f"a{number}", f"v{number} = 1"), user(f"b{number}")]
        parts += flow(names[-1], f"g{number}"), flow(f"g{number}", f"a{number}"), flow(f"a{number}", f"b{number}")
        parts += [flow(f"g{number}", f"b{number}")]
        names.append(f"b{number}")

    found = seen("".join(parts) + flow(names[-1], "e"), "e")

    assert len(found) == 1001
