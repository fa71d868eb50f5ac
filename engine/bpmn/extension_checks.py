"""Extensions of other engines: what is neither read nor plainly for the editor is told, for it has no effect."""

from typing import Any

from engine.bpmn import listeners, xml
from engine.bpmn.xml import BPMN, MOC, Problems, attribute, title

#: elements the engine reads, or knowingly leaves to the editor
KNOWN = frozenset(
    {
        "inputOutput",
        "in",
        "out",
        "properties",
        "failedJobRetryTimeCycle",
        "formData",
        "executionListener",
        "taskListener",
    }
)
KNOWN_MOC = frozenset({"actions", "deadline", "differentFrom"})
#: attributes that ask for something we do not do, though the diagram runs without it
IDLE = frozenset(
    {
        "candidateStarterUsers",
        "candidateStarterGroups",
        "isStartableInTasklist",
        "jobPriority",
        "taskPriority",
        "formHandlerClass",
    }
)
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FORM_BINDINGS = ("deployment", "latest", "version")


def check(root: Any, problems: Problems) -> None:
    for holder in root.iter(f"{BPMN}extensionElements"):
        for child in holder.iterchildren("*"):
            _check_element(holder.getparent(), child, problems)
    for node in root.iter(f"{BPMN}*"):
        _check_attributes(node, problems)
    for start in root.iter(f"{BPMN}startEvent"):
        _check_form(start, problems)
    listeners.refuse_elsewhere(root, problems)


def _check_element(owner: Any, child: Any, problems: Problems) -> None:
    namespace, _, name = child.tag.removeprefix("{").rpartition("}")
    known = (namespace in xml.VENDORS and name in KNOWN) or (f"{{{namespace}}}" == MOC and name in KNOWN_MOC)
    if not known:
        problems.warning(owner, f"Phần mở rộng {name} được giữ nguyên nhưng không có tác dụng.")


def _check_attributes(node: Any, problems: Problems) -> None:
    """What has no effect here, and what belongs to yet other engines: that once an element, for there may be many."""
    for name in IDLE:
        if attribute(node, name) is not None:
            problems.warning(node, f"Thuộc tính {name} của “{title(node)}” không có tác dụng.")
    spaces = (name[1:].partition("}")[0] for name in node.attrib if name.startswith("{"))
    foreign = next((space for space in spaces if space not in (*xml.VENDORS, MOC[1:-1], XSI)), None)
    if foreign is not None:
        problems.warning(node, f"“{title(node)}” có thuộc tính của {foreign}: không có tác dụng.")


def _check_form(start: Any, problems: Problems) -> None:
    """Of a start event; of user tasks the reader of forms says so."""
    if attribute(start, "formKey") is not None and attribute(start, "formRef") is not None:
        problems.error(start, f"Khởi đầu “{title(start)}” nêu cả formKey lẫn formRef; chỉ được một.")
    if attribute(start, "formRefBinding") not in (None, *FORM_BINDINGS):
        problems.error(start, f"formRefBinding của “{title(start)}” phải là {', '.join(FORM_BINDINGS)}.")
