"""Diagrams for the drawing board."""

from collections.abc import Callable

from directory.actors import Actor
from engine import operations
from engine.models import ProcessDefinition
from kernel import db

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:moc="http://moc.vn/schema/1.0" id="Definitions_opinion" targetNamespace="http://moc.vn/processes">\n'
)


def make_diagram(
    *, key: str = "lay-y-kien", name: str = "Lấy ý kiến", task: str = "Góp ý", form: str = "", service: str = ""
) -> str:
    """Start, one human task (and a service task when named), end; drawn, so that an editor can open it."""
    formed = f' camunda:formKey="{form}"' if form else ""
    machine = (
        f'<bpmn:serviceTask id="Service_work" name="Việc của máy" camunda:delegateExpression="{service}"/>'
        '<bpmn:sequenceFlow id="Flow_work" sourceRef="Task_opinion" targetRef="Service_work"/>'
        '<bpmn:sequenceFlow id="Flow_end" sourceRef="Service_work" targetRef="End_done"/>'
        if service
        else '<bpmn:sequenceFlow id="Flow_end" sourceRef="Task_opinion" targetRef="End_done"/>'
    )
    return (
        f'{HEAD}<bpmn:process id="{key}" name="{name}" isExecutable="true">'
        '<bpmn:startEvent id="Start_begin"/>'
        '<bpmn:sequenceFlow id="Flow_begin" sourceRef="Start_begin" targetRef="Task_opinion"/>'
        f'<bpmn:userTask id="Task_opinion" name="{task}" camunda:candidateGroups="chuyen-vien"{formed}/>'
        f'{machine}<bpmn:endEvent id="End_done"/></bpmn:process>'
        f'<bpmndi:BPMNDiagram id="Diagram_1"><bpmndi:BPMNPlane id="Plane_1" bpmnElement="{key}">'
        f"{make_shape('Start_begin', 160, 142, 36, 36)}{make_shape('Task_opinion', 280, 120, 120, 80)}"
        f"{make_shape('Service_work', 280, 260, 120, 80) if service else ''}{make_shape('End_done', 520, 142, 36, 36)}"
        f"{make_edge('Flow_begin', (196, 160), (280, 160))}{make_edge('Flow_end', (400, 160), (520, 160))}"
        f"{make_edge('Flow_work', (340, 200), (340, 260)) if service else ''}"
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>\n"
    )


def publish(actor: Callable[[str], Actor], xml: str | None = None, *, key: str = "lay-y-kien") -> ProcessDefinition:
    """A deployed version, committed."""
    with db.unit_of_work():
        (definition,) = operations.deploy({f"{key}.bpmn": (xml or make_diagram()).encode()}, actor=actor("phan-tich"))
    return definition


def make_shape(element: str, x: int, y: int, width: int, height: int) -> str:
    return (
        f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
    )


def make_edge(element: str, *points: tuple[int, int]) -> str:
    told = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge id="{element}_di" bpmnElement="{element}">{told}</bpmndi:BPMNEdge>'
