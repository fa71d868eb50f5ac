"""Events: what a token or listener waits for, what happens when it comes, who catches what is thrown."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from engine import reasons, timing
from engine.bpmn.node import Node
from engine.bpmn.passing import Passing, pass_on
from engine.bpmn.tokens import CANCELLED, JOB, WAITING, Token
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.expressions import Value
from engine.values import copied

MESSAGE, SIGNAL, TIMER, CONDITIONAL = "message", "signal", "timer", "conditional"
ERROR, ESCALATION, COMPENSATE, TERMINATE, CANCEL = "error", "escalation", "compensate", "terminate", "cancel"
LINK = "link"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """What an event is about. `code` None catches every error or escalation."""

    kind: str
    name: str | None = None  #: of a message or signal
    named: Value | None = None  #: the same, where it is an expression
    code: str | None = None  #: of an error or escalation
    value: Value | None = None  #: a timer's text or a condition
    timer: str = ""  #: timeDate, timeDuration or timeCycle
    activity: str | None = None  #: to be compensated, or None for the scope
    variable: str = ""  #: whose changes alone make a condition looked at
    changes: frozenset[str] = frozenset({"create", "update", "delete"})  #: of that variable
    code_variable: str = ""  #: for the code of what was caught
    message_variable: str = ""
    message: Value | None = None  #: of a thrown error
    passed: Sequence[Passing] = ()  #: variables that go along with what is thrown
    key: Value | None = None  #: business key of the receiver; None: the thrower's own


@dataclasses.dataclass(frozen=True, kw_only=True)
class Thrown:
    """A message or signal on its way to others; `token` has thrown it."""

    kind: str
    name: str
    token: int
    element_id: str
    definition: str
    business_key: str
    variables: Mapping[str, Any]


# ------------------------------------------------------------------------------------------------------------- waiting
def await_event(token: Token) -> None:
    """The token waits. Messages, signals and timers of all WAITING tokens are the host's rows."""
    event, top = token.task_spec.event, token.workflow.top_workflow
    token._set_state(WAITING)
    if event is None:
        return
    if event.kind == TIMER:
        told = _scheduled(token, event.value)
        token.internal_data.update(due=told.due.isoformat(), left=told.left, every=told.step)
    elif event.named is not None:
        token.internal_data["name"] = str(token.task_spec.evaluate(token, event.named) or "")
    elif event.kind == CONDITIONAL:
        top.arrived.append(token)  # may be true at once


def _scheduled(token: Token, value: Value) -> timing.Schedule:
    spec, host = token.task_spec, token.workflow.top_workflow.host
    try:
        return timing.schedule(spec.event.timer, spec.evaluate(token, value), host.now())
    except timing.NotATime as wrong:
        told = reasons.not_a_time(value, wrong, Variables(token), host.functions)
        raise CannotProceed(element=spec.label, reason=told) from wrong


def name_of(token: Token) -> str:
    """Of the message or signal that it waits for."""
    return str(token.internal_data.get("name") or token.task_spec.event.name or "")


def schedule(spec: Any, value: Any, now: dt.datetime) -> timing.Schedule:
    """Raises CannotProceed for what is no time."""
    try:
        return timing.schedule(spec.event.timer, value, now)
    except timing.NotATime as wrong:
        raise CannotProceed(element=spec.label, reason=f"{wrong}.") from wrong


class EventNode(Node):
    """An event of the diagram. SpiffWorkflow's own event definition is never asked."""

    def __init__(self, wf_spec: Any, name: str, *, event: Event | None = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, event_definition=NoneEventDefinition(), **kwargs)
        self.event = event

    def comes_true(self, token: Token, touched: Mapping[str, str] | None) -> bool:
        """A condition must have been false before it can become true again (BPMN 2.0.2, table 10.84). With
        camunda:variableName each change of that variable counts, as there."""
        event, state = self.event, token.internal_data
        if event is None or event.kind != CONDITIONAL or JOB in state:
            return False
        if event.variable and touched is not None and touched.get(event.variable) not in event.changes:
            return False
        if self.evaluate(token, event.value) is not True:
            state.pop("true", None)
            return False
        was_true = "true" in state
        state["true"] = 1
        return bool(event.variable) or not was_true


