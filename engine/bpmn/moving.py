"""Moving tokens from outside: cancel here, start there, as Operaton's process instance modification does.

`modify` starts first and cancels then, so that no scope completes in between; then it closes what was left empty. What
it has made ready runs with the caller's next engine steps. A scope, or the whole instance, that is left without a token
was not completed by anybody: it is cancelled with its activity, and nothing goes on behind it. A round of a
multi-instance activity goes on without the elements that were taken out, unless the tokens were moved elsewhere.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from engine.bpmn.closing import Closing, is_empty
from engine.bpmn.events import COMPENSATE, BoundaryEvent, Listening, StartEvent
from engine.bpmn.gateways import oldest_by_flow
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.node import Flow, Process
from engine.bpmn.tokens import LIVE, STARTED, Instance, Token
from engine.bpmn.variables import Variables
from engine.errors import CannotMove
from engine.values import adopted_all

BODY = "#multiInstanceBody"  #: after an element's id: a new round, also where one is running


@dataclasses.dataclass(frozen=True, kw_only=True)
class Start:
    """Where to start a token: before an element, or on a flow, by its id."""

    element_id: str
    near: int | None = None  #: a token in, or owning, the scope or called process that is meant
    variables: Mapping[str, Any] = dataclasses.field(default_factory=dict)  #: as if the step before had set them
    local: Mapping[str, Any] = dataclasses.field(default_factory=dict)  #: the new token's own


@dataclasses.dataclass(frozen=True)
class Moved:
    """`emptied`: no token is left, and the instance is cancelled."""

    started: list[Token]
    emptied: bool


def modify(instance: Instance, *, cancel: Collection[int] = (), start: Sequence[Start] = ()) -> Moved:
    """All of it together. Raises TaskNotReady for a token that is gone, CannotMove."""
    doomed = [movable(instance, number) for number in cancel]
    started = [_start(instance, place, doomed) for place in start]
    closing = Closing(instance, moved=bool(start))
    for token in doomed:
        closing.cancel(token)
    closing.close()
    return Moved(started, is_empty(instance) and _give_up(instance))


def start_before(
    instance: Instance, element_id: str, *, near: int | None = None, variables: Mapping[str, Any] | None = None
) -> Token:
    """A new token that comes to an element. Embedded sub-processes around it that are not open are opened. Where a
    round of a multi-instance activity is running, one element more. Raises CannotMove."""
    return _start(instance, Start(element_id=element_id, near=near, variables=variables or {}), ())


def start_flow(
    instance: Instance, flow_id: str, *, near: int | None = None, variables: Mapping[str, Any] | None = None
) -> Token:
    """A new token on a sequence flow, whose condition is not asked. Raises CannotMove."""
    return _start(instance, Start(element_id=flow_id, near=near, variables=variables or {}), ())


def cancel_token(instance: Instance, number: int) -> None:
    """With its listeners, inner scopes and called processes; closes what is left empty. Raises TaskNotReady,
    CannotMove."""
    modify(instance, cancel=[number])


def tokens_at(instance: Instance, element_id: str) -> list[Token]:
    """The tokens at an element, in all scopes and called processes; of a round its body alone."""
    return [token for token in instance.tokens() if token.task_spec.name == element_id and not token.listens]


def movable(instance: Instance, number: int) -> Token:
    """Raises TaskNotReady, and CannotMove for what only listens beside a token."""
    token = instance.find(number)
    if token.listens or not token._state & LIVE:
        raise CannotMove(reason=f"“{token.task_spec.label}” chỉ chờ sự kiện bên cạnh một bước. Hủy bước đó.")
    return token


# ------------------------------------------------------------------------------------------------------------- places
def _start(instance: Instance, place: Start, doomed: Collection[Token]) -> Token:
    places = _Places(instance, place.near, doomed)
    element_id, path = places.find(place.element_id.removesuffix(BODY))
    scope = places.open(path)
    flow = _flow(scope.spec, element_id)
    if flow is not None:
        return _arrive(scope, scope.spec.task_specs[flow.target], place, flow.id)
    spec = scope.spec.task_specs[element_id]
    _require_startable(scope.spec, spec)
    if spec.is_event_subprocess:
        return _happen(scope, spec, place)
    body = None if place.element_id.endswith(BODY) else places.body(scope, spec)
    if body is not None:
        return _begin(_element(body), place)
    return _arrive(scope, spec, place, None)


class _Places:
    """Looks for the scope of an element among those that live and are not about to be cancelled."""

    def __init__(self, instance: Instance, near: int | None, doomed: Collection[Token]) -> None:
        self.instance, self.near, self.doomed = instance, near, doomed
        self.around = [] if near is None else list(_outwards(instance, instance.find(near)))
        self.process: Any = instance

    def find(self, element_id: str) -> tuple[str, list[str]]:
        """The element and the ids of the sub-processes around it, outermost first; `process` is the one that has it."""
        for process in self._processes(element_id):
            path = _path(process.spec, element_id)
            if path is not None:
                self.process = process
                return _begun_outside(process.spec, element_id, path)
        raise CannotMove(reason=f"quy trình không có bước hay luồng “{element_id}”.")

    def _processes(self, element_id: str) -> list[Any]:
        """Around `near` from within outwards; else the instance itself, then the one called process that has it."""
        if self.near is not None:
            return [scope for scope in self.around if scope.parent_task is None or scope.called and self._stays(scope)]
        called = [scope for scope in self._alive() if scope.called and _path(scope.spec, element_id) is not None]
        if len(called) > 1 and _path(self.instance.spec, element_id) is None:
            raise CannotMove(
                reason=f"“{element_id}” có trong {len(called)} quy trình được gọi. Chọn một bước bên cạnh."
            )
        return [self.instance, *called]

    def open(self, path: Sequence[str]) -> Any:
        """The innermost scope; opens what is not open on the way."""
        scope = self.process
        for name in path:
            inner = [s for s in self._alive() if _is_inside(s, scope) and s.parent_task.task_spec.bpmn_id == name]
            wanted = [s for s in inner if s in self.around] or inner
            if len(wanted) > 1:
                raise CannotMove(reason=f"“{name}” đang mở {len(wanted)} lần. Chọn một bước bên trong lần cần dời.")
            scope = wanted[0] if wanted else self._opened(scope, scope.spec.task_specs[name])
        return scope

    def body(self, scope: Any, spec: Any) -> Token | None:
        """The running round of a multi-instance activity, when there is one."""
        if not isinstance(spec, MultiInstance):
            return None
        found = [token for token in scope.live() if token.task_spec is spec and token not in self.doomed]
        if len(found) > 1:
            raise CannotMove(reason=f"“{spec.label}” đang có {len(found)} vòng.")
        return found[0] if found else None

    def _opened(self, scope: Any, spec: Any) -> Any:
        if isinstance(spec, MultiInstance):
            return _open_scope(_element(self.body(scope, spec) or _open_body(scope, spec)))
        return _open_scope(Token(scope, spec, scope.task_tree))

    def _alive(self) -> Iterator[Any]:
        for scope in self.instance.subprocesses.values():
            if not scope.completed and self._stays(scope):
                yield scope

    def _stays(self, scope: Any) -> bool:
        return not any(token in self.doomed for token in _owners(scope))


def _outwards(instance: Instance, token: Token) -> Iterator[Any]:
    """The scope that the token has opened, then those around it, from within."""
    inner = instance.subprocesses.get(token.id)
    if inner is not None and not inner.completed:
        yield inner
    scope = token.workflow
    while scope is not None:
        yield scope
        scope = None if scope.parent_task is None else scope.parent_task.workflow


def _owners(scope: Any) -> Iterator[Token]:
    """The tokens that hold the scope open: its activity, the round it belongs to, the same further out."""
    token = scope.parent_task
    while token is not None:
        yield token
        token = token.parent if token.hangs() else token.workflow.parent_task


def _is_inside(scope: Any, outer: Any) -> bool:
    return not scope.called and scope.parent_task.workflow is outer and bool(scope.parent_task._state & LIVE)


def _path(process: Process, element_id: str) -> list[str] | None:
    """Ids of the sub-processes around an element or flow, outermost first; None when the process does not have it."""
    if element_id != process.start.name and element_id in process.task_specs or _flow(process, element_id):
        return []
    for name, inner in process.subprocess_specs.items():
        found = _path(inner, element_id)
        if found is not None:
            return [name, *found]
    return None


def _begun_outside(process: Process, element_id: str, path: list[str]) -> tuple[str, list[str]]:
    """Who starts at the start event of an event sub-process means that its event has happened."""
    for name in path[:-1]:
        process = process.subprocess_specs[name]
    event_process = next((spec for spec in process.event_subprocesses if path and spec.name == path[-1]), None)
    if event_process is not None and process.subprocess_specs[path[-1]].none_start().name == element_id:
        return path[-1], path[:-1]
    return element_id, path


def _flow(process: Process, flow_id: str) -> Flow | None:
    return next((flow for node in process.task_specs.values() for flow in node.flows if flow.id == flow_id), None)


# ------------------------------------------------------------------------------------------------------------ starting
def _arrive(scope: Any, spec: Any, place: Start, flow: str | None) -> Token:
    token = Token(scope, spec, scope.task_tree)
    token.flow = flow
    if spec.joins:
        token.internal_data["flow"] = flow or _free_flow(spec, scope)
    return _begin(token, place)


def _free_flow(join: Any, scope: Any) -> str | None:
    """Who starts before a join means that it has one token more: on a flow that has none."""
    waiting = oldest_by_flow(join, scope)
    free = [flow for flow in join.incoming if flow not in waiting]
    return next(iter(free or join.incoming), None)


def _begin(token: Token, place: Start) -> Token:
    spec = token.task_spec
    token.data.update(adopted_all(place.local))
    Variables(token).take(adopted_all(place.variables))
    if isinstance(spec, StartEvent | BoundaryEvent):
        spec.enter(token)  # it has happened
    else:
        spec._update(token)
    return token


def _happen(scope: Any, spec: Any, place: Start) -> Token:
    """As if the event had come: one that interrupts cancels everything else in the scope."""
    token = Token(scope, spec, scope.task_tree)
    if spec.cancel_activity:
        scope.cancel(keep=token)
    token.data.update(adopted_all(place.local))
    Variables(token).take(adopted_all(place.variables))
    token.record(spec.entry_kind)
    spec.activate(token)
    return token


def _require_startable(process: Process, spec: Any) -> None:
    compensates = spec.event is not None and spec.event.kind == COMPENSATE and isinstance(spec, Listening)
    if compensates or any(spec.name == other.handler for other in process.task_specs.values()):
        raise CannotMove(reason=f"“{spec.label}” chỉ chạy khi có bù trừ.")


def _open_scope(token: Token) -> Any:
    """Of a sub-process whose start event is passed over."""
    spec = token.task_spec
    _enter(token)
    scope = spec.open_scope(token)
    for listening in scope.spec.event_subprocesses:
        listening.listen(scope, scope.task_tree)
    _listen(token)
    return scope


def _enter(token: Token) -> None:
    spec = token.task_spec
    token.record(spec.entry_kind)
    for name, value in spec.local_in:
        token.data[name] = spec.evaluate(token, value)
    token._set_state(STARTED)


def _listen(token: Token) -> None:
    for name in token.task_spec.boundary:
        token.workflow.spec.task_specs[name].listen(token.workflow, token)


def _open_body(scope: Any, spec: MultiInstance) -> Token:
    """A round that has no element yet. One after the other it still goes through all that come later."""
    token = Token(scope, spec, scope.task_tree)
    _enter(token)
    number = max(1, spec._number(token, spec._items(token))) if spec.sequential else 0
    token.data.update(nrOfInstances=number, nrOfActiveInstances=0, nrOfCompletedInstances=0)
    _listen(token)
    return token


def _element(body: Token) -> Token:
    """One element more; its number was never used in this round."""
    spec, counters, inside = body.task_spec, body.data, body.internal_data
    if spec.sequential and counters["nrOfActiveInstances"]:
        raise CannotMove(reason=f"“{spec.label}” lần lượt từng người, đang có một người làm.")
    counters["nrOfActiveInstances"] += 1
    index = 0
    if not spec.sequential:
        index = max(counters["nrOfInstances"], inside.get("next", 0))
        counters["nrOfInstances"], inside["next"] = counters["nrOfInstances"] + 1, index + 1
    element: Token = spec._add(body, index, spec._items(body))
    return element


def _give_up(instance: Instance) -> bool:
    """True when it was not over before."""
    if instance.completed:
        return False
    instance.cancel()
    return True
