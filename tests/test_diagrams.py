"""The diagrams we ship: complete, legible, and naming only what exists."""

import itertools
import re
from pathlib import Path

import pytest
from lxml import etree

from demo.accounts import ACCOUNTS
from directory.actors import groups_of
from engine import operations, registry
from forms import schema
from webapp.wiring import wire

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "moc": "http://moc.vn/schema/1.0",
}
CAMUNDA, BPMN = f"{{{NAMES['camunda']}}}", f"{{{NAMES['bpmn']}}}"
PATHS = sorted(Path("processes").glob("*.bpmn"))
DRAWN = [*PATHS, *sorted(Path("demo/rules").glob("*.bpmn"))]  #: the demo agency's own versions, too
FORMS = {path.stem: path for path in Path("forms/definitions").glob("*.form")}
TOPICS = {"documents.seal"}
LISTS = {"units", "unit_people", "leaders", "kinds", "case_files", "books"}
ID = re.compile(r"[A-Za-z]+(?:[_-][a-z]+)*(?:_di)?")
LINK = ("incoming", "outgoing", "flowNodeRef")


@pytest.fixture(scope="module", params=DRAWN, ids=str)
def diagram(request):
    return etree.parse(request.param).getroot()


def find(root, path):
    return root.xpath(path, namespaces=NAMES)


def nodes(root):
    """Flow nodes: whatever stands in the process and has an incoming or outgoing flow."""
    return find(root, "//bpmn:process/*[bpmn:incoming or bpmn:outgoing]")


