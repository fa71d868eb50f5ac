"""Asynchronous continuations: what stands before or behind an element waits for a job in a transaction of its own."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine import operations, store
from engine.bpmn import continuing
from engine.bpmn.tokens import JOB, Token
from engine.job_models import Job
from engine.operations import jobs as job_operations
from engine.registry import ServiceCall
from kernel import clock, db
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flow, flows, user
from tests.engine.memory import Play

NOON = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)


class Jobs(Play):
    """A play whose jobs are run by hand."""

    @property
    def jobs(self) -> list[tuple[str, str]]:
        """Element and whether the token is before or behind it, oldest first."""
        return [(token.task_spec.bpmn_id, token.internal_data[JOB]) for token in self._waiting()]

    def run(self) -> "Jobs":
        """The oldest job."""
        instance = self._load()
        continuing.go_on(instance.find(self._waiting()[0].id))
        self._go_on(instance)
        return self

    def run_all(self) -> "Jobs":
        while self._waiting():
            self.run()
        return self

    def _waiting(self) -> list[Token]:
        return sorted((t for t in self._load().tokens() if JOB in t.internal_data), key=lambda token: token.id)


def play(body: str, *chain: str, **given: object) -> Jobs:
    return Jobs(diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*chain)}'), **given)


def boundary(name: str, inner: str, attributes: str = "") -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="a" {attributes}>{inner}</boundaryEvent>'


BEFORE, AFTER = 'camunda:asyncBefore="true"', 'camunda:asyncAfter="true"'


@pytest.mark.parametrize("attribute", [BEFORE, 'camunda:async="true"'])
def test_a_token_waits_before_an_element(attribute: str) -> None:
    told = play(user("a", attribute), "s", "a", "e")

    assert told.jobs == [("a", "before")]
    assert told.tasks == []
    told.run()
    assert told.jobs == []
    assert told.tasks == ["a"]
    assert told.complete("a").ended
    assert told.done("entered") == ["s", "a", "e"]


def test_a_token_waits_behind_an_element_that_is_left_already() -> None:
    told = play(user("a", AFTER) + user("b"), "s", "a", "b", "e").complete("a")

    assert told.done() == ["s", "a"]
    assert (told.jobs, told.tasks) == ([("a", "after")], [])
    told.run()
    assert told.tasks == ["b"]
    assert told.done() == ["s", "a"]
    assert told.done("cancelled") == []


def test_before_and_behind_are_two_jobs() -> None:
    told = play(f'<task id="a" {BEFORE} {AFTER}/>', "s", "a", "e")

    seen = [told.jobs]
    while told.jobs:
        seen.append(told.run().jobs)

    assert seen == [[("a", "before")], [("a", "after")], []]
    assert told.ended


@pytest.mark.parametrize(
    ("node", "element"),
    [
        (f'<startEvent id="s" {BEFORE}/><endEvent id="e"/>', "s"),
        (f'<startEvent id="s"/><endEvent id="e" {BEFORE}/>', "e"),
        (f'<startEvent id="s" {AFTER}/><endEvent id="e"/>', "s"),
        (f'<startEvent id="s"/><endEvent id="e" {AFTER}/>', "e"),
    ],
)
def test_start_and_end_events_may_wait_for_a_job(node: str, element: str) -> None:
    told = Jobs(diagram(node + flows("s", "e")))

    assert not told.ended
    assert [name for name, _ in told.jobs] == [element]
    assert told.run().ended


@pytest.mark.parametrize(
    "node",
    [
        f'<scriptTask id="a" {BEFORE} {AFTER}><script>x = 1</script></scriptTask>',
        f'<exclusiveGateway id="a" {BEFORE} {AFTER}/>',
        f'<inclusiveGateway id="a" {BEFORE} {AFTER}/>',
        f'<parallelGateway id="a" {BEFORE} {AFTER}/>',
        f'<intermediateThrowEvent id="a" {BEFORE} {AFTER}/>',
        f'<subProcess id="a" {BEFORE} {AFTER}><startEvent id="s1" {BEFORE}/><endEvent id="e1" {AFTER}/>'
        f"{flows('s1', 'e1')}</subProcess>",
        f'<manualTask id="a" {BEFORE} {AFTER}><standardLoopCharacteristics loopMaximum="2"/></manualTask>',
    ],
)
def test_every_kind_of_node_goes_on_by_its_jobs(node: str) -> None:
    told = play(node, "s", "a", "e")

    assert told.jobs == [("a", "before")]
    while told.jobs:
        assert not told.ended
        told.run()
    assert told.ended
    assert told.done("entered").count("e") == 1


def test_a_join_takes_one_token_of_each_flow_and_then_waits_for_one_job() -> None:
    body = f'<parallelGateway id="f"/><parallelGateway id="j" {BEFORE}/>{user("a")}{user("b")}{user("c")}'
    told = play(body + flows("f", "a", "j") + flows("f", "b", "j") + flows("j", "c", "e"), "s", "f")

    told.complete("a")
    assert told.jobs == []
    told.complete("b")

    assert told.jobs == [("j", "before")]
    assert told.run().tasks == ["c"]


def test_a_token_before_its_job_is_not_joined_with_the_next_round() -> None:
    body = (
        f'<parallelGateway id="f"/><parallelGateway id="j" {BEFORE}/><exclusiveGateway id="m"/>{user("a")}{user("b")}'
        f"{user('c')}"
    )
    loop = flow("f", "m") + flow("m", "a") + flow("a", "j") + flow("f", "b") + flow("b", "j") + flows("j", "c", "e")
    again = boundary("x", '<messageEventDefinition messageRef="n"/>', 'cancelActivity="false"')
    told = Jobs(
        diagram(
            f'<startEvent id="s"/>{body}{again}<endEvent id="e"/>{loop}{flow("x", "m")}{flow("s", "f")}',
            outside='<message id="n" name="Nữa"/>',
        )
    )

    told.send("Nữa").complete("a").complete("b").complete("a")

    assert told.jobs == [("j", "before")]
    assert told.run_all().tasks == ["c"]


def test_an_inclusive_join_waits_for_a_token_that_waits_for_its_job() -> None:
    body = f'<inclusiveGateway id="f"/><inclusiveGateway id="j"/><task id="a" {BEFORE}/><task id="b"/>{user("c")}'
    told = play(body + flows("f", "a", "j") + flows("f", "b", "j") + flows("j", "c", "e"), "s", "f")

    assert told.tasks == []
    assert told.run().tasks == ["c"]


def test_a_round_waits_once_and_each_of_its_elements_too() -> None:
    inner = "<loopCardinality>2</loopCardinality>"
    loop = f"<multiInstanceLoopCharacteristics {BEFORE} {AFTER}>{inner}</multiInstanceLoopCharacteristics>"
    told = play(f'<task id="a" {BEFORE} {AFTER}>{loop}</task>', "s", "a", "e")
    seen = [list(told.jobs)]
    while told.jobs:
        seen.append(told.run().jobs)

    assert seen[0] == [("a", "before")]
    assert seen[1] == [("a", "before")] * 2
    assert seen[-2] == [("a", "after")]
    assert len(seen) == 7
    assert told.ended


def test_one_after_the_other_keeps_its_results_behind_jobs() -> None:
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="people" '
        f'camunda:elementVariable="person" {AFTER}/>'
    )
    told = play(user("a", "", loop), "s", "a", "e", people=["x", "y", "z"])

    for name in ("x", "y", "z"):
        assert told.seen_by("a")["person"] == name
        told.complete("a")
        assert told.jobs == [("a", "after")]
        told.run()

    assert told.ended


def test_listeners_of_an_activity_begin_with_it() -> None:
    event = boundary("b", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>")
    told = play(user("a", BEFORE) + event + user("late") + flows("b", "late", "e"), "s", "a", "e")

    assert told.pass_time(hours=2).tasks == []
    told.run()
    assert told.pass_time(hours=2).tasks == ["late"]


def test_a_condition_waits_for_the_job_before_it() -> None:
    inner = "<conditionalEventDefinition><condition>x = 1</condition></conditionalEventDefinition>"
    body = f'<intermediateCatchEvent id="a" {BEFORE}>{inner}</intermediateCatchEvent>'
    told = play(body + user("b"), "s", "a", "b", "e", x=1)

    assert (told.jobs, told.tasks) == ([("a", "before")], [])
    assert told.run().tasks == ["b"]


def test_an_event_sub_process_waits_at_its_start() -> None:
    inner = '<messageEventDefinition messageRef="n"/>'
    body = (
        f'<subProcess id="x" triggeredByEvent="true" {BEFORE}><startEvent id="s1">{inner}</startEvent>'
        f'{user("b")}<endEvent id="e1"/>{flows("s1", "b", "e1")}</subProcess>{user("a")}'
    )
    told = Jobs(
        diagram(
            f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows("s", "a", "e")}',
            outside='<message id="n" name="Gọi"/>',
        )
    )

    told.send("Gọi")

    assert (told.tasks, told.jobs) == ([], [("s1", "before")])
    assert told.run().tasks == ["b"]


def test_a_cancelled_token_takes_its_job_along() -> None:
    nodes = f'<parallelGateway id="f"/><task id="a" {BEFORE}/><task id="b" {AFTER}/>{user("c")}'
    body = f'{nodes}<endEvent id="t"><terminateEventDefinition/></endEvent>'
    told = play(body + flows("f", "a", "e") + flows("f", "b", "e") + flows("f", "c", "t"), "s", "f")
    assert told.jobs == [("a", "before"), ("b", "after")]

    told.complete("c")

    assert told.ended
    assert told.done("cancelled") == ["a"]


# ------------------------------------------------------------------------------------------------------ in the database
Services = Callable[[str, Any], None]
Work = Callable[[], None]


def drawn(body: str, *chain: str, outside: str = "") -> bytes:
    return diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*chain)}', outside=outside)


def rows() -> list[Job]:
    with db.reading() as session:
        return list(session.scalars(sa.select(Job).order_by(Job.created_at, Job.id)))


def test_a_job_runs_in_a_transaction_of_its_own(desk: Desk, services: Services, work: Work) -> None:
    calls: list[ServiceCall] = []
    services("test.print", calls.append)
    desk.deploy(
        drawn(user("a") + f'<serviceTask id="b" {BEFORE} camunda:delegateExpression="test.print"/>', "s", "a", "b", "e")
    )
    instance = desk.start()

    desk.complete("a")

    assert (calls, desk.state(instance), desk.history(instance, "completed")) == ([], "active", ["s", "a"])
    (job,) = rows()
    assert (job.element_id, job.instance_id, job.kind) == ("b", instance.id, "continue")
    work()
    assert len(calls) == 1
    assert calls[0].actor.person_id is None
    assert (rows(), desk.state(instance)) == ([], "completed")


def test_the_row_of_a_job_costs_a_completion_no_statement(desk: Desk, statements: list[str]) -> None:
    desk.deploy(drawn(user("a") + user("b") + user("c", BEFORE), "s", "a", "b", "c", "e"))
    desk.start()
    counts = []

    for element in ("a", "b"):
        task, actor = desk.task(element), desk.actor("van-thu")
        statements.clear()
        with db.unit_of_work():
            operations.complete_task(task.id, {}, actor=actor)
        counts.append(len(statements))

    assert counts[0] == counts[1]  # its entry in the queue is one, which the queue sends itself
    assert len(rows()) == 1


def test_many_jobs_of_one_request_are_queued_by_one_statement(desk: Desk, work: Work) -> None:
    inner = "<loopCardinality>20</loopCardinality>"
    loop = f"<multiInstanceLoopCharacteristics {BEFORE}>{inner}</multiInstanceLoopCharacteristics>"
    desk.deploy(drawn(f'<task id="a">{loop}</task>{user("b")}', "s", "a", "b", "e"))
    instance = desk.start()

    assert len(rows()) == 20
    work()
    assert (rows(), desk.names()) == ([], ["b"])
    assert desk.history(instance, "completed").count("a") == 20


def test_a_job_run_twice_does_its_work_once(desk: Desk, services: Services) -> None:
    calls: list[ServiceCall] = []
    services("test.print", calls.append)
    desk.deploy(drawn(f'<serviceTask id="b" {BEFORE} camunda:delegateExpression="test.print"/>', "s", "b", "e"))
    desk.start()
    (job,) = rows()

    for _ in range(2):
        job_operations.run_job(job.id)

    assert len(calls) == 1


def test_two_workers_with_the_same_job_do_its_work_once(desk: Desk, services: Services) -> None:
    calls: list[ServiceCall] = []
    services("test.print", calls.append)
    desk.deploy(
        drawn(f'<serviceTask id="b" {BEFORE} camunda:delegateExpression="test.print"/>{user("c")}', "s", "b", "c", "e")
    )
    desk.start()
    (job,) = rows()
    started = threading.Barrier(2)

    def run() -> None:
        started.wait()
        job_operations.run_job(job.id)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(calls) == 1
    assert desk.names() == ["c"]


def test_what_the_queue_has_lost_is_handed_to_it_again(
    desk: Desk, work: Work, superuser: Callable[[str], None]
) -> None:
    desk.deploy(drawn(user("a", BEFORE), "s", "a", "e"))
    with clock.set_to(NOON):
        desk.start()
    superuser("DELETE FROM procrastinate_jobs")

    with clock.set_to(NOON + dt.timedelta(seconds=30)):
        assert job_operations.hand_over_due_jobs() == 0
    with clock.set_to(NOON + dt.timedelta(seconds=61)):
        assert job_operations.hand_over_due_jobs() == 1
    work()

    assert desk.names() == ["a"]


def test_a_killed_worker_leaves_the_job_to_another(desk: Desk, work: Work, superuser: Callable[[str], None]) -> None:
    """Killed between the commit and the word to the queue: it comes again, and finds nothing to do."""
    desk.deploy(drawn(user("a", BEFORE), "s", "a", "e"))
    instance = desk.start()
    (job,) = rows()
    job_operations.run_job(job.id)

    work()

    assert desk.names() == ["a"]
    assert desk.history(instance, "entered") == ["s", "a"]


def test_a_cancelled_instance_takes_its_jobs_along(desk: Desk, actor: ActorOf, work: Work) -> None:
    desk.deploy(drawn(user("a", BEFORE), "s", "a", "e"))
    instance = desk.start()

    with db.unit_of_work():
        operations.cancel_instance(instance.id, "nhầm", actor=actor("chanh-van-phong"))
    work()

    assert (rows(), desk.names(), desk.state(instance)) == ([], [], "cancelled")


def test_a_suspended_instance_keeps_its_jobs_until_it_goes_on(desk: Desk, actor: ActorOf, work: Work) -> None:
    chief = actor("chanh-van-phong")
    desk.deploy(drawn(user("a", BEFORE), "s", "a", "e"))
    instance = desk.start()
    with db.unit_of_work():
        operations.suspend_instance(instance.id, reason="kiểm tra", actor=chief)

    work()
    assert job_operations.hand_over_due_jobs() == 0
    assert len(rows()) == 1
    with db.unit_of_work():
        operations.resume_instance(instance.id, reason="xong", actor=chief)
    assert job_operations.hand_over_due_jobs() == 1
    work()

    assert desk.names() == ["a"]


def test_a_worker_stays_with_an_instance_until_nothing_is_left(desk: Desk) -> None:
    names = [f"a{number}" for number in range(5)]
    tasks = "".join(f'<task id="{name}" {BEFORE}/>' for name in names)
    desk.deploy(drawn(tasks + user("b"), "s", *names, "b", "e"))
    instance = desk.start()

    job_operations.work_off(instance.id)

    assert (rows(), desk.names()) == ([], ["b"])
    with db.reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) == 1


def test_a_worker_that_was_long_with_an_instance_lets_others_have_their_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, work: Work
) -> None:
    desk.deploy(drawn(f'<task id="a" {BEFORE}/><task id="b" {BEFORE}/>{user("c")}', "s", "a", "b", "c", "e"))
    instance = desk.start()
    monkeypatch.setattr(job_operations, "LASTS", -1.0)

    job_operations.work_off(instance.id)
    assert [job.element_id for job in rows()] == ["a"]
    monkeypatch.undo()
    work()

    assert desk.names() == ["c"]


def test_a_worker_waits_for_nobody_who_is_at_work_on_the_instance(desk: Desk, work: Work) -> None:
    desk.deploy(drawn(user("a", BEFORE), "s", "a", "e"))
    instance = desk.start()

    with db.unit_of_work():
        store.lock_instance(instance.id)
        with db.apart():
            job_operations.work_off(instance.id)
            assert desk.names() == []
    assert job_operations.hand_over_due_jobs() == 1
    work()

    assert desk.names() == ["a"]


def test_workers_at_one_instance_run_each_of_its_jobs_once(desk: Desk) -> None:
    inner = "<loopCardinality>12</loopCardinality>"
    loop = f"<multiInstanceLoopCharacteristics {BEFORE}>{inner}</multiInstanceLoopCharacteristics>"
    desk.deploy(drawn(f'<task id="a">{loop}</task>{user("b")}', "s", "a", "b", "e"))
    instance = desk.start()
    started = threading.Barrier(3)

    def run() -> None:
        started.wait()
        for _ in range(20):
            job_operations.work_off(instance.id)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (rows(), desk.names()) == ([], ["b"])
    assert desk.history(instance, "completed").count("a") == 12