class Listening(EventNode):
    """Boundary events and event sub-processes: a listener waits, and each time the event happens a token is made."""

    def listen(self, workflow: Any, parent: Token) -> None:
        if self.event is not None and self.event.kind != COMPENSATE:  # that is not waited for
            listener(self, workflow, parent)

    def repeat(self, token: Token) -> None:
        """A timer that does not interrupt goes on while its cycle lasts; other events can always happen again."""
        if self.event is None or self.event.kind != TIMER:
            return
        state = token.internal_data
        due, now = dt.datetime.fromisoformat(state["due"]), token.workflow.top_workflow.host.now()
        again = timing.again(state["every"], due, state["left"], now)
        if again is None:
            token._set_state(CANCELLED)
        else:
            state["due"], state["left"] = again[0].isoformat(), again[1]


def listener(spec: Any, workflow: Any, parent: Token) -> None:
    token = Token(workflow, spec, parent)
    token.internal_data["listens"] = 1
    await_event(token)


class BoundaryEvent(Listening, defaults.BoundaryEvent):
    def happened(self, token: Token, variables: Mapping[str, Any] | None = None) -> None:
        if self.cancel_activity:
            token.parent.cancel()
        else:
            self.repeat(token)
        following = Token(token.workflow, self, token.workflow.task_tree)
        Variables(following).take(variables)
        self.enter(following)


class Catching(EventNode):
    """Waits with its own token; behind an event-based gateway with one of several listeners on the gateway's."""

    def activate(self, token: Token) -> bool:
        await_event(token)
        return False

    def listen(self, workflow: Any, parent: Token) -> None:
        listener(self, workflow, parent)

    def happened(self, token: Token, variables: Mapping[str, Any] | None = None) -> None:
        if token.listens:
            gateway, token = token.parent, Token(token.workflow, self, token.workflow.task_tree)
            gateway.complete()  # cancels all its listeners
            token.record(self.entry_kind)
        Variables(token).take(variables)
        token._ready()


class CatchEvent(Catching, defaults.IntermediateCatchEvent):
    def activate(self, token: Token) -> bool:
        if self.event is not None and self.event.kind == LINK:
            return True
        return super().activate(token)


class ReceiveTask(Catching, defaults.ReceiveTask):
    pass


class StartEvent(EventNode, defaults.StartEvent):
    interrupting = True  #: of an event sub-process
    initiator = ""  #: variable for who has begun the instance


# ------------------------------------------------------------------------------------------------------------ throwing
def catcher(token: Token | None, kind: str, code: str | None) -> Token | None:
    """The nearest listener for an error or escalation that `token` throws: on its own activity and multi-instance body,
    then event sub-processes of the scope (not the one it comes from), then outwards, also out of a called process."""
    while token is not None:
        for listeners in _around(token):
            matching = [
                other
                for other in listeners
                if (event := other.task_spec.event) is not None and event.kind == kind and event.code in (None, code)
            ]
            if matching:
                return max(matching, key=lambda other: other.task_spec.event.code is not None)
        called, token = token.workflow, token.workflow.parent_task
        if token is not None and token.task_spec.calls_process:
            token.task_spec.pass_out(called, token)  # camunda:out leaves with what is thrown
    return None


def _around(token: Token) -> list[list[Token]]:
    owner, found = token, [token.live_children()]
    while owner.hangs():
        owner = owner.parent
        found.append(owner.live_children())
    waiting = [other for other in token.workflow.direct() if other._state == WAITING and other.listens]
    found.append([other for other in waiting if other.task_spec is not token.task_spec])
    return found


def throw_error(
    token: Token, code: str, variables: Mapping[str, Any] | None = None, *, message: str | None = None
) -> bool:
    """A BPMN error out of an activity or an end event. False when nobody catches it."""
    return _caught(catcher(token, ERROR, code), code, message, variables)


