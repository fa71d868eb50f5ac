"""Listeners: what happens beside an element when a token enters it, is done with it or is taken from it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.expressions import Value
from engine.registry import BpmnError
from engine.values import adopted_all


class Listener(NamedTuple):
    """Sets variables, or calls a registered operation, whose result is set."""

    assignments: Sequence[tuple[str, Value]]
    service: str = ""


def run(listeners: Sequence[Listener], token: Any) -> None:
    """Raises CannotProceed, and what a registered operation refuses."""
    for listener in listeners:
        variables = Variables(token)
        for name, value in listener.assignments:
            variables[name] = token.task_spec.evaluate(token, value)
        if listener.service:
            variables.take(_called(token, listener.service))


def _called(token: Any, service: str) -> dict[str, Any]:
    try:
        return adopted_all(token.workflow.top_workflow.host.call_service(token, service) or {})
    except BpmnError as error:
        raise CannotProceed(element=token.task_spec.label, reason=f"lỗi {error.code}: {error}.") from error
