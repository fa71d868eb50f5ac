"""What a diagram says of itself: its processes, forms and topics."""

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from engine.bpmn import xml as diagrams
from engine.draft_errors import UnreadableDiagram

MAX_SIZE = diagrams.MAX_SIZE
FORM_ATTRIBUTES = ("formKey", "formRef")
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,63}")  #: of a process that is drawn here: it stands in addresses and names


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outline:
    """`processes`: process id -> name, in the order of the file; `forms`: form key -> name of a task that asks it."""

    processes: dict[str, str]
    forms: dict[str, str]
    topics: frozenset[str]  #: of external tasks
    decisions: frozenset[str]  #: keys that business rule tasks name


def read(xml: bytes) -> Outline:
    """Raises UnreadableDiagram."""
    root = parse(xml)
    processes = {
        str(process.get("id")): str(process.get("name") or process.get("id"))
        for process in root.iterchildren(f"{diagrams.BPMN}process")
        if process.get("id")
    }
    if not processes:
        raise UnreadableDiagram(sentence="Sơ đồ không có quy trình nào (phần tử bpmn:process có mã).")
    return Outline(
        processes=processes,
        forms=_forms(root),
        topics=frozenset(_told(root, ("topic",)).values()),
        decisions=frozenset(_told(root, ("decisionRef",)).values()),
    )


def to_text(xml: bytes) -> str:
    """The file as text, whatever its encoding. Raises UnreadableDiagram."""
    text: str = etree.tostring(parse(xml).getroottree(), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def parse(xml: bytes) -> Any:
    """The root of a BPMN file. Raises UnreadableDiagram."""
    try:
        return diagrams.parse(xml)
    except diagrams.Unreadable as wrong:
        raise UnreadableDiagram(sentence=wrong.sentence) from wrong


def _forms(root: Any) -> dict[str, str]:
    return {key: str(element.get("name") or "") for element, key in _told(root, FORM_ATTRIBUTES).items()}


def _told(root: Any, attributes: Sequence[str]) -> dict[Any, str]:
    """Element -> what one of our extension attributes says there."""
    names = [f"{{{vendor}}}{attribute}" for vendor in diagrams.VENDORS for attribute in attributes]
    return {element: str(element.get(name)) for element in root.iter() for name in names if element.get(name)}
