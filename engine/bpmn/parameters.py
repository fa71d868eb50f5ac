"""What crosses the border of an activity, read: its own variables (camunda:inputOutput), what a called process or a
thrown event is given (camunda:in), what comes back (camunda:out)."""

from typing import Any

from engine.bpmn.attributes import LIKE_JUEL, NOTHING, Compiler
from engine.bpmn.passing import Passing
from engine.bpmn.xml import attribute, extensions, local, title
from engine.expressions import Listed, Mapped, Value, Variable

NO_PARAMETERS = "Tham số (inputOutput) không dùng được ở “{}”."


def read_parameters(node: Any, tag: str, compiler: Compiler) -> list[tuple[str, Value]]:
    """camunda:inputParameter, camunda:outputParameter. Nodes that nothing comes to, or nothing leaves, have none."""
    found = [parameter for mapping in extensions(node, "inputOutput") for parameter in _children(mapping)]
    mine = [parameter for parameter in found if local(parameter) == tag]
    if mine and not _has_border(node, tag):
        compiler.problems.error(node, NO_PARAMETERS.format(title(node)))
        return []
    return [(_name(node, parameter, compiler), _value(node, parameter, compiler)) for parameter in mine]


def _has_border(node: Any, tag: str) -> bool:
    if local(node) in ("startEvent", "boundaryEvent") or node.get("triggeredByEvent") == "true":
        return False
    return not (local(node) == "endEvent" and tag == "outputParameter")


def _name(node: Any, parameter: Any, compiler: Compiler) -> str:
    name = parameter.get("name") or ""
    if not name:
        compiler.problems.error(node, f"“{title(node)}” có tham số không tên.")
    return str(name)


def _value(node: Any, holder: Any, compiler: Compiler) -> Value:
    """A text, or one list, map or script inside."""
    children = _children(holder)
    if not children:
        text = (holder.text or "").strip()
        return compiler.attribute(node, text) if text else NOTHING
    reader = _READERS.get(local(children[0]))
    if reader is None or len(children) > 1:
        name = holder.get("name") or local(holder)
        compiler.problems.error(node, f"Tham số “{name}” của “{title(node)}” phải là văn bản, list, map hay script.")
        return NOTHING
    return reader(node, children[0], compiler)


def _list(node: Any, holder: Any, compiler: Compiler) -> Value:
    return Listed([_READERS.get(local(item), _value)(node, item, compiler) for item in _children(holder)])


def _map(node: Any, holder: Any, compiler: Compiler) -> Value:
    entries = [entry for entry in _children(holder) if local(entry) == "entry"]
    return Mapped([(compiler.attribute(node, e.get("key") or ""), _value(node, e, compiler)) for e in entries])


def _script(node: Any, holder: Any, compiler: Compiler) -> Value:
    return read_script(node, holder.text or "", holder.get("scriptFormat"), holder, compiler)


_READERS = {"list": _list, "map": _map, "script": _script}


def read_script(node: Any, text: str, language: str | None, holder: Any, compiler: Compiler) -> Value:
    """A script that is one expression. `holder`: the element whose attributes may name a file."""
    form = (language or "feel").lower()
    if form not in ("feel", *LIKE_JUEL) or holder.get("resource") or attribute(holder, "resource"):
        told = f"Kịch bản của “{title(node)}” phải viết bằng FEEL ngay trong sơ đồ, không phải {form} hay tệp riêng."
        compiler.problems.error(node, told)
        return NOTHING
    return compiler.condition(node, text) if form == "feel" else compiler.juel(node, text)


# ---------------------------------------------------------------------------------------------------- called processes
def read_passings(node: Any, tag: str, compiler: Compiler) -> list[Passing]:
    """camunda:in, camunda:out of a call activity or of what is thrown, without the business key."""
    found = (_passing(node, item, compiler) for item in extensions(node, tag))
    return [passing for passing in found if passing is not None]


def _passing(node: Any, item: Any, compiler: Compiler) -> Passing | None:
    local_only = item.get("local") == "true"
    if item.get("variables") == "all":
        return Passing(local=local_only)
    source, expression, target = (item.get(name) or "" for name in ("source", "sourceExpression", "target"))
    if item.get("businessKey") is not None and not (source or expression):
        return None
    if not (source or expression) or not target:
        told = "phải có cả nguồn (source hoặc sourceExpression) và đích (target)."
        compiler.problems.error(node, f"camunda:{local(item)} của “{title(node)}” {told}")
        return None
    text = expression or source
    plain = not expression and not text.startswith(("=", "$", "#"))
    return Passing(target, Variable(text) if plain else compiler.attribute(node, text), local=local_only)


def read_business_key(node: Any, compiler: Compiler) -> Value | None:
    keys = [item.get("businessKey") for item in extensions(node, "in") if item.get("businessKey")]
    return compiler.attribute(node, keys[0]) if keys else None


def _children(holder: Any) -> list[Any]:
    return [child for child in holder if isinstance(child.tag, str)]
