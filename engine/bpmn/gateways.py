"""Gateways: which way a token goes, and what waits for what."""

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.bpmn.continuing import BEFORE, await_job
from engine.bpmn.events import EventNode
from engine.bpmn.host import COMPLETED as PASSED
from engine.bpmn.node import Flow, Node
from engine.bpmn.tokens import COMPLETED, JOB, READY, STARTED, WAITING, Token


class ExclusiveGateway(Node, defaults.ExclusiveGateway):
    def choose(self, token: Token) -> Sequence[Flow]:
        """The first open flow in document order, else the default. Raises CannotProceed."""
        for flow in self.flows:
            if flow.id != self.default_flow and self.is_open(flow, token):
                return [flow]
        default = [flow for flow in self.flows if flow.id == self.default_flow]
        if self.flows and not default:
            raise self.no_way(token)
        return default


class Join(Node):
    """With camunda:asyncBefore the tokens are joined first, and the one that is left waits for the job: one a round,
    whatever the number of flows."""

    joins = True

    def _on_ready_hook(self, token: Token) -> None:
        if self.async_before:
            await_job(token, BEFORE)
        else:
            super()._on_ready_hook(token)

    def begin_later(self, token: Token) -> None:
        token._set_state(READY)
        super()._on_ready_hook(token)


class ParallelGateway(Join, defaults.ParallelGateway):
    """Waits for one token on each incoming flow, in its own scope; a second one on a flow waits for the next round."""

    def activate(self, token: Token) -> bool:
        if len(self.incoming) < 2:
            return True
        token._set_state(WAITING)
        oldest = oldest_by_flow(self, token.workflow)
        if len(oldest) < len(self.incoming):
            return False
        merge(other for other in oldest.values() if other is not token)
        return True

    def choose(self, token: Token) -> Sequence[Flow]:
        return self.flows


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Waits while a token elsewhere in its scope can reach an incoming flow that has none, and cannot reach one that
    has (BPMN 2.0.2, 13.4.3). Asked when everything else in the instance waits."""

    def __init__(self, wf_spec: Any, name: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.reachable: dict[str, frozenset[str]] = {}  #: name of a node -> incoming flows it can reach

    def activate(self, token: Token) -> bool:
        if len(self.incoming) < 2:
            return True
        token._set_state(WAITING)
        return False

    def try_to_fire(self, scope: Any) -> bool:
        oldest = oldest_by_flow(self, scope)
        if not oldest or self._is_awaited(scope, oldest):
            return False
        first, *others = oldest.values()
        merge(others)
        first._ready()
        return not self.async_before  # True: there is a next step

    def _is_awaited(self, scope: Any, oldest: dict[str, Token]) -> bool:
        empty = [flow for flow in self.incoming if flow not in oldest]
        for token in scope.direct() if empty else ():
            if token.task_spec is self and JOB not in token.internal_data or token.task_spec.is_event_subprocess:
                continue
            reach = self._reach_of(token.task_spec)
            if any(flow in reach for flow in empty) and not any(flow in reach for flow in oldest):
                return True
        return False

    def _reach_of(self, spec: Any) -> frozenset[str]:
        """Incoming flows that a token at `spec` can reach without passing this gateway. Kept on the spec."""
        if spec.name not in self.reachable:
            self.reachable[spec.name] = frozenset(self._reach(spec))
        return self.reachable[spec.name]

    def _reach(self, spec: Any) -> set[str]:
        specs, seen, todo = self._wf_spec.task_specs, set(), [spec]
        found: set[str] = set()
        while todo:
            node = todo.pop()
            if node.name in seen:
                continue
            seen.add(node.name)
            todo.extend(specs[name] for name in node.boundary)
            found.update(flow.id for flow in node.flows if flow.target == self.name)
            todo.extend(specs[flow.target] for flow in node.flows if flow.target != self.name)
        return found


class EventBasedGateway(EventNode, defaults.EventBasedGateway):
    """Opens a listener for each event behind it; the first that happens takes the token (events.Catching.happened)."""

    def activate(self, token: Token) -> bool:
        token._set_state(STARTED)
        for flow in self.flows:
            self._wf_spec.task_specs[flow.target].listen(token.workflow, token)
        return False

    def choose(self, token: Token) -> Sequence[Flow]:
        return ()


def oldest_by_flow(join: Any, scope: Any) -> dict[str, Token]:
    """Incoming flow id -> its oldest waiting token."""
    oldest: dict[str, Token] = {}
    for token in scope.tasks.values():
        if token._state == WAITING and token.task_spec is join and JOB not in token.internal_data:
            oldest.setdefault(token.internal_data["flow"], token)
    return oldest


def merge(tokens: Any) -> None:
    """These end in the join; another goes on for all."""
    for token in tokens:
        token._set_state(COMPLETED)
        token.record(PASSED)
