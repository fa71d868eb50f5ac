"""One request on one instance: load, work, and say what has changed. Knows no tables but the definitions'.

A Run is the core's host. It is thrown away after the request; after an exception nothing of it may be used.
"""

import dataclasses
import datetime as dt
import functools
import types
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from directory.actors import Actor
from engine import assignment, bindings, deciding, registry, specs, values
from engine.assignment import Limit, Offer, Offered, Situation
from engine.bpmn import answers, continuing, events, host, moving, saving
from engine.bpmn.activities import UserTask
from engine.bpmn.moving import Moved, Start
from engine.bpmn.node import Process
from engine.bpmn.references import Named, Reference
from engine.bpmn.tokens import JOB, READY, STARTED, WAITING, Instance, Token
from engine.bpmn.variables import Variables
from engine.deciding import Decided
from engine.errors import CannotProceed, TaskNotReady
from engine.registry import BoundFunctions, FunctionContext, ServiceCall
from feel import FeelError
from kernel import clock

TASK, EXTERNAL, TIMER, SUBSCRIPTION = "task", "external", "timer", "subscription"  #: and JOB


class Wait(NamedTuple):
    """A token that waits for something outside the core."""

    kind: str
    token: int
    element_id: str
    definition_id: uuid.UUID
    business_key: str
    offered: Offered | None = None  #: of a task
    topic: str = ""
    due: dt.datetime | None = None
    event_kind: str = ""
    event_name: str = ""


@dataclasses.dataclass(slots=True)
class Record:
    """A line of history. Its step goes on while it stands here: `changes` comes last."""

    kind: str
    token: int
    definition_id: uuid.UUID
    element_id: str
    element_name: str
    element_type: str
    flow_id: str | None
    data: Any = None
    changes: Any = None  #: variables that this step changed
    loop: int | None = None  #: which element of a multi-instance


@dataclasses.dataclass(frozen=True, kw_only=True)
class Changes:
    """What one request did. `closed`: kind of wait -> tokens that do not wait any more."""

    snapshot: bytes
    completed: bool
    opened: list[Wait]
    closed: Mapping[str, list[int]]
    records: list[Record]
    decided: list[Decided]
    thrown: list[events.Thrown]


_id = functools.lru_cache(maxsize=1024)(uuid.UUID)  #: of a definition, as text in the snapshot


