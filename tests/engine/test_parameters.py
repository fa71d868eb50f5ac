"""What crosses the border of an activity, how it is written, when it is written; who hears of it."""

from typing import Any

import pytest

from tests.engine.diagrams import diagram, flows, user
from tests.engine.memory import Play

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
CALLED = (
    f'<process id="q" isExecutable="true"><startEvent id="qs"/>{user("w")}<endEvent id="qe"/>{flows("qs", "w", "qe")}'
    "</process>"
)


def extended(*elements: str) -> str:
    return f"<extensionElements>{''.join(elements)}</extensionElements>"


def mapped(*parameters: str) -> str:
    return f"<camunda:inputOutput>{''.join(parameters)}</camunda:inputOutput>"


def given(name: str, inner: str) -> str:
    return f'<camunda:inputParameter name="{name}">{inner}</camunda:inputParameter>'


def returned(name: str, inner: str) -> str:
    return f'<camunda:outputParameter name="{name}">{inner}</camunda:outputParameter>'


def play(body: str, *chain: str, outside: str = "", services: Any = None, **variables: Any) -> Play:
    return Play(diagram(START + body + END + flows(*chain), outside=outside), services=services, **variables)


VALUES = {
    "text": ("Văn bản", "Văn bản"),
    "nothing": ("", None),
    "an expression": ("=n + 1", 3),
    "a list": (
        "<camunda:list><camunda:value>a</camunda:value><camunda:value>${n}</camunda:value>"
        '<camunda:script scriptFormat="feel">n * 2</camunda:script></camunda:list>',
        ["a", 2, 4],
    ),
    "a map": (
        '<camunda:map><camunda:entry key="a">1</camunda:entry><camunda:entry key="${k}">'
        "<camunda:list><camunda:value>=n</camunda:value></camunda:list></camunda:entry></camunda:map>",
        {"a": "1", "b": [2]},
    ),
    "a script": ('<camunda:script scriptFormat="feel">for x in 1..n return x</camunda:script>', [1, 2]),
    "a simple script of another language": ('<camunda:script scriptFormat="groovy">n + 1</camunda:script>', 3),
}


@pytest.mark.parametrize(("inner", "expected"), VALUES.values(), ids=VALUES.keys())
def test_a_parameter_is_a_text_a_list_a_map_or_a_script(inner: str, expected: object) -> None:
    found = play(user("a", inner=extended(mapped(given("x", inner)))), "s", "a", "e", n=2, k="b")

    assert found.seen_by("a")["x"] == expected


def test_what_is_taken_away_gives_its_results_all_the_same() -> None:
    """As in Operaton."""
    task = user("a", inner=extended(mapped(returned("reached", "=step"))))
    late = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    body = (
        f'{task}<boundaryEvent id="b" attachedToRef="a">{late}</boundaryEvent>{user("late")}{flows("b", "late", "e")}'
    )

    assert play(body, "s", "a", "e", step=3).pass_time(hours=1).variables == {"step": 3, "reached": 3}


def test_a_call_may_give_what_is_its_own_and_keep_what_comes_back() -> None:
    inner = extended(
        mapped(given("mine", "=n + 1"), returned("kept", "=back")),
        '<camunda:in variables="all" local="true"/><camunda:out source="m" target="back" local="true"/>',
    )
    found = play(f'<callActivity id="c" calledElement="q">{inner}</callActivity>', "s", "c", "e", outside=CALLED, n=1)

    assert found.seen_by("w") == {"mine": 2}
    assert found.complete("w", m=5).variables == {"n": 1, "kept": 5}


def test_names_of_variables_may_hold_any_letters() -> None:
    inner = extended('<camunda:in source="số đến" target="số"/>')
    call = f'<callActivity id="c" calledElement="q">{inner}</callActivity>'

    assert play(call, "s", "c", "e", outside=CALLED, **{"số đến": 7}).seen_by("w") == {"số": 7}


def test_a_script_of_another_language_that_is_an_expression_gives_its_result() -> None:
    script = '<scriptTask id="a" scriptFormat="juel" camunda:resultVariable="n"><script>${n + 1}</script></scriptTask>'

    assert play(script, "s", "a", "e", n=1).variables["n"] == 2


def test_the_starter_is_told() -> None:
    start = '<startEvent id="s" camunda:initiator="starter"/>'
    found = Play(diagram(start + user("a") + END + flows("s", "a", "e")))

    assert found.variables == {"starter": "lan"}


def test_models_of_other_engines_may_ask_their_execution() -> None:
    inner = extended(mapped(given("key", "${execution.currentActivityId}")))

    assert play(user("a", inner=inner), "s", "a", "e").seen_by("a")["key"] == "a"


PERFORMERS = {
    "humanPerformer": ("lan", "assignee", "lan"),
    "potentialOwner": ("user(lan), user(hung)", "candidate_users", "lan, hung"),
    "a group": ("group(van-thu), lanh-dao", "candidate_groups", "van-thu, lanh-dao"),
}


@pytest.mark.parametrize(("text", "kind", "expected"), PERFORMERS.values(), ids=PERFORMERS.keys())
def test_bpmn_s_own_performers_are_offered_the_task(text: str, kind: str, expected: str) -> None:
    tag = "humanPerformer" if kind == "assignee" else "potentialOwner"
    expression = f"<formalExpression>{text}</formalExpression>"
    inner = f"<{tag}><resourceAssignmentExpression>{expression}</resourceAssignmentExpression></{tag}>"
    found = play(user("a", "", inner), "s", "a", "e")

    offer = found.host.spec("p").task_specs["a"].offer
    assert getattr(offer, kind).value == expected


# ----------------------------------------------------------------------------------------------------------- listeners
def listener(event: str, inner: str, kind: str = "executionListener", attributes: str = "") -> str:
    return f'<camunda:{kind} event="{event}" {attributes}>{inner}</camunda:{kind}>'


def script(text: str) -> str:
    return f'<camunda:script scriptFormat="feel">{text}</camunda:script>'


def test_listeners_hear_a_task_come_and_go() -> None:
    inner = extended(
        listener("start", script("came = true")),
        listener("create", script("offered = came"), "taskListener"),
        listener("complete", script("said = answer"), "taskListener"),
        listener("end", script("left = said")),
    )
    found = play(user("a", inner=inner), "s", "a", "e")

    assert found.variables == {"came": True, "offered": True}
    assert found.complete("a", answer="đồng ý").variables["left"] == "đồng ý"


def test_a_listener_hears_that_an_element_was_taken_away() -> None:
    inner = extended(listener("delete", script("gone = true"), "taskListener"), listener("end", script("left = true")))
    stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
    body = f'<parallelGateway id="g"/>{user("a", inner=inner)}{user("b")}{stop}{flows("g", "b", "stop")}'
    found = play(body, "s", "g", "a", "e").complete("b")

    assert found.variables == {"gone": True, "left": True}


def test_a_listener_may_be_an_operation_of_the_system() -> None:
    inner = extended(listener("start", "", attributes='delegateExpression="${books.look}"'))
    found = play(user("a", inner=inner), "s", "a", "e", services={"books.look": lambda token: {"free": 12}})

    assert found.variables == {"free": 12}


def test_a_listener_of_another_engine_may_set_a_variable() -> None:
    expression = "${execution.setVariable(&quot;reason&quot;, &quot;quá hạn&quot;)}"
    body = (
        f'<endEvent id="x">{extended(listener("start", "", attributes=f"expression={chr(34)}{expression}{chr(34)}"))}'
    )
    found = play(f"{body}</endEvent>", "s", "x")

    assert found.variables == {"reason": "quá hạn"}
