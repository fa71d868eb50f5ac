"""A process that chooses its way by the number of pages, drawn, for pages that write and explain its condition."""

from collections.abc import Callable

from directory.actors import Actor
from engine import operations
from engine.models import ProcessDefinition, ProcessInstance
from kernel import db
from tests.studio import factories
from tests.studio.factories import HEAD

People = Callable[[str], Actor]

KEY = "xem-ho-so"
CONDITION = "pages &gt; 30 and urgent"

FIELDS = (
    "<bpmn:extensionElements><camunda:formData>"
    '<camunda:formField id="pages" label="Số trang" type="long"/>'
    '<camunda:formField id="urgent" label="Cần gấp" type="boolean"/>'
    "</camunda:formData></bpmn:extensionElements>"
)
SHAPES = [
    ("Start_begin", 160, 142, 36, 36),
    ("Gateway_length", 260, 135, 50, 50),
    ("Task_long", 380, 60, 120, 80),
    ("Task_short", 380, 200, 120, 80),
    ("End_done", 580, 142, 36, 36),
]
FLOWS = [
    ("Flow_begin", "Start_begin", "Gateway_length", ((196, 160), (260, 160))),
    ("Flow_long", "Gateway_length", "Task_long", ((285, 135), (285, 100), (380, 100))),
    ("Flow_short", "Gateway_length", "Task_short", ((285, 185), (285, 240), (380, 240))),
    ("Flow_long_end", "Task_long", "End_done", ((500, 100), (598, 100), (598, 142))),
    ("Flow_short_end", "Task_short", "End_done", ((500, 240), (598, 240), (598, 178))),
]


def make_fork(condition: str = CONDITION) -> str:
    """The long way under this condition (quoted for XML), else the short one."""
    names = {"Flow_long": ' name="Hồ sơ dày"', "Flow_short": ' name="Hồ sơ mỏng"'}
    said = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
    flows = "".join(
        f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"{names.get(name, "")}>'
        f"{said if name == 'Flow_long' else ''}</bpmn:sequenceFlow>"
        for name, source, target, _ in FLOWS
    )
    drawing = "".join(factories.make_shape(*shape) for shape in SHAPES) + "".join(
        factories.make_edge(name, *points) for name, _, _, points in FLOWS
    )
    return (
        f'{HEAD}<bpmn:process id="{KEY}" name="Xem hồ sơ" isExecutable="true">'
        f'<bpmn:startEvent id="Start_begin">{FIELDS}</bpmn:startEvent>'
        '<bpmn:exclusiveGateway id="Gateway_length" name="Hồ sơ dày?" default="Flow_short"/>'
        '<bpmn:userTask id="Task_long" name="Đọc kỹ" camunda:candidateGroups="chuyen-vien"/>'
        '<bpmn:userTask id="Task_short" name="Đọc lướt" camunda:candidateGroups="chuyen-vien"/>'
        f'<bpmn:endEvent id="End_done"/>{flows}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="Diagram_1"><bpmndi:BPMNPlane id="Plane_1" bpmnElement="{KEY}">{drawing}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>\n"
    )


def publish(actor: People) -> ProcessDefinition:
    return factories.publish(actor, make_fork(), key=KEY)


def begin(actor: People, *, pages: int, urgent: bool) -> ProcessInstance:
    with db.unit_of_work():
        return operations.start_instance(KEY, {"pages": pages, "urgent": urgent}, actor=actor("cv-vp"))
