"""What may have happened in a process when a token comes to an element: which elements it, or another token of the same
instance, may have passed. Over-approximates (all paths, whatever their conditions say), never forgets a path.

Each flow node has two points, where a token comes in and where it goes out. Sets of nodes are bits of one integer, so
that a diagram of some thousand nodes takes milliseconds.
"""

import collections
from collections.abc import Iterable, Iterator
from typing import Any

from engine.bpmn import xml
from engine.bpmn.xml import BPMN, local

IN, OUT = "in", "out"
ANY, ALL = "any", "all"  #: of a scope: while it is open, without and with what its event sub-processes do
Point = tuple[str, str]  #: id of a node or scope, and which of its points

CHOOSES = frozenset({"exclusiveGateway", "eventBasedGateway"})
LOOPS = (f"{BPMN}multiInstanceLoopCharacteristics", f"{BPMN}standardLoopCharacteristics")


class Upstream:
    """Of one process, drawn (normalised, every node with an id)."""

    def __init__(self, process: Any) -> None:
        self.nodes = {node.get("id"): node for scope in _scopes(process) for node in xml.flow_nodes(scope)}
        self._names = list(self.nodes)
        self._bits = {name: 1 << index for index, name in enumerate(self._names)}
        self._flows: dict[str, list[str]] = collections.defaultdict(list)
        self._after: dict[Point, list[Point]] = collections.defaultdict(list)
        for scope in _scopes(process):
            self._connect(scope)
        self._connect_handlers(process)
        order = self._order()
        self._down = self._downstream(order)
        self._passed, self._beside = self._upstream(order)

    def before(self, name: str) -> list[str]:
        """Nodes that may have been passed when a token comes here, in the order of the diagram."""
        point = (name, IN)
        return self._listed(self._passed[point] | (self._beside[point] & ~self._down[point]))

    def after(self, name: str) -> list[str]:
        """The same when the token goes on from here."""
        point = (name, OUT)
        return self._listed(self._passed[point] | (self._beside[point] & ~self._down[point]))

    # ---- what leads where
    def _connect(self, scope: Any) -> None:
        for flow in xml.flows(scope):
            source, target = flow.get("sourceRef"), flow.get("targetRef")
            if source in self._bits and target in self._bits:
                self._flows[source].append(target)
                self._after[source, OUT].append((target, IN))
        for node in xml.flow_nodes(scope):
            self._connect_node(node, scope.get("id"))
        self._connect_scope(scope)

    def _connect_node(self, node: Any, scope: str) -> None:
        name, host = node.get("id"), node.get("attachedToRef")
        is_handler = xml.flag(node, "triggeredByEvent")
        self._after[name, IN].append((name, OUT))
        if any(node.find(loop) is not None for loop in LOOPS):
            self._after[name, OUT].append((name, IN))
        for point in (IN, OUT):
            self._after[name, point] += [(scope, ALL)] if is_handler else [(scope, ANY), (scope, ALL)]
        if is_handler:  # it may begin at any time while its scope is open
            self._after[scope, ANY].append((name, IN))
        if host in self._bits:  # it may happen at any time of the host's stay
            self._after[host, IN].append((name, IN))
            self._after[host, OUT].append((name, IN))
            self._after[host, ALL].append((name, IN))

    def _connect_scope(self, scope: Any) -> None:
        """What begins in a sub-process, and where its tokens end."""
        if local(scope) not in xml.SUBPROCESSES:
            return
        name, outer = scope.get("id"), scope.getparent().get("id")
        self._after[name, IN] += [(start.get("id"), IN) for start in scope.iterchildren(f"{BPMN}startEvent")]
        for node in xml.flow_nodes(scope):
            if node.get("id") not in self._flows:
                self._after[node.get("id"), OUT].append((name, OUT))
        self._after[name, ALL].append((outer, ALL))
        if not xml.flag(scope, "triggeredByEvent"):
            self._after[name, ALL].append((outer, ANY))

    def _connect_handlers(self, process: Any) -> None:
        """Of compensation: they may run after anything."""
        for association in process.getroottree().iter(f"{BPMN}association"):
            if association.get("sourceRef") in self._bits and association.get("targetRef") in self._bits:
                self._after[process.get("id"), ALL].append((association.get("targetRef"), IN))

    # ---- sets of nodes
    def _order(self) -> list[Point]:
        """Each point before those it leads to, but for loops: few rounds then settle everything."""
        done: list[Point] = []
        seen: set[Point] = set()
        for root in [(name, point) for name in self._names for point in (IN, OUT)]:
            todo = [] if root in seen else [(root, iter(self._after.get(root, ())))]
            seen.add(root)
            while todo:
                point, following = todo[-1]
                target = next((one for one in following if one not in seen), None)
                if target is None:
                    done.append(point)
                    todo.pop()
                else:
                    seen.add(target)
                    todo.append((target, iter(self._after.get(target, ()))))
        return done[::-1]

    def _downstream(self, order: list[Point]) -> dict[Point, int]:
        """Point -> nodes a token may still pass from there, this one too when it only comes in."""
        found = {point: self._bits[point[0]] if point[1] == IN else 0 for point in order}
        _settle(order[::-1], self._after, found)
        return found

    def _upstream(self, order: list[Point]) -> tuple[dict[Point, int], dict[Point, int]]:
        """Point -> nodes that its token has passed; and -> nodes that a token made beside it may have passed."""
        before: dict[Point, list[Point]] = collections.defaultdict(list)
        for source, targets in self._after.items():
            for target in targets:
                before[target].append(source)
        passed = {point: self._bits[point[0]] if point[1] == OUT else 0 for point in order}
        beside = dict.fromkeys(order, 0)
        for name, node in self.nodes.items():
            self._add_forks(name, node, beside)
        self._add_uninterrupting(passed, beside)
        _settle(order, before, passed)
        _settle(order, before, beside)
        return passed, beside

    def _add_forks(self, name: str, node: Any, beside: dict[Point, int]) -> None:
        """Where several tokens are made of one: all that they may pass."""
        following = self._flows.get(name, ())
        if len(following) > 1 and local(node) not in CHOOSES:
            beside[name, OUT] |= self._union((target, IN) for target in following)

    def _add_uninterrupting(self, passed: dict[Point, int], beside: dict[Point, int]) -> None:
        """What an event that takes nothing away has begun may be done while its host, or its scope, is still open."""
        done: dict[str, int] = collections.defaultdict(int)
        for name, node in self.nodes.items():
            host = node.get("attachedToRef")
            if not _goes_on_beside(node):
                continue
            if host in self._bits:
                beside[name, IN] |= self._down[host, IN]
                done[host] |= self._down[name, IN]
            else:
                inside = self._union((inner, IN) for inner in self._within(node))
                done[node.getparent().get("id")] |= inside & ~self._down[name, OUT]
        for place, nodes in done.items():
            self._add_done(place, nodes, passed)

    def _add_done(self, place: str, nodes: int, passed: dict[Point, int]) -> None:
        """`place`: a process or sub-process, or an activity with events at its border."""
        if place in self._bits:
            nodes &= ~self._union((target, IN) for target in self._flows.get(place, ()))
            passed[place, OUT] |= nodes
            passed[place, IN] |= nodes
        inner = self._within(self.nodes[place]) if place in self._bits else self._names
        for name in inner:
            passed[name, IN] |= nodes

    def _within(self, node: Any) -> Iterator[str]:
        """The flow nodes inside a sub-process."""
        if local(node) in xml.SUBPROCESSES:
            for scope in _scopes(node):
                yield from (inner.get("id") for inner in xml.flow_nodes(scope))

    def _union(self, points: Iterable[Point]) -> int:
        found = 0
        for point in points:
            found |= self._down[point]
        return found

    def _listed(self, bits: int) -> list[str]:
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self._names[lowest.bit_length() - 1])
            bits ^= lowest
        return found


def _settle(order: list[Point], sources: dict[Point, list[Point]], found: dict[Point, int]) -> None:
    """Adds to every point what its sources have, until nothing changes."""
    changed = True
    while changed:
        changed = False
        for point in order:
            union = found[point]
            for source in sources.get(point, ()):
                union |= found.get(source, 0)
            if union != found[point]:
                found[point] = union
                changed = True


def _scopes(node: Any) -> Iterator[Any]:
    """The process or sub-process and those within."""
    yield from node.iter(f"{BPMN}process", f"{BPMN}subProcess", f"{BPMN}transaction")


def _goes_on_beside(node: Any) -> bool:
    """A boundary event, or an event sub-process, that takes nothing away."""
    if local(node) == "boundaryEvent":
        return not xml.flag(node, "cancelActivity", default="true")
    starts = node.findall(f"{BPMN}startEvent") if xml.flag(node, "triggeredByEvent") else []
    return any(not xml.flag(start, "isInterrupting", default="true") for start in starts)
