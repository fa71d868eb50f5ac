"""Random sound diagrams, random completions, events and crashes, against a reference that knows no tokens."""

import collections
import contextlib
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from directory import actors
from engine import operations, queries, registry, store
from engine.bpmn import gateways, saving
from engine.bpmn.activities import UserTask
from engine.bpmn.events import Listening
from engine.bpmn.gateways import InclusiveGateway, ParallelGateway
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.tokens import COMPLETED, READY, WAITING, Instance, Token
from engine.models import Subscription, Timer
from engine.operations import advancing
from kernel import db
from tests.engine.conftest import Desk
from tests.engine.random_blocks import Block, Drawing, blocks
from tests.engine.random_reference import Decisions, Reference
from tests.engine.scenario_engine import MemoryHost

MAX_STEPS = 40
Seen = tuple[Mapping[str, int], Mapping[str, int], bool]  #: offered, awaited, ended
Runner = Callable[[bytes, Decisions], Any]


class Host(MemoryHost):
    """Asks the same decisions as the reference."""

    def __init__(self, data: bytes, decisions: Decisions) -> None:
        super().__init__()
        self.functions = {"decide": decisions.is_open}
        assert not [problem for problem in self.deploy({"p.bpmn": data}) if problem.level == "error"]


class Live:
    """The core as it runs within one request: never saved."""

    def __init__(self, data: bytes, decisions: Decisions) -> None:
        self.host = Host(data, decisions)
        self.instance = Instance("p", self.host)
        self.instance.start()
        self.keep()

    def seen(self) -> Seen:
        waiting = [t for t in self.instance.tokens() if t._state == WAITING and t.task_spec.event is not None]
        waiting = [t for t in waiting if t.task_spec.event.kind != "error"]
        open_tasks = [t for t in self.instance.tokens() if t._state == READY and isinstance(t.task_spec, UserTask)]
        return _counted(open_tasks), _counted(waiting), bool(self.instance.completed)

    def complete(self, name: str) -> None:
        self.token(name, READY).run()
        self.instance.do_engine_steps()
        self.keep()

    def happen(self, name: str) -> None:
        token = self.token(name, WAITING)
        token.task_spec.happened(token)
        self.instance.do_engine_steps()
        self.keep()

    def token(self, name: str, state: int) -> Token:
        found = [t for t in self.instance.tokens() if t._state == state and t.task_spec.bpmn_id == name]
        return min(found, key=lambda token: token.id)

    def crash(self, verb: str, name: str) -> None:
        """Nothing to lose: what is not saved is not there after a crash."""

    def keep(self) -> None:
        pass


class Saved(Live):
    """Saved, pruned and loaded before every step; after a crash the step is done again from what was saved."""

    def crash(self, verb: str, name: str) -> None:
        row = self.row
        getattr(self, verb)(name)
        self.row, self.instance = row, saving.load(row, self.host)

    def keep(self) -> None:
        saving.prune(self.instance)
        self.row = saving.dump(self.instance)
        self.instance = saving.load(self.row, self.host)


def _counted(tokens: list[Token]) -> Mapping[str, int]:
    return collections.Counter(token.task_spec.bpmn_id for token in tokens)


def play(block: Block, seed: int, makers: list[Runner]) -> None:
    """Raises AssertionError where a runner and the reference differ."""
    drawing, decisions, chance = Drawing(block), Decisions(seed), random.Random(seed)  # noqa: S311 - no secret
    reference = Reference(block, decisions)
    runners = [make(drawing.bpmn, decisions) for make in makers]
    for step in range(MAX_STEPS):
        offered, awaited = collections.Counter(reference.offered()), collections.Counter(reference.awaited())
        for runner in runners:
            assert runner.seen() == (offered, awaited, reference.ended), f"step {step}"
        if reference.ended:
            return
        decisions.step = step + 1
        verb = "happen" if awaited and (not offered or chance.random() < 0.3) else "complete"
        name = chance.choice(sorted(awaited if verb == "happen" else offered))
        for runner in runners:
            if chance.random() < 0.2:
                runner.crash(verb, name)
        for one in (reference, *runners):
            getattr(one, verb)(name)


SEEDS = st.integers(0, 2**16)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(), seed=SEEDS)
def test_a_random_diagram_does_what_its_blocks_say(block: Block, seed: int) -> None:
    play(block, seed, [Live, Saved])


# -------------------------------------------------------------------------------------------------------------- mutants
def _counts_tokens(join: ParallelGateway, token: Token) -> bool:
    """As many tokens as flows, wherever they came from."""
    token._set_state(WAITING)
    waiting = [t for t in token.workflow.tasks.values() if t._state == WAITING and t.task_spec is join]
    if len(waiting) < len(join.incoming):
        return False
    gateways.merge(other for other in waiting if other is not token)
    return True


def _passes_everybody(join: ParallelGateway, token: Token) -> bool:
    return True


def _loses_the_surplus(join: ParallelGateway, token: Token) -> bool:
    """Takes all that wait when it fires, not the oldest of each flow."""
    token._set_state(WAITING)
    if len(gateways.oldest_by_flow(join, token.workflow)) < len(join.incoming):
        return False
    waiting = [t for t in token.workflow.tasks.values() if t._state == WAITING and t.task_spec is join]
    gateways.merge(other for other in waiting if other is not token)
    return True


