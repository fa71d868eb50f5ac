"""Processes that stand still: nothing of them moves, nothing is lost, and they go on where they stood."""

import concurrent.futures
import datetime as dt
import threading
import uuid
from typing import Any

import pytest

from engine import operations, permissions, queries
from engine.errors import CannotProceed, DefinitionSuspended, InstanceOver, InstanceSuspended, NotOfWhole
from engine.events import ExternalTaskReady
from engine.models import ExternalTask
from engine.repair_errors import NotSuspended, ReasonMissing
from kernel import clock, db, events, jobs
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, linear, user

TIMED = diagram(
    '<startEvent id="s"/>'
    + user("a")
    + '<boundaryEvent id="late" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeDuration>P1D'
    "</timeDuration></timerEventDefinition></boundaryEvent>"
    + user("b")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "a", "e")
    + flows("late", "b", "e2")
)
WAITING = diagram(
    '<startEvent id="s"/><intermediateCatchEvent id="m"><messageEventDefinition messageRef="news"/>'
    "</intermediateCatchEvent>" + user("a") + '<endEvent id="e"/>' + flows("s", "m", "a", "e"),
    outside='<message id="news" name="news"/>',
)
CONDITION = diagram(
    '<startEvent id="s"/><intermediateCatchEvent id="c"><conditionalEventDefinition><condition>x = 1</condition>'
    "</conditionalEventDefinition></intermediateCatchEvent>" + user("a") + '<endEvent id="e"/>'
    + flows("s", "c", "a", "e")
)  # fmt: skip


def suspend(desk: Desk, instance: Any, who: str = "quan-tri") -> None:
    with db.unit_of_work():
        operations.suspend_instance(instance.id, reason="chờ sửa", actor=desk.actor(who))


def resume(desk: Desk, instance: Any) -> None:
    with db.unit_of_work():
        operations.resume_instance(instance.id, reason="đã sửa", actor=desk.actor("quan-tri"))