def _caught(found: Token | None, code: str | None, message: str | None, variables: Mapping[str, Any] | None) -> bool:
    if found is None:
        return False
    event, given = found.task_spec.event, dict(variables or {})
    if event.code_variable:
        given[event.code_variable] = code
    if event.message_variable:
        given[event.message_variable] = message
    found.task_spec.happened(found, given)
    return True


class Throwing(EventNode):
    """Intermediate throw and end events. What they throw may cancel their own token."""

    def _run_hook(self, token: Token) -> bool | None:
        if self.event is None:
            return True
        thrown = _THROWN.get(self.event.kind)
        return True if thrown is None else thrown(token, self.event)

    def _on_complete_hook(self, token: Token) -> None:
        super()._on_complete_hook(token)
        if not token.internal_data.get("cancel"):
            return
        activity = token.workflow.parent_task
        for other in activity.live_children():
            if other.task_spec.event is not None and other.task_spec.event.kind == CANCEL:
                other.task_spec.happened(other)
                return
        activity.cancel()
        activity.workflow._task_completed_notify(activity)


def _throw_outwards(token: Token, event: Event) -> bool:
    if event.name or event.named:
        throw_outwards(token, event)
    return True


def throw_outwards(token: Token, event: Event) -> None:
    """To whoever waits for it, in transactions of their own. Raises CannotProceed."""
    spec, scope, variables = token.task_spec, token.workflow, dict[str, Any]()
    pass_on(event.passed, token, variables)
    key = scope.business_key if event.key is None else spec.evaluate(token, event.key)
    name = event.name if event.named is None else spec.evaluate(token, event.named)
    thrown = Thrown(
        kind=event.kind,
        name=str(name or ""),
        token=token.id,
        element_id=spec.bpmn_id,
        definition=scope.definition,
        business_key="" if key is None else str(key),
        variables=variables,
    )
    scope.top_workflow.outbox.append(thrown)


def _throw_signal(token: Token, event: Event) -> bool:
    """To all that wait for it now: in this instance at once, so that what follows the throw event finds it received;
    in others by the host."""
    throw_outwards(token, event)
    thrown = token.workflow.top_workflow.outbox[-1]
    for other in token.workflow.top_workflow.tokens():
        waiting = other._state == WAITING and JOB not in other.internal_data and other.task_spec.event is not None
        if waiting and other.task_spec.event.kind == SIGNAL and name_of(other) == thrown.name:
            other.task_spec.happened(other, {name: copied(value) for name, value in thrown.variables.items()})
    return True


def throw_escalation(token: Token, code: str | None, variables: Mapping[str, Any] | None = None) -> bool:
    """False when nobody catches it."""
    return _caught(catcher(token, ESCALATION, code), code, None, variables)


def _throw_escalation(token: Token, event: Event) -> bool:
    throw_escalation(token, event.code)
    return True


def _throw_error(token: Token, event: Event) -> bool:
    message = None if event.message is None else token.task_spec.evaluate(token, event.message)
    throw_error(token, event.code or "", message=message)  # caught by nobody: an end like any other, as in Operaton
    return True


def _terminate(token: Token, event: Event) -> bool:
    token.workflow.cancel(keep=token)
    return True


def _cancel(token: Token, event: Event) -> bool | None:
    """Everything else in the transaction is terminated, then what was done is compensated (BPMN 2.0.2, 10.7)."""
    token.workflow.cancel(keep=token)
    token.internal_data["cancel"] = True
    return token.workflow.compensate(token) or None


def _compensate(token: Token, event: Event) -> bool | None:
    workflow = token.workflow
    outer = workflow.parent_task
    if outer is not None and outer.task_spec.is_event_subprocess:
        workflow = outer.workflow  # inside an event sub-process: the scope around it is meant
    return workflow.compensate(token, event.activity) or None


_THROWN = {
    MESSAGE: _throw_outwards,
    SIGNAL: _throw_signal,
    ESCALATION: _throw_escalation,
    ERROR: _throw_error,
    TERMINATE: _terminate,
    CANCEL: _cancel,
    COMPENSATE: _compensate,
}


class ThrowEvent(Throwing, defaults.IntermediateThrowEvent):
    pass


class EndEvent(Throwing, defaults.EndEvent):
    pass
