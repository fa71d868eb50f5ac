"""Who hears that a process has stopped."""

import sqlalchemy as sa

from directory.models import Person
from engine import operations, registry
from engine.job_models import Job
from engine.operations import jobs
from kernel import db
from notices.models import Notice
from tests.engine.diagrams import diagram, flows
from webapp.wiring import wire


def test_those_who_look_after_processes_hear_once_of_an_incident(agency, actor, monkeypatch):
    def refuse(call):
        raise RuntimeError("Nội dung riêng của văn bản")

    wire()
    monkeypatch.setitem(registry._services, "test.print", refuse)
    cycle = "<extensionElements><camunda:failedJobRetryTimeCycle>R1/PT1M</camunda:failedJobRetryTimeCycle>"
    attributes = 'id="b" camunda:asyncBefore="true" camunda:delegateExpression="test.print"'
    body = f'<startEvent id="s"/><serviceTask {attributes}>{cycle}</extensionElements></serviceTask><endEvent id="e"/>'
    with db.unit_of_work():
        operations.deploy({"p.bpmn": diagram(body + flows("s", "b", "e"), name="In giấy")}, actor=actor("phan-tich"))
        operations.start_instance("p", {}, actor=actor("van-thu"))
    with db.reading() as session:
        job_id = session.scalars(sa.select(Job.id)).one()

    for _ in range(2):
        jobs.run_job(job_id)

    query = sa.select(Person.username, Notice.sentence).join(Notice, Notice.person_id == Person.id)
    with db.reading() as session:
        told = session.execute(query.where(Notice.kind == "incident").order_by(Person.username)).all()
    assert [row.username for row in told] == ["chanh-van-phong", "quan-tri"]
    assert {row.sentence for row in told} == {"Quy trình “In giấy” bị dừng vì sự cố. Mở trang Sự cố để xử lý."}
