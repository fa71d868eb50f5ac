"""A condition, time or list that has no value stops the process with a sentence that says which part has none, and that
tells nothing of a document."""

import datetime as dt
from typing import Any

import pytest

from engine.errors import CannotProceed
from tests.engine.diagrams import diagram, flow, flows, user
from tests.engine.memory import Play

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def refusal(data: bytes, **variables: Any) -> str:
    with pytest.raises(CannotProceed) as refused:
        Play(data, **variables)
    return refused.value.sentence


def gateway(condition: str, *, kind: str = "exclusiveGateway") -> bytes:
    ways = flow("g", "a", condition, "Flow_long").replace("<sequenceFlow ", '<sequenceFlow name="Dài" ')
    ways += flow("g", "e", "1 = 2", "Flow_never")
    return diagram(f'{START}<{kind} id="g" name="Dài?"/>{user("a")}{END}{flows("s", "g")}{ways}{flow("a", "e")}')


@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
def test_a_gateway_names_the_flow_the_condition_and_what_has_no_value(kind: str) -> None:
    sentence = refusal(gateway("so_trang &gt; 5", kind=kind))

    assert sentence == (
        "Quy trình không đi tiếp được ở “Dài?”: không nhánh nào thỏa điều kiện và không có nhánh mặc định. "
        "Luồng “Dài” (Flow_long): “so_trang &gt; 5” không cho đúng hay sai: “so_trang” chưa có giá trị."
    ).replace("&gt;", ">")


def test_where_all_conditions_are_false_no_more_is_said() -> None:
    sentence = refusal(gateway("so_trang &gt; 5"), so_trang=1)

    assert sentence.endswith("không có nhánh mặc định.")


def test_kinds_of_values_are_told_and_numbers_but_no_text_of_a_document() -> None:
    sentence = refusal(gateway("trich_yeu &gt; so_trang"), trich_yeu="Mật: nhân sự", so_trang=6)

    assert "“trich_yeu > so_trang” không so sánh được văn bản với số" in sentence
    assert "nhân sự" not in sentence


def test_a_condition_that_says_no_truth_is_told() -> None:
    sentence = refusal(gateway("trich_yeu"), trich_yeu="Mật: nhân sự")

    assert "“trich_yeu” cho văn bản, không phải đúng hay sai" in sentence
    assert "nhân sự" not in sentence


def test_a_default_flow_is_taken_when_a_condition_has_no_value() -> None:
    nodes = f'{START}<exclusiveGateway id="g" default="g-b"/>{user("a")}{user("b")}{END}'
    play = Play(
        diagram(nodes + flows("s", "g") + flow("g", "a", "so_trang &gt; 5") + flows("g", "b", "e") + flows("a", "e"))
    )

    assert play.tasks == ["b"]


def timer(text: str) -> bytes:
    event = f"<timerEventDefinition><timeDate>{text}</timeDate></timerEventDefinition>"
    return diagram(f'{START}<intermediateCatchEvent id="t">{event}</intermediateCatchEvent>{END}{flows("s", "t", "e")}')


def test_a_timer_names_its_expression_and_what_has_no_value() -> None:
    sentence = refusal(timer("=due_date"))

    assert "không có thời điểm nào (“due_date”: “due_date” chưa có giá trị)." in sentence


def test_a_timer_tells_no_text_of_a_document() -> None:
    sentence = refusal(timer("=due_date"), due_date="Mật: nhân sự")

    assert "giá trị không phải là thời điểm (“due_date”)." in sentence
    assert "nhân sự" not in sentence


def test_a_round_names_its_list_and_its_number() -> None:
    def task(loop: str) -> bytes:
        inner = f"<multiInstanceLoopCharacteristics {loop}</multiInstanceLoopCharacteristics>"
        return diagram(f"{START}{user('a', inner=inner)}{END}{flows('s', 'a', 'e')}")

    listed = refusal(task('camunda:collection="units">'))
    counted = refusal(task("><loopCardinality>number</loopCardinality>"), number="hai")

    assert "không phải là danh sách (“units”: “units” chưa có giá trị)." in listed
    assert "số lần lặp là văn bản, phải là số nguyên từ 0 (“number”)." in counted


def test_a_day_is_a_time() -> None:
    assert not Play(timer("=due_date"), due_date=dt.date(2126, 2, 26)).ended
