"""Whether the tokens of an instance stand where the diagram lets tokens stand."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.bpmn.activities import UserTask
from engine.bpmn.gateways import EventBasedGateway, ParallelGateway
from engine.bpmn.mapping import label_of
from engine.bpmn.node import Process
from engine.bpmn.subprocesses import SubProcess
from engine.bpmn.tokens import JOB, READY, STARTED, WAITING, Instance, Token
from engine.snapshots import TokenRow

Starved = tuple[str, str]  #: a join, and the incoming flow on which nothing will come


def faults(instance: Instance) -> list[str]:
    """Sentences; none when every token hangs right, waits for something and has the scope it needs."""
    found = [_fault(token, instance) for token in instance.tokens()]
    return [sentence for sentence in found if sentence]


def _fault(token: Token, instance: Instance) -> str:
    label = _label(token.task_spec)
    if not _hangs_right(token):
        return f"{label} không còn đứng đúng chỗ của nó trong sơ đồ mới."
    if not _waits_right(token):
        return f"Ở {label} sơ đồ mới không có gì để chờ."
    opens = isinstance(token.task_spec, SubProcess) or token.task_spec.calls_process
    if opens and token._state == STARTED and token.id not in instance.subprocesses:
        return f"{label} đang mở mà bên trong không còn gì."
    return ""


def _hangs_right(token: Token) -> bool:
    spec, parent = token.task_spec, token.parent.task_spec
    if spec.instance_of:
        return bool(parent.name == spec.instance_of)
    if not token.listens:
        return not token.hangs()
    if spec.is_event_subprocess:
        return spec in token.workflow.spec.event_subprocesses
    if isinstance(parent, EventBasedGateway):
        return any(flow.target == spec.name for flow in parent.flows)
    return spec.name in parent.boundary


def _waits_right(token: Token) -> bool:
    spec, state = token.task_spec, token._state
    if JOB in token.internal_data:
        return True
    if state == READY:
        return isinstance(spec, UserTask)
    if isinstance(spec, EventBasedGateway):
        return bool(token.live_children())
    if state == WAITING and spec.joins and len(spec.incoming) > 1:
        return token.internal_data.get("flow") in spec.incoming
    return True


def _label(spec: Any) -> str:
    return label_of(spec.bpmn_id, spec.bpmn_name, spec.element_type)


# ------------------------------------------------------------------------------------------------------------ starving
def starved(process: Process, tokens: Collection[TokenRow]) -> set[Starved]:
    """Parallel joins that some token waits at or may come to, with each incoming flow on which none waits and to which
    none can come: whoever waits there waits for ever."""
    direct = [token for token in tokens if not token.parent and "listens" not in (token.internal or {})]
    found: set[Starved] = set()
    for join in process.task_specs.values():
        if not isinstance(join, ParallelGateway) or len(join.incoming) < 2:
            continue
        filled = {t.internal["flow"] for t in direct if t.spec == join.name and JOB not in t.internal}
        starts = [token.spec for token in direct if token.spec != join.name]
        filled |= set(_flows_into(join, process.task_specs, starts))
        if filled:
            found |= {(join.name, flow) for flow in join.incoming if flow not in filled}
    return found


def _flows_into(join: Any, specs: Mapping[str, Any], starts: list[str]) -> Iterator[str]:
    """Incoming flows that tokens at these nodes can reach without passing the join."""
    seen, todo = {join.name}, starts
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        todo.extend(specs[name].boundary)
        for flow in specs[name].flows:
            if flow.target == join.name:
                yield flow.id
            todo.append(flow.target)