def _forgets_the_round(join: ParallelGateway, token: Token) -> bool:
    """Remembers in the spec, which all rounds and instances share, what has come."""
    seen = join.__dict__.setdefault("seen", set())
    seen.add(token.internal_data["flow"])
    if len(seen) < len(join.incoming):
        token._set_state(WAITING)
        return False
    gateways.merge(t for t in list(token.workflow.tasks.values()) if t._state == WAITING and t.task_spec is join)
    return True


def _fires_at_once(join: InclusiveGateway, scope: Any, oldest: Mapping[str, Token]) -> bool:
    return False


def _waits_for_whatever_can_come(join: InclusiveGateway, scope: Any, oldest: Mapping[str, Token]) -> bool:
    """Also for a token that would bring one to a flow that has one already."""
    empty = {flow for flow in join.incoming if flow not in oldest}
    return any(empty & join._reach_of(t.task_spec) for t in scope.direct() if t.task_spec is not join)


def _waits_for_all_flows(join: InclusiveGateway, scope: Any, oldest: Mapping[str, Token]) -> bool:
    return len(oldest) < len(join.incoming)


def _happens_once(listening: Listening, token: Token) -> None:
    token._set_state(COMPLETED)


def _starts_them_all(body: MultiInstance, token: Token, element: Token) -> None:
    """A multi-instance that does not count its elements."""
    token.complete()


MUTANTS: Mapping[str, tuple[type, str, Callable[..., Any]]] = {
    "a parallel join that counts tokens": (ParallelGateway, "activate", _counts_tokens),
    "a parallel join that waits for nobody": (ParallelGateway, "activate", _passes_everybody),
    "a parallel join that loses the surplus": (ParallelGateway, "activate", _loses_the_surplus),
    "a parallel join that forgets the round": (ParallelGateway, "activate", _forgets_the_round),
    "an inclusive join that waits for nobody": (InclusiveGateway, "_is_awaited", _fires_at_once),
    "an inclusive join that waits for itself": (InclusiveGateway, "_is_awaited", _waits_for_whatever_can_come),
    "an inclusive join that waits for all": (InclusiveGateway, "_is_awaited", _waits_for_all_flows),
    "an event that happens once only": (Listening, "repeat", _happens_once),
    "a multi-instance that ends with its first element": (MultiInstance, "instance_completed", _starts_them_all),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_comparison_catches(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, method, replacement = MUTANTS[mutant]
    monkeypatch.setattr(broken, method, replacement)

    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever way it goes wrong
        _compare()


@settings(
    max_examples=1000,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
@given(block=blocks(), seed=SEEDS)
def _compare(block: Block, seed: int) -> None:
    play(block, seed, [Saved])


# ------------------------------------------------------------------------------------------------------------- durable
class Crash(Exception):
    pass


class Durable:
    """Through the operations and a real database: what it shows are the rows that people and workers see."""

    desk: Desk

    def __init__(self, data: bytes, decisions: Decisions) -> None:
        self.decisions = decisions
        registry.function("decide")(lambda context, flow: decisions.is_open(flow))
        with db.unit_of_work() as session:  # the same key each time, and only what is deployed last counts
            session.execute(sa.delete(Timer).where(Timer.instance_id.is_(None)))
        self.desk.deploy(data)
        self.instance_id = self.desk.start().id

    def seen(self) -> Seen:
        with db.reading() as session:
            tasks = [t.element_id for t in queries.list_instance_tasks(self.instance_id) if t.state == "ready"]
            waits = [
                row.element_id
                for table in (Timer, Subscription)
                for row in session.scalars(sa.select(table).where(table.instance_id == self.instance_id))
            ]
            ended = queries.get_instance(self.instance_id).state == "completed"
        return collections.Counter(tasks), collections.Counter(waits), ended

    def complete(self, name: str) -> None:
        with db.unit_of_work():
            self._complete(name)

    def happen(self, name: str) -> None:
        with db.unit_of_work():
            self._happen(name)

    def crash(self, verb: str, name: str) -> None:
        """Everything is done but the commit."""
        with contextlib.suppress(Crash), db.unit_of_work():
            getattr(self, f"_{verb}")(name)
            raise Crash

    def _complete(self, name: str) -> None:
        tasks = [t for t in queries.list_instance_tasks(self.instance_id) if (t.state, t.element_id) == ("ready", name)]
        operations.complete_task(min(tasks, key=lambda t: t.token).id, {}, actor=self.desk.actor("van-thu"))

    def _happen(self, name: str) -> None:
        """As a timer or a message does it."""
        actor = actors.machine(self.desk.organization_id)
        waits = [
            row.token
            for table in (Timer, Subscription)
            for row in db.session().scalars(
                sa.select(table).where(table.instance_id == self.instance_id, table.element_id == name)
            )
            if row.token is not None
        ]
        locked = store.lock_instance(self.instance_id)
        run = advancing.resume(locked, actor=actor)
        run.fire(min(waits))
        advancing.move(locked, run, actor=actor)


def test_the_rows_of_a_durable_instance_say_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Durable, "desk", desk, raising=False)
    monkeypatch.setattr(registry, "_functions", dict(registry._functions))
    _compare_durable()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(depth=2), seed=SEEDS)
def _compare_durable(block: Block, seed: int) -> None:
    play(block, seed, [Durable])
