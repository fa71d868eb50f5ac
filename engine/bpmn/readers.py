"""Readers of single nodes and scopes, on top of SpiffWorkflow's parser. Problems are gathered, not raised."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from engine.bpmn import (
    activities,
    answers,
    attributes,
    continuations,
    event_reading,
    events,
    gateways,
    listeners,
    parameters,
    references,
    sources,
    subprocesses,
    xml,
)
from engine.bpmn.attributes import Compiler
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.node import Flow, Process
from engine.bpmn.scopes import AFTER, BEFORE
from engine.bpmn.xml import BPMN, attribute, local, title
from engine.snapshots import CHILD

LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


class NodeReader(TaskParser):
    """Makes the spec of one flow node. SpiffWorkflow's follows the flows by recursion and sorts them by the drawing;
    this one does neither."""

    @property
    def compiler(self) -> Compiler:
        compiler: Compiler = self.process_parser.parser.compiler
        return compiler

    @property
    def bpmn_attributes(self) -> dict[str, Any]:
        return {"bpmn_name": self.node.get("name")}

    def parse_node(self) -> Any:
        spec = self.create_task()
        spec.element_type = local(self.node)
        spec.local_in = parameters.read_parameters(self.node, "inputParameter", self.compiler)
        spec.local_out = parameters.read_parameters(self.node, "outputParameter", self.compiler.at(AFTER))
        loop = next((child for child in self.node if local(child) in LOOPS), None)
        body = spec if loop is None else self._wrap(spec, loop)
        self._read_continuations(spec, body, loop)
        listeners.read(self.node, spec, self.compiler)
        body.element_type = spec.element_type
        body.default_flow = self.node.get("default")
        body.flows = [self._flow(flow) for flow in self.process_parser.get_outgoing_sequence_flows(self.bpmn_id)]
        return body

    def create_task(self) -> Any:
        return self.spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)

    def _read_continuations(self, spec: Any, body: Any, loop: Any) -> None:
        """What stands at an activity is about its whole round; what stands at the loop, about each element."""
        place = spec.event_start if spec.is_event_subprocess else body
        continuations.read(self.node, place, self.compiler)
        if loop is not None:
            spec.retry = body.retry
            continuations.read(loop, spec, self.compiler)

    def _flow(self, flow: Any) -> Flow:
        condition = self.compiler.condition_of_child(flow, "conditionExpression")
        return Flow(flow.get("id"), condition, flow.get("targetRef"), flow.get("name") or "")

    def _wrap(self, spec: Any, loop: Any) -> MultiInstance:
        """The body takes the node's place; the node becomes its element."""
        del self.spec.task_specs[spec.name]
        spec.name, spec.instance_of = f"{spec.name}{CHILD}", spec.name
        self.spec.task_specs[spec.name] = spec
        body = MultiInstance(self.spec, spec.instance_of, **self.bpmn_attributes)
        body.instance = spec.name
        if local(loop) == "standardLoopCharacteristics":
            self._read_loop(body, loop)
        else:
            self._read_multi_instance(body, loop)
        return body

    def _read_loop(self, body: MultiInstance, loop: Any) -> None:
        body.sequential = True
        body.loop_condition = self.compiler.at(AFTER).condition_of_child(loop, "loopCondition")
        body.test_before = loop.get("testBefore") == "true"
        maximum = loop.get("loopMaximum")
        body.maximum = int(maximum) if maximum is not None and maximum.isdigit() else None
        if body.loop_condition is None and body.maximum is None:
            self.compiler.problems.error(self.node, f"“{title(self.node)}” lặp mà không có điều kiện hay số lần.")

    def _read_multi_instance(self, body: MultiInstance, loop: Any) -> None:
        compiler = self.compiler
        named = {local(child): child.get("name") or child.get("id") for child in loop if isinstance(child.tag, str)}
        collection = attribute(loop, "collection") or (loop.findtext(f"{BPMN}loopDataInputRef") or "").strip()
        body.sequential = loop.get("isSequential") == "true"
        body.cardinality = compiler.at(BEFORE).condition_of_child(loop, "loopCardinality")
        body.condition = compiler.at(AFTER).condition_of_child(loop, "completionCondition")
        body.collection = compiler.at(BEFORE).condition(loop, collection) if collection else None
        body.element = attribute(loop, "elementVariable") or named.get("inputDataItem")
        body.output = (loop.findtext(f"{BPMN}loopDataOutputRef") or "").strip() or None
        body.output_item = named.get("outputDataItem")
        if body.cardinality is None and body.collection is None:
            compiler.problems.error(
                self.node, f"“{title(self.node)}” lặp nhiều người mà không có danh sách hay số lần."
            )


