"""Tokens, the scopes they live in, and the instance that steps them."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.host import CANCELLED as LEFT_UNDONE
from engine.bpmn.host import OPENED, Host
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed, TaskNotReady
from engine.trace import Change

FUTURE, WAITING, READY, STARTED = TaskState.FUTURE, TaskState.WAITING, TaskState.READY, TaskState.STARTED
COMPLETED, CANCELLED, FINISHED = TaskState.COMPLETED, TaskState.CANCELLED, TaskState.FINISHED_MASK
LIVE = FUTURE | WAITING | READY | STARTED
JOB = "job"  #: in the internal data of a token that waits for a job (engine.bpmn.continuing): before, after
MAX_STEPS = 10_000  #: automatic steps in one request; more is an endless loop
MAX_SCOPES_DEEP = 50  #: called processes and sub-processes inside one another


class Token(Task):
    """A Task whose id is a number, unique in its instance and growing with age."""

    # supplied by SpiffWorkflow's Task
    id: int
    workflow: Any
    task_spec: Any
    data: dict[str, Any]
    internal_data: dict[str, Any]
    _state: int
    _parent: int
    _children: list[int]

    triggered, thread_id, last_state_change = False, 0, 0.0  # SpiffWorkflow's; nobody asks for them
    flow: str | None = None  #: by which flow it came; kept only where a join asks (internal_data)

    def __init__(
        self, workflow: Any, spec: Any, parent: "Token | None", state: int = FUTURE, number: int | None = None
    ) -> None:
        """SpiffWorkflow: asks for a random id and the time of each, and looks its parent up."""
        if number is None:
            top = workflow.top_workflow
            number = top.numbers = top.numbers + 1
        self.id, self.workflow, self.task_spec, self._state = number, workflow, spec, state
        self._children, self.data, self.internal_data = [], {}, {}
        workflow.tasks[number] = self
        if parent is None:
            self._parent = 0
        else:
            self._parent = parent.id
            parent._children.append(number)

    def _set_state(self, value: int) -> None:
        """SpiffWorkflow: builds a log record each time; and a task that was cancelled by what it threw must stay so."""
        if not self._state & FINISHED:
            self._state = value

    def _ready(self) -> None:
        if not self._state & FINISHED:
            self._state = READY
            self.task_spec._on_ready(self)

    def run(self) -> Any:
        """SpiffWorkflow: runs a task in any state, and keeps one that has failed."""
        if self._state != READY:
            raise TaskNotReady
        if self.task_spec._run_hook(self) is None:
            self._state = STARTED
        else:
            self.complete()

    def complete(self) -> None:
        if not self._state & FINISHED:
            self._state = COMPLETED
            self.task_spec._on_complete(self)

    def cancel(self) -> None:
        """SpiffWorkflow: drops the children, but not the scopes they have opened."""
        for child in self.live_children():
            child.cancel()
        inner = self.workflow.top_workflow.subprocesses.get(self.id)
        if inner is not None and not inner.completed:
            inner.cancel()
        self._set_state(CANCELLED)
        self.task_spec._on_cancel(self)

    def live_children(self) -> list["Token"]:
        tasks = self.workflow.tasks
        return [tasks[child] for child in self._children if tasks[child]._state & LIVE]

    def hangs(self) -> bool:
        """On a live token: as listener, element, event behind a gateway."""
        return bool(self.workflow.tasks[self._parent]._state & LIVE)

    @property
    def listens(self) -> bool:
        """It waits for an event beside an activity, scope or gateway, and is no token of the diagram."""
        return "listens" in self.internal_data

    def record(self, kind: str) -> None:
        if not self.listens:
            self.workflow.top_workflow.host.record(kind, self)


class Running:
    """What an instance and the scopes inside it share. `done`: compensation records, oldest first."""

    # supplied by SpiffWorkflow's workflow classes
    spec: Any
    tasks: dict[int, Token]
    task_tree: Token
    data: dict[str, Any]
    completed: bool
    subprocesses: "dict[int, Scope]"
    top_workflow: Any

    definition: str  #: whose diagram this is a part of
    business_key: str
    done: list[list[Any]]

    def lay(self, spec: Any) -> None:
        """Empty, as SpiffWorkflow does it without events and managers that nobody hears."""
        self.spec, self.data, self.tasks, self.completed = spec, {}, {}, False

    def open(self) -> None:
        self.task_tree = Token(self, self.spec.start, None, COMPLETED)
        self.done = []

    def begin(self, start: Any = None) -> None:
        """Puts the listeners of the event sub-processes and the first token."""
        for spec in self.spec.event_subprocesses:
            spec.listen(self, self.task_tree)
        start = start or self.spec.none_start()
        if start is not None:
            if start.initiator:
                self.data[start.initiator] = self.top_workflow.host.initiator
            token = Token(self, start, self.task_tree)
            token.task_spec.enter(token)

    def live(self) -> list[Token]:
        return [token for token in self.tasks.values() if token._state & LIVE]

    def direct(self) -> list[Token]:
        """Its tokens, without what hangs on them."""
        return [token for token in self.tasks.values() if token._state & LIVE and not token.hangs()]

    def _task_completed_notify(self, token: Token) -> None:
        """SpiffWorkflow: walks all waiting tasks. Here: without a token left (listeners of event sub-processes do not
        count) the scope is complete."""
        if self.completed or token.hangs() or token.live_children():
            return
        if all(other._state == WAITING and other.task_spec.is_event_subprocess for other in self.live()):
            self.finish()

    def finish(self) -> None:
        self.completed = True
        for listener in self.live():
            listener._set_state(CANCELLED)
        self.tell_owner()

    def tell_owner(self) -> None:
        """A called process or sub-process lets its activity go on."""

    def cancel(self, keep: Token | None = None) -> None:
        """Cancels all tokens of the scope but `keep`."""
        for token in self.live():
            if token is not keep and token._state & LIVE:
                token.cancel()
        if keep is None:
            self.completed = True

    # ---- compensation. A record is ["handler", handler, activity] or ["scope", activity, its variables, its records].
    def compensate(self, thrower: Token, activity: str | None = None) -> bool:
        """Runs the handlers of the records (of one activity), newest first, one after the other.
        True when there is nothing to do; else the thrower's token waits for the last one."""
        mine = [r for r in self.done if activity is None or activity == (r[2] if r[0] == "handler" else r[1])]
        if not mine:
            return True
        self.done = [record for record in self.done if record not in mine]
        thrower.internal_data["records"] = mine
        self.next_handler(thrower)
        return False

    def next_handler(self, thrower: Token) -> None:
        records = thrower.internal_data["records"]
        if not records:
            del thrower.internal_data["records"]
            if thrower is self.task_tree:  # of a reopened scope: its handlers have all run
                return self.finish()
            return thrower.complete()
        kind, name, *rest = records.pop()
        token = Token(self, self.spec.task_specs[name], self.task_tree)
        token.internal_data["compensates"] = thrower.id
        if kind == "handler":
            return token.task_spec._update(token)  # type: ignore[no-any-return]
        return token.task_spec.reopen(token, *rest)  # type: ignore[no-any-return]


