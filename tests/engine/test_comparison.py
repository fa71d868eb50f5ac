"""Whatever a reader might lose is seen, for the file itself is asked."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from engine.bpmn import comparison, reading
from engine.bpmn.catalog import Catalog
from engine.bpmn.node import Process
from tests.engine.diagrams import diagram, flow, flows, user

DRAWN = diagram(
    '<startEvent id="s"/>'
    + user("a", inner='<multiInstanceLoopCharacteristics camunda:collection="x"/>')
    + '<exclusiveGateway id="g" default="d"/>'
    '<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeDuration>PT1H'
    "</timeDuration></timerEventDefinition></boundaryEvent>"
    '<subProcess id="sub"><startEvent id="is"/><task id="i"/><endEvent/><sequenceFlow sourceRef="is" targetRef="i"/>'
    "</subProcess>"
    '<subProcess id="handler" triggeredByEvent="true"><startEvent id="hs"><signalEventDefinition signalRef="sig"/>'
    '</startEvent></subProcess><endEvent id="e"/>'
    + flows("s", "a", "g", "sub", "e")
    + flow("g", "e", "x = 1")
    + flow("g", "e", flow_id="d")
    + flow("b", "e"),
    outside='<signal id="sig" name="Nghỉ"/>',
)


@pytest.fixture
def spec() -> Process:
    catalog = Catalog(functions=frozenset(), has_service=lambda name: False, forms=())
    processes, problems = reading.read({"p.bpmn": DRAWN}, catalog)
    assert [problem for problem in problems if problem.level == "error"] == []
    return processes["p"].spec


def told(spec: Process) -> list[str]:
    (process,) = etree.fromstring(DRAWN).iter(f"{comparison.BPMN}process")
    return [f"{node.get('id')}: {sentence}" for node, sentence in comparison.lost(process, spec)]


def test_a_diagram_read_as_drawn_has_lost_nothing(spec: Process) -> None:
    assert told(spec) == []


def _without_flow(spec: Process) -> None:
    spec.task_specs["g"].flows.pop()


def _without_condition(spec: Process) -> None:
    node = spec.task_specs["g"]
    node.flows = [flow._replace(condition=None) for flow in node.flows]


LOSSES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a node": (lambda spec: spec.task_specs.pop("e"), "e: “e” bị mất"),
    "an inner node": (lambda spec: spec.subprocess_specs["sub"].task_specs.pop("i"), "i: “i” bị mất"),
    "a node without an id": (
        lambda spec: [
            spec.subprocess_specs["sub"].task_specs.pop(name)
            for name in list(spec.subprocess_specs["sub"].task_specs)
            if name.startswith("endEvent")
        ],
        "endEvent không có mã bị mất",
    ),
    "a sub-process": (lambda spec: spec.subprocess_specs.pop("sub"), "Nội dung của “sub” bị mất"),
    "a flow": (_without_flow, "d: Luồng “d” bị mất"),
    "a condition": (_without_condition, "g-e: Luồng “g-e” bị mất"),
    "a default": (lambda spec: setattr(spec.task_specs["g"], "default_flow", None), "bị mất luồng mặc định"),
    "an attachment": (lambda spec: spec.task_specs["a"].boundary.clear(), "b: “b” bị mất chỗ gắn"),
    "an event": (lambda spec: setattr(spec.task_specs["b"], "event", None), "b: “b” bị mất sự kiện"),
    "what interrupts": (lambda spec: setattr(spec.task_specs["b"], "cancel_activity", True), "bị mất tính ngắt"),
    "a loop": (lambda spec: setattr(spec.task_specs["a"], "sequential", True), "a: “a” bị mất vòng lặp"),
    "a listener": (lambda spec: spec.event_subprocesses.clear(), "handler: “handler” bị mất khởi đầu"),
}


@pytest.mark.parametrize(("lose", "sentence"), LOSSES.values(), ids=LOSSES.keys())
def test_what_is_lost_is_told(lose: Callable[[Any], Any], sentence: str, spec: Process) -> None:
    lose(spec)

    assert any(sentence in line for line in told(spec)), told(spec)