class UserTaskReader(NodeReader):
    def create_task(self) -> Any:
        spec = super().create_task()
        spec.offer = attributes.read_offer(self.node, self.process_parser.parser.lane_of(self.node), self.compiler)
        spec.limit = attributes.read_limit(self.node, self.compiler)
        return spec


class ScriptReader(NodeReader):
    def create_task(self) -> Any:
        text = self.node.findtext(f"{BPMN}script") or ""
        form = self.node.get("scriptFormat")
        spec = self.spec_class(self.spec, self.bpmn_id, script="", **self.bpmn_attributes)
        result = attribute(self.node, "resultVariable")
        if result is None and (form or "feel").lower() == "feel" and attribute(self.node, "resource") is None:
            spec.assignments = self.compiler.script(self.node, text)
        else:
            value = parameters.read_script(self.node, text, form, self.node, self.compiler)
            spec.assignments = [(result, value)] if result else []  # without a result nobody would ever know
        return spec


class ServiceReader(NodeReader):
    def create_task(self) -> Any:
        spec = super().create_task()
        spec.result_variable = attribute(self.node, "resultVariable") or ""
        kind, topic = attribute(self.node, "type"), attribute(self.node, "topic")
        named, expression = attribute(self.node, "delegateExpression"), attribute(self.node, "expression")
        decision = attribute(self.node, "decisionRef")
        if kind == "external" or (kind is None and topic is not None):
            self._read_topic(spec, topic)
        elif kind is not None or attribute(self.node, "class") is not None:
            told = kind or "lớp Java"
            self.compiler.problems.error(self.node, f"Bước máy “{title(self.node)}” không chạy được việc loại {told}.")
        elif named is not None:
            self._read_service(spec, named)
        elif expression is not None:
            spec.expression = self.compiler.attribute(self.node, expression)
        elif decision is not None:
            self._read_decision(spec, decision)
        else:
            self._read_message(spec)
        return spec

    def _read_topic(self, spec: Any, topic: str | None) -> None:
        if not topic:
            self.compiler.problems.error(self.node, f"Bước máy “{title(self.node)}” không có chủ đề (topic).")
        spec.topic = self.compiler.attribute(self.node, topic or "")

    def _read_service(self, spec: Any, named: str) -> None:
        spec.service = sources.service_of(named)
        if not self.compiler.catalog.has_service(spec.service):
            told = f"Bước máy “{title(self.node)}” gọi “{spec.service}” nhưng hệ thống không có việc này."
            self.compiler.problems.error(self.node, told)

    def _read_decision(self, spec: Any, decision: str) -> None:
        spec.decision = references.read(self.node, decision, "decisionRef", self.compiler)
        spec.mapping = attribute(self.node, "mapDecisionResult") or answers.RESULT_LIST
        if spec.mapping not in answers.MAPPINGS:
            known = ", ".join(answers.MAPPINGS)
            told = f"mapDecisionResult của “{title(self.node)}” phải là {known}, không phải “{spec.mapping}”."
            self.compiler.problems.error(self.node, told)
        told = f"Bước “{title(self.node)}” dùng quyết định “{decision}” không có trong bộ tệp"
        references.check(self.node, "decision", spec.decision, told, self.compiler)

    def _read_message(self, spec: Any) -> None:
        """A send task without an implementation sends its message; without one it only passes. A service task must do
        something."""
        problems, name = self.compiler.problems, title(self.node)
        message = event_reading.read_named(self.node, events.MESSAGE, self.node, self.compiler)
        if local(self.node) == "sendTask" and (message.name or message.named):
            spec.message = message
        elif local(self.node) == "sendTask":
            problems.warning(self.node, f"Bước gửi “{name}” chưa gắn với việc nào nên chỉ đi qua.")
        else:
            problems.error(self.node, f"Bước máy “{name}” chưa nói làm việc gì (delegateExpression hoặc topic).")


