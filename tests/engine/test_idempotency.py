"""What is asked for twice with one key is done once, also when both ask at the same time."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from directory.actors import Actor, machine
from engine import deliveries, operations
from engine.errors import KeyUsed, UnusableKey
from engine.job_models import Delivery, Job
from engine.models import ExternalTask, ProcessInstance
from kernel import clock, db
from kernel.errors import DomainError
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flows, linear, user

OUTSIDE = '<message id="ask" name="Hỏi"/><signal id="off" name="Nghỉ"/>'
Services = Callable[[str, Any], None]


def drawn(body: str, *chain: str) -> bytes:
    return diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*chain)}', outside=OUTSIDE)


def instances() -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(ProcessInstance)) or 0


def start(actor: Actor, key: str, process: str = "p") -> ProcessInstance:
    with db.unit_of_work():
        return operations.start_instance(process, {}, actor=actor, idempotency_key=key)


def test_a_repeated_start_returns_the_first_instance(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    clerk = actor("van-thu")

    first, again, other, none = (start(clerk, key) for key in ("k1", "k1", "k2", ""))

    assert first.id == again.id
    assert len({first.id, other.id, none.id}) == instances() == 3


def test_a_key_is_for_one_thing(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.deploy(linear("a", key="q"))
    start(actor("van-thu"), "k1")

    with pytest.raises(KeyUsed):
        start(actor("van-thu"), "k1", "q")
    with pytest.raises(KeyUsed), db.unit_of_work():
        operations.broadcast_signal("Nghỉ", {}, actor=actor("quan-tri"), idempotency_key="k1")
    for unusable in ("x" * 256, "a\nb", "\0"):
        with pytest.raises(UnusableKey):
            start(actor("van-thu"), unusable)


def test_what_was_undone_may_be_asked_for_again(desk: Desk, actor: ActorOf, services: Services) -> None:
    class BookClosed(DomainError):
        sentence = "Sổ đã khóa."

    closed = [True]

    def enter(call: Any) -> None:
        if closed[0]:
            raise BookClosed

    services("test.enter", enter)
    desk.deploy(drawn('<serviceTask id="x" camunda:delegateExpression="test.enter"/>' + user("a"), "s", "x", "a", "e"))

    with pytest.raises(BookClosed):
        start(actor("van-thu"), "k1")
    closed[0] = False
    start(actor("van-thu"), "k1")

    assert desk.names() == ["a"]


def test_two_who_ask_at_once_with_one_key_get_the_same_instance(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    clerk, started, found = actor("van-thu"), threading.Barrier(4), []

    def ask() -> None:
        started.wait()
        found.append(start(clerk, "k1").id)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == instances() == 1


def test_who_waits_for_another_with_the_same_key_does_the_work_when_that_is_undone(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    clerk, holding, found = actor("van-thu"), threading.Event(), []

    def ask() -> None:
        holding.wait()
        found.append(start(clerk, "k1").id)

    second = threading.Thread(target=ask)
    second.start()
    with contextlib.suppress(ZeroDivisionError), db.unit_of_work():
        operations.start_instance("p", {}, actor=clerk, idempotency_key="k1")
        holding.set()
        raise ZeroDivisionError
    second.join()

    assert len(found) == instances() == 1


def test_a_repeated_message_is_delivered_once(desk: Desk, actor: ActorOf) -> None:
    event = '<intermediateCatchEvent id="w"><messageEventDefinition messageRef="ask"/></intermediateCatchEvent>'
    desk.deploy(drawn(event, "s", "w", "e"))
    one, two = desk.start(business_key="1"), desk.start(business_key="2")
    told: dict[str, Any] = {"actor": actor("quan-tri"), "idempotency_key": "k1"}

    for business_key in ("1", "1", "2"):
        with db.unit_of_work():
            reached = operations.deliver_message("Hỏi", {}, business_key=business_key, **told)
        assert reached == one.id

    assert [desk.state(instance) for instance in (one, two)] == ["completed", "active"]


def test_a_repeated_signal_is_told_once(desk: Desk, actor: ActorOf) -> None:
    event = '<intermediateCatchEvent id="w"><signalEventDefinition signalRef="off"/></intermediateCatchEvent>'
    desk.deploy(drawn(event, "s", "w", "e"))
    desk.start()
    desk.start()

    for _ in range(2):
        with db.unit_of_work():
            told = operations.broadcast_signal("Nghỉ", {}, actor=actor("quan-tri"), idempotency_key="k1")
        assert told == 2

    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 2


def test_a_machine_that_reports_twice_is_heard_once(desk: Desk) -> None:
    desk.deploy(drawn('<serviceTask id="x" camunda:type="external" camunda:topic="seal"/>', "s", "x", "e"))
    instance = desk.start()
    with db.reading() as session:
        work = session.scalars(sa.select(ExternalTask.id)).one()

    for number in (1, 2):
        with db.unit_of_work():
            operations.complete_external_task(
                work, {"number": number}, actor=machine(desk.organization_id), idempotency_key="k1"
            )

    assert desk.variables(instance) == {"number": 1}


def test_keys_are_forgotten_after_a_time(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    start(actor("van-thu"), "k1")

    assert deliveries.forget_old() == 0
    with clock.set_to(clock.now() + deliveries.KEPT + dt.timedelta(minutes=1)):
        assert deliveries.forget_old() == 1
    with db.reading() as session:
        assert session.scalars(sa.select(Delivery)).all() == []
