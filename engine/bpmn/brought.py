"""Which variables the files beside a diagram bring: fields of forms, answers of decisions; read for names alone."""

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.bpmn import xml

MAX_FIELDS = 1_000  #: of one form
MAX_DEPTH = 10  #: groups in groups
FORM, DECISIONS = ".form", ".dmn"

TEXT, NUMBER, BOOLEAN, DATE = "string", "number", "boolean", "date"
CONTEXT, MOMENT = "context", "date and time"

#: component of form-js -> FEEL's type of what it asks; those with options are told by their options
_COMPONENTS = {
    "textfield": TEXT,
    "textarea": TEXT,
    "number": NUMBER,
    "datetime": DATE,
    "checkbox": BOOLEAN,
    "select": "",
    "radio": "",
    "checklist": "list",
    "taglist": "list",
    "expression": "",
}
#: typeRef of DMN -> FEEL's type; others are the file's own
_TYPES = {
    "string": TEXT,
    "number": NUMBER,
    "integer": NUMBER,
    "long": NUMBER,
    "double": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": "time",
    "dateTime": MOMENT,
    "date and time": MOMENT,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    """A field of a form or a column of a decision. `choices`: values as FEEL text, with their labels."""

    name: str
    type: str = ""
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Files:
    """Key of a form -> its fields; key of a decision -> its columns."""

    forms: Mapping[str, Sequence[Named]] = dataclasses.field(default_factory=dict)
    decisions: Mapping[str, Sequence[Named]] = dataclasses.field(default_factory=dict)


NOTHING = Files()


def read(files: Mapping[str, bytes]) -> Files:
    """`files`: name -> bytes. What cannot be read brings nothing: its own reader says what is wrong with it."""
    forms: dict[str, Sequence[Named]] = {}
    decisions: dict[str, Sequence[Named]] = {}
    for name, data in files.items():
        if name.endswith(FORM):
            key, fields = _form(data)
            forms.update(dict.fromkeys({name.removesuffix(FORM), key or name.removesuffix(FORM)}, fields))
        elif name.endswith(DECISIONS):
            decisions.update(_decisions(data))
    return Files(forms=forms, decisions=decisions)


# --------------------------------------------------------------------------------------------------------------- forms
def _form(data: bytes) -> tuple[str, Sequence[Named]]:
    try:
        form = json.loads(data)
    except (ValueError, RecursionError):
        return "", ()
    if not isinstance(form, dict):
        return "", ()
    fields = {field.name: field for field in _fields(form.get("components"), "", 0)}
    return str(form.get("id") or ""), tuple(fields.values())[:MAX_FIELDS]


def _fields(components: Any, path: str, depth: int) -> Iterator[Named]:
    for component in components if isinstance(components, list) and depth <= MAX_DEPTH else ():
        if not isinstance(component, dict):
            continue
        inner = ".".join(part for part in (path, str(component.get("path") or "")) if part)
        yield from _fields(component.get("components"), inner, depth + 1)
        key, kind = component.get("key"), str(component.get("type"))
        if isinstance(key, str) and key and kind in _COMPONENTS:
            yield _field(component, f"{path}.{key}" if path else key, kind)


def _field(component: Mapping[str, Any], name: str, kind: str) -> Named:
    choices = _choices(component.get("values"))
    told = _COMPONENTS[kind]
    if kind in ("select", "radio"):
        kinds = {_kind_of(value) for value, _ in choices}
        told = kinds.pop() if len(kinds) == 1 else ("" if choices else TEXT)
    elif kind == "datetime" and component.get("subtype", "date") != "date":
        told = "time" if component["subtype"] == "time" else MOMENT
    label = component.get("label") or component.get("dateLabel") or ""
    return Named(name=name, type=told, label=str(label), choices=choices)


def _choices(values: Any) -> tuple[tuple[str, str], ...]:
    options = [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
    told = ((one.get("value"), str(one.get("label") or one.get("value"))) for one in options)
    return tuple((json.dumps(value, ensure_ascii=False), label) for value, label in told if value is not None)


def _kind_of(value: str) -> str:
    """Of a choice as JSON."""
    return TEXT if value.startswith('"') else BOOLEAN if value in ("true", "false") else NUMBER


# ----------------------------------------------------------------------------------------------------------- decisions
def _decisions(data: bytes) -> Iterator[tuple[str, Sequence[Named]]]:
    try:
        root = xml.parse_any(data)
    except xml.Unreadable:
        return
    for decision in root.iter("{*}decision"):
        if decision.get("id"):
            yield decision.get("id"), tuple(_columns(decision))


def _columns(decision: Any) -> Iterator[Named]:
    """Of a table; of anything else the variable of its answer."""
    outputs = [
        output for table in decision.iterchildren("{*}decisionTable") for output in table.iterchildren("{*}output")
    ]
    for output in outputs:
        name = output.get("name") or output.get("label") or _answer(decision)
        yield Named(name=name, type=_TYPES.get(output.get("typeRef") or "", ""), label=output.get("label") or "")
    if not outputs:
        variable = decision.find("{*}variable")
        told = "" if variable is None else variable.get("typeRef") or ""
        yield Named(name=_answer(decision), type=_TYPES.get(told, ""), label=decision.get("name") or "")


def _answer(decision: Any) -> str:
    variable = decision.find("{*}variable")
    return str((variable is not None and variable.get("name")) or decision.get("name") or decision.get("id"))