class CallReader(NodeReader):
    def create_task(self) -> Any:
        called = self.node.get("calledElement") or attribute(self.node, "calledElement")
        spec = self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=called, **self.bpmn_attributes)
        if not called:
            self.compiler.problems.error(self.node, f"Bước gọi “{title(self.node)}” không nói gọi quy trình nào.")
            return spec
        key = called.rpartition(":")[2] if called[:1] not in "=$#" else called
        spec.called = references.read(self.node, key, "calledElement", self.compiler)
        told = f"Bước gọi “{title(self.node)}” gọi quy trình “{key}” không có trong bộ tệp"
        references.check(self.node, "process", spec.called, told, self.compiler)
        self._refuse_mapping()
        spec.called_key = parameters.read_business_key(self.node, self.compiler)
        spec.passed_in = parameters.read_passings(self.node, "in", self.compiler)
        spec.passed_out = parameters.read_passings(self.node, "out", self.compiler.at(attributes.ELSEWHERE))
        return spec

    def _refuse_mapping(self) -> None:
        for name in ("variableMappingClass", "variableMappingDelegateExpression", "varMapping"):
            if attribute(self.node, name) is not None:
                told = f"truyền dữ liệu bằng lớp Java ({name}): dùng camunda:in, camunda:out."
                self.compiler.problems.error(self.node, f"Bước gọi “{title(self.node)}” {told}")


class SubProcessReader(NodeReader):
    def create_task(self) -> Any:
        parser = self.process_parser.parser
        parser.create_parser(self.node, filename=self.filename)
        inner = parser.process_parsers[self.bpmn_id].get_spec()
        self.spec.subprocess_specs[self.bpmn_id] = inner
        kind = self.spec_class
        if self.node.get("triggeredByEvent") == "true":
            kind = subprocesses.EventSubProcess
        spec = kind(self.spec, self.bpmn_id, subworkflow_spec=self.bpmn_id, **self.bpmn_attributes)
        if spec.is_event_subprocess:
            self._take_event(spec, inner)
        return spec

    def _take_event(self, spec: Any, inner: Process) -> None:
        """What starts it is listened for outside; inside it begins without a condition."""
        (start,) = inner.bpmn_start_events
        spec.event, start.event, spec.event_start = start.event, None, start
        spec.cancel_activity = start.interrupting
        self.spec.event_subprocesses.append(spec)


class EventReader(NodeReader):
    def create_task(self) -> Any:
        event = event_reading.read_event(self.node, self.compiler)
        more = {}
        if local(self.node) == "boundaryEvent":
            more["cancel_activity"] = self.node.get("cancelActivity", "true") == "true"
        spec = self.spec_class(self.spec, self.bpmn_id, event=event, **more, **self.bpmn_attributes)
        spec.interrupting = self.node.get("isInterrupting", "true") == "true"
        spec.initiator = attribute(self.node, "initiator") or ""
        return spec


class ReceiveReader(NodeReader):
    def create_task(self) -> Any:
        message = event_reading.read_named(self.node, events.MESSAGE, self.node, self.compiler)
        event = message if message.name or message.named else None
        if event is None:
            told = f"Bước chờ “{title(self.node)}” không nói chờ thông điệp nào."
            self.compiler.problems.warning(self.node, told)
        return self.spec_class(self.spec, self.bpmn_id, event=event, **self.bpmn_attributes)


