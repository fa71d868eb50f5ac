"""Which element of one diagram takes the place of which of another: listed, paired, compared. No state in here."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.bpmn.activities import UserTask
from engine.bpmn.events import CANCEL, COMPENSATE, BoundaryEvent, Catching, Throwing
from engine.bpmn.gateways import EventBasedGateway
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.node import Process
from engine.bpmn.normaliser import GIVEN
from engine.bpmn.subprocesses import CallActivity, SubProcess

PARALLEL, SEQUENTIAL, LOOP = "parallel", "sequential", "loop"

KINDS = {
    "userTask": "việc của người",
    "manualTask": "việc làm ngoài hệ thống",
    "task": "bước",
    "serviceTask": "việc của máy",
    "sendTask": "bước gửi",
    "receiveTask": "bước chờ thông điệp",
    "scriptTask": "bước tính toán",
    "businessRuleTask": "bảng quyết định",
    "callActivity": "bước gọi quy trình",
    "subProcess": "quy trình con",
    "transaction": "giao dịch",
    "adHocSubProcess": "quy trình con tùy ý",
    "startEvent": "sự kiện bắt đầu",
    "endEvent": "sự kiện kết thúc",
    "boundaryEvent": "sự kiện gắn bên",
    "intermediateCatchEvent": "sự kiện chờ",
    "intermediateThrowEvent": "sự kiện phát",
    "exclusiveGateway": "cổng chọn một",
    "inclusiveGateway": "cổng chọn nhiều",
    "parallelGateway": "cổng song song",
    "eventBasedGateway": "cổng chờ sự kiện",
    "complexGateway": "cổng phức hợp",
}
EVENTS = {
    "message": "thông điệp",
    "signal": "tín hiệu",
    "timer": "hẹn giờ",
    "conditional": "điều kiện",
    "error": "lỗi",
    "escalation": "leo thang",
    "compensate": "bù trừ",
    "cancel": "hủy giao dịch",
    "terminate": "dừng hẳn",
}
LOOPS = {
    "": "làm một lần",
    PARALLEL: "nhiều người cùng làm",
    SEQUENTIAL: "nhiều người lần lượt làm",
    LOOP: "lặp theo điều kiện",
}


class Kind(NamedTuple):
    """What must be alike for a token to go from one element to another."""

    element: str  #: BPMN's name of it
    event: str  #: kind of its event, or empty
    triggered: bool  #: an event sub-process
    loop: str  #: '', 'parallel', 'sequential' or 'loop'
    outside: bool  #: its work is done by a machine outside


@dataclasses.dataclass(frozen=True, kw_only=True)
class Element:
    """A flow node of a diagram. `scopes`: the sub-processes around it, outermost first; `host`: what a boundary event
    sits on; `holds`: a token may rest here, wait here for others, or be recorded for compensation."""

    id: str
    name: str
    kind: Kind
    scopes: tuple[str, ...]
    inside: str  #: the innermost of them in words
    host: str | None
    hosts: str  #: the host in words
    holds: bool
    joins: bool
    incoming: tuple[str, ...]  #: flows

    @property
    def label(self) -> str:
        """What a person calls it."""
        return label_of(self.id, self.name, self.kind.element)

    @property
    def listens(self) -> bool:
        """It waits beside an activity or a scope."""
        return self.host is not None or self.kind.triggered


@dataclasses.dataclass(frozen=True, kw_only=True)
class MappingProblem:
    """`level`: 'error' the plan cannot be used; 'warning' instances that stand there stay behind; 'note' what changes.
    `source_id` or `target_id` may be empty."""

    level: str
    source_id: str
    target_id: str
    sentence: str


def label_of(element_id: str, name: str | None, kind: str) -> str:
    return f"“{name}”" if name else f"{KINDS.get(kind, kind)} “{element_id}”"


def elements_of(process: Process, scopes: tuple[str, ...] = (), inside: str = "") -> dict[str, Element]:
    """Element id -> element, those of a scope before those of the scopes inside it, in document order."""
    hosts = {name: spec for spec in process.task_specs.values() for name in spec.boundary}
    found = {spec.name: _element(spec, scopes, inside, hosts.get(spec.name)) for spec in _nodes(process)}
    for name, inner in process.subprocess_specs.items():
        found.update(elements_of(inner, (*scopes, name), found[name].label))
    return found


def _nodes(process: Process) -> Iterator[Any]:
    """One spec an element: of a multi-instance activity its body."""
    return (spec for spec in process.task_specs.values() if spec is not process.start and not spec.instance_of)


def _element(spec: Any, scopes: tuple[str, ...], inside: str, host: Any) -> Element:
    inner = inner_spec(spec)
    kind = Kind(
        element=spec.element_type,
        event=inner.event.kind if inner.event is not None else "",
        triggered=spec.is_event_subprocess,
        loop=_loop_of(spec),
        outside=inner.topic is not None,
    )
    return Element(
        id=spec.name,
        name=spec.bpmn_name or "",
        kind=kind,
        scopes=scopes,
        inside=inside,
        host=None if host is None else host.name,
        hosts="" if host is None else label_of(host.name, host.bpmn_name, host.element_type),
        holds=_holds(spec, inner),
        joins=_joins(spec),
        incoming=tuple(spec.incoming),
    )


def inner_spec(spec: Any) -> Any:
    """Of a multi-instance body the spec of its elements, else the spec itself."""
    return spec._wf_spec.task_specs[spec.instance] if isinstance(spec, MultiInstance) else spec


def _loop_of(spec: Any) -> str:
    if not isinstance(spec, MultiInstance):
        return ""
    if spec.collection is None and spec.cardinality is None:
        return LOOP
    return SEQUENTIAL if spec.sequential else PARALLEL


def _holds(spec: Any, inner: Any) -> bool:
    event = inner.event.kind if inner.event is not None else ""
    if isinstance(inner, BoundaryEvent) or inner.is_event_subprocess:
        listens = event not in ("", COMPENSATE)
    else:
        listens = isinstance(inner, Catching) or (isinstance(inner, Throwing) and event in (COMPENSATE, CANCEL))
    waits = isinstance(inner, UserTask | EventBasedGateway) or inner.topic is not None or _joins(spec)
    opens = isinstance(inner, SubProcess | CallActivity) and not inner.is_event_subprocess
    jobs = spec.async_before or spec.async_after or inner.async_before or inner.async_after
    return listens or waits or opens or jobs or isinstance(spec, MultiInstance) or bool(spec.handler)


def _joins(spec: Any) -> bool:
    return spec.joins and len(spec.incoming) > 1


def flow_labels(process: Process) -> dict[str, str]:
    """Flow id -> whence it comes, in words."""
    found = {
        flow.id: f"nhánh từ {label_of(spec.name, spec.bpmn_name, spec.element_type)}"
        for spec in _nodes(process)
        for flow in spec.flows
    }
    for inner in process.subprocess_specs.values():
        found.update(flow_labels(inner))
    return found


def _sources(process: Process) -> dict[str, str]:
    """Flow id -> the element it leaves."""
    found = {flow.id: spec.name for spec in _nodes(process) for flow in spec.flows}
    for inner in process.subprocess_specs.values():
        found.update(_sources(inner))
    return found


# ------------------------------------------------------------------------------------------------------------- pairing
def generate(source: Process, target: Process) -> dict[str, str]:
    """Source element -> target element: the same id, where a token may go from one to the other."""
    old, new = elements_of(source), elements_of(target)
    pairs: dict[str, str] = {}
    for element in sorted(old.values(), key=lambda one: (len(one.scopes), one.host is not None)):
        same = new.get(element.id)
        if same is not None and hindrance(element, same, pairs) is None:
            pairs[element.id] = same.id
    return {name: pairs[name] for name in old if name in pairs}


def generate_flows(source: Process, target: Process, pairs: Mapping[str, str]) -> dict[str, str]:
    """Flow into a join of the source -> flow into the join that takes its place: the same id, else the only one from
    the element that takes the place of its source."""
    old, new = elements_of(source), elements_of(target)
    leaving, arriving = _sources(source), _sources(target)
    found: dict[str, str] = {}
    for join, wanted in _paired_joins(old, new, pairs):
        for flow in join.incoming:
            origin = pairs.get(leaving[flow], "")
            alike = [other for other in wanted.incoming if arriving[other] == origin]
            if flow in wanted.incoming and (flow in alike or not flow.startswith(GIVEN)):
                found[flow] = flow
            elif len(alike) == 1:
                found[flow] = alike[0]
    return found


def _paired_joins(
    old: Mapping[str, Element], new: Mapping[str, Element], pairs: Mapping[str, str]
) -> Iterator[tuple[Element, Element]]:
    for name, element in old.items():
        wanted = new.get(pairs.get(name, ""))
        if element.joins and wanted is not None and wanted.joins:
            yield element, wanted


def hindrance(source: Element, target: Element, pairs: Mapping[str, str]) -> str | None:
    """Why no token may go from one to the other; None when it may."""
    between = f"Từ {source.label} sang {target.label}"
    return (
        _other_kind(source.kind, target.kind, between)
        or _other_loop(source.kind, target.kind, between)
        or _other_scope(source, target, pairs)
        or _other_host(source, target, pairs, between)
    )


def _other_kind(source: Kind, target: Kind, between: str) -> str | None:
    if source.element != target.element:
        return f"{between}: {_kind(source)} không thể thành {_kind(target)}."
    if source.triggered != target.triggered:
        return f"{between}: quy trình con thường và quy trình con do sự kiện gọi không thay nhau được."
    if source.event != target.event:
        return f"{between}: sự kiện {_event(source)} không thể thành sự kiện {_event(target)}."
    if source.outside != target.outside:
        return f"{between}: việc máy bên ngoài làm và việc làm ngay trong hệ thống không thay nhau được."
    return None


def _other_loop(source: Kind, target: Kind, between: str) -> str | None:
    if source.loop == target.loop:
        return None
    return f"{between}: bước {LOOPS[source.loop]} không thể thành bước {LOOPS[target.loop]}."


def _other_scope(source: Element, target: Element, pairs: Mapping[str, str]) -> str | None:
    if tuple(pairs.get(name, "") for name in source.scopes[-1:]) == target.scopes[-1:]:
        return None
    if not source.scopes:
        return f"{source.label} ở ngoài cùng mà {target.label} nằm trong {target.inside}."
    if source.scopes[-1] not in pairs:
        return f"{source.label} nằm trong {source.inside}, chưa được ghép với quy trình con nào."
    place = f"nằm trong {target.inside}" if target.scopes else "ở ngoài cùng"
    return f"{source.label} nằm trong {source.inside} mà {target.label} {place}: hai nơi này không được ghép với nhau."


def _other_host(source: Element, target: Element, pairs: Mapping[str, str], between: str) -> str | None:
    if source.host is None or pairs.get(source.host) == target.host:
        return None
    return f"{between}: hai sự kiện gắn vào {source.hosts} và {target.hosts}, hai bước không được ghép với nhau."


def _kind(kind: Kind) -> str:
    return KINDS.get(kind.element, kind.element)


def _event(kind: Kind) -> str:
    return EVENTS.get(kind.event, kind.event) or "thường"


# ------------------------------------------------------------------------------------------------------------ checking
def check(source: Process, target: Process, pairs: Mapping[str, str], flows: Mapping[str, str]) -> list[MappingProblem]:
    """What is wrong with the pairs, who would stay behind, what changes for those who go."""
    old, new = elements_of(source), elements_of(target)
    problems = [_checked_pair(old, new, pairs, name) for name in pairs]
    problems += _twice(old, new, pairs)
    problems += _checked_flows(old, new, pairs, flows, flow_labels(source))
    problems += [_left(element, new, pairs) for name, element in old.items() if name not in pairs and element.holds]
    taken = set(pairs.values())
    problems += [_added(element) for name, element in new.items() if name not in taken and element.listens]
    order = ("error", "warning", "note")
    return sorted((found for found in problems if found is not None), key=lambda found: order.index(found.level))


def _checked_pair(
    old: Mapping[str, Element], new: Mapping[str, Element], pairs: Mapping[str, str], name: str
) -> MappingProblem | None:
    source, target = old.get(name), new.get(pairs[name])
    if source is None or target is None:
        sentence = f"Bản cũ không có “{name}”." if source is None else f"Bản mới không có “{pairs[name]}”."
    else:
        sentence = hindrance(source, target, pairs) or ""
    if not sentence:
        return None
    return MappingProblem(level="error", source_id=name, target_id=pairs[name], sentence=sentence)


def _checked_flows(
    old: Mapping[str, Element],
    new: Mapping[str, Element],
    pairs: Mapping[str, str],
    flows: Mapping[str, str],
    labels: Mapping[str, str],
) -> Iterator[MappingProblem]:
    for join, wanted in _paired_joins(old, new, pairs):
        for flow in join.incoming:
            target, told = flows.get(flow), f"{labels[flow]} vào {join.label}".capitalize()
            if target is None:
                sentence = f"{told} chưa ghép với nhánh nào: hồ sơ có nhánh này đang chờ không chuyển được."
                yield MappingProblem(level="warning", source_id=flow, target_id="", sentence=sentence)
            elif target not in wanted.incoming:
                sentence = f"{told} được ghép với nhánh không vào {wanted.label}."
                yield MappingProblem(level="error", source_id=flow, target_id=target, sentence=sentence)


def _twice(
    old: Mapping[str, Element], new: Mapping[str, Element], pairs: Mapping[str, str]
) -> Iterator[MappingProblem]:
    """Two joins in one would count each other's tokens; two listeners in one would happen twice."""
    first: dict[tuple[str, str | None], str] = {}
    for name, target in pairs.items():
        if name not in old or target not in new or not (old[name].joins or old[name].listens):
            continue
        other = first.setdefault((target, old[name].host), name)
        if other != name:
            sentence = f"{old[other].label} và {old[name].label} không thể cùng thành {new[target].label}."
            yield MappingProblem(level="error", source_id=name, target_id=target, sentence=sentence)


def _left(element: Element, new: Mapping[str, Element], pairs: Mapping[str, str]) -> MappingProblem:
    if element.listens:
        told = f"{element.label} không có ở bản mới: hồ sơ được chuyển thôi chờ sự kiện này."
        return MappingProblem(level="note", source_id=element.id, target_id="", sentence=told)
    same = new.get(element.id)
    why = None if same is None else hindrance(element, same, pairs)
    told = f"{element.label} chưa ghép với bước nào: hồ sơ đang ở đó không chuyển được. {why or ''}".strip()
    return MappingProblem(level="warning", source_id=element.id, target_id="", sentence=told)


def _added(element: Element) -> MappingProblem | None:
    if not element.holds:
        return None
    told = f"{element.label} mới có: hồ sơ được chuyển bắt đầu chờ sự kiện này."
    return MappingProblem(level="note", source_id="", target_id=element.id, sentence=told)
