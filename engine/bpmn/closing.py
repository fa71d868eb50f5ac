"""What a scope, a round, a compensation is worth when tokens were taken out of it from outside (engine.bpmn.moving)."""

from typing import Any

from engine.bpmn.gateways import ParallelGateway, oldest_by_flow
from engine.bpmn.multi_instance import ENDLESS
from engine.bpmn.node import thrower_of
from engine.bpmn.tokens import LIVE, WAITING, Instance, Token


class Closing:
    """Cancels tokens, then what is left without one. `moved`: tokens were started elsewhere in the same act."""

    def __init__(self, instance: Instance, *, moved: bool) -> None:
        self.instance, self.moved = instance, moved
        self.interrupted: list[Token] = []  #: throwers of compensation whose handler was cancelled
        self.taken_out: dict[Token, int] = {}  #: body -> the highest element that was cancelled

    def cancel(self, token: Token) -> None:
        if not token._state & LIVE:
            return  # gone with another one
        if token.task_spec.instance_of:
            self._take_out(token)
        if "compensates" in token.internal_data:
            self.interrupted.append(thrower_of(token))
        token.cancel()

    def _take_out(self, element: Token) -> None:
        counters, inside = element.parent.data, element.parent.internal_data
        if counters["nrOfInstances"] != ENDLESS:
            inside["next"] = max(counters["nrOfInstances"], inside.get("next", 0))
            counters["nrOfInstances"] -= 1
        if not element.task_spec._wf_spec.task_specs[element.task_spec.instance_of].sequential:
            counters["nrOfActiveInstances"] -= 1
        self.taken_out[element.parent] = max(element.data["loopCounter"], self.taken_out.get(element.parent, 0))

    def close(self) -> None:
        self._compensation()
        for body, index in self.taken_out.items():
            if body._state & LIVE and elements(body):
                self._ask_condition(body)
            elif body._state & LIVE:
                self._round(body, index)
        for scope in reversed(list(self.instance.subprocesses.values())):
            self._empty(scope)

    def _compensation(self) -> None:
        """A handler without its thrower has nobody to work for; a thrower goes on with its next handler."""
        for token in self.instance.tokens():
            if "compensates" in token.internal_data and not _is_waiting_for_handlers(thrower_of(token)):
                token.cancel()
        for thrower in self.interrupted:
            if _is_waiting_for_handlers(thrower):
                thrower.workflow.next_handler(thrower)

    def _ask_condition(self, body: Token) -> None:
        """It counts with fewer elements now."""
        spec = body.task_spec
        if not self.moved and spec.condition is not None and spec.evaluate(body, spec.condition) is True:
            for element in elements(body):
                element.cancel()
            body.complete()

    def _round(self, body: Token, index: int) -> None:
        """Nobody is left in it at the moment."""
        counters, spec = body.data, body.task_spec
        total, done = counters["nrOfInstances"], counters["nrOfCompletedInstances"]
        if self.moved or total == ENDLESS or not (done or total > done):
            body.cancel()
        elif total > done:
            following = spec._add(body, index + 1, spec._items(body))
            following.task_spec._update(following)
        else:
            body.complete()

    def _empty(self, scope: Any) -> None:
        """A scope without a token is cancelled with its activity, and so are those around it."""
        while scope.parent_task is not None and not scope.completed and is_empty(scope):
            owner = scope.parent_task
            if owner.task_spec.instance_of and owner._state & LIVE:
                self._take_out(owner)
            owner.cancel()
            if owner.task_spec.instance_of and not elements(owner.parent):
                self._round(owner.parent, owner.data["loopCounter"])
            scope = owner.workflow


def elements(body: Token) -> list[Token]:
    return [child for child in body.live_children() if child.task_spec.instance_of]


def _is_waiting_for_handlers(thrower: Token) -> bool:
    root = thrower is thrower.workflow.task_tree
    alive = not thrower.workflow.completed if root else bool(thrower._state & LIVE)
    return alive and "records" in thrower.internal_data


def is_empty(scope: Any) -> bool:
    return all(token._state == WAITING and token.task_spec.is_event_subprocess for token in scope.live())


def stuck_joins(instance: Instance) -> list[str]:
    """Labels of parallel joins with waiting tokens that wait for a flow no other token can come by any more."""
    found = []
    for scope in instance.all_scopes():
        joins = {t.task_spec for t in scope.live() if t._state == WAITING and isinstance(t.task_spec, ParallelGateway)}
        for join in joins if not scope.completed else ():
            coming = {flow for t in scope.direct() if t.task_spec is not join for flow in _flows_behind(t.task_spec)}
            if any(flow not in coming for flow in join.incoming if flow not in oldest_by_flow(join, scope)):
                found.append(join.label)
    return sorted(found)


def _flows_behind(spec: Any) -> set[str]:
    """Ids of all flows that a token at this element may still take in its scope."""
    specs, seen, todo = spec._wf_spec.task_specs, set(), [spec]
    found: set[str] = set()
    while todo:
        node = todo.pop()
        if node.name not in seen:
            seen.add(node.name)
            found.update(flow.id for flow in node.flows)
            todo.extend(specs[name] for name in [*node.boundary, *(flow.target for flow in node.flows)])
    return found
