"""The core in memory behind the interface of a scenario runner: saved, pruned and loaded before every step."""

import collections
import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine import timing
from engine.bpmn import continuing, events, gateways, reading, saving, subprocesses
from engine.bpmn.activities import UserTask
from engine.bpmn.catalog import Catalog
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.references import Named
from engine.bpmn.tokens import JOB, READY, STARTED, WAITING, Instance, Token
from engine.bpmn.variables import Variables
from engine.decisions import evaluation
from engine.decisions import reading as decisions
from engine.errors import CannotProceed, TaskNotReady
from engine.values import adopted
from kernel.errors import DomainError

FUNCTIONS: dict[str, Callable[..., Any]] = {}


def from_json(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return adopted(value)


def to_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


class MemoryHost:
    """A Host whose definitions are named by their keys."""

    functions = FUNCTIONS
    instance_name = "instance"
    initiator = "lan"

    def __init__(self) -> None:
        self.processes: dict[str, reading.ReadProcess] = {}
        self.decisions: dict[str, Any] = {}
        self.clock = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        self.records: list[tuple[str, str, str]] = []
        self.services: dict[str, Callable[[Any], Any]] = {}
        self.owner: Callable[[Token], str] = lambda token: ""

    def now(self) -> dt.datetime:
        return self.clock

    def spec(self, definition: str) -> Any:
        return self.processes[definition].spec

    def find_process(self, token: Token, wanted: Named) -> str | None:
        return wanted.key if wanted.key in self.processes else None

    def call_service(self, token: Token, name: str) -> Mapping[str, Any] | None:
        return self.services[name](token) if name in self.services else None

    def decide(self, token: Token, wanted: Named) -> list[dict[str, Any]]:
        if wanted.key not in self.decisions:
            raise CannotProceed(element=token.task_spec.label, reason=f"chưa có quyết định {wanted}.")
        return evaluation.evaluate(self.decisions[wanted.key], wanted.key, Variables(token), self.functions)[-1].rows

    def record(self, kind: str, token: Token) -> None:
        self.records.append((kind, self.owner(token), token.task_spec.bpmn_id))

    def deploy(self, files: Mapping[str, bytes]) -> list[Any]:
        """Returns the problems; nothing is taken when one is an error."""
        for name, data in files.items():
            if "dmn" in name:
                told = decisions.read_deployed({name: data}, name)
                self.decisions.update(dict.fromkeys(told, told))
        catalog = Catalog(
            functions=frozenset(self.functions),
            has_service=lambda name: True,
            forms=(),
            decisions=frozenset(self.decisions),
        )
        diagrams = {
            name if name.endswith(".bpmn") else f"{name}.bpmn": data
            for name, data in files.items()
            if "dmn" not in name
        }
        processes, problems = reading.read(diagrams, catalog)
        if not any(problem.level == "error" for problem in problems):
            self.processes.update(processes)
        return problems


class ScenarioEngine:
    """The runner's Engine, by duck typing. `runner`: its module (Refused, Task, ExternalTask), or what its command line
    hands over (`PYTHONPATH=. python run.py --adapter tests/engine/scenario_engine.py:ScenarioEngine`)."""

    real_clock = True

    def __init__(self, runner: Any) -> None:
        self.runner = runner if hasattr(runner, "Refused") else sys.modules["run"]
        self.host = MemoryHost()
        self.rows: dict[str, bytes] = {}
        self.keys: dict[str, str | None] = {}
        self.ended: dict[str, dict[str, Any]] = {}
        self.passed: dict[str, list[str]] = collections.defaultdict(list)
        self.start_timers: list[list[Any]] = []
        self.number = 0
        self.failed: set[tuple[str, int]] = set()  #: jobs of tokens: instance, token

    # ---- one request: load, work, save
    def load(self, top: str) -> Instance:
        return saving.load(self.rows[top], self.host)

    def work(self, key: str, function: Callable[[Instance], None]) -> None:
        top = key.split("/", maxsplit=1)[0]
        self.watch(top)
        instance = self.load(top)
        function(instance)
        instance.do_engine_steps()
        self.save(top, instance)

    def watch(self, top: str) -> None:
        def record(kind: str, token: Token) -> None:
            if kind == "completed":
                self.passed[self.owner(top, token.workflow)].append(token.task_spec.bpmn_id)
            if kind == "completed" and isinstance(token.task_spec, subprocesses.CallActivity):
                inner = token.workflow.top_workflow.subprocesses[token.id]
                self.ended[f"{top}/{token.id}"] = dict(inner.data)

        self.host.record = record  # type: ignore[method-assign]

    @staticmethod
    def owner(top: str, scope: Any) -> str:
        while scope.parent_task is not None:
            if isinstance(scope.parent_task.task_spec, subprocesses.CallActivity):
                return f"{top}/{scope.parent_task.id}"
            scope = scope.parent_task.workflow
        return top

    def save(self, top: str, instance: Instance) -> None:
        outbox, instance.outbox = instance.outbox, []
        saving.prune(instance)
        self.rows[top] = saving.dump(instance)
        if instance.completed:
            self.ended[top] = dict(instance.data)
        for thrown in outbox:
            if thrown.kind == "signal":
                self.signal(thrown.name, to_json(thrown.variables), besides=top)

    @staticmethod
    def happened(instance: Instance, number: int, variables: Any = None) -> None:
        token = instance.find(number)
        token.task_spec.happened(token, variables)

    def live(self) -> Iterator[tuple[str, Instance]]:
        for top in list(self.rows):
            if top not in self.ended:
                yield top, self.load(top)

    def scope_of(self, key: str) -> Any:
        instance = self.load(key.split("/", maxsplit=1)[0])
        return instance if "/" not in key else instance.subprocesses.get(int(key.split("/")[1]))

    # ---- steps
    def deploy(self, files: list[tuple[str, bytes]]) -> None:
        problems = self.host.deploy(dict(files))
        errors = [problem.sentence for problem in problems if problem.level == "error"]
        if errors:
            raise self.runner.Refused("; ".join(errors))
        for key, process in self.host.processes.items():
            for start in process.spec.bpmn_start_events:
                if start.event is not None and start.event.kind == "timer":
                    told = events.schedule(start, start.event.value.evaluate({}, {}), self.host.clock)
                    self.start_timers.append([told.due, told.left, told.step, key, start])

    def start(self, key: str, variables: Any, business_key: str | None, start: Any = None) -> str:
        spec = self.host.spec(key)
        if start is None and spec.none_start() is None:
            raise self.runner.Refused("no none start event")
        self.number += 1
        top = f"i{self.number}"
        self.watch(top)
        self.keys[top] = business_key
        instance = Instance(key, self.host, business_key=business_key or "")
        try:
            instance.start(from_json(variables or {}), start)
        except DomainError as error:
            raise self.runner.Refused(str(error)) from error
        self.save(top, instance)
        return top

    def open_tasks(self, instance: str | None = None) -> list[Any]:
        found = []
        for top, live in self.live():
            for token in live.tokens():
                spec, owner = token.task_spec, self.owner(top, token.workflow)
                if isinstance(spec, UserTask) and token._state == READY and instance in (None, owner):
                    offer = spec.offer
                    told = [
                        value and value.evaluate(Variables(token), FUNCTIONS) for value in (offer.name, offer.assignee)
                    ]
                    found.append(self.runner.Task(f"{top}/{token.id}", spec.bpmn_id, *told, owner))
        return found

    def complete(self, task_id: str, variables: Any) -> None:
        def run(instance: Instance) -> None:
            token = instance.find(int(task_id.split("/")[1]))
            if instance.hand_in(token, from_json(variables or {})):
                token.run()

        self.work(task_id, run)

    def is_ended(self, instance: str) -> bool:
        return instance in self.ended or self.scope_of(instance) is None

    def variables(self, instance: str) -> Any:
        return to_json(self.ended[instance] if instance in self.ended else self.scope_of(instance).data)

    def set_variables(self, instance: str, variables: Any) -> None:
        def change(top: Instance) -> None:
            scope = top if "/" not in instance else top.subprocesses[int(instance.split("/")[1])]
            Variables(scope.task_tree).take(from_json(variables))

        self.work(instance, change)

    def due(self) -> Iterator[tuple[dt.datetime, str]]:
        for top, live in self.live():
            for token in live.tokens():
                if token._state == WAITING and "due" in token.internal_data:
                    yield dt.datetime.fromisoformat(token.internal_data["due"]), f"{top}/{token.id}"

    def advance_time(self, delta: dt.timedelta) -> None:
        goal = self.host.clock + delta
        while True:
            waiting = sorted((due, key) for due, key in self.due() if due <= goal)
            starts = sorted((t for t in self.start_timers if t[0] <= goal), key=lambda timer: timer[0])
            if starts and (not waiting or starts[0][0] <= waiting[0][0]):
                self._start_by_timer(starts[0])
            elif waiting:
                due, key = waiting[0]
                self.host.clock = max(self.host.clock, due)
                number = int(key.split("/")[1])
                self.work(key, lambda instance, number=number: self.happened(instance, number))  # type: ignore[misc]
            else:
                break
        self.host.clock = goal

    def _start_by_timer(self, timer: list[Any]) -> None:
        self.host.clock = max(self.host.clock, timer[0])
        timer[1] -= 1
        again = timing.following(timer[2], timer[0], self.host.clock) if timer[1] else None
        if again is None:
            self.start_timers.remove(timer)
        else:
            timer[0] = again
        self.start(timer[3], None, None, timer[4])

    def subscriptions(self, kind: str, name: str) -> Iterator[tuple[str, Token]]:
        for top, live in self.live():
            for token in live.tokens():
                event = token.task_spec.event
                if (
                    token._state == WAITING
                    and event is not None
                    and (event.kind, events.name_of(token)) == (kind, name)
                ):
                    yield top, token

    def starts(self, kind: str, name: str) -> list[tuple[str, Any]]:
        return [
            (key, start)
            for key, process in self.host.processes.items()
            for start in process.spec.bpmn_start_events
            if start.event is not None and (start.event.kind, _start_name(start.event)) == (kind, name)
        ]

    def message(self, name: str, business_key: str | None, correlation: Any, variables: Any) -> None:
        found = []
        for top, token in self.subscriptions("message", name):
            scope = Variables(token)
            if business_key is not None and self.keys.get(top) != business_key:
                continue
            if all(k in scope and scope[k] == from_json(v) for k, v in (correlation or {}).items()):
                found.append((top, token.id))
        starts = self.starts("message", name)
        if len(found) > 1 or (not found and len(starts) != 1):
            raise self.runner.Refused(f"{len(found)} receivers")
        if found:
            top, number = found[0]
            self.work(top, lambda instance: self.happened(instance, number, from_json(variables or {})))
        else:
            self.start(starts[0][0], variables, business_key, starts[0][1])

    def signal(self, name: str, variables: Any, besides: str = "") -> None:
        """`besides`: the instance that has thrown it; there the core has delivered it already."""
        receivers = [(top, token.id) for top, token in self.subscriptions("signal", name) if top != besides]
        for top, number in receivers:
            try:
                self.work(
                    top, lambda instance, number=number: self.happened(instance, number, from_json(variables or {}))
                )  # type: ignore[misc]
            except TaskNotReady:
                continue  # cancelled by another receiver of the same signal
        for key, start in self.starts("signal", name):
            self.start(key, variables, None, start)

    def active_activities(self, instance: str) -> list[str]:
        found: list[str] = []
        top = instance.split("/", maxsplit=1)[0]
        if top in self.ended:
            return found
        for token in self.load(top).tokens():
            spec = token.task_spec
            if self.owner(top, token.workflow) != instance or (token.listens and not _behind_gateway(token)):
                continue
            if not (isinstance(spec, MultiInstance | subprocesses.SubProcess) or _behind_gateway(token)):
                found.append(spec.bpmn_id)
        return found

    def running_instances(self, key: str) -> list[str]:
        found = []
        for top, live in self.live():
            for scope in live.all_scopes():
                if scope.spec is self.host.spec(key) and not scope.completed:
                    found.append(top if scope is live else f"{top}/{scope.parent_task.id}")
        return found

    def passed_activities(self, instance: str) -> list[str]:
        return self.passed[instance]

    def external_tasks(self, topic: str) -> list[Any]:
        found = []
        for top, live in self.live():
            for token in live.tokens():
                spec = token.task_spec
                if token._state == STARTED and spec.topic is not None and spec.evaluate(token, spec.topic) == topic:
                    owner = self.owner(top, token.workflow)
                    seen = to_json(Variables(token).flat())
                    found.append(self.runner.ExternalTask(f"{top}/{token.id}", topic, owner, seen))
        return found

    def external_complete(self, task: Any, variables: Any) -> None:
        def run(instance: Instance) -> None:
            token = instance.find(int(task.id.split("/")[1]))
            instance.hand_in(token, from_json(variables or {}))
            token.complete()

        self.work(task.id, run)

    def external_bpmn_error(self, task: Any, code: str, message: str | None, variables: Any) -> None:
        def run(instance: Instance) -> None:
            token = instance.find(int(task.id.split("/")[1]))
            events.throw_error(token, code, from_json(variables or {}), message=message)

        self.work(task.id, run)

    def has_incident(self, instance: str) -> bool:
        return any(top == instance.split("/", maxsplit=1)[0] for top, _ in self.failed)

    def settle(self) -> None:
        """Runs the jobs of tokens, each in a request of its own; one that fails once is not tried again."""
        while waiting := sorted(self._jobs() - self.failed):
            top, number = waiting[0]
            try:
                self.work(top, lambda instance, number=number: continuing.go_on(instance.find(number)))  # type: ignore[misc]
            except DomainError:
                self.failed.add((top, number))

    def _jobs(self) -> set[tuple[str, int]]:
        return {(top, token.id) for top, live in self.live() for token in live.tokens() if JOB in token.internal_data}

    def close(self) -> None:
        """Nothing outlives the object."""


def _start_name(event: events.Event) -> str:
    return str((event.name if event.named is None else event.named.evaluate({}, FUNCTIONS)) or "")


def _behind_gateway(token: Token) -> bool:
    return isinstance(token.parent.task_spec, gateways.EventBasedGateway)
