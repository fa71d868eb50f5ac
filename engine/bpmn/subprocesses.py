"""Sub-processes, event sub-processes, transactions, call activities: tokens that open a scope."""

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.bpmn.events import COMPENSATE, Listening
from engine.bpmn.node import Node, Process
from engine.bpmn.passing import Passing, pass_on
from engine.bpmn.references import Reference
from engine.bpmn.tokens import STARTED, Scope, Token
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.expressions import Constant, Value


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


class CallActivity(Node, defaults.CallActivity):
    """The called process has variables of its own; only camunda:in and camunda:out cross."""

    calls_process = True
    called = Reference(Constant(None))
    called_key: Value | None = None  #: business key of the called process
    passed_in: Sequence[Passing] = ()
    passed_out: Sequence[Passing] = ()

    def activate(self, token: Token) -> bool:
        top = token.workflow.top_workflow
        token._set_state(STARTED)
        definition = self._definition(token)
        called = top.host.spec(definition)
        if called.none_start() is None:
            raise CannotProceed(element=self.label, reason="quy trình được gọi không có khởi đầu không điều kiện.")
        scope = Scope(called, token, top)
        scope.called, scope.definition = True, definition
        scope.business_key = "" if self.called_key is None else str(self.evaluate(token, self.called_key) or "")
        scope.open()
        pass_on(self.passed_in, token, scope.data)
        scope.begin()
        return False

    def _definition(self, token: Token) -> str:
        wanted = self.name_of(token, self.called)
        found: str | None = token.workflow.top_workflow.host.find_process(token, wanted)
        if found is None:
            raise CannotProceed(element=self.label, reason=f"chưa có quy trình {wanted} để gọi.")
        return found

    def _on_subworkflow_completed(self, scope: Scope, token: Token) -> None:
        self.pass_out(scope, token)
        token._ready()

    def pass_out(self, scope: Scope, token: Token) -> None:
        """What the called process gives back. Raises CannotProceed."""
        pass_on([one for one in self.passed_out if not one.local], scope.task_tree, Variables(token))
        pass_on([one for one in self.passed_out if one.local], scope.task_tree, token.data)
