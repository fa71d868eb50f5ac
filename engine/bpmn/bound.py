"""What a process binds by deployment: the forms, decisions and called processes that are part of what it is."""

from collections.abc import Iterator
from typing import Any

from engine.bpmn.activities import ServiceTask, UserTask
from engine.bpmn.node import Process
from engine.bpmn.references import DEPLOYMENT, Reference
from engine.bpmn.subprocesses import CallActivity


def forms(spec: Process) -> frozenset[str] | None:
    """Keys; None when an expression chooses one."""
    return _keys(
        Reference(node.offer.form_key, node.offer.form_binding)
        for node in _nodes(spec)
        if isinstance(node, UserTask) and node.offer.form_key is not None
    )


def decisions(spec: Process) -> frozenset[str] | None:
    return _keys(reference for _, reference in _asking(spec))


def asked_decisions(spec: Process) -> list[tuple[str, str, str]]:
    """Of every step that names a decision, however bound: its element, its label, the decision's key."""
    told = [(node.bpmn_id, node.label, reference.fixed_key) for node, reference in _asking(spec)]
    return [(element_id, label, key) for element_id, label, key in told if key]


def processes(spec: Process) -> frozenset[str] | None:
    return _keys(node.called for node in _nodes(spec) if isinstance(node, CallActivity))


def _asking(spec: Process) -> Iterator[tuple[Any, Reference]]:
    """Business rule tasks, and tasks of people whose time a table says."""
    for node in _nodes(spec):
        if isinstance(node, ServiceTask) and node.decision is not None:
            yield node, node.decision
        elif isinstance(node, UserTask) and node.limit is not None:
            yield node, node.limit


def _keys(references: Iterator[Reference]) -> frozenset[str] | None:
    keys = [reference.fixed_key for reference in references if reference.binding == DEPLOYMENT]
    return None if None in keys else frozenset(key for key in keys if key is not None)


def _nodes(spec: Process) -> Iterator[Any]:
    yield from spec.task_specs.values()
    for inner in spec.subprocess_specs.values():
        yield from _nodes(inner)
