"""Tokens, the scopes they live in, and the instance that steps them."""

from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.host import CANCELLED as LEFT_UNDONE
from engine.bpmn.host import OPENED, Host
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

    flow: str | None = None  #: by which flow it came; kept only where a join asks (internal_data)

    def __init__(
        self, workflow: Any, spec: Any, parent: "Token | None", state: int = FUTURE, number: int | None = None
    ) -> None:
        if number is None:
            top = workflow.top_workflow
            number = top.numbers = top.numbers + 1
        super().__init__(workflow, spec, parent, state, number)

    def _set_state(self, value: int) -> None:
        """SpiffWorkflow: builds a log record each time; and a task that was cancelled by what it threw must stay so."""
        if not self._state & FINISHED:
            self._state = value

    def run(self) -> Any:
        """SpiffWorkflow: runs a task in any state."""
        if self._state != READY:
            raise TaskNotReady
        return super().run()

    def complete(self) -> None:
        if not self._state & FINISHED:
            super().complete()

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
    completed_event: Any
    top_workflow: Any

    definition: str  #: whose diagram this is a part of
    business_key: str
    done: list[list[Any]]

    def open(self) -> None:
        self.task_tree = Token(self, self.spec.start, None, COMPLETED)
        self.done = []

    def begin(self, start: Any = None) -> None:
        """Puts the listeners of the event sub-processes and the first token."""
        for spec in self.spec.event_subprocesses:
            spec.listen(self, self.task_tree)
        start = start or self.spec.none_start()
        if start is not None:
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
        self.completed_event(self)

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
        self.parent_task = parent_task
        self.definition, self.business_key = parent_task.workflow.definition, parent_task.workflow.business_key
        super().__init__(spec, parent_task.id, top, deserializing=True)
        top.subprocesses[parent_task.id] = self
        self.completed_event.connect(parent_task.task_spec._on_subworkflow_completed, parent_task)

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

    def __init__(self, definition: str, host: Host, *, business_key: str = "") -> None:
        self.numbers = 0
        self.agenda: list[Token] = []
        self.changed = False
        self.outbox: list[Any] = []
        self.written: dict[int, dict[str, Change]] = {}  #: token -> what its step does to variables, in this request
        self.definition, self.business_key, self.host = definition, business_key, host
        super().__init__(host.spec(definition), None, host, deserializing=True)

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
        if self.changed:
            self.changed = False
            for token in self.tokens():
                if token._state == WAITING and token.task_spec.is_true(token):
                    token.task_spec.happened(token)


def leave_undone(token: Token) -> None:
    """A cancelled token's line of history; a multi-instance body has none, nor has what waits behind an element."""
    if token.task_spec.entry_kind != OPENED and token.internal_data.get(JOB) != "after":
        token.record(LEFT_UNDONE)