class ProcessReader(ProcessParser):
    """All flow nodes of the scope, reached by a flow or not; then the flows, boundary events, handlers."""

    def create_spec(self) -> Process:
        return Process(self.bpmn_id, description=self.get_name(), filename=self.filename)

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.add_tasks()

    def add_tasks(self) -> None:
        elements = {node.get("id"): node for node in xml.flow_nodes(self.node)}
        for element in elements.values():
            self.parse_node(element)
        specs = self.spec.task_specs
        for spec in specs.values():
            for flow in spec.flows:
                specs[flow.target].incoming.append(flow.id)
        found = (spec.event for spec in specs.values())
        self.spec.has_conditions = any(event is not None and event.kind == events.CONDITIONAL for event in found)
        self.spec.inclusive_joins = [
            spec.name
            for spec in specs.values()
            if isinstance(spec, gateways.InclusiveGateway) and len(spec.incoming) > 1
        ]
        for name, element in elements.items():
            if local(element) == "boundaryEvent":
                specs[element.get("attachedToRef")].boundary.append(name)
        self._add_handlers(elements)

    def _add_handlers(self, elements: Mapping[str, Any]) -> None:
        for association in self.node.getroottree().iter(f"{BPMN}association"):
            event = elements.get(association.get("sourceRef"))
            if event is not None and event.find(f"{BPMN}compensateEventDefinition") is not None:
                self.spec.task_specs[event.get("attachedToRef")].handler = association.get("targetRef")


def _tags(reader: type, **classes: type) -> dict[str, tuple[type, type]]:
    return {f"{BPMN}{tag}": (reader, spec) for tag, spec in classes.items()}


class Reader(BpmnParser):
    """SpiffWorkflow's parser with our readers. What is only drawn (data stores, correlations) is left alone."""

    PROCESS_PARSER_CLASS = ProcessReader
    OVERRIDE_PARSER_CLASSES = (
        _tags(
            NodeReader,
            task=activities.NoneTask,
            manualTask=activities.ManualTask,
            exclusiveGateway=gateways.ExclusiveGateway,
            parallelGateway=gateways.ParallelGateway,
            inclusiveGateway=gateways.InclusiveGateway,
            eventBasedGateway=gateways.EventBasedGateway,
        )
        | _tags(UserTaskReader, userTask=activities.UserTask)
        | _tags(ScriptReader, scriptTask=activities.ScriptTask)
        | _tags(
            ServiceReader,
            serviceTask=activities.ServiceTask,
            sendTask=activities.SendTask,
            businessRuleTask=activities.BusinessRuleTask,
        )
        | _tags(CallReader, callActivity=subprocesses.CallActivity)
        | _tags(SubProcessReader, subProcess=subprocesses.SubProcess, transaction=subprocesses.SubProcess)
        | _tags(
            EventReader,
            startEvent=events.StartEvent,
            endEvent=events.EndEvent,
            intermediateCatchEvent=events.CatchEvent,
            intermediateThrowEvent=events.ThrowEvent,
            boundaryEvent=events.BoundaryEvent,
        )
        | _tags(ReceiveReader, receiveTask=events.ReceiveTask)
    )

    def __init__(self, compiler: Compiler) -> None:
        super().__init__()
        self.compiler = compiler
        self._lanes: dict[str, Any] | None = None

    def _add_data_stores(self, bpmn: Any) -> None:
        pass

    def _add_correlations(self, bpmn: Any) -> None:
        pass

    def lane_of(self, node: Any) -> Any:
        """The lane that the node, or a sub-process around it, lies in; None without lanes."""
        if self._lanes is None:
            references = node.getroottree().iter(f"{BPMN}flowNodeRef")
            self._lanes = {(ref.text or "").strip(): ref.getparent() for ref in references}
        while node is not None:
            if (lane := self._lanes.get(node.get("id"))) is not None:
                return lane
            node = node.getparent()
        return None