class Run:
    """The surroundings of the core for one request (engine.bpmn.host.Host)."""

    def __init__(self, *, organization_id: uuid.UUID, instance_id: uuid.UUID, actor: Actor) -> None:
        self.organization_id = organization_id
        self.instance_id = instance_id
        self.actor = actor
        self.instance: Instance
        self._now = clock.now()
        self._records: list[Record] = []
        self._decided: list[Decided] = []
        self._handed_in: dict[int, Any] = {}
        self._before: dict[tuple[str, int], str] = {}

    # ---- what the core asks
    @functools.cached_property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return BoundFunctions(FunctionContext(organization_id=self.organization_id, now=self._now))

    @property
    def instance_name(self) -> str:
        return str(self.instance_id)

    @property
    def initiator(self) -> str | None:
        return self.actor.username or None

    def now(self) -> dt.datetime:
        return self._now

    def spec(self, definition: str) -> Process:
        return specs.spec_of(_id(definition))

    def find_process(self, token: Token, wanted: Named) -> str | None:
        found = bindings.find_process(self.organization_id, wanted, _id(token.workflow.definition))
        if found is not None and found.suspended:
            raise CannotProceed(element=token.task_spec.label, reason=f"quy trình {wanted} đang tạm dừng nhận hồ sơ.")
        return None if found is None else str(found.id)

    def call_service(self, token: Token, name: str) -> Mapping[str, Any] | None:
        if not registry.has_service(name):
            raise CannotProceed(element=token.task_spec.label, reason=f"hệ thống không có việc “{name}”.")
        call = ServiceCall(
            organization_id=self.organization_id,
            instance_id=self.instance_id,
            definition_id=_id(token.workflow.definition),
            business_key=token.workflow.business_key,
            element_id=token.task_spec.bpmn_id,
            actor=self.actor,
            variables=types.MappingProxyType(Variables(token).flat()),
        )
        return registry.get_service(name)(call)

    def decide(self, token: Token, wanted: Named) -> list[dict[str, Any]]:
        rows, decided = deciding.decide(token, wanted, self.organization_id, self.functions)
        self._decided.append(decided)
        return rows

    def record(self, kind: str, token: Token) -> None:
        spec, data = token.task_spec, None
        if kind == host.COMPLETED and token.id in self._handed_in:
            data = values.plain(self._handed_in[token.id])
        self._records.append(
            Record(
                kind,
                token.id,
                _id(token.workflow.definition),
                spec.bpmn_id,
                spec.bpmn_name or "",
                spec.element_type,
                token.flow if kind in (host.ENTERED, host.OPENED) else None,
                data=data,
                loop=token.data.get("loopCounter") if spec.instance_of else None,
            )
        )

    # ---- what operations ask
    def start(self, definition_id: uuid.UUID, variables: Mapping[str, Any], *, business_key: str, at: str = "") -> None:
        """Begins at the none start event, or at the start event named `at`. Raises CannotProceed and refusals of
        service tasks."""
        self.instance = Instance(str(definition_id), self, business_key=business_key)
        spec = self.instance.spec
        start = next((s for s in spec.bpmn_start_events if s.bpmn_id == at), None) if at else spec.none_start()
        if start is None:
            raise CannotProceed(element=spec.description or spec.name, reason="không có sự kiện khởi đầu này.")
        self.tell("started", values.plain(dict(variables)))
        self.instance.start(dict(variables), start)

    def resume(self, snapshot: bytes) -> None:
        self.instance = saving.load(snapshot, self)
        self._before = self._waits()

    def complete(self, number: int, handed_in: Mapping[str, Any]) -> None:
        """Completes the human task of this token. Raises TaskNotReady when it is not open."""
        token = self.instance.find(number)
        if token._state != READY or not isinstance(token.task_spec, UserTask):
            raise TaskNotReady
        if self._hand_in(token, handed_in):
            token.run()
        self.instance.do_engine_steps()

    def complete_external(self, number: int, variables: Mapping[str, Any]) -> None:
        token = self._external(number)
        self._hand_in(token, variables)
        token.complete()
        self.instance.do_engine_steps()

    def throw_error(self, number: int, code: str, message: str, variables: Mapping[str, Any]) -> None:
        """Out of an external task. Raises CannotProceed when nobody catches it."""
        token = self._external(number)
        if not events.throw_error(token, code, variables, message=message or None):
            told = f"lỗi {code}: {message}." if message else f"lỗi {code}."
            raise CannotProceed(element=token.task_spec.label, reason=f"không nơi nào bắt {told}")
        self.instance.do_engine_steps()

    def throw_escalation(self, number: int, code: str, variables: Mapping[str, Any]) -> bool:
        """Out of an external task, which goes on unless the catcher interrupts it. False when nobody catches it."""
        caught = events.throw_escalation(self._external(number), code, variables)
        self.instance.do_engine_steps()
        return caught

    def go_on(self, number: int) -> None:
        """In the job that this token has waited for. Raises TaskNotReady when it waits no more."""
        token = self.instance.find(number)
        if token._state != WAITING or JOB not in token.internal_data:
            raise TaskNotReady
        continuing.go_on(token)
        self.instance.do_engine_steps()

    def fire(self, number: int, variables: Mapping[str, Any] | None = None) -> None:
        """The event this token waits for has happened. Raises TaskNotReady when it waits no more."""
        token = self.instance.find(number)
        if token._state != WAITING or token.task_spec.event is None or JOB in token.internal_data:
            raise TaskNotReady
        token.task_spec.happened(token, variables)
        self.instance.do_engine_steps()

    def modify(self, *, cancel: Collection[int] = (), start: Sequence[Start] = ()) -> Moved:
        """Starts and cancels tokens, then goes on to the next waits. Raises TaskNotReady, CannotMove."""
        moved = moving.modify(self.instance, cancel=cancel, start=start)
        self.instance.do_engine_steps()
        return moved

    def cancel(self) -> None:
        self.instance.cancel()

    def look_again(self, touched: Mapping[str, str]) -> None:
        """Conditional events, after variables were changed from outside: name -> create, update or delete."""
        self.instance.changed = True
        self.instance.touched.update(touched)
        self.instance.do_engine_steps()

    def waits(self) -> set[tuple[str, int]]:
        """Kind and token of all that waits for something outside the core."""
        return set(self._waits())

    def finish(self) -> Changes:
        """Prunes, saves, and compares what waits with what waited before."""
        instance = self.instance
        saving.prune(instance)
        if instance.completed:
            self.tell("ended")
        self._add_changes()
        before, waiting = self._before, self._waits()
        changed = [key for key, mark in waiting.items() if before.get(key) != mark]
        opened = [self._wait(kind, instance.find(number)) for kind, number in changed]
        closed: dict[str, list[int]] = {}
        for kind, number in before.keys() - waiting.keys():
            closed.setdefault(kind, []).append(number)
        return Changes(
            snapshot=saving.dump(instance),
            completed=instance.completed,
            opened=sorted(opened, key=lambda wait: wait.token),
            closed=closed,
            records=self._records,
            decided=self._decided,
            thrown=list(instance.outbox),
        )

    def let_go(self) -> None:
        """Nobody asks this run any more. Tokens and scopes know one another: untied, they go at once; else the garbage
        collector would walk over 300 elements of a round again and again."""
        for scope in self.instance.all_scopes():
            scope.tasks.clear()
            scope.task_tree = None
        self.instance.subprocesses.clear()
        self.instance.top_workflow = None
        del self.instance

    def retry_cycle(self, number: int) -> Any:
        """What its element says of tries, None where it says nothing. Raises TaskNotReady, CannotProceed."""
        token = self.instance.find(number)
        spec = token.task_spec
        return None if spec.retry is None else spec.evaluate(token, spec.retry)

    # ---- inside
    def _external(self, number: int) -> Token:
        token = self.instance.find(number)
        if token._state != STARTED or token.task_spec.topic is None:
            raise TaskNotReady
        return token

    def _hand_in(self, token: Token, handed_in: Mapping[str, Any]) -> bool:
        """False: what was handed in has made a condition true that takes the task away."""
        self._handed_in[token.id] = dict(handed_in)
        return self.instance.hand_in(token, handed_in)

    def _add_changes(self) -> None:
        """To the line of each step: what it has done to variables. A token without a line of its own (the body of a
        round keeps a result) has worked for the first one that is done."""
        written = self.instance.written
        if not written or not self._records:
            return
        lines = {record.token: index for index, record in enumerate(self._records) if record.kind != host.CANCELLED}
        first = next((index for index, record in enumerate(self._records) if record.kind == host.COMPLETED), 0)
        for number, names in written.items():
            given = self._handed_in.get(number, {})
            changes = {name: change.told(given, name) for name, change in names.items() if change.is_one}
            if changes:
                index = lines.get(number, first)
                record = self._records[index]
                record.changes = {**(record.changes or {}), **changes}

    def tell(self, kind: str, data: Any = None, *, changes: Any = None) -> None:
        """A line about the instance as a whole; `data` and `changes` tagged."""
        spec = self.instance.spec
        self._records.append(
            Record(
                kind=kind,
                token=0,
                definition_id=_id(self.instance.definition),
                element_id=spec.name,
                element_name=spec.description or "",
                element_type="process",
                flow_id=None,
                data=data or None,
                changes=changes,
            )
        )

    def _waits(self) -> dict[tuple[str, int], str]:
        """Kind of wait and token -> a mark that changes when the row has to."""
        found = {}
        for token in self.instance.tokens():
            state = token._state
            if state == READY:
                if token.task_spec.manual:
                    found[TASK, token.id] = ""
            elif state == STARTED:
                if token.task_spec.topic is not None:
                    found[EXTERNAL, token.id] = ""
            elif kind := _waits_for(token):
                found[kind, token.id] = token.internal_data["due"] if kind == TIMER else ""
        return found

    def _wait(self, kind: str, token: Token) -> Wait:
        spec, scope = token.task_spec, token.workflow
        due = dt.datetime.fromisoformat(token.internal_data["due"]) if kind == TIMER else None
        return Wait(
            kind=kind,
            token=token.id,
            element_id=spec.bpmn_id,
            definition_id=_id(scope.definition),
            business_key=scope.business_key,
            offered=self.offered(token) if kind == TASK else None,
            topic=str(spec.evaluate(token, spec.topic)) if kind == EXTERNAL else "",
            due=due,
            event_kind=spec.event.kind if kind == SUBSCRIPTION else "",
            event_name=events.name_of(token) if kind == SUBSCRIPTION else "",
        )

    def offered(self, token: Token) -> Offered:
        """What the diagram says now of a person's task. Raises CannotProceed."""
        offer: Offer = token.task_spec.offer
        decision: Reference | None = token.task_spec.limit
        if offer.constant is not None and decision is None:
            return offer.constant
        situation = Situation(
            names=Variables(token),
            functions=self.functions,
            organization_id=self.organization_id,
            now=self._now,
            limit=None if decision is None else self._limit(token, decision),
        )
        try:
            return assignment.evaluate(offer, situation)
        except FeelError as wrong:
            raise CannotProceed(element=token.task_spec.label, reason=wrong.message) from wrong

    def _limit(self, token: Token, decision: Reference) -> Limit:
        spec = token.task_spec
        named = spec.name_of(token, decision)
        try:
            value = answers.mapped(self.decide(token, named), answers.SINGLE_ENTRY)
        except answers.Unmapped as wrong:
            raise CannotProceed(element=spec.label, reason=str(wrong)) from wrong
        decided = self._decided[-1]
        return Limit(value=value, decision=named.key, version_id=decided.decision_id, rules=decided.rules)


def _waits_for(token: Token) -> str:
    """What a waiting token needs from outside the core; empty where it needs other tokens."""
    if JOB in token.internal_data:
        return JOB
    if "due" in token.internal_data:
        return TIMER
    event = token.task_spec.event
    return SUBSCRIPTION if event is not None and event.kind in (events.MESSAGE, events.SIGNAL) else ""
