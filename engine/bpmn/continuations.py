"""Which jobs a node asks for, and how often a failing one is tried, read from a diagram."""

from typing import Any

from engine import retries
from engine.bpmn.attributes import Compiler
from engine.bpmn.xml import attribute, extensions, local, title
from engine.expressions import Constant, Value


def read(node: Any, spec: Any, compiler: Compiler) -> None:
    """camunda:asyncBefore (earlier: async), asyncAfter, failedJobRetryTimeCycle. camunda:exclusive says nothing here:
    all jobs of an instance wait for its lock anyway."""
    asked = {name for name in ("async", "asyncBefore", "asyncAfter") if attribute(node, name) == "true"}
    if not asked.isdisjoint({"async", "asyncBefore"}):
        spec.async_before = True
    if "asyncAfter" in asked:
        if local(node) == "eventBasedGateway":
            compiler.problems.error(node, f"Cổng sự kiện “{title(node)}” không có asyncAfter: sự kiện mới là lối ra.")
        elif node.get("triggeredByEvent") != "true":  # nothing follows an event sub-process
            spec.async_after = True
    for cycle in extensions(node, "failedJobRetryTimeCycle"):
        spec.retry = _cycle(node, (cycle.text or "").strip(), compiler)


def _cycle(node: Any, text: str, compiler: Compiler) -> Value | None:
    value = compiler.attribute(node, text)
    if isinstance(value, Constant):
        try:
            retries.policy(value.value)
        except retries.NotAPolicy as wrong:
            compiler.problems.warning(node, f"“{title(node)}”: {wrong}; dùng cách thử lại chung.")
            return None
    return value
