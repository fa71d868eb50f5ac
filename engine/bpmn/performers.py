"""Who does a user task, as BPMN itself says it: humanPerformer and potentialOwner (BPMN 2.0.2, 10.3.3)."""

import re
from typing import Any

from engine.bpmn.xml import BPMN, attribute
from engine.expressions import Constant, Value

_NAMED = re.compile(r"(user|group)\(([^()]*)\)")


def read(node: Any, kind: str, compiler: Any) -> Value | None:
    """`kind`: assignee, candidateUsers or candidateGroups; `compiler`: engine.bpmn.attributes.Compiler. The camunda
    attribute says it, or adds to what stands here."""
    own: Value | None = compiler.optional(node, kind)
    if kind == "assignee":
        named = _texts(node, "humanPerformer")
        return own or _compiled(node, named[0], compiler) if named else own
    texts = [text for text in _texts(node, "potentialOwner") for text in _owners(text, kind)]
    if not texts or (own is not None and not isinstance(own, Constant)):
        return own
    if len(texts) == 1 and own is None:
        return _compiled(node, texts[0], compiler)
    return Constant(", ".join([*([str(own.value)] if isinstance(own, Constant) else []), *texts]))


def _compiled(node: Any, text: str, compiler: Any) -> Value:
    value: Value = compiler.attribute(node, text)
    return value


def _texts(node: Any, tag: str) -> list[str]:
    path = f"{BPMN}{tag}/{BPMN}resourceAssignmentExpression/{BPMN}formalExpression"
    return [text for found in node.iterfind(path) if (text := (found.text or "").strip())]


def _owners(text: str, kind: str) -> list[str]:
    """`user(a), group(b), c`: what stands alone is a group. An expression is one as it stands."""
    if text.startswith(("=", "$", "#")):
        return [text] if kind == "candidateGroups" else []
    wanted = "user" if kind == "candidateUsers" else "group"
    found = []
    for part in (part.strip() for part in text.split(",")):
        match = _NAMED.fullmatch(part)
        if (match[1] if match else "group") == wanted:
            found.append(match[2].strip() if match else part)
    return found


def is_named(node: Any) -> bool:
    """Whether anybody is named at the task itself."""
    here = any(attribute(node, name) is not None for name in ("assignee", "candidateUsers"))
    return here or bool(_texts(node, "humanPerformer") or _texts(node, "potentialOwner"))
