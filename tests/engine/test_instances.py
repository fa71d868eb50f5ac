"""Instances with everything in them: calls, services, machines, messages, history, cancelling."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from directory.actors import machine
from engine import operations, queries
from engine.errors import CannotProceed, InstanceOver, NoReceiver, NotOfWhole, TaskNotReady
from engine.models import ExternalTask, Task
from engine.registry import ServiceCall
from kernel import db
from kernel.errors import DomainError
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flow, flows, linear, user

Services = Callable[[str, Any], None]


def drawn(body: str, *chain: str, outside: str = "", key: str = "p") -> bytes:
    return diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*chain)}', outside=outside, key=key)


# ------------------------------------------------------------------------------------------------------------ services
class BookClosed(DomainError):
    sentence = "Sổ đã khóa."


def test_a_service_is_told_where_it_stands_and_its_result_is_kept(desk: Desk, services: Services) -> None:
    calls: list[ServiceCall] = []

    def enter(call: ServiceCall) -> Mapping[str, Any]:
        calls.append(call)
        return {"number": 7, "day": dt.date(2026, 3, 2), "by": {"unit": ["VP"]}}

    services("test.enter", enter)
    desk.deploy(drawn(user("a") + '<serviceTask id="b" camunda:delegateExpression="test.enter"/>', "s", "a", "b", "e"))
    instance = desk.start(business_key="vb-1", subject="Về việc")
    desk.complete("a")

    (call,) = calls
    assert (call.business_key, call.element_id, call.actor.username) == ("vb-1", "b", "van-thu")
    assert call.variables == {"subject": "Về việc"}
    assert desk.variables(instance) == {
        "subject": "Về việc",
        "number": Decimal(7),
        "day": dt.date(2026, 3, 2),
        "by": {"unit": ["VP"]},
    }


def test_a_refusal_of_a_service_undoes_the_whole_completion(desk: Desk, services: Services) -> None:
    def refuse(call: ServiceCall) -> None:
        raise BookClosed

    services("test.enter", refuse)
    desk.deploy(drawn(user("a") + '<serviceTask id="b" camunda:delegateExpression="test.enter"/>', "s", "a", "b", "e"))
    instance = desk.start()

    with pytest.raises(BookClosed):
        desk.complete("a", note="x")

    assert desk.names() == ["a"]
    assert desk.variables(instance) == {}
    assert desk.history(instance, "completed") == ["s"]


def test_a_gateway_without_a_way_refuses_and_undoes(desk: Desk) -> None:
    body = f'{user("a")}<exclusiveGateway id="g" name="Kết quả?"/>{flow("g", "e", "outcome = &quot;approve&quot;")}'
    desk.deploy(drawn(body, "s", "a", "g"))
    instance = desk.start()

    with pytest.raises(CannotProceed, match="Kết quả"):
        desk.complete("a", outcome="khác")

    assert desk.names() == ["a"]
    desk.complete("a", outcome="approve")
    assert desk.state(instance) == "completed"


# --------------------------------------------------------------------------------------------------------------- calls
def test_a_called_process_is_a_part_of_its_caller(desk: Desk) -> None:
    call = (
        '<callActivity id="call" calledElement="reply"><extensionElements><camunda:in businessKey="=reply_id"/>'
        '<camunda:in source="drafter" target="drafter"/><camunda:out source="result" target="result"/>'
        "</extensionElements></callActivity>"
    )
    desk.deploy(linear("old", key="reply"))
    desk.deploy(drawn(call + user("after"), "s", "call", "after", "e"))
    (reply,) = desk.deploy(drawn(user("work", 'camunda:assignee="=drafter"'), "s", "work", "e", key="reply"))

    instance = desk.start(business_key="đến-1", reply_id="đi-1", drafter="cv-tp")
    task = desk.task("work")
    assert (task.business_key, task.definition_id, task.instance_id) == ("đi-1", reply.id, instance.id)
    with db.reading():
        assert queries.get_task_variables(task) == {"drafter": "cv-tp"}
        states = queries.diagram_states(instance.id)
    assert [(state.definition_id == reply.id, dict(state.active)) for state in states] == [
        (False, {"call": 1}),
        (True, {"work": 1}),
    ]

    desk.complete("work", "cv-tp", result="xong")

    assert desk.task("after").business_key == "đến-1"
    assert desk.variables(instance)["result"] == "xong"


# ------------------------------------------------------------------------------------------------------- external work
def external(desk: Desk) -> Any:
    desk.deploy(drawn('<serviceTask id="x" camunda:type="external" camunda:topic="seal"/>', "s", "x", "e"))
    instance = desk.start()
    with db.reading() as session:
        return instance, session.scalars(sa.select(ExternalTask)).one()


def test_a_machine_completes_its_work_once(desk: Desk, actor: ActorOf) -> None:
    instance, work = external(desk)
    system = machine(desk.organization_id)
    assert (work.topic, work.state) == ("seal", "ready")
    with pytest.raises(NotOfWhole), db.unit_of_work():
        operations.complete_external_task(work.id, {}, actor=actor("van-thu"))
    with db.unit_of_work():
        operations.complete_external_task(work.id, {"sealed": True}, actor=system)
    with pytest.raises(TaskNotReady), db.unit_of_work():
        operations.complete_external_task(work.id, {}, actor=system)

    assert desk.state(instance) == "completed"
    assert desk.variables(instance) == {"sealed": True}


def test_a_machine_that_gives_up_leaves_an_incident(desk: Desk, actor: ActorOf) -> None:
    instance, work = external(desk)
    system = machine(desk.organization_id)
    with db.unit_of_work():
        operations.fail_external_task(work.id, "không có mạng", retries_left=1, actor=system)
    with db.reading():
        assert queries.list_incidents(desk.organization_id) == []
    with db.unit_of_work():
        operations.fail_external_task(work.id, "không có mạng", retries_left=0, actor=system)
    with db.reading():
        (incident,) = queries.list_incidents(desk.organization_id)
        assert queries.get_external_task(work.id).state == "failed"

    with db.unit_of_work():
        operations.retry_incident(incident.id, actor=actor("quan-tri"))
    with db.unit_of_work():
        operations.complete_external_task(work.id, {}, actor=system)

    assert desk.state(instance) == "completed"


# ------------------------------------------------------------------------------------------------- messages and signals
def test_a_message_has_one_receiver(desk: Desk, actor: ActorOf) -> None:
    wait = '<receiveTask id="w" messageRef="m"/>'
    desk.deploy(drawn(wait, "s", "w", "e", outside='<message id="m" name="Trả lời"/>'))
    one, two = desk.start(business_key="1"), desk.start(business_key="2")
    chief = actor("chanh-van-phong")

    with pytest.raises(NoReceiver), db.unit_of_work():
        operations.deliver_message("Trả lời", {}, actor=chief)
    with pytest.raises(NoReceiver), db.unit_of_work():
        operations.deliver_message("Trả lời", {}, actor=chief, business_key="3")
    with db.unit_of_work():
        assert operations.deliver_message("Trả lời", {"answer": "có"}, actor=chief, business_key="2") == two.id

    assert [desk.state(instance) for instance in (one, two)] == ["active", "completed"]
    assert desk.variables(two) == {"answer": "có"}


def test_a_message_may_start_a_process(desk: Desk, actor: ActorOf) -> None:
    start = '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
    body = f'{start}{user("a")}<endEvent id="e"/>{flows("s", "a", "e")}'
    desk.deploy(diagram(body, outside='<message id="m" name="Gửi"/>'))

    with db.unit_of_work():
        operations.deliver_message("Gửi", {"n": 1}, actor=actor("chanh-van-phong"), business_key="b")

    assert [(task.element_id, task.business_key) for task in desk.open()] == [("a", "b")]


def test_a_signal_reaches_all_that_wait(desk: Desk, actor: ActorOf, work: Callable[[], None]) -> None:
    wait = '<intermediateCatchEvent id="w"><signalEventDefinition signalRef="sg"/></intermediateCatchEvent>'
    desk.deploy(drawn(wait, "s", "w", "e", outside='<signal id="sg" name="Nghỉ"/>'))
    instances = [desk.start(), desk.start()]

    with db.unit_of_work():
        assert operations.broadcast_signal("Nghỉ", {}, actor=actor("chanh-van-phong")) == 2
    work()

    assert [desk.state(instance) for instance in instances] == ["completed", "completed"]


# -------------------------------------------------------------------------------------------------- history, cancelling
def test_the_viewer_sees_where_tokens_are_and_have_been(desk: Desk) -> None:
    body = f'<parallelGateway id="f"/><parallelGateway id="j"/>{user("a")}{user("b")}{user("c")}'
    desk.deploy(drawn(body + flows("f", "a", "j") + flows("f", "b", "j") + flows("s", "f"), "j", "c", "e"))
    instance = desk.start()
    desk.complete("a")

    with db.reading():
        (state,) = queries.diagram_states(instance.id)
    assert state.active == {"b": 1, "j": 1}
    assert set(state.passed) == {"s", "f", "a", "s-f", "f-a", "f-b", "a-j"}

    desk.complete("b")
    desk.complete("c")
    with db.reading():
        (state,) = queries.diagram_states(instance.id)
    assert state.active == {}
    assert "j-c" in state.passed


def test_history_says_who_did_what_with_which_values(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    instance = desk.start(subject="Về việc")
    desk.complete("a", pages=3)

    with db.reading():
        lines = queries.list_history(instance.id)
    assert [(line.kind, line.element_id) for line in lines] == [
        ("started", "p"),
        ("entered", "s"),
        ("completed", "s"),
        ("entered", "a"),
        ("completed", "a"),
        ("entered", "e"),
        ("completed", "e"),
        ("ended", "p"),
    ]
    done = lines[4]
    assert (done.person_id, done.data) == (actor("van-thu").person_id, {"pages": {"$n": "3"}})


def test_a_cancelled_process_takes_its_tasks_along(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()
    task = desk.task("a")

    for stranger in ("van-thu", "tp-vhtt"):
        with pytest.raises(NotOfWhole), db.unit_of_work():
            operations.cancel_instance(instance.id, "nhầm", actor=actor(stranger))
    with db.unit_of_work():
        operations.cancel_instance(instance.id, "trùng văn bản", actor=actor("chanh-van-phong"))
    with pytest.raises(InstanceOver), db.unit_of_work():
        operations.cancel_instance(instance.id, "lại", actor=actor("chanh-van-phong"))
    with pytest.raises(TaskNotReady, match="thu lại"), db.unit_of_work():
        operations.complete_task(task.id, {}, actor=actor("van-thu"))

    with db.reading():
        ended = queries.get_instance(instance.id)
        tasks = queries.list_instance_tasks(instance.id)
    assert (ended.state, ended.end_reason) == ("cancelled", "trùng văn bản")
    assert [task.state for task in tasks] == ["cancelled"]
    assert desk.names() == []


def test_instances_are_listed(desk: Desk) -> None:
    desk.deploy(linear("a"))
    first, second = desk.start(), desk.start()
    desk.complete("a")

    with db.reading():
        every = queries.list_instances(desk.organization_id)
        running = queries.list_instances(desk.organization_id, key="p", state="active")

    assert [instance.id for instance in every] == [second.id, first.id]
    assert [instance.id for instance in running] == [second.id]


def test_an_object_in_the_session_sees_what_the_hot_path_wrote(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.start()
    task_id = desk.task("a").id

    with db.unit_of_work() as session:
        before = session.get_one(Task, task_id)
        instance = queries.get_instance(before.instance_id)
        after = operations.complete_task(task_id, {}, actor=actor("van-thu"))

        assert after is before
        assert session.get(Task, task_id) is before
        assert (before.state, instance.state) == ("completed", "completed")
        assert not session.dirty
