"""Which variables an expression can see at an element: the union over all ways that lead there, with where each comes
from; and whether others may be there that nobody can know of.

Pure: over a diagram as it is drawn (even half drawn) and what the files beside it say (engine.bpmn.brought).
Times at an element: BEFORE it has anything of its own (its inputs, the collection of a round), INSIDE (who it is for,
when it is due), AFTER it (its outputs, conditions of the flows out of it).
"""

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.bpmn import brought, sources, xml
from engine.bpmn.sources import Brings, Surroundings, Variable
from engine.bpmn.upstream import Upstream
from engine.bpmn.xml import BPMN, local

__all__ = ["AFTER", "BEFORE", "INSIDE", "MOMENTS", "UNKNOWN", "Scope", "Scopes", "Surroundings", "Variable"]

BEFORE, INSIDE, AFTER = MOMENTS = "before", "inside", "after"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scope:
    """What may be seen at one place. `openings`: sentences, each why there may be names that nobody can know."""

    variables: tuple[Variable, ...] = ()
    openings: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """No other names can be there."""
        return not self.openings

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Names an expression may begin with, and those behind a dot that are more than one word."""
        paths = [variable.name for variable in self.variables]
        plain = {path.partition(".")[0] for path in paths}
        columns = {part for path in paths for part in path.split(".")[1:] if not part.isidentifier()}
        return frozenset(plain | columns)

    @functools.cached_property
    def compound(self) -> frozenset[str]:
        """Those that are more than one word: what the parser has to be told."""
        return frozenset(name for name in self.names if not name.isidentifier())

    @functools.cached_property
    def types(self) -> Mapping[str, str]:
        """Path -> FEEL's type, where all that bring it agree."""
        found: dict[str, set[str]] = {}
        for variable in self.variables:
            found.setdefault(variable.name, set()).add(variable.type)
        return {name: types.pop() for name, types in found.items() if len(types) == 1 and "" not in types}

    def find(self, path: str) -> Variable | None:
        return next((variable for variable in self.variables if variable.name == path), None)

    def with_name(self, name: str) -> "Scope":
        """After a line of a script has given it a value."""
        if self is UNKNOWN or name in self.names:
            return self
        return dataclasses.replace(self, variables=(*self.variables, Variable(name=name)))

    def members(self, name: str) -> frozenset[str]:
        """The paths of what is known inside a variable; empty where its inside is not known."""
        own = [variable for variable in self.variables if variable.name == name]
        inner = frozenset(v.name for v in self.variables if v.name.startswith(f"{name}."))
        return inner if all(variable.type == brought.CONTEXT for variable in own) else frozenset()


#: where nobody knows anything: what is read there is not looked up
UNKNOWN = Scope(openings=("Không biết biến nào có ở đây.",))


class Scopes:
    """Of all processes in a file. Elements are named by id; a sequence flow is a place AFTER its source."""

    def __init__(self, root: Any, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._processes = {process.get("id"): process for process in root.iter(f"{BPMN}process")}
        self._nodes: dict[str, tuple[str, Any]] = {}  #: id -> id of its process, element
        for key, process in self._processes.items():
            for node in process.iter(*(f"{BPMN}{tag}" for tag in (*xml.FLOW_NODES, "sequenceFlow"))):
                self._nodes[node.get("id")] = key, node

    def has_compound_names(self) -> bool:
        """Whether any name in the diagram is more than one word."""
        found = (self._brings(name) for name, (_, node) in self._nodes.items() if local(node) != "sequenceFlow")
        names = (variable.name for brings in found for variable in (*brings.given, *brings.own))
        return any(not part.isidentifier() for name in names for part in name.split("."))

    def has(self, element_id: str) -> bool:
        return element_id in self._nodes

    def at(self, element_id: str, moment: str = INSIDE) -> Scope:
        """UNKNOWN for what is no flow node or sequence flow."""
        process, node = self._nodes.get(element_id, ("", None))
        if node is None:
            return UNKNOWN
        if local(node) == "startEvent" and moment == INSIDE:
            moment = AFTER  # what began the process is there; what it waited for was asked BEFORE
        if local(node) == "sequenceFlow":
            return self.at(node.get("sourceRef"), AFTER) if self.has(node.get("sourceRef")) else UNKNOWN
        return self._scope(process, element_id, moment)

    @functools.cache  # noqa: B019 - lives as long as the diagram is read
    def _scope(self, process: str, element_id: str, moment: str) -> Scope:
        upstream, node = self._upstream(process), self._nodes[element_id][1]
        passed = upstream.after(element_id) if moment == AFTER else upstream.before(element_id)
        found = [self._brings(name) for name in passed]
        variables = [variable for brings in found for variable in brings.given]
        openings = [opening for brings in found for opening in brings.openings]
        own = self._brings(element_id)
        if moment != BEFORE:
            variables += own.own
        if moment == AFTER:
            openings += own.openings_inside
        for outer in _around(node, inside=moment != BEFORE):
            variables += self._brings(outer.get("id")).own
        return Scope(variables=_once([*variables, *sources.SYSTEM]), openings=tuple(dict.fromkeys(openings)))

    @functools.cache  # noqa: B019 - the same
    def _upstream(self, process: str) -> Upstream:
        return Upstream(self._processes[process])

    @functools.cache  # noqa: B019 - the same
    def _brings(self, element_id: str) -> Brings:
        return sources.brings(self._nodes[element_id][1], self._surroundings)


def _around(node: Any, *, inside: bool) -> Iterable[Any]:
    """The activities around it whose own variables it sees: sub-processes; of a boundary event its host."""
    host = node.get("attachedToRef") if inside else None
    if host:
        yield from (other for other in xml.flow_nodes(node.getparent()) if other.get("id") == host)
    outer = node.getparent()
    while outer is not None and local(outer) in xml.SUBPROCESSES:
        yield outer
        outer = outer.getparent()


def _once(variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """Without those that say the same twice."""
    return tuple(dict.fromkeys(variables))