def later(monkeypatch: pytest.MonkeyPatch, **delta: float) -> None:
    moment = clock.now() + dt.timedelta(**delta)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_task_of_a_suspended_instance_is_shown_but_not_done(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()

    suspend(desk, instance)

    assert desk.state(instance) == "suspended"
    task = desk.task("a")
    assert task.suspended
    assert isinstance(permissions.refusal_to_complete(task, desk.actor("van-thu")), InstanceSuspended)
    with pytest.raises(InstanceSuspended):
        desk.complete("a")
    with pytest.raises(InstanceSuspended), db.unit_of_work():
        operations.claim_task(task.id, actor=desk.actor("van-thu"))
    with pytest.raises(InstanceSuspended), db.unit_of_work():
        operations.assign_task(task.id, uuid.uuid4(), actor=desk.actor("quan-tri"))


def test_it_goes_on_where_it_stood(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()
    suspend(desk, instance)

    resume(desk, instance)

    assert desk.state(instance) == "active"
    assert not desk.task("a").suspended
    desk.complete("a")
    assert desk.names() == ["b"]


def test_a_timer_waits_until_the_instance_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(TIMED)
    instance, other = desk.start(), desk.start()
    suspend(desk, instance)
    later(monkeypatch, days=2)

    assert operations.fire_due_timers() == 1
    assert desk.names() == ["a", "a", "b"]
    assert [line for line in desk.history(other, "entered") if line == "b"] == ["b"]

    resume(desk, instance)
    assert operations.fire_due_timers() == 1
    assert sorted(desk.names()) == ["a", "a", "b", "b"]


def test_a_timer_of_a_suspended_instance_is_no_incident(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(TIMED)
    suspend(desk, desk.start())
    later(monkeypatch, days=2)

    assert operations.fire_due_timers() == 0

    with db.reading():
        assert queries.list_incidents(desk.organization_id) == []


def test_who_sends_it_a_message_is_told(desk: Desk) -> None:
    desk.deploy(WAITING)
    instance = desk.start()
    suspend(desk, instance)

    with pytest.raises(InstanceSuspended), db.unit_of_work():
        operations.deliver_message("news", {}, actor=desk.actor("quan-tri"))

    resume(desk, instance)
    with db.unit_of_work():
        operations.deliver_message("news", {}, actor=desk.actor("quan-tri"))
    assert desk.names() == ["a"]


def test_a_machine_is_refused_and_offered_its_work_again(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/><serviceTask id="w" camunda:type="external" camunda:topic="t"/>' + user("a")
            + '<endEvent id="e"/>' + flows("s", "w", "a", "e")
        )
    )  # fmt: skip
    offered: list[ExternalTask] = []
    events.listens(ExternalTaskReady)(lambda event: offered.append(event.external_task))
    instance = desk.start()
    suspend(desk, instance)
    with pytest.raises(InstanceSuspended), db.unit_of_work():
        operations.complete_external_task(offered[0].id, {}, actor=desk.actor("quan-tri"))

    resume(desk, instance)

    assert [task.id for task in offered] == [offered[0].id] * 2
    with db.unit_of_work():
        operations.complete_external_task(offered[0].id, {}, actor=desk.actor("quan-tri"))
    assert desk.names() == ["a"]


def test_conditions_are_asked_when_it_goes_on(desk: Desk) -> None:
    desk.deploy(CONDITION)
    instance = desk.start(x=0)
    suspend(desk, instance)
    with db.unit_of_work():
        operations.set_variables(instance.id, {"x": 1}, reason="sửa", actor=desk.actor("quan-tri"))
    assert desk.names() == []

    resume(desk, instance)

    assert desk.names() == ["a"]


WATCHING = (
    CONDITION.replace(b"<conditionalEventDefinition>", b'<conditionalEventDefinition camunda:variableName="x">')
    .replace(
        b'<startEvent id="s"/>', b'<startEvent id="s"/><userTask id="w" name="w" camunda:candidateGroups="van-thu"/>'
    )
    .replace(
        b'sourceRef="s" targetRef="c"',
        b'sourceRef="s" targetRef="w"/><sequenceFlow id="w-c" sourceRef="w" targetRef="c"',
    )
)


def test_going_on_is_no_change_of_a_variable(desk: Desk) -> None:
    desk.deploy(WATCHING)
    instance = desk.start(x=0)
    desk.complete("w")
    suspend(desk, instance)
    with db.unit_of_work():
        operations.set_variables(instance.id, {"y": 1}, reason="sửa", actor=desk.actor("quan-tri"))
    resume(desk, instance)
    assert desk.names() == []

    with db.unit_of_work():
        operations.set_variables(instance.id, {"x": 1}, reason="sửa", actor=desk.actor("quan-tri"))
    assert desk.names() == ["a"]


def test_with_its_definition_an_instance_looks_at_conditions_in_a_job(desk: Desk, database: str) -> None:
    (definition,) = desk.deploy(CONDITION)
    instance = desk.start(x=0)
    with db.unit_of_work():
        operations.suspend_definition(definition.id, with_instances=True, actor=desk.actor("quan-tri"))
    with db.unit_of_work():
        operations.set_variables(instance.id, {"x": 1}, reason="sửa", actor=desk.actor("quan-tri"))
    with db.unit_of_work():
        operations.resume_definition(definition.id, with_instances=True, actor=desk.actor("quan-tri"))
    assert desk.names() == []

    jobs.run_waiting(database)

    assert desk.names() == ["a"]


def test_a_suspended_instance_can_be_moved_and_stays_suspended(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()
    suspend(desk, instance)
    token = desk.task("a").token

    with db.unit_of_work():
        operations.move_tokens(instance.id, [token], ["b"], reason="sửa", actor=desk.actor("quan-tri"))

    assert desk.state(instance) == "suspended"
    assert desk.task("b").suspended


def test_a_suspended_instance_can_be_cancelled(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()
    suspend(desk, instance)

    with db.unit_of_work():
        operations.cancel_instance(instance.id, "bỏ", actor=desk.actor("quan-tri"))

    assert desk.state(instance) == "cancelled"
    assert desk.names() == []


def test_it_is_suspended_once_and_only_while_it_runs(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()
    with pytest.raises(NotSuspended):
        resume(desk, instance)
    suspend(desk, instance)
    with pytest.raises(InstanceSuspended):
        suspend(desk, instance)
    resume(desk, instance)
    desk.complete("a")

    with pytest.raises(InstanceOver):
        suspend(desk, instance)


def test_who_suspends_leads_the_whole_and_says_why(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()

    with pytest.raises(NotOfWhole):
        suspend(desk, instance, "van-thu")
    with pytest.raises(ReasonMissing), db.unit_of_work():
        operations.suspend_instance(instance.id, reason=" ", actor=desk.actor("quan-tri"))


def test_a_suspended_definition_starts_nothing_and_what_runs_goes_on(desk: Desk) -> None:
    (definition,) = desk.deploy(linear("a", "b"))
    instance = desk.start()

    with db.unit_of_work():
        operations.suspend_definition(definition.id, actor=desk.actor("quan-tri"))

    with pytest.raises(DefinitionSuspended, match="tạm dừng"):
        desk.start()
    desk.complete("a")
    assert desk.state(instance) == "active"
    with db.unit_of_work():
        operations.resume_definition(definition.id, actor=desk.actor("quan-tri"))
    desk.start()


def test_a_suspended_definition_is_not_started_by_a_timer_or_message(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (definition,) = desk.deploy(
        diagram(
            '<startEvent id="t"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent>'
            '<startEvent id="m"><messageEventDefinition messageRef="news"/></startEvent>'
            + user("a") + '<endEvent id="e"/>' + flows("t", "a", "e") + flows("m", "a"),
            outside='<message id="news" name="news"/>',
        )
    )  # fmt: skip
    with db.unit_of_work():
        operations.suspend_definition(definition.id, actor=desk.actor("quan-tri"))
    later(monkeypatch, hours=50)

    assert operations.fire_due_timers() == 0
    with pytest.raises((DefinitionSuspended, InstanceSuspended)), db.unit_of_work():
        operations.deliver_message("news", {}, actor=desk.actor("quan-tri"))
    assert desk.names() == []

    with db.unit_of_work():
        operations.resume_definition(definition.id, actor=desk.actor("quan-tri"))
    operations.fire_due_timers()
    assert desk.names() == ["a"], "the hours that were missed are not made up for one by one"


def test_a_suspended_definition_is_not_called(desk: Desk) -> None:
    (called,) = desk.deploy(linear("y", key="q"))
    desk.deploy(
        diagram(
            f'<startEvent id="s"/>{user("a")}<callActivity id="c" name="Gọi" calledElement="q"/><endEvent id="e"/>'
            + flows("s", "a", "c", "e")
        )
    )
    desk.start()
    with db.unit_of_work():
        operations.suspend_definition(called.id, actor=desk.actor("quan-tri"))

    with pytest.raises(CannotProceed, match="tạm dừng"):
        desk.complete("a")

    with db.unit_of_work():
        operations.resume_definition(called.id, actor=desk.actor("quan-tri"))
    desk.complete("a")
    assert desk.names() == ["y"]


def test_a_definition_is_suspended_with_all_that_runs_on_it(desk: Desk) -> None:
    (definition,) = desk.deploy(linear("a"))
    instances = [desk.start() for _ in range(3)]
    suspend(desk, instances[0])

    with db.unit_of_work():
        number = operations.suspend_definition(definition.id, with_instances=True, actor=desk.actor("quan-tri"))
    assert number == 2
    assert {desk.state(instance) for instance in instances} == {"suspended"}
    assert all(task.suspended for task in desk.open())

    with db.unit_of_work():
        number = operations.resume_definition(definition.id, with_instances=True, actor=desk.actor("quan-tri"))
    assert number == 3
    assert {desk.state(instance) for instance in instances} == {"active"}
    assert len(desk.history(instances[1], "resumed")) == 1


def test_history_says_who_suspended_and_why(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()
    suspend(desk, instance)
    resume(desk, instance)

    with db.reading():
        lines = {line.kind: line for line in queries.list_history(instance.id)}

    assert lines["suspended"].data == {"reason": "chờ sửa"}
    assert lines["resumed"].person_name == desk.actor("quan-tri").name


def test_people_at_work_and_a_suspension_of_all_do_not_lock_one_another_out(desk: Desk) -> None:
    (definition,) = desk.deploy(linear(*(f"t{number}" for number in range(12))))
    instances = [desk.start() for _ in range(4)]
    tasks = {task.instance_id: task for task in desk.open()}
    begun = threading.Barrier(len(instances) + 1, timeout=30)

    def work(instance: Any) -> str:
        begun.wait()
        task, done = tasks[instance.id], 0
        try:
            while True:
                with db.unit_of_work():
                    operations.complete_task(task.id, {"n": done}, actor=clerk)
                done += 1
                with db.reading():
                    task = next(one for one in queries.list_instance_tasks(instance.id) if one.state == "ready")
        except (InstanceSuspended, StopIteration) as ended:
            return type(ended).__name__

    clerk, administrator = desk.actor("van-thu"), desk.actor("quan-tri")
    with concurrent.futures.ThreadPoolExecutor(len(instances)) as pool:
        working = [pool.submit(work, instance) for instance in instances]
        begun.wait()
        with db.unit_of_work():
            operations.suspend_definition(definition.id, with_instances=True, actor=administrator)
        ends = [future.result() for future in working]

    assert set(ends) <= {"InstanceSuspended", "StopIteration"}
    assert all(task.suspended for task in desk.open())
    assert {desk.state(instance) for instance in instances} <= {"suspended", "completed"}
