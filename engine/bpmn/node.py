"""What every flow node does, and the process it stands in."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec, defaults

from engine import reasons
from engine.bpmn import hearing, host
from engine.bpmn.continuing import BEFORE, await_behind, await_job
from engine.bpmn.references import Named, Reference
from engine.bpmn.tokens import FINISHED, JOB, Token, leave_undone
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.expressions import Value
from feel import FeelError

NO_WAY = "không nhánh nào thỏa điều kiện và không có nhánh mặc định."


class Flow(NamedTuple):
    """A sequence flow out of a node."""

    id: str
    condition: Value | None
    target: str
    name: str = ""

    @property
    def label(self) -> str:
        return f"“{self.name}” ({self.id})" if self.name else f"“{self.id}”"


class Node:
    """Mixed in before SpiffWorkflow's spec classes. Specs are shared by all instances and never change."""

    _wf_spec: Any
    name: str
    bpmn_id: str
    bpmn_name: str | None

    event: Any = None  #: engine.bpmn.events.Event
    instance_of: str | None = None  #: the multi-instance body's name, on the spec of its elements
    default_flow: str | None = None
    handler: str | None = None  #: name of the compensation handler
    manual = False  #: waits for somebody to run it
    joins = calls_process = is_event_subprocess = False
    topic: Value | None = None  #: of work for a machine outside
    async_before = async_after = False  #: a job of its own before it enters, after it has left
    retry: Value | None = None  #: camunda:failedJobRetryTimeCycle
    on_enter: Sequence[hearing.Listener] = ()
    on_complete: Sequence[hearing.Listener] = ()
    on_cancel: Sequence[hearing.Listener] = ()
    element_type = ""  #: BPMN's name: "userTask"
    entry_kind, exit_kind = host.ENTERED, host.COMPLETED

    def __init__(self, wf_spec: Any, name: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)  # type: ignore[call-arg]
        self.manual = type(self).manual
        self.flows: list[Flow] = []  #: in document order
        self.incoming: list[str] = []  #: flow ids
        self.boundary: list[str] = []  #: names of boundary events
        self.local_in: list[tuple[str, Value]] = []  #: camunda:inputParameter
        self.local_out: list[tuple[str, Value]] = []

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.bpmn_name or self.bpmn_id

    def _predict_hook(self, token: Token) -> None:
        """SpiffWorkflow: keeps the tasks that may come. We keep what is."""

    def _update(self, token: Token) -> None:
        """SpiffWorkflow: predicts first."""
        if self._update_hook(token):
            token._ready()

    def _on_ready(self, token: Token) -> None:
        """SpiffWorkflow: tests and assigns first."""
        self._on_ready_hook(token)

    def _on_complete(self, token: Token) -> None:
        """SpiffWorkflow: looks each child up, and each child's states in a mask."""
        self._on_complete_hook(token)
        workflow = token.workflow
        if token._children:
            for child in [workflow.tasks[number] for number in token._children]:
                if not child._state & FINISHED:
                    child.task_spec._update(child)
        workflow._task_completed_notify(token)

    def enter(self, token: Token) -> None:
        """A token that comes by no flow: it is ready at once."""
        token.record(self.entry_kind)
        if self.async_before:
            await_job(token, BEFORE)
            return
        if self.on_enter:
            hearing.run(self.on_enter, token)
        token._ready()

    def _update_hook(self, token: Token) -> bool:
        """A token has come. True: it can run now."""
        if JOB in token.internal_data:
            return False  # it waits behind this node
        token.record(self.entry_kind)
        if self.async_before and not self.joins:
            return await_job(token, BEFORE)
        return self.begin(token)

    def begin_later(self, token: Token) -> None:
        """In the job that the token has waited for."""
        if self.begin(token):
            token._ready()

    def begin(self, token: Token) -> bool:
        for name, value in self.local_in:
            token.data[name] = self.evaluate(token, value)
        if self.on_enter:
            hearing.run(self.on_enter, token)
        ready = self.activate(token)
        for name in self.boundary:
            self._wf_spec.task_specs[name].listen(token.workflow, token)
        return ready

    def activate(self, token: Token) -> bool:
        return True

    def _on_ready_hook(self, token: Token) -> None:
        if not self.manual:
            token.workflow.top_workflow.agenda.append(token)

    def _run_hook(self, token: Token) -> bool | None:
        return True

    def _on_cancel(self, token: Token) -> None:
        leave_undone(token)
        if (self.local_out or self.on_cancel) and not token.listens and JOB not in token.internal_data:
            with contextlib.suppress(CannotProceed):  # what it reads may not be there yet
                hearing.run(self.on_cancel, token)
                self._write_out(token)

    def _on_complete_hook(self, token: Token) -> None:
        """Listeners go, results go out, the token goes on. SpiffWorkflow updates the new tokens after this."""
        token.record(self.exit_kind)
        for child in token.live_children():
            child.cancel()
        if self.on_complete:
            hearing.run(self.on_complete, token)
        self._write_out(token)
        if "compensates" in token.internal_data:
            token.workflow.next_handler(thrower_of(token))
            return
        if self.handler:
            records = [["handler", self.handler, self.name]]
            token.workflow.done.extend(records * token.data.get("nrOfCompletedInstances", 1))
        if self.async_after:
            await_behind(token)
        else:
            self.leave(token)

    def leave(self, token: Token) -> None:
        if self.instance_of:
            token.parent.task_spec.instance_completed(token.parent, token)
        else:
            self._go_on(token)

    def _write_out(self, token: Token) -> None:
        """camunda:outputParameter: also of an activity that something takes away, as there."""
        for name, value in self.local_out:
            Variables(token, outer=True)[name] = self.evaluate(token, value)

    def _go_on(self, token: Token) -> None:
        specs = self._wf_spec.task_specs
        for flow in self.choose(token):
            following = Token(token.workflow, specs[flow.target], token)
            following.flow = flow.id
            if following.task_spec.joins:
                following.internal_data["flow"] = flow.id

    def choose(self, token: Token) -> Sequence[Flow]:
        """Out of an activity or event: all flows without a condition or with a true one, else the default flow. Raises
        CannotProceed when there are flows and none is open: the token must not vanish."""
        if len(self.flows) == 1 and self.flows[0].condition is None:
            return self.flows
        taken = [flow for flow in self.flows if flow.id != self.default_flow and self.is_open(flow, token)]
        taken = taken or [flow for flow in self.flows if flow.id == self.default_flow]
        if self.flows and not taken:
            raise self.no_way(token)
        return taken

    def no_way(self, token: Token) -> CannotProceed:
        """No flow is open: names those whose condition says neither true nor false, and what in it has no value."""
        names, functions = Variables(token), token.workflow.top_workflow.host.functions
        asked = [(flow, flow.condition) for flow in self.flows if flow.condition is not None]
        answers = [(flow, reasons.why_no_answer(condition, names, functions)) for flow, condition in asked]
        told = [f" Luồng {flow.label}: {why}." for flow, why in answers if why]
        return CannotProceed(element=self.label, reason="".join([NO_WAY, *told]))

    def is_open(self, flow: Flow, token: Token) -> bool:
        return flow.condition is None or self.evaluate(token, flow.condition) is True

    def evaluate(self, token: Token, value: Value) -> Any:
        """Raises CannotProceed where the expression cannot be answered."""
        try:
            return value.evaluate(Variables(token), token.workflow.top_workflow.host.functions)
        except FeelError as wrong:
            raise CannotProceed(element=self.label, reason=reasons.failed(value, wrong)) from wrong

    def why_null(self, token: Token, value: Value) -> str:
        """The expression in parentheses with what in it has no value, for the end of a refusal."""
        return reasons.missing(value, Variables(token), token.workflow.top_workflow.host.functions)

    def name_of(self, token: Token, reference: Reference) -> Named:
        """What the reference names now. Raises CannotProceed."""
        try:
            return reference.named(Variables(token), token.workflow.top_workflow.host.functions)
        except FeelError as wrong:
            raise CannotProceed(element=self.label, reason=reasons.failed(reference.key, wrong)) from wrong

    def comes_true(self, token: Token, touched: Mapping[str, str] | None) -> bool:
        """Of a conditional event: has its time come? `touched`: variables that have changed; None: any may have."""
        return False


class Root(Node, defaults.NoneTask):
    """The root of each scope's tree; finished from the start."""


class Process(BpmnProcessSpec):
    """A process or sub-process as drawn, with its nested ones. SpiffWorkflow: its inner nodes Start and End would
    collide with ids of the diagram."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.task_specs.clear()
        self.start, self.end = Root(self, " start"), None
        self.subprocess_specs: dict[str, Process] = {}
        self.event_subprocesses: list[Any] = []
        self.inclusive_joins: list[str] = []
        self.has_conditions = False  #: conditional events, not those in sub-processes

    def none_start(self) -> Any:
        return next((start for start in self.bpmn_start_events if start.event is None), None)


def thrower_of(handler: Token) -> Token:
    """The token that threw the compensation this handler works for."""
    number = handler.internal_data["compensates"]
    scopes = handler.workflow.top_workflow.all_scopes()
    found: Token = next(scope.tasks[number] for scope in scopes if number in scope.tasks)
    return found
