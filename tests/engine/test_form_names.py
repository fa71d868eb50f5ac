"""What rules of a form may read beside its own fields: what all steps that ask it may know."""

import json

import pytest

from engine import form_names
from tests.engine.diagrams import diagram, flows, user

ASKED = (
    '<extensionElements><camunda:formData><camunda:formField id="rate" type="long"/></camunda:formData>'
    "</extensionElements>"
)
FORM = json.dumps({"id": "first", "components": [{"type": "number", "key": "days"}]}).encode()


def known(start: str, *steps: str) -> dict[str, frozenset[str]]:
    drawn = "".join(user(name, f'camunda:formKey="{form}"') for name, form in zip("ab", steps, strict=False))
    way = flows("s", *"ab"[: len(steps)], "e")
    files = {"p.bpmn": diagram(f'<startEvent id="s">{start}</startEvent>{drawn}<endEvent id="e"/>{way}')}
    return form_names.known_to_forms({**files, "first.form": FORM})


def test_a_form_may_read_what_was_asked_before_it() -> None:
    found = known(ASKED, "first", "second")

    assert {"rate", "days"} <= found["second"]
    assert "rate" in found["first"]


def test_a_form_that_is_asked_twice_may_read_what_either_step_may() -> None:
    assert {"rate", "days"} <= known(ASKED, "first", "first")["first"]


def test_nothing_is_told_where_anybody_may_bring_variables() -> None:
    assert known("", "first", "second") == {}


@pytest.mark.parametrize("text", [b"", b"<a", b"<definitions/>"])
def test_a_file_that_is_no_diagram_tells_nothing(text: bytes) -> None:
    assert form_names.known_to_forms({"p.bpmn": text}) == {}
