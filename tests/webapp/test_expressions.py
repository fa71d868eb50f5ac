"""What the editor of expressions asks: functions, variables at an element, what an expression says."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import engine.functions  # noqa: F401 - registers what diagrams use
from tests.webapp.conftest import Browser

SignedIn = Callable[[str], Browser]

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="Definitions" targetNamespace="t">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="Start">
      <bpmn:extensionElements>
        <camunda:formData><camunda:formField id="so_trang" label="Số trang" type="long" /></camunda:formData>
      </bpmn:extensionElements>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="Start" targetRef="Task_solve" />
    <bpmn:userTask id="Task_solve" name="Giải quyết" camunda:formKey="giai-quyet" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Task_solve" targetRef="End" />
    <bpmn:endEvent id="End" />
  </bpmn:process>
</bpmn:definitions>"""


class Editor:
    """Speaks JSON as the page does."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        browser.get("/processes/new")

    def post(self, path: str, asked: Any) -> Any:
        headers = {"X-CSRFToken": self.browser.token, "Accept": "application/json"}
        return self.browser.client.post(f"/processes/expressions/{path}", json=asked, headers=headers)

    def check(self, text: str, kind: str = "expression", **more: Any) -> dict[str, Any]:
        answer = self.post("check", {"text": text, "kind": kind, **more})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = json.loads(answer.text)
        return told


@pytest.fixture
def editor(signed_in: SignedIn) -> Editor:
    return Editor(signed_in("phan-tich"))


def names(told: dict[str, Any]) -> set[str]:
    return {variable["name"] for variable in told["variables"]}


# ----------------------------------------------------------------------------------------------------------- functions
def test_functions_of_feel_and_our_own_are_told_with_words(editor: Editor) -> None:
    answer = editor.browser.get("/processes/expressions/functions")

    told = {one["name"]: one for one in json.loads(answer.text)["functions"]}
    assert not told["count"]["own"]
    assert told["working_days"]["own"]
    assert told["working_days"]["forms"] == ["working_days(number)"]
    assert "ngày làm việc" in told["working_days"]["description"]


@pytest.mark.parametrize("username", ["van-thu", "quan-tri"])
def test_only_who_draws_asks(signed_in: SignedIn, username: str) -> None:
    editor = Editor(signed_in(username))

    assert editor.browser.get("/processes/expressions/functions").status_code == 403
    assert editor.post("check", {"text": "1", "kind": "expression"}).status_code == 403


# ----------------------------------------------------------------------------------------------------------- variables
def test_variables_are_those_of_forms_upstream(editor: Editor) -> None:
    here = json.loads(editor.post("variables", {"xml": DIAGRAM, "element": "Task_solve"}).text)
    behind = json.loads(editor.post("variables", {"xml": DIAGRAM, "element": "Flow_2"}).text)

    assert "so_trang" in names(here)
    assert "outcome" not in names(here)
    assert {"so_trang", "outcome", "result"} <= names(behind)
    assert behind["closed"]
    outcome = next(one for one in behind["variables"] if one["name"] == "outcome")
    assert outcome["source"] == "Biểu mẫu “giai-quyet” của “Giải quyết”"
    assert outcome["choices"][0] == {"value": '"reply"', "label": "Soạn văn bản trả lời"}


def test_an_element_that_is_not_there_is_told(editor: Editor) -> None:
    answer = editor.post("variables", {"xml": DIAGRAM, "element": "Task_other"})

    assert answer.status_code == 422
    assert json.loads(answer.text)["fields"] == {"element": "Sơ đồ không có phần tử này."}


# -------------------------------------------------------------------------------------------------------------- checks
def test_a_value_is_told_as_feel(editor: Editor) -> None:
    told = editor.check("so_trang > 5", sample={"so_trang": 6})

    assert told["problem"] is None
    assert told["value"] == {"text": "true", "type": "boolean"}


def test_a_syntax_error_says_where(editor: Editor) -> None:
    told = editor.check("so_trang >\n  )", sample={"so_trang": 6})

    assert told["value"] is None
    assert (told["problem"]["line"], told["problem"]["column"]) == (2, 3)