def bounds(root, element_id):
    """x, y, right, bottom of a shape."""
    (shape,) = find(root, f"//bpmndi:BPMNShape[@bpmnElement='{element_id}']/dc:Bounds")
    x, y, width, height = (float(shape.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def test_both_processes_are_shipped():
    assert [path.stem for path in PATHS] == ["van-ban-den", "van-ban-di"]


def test_the_key_of_a_process_is_the_name_of_its_file_and_it_is_executable(diagram):
    (process,) = find(diagram, "//bpmn:process")

    assert process.get("id") + ".bpmn" in {path.name for path in PATHS}
    assert process.get("isExecutable") == "true"


def test_ids_are_words(diagram):
    for element_id in find(diagram, "//@id"):
        assert ID.fullmatch(element_id), element_id


def test_every_node_has_a_vietnamese_name_but_gateways_that_join_or_fork(diagram):
    for node in nodes(diagram):
        joins = node.tag.endswith("Gateway") and len(node.findall(f"{BPMN}outgoing")) == 1
        parallel = node.tag == f"{BPMN}parallelGateway"
        assert joins or parallel or node.get("name"), node.get("id")


def test_every_gateway_that_decides_has_a_default_and_conditions_on_the_rest(diagram):
    for gateway in find(diagram, "//bpmn:exclusiveGateway[count(bpmn:outgoing) > 1]"):
        flows = {flow.text for flow in gateway.findall(f"{BPMN}outgoing")}
        conditional = set(find(diagram, "//bpmn:sequenceFlow[bpmn:conditionExpression]/@id"))

        assert gateway.get("default") in flows, gateway.get("id")
        assert flows - {gateway.get("default")} == flows & conditional, gateway.get("id")


def test_every_service_task_is_registered_or_a_known_topic(diagram):
    wire()
    for task in find(diagram, "//bpmn:serviceTask"):
        topic = task.get(f"{CAMUNDA}topic")
        assert topic in TOPICS if topic else registry.has_service(task.get(f"{CAMUNDA}delegateExpression"))


def test_every_user_task_has_a_form_that_exists_and_people_to_do_it(diagram):
    for task in find(diagram, "//bpmn:userTask"):
        assert task.get(f"{CAMUNDA}formKey") in FORMS, task.get("id")
        assert task.get(f"{CAMUNDA}assignee") or task.get(f"{CAMUNDA}candidateGroups"), task.get("id")


def test_every_shipped_form_is_used_and_asks_only_for_known_lists():
    used = {key for path in PATHS for key in find(etree.parse(path).getroot(), "//@camunda:formKey")}

    assert used == set(FORMS)
    for path in FORMS.values():
        assert schema.load(path.read_bytes()).choices_keys <= LISTS


def test_every_outcome_a_gateway_waits_for_is_offered_by_a_form(diagram):
    told = " ".join(find(diagram, "//bpmn:conditionExpression/text()"))
    offered = {
        choice.value
        for key in find(diagram, "//@camunda:formKey")
        for field in schema.load(FORMS[key].read_bytes()).fields
        if field.key == "outcome"
        for choice in field.options
    }

    assert set(re.findall(r'outcome = "(\w+)"', told)) <= offered


def test_every_group_that_is_named_has_somebody_in_it(diagram):
    known = set().union(*(groups_of(frozenset(a.roles), a.unit, a.position) for a in ACCOUNTS))
    named = find(diagram, "//@camunda:candidateGroups | //moc:deadline/@escalateTo")
    literal = [text for text in named if not text.startswith("=")]

    assert literal
    assert set(literal) <= known


def test_every_flow_node_stands_in_one_lane(diagram):
    in_lanes = find(diagram, "//bpmn:lane/bpmn:flowNodeRef/text()")

    assert sorted(in_lanes) == sorted(node.get("id") for node in nodes(diagram))


def test_every_user_task_names_the_article_it_follows_and_has_a_deadline(diagram):
    for task in find(diagram, "//bpmn:userTask"):
        assert "Điều" in (task.findtext(f"{BPMN}documentation") or ""), task.get("id")
        assert find(task, ".//moc:deadline/@within | .//moc:deadline/@decisionRef"), task.get("id")


def test_the_drafter_neither_approves_the_content_nor_checks_the_layout():
    outgoing = etree.parse("processes/van-ban-di.bpmn").getroot()

    for task in ("Task_approve_content", "Task_check_layout"):
        assert find(outgoing, f"//bpmn:userTask[@id='{task}']//moc:differentFrom/@task") == ["Task_draft"]


def test_the_engine_finds_nothing_wrong():
    wire()
    resources = {path.name: path.read_bytes() for path in [*PATHS, *FORMS.values()]}

    assert [problem.sentence for problem in operations.check_process(resources)] == []


# ----------------------------------------------------------------------------------------------------------- the layout
def test_every_node_lane_and_flow_is_drawn(diagram):
    drawn = set(find(diagram, "//bpmndi:BPMNShape/@bpmnElement | //bpmndi:BPMNEdge/@bpmnElement"))
    wanted = {e.get("id") for e in (*nodes(diagram), *find(diagram, "//bpmn:lane | //bpmn:participant"))}

    assert drawn == wanted | set(find(diagram, "//bpmn:sequenceFlow/@id"))


def test_nodes_do_not_overlap_and_stand_inside_their_lane(diagram):
    boxes = {node.get("id"): bounds(diagram, node.get("id")) for node in nodes(diagram)}
    attached = {node.get("id"): node.get("attachedToRef") for node in nodes(diagram) if node.get("attachedToRef")}

    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        if attached.get(other) == one:
            assert _on_border(((b[0] + b[2]) / 2, (b[1] + b[3]) / 2), a), other
            continue
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)
    for lane in find(diagram, "//bpmn:lane"):
        x, y, right, bottom = bounds(diagram, lane.get("id"))
        for reference in lane.findall(f"{BPMN}flowNodeRef"):
            box = boxes[reference.text]
            assert x < box[0] and y < box[1] and box[2] < right and box[3] < bottom, reference.text  # noqa: PT018


def test_lanes_fill_the_pool_from_top_to_bottom(diagram):
    (pool,) = find(diagram, "//bpmn:participant/@id")
    lanes = [bounds(diagram, lane) for lane in find(diagram, "//bpmn:lane/@id")]
    _, top, right, bottom = bounds(diagram, pool)

    assert [lane[1] for lane in lanes] == [top, *(lane[3] for lane in lanes[:-1])]
    assert lanes[-1][3] == bottom
    assert {lane[2] for lane in lanes} == {right}


def test_flows_are_drawn_at_right_angles_from_border_to_border(diagram):
    for edge in find(diagram, "//bpmndi:BPMNEdge"):
        (flow,) = find(diagram, f"//bpmn:sequenceFlow[@id='{edge.get('bpmnElement')}']")
        points = [(float(p.get("x")), float(p.get("y"))) for p in find(edge, "di:waypoint")]

        for (x, y), (next_x, next_y) in itertools.pairwise(points):
            assert x == next_x or y == next_y, flow.get("id")
        for point, end in ((points[0], "sourceRef"), (points[-1], "targetRef")):
            assert _on_border(point, bounds(diagram, flow.get(end))), flow.get("id")


def test_flows_do_not_run_through_nodes(diagram):
    boxes = {node.get("id"): bounds(diagram, node.get("id")) for node in nodes(diagram)}
    for edge in find(diagram, "//bpmndi:BPMNEdge"):
        points = [(float(p.get("x")), float(p.get("y"))) for p in find(edge, "di:waypoint")]
        for (x, y), (next_x, next_y) in itertools.pairwise(points):
            for name, (left, top, right, bottom) in boxes.items():
                inside = max(x, next_x) > left and min(x, next_x) < right and max(y, next_y) > top
                assert not (inside and min(y, next_y) < bottom), (edge.get("bpmnElement"), name)


def _on_border(point, box):
    x, y = point
    left, top, right, bottom = box
    return (x in (left, right) and top <= y <= bottom) or (y in (top, bottom) and left <= x <= right)
