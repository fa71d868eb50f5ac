"""Rows and snapshots say the same, and where they do not it is told."""

import uuid
from pathlib import Path

import sqlalchemy as sa

from engine import consistency
from engine.models import ProcessInstance, Subscription, Task, Timer
from kernel import db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, user

DOCUMENT = Path(__file__).parents[2] / "bench" / "processes" / "document.bpmn"

WAITING = diagram(
    '<startEvent id="s"/>'
    + user("t")
    + '<boundaryEvent id="late" attachedToRef="t" cancelActivity="false"><timerEventDefinition>'
    "<timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<boundaryEvent id="stop" attachedToRef="t"><messageEventDefinition messageRef="m"/></boundaryEvent>'
    '<endEvent id="e"/><endEvent id="f"/>' + flows("s", "t", "e") + flows("late", "f") + flows("stop", "f"),
    outside='<message id="m" name="m"/>',
)


def faults(desk: Desk) -> list[str]:
    with db.reading():
        return [fault.sentence for fault in consistency.find_faults(desk.organization_id)]


def test_an_instance_is_consistent_at_every_step(desk: Desk) -> None:
    desk.deploy(DOCUMENT.read_bytes())
    instance = desk.start("document")

    while desk.open():
        assert faults(desk) == []
        name = desk.open()[0].element_id
        desk.complete(name, legal=True, approved=True)

    assert desk.state(instance) == "completed"
    assert faults(desk) == []


def test_what_was_written_around_the_engine_is_told(desk: Desk) -> None:
    desk.deploy(WAITING)
    desk.start()
    assert faults(desk) == []

    with db.unit_of_work() as session:
        session.execute(sa.delete(Timer))
        session.execute(sa.delete(Subscription))
    assert len(faults(desk)) == 1
    assert "timer" in faults(desk)[0]
    assert "subscription" in faults(desk)[0]


def test_an_ended_instance_with_an_open_task_is_told(desk: Desk) -> None:
    desk.deploy(WAITING)
    instance = desk.start()
    desk.complete("t")

    with db.unit_of_work() as session:
        session.execute(sa.update(Task).values(state="ready", ended_at=None))
    assert "đã kết thúc mà còn task" in faults(desk)[0]

    with db.unit_of_work() as session:
        session.execute(
            sa.update(ProcessInstance).where(ProcessInstance.id == instance.id).values(state="active", ended_at=None)
        )
    assert any("đang chạy" in sentence for sentence in faults(desk))


def test_an_unreadable_state_is_told_and_hinders_no_other(desk: Desk) -> None:
    desk.deploy(WAITING)
    desk.start()
    broken = desk.start()

    with db.unit_of_work() as session:
        session.execute(
            sa.update(ProcessInstance).where(ProcessInstance.id == broken.id).values(snapshot=b"[9,0,0,[]]")
        )

    (told,) = faults(desk)
    assert "không đọc được trạng thái" in told


def test_a_task_under_another_organisation_is_told(desk: Desk) -> None:
    desk.deploy(WAITING)
    desk.start()

    with db.unit_of_work() as session:
        session.execute(sa.update(Task).values(organization_id=uuid.uuid4()))

    assert "cơ quan khác" in faults(desk)[0]
