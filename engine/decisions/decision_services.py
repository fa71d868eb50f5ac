"""Reading of decision services (DMN 1.5, 6.3.10): what they answer, what has to be given to them."""

from collections.abc import Callable, Iterable
from typing import Any

from engine.bpmn.xml import Problems, title
from engine.decisions import requirements
from engine.decisions.imports import Source, Sources
from engine.decisions.model import ItemType, Parameter, Service

Typed = Callable[[str], ItemType | None]  #: element -> the type of its variable


def read(
    source: Source,
    node: Any,
    *,
    sources: Sources,
    graph: Callable[[str], Iterable[str]],
    typed: Typed,
    problems: Problems,
) -> Service | None:
    """`graph`: element -> the decisions that it requires. None where it answers nothing."""
    outputs = requirements.referred(source, node, "outputDecision", sources, problems)
    requirements.referred(source, node, "encapsulatedDecision", sources, problems)
    inputs = [
        required
        for tag in ("inputData", "inputDecision")
        for required, _ in requirements.referred(source, node, tag, sources, problems)
    ]
    if not outputs:
        problems.error(
            node, f"Dịch vụ quyết định “{title(node)}” không nêu quyết định nào để trả lời (outputDecision)."
        )
        return None
    answered = [required for required, _ in outputs]
    given = [one.element for one in inputs]
    return Service(
        outputs=answered,
        parameters=[(Parameter(name=one.name, item=typed(one.element)), one.element) for one in inputs],
        before=requirements.order([one.element for one in answered], graph, given),
        element_id=node.get("id") or "",
    )
