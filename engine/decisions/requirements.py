"""What an element of the graph requires, under which name it sees it, and in which order decisions are evaluated
(DMN 1.5, 6.3.14 to 6.3.16)."""

import collections
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from engine.bpmn.xml import Problems, title
from engine.decisions.imports import Source, Sources, variable_of
from engine.decisions.model import Required

Graph = Mapping[str, Sequence[str]]  #: element -> the decisions that it requires
HREFS = (
    "{*}informationRequirement/{*}requiredDecision",
    "{*}informationRequirement/{*}requiredInput",
    "{*}knowledgeRequirement/{*}requiredKnowledge",
)


def read(source: Source, node: Any, sources: Sources, problems: Problems) -> list[Required]:
    """Of one decision or business knowledge model. What is not there is a problem."""
    drawn = [required for path in HREFS for required in node.iterfind(path)]
    found = (_required(source, node, required, sources, problems) for required in drawn)
    return [one for one in found if one is not None]


def referred(source: Source, node: Any, tag: str, sources: Sources, problems: Problems) -> list[tuple[Required, Any]]:
    """What the children of this tag refer to, with the nodes, as in a decision service."""
    found = []
    for child in node.iterchildren(f"{{*}}{tag}"):
        required = _required(source, node, child, sources, problems)
        if required is not None and (told := sources.find(source, child.get("href") or "")) is not None:
            found.append((required, told[2]))
    return found


def _required(source: Source, node: Any, drawn: Any, sources: Sources, problems: Problems) -> Required | None:
    href = drawn.get("href") or ""
    found = sources.find(source, href)
    if found is None:
        problems.error(drawn, f"“{title(node)}” cần “{href}” không có trong tệp này hay tệp mà nó nhập.")
        return None
    home, key, other = found
    within = "" if home is source else source.imports[home.namespace]
    return Required(element=home.element(key), name=variable_of(other), within=within)


def find_circle(graph: Graph) -> str | None:
    """A decision that requires itself. What requires nothing that is left is taken away until nothing changes; from
    what stays, every way leads into a circle."""
    left = {key: set(required) & graph.keys() for key, required in graph.items()}
    wanted_by: dict[str, list[str]] = collections.defaultdict(list)
    for key, required in left.items():
        for other in required:
            wanted_by[other].append(key)
    free = [key for key, required in left.items() if not required]
    while free:
        gone = free.pop()
        del left[gone]
        for key in wanted_by[gone]:
            left[key].discard(gone)
            if not left[key]:
                free.append(key)
    return _repeated(left)


def _repeated(left: Mapping[str, set[str]]) -> str | None:
    seen: set[str] = set()
    name = next(iter(left), None)
    while name is not None and name not in seen:
        seen.add(name)
        name = min(left[name])
    return name


def order(wanted: Iterable[str], requires: Callable[[str], Iterable[str]], given: Iterable[str] = ()) -> list[str]:
    """What is evaluated for these decisions, each after what it requires, without what is given. Without recursion: a
    chain may be as long as the file."""
    done: dict[str, None] = {}
    stops = frozenset(given)
    todo = [(key, False) for key in reversed(list(wanted))]
    while todo:
        name, opened = todo.pop()
        if opened:
            done[name] = None
        elif name not in done and name not in stops:
            todo.append((name, True))
            todo.extend((required, False) for required in reversed(list(requires(name))))
    return list(done)
