"""What has to be given so that a decision can be tried: names and paths that it, and all that it requires, read."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.decisions import model
from engine.decisions.columns import allowed_of
from engine.decisions.graph import Decision, InputData, Knowledge, Model
from engine.decisions.model import Input, Service

MAX_ASKED = 60  #: more nobody fills in
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_REST = r"(?![\w])((?:\s*\.\s*[^\W\d]\w*)*)(?!\s*\()"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """One value. `path`: a name, or a part of a context (`document.kind`); `label`: what a column calls it; `type`: a
    built-in type, empty where nobody says; `allowed`: the constants that it may be, where they are listed."""

    path: str
    label: str = ""
    type: str = ""
    allowed: Sequence[Any] = ()


def asked_of(decisions: Model, key: str) -> list[Asked]:
    """In the order in which they are met: input data first, then names of nothing that is drawn."""
    decision = decisions[key]
    if isinstance(decision.logic, Service):
        return [_of_parameter(one) for one, _ in decision.logic.parameters]
    reached = list(_reached(decisions, decision))
    columns = _columns(reached)
    inputs = {one.variable: one for one in reached if isinstance(one, InputData)}
    told = {one.variable for one in reached if isinstance(one, Decision | Knowledge)} | set(_output_names(reached[1:]))
    names = dict.fromkeys(
        name for one in reached if isinstance(one, Decision | Knowledge) for name in sorted(one.reads)
    )
    texts = _STRING.sub('""', "\n".join(_texts([one.logic for one in reached if not isinstance(one, InputData)])))
    found = {one: _typed(one, columns, inputs) for one in inputs}
    for name in names:
        if name not in found and name not in told:
            found |= {path: _typed(path, columns, inputs) for path in _paths(name, texts)}
    return list(found.values())[:MAX_ASKED]


def _reached(decisions: Model, first: Decision) -> Iterator[Any]:
    """The decision, then all elements that it requires, each once."""
    seen: dict[str, Any] = {}
    todo: list[Any] = [first]
    while todo:
        found = todo.pop(0)
        if found is None or found.element in seen:
            continue
        seen[found.element] = found
        yield found
        if not isinstance(found, InputData):
            todo += [decisions.elements.get(one.element) for one in found.requires]


def _output_names(elements: Iterable[Any]) -> Iterator[str]:
    """Under which later decisions see the answers of tables drawn for Operaton."""
    for one in elements:
        if isinstance(one, Decision) and isinstance(one.logic, model.Table):
            yield from (output.name for output in one.logic.outputs)


def _paths(name: str, texts: str) -> list[str]:
    """Every way in which a name is read; a context whose parts are read is asked part by part."""
    found = re.findall(rf"(?<![\w.]){re.escape(name)}{_REST}", texts)
    paths = dict.fromkeys(name + re.sub(r"\s", "", rest) for rest in found)
    longer = [path for path in paths if path != name]
    return longer or [name]


def _typed(path: str, columns: dict[str, Input], inputs: dict[str, InputData]) -> Asked:
    column, given = columns.get(path), inputs.get(path)
    item = given.item if given is not None else column.item if column is not None else None
    kind = (item.type_name if item is not None else "") or (column.type if column is not None else "")
    shape = allowed_of(column.allowed if column is not None else None, item)
    listed = shape is not None and not shape.negated and all(part.is_point for part in shape.parts)
    return Asked(
        path=path,
        label=column.label if column is not None and column.label != path else "",
        type=kind,
        allowed=[part.low for part in shape.parts] if shape and listed else (),
    )


def _of_parameter(parameter: model.Parameter) -> Asked:
    return Asked(path=parameter.name, type=parameter.item.type_name if parameter.item is not None else "")


def _columns(elements: Iterable[Any]) -> dict[str, Input]:
    """Text of an input expression -> its column."""
    tables = [one.logic for one in elements if isinstance(one, Decision) and isinstance(one.logic, model.Table)]
    return {column.text: column for table in tables for column in table.inputs}


def _texts(part: Any) -> Iterator[str]:
    """Everything that a person wrote into boxes, tables and cells."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, model.Literal | model.Cell | Input):
        yield part.text
    elif dataclasses.is_dataclass(part) and type(part).__module__ == model.__name__:
        for field in dataclasses.fields(part):
            yield from _texts(getattr(part, field.name))
