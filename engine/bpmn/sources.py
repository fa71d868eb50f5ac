"""Which variables an element brings, read from the diagram as it is drawn: forms, scripts, mappings, results, rounds;
and what it may bring that nobody can know."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.bpmn import answers, brought, xml
from engine.bpmn.brought import Files, Named
from engine.bpmn.xml import BPMN, attribute, extensions, local, title

#: `${execution.setVariable("x", …)}`, the one call that says what it sets
SET = re.compile(r"""[$#]\{\s*execution\.setVariable\(\s*(["'])(\w+)\1\s*,(.*)\)\s*\}""", re.DOTALL)
ASSIGNED = re.compile(r"^([^\W\d]\w*)\s*=(?!=)", re.MULTILINE)
EXTERNAL = ("messageEventDefinition", "signalEventDefinition")
#: of camunda:formField -> FEEL's type
FIELD_TYPES = {"string": "string", "enum": "string", "long": "number", "boolean": "boolean", "date": "date"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variable:
    """A name that may be seen, with its path ("registration.urgency"). `type`: of FEEL, empty where nobody knows;
    `source`: a Vietnamese sentence part saying who brings it; `element_id`: where; `choices`: FEEL text, label."""

    name: str
    type: str = ""
    label: str = ""
    source: str = ""
    element_id: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Brings:
    """`given`: seen by whatever follows; `own`: only inside the element and what it holds. `openings`: why it may give
    more than is known, sentences; `openings_inside`: the same until its own outputs have named what goes on."""

    given: tuple[Variable, ...] = ()
    own: tuple[Variable, ...] = ()
    openings: tuple[str, ...] = ()
    openings_inside: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is known beside the diagram. `gives`: what a registered operation sets (name -> label), None when it does
    not say; `started_with`: the same of what our own operations start a process with."""

    files: Files = brought.NOTHING
    gives: Callable[[str], Mapping[str, str] | None] = lambda service: None
    started_with: Callable[[str], Mapping[str, str]] = lambda process: {}


SYSTEM = tuple(
    Variable(name=f"execution.{name}" if name else "execution", type=kind, label=label, source="Hệ thống")
    for name, kind, label in (
        ("", "context", "Lần chạy này"),
        ("id", "string", "Mã lượt chạy"),
        ("activityInstanceId", "string", "Mã lượt chạy của bước"),
        ("processInstanceId", "string", "Mã hồ sơ quy trình"),
        ("businessKey", "string", "Mã văn bản hoặc hồ sơ"),
        ("processBusinessKey", "string", "Mã văn bản hoặc hồ sơ"),
        ("currentActivityId", "string", "Mã bước đang chạy"),
        ("currentActivityName", "string", "Tên bước đang chạy"),
    )
)


def brings(node: Any, surroundings: Surroundings) -> Brings:
    source = _Source(node, surroundings)
    reader = _READERS.get(local(node))
    if reader is not None:
        reader(source)
    source.read_common()
    return source.told()


class _Source:
    """Gathers what one element brings."""

    def __init__(self, node: Any, surroundings: Surroundings) -> None:
        self.node, self.surroundings = node, surroundings
        self.given: list[Variable] = []
        self.own: list[Variable] = []
        self.openings: list[str] = []
        self.may_be_named = False  #: its outputs say what of the openings goes on

    def told(self) -> Brings:
        named = self.may_be_named and bool(_parameters(self.node, "outputParameter"))
        openings = tuple(self.openings)
        return Brings(
            given=tuple(self.given),
            own=tuple(self.own),
            openings=() if named else openings,
            openings_inside=openings,
        )

    # ---- what every element may have
    def read_common(self) -> None:
        self._read_loop()
        for parameter in _parameters(self.node, "inputParameter"):
            self.bring(parameter.get("name"), "Tham số vào (inputParameter) của", own=True)
        for parameter in _parameters(self.node, "outputParameter"):
            self.bring(parameter.get("name"), "Tham số ra (outputParameter) của")
        for kind in ("executionListener", "taskListener"):
            for listener in extensions(self.node, kind):
                self._read_listener(listener)

    def _read_listener(self, listener: Any) -> None:
        scripts = [child.text or "" for child in listener if local(child) == "script"]
        for name in [name for text in scripts for name in assigned(text)]:
            self.bring(name, "Bộ nghe (listener) của")
        if match := SET.fullmatch((listener.get("expression") or "").strip()):
            self.bring(match[2], "Bộ nghe (listener) của")
        if listener.get("delegateExpression"):
            self._read_service(service_of(listener.get("delegateExpression")))

    def _read_loop(self) -> None:
        loop = self.node.find(f"{BPMN}multiInstanceLoopCharacteristics")
        if loop is None and self.node.find(f"{BPMN}standardLoopCharacteristics") is None:
            return
        self.bring("loopCounter", "Số thứ tự của lượt, ở", own=True, kind="number")
        for name in ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"):
            self.bring(name, "Số lượt, ở", own=True, kind="number")
        if loop is not None:
            self._read_multi_instance(loop)

    def _read_multi_instance(self, loop: Any) -> None:
        named = {local(child): child.get("name") or child.get("id") for child in loop if isinstance(child.tag, str)}
        element = attribute(loop, "elementVariable") or named.get("inputDataItem")
        self.bring(element, "Phần tử của mỗi lượt, ở", own=True)
        self.bring(named.get("outputDataItem"), "Kết quả của mỗi lượt, ở", own=True)
        self.bring((loop.findtext(f"{BPMN}loopDataOutputRef") or "").strip(), "Kết quả các lượt của", kind="list")

    # ---- by kind of element
    def read_start(self) -> None:
        self.bring(attribute(self.node, "initiator"), "Người bắt đầu, ở", kind="string")
        if local(self.node.getparent()) != "process":
            self._read_catch()
        elif self._read_form() is None:
            self._read_outer_start()

    def _read_outer_start(self) -> None:
        for name, label in self.surroundings.started_with(self.node.getparent().get("id")).items():
            self.bring(name, "Lúc mở hồ sơ, ở", label=label)
        definitions = {local(one) for one in xml.event_definitions(self.node)}
        if definitions.isdisjoint({"timerEventDefinition"}):
            self.open("khởi đầu không có biểu mẫu nên hồ sơ có thể được mở từ ngoài với biến bất kỳ")

    def read_catch(self) -> None:
        self.may_be_named = True
        self._read_catch()

    def _read_catch(self) -> None:
        for definition in xml.event_definitions(self.node):
            if local(definition) in EXTERNAL:
                self.open("thông điệp hoặc tín hiệu đến có thể mang theo biến bất kỳ")
            for name in ("errorCodeVariable", "errorMessageVariable", "escalationCodeVariable"):
                self.bring(attribute(definition, name), "Lỗi hoặc báo động bắt được ở", kind="string")

    def read_receive(self) -> None:
        self.may_be_named = True
        self.open("thông điệp đến có thể mang theo biến bất kỳ")

    def read_user(self) -> None:
        key = attribute(self.node, "formKey") or attribute(self.node, "formRef")
        if key is not None and self._read_form() is None:
            self.open(f"biểu mẫu “{key}” không có trong bộ tệp")
        elif key is None:
            self._read_form()

    def _read_form(self) -> Sequence[Named] | None:
        """None where there is no form that can be read."""
        key = attribute(self.node, "formKey") or attribute(self.node, "formRef") or ""
        fields = self.surroundings.files.forms.get(key)
        if fields is None:
            fields = [field for form in extensions(self.node, "formData") for field in _generated(form)] or None
        for field in fields or ():
            self._bring_field(field, f"Biểu mẫu “{key}” của" if key else "Biểu mẫu của")
        return fields

    def _bring_field(self, field: Named, source: str, *, within: str = "") -> None:
        """With the contexts that its path goes through."""
        name = f"{within}.{field.name}" if within else field.name
        parts = name.split(".")
        for end in range(1, len(parts)):
            self.bring(".".join(parts[:end]), source, kind=brought.CONTEXT)
        self.bring(name, source, kind=field.type, label=field.label, choices=field.choices)

    def read_script(self) -> None:
        result = attribute(self.node, "resultVariable")
        names = [result] if result else assigned(self.node.findtext(f"{BPMN}script") or "")
        for name in names:
            self.bring(name, "Kịch bản của")

    def read_service(self) -> None:
        result = attribute(self.node, "resultVariable")
        named, decision = attribute(self.node, "delegateExpression"), attribute(self.node, "decisionRef")
        if attribute(self.node, "type") == "external" or attribute(self.node, "topic") is not None:
            self.open("máy ngoài làm bước này có thể trả về biến bất kỳ")
        elif decision is not None and named is None:
            self._read_decision(decision, result)
        elif result:
            self.bring(result, "Kết quả của")
        elif named is not None:
            self._read_service(service_of(named))

    def _read_service(self, name: str) -> None:
        given = self.surroundings.gives(name)
        if given is None:
            self.open(f"việc “{name}” có thể trả về biến bất kỳ")
        for variable, label in (given or {}).items():
            self.bring(variable, f"Việc “{name}” ở", label=label)

    def _read_decision(self, decision: str, result: str | None) -> None:
        columns = self.surroundings.files.decisions.get(decision, ())
        source = f"Quyết định “{decision}” ở"
        mapping = attribute(self.node, "mapDecisionResult") or answers.RESULT_LIST
        if result and mapping == answers.SINGLE_ENTRY:
            kinds = [column.type for column in columns]
            self.bring(result, source, kind=kinds[0] if len(kinds) == 1 else "")
        elif result:
            single = mapping == answers.SINGLE_RESULT
            self.bring(result, source, kind=brought.CONTEXT if single and columns else "" if single else "list")
            for column in columns if single else ():
                self._bring_field(column, source, within=result)
        if _parameters(self.node, "outputParameter"):
            self.bring("decisionResult", source, own=True, kind="list")

    def read_call(self) -> None:
        for passing in extensions(self.node, "out"):
            if passing.get("variables") == "all":
                self.open("quy trình được gọi trả về mọi biến của nó")
            self.bring(passing.get("target"), "Quy trình được gọi ở", own=passing.get("local") == "true")

    # ---- what is gathered
    def bring(
        self,
        name: str | None,
        source: str,
        *,
        own: bool = False,
        kind: str = "",
        label: str = "",
        choices: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """`source`: what is said before the element's name."""
        if not name:
            return
        told = f"{source} “{title(self.node)}”"
        variable = Variable(
            name=name, type=kind, label=label, source=told, element_id=self.node.get("id"), choices=choices
        )
        (self.own if own else self.given).append(variable)

    def open(self, why: str) -> None:
        self.openings.append(f"“{title(self.node)}”: {why}.")


def service_of(text: str) -> str:
    """`${books.enter}` names the same operation as `books.enter`."""
    return text.strip().removeprefix("${").removeprefix("#{").removesuffix("}").strip()


def assigned(script: str) -> Iterator[str]:
    """The names that lines of a script give values to."""
    yield from (match[1] for match in ASSIGNED.finditer(script))


def _parameters(node: Any, tag: str) -> list[Any]:
    return [child for mapping in extensions(node, "inputOutput") for child in mapping if local(child) == tag]


def _generated(form: Any) -> Iterable[Named]:
    """camunda:formData: fields without a form of their own."""
    for field in form:
        if local(field) == "formField" and field.get("id"):
            kind = FIELD_TYPES.get(field.get("type") or "", "")
            values = [(value.get("id"), value.get("name") or value.get("id")) for value in field if value.get("id")]
            choices = tuple((f'"{value}"', label) for value, label in values if field.get("type") == "enum")
            yield Named(name=field.get("id"), type=kind, label=field.get("label") or "", choices=choices)


_READERS: dict[str, Callable[[_Source], None]] = {
    "startEvent": _Source.read_start,
    "boundaryEvent": _Source.read_catch,
    "intermediateCatchEvent": _Source.read_catch,
    "receiveTask": _Source.read_receive,
    "userTask": _Source.read_user,
    "scriptTask": _Source.read_script,
    "serviceTask": _Source.read_service,
    "sendTask": _Source.read_service,
    "businessRuleTask": _Source.read_service,
    "callActivity": _Source.read_call,
}
