"""Which decisions a decision requires, and in which order they are evaluated (DMN 1.5, 6.2.2)."""

import collections
from collections.abc import Mapping
from typing import Any

from engine.bpmn.xml import Problems, title


def read(root: Any, nodes: Mapping[str, Any], problems: Problems) -> dict[str, tuple[str, ...]]:
    """Key -> all that it requires, directly or not, each after what it requires itself. A circle is a problem."""
    direct = {key: _direct(root, node, nodes, problems) for key, node in nodes.items()}
    if circle := _circle(direct):
        problems.error(nodes[circle], f"Quyết định “{title(nodes[circle])}” cần chính nó, qua các quyết định khác.")
        return {}
    return {key: tuple(_order(key, direct)[:-1]) for key in direct}


def _direct(root: Any, node: Any, nodes: Mapping[str, Any], problems: Problems) -> list[str]:
    found = []
    for required in node.iterfind("{*}informationRequirement/{*}requiredDecision"):
        where, _, key = (required.get("href") or "").rpartition("#")
        if where not in ("", root.get("namespace")) or key not in nodes:
            told = f"Quyết định “{title(node)}” cần “{required.get('href')}” không có trong tệp này."
            problems.error(required, told)
        else:
            found.append(key)
    return found


def _circle(direct: Mapping[str, list[str]]) -> str | None:
    """A decision that stands in a circle. What requires nothing that is left is taken away until nothing changes; from
    what stays, every way leads into a circle."""
    left = {key: set(required) for key, required in direct.items()}
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


def _order(key: str, direct: Mapping[str, list[str]]) -> list[str]:
    """Without recursion: a chain may be as long as the file."""
    order: dict[str, None] = {}
    todo = [(key, False)]
    while todo:
        name, opened = todo.pop()
        if opened:
            order[name] = None
        elif name not in order:
            todo.append((name, True))
            todo.extend((required, False) for required in reversed(direct[name]))
    return list(order)
