"""A process that runs, for the pages of operators: a task, work of a machine, a task for each of several units."""

import uuid
from collections.abc import Callable

import sqlalchemy as sa

from directory import actors
from directory.actors import Actor
from engine import operations
from engine.models import ExternalTask, ProcessDefinition, ProcessInstance, Task
from kernel import db
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


def publish(actor: People, *, name: str = "Lấy góp ý") -> ProcessDefinition:
    with db.unit_of_work():
        (definition,) = operations.deploy({"gop-y.bpmn": diagram(BODY, key=KEY, name=name)}, actor=actor("phan-tich"))
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
