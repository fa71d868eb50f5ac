"""A process that runs, for the pages of operators: a task, work of a machine, a task for each of several units."""

import itertools
import uuid
from collections.abc import Callable

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import operations
from engine.job_models import MESSAGE, Job
from engine.models import ExternalTask, ProcessDefinition, ProcessInstance, Task
from engine.operations.incidents import open_incident
from kernel import clock, db
from tests.engine.diagrams import diagram, flows, user

People = Callable[[str], Actor]

KEY = "gop-y"
BODY = (
    '<startEvent id="Start_begin"/><endEvent id="End_done"/>'
    + user("Task_plan", 'camunda:candidateGroups="chuyen-vien"')
    + '<serviceTask id="Service_send" name="Gửi phiếu" camunda:type="external" camunda:topic="gui-phieu"/>'
    + user(
        "Task_collect",
        'camunda:candidateGroups="chuyen-vien"',
        '<multiInstanceLoopCharacteristics camunda:collection="units" camunda:elementVariable="unit"/>',
    )
    + flows("Start_begin", "Task_plan", "Service_send", "Task_collect", "End_done")
)


NODES = [
    ("Start_begin", 160, 102, 36, 36),
    ("Task_plan", 250, 80, 120, 80),
    ("Service_send", 430, 80, 120, 80),
    ("Task_collect", 610, 80, 120, 80),
    ("End_done", 790, 102, 36, 36),
]


def drawn() -> bytes:
    """The diagram with its drawing, one element beside the other."""
    shapes = "".join(
        f'<i:BPMNShape id="{name}_di" bpmnElement="{name}"><c:Bounds x="{x}" y="{y}" width="{w}" height="{h}"/>'
        "</i:BPMNShape>"
        for name, x, y, w, h in NODES
    )
    edges = "".join(
        f'<i:BPMNEdge id="{one[0]}_{other[0]}_di" bpmnElement="{one[0]}-{other[0]}">'
        f'<d:waypoint x="{one[1] + one[3]}" y="120"/><d:waypoint x="{other[1]}" y="120"/></i:BPMNEdge>'
        for one, other in itertools.pairwise(NODES)
    )
    spaces = (
        'xmlns:i="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC" '
        'xmlns:d="http://www.omg.org/spec/DD/20100524/DI"'
    )
    plane = f'<i:BPMNPlane id="Plane" bpmnElement="{KEY}">{shapes}{edges}</i:BPMNPlane>'
    source = diagram(BODY, key=KEY, name="Lấy góp ý").decode()
    drawing = f'<i:BPMNDiagram {spaces} id="Diagram">{plane}</i:BPMNDiagram></definitions>'
    return source.replace("</definitions>", drawing).encode()


def publish(actor: People) -> ProcessDefinition:
    with db.unit_of_work():
        (definition,) = operations.deploy({"gop-y.bpmn": drawn()}, actor=actor("phan-tich"))
    return definition


def begin(actor: People, number: int = 1) -> ProcessInstance:
    """Stands at Task_plan."""
    given = {"units": ["P-VHTT", "P-TP"], "title": "Dự thảo quy chế", "copies": 20}
    with db.unit_of_work():
        return operations.start_instance(KEY, given, actor=actor("cv-vp"), business_key=f"GY-{number:03d}")


def plan(actor: People, instance_id: uuid.UUID) -> None:
    """On to Service_send."""
    with db.unit_of_work():
        task = _open_task(instance_id)
        operations.complete_task(task.id, {"copies": 25}, actor=actor("cv-vp"))


def fail(actor: People, instance_id: uuid.UUID, cause: str = "Trục liên thông không trả lời.") -> None:
    """The machine gives up: an incident."""
    with db.unit_of_work():
        work = db.session().scalars(sa.select(ExternalTask).where(ExternalTask.instance_id == instance_id)).one()
        machine = actors.machine(work.organization_id)
        operations.fail_external_task(work.id, cause, retries_left=0, actor=machine)


def stuck(actor: People, number: int = 1, cause: str = "Trục liên thông không trả lời.") -> ProcessInstance:
    """An instance with an incident at Service_send."""
    instance = begin(actor, number)
    plan(actor, instance.id)
    fail(actor, instance.id, cause)
    return instance


def undelivered(actor: People) -> uuid.UUID:
    """The job of a message that nobody wanted, and the incident of its sender."""
    publish(actor)
    run = begin(actor)
    with db.unit_of_work() as session:
        told = {"organization_id": run.organization_id, "definition_id": run.definition_id, "instance_id": run.id}
        now = clock.now()
        job = Job(
            **told, token=3, element_id="Service_send", kind=MESSAGE, name="tra-loi", business_key="", created_at=now,
            due_at=now, retries=0, error="", failed_at=now,
        )  # fmt: skip
        session.add(job)
        session.flush()
        open_incident(
            kind="job", subject_id=job.id, token=3, element_id="Service_send", message="Không ai nhận.", **told
        )
        return job.id


def state_of(instance_id: uuid.UUID) -> str:
    with db.reading() as session:
        return session.scalars(sa.select(ProcessInstance.state).where(ProcessInstance.id == instance_id)).one()


def places_of(instance_id: uuid.UUID) -> list[str]:
    """Elements with an open task."""
    with db.reading() as session:
        query = sa.select(Task.element_id).where(Task.instance_id == instance_id, Task.state == "ready")
        return sorted(session.scalars(query))


def _open_task(instance_id: uuid.UUID) -> Task:
    return db.session().scalars(sa.select(Task).where(Task.instance_id == instance_id, Task.state == "ready")).one()