class Scope(Running, BpmnSubWorkflow):
    """An embedded sub-process, an event sub-process or (`called`) a called process."""

    called = False

    def __init__(self, spec: Any, parent_task: Token, top: "Instance") -> None:
        self.parent_task, self.parent_task_id, self.top_workflow = parent_task, parent_task.id, top
        self.definition, self.business_key = parent_task.workflow.definition, parent_task.workflow.business_key
        self.depth = self._calculate_depth()
        self.lay(spec)
        top.subprocesses[parent_task.id] = self

    def tell_owner(self) -> None:
        self.parent_task.task_spec._on_subworkflow_completed(self, self.parent_task)

    def _calculate_depth(self) -> int:
        """SpiffWorkflow: looks for the parent task in all sub-workflows."""
        depth = int(self.parent_task.workflow.depth) + 1
        if depth > MAX_SCOPES_DEEP:
            raise CannotProceed(element=self.parent_task.task_spec.label, reason="quy trình gọi lồng nhau quá sâu.")
        return depth

    @property
    def parent_workflow(self) -> Any:
        return self.parent_task.workflow


class Instance(Running, BpmnWorkflow):
    """A process instance with all that it has called. The host empties `outbox` (events.Thrown)."""

    parent_task = None
    depth = 0
    top_workflow: Any = None  # an attribute: asked for at every step

    def __init__(self, definition: str, host: Host, *, business_key: str = "") -> None:
        self.numbers = 0
        self.agenda: list[Token] = []
        self.changed = False  #: variables, since conditional events were looked at
        self.touched: dict[str, str] = {}  #: which, as far as is known: name -> create, update or delete
        self.arrived: list[Token] = []  #: conditional events that have begun to wait
        self.conditions_met = 0
        self.outbox: list[Any] = []
        self.written: dict[int, dict[str, Change]] = {}  #: token -> what its step does to variables, in this request
        self.definition, self.business_key, self.host = definition, business_key, host
        self.subprocesses, self.top_workflow = {}, self
        self.lay(host.spec(definition))

    def start(self, variables: dict[str, Any] | None = None, start: Any = None) -> None:
        self.open()
        self.data.update(variables or {})
        self.begin(start)
        self.do_engine_steps()

    def all_scopes(self) -> list[Any]:
        return [self, *self.subprocesses.values()]

    def tokens(self) -> list[Token]:
        return [token for scope in self.all_scopes() if not scope.completed for token in scope.live()]

    def find(self, number: int) -> Token:
        """Raises TaskNotReady when no live scope has it."""
        for scope in self.all_scopes():
            if number in scope.tasks and not scope.completed:
                token: Token = scope.tasks[number]
                return token
        raise TaskNotReady

    def _do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> int:
        """SpiffWorkflow: walks the tree for READY tasks at each step, deepest sub-process first, and runs one that
        another has just cancelled. Here: what a step makes ready runs next, in document order."""
        agenda, steps = self.agenda, 0
        agenda.reverse()
        while agenda:
            token = agenda.pop()
            if token._state == READY:
                steps += 1
                if steps > MAX_STEPS:
                    raise CannotProceed(element=token.task_spec.label, reason="sơ đồ lặp mãi không dừng.")
                mark = len(agenda)
                token.run()
                if self.changed or self.arrived:
                    self.look_again()
                agenda[mark:] = reversed(agenda[mark:])
        self._settle()
        return len(agenda)

    def refresh_timers(self) -> None:
        """SpiffWorkflow: looks at all waiting tasks. Here timers are rows of the host."""

    def _settle(self) -> None:
        """What can only be decided when nothing else moves: inclusive joins, then conditional events."""
        for scope in self.all_scopes():
            if not scope.completed:
                for name in scope.spec.inclusive_joins:
                    if scope.spec.task_specs[name].try_to_fire(scope):
                        return
        if self.changed or self.arrived:
            self.look_again()

    def look_again(self) -> None:
        """Conditional events: all of them when variables have changed, else those that have come. Raises CannotProceed
        when what happens makes conditions true without end."""
        changed, touched, arrived = self.changed, self.touched or None, self.arrived
        self.changed, self.touched, self.arrived = False, {}, []
        waiting = self._conditional() if changed else arrived
        for token in waiting:
            known = None if token in arrived else touched
            if token._state == WAITING and token.task_spec.comes_true(token, known):
                self.conditions_met += 1
                if self.conditions_met > MAX_STEPS:
                    raise CannotProceed(element=token.task_spec.label, reason="điều kiện cứ đúng lại mãi không dừng.")
                token.task_spec.happened(token)

    def _conditional(self) -> list[Token]:
        scopes = [scope for scope in self.all_scopes() if scope.spec.has_conditions and not scope.completed]
        return [token for scope in scopes for token in scope.live() if token._state == WAITING]

    def hand_in(self, token: Token, values: Mapping[str, Any] | None) -> bool:
        """Sets what completes a task, before it is left. False: a condition that became true by it has taken the task
        away."""
        Variables(token).take(values)
        if self.changed:
            self.look_again()
        return not token._state & FINISHED


def leave_undone(token: Token) -> None:
    """A cancelled token's line of history; a multi-instance body has none, nor has what waits behind an element."""
    if token.task_spec.entry_kind != OPENED and token.internal_data.get(JOB) != "after":
        token.record(LEFT_UNDONE)
