"""camunda:executionListener and camunda:taskListener, read. Taken are FEEL scripts, operations registered in Python,
and expressions; the rest is refused."""

from collections.abc import Iterator
from typing import Any

from engine.bpmn.attributes import Compiler
from engine.bpmn.hearing import Listener
from engine.bpmn.sources import SET, service_of
from engine.bpmn.xml import Problems, extensions, local, title
from engine.expressions import Value

#: when it is heard: (element, its event) -> attributes of the node
HEARD = {
    ("executionListener", "start"): ("on_enter",),
    ("executionListener", "end"): ("on_complete", "on_cancel"),
    ("taskListener", "create"): ("on_enter",),
    ("taskListener", "complete"): ("on_complete",),
    ("taskListener", "delete"): ("on_cancel",),
}


def read(node: Any, spec: Any, compiler: Compiler) -> None:
    """Puts what is drawn at `node` on its spec."""
    for element in _drawn(node):
        places = HEARD.get((local(element), element.get("event") or "start"))
        if places is None:
            told = f"Bộ nghe (listener) “{element.get('event')}” của “{title(node)}” chưa chạy được."
            compiler.problems.error(node, told)
            continue
        listener = _listener(node, element, compiler)
        for place in places if listener else ():
            setattr(spec, place, (*getattr(spec, place), listener))


def _drawn(node: Any) -> Iterator[Any]:
    """In the order in which they are heard: the task's lies inside the element's."""
    around = extensions(node, "executionListener")
    yield from (element for element in around if element.get("event") != "end")
    yield from extensions(node, "taskListener")
    yield from (element for element in around if element.get("event") == "end")


def _listener(node: Any, element: Any, compiler: Compiler) -> Listener | None:
    script = next((child for child in element if local(child) == "script"), None)
    named, expression = element.get("delegateExpression"), element.get("expression")
    if script is not None and (script.get("scriptFormat") or "").lower() == "feel" and not script.get("resource"):
        return Listener(compiler.script(node, script.text or ""))
    if named and compiler.catalog.has_service(service_of(named)):
        return Listener((), service_of(named))
    if expression:
        return Listener(_assigned(node, expression, compiler))
    told = "phải là kịch bản FEEL hoặc việc mà hệ thống có (delegateExpression), không phải lớp Java hay ngôn ngữ khác."
    compiler.problems.error(node, f"Bộ nghe (listener) của “{title(node)}” {told}")
    return None


def _assigned(node: Any, text: str, compiler: Compiler) -> list[tuple[str, Value]]:
    """`${execution.setVariable("x", …)}` sets x. Any other expression has no effect, but must be one."""
    if match := SET.fullmatch(text.strip()):
        return [(match[2], compiler.juel(node, match[3]))]
    compiler.attribute(node, text)
    return []


def refuse_elsewhere(root: Any, problems: Problems) -> None:
    """At processes and flows listeners are not heard."""
    for node in root.iter():
        if local(node) in ("process", "sequenceFlow") and next(_drawn(node), None) is not None:
            problems.error(node, f"Bộ nghe (listener) ở “{title(node)}” chưa chạy được: chỉ đặt ở bước, cổng, sự kiện.")
