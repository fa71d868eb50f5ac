"""Messages reach one receiver, signals everybody who waits; each receiver in a transaction of its own."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine import operations, queries
from engine.errors import InstanceSuspended, NoReceiver
from engine.job_models import Job
from engine.operations import jobs as job_operations
from kernel import clock, db
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flows, user

NOON = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)
OUTSIDE = '<message id="ask" name="Hỏi"/><message id="answer" name="Trả lời"/><signal id="off" name="Nghỉ"/>'
Services = Callable[[str, Any], None]
Work = Callable[[], None]


def drawn(body: str, *chain: str, key: str = "p") -> bytes:
    return diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*chain)}', outside=OUTSIDE, key=key)


def throws(name: str, inner: str = "", tag: str = "intermediateThrowEvent") -> str:
    more = f"<extensionElements>{inner}</extensionElements>" if inner else ""
    kind = "signal" if name == "off" else "message"
    return f'<{tag} id="t"><{kind}EventDefinition {kind}Ref="{name}">{more}</{kind}EventDefinition></{tag}>'


def catches(name: str, element: str = "w") -> str:
    kind = "signal" if name == "off" else "message"
    event = f'<{kind}EventDefinition {kind}Ref="{name}"/>'
    return f'<intermediateCatchEvent id="{element}">{event}</intermediateCatchEvent>'


def starts(name: str, key: str) -> bytes:
    kind = "signal" if name == "off" else "message"
    event = f'<startEvent id="s"><{kind}EventDefinition {kind}Ref="{name}"/></startEvent>'
    body = f'{event}{user("work")}<endEvent id="e"/>{flows("s", "work", "e")}'
    return diagram(body, outside=OUTSIDE, key=key)


def jobs() -> list[Job]:
    with db.reading() as session:
        return list(session.scalars(sa.select(Job).order_by(Job.id)))


def beat(moment: dt.datetime, work: Work) -> None:
    with clock.set_to(moment):
        job_operations.hand_over_due_jobs()
        work()


# ------------------------------------------------------------------------------------------------------ from diagrams
@pytest.mark.parametrize(
    "thrower",
    [
        throws("ask"),
        '<sendTask id="t" messageRef="ask"/>',
    ],
)
def test_a_thrown_message_starts_a_process_with_the_senders_business_key(desk: Desk, work: Work, thrower: str) -> None:
    desk.deploy(starts("ask", "other"))
    desk.deploy(drawn(thrower, "s", "t", "e"))

    instance = desk.start(business_key="vb-1", subject="x")
    assert (desk.state(instance), desk.names()) == ("completed", [])
    work()

    (task,) = desk.open()
    assert (task.element_id, task.business_key) == ("work", "vb-1")
    assert jobs() == []


def test_a_message_of_an_end_event_is_sent_too(desk: Desk, work: Work) -> None:
    desk.deploy(starts("ask", "other"))
    body = f'<startEvent id="s"/>{throws("ask", tag="endEvent")}{flows("s", "t")}'
    desk.deploy(diagram(body, outside=OUTSIDE))

    desk.start()
    work()

    assert desk.names() == ["work"]


def test_what_a_thrown_message_carries_is_said_in_the_diagram(desk: Desk, work: Work) -> None:
    told = (
        '<camunda:in source="n" target="number"/><camunda:in sourceExpression="=n + 1" target="next"/>'
        '<camunda:in businessKey="=other"/>'
    )
    desk.deploy(starts("ask", "receiver"))
    desk.deploy(drawn(throws("ask", told), "s", "t", "e"))

    desk.start(business_key="vb-1", n=7, other="vb-2", kept="x")
    work()

    (task,) = desk.open()
    with db.reading():
        assert task.business_key == "vb-2"
        assert queries.get_variables(task.instance_id) == {"number": Decimal(7), "next": Decimal(8)}


def test_question_and_answer_go_between_two_processes_by_business_key(desk: Desk, work: Work) -> None:
    desk.deploy(drawn(throws("ask") + catches("answer") + user("done"), "s", "t", "w", "done", "e"))
    answering = '<sendTask id="t" messageRef="answer"/>'
    start = '<startEvent id="s"><messageEventDefinition messageRef="ask"/></startEvent>'
    body = f'{start}{user("think")}{answering}<endEvent id="e"/>{flows("s", "think", "t", "e")}'
    desk.deploy(diagram(body, outside=OUTSIDE, key="other"))
    one, two = desk.start(business_key="1"), desk.start(business_key="2")
    work()

    second = next(task for task in desk.open() if task.business_key == "2")
    with db.unit_of_work():
        operations.complete_task(second.id, {}, actor=desk.actor("van-thu"))
    work()

    assert [(task.element_id, task.business_key) for task in desk.open() if task.element_id == "done"] == [
        ("done", "2")
    ]
    assert desk.state(one) == desk.state(two) == "active"


def test_a_message_that_nobody_waits_for_yet_is_kept(desk: Desk, work: Work) -> None:
    desk.deploy(drawn(user("a") + catches("ask"), "s", "a", "w", "e", key="late"))
    desk.deploy(drawn(throws("ask"), "s", "t", "e"))
    late = desk.start("late", business_key="1")
    desk.start(business_key="1")

    work()
    assert len(jobs()) == 1
    assert job_operations.hand_over_due_jobs() == 0
    desk.complete("a")
    assert job_operations.hand_over_due_jobs() == 1
    work()

    assert (jobs(), desk.state(late)) == ([], "completed")


def test_a_message_that_nobody_wants_for_a_week_waits_for_an_operator(desk: Desk, work: Work, actor: ActorOf) -> None:
    desk.deploy(drawn(throws("ask"), "s", "t", "e"))
    with clock.set_to(NOON):
        instance = desk.start()
        work()

    for minutes in (0, 1, 3):
        beat(NOON + dt.timedelta(days=7, minutes=minutes), work)

    with db.reading():
        (incident,) = queries.list_incidents(desk.organization_id)
    assert (incident.kind, incident.element_id, incident.instance_id) == ("job", "t", instance.id)
    assert "0 nơi nhận" in incident.message
    with db.unit_of_work():
        operations.discard_job(incident.subject_id, reason="đã trả lời bằng giấy", actor=actor("quan-tri"))
    with db.reading():
        assert queries.list_incidents(desk.organization_id) == []
    assert jobs() == []


def test_a_message_with_two_receivers_is_delivered_to_none(desk: Desk, work: Work) -> None:
    desk.deploy(drawn(catches("ask"), "s", "w", "e", key="other"))
    desk.deploy(drawn(throws("ask"), "s", "t", "e"))
    receivers = [desk.start("other"), desk.start("other")]

    desk.start()
    work()

    assert [desk.state(instance) for instance in receivers] == ["active", "active"]
    (job,) = jobs()
    assert "2 nơi nhận" in job.error


def test_a_message_waits_for_a_suspended_receiver(desk: Desk, work: Work, actor: ActorOf) -> None:
    desk.deploy(starts("ask", "starting"))
    desk.deploy(drawn(catches("ask"), "s", "w", "e", key="other"))
    desk.deploy(drawn(throws("ask"), "s", "t", "e"))
    receiver, chief = desk.start("other", business_key="1"), actor("chanh-van-phong")
    with db.unit_of_work():
        operations.suspend_instance(receiver.id, reason="kiểm tra", actor=chief)

    desk.start(business_key="1")
    work()
    assert job_operations.hand_over_due_jobs() == 0
    with pytest.raises(InstanceSuspended), db.unit_of_work():
        operations.deliver_message("Hỏi", {}, actor=chief, business_key="1")
    assert desk.names() == []
    with db.unit_of_work():
        operations.resume_instance(receiver.id, reason="xong", actor=chief)
    assert job_operations.hand_over_due_jobs() == 1
    work()

    assert (desk.state(receiver), desk.names()) == ("completed", [])


# --------------------------------------------------------------------------------------------------------- from outside
def test_keys_choose_among_those_that_wait(desk: Desk, actor: ActorOf) -> None:
    chief = actor("chanh-van-phong")
    desk.deploy(drawn(catches("ask"), "s", "w", "e"))
    instances = [desk.start(business_key="1", number=number) for number in (1, 2, 3)]

    for keys in ({"number": 4}, {"number": "2"}, {"other": 2}, {}):
        with pytest.raises(NoReceiver), db.unit_of_work():
            operations.deliver_message("Hỏi", {}, actor=chief, keys=keys)
    with db.unit_of_work():
        reached = operations.deliver_message("Hỏi", {"answer": "có"}, actor=chief, business_key="1", keys={"number": 2})

    assert reached == instances[1].id
    assert [desk.state(instance) for instance in instances] == ["active", "completed", "active"]


def test_keys_are_what_the_waiting_token_sees(desk: Desk, actor: ActorOf) -> None:
    inner = '<extensionElements><camunda:inputOutput><camunda:inputParameter name="round">=3</camunda:inputParameter>'
    wait = f'<receiveTask id="w" messageRef="ask">{inner}</camunda:inputOutput></extensionElements></receiveTask>'
    desk.deploy(drawn(wait, "s", "w", "e"))
    instance = desk.start()

    with db.unit_of_work():
        operations.deliver_message("Hỏi", {}, actor=actor("quan-tri"), keys={"round": 3})

    assert desk.state(instance) == "completed"


# -------------------------------------------------------------------------------------------------------------- signals
def test_a_signal_reaches_each_receiver_in_a_transaction_of_its_own(
    desk: Desk, actor: ActorOf, services: Services, work: Work
) -> None:
    def refuse(call: Any) -> None:
        if call.variables.get("broken"):
            raise RuntimeError("hỏng")

    services("test.go", refuse)
    desk.deploy(starts("off", "starting"))
    service = '<serviceTask id="x" camunda:delegateExpression="test.go"/>'
    desk.deploy(drawn(catches("off") + service, "s", "w", "x", "e"))
    instances = [desk.start(broken=broken) for broken in (False, True, False)]

    with db.unit_of_work():
        assert operations.broadcast_signal("Nghỉ", {"day": 2}, actor=actor("chanh-van-phong")) == 4
    work()

    assert [desk.state(instance) for instance in instances] == ["completed", "active", "completed"]
    assert desk.names() == ["work"]
    assert desk.variables(instances[0])["day"] == 2
    (job,) = jobs()
    assert (job.kind, job.instance_id, job.error) == ("signal", instances[1].id, "RuntimeError: hỏng")


def test_a_thrown_signal_reaches_others_and_starts_processes(desk: Desk, work: Work) -> None:
    desk.deploy(starts("off", "starting"))
    desk.deploy(drawn(catches("off"), "s", "w", "e", key="other"))
    told = '<camunda:in source="day" target="day"/>'
    desk.deploy(drawn(throws("off", told), "s", "t", "e"))
    other = desk.start("other")

    desk.start(day=2)
    work()

    assert (desk.state(other), desk.names()) == ("completed", ["work"])
    assert desk.variables(other) == {"day": Decimal(2)}


def test_a_signal_is_for_those_who_wait_when_it_is_thrown(desk: Desk, work: Work) -> None:
    """Also in its own instance: the branch that waits already, not the token itself a step later."""
    body = f'<parallelGateway id="f"/>{catches("off", "before")}{throws("off")}{catches("off", "after")}{user("a")}'
    desk.deploy(drawn(body + flows("f", "before", "a", "e") + flows("f", "t", "after", "e"), "s", "f"))

    instance = desk.start()
    work()

    assert (desk.names(), desk.state(instance)) == (["a"], "active")
    assert "after" not in desk.history(instance, "completed")


def test_a_suspended_receiver_gets_its_signal_when_it_goes_on(desk: Desk, actor: ActorOf, work: Work) -> None:
    chief = actor("chanh-van-phong")
    desk.deploy(drawn(catches("off") + user("a"), "s", "w", "a", "e"))
    instance = desk.start()
    with db.unit_of_work():
        operations.suspend_instance(instance.id, reason="kiểm tra", actor=chief)
    with db.unit_of_work():
        assert operations.broadcast_signal("Nghỉ", {}, actor=chief) == 1
    work()
    assert desk.names() == []

    with db.unit_of_work():
        operations.resume_instance(instance.id, reason="xong", actor=chief)
    job_operations.hand_over_due_jobs()
    work()

    assert desk.names() == ["a"]
    with db.reading():
        assert queries.list_incidents(desk.organization_id) == []


# ------------------------------------------------------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("node", "told"),
    [
        (
            '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="ask" camunda:type="external" '
            'camunda:topic="x"/></intermediateThrowEvent>',
            "send task",
        ),
        ('<eventBasedGateway id="t" camunda:asyncAfter="true"/>', "asyncAfter"),
    ],
)
def test_what_would_be_passed_over_is_refused(node: str, told: str) -> None:
    body = node + catches("answer")
    problems = operations.check_process({"p.bpmn": drawn(body, "s", "t", "w", "e")})

    assert [problem.element_id for problem in problems if problem.level == "error" and told in problem.sentence] == [
        "t"
    ]
