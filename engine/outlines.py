"""What a diagram says of itself, read safely: no entities, no network, no huge trees."""

import dataclasses
import re

from lxml import etree

from engine.draft_errors import UnreadableDiagram

MAX_SIZE = 2 * 1024 * 1024  #: bytes; the largest diagram of the corpus is a tenth of it
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
FORM_ATTRIBUTES = ("formKey", "formRef")
VENDORS = ("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn")
DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outline:
    """`processes`: process id -> name, in the order of the file; `form_keys`: forms that tasks name."""

    processes: dict[str, str]
    form_keys: frozenset[str]


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
    return Outline(processes=processes, form_keys=frozenset(_form_keys(root)))


def parse(xml: bytes) -> "etree._Element":
    """The root of a BPMN file. Raises UnreadableDiagram."""
    if len(xml) > MAX_SIZE:
        raise UnreadableDiagram(sentence="Sơ đồ quá lớn: tối đa 2 MB. Tách thành các quy trình gọi lẫn nhau.")
    if DECLARATION.search(xml):
        raise UnreadableDiagram(
            sentence="Sơ đồ có khai báo DOCTYPE hoặc thực thể XML nên không được nhận."
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as unreadable:
        raise UnreadableDiagram(sentence=f"Tệp không phải XML đúng: {unreadable}.") from unreadable
    if root.tag != f"{{{BPMN}}}definitions":
        raise UnreadableDiagram(sentence="Tệp không phải sơ đồ BPMN 2.0.")
    return root


def _form_keys(root: "etree._Element") -> set[str]:
    names = [f"{{{vendor}}}{attribute}" for vendor in VENDORS for attribute in FORM_ATTRIBUTES]
    return {str(element.get(name)) for element in root.iter() for name in names if element.get(name)}
