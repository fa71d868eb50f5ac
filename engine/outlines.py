"""What a diagram says of itself, read safely: no entities, no network, no huge trees."""

import dataclasses
import re
from collections.abc import Sequence

from lxml import etree

from engine.draft_errors import UnreadableDiagram

MAX_SIZE = 2 * 1024 * 1024  #: bytes; the largest diagram of the corpus is a tenth of it
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
FORM_ATTRIBUTES = ("formKey", "formRef")
VENDORS = ("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn")
DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
DECLARED = "Sơ đồ có khai báo DOCTYPE hoặc thực thể XML nên không được nhận."
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,63}")  #: of a process that is drawn here: it stands in addresses and names


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outline:
    """`processes`: process id -> name, in the order of the file; `forms`: form key -> name of a task that asks it."""

    processes: dict[str, str]
    forms: dict[str, str]
    topics: frozenset[str]  #: of external tasks


def read(xml: bytes) -> Outline:
    """Raises UnreadableDiagram."""
    root = parse(xml)
    processes = {
        str(process.get("id")): str(process.get("name") or process.get("id"))
        for process in root.iterchildren(f"{{{BPMN}}}process")
        if process.get("id")
    }
    if not processes:
        raise UnreadableDiagram(sentence="Sơ đồ không có quy trình nào (phần tử bpmn:process có mã).")
    return Outline(processes=processes, forms=_forms(root), topics=frozenset(_told(root, ("topic",)).values()))


def to_text(xml: bytes) -> str:
    """The file as text, whatever its encoding. Raises UnreadableDiagram."""
    text: str = etree.tostring(parse(xml).getroottree(), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def parse(xml: bytes) -> "etree._Element":
    """The root of a BPMN file. Raises UnreadableDiagram."""
    if len(xml) > MAX_SIZE:
        raise UnreadableDiagram(sentence="Sơ đồ quá lớn: tối đa 2 MB. Tách thành các quy trình gọi lẫn nhau.")
    if DECLARATION.search(xml):
        raise UnreadableDiagram(sentence=DECLARED)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as unreadable:
        raise UnreadableDiagram(sentence=f"Tệp không phải XML đúng: {unreadable}.") from unreadable
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding whose bytes do not show it
        raise UnreadableDiagram(sentence=DECLARED)
    if root.tag != f"{{{BPMN}}}definitions":
        raise UnreadableDiagram(sentence="Tệp không phải sơ đồ BPMN 2.0.")
    return root


def _forms(root: "etree._Element") -> dict[str, str]:
    return {key: str(element.get("name") or "") for element, key in _told(root, FORM_ATTRIBUTES).items()}


def _told(root: "etree._Element", attributes: Sequence[str]) -> dict["etree._Element", str]:
    """Element -> what one of our extension attributes says there."""
    names = [f"{{{vendor}}}{attribute}" for vendor in VENDORS for attribute in attributes]
    return {element: str(element.get(name)) for element in root.iter() for name in names if element.get(name)}
