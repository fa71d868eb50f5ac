"""Deadlines and notices beside the running engine: one transaction, one clock, one ticker."""

import pytest
import sqlalchemy as sa

from deadlines import operations as deadlines
from deadlines.models import DeadlineAlert, TaskDeadline
from deadlines.queries import count_deadlines
from directory.models import Person
from engine import operations, queries
from kernel import clock, db
from notices.models import Notice
from tests.deadlines.factories import at
from webapp.wiring import wire

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:moc="http://moc.vn/schema/1.0"
    id="Definitions_answer" targetNamespace="http://moc.vn/tests">
  <bpmn:process id="answer" name="Trả lời" isExecutable="true">
    <bpmn:startEvent id="Start_asked"/>
    <bpmn:sequenceFlow id="Flow_asked" sourceRef="Start_asked" targetRef="Task_answer"/>
    <bpmn:userTask id="Task_answer" name="Trả lời" camunda:candidateGroups="=&quot;unit:&quot; + unit">
      <bpmn:extensionElements>
        <moc:deadline within="=working_days(5)" remind="P1D" escalateAfter="PT4H"
            escalateTo="=&quot;truong-don-vi@&quot; + unit"/>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="Flow_answered" sourceRef="Task_answer" targetRef="End_answered"/>
    <bpmn:endEvent id="End_answered"/>
  </bpmn:process>
</bpmn:definitions>
"""
GIVEN = at("2026-02-12T09:00")  # a Thursday before Tết: five working days end on 26/02


@pytest.fixture
def task(agency, actor):
    """The open task of a process that the clerk started."""
    wire()
    designer, clerk = actor("phan-tich"), actor("van-thu")
    with clock.set_to(GIVEN), db.unit_of_work():
        operations.deploy({"answer.bpmn": DIAGRAM.encode()}, actor=designer)
        instance = operations.start_instance("answer", {"unit": "P-TP"}, actor=clerk)
        (task,) = queries.list_instance_tasks(instance.id)
    return task


def told(kind):
    query = sa.select(Person.username).join(Notice, Notice.person_id == Person.id).where(Notice.kind == kind)
    with db.reading() as session:
        return sorted(session.scalars(query))


def test_a_task_of_a_diagram_gets_its_deadline_its_alerts_and_its_notices(task):
    with db.reading() as session:
        assert session.scalars(sa.select(TaskDeadline.due_at)).one() == at("2026-02-26T17:00")
        assert session.scalars(sa.select(TaskDeadline.escalate_to)).one() == "truong-don-vi@P-TP"
        alerts = session.scalars(sa.select(DeadlineAlert.at).order_by(DeadlineAlert.at)).all()
    assert alerts == [at("2026-02-25T17:00"), at("2026-02-27T11:30")]
    assert told("task") == ["cv-tp", "tp-tp"]


def test_the_ticker_reminds_and_escalates_once_while_the_task_is_open(task):
    for moment in ("2026-02-25T17:00", "2026-02-25T17:01", "2026-02-27T11:30", "2026-02-27T11:31"):
        with clock.set_to(at(moment)):
            deadlines.fire_due_alerts()

    assert told("remind") == ["cv-tp", "tp-tp"]
    assert told("escalate") == ["cv-tp", "tp-tp"]


def test_completing_stops_the_clock_and_settles_the_notices(task, actor):
    who, head = actor("cv-tp"), actor("tp-tp")
    with clock.set_to(GIVEN), db.unit_of_work():
        operations.complete_task(task.id, {}, actor=who)

    with clock.set_to(at("2026-02-27T11:30")):
        assert deadlines.fire_due_alerts() == 0
    with db.reading() as session:
        assert session.scalars(sa.select(sa.func.count()).where(Notice.read_at.is_(None))).one() == 0
        assert count_deadlines(head).total == 0


def test_claiming_settles_the_notices_of_the_others(task, actor):
    who = actor("cv-tp")
    with clock.set_to(GIVEN), db.unit_of_work():
        operations.claim_task(task.id, actor=who)

    with db.reading() as session:
        unread = session.scalars(sa.select(Notice.person_id).where(Notice.read_at.is_(None))).all()
    assert unread == [who.person_id]


def test_work_that_is_given_to_somebody_is_told_to_them(task, actor):
    who, head = actor("cv-tp"), actor("tp-tp")
    with clock.set_to(GIVEN), db.unit_of_work():
        operations.assign_task(task.id, who.person_id, actor=head)

    with db.reading() as session:
        sentences = session.scalars(sa.select(Notice.sentence).where(Notice.person_id == who.person_id)).all()
    assert "Lường Minh Tuấn giao cho bạn: Trả lời. Hạn 17:00 ngày 26/02/2026." in sentences


def test_a_cancelled_process_leaves_no_deadline_running(task, actor):
    head = actor("chu-tich")
    with clock.set_to(GIVEN), db.unit_of_work():
        operations.cancel_instance(task.instance_id, "Gửi nhầm", actor=head)

    with clock.set_to(at("2026-02-27T11:30")):
        assert deadlines.fire_due_alerts() == 0
