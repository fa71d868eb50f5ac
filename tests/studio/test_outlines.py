"""What a diagram says of itself is read with nothing that XML can do harm with."""

import pytest

from engine import outlines
from engine.draft_errors import UnreadableDiagram
from tests.studio.factories import HEAD, make_diagram

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY passwd SYSTEM "file:///etc/passwd">]>'


def test_processes_forms_and_topics_are_told() -> None:
    xml = make_diagram(form="y-kien").replace(
        "<bpmn:endEvent", '<bpmn:serviceTask id="S" camunda:topic="a.b"/><bpmn:endEvent'
    )

    outline = outlines.read(xml.encode())

    assert outline.processes == {"lay-y-kien": "Lấy ý kiến"}
    assert outline.forms == {"y-kien": "Góp ý"}
    assert outline.topics == {"a.b"}


@pytest.mark.parametrize("declaration", [BOMB, OUTSIDE, "<!doctype html>"])
def test_a_diagram_with_a_document_type_is_refused(declaration: str) -> None:
    xml = make_diagram().replace("?>\n", f"?>\n{declaration}\n", 1)

    with pytest.raises(UnreadableDiagram, match="DOCTYPE"):
        outlines.read(xml.encode())


def test_a_document_type_is_refused_in_any_encoding() -> None:
    xml = make_diagram().replace("UTF-8", "UTF-16").replace("?>\n", f"?>\n{OUTSIDE}\n", 1)

    with pytest.raises(UnreadableDiagram, match="DOCTYPE"):
        outlines.read(xml.encode("utf-16"))


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        ("", "XML"),
        ("Kính gửi", "XML"),
        (make_diagram()[:-40], "XML"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "BPMN 2.0"),
        (f"{HEAD}</bpmn:definitions>", "không có quy trình"),
    ],
)
def test_what_is_no_diagram_is_refused_in_words(xml: str, told: str) -> None:
    with pytest.raises(UnreadableDiagram, match=told):
        outlines.read(xml.encode())


def test_a_diagram_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableDiagram, match="2 MB"):
        outlines.read(b" " * (outlines.MAX_SIZE + 1))


def test_a_deep_tree_is_refused() -> None:
    nested = "<bpmn:documentation>" * 5_000

    with pytest.raises(UnreadableDiagram):
        outlines.read(f"{HEAD}{nested}".encode())


def test_a_file_of_another_encoding_becomes_text() -> None:
    data = make_diagram().replace("UTF-8", "UTF-16").encode("utf-16")

    assert outlines.read(outlines.to_text(data).encode()).processes == {"lay-y-kien": "Lấy ý kiến"}
