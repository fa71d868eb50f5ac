"""Sub-processes, event sub-processes, transactions, call activities: tokens that open a scope."""

import dataclasses
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.bpmn.events import COMPENSATE, Listening
from engine.bpmn.node import Node, Process
from engine.bpmn.tokens import STARTED, Scope, Token
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.expressions import Constant, Value
from engine.values import copied

COUNTERS = ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "loopCounter")


class SubProcess(Node, defaults.SubWorkflowTask):
    """An embedded sub-process or transaction: a scope of its own whose reads and writes go on to the outer one."""

    def activate(self, token: Token) -> bool:
        token._set_state(STARTED)
        self.open_scope(token).begin()
        return False

    def open_scope(self, token: Token) -> Scope:
        scope = Scope(self.definition(token), token, token.workflow.top_workflow)
        scope.open()
        return scope

    def definition(self, token: Token) -> Process:
        inner: Process = token.workflow.spec.subprocess_specs[self.spec]
        return inner

    def _on_subworkflow_completed(self, scope: Scope, token: Token) -> None:
        handled = scope.done or (scope.spec.event_subprocesses and compensation_of(scope.spec))
        if handled and "compensates" not in token.internal_data:
            token.workflow.done.append(["scope", self.name, scope.data, scope.done])
        token._ready()

    def reopen(self, token: Token, variables: Mapping[str, Any], records: Sequence[Any]) -> None:
        """Finished, it comes back with its variables and records to be compensated: by its compensation event
        sub-process, else by the handlers of its own records."""
        token.record(self.entry_kind)
        token._set_state(STARTED)
        scope = self.open_scope(token)
        scope.data, scope.done = dict(variables), list(records)
        spec = compensation_of(scope.spec)
        if spec is not None:
            inner = Token(scope, spec, scope.task_tree)
            inner.record(spec.entry_kind)
            spec.activate(inner)
        elif scope.compensate(scope.task_tree):
            scope.finish()


def compensation_of(process: Process) -> Any:
    """Its compensation event sub-process, or None."""
    return next((spec for spec in process.event_subprocesses if spec.event.kind == COMPENSATE), None)


class EventSubProcess(SubProcess, Listening):
    """Its listener is a WAITING token of this spec in the outer scope."""

    is_event_subprocess = True
    cancel_activity = True
    event_start: Any = None  #: spec of its start event

    def __init__(self, wf_spec: Any, name: str, **kwargs: Any) -> None:
        Node.__init__(self, wf_spec, name, **kwargs)

    def happened(self, token: Token, variables: Mapping[str, Any] | None = None) -> None:
        workflow = token.workflow
        following = Token(workflow, self, workflow.task_tree)
        if self.cancel_activity:
            workflow.cancel(keep=following)
        else:
            self.repeat(token)
        Variables(following).take(variables)
        following.record(self.entry_kind)
        self.activate(following)

    def _on_subworkflow_completed(self, scope: Scope, token: Token) -> None:
        token._ready()


@dataclasses.dataclass(frozen=True)
class Passing:
    """One camunda:in or camunda:out; without a value, all variables."""

    target: str = ""
    value: Value | None = None


class CallActivity(Node, defaults.CallActivity):
    """The called process has variables of its own; only camunda:in and camunda:out cross."""

    calls_process = True
    called: Value = Constant(None)  #: key of the process
    called_key: Value | None = None  #: business key of the called process
    passed_in: Sequence[Passing] = ()
    passed_out: Sequence[Passing] = ()

    def activate(self, token: Token) -> bool:
        top = token.workflow.top_workflow
        token._set_state(STARTED)
        definition = self._definition(token)
        scope = Scope(top.host.spec(definition), token, top)
        scope.called, scope.definition = True, definition
        scope.business_key = "" if self.called_key is None else str(self.evaluate(token, self.called_key) or "")
        scope.open()
        self._pass(self.passed_in, token, scope.data)
        scope.begin()
        return False

    def _definition(self, token: Token) -> str:
        key = str(self.evaluate(token, self.called) or "")
        found: str | None = token.workflow.top_workflow.host.latest(key)
        if found is None:
            raise CannotProceed(element=self.label, reason=f"chưa có quy trình “{key}” để gọi.")
        return found

    def _on_subworkflow_completed(self, scope: Scope, token: Token) -> None:
        self._pass(self.passed_out, scope.task_tree, Variables(token))
        token._ready()

    def _pass(self, mappings: Sequence[Passing], source: Token, target: MutableMapping[str, Any]) -> None:
        for mapping in mappings:
            if mapping.value is None:
                flat = Variables(source).flat()
                target.update({name: value for name, value in flat.items() if name not in COUNTERS})
            else:
                target[mapping.target] = copied(self.evaluate(source, mapping.value))
