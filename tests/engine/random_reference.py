"""What a tree of blocks does, told without tokens: continuations, and counters where branches meet."""

import collections
import dataclasses
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from tests.engine.random_blocks import Block

Done = Callable[[], None]


class Decisions:
    """Which flow is open in which step: the same for everybody who asks."""

    def __init__(self, seed: int) -> None:
        self.seed, self.step = seed, 0

    def is_open(self, flow: str) -> bool:
        return zlib.crc32(f"{self.seed}/{self.step}/{flow}".encode()) % 100 < 45


class Area:
    """A scope: over when nothing in it runs any more."""

    def __init__(self, outer: "Area | None", done: Done) -> None:
        self.outer, self.done, self.running = outer, done, 1
        self.listener: Block | None = None
        self.arrived: dict[int, collections.Counter[int]] = collections.defaultdict(collections.Counter)
        self.cleared = 0  #: how often everything in it was taken away

    def end(self) -> None:
        self.running -= 1
        if not self.running:
            self.listener = None
            self.done()

    def is_inside(self, area: "Area") -> bool:
        return self is area or (self.outer is not None and self.outer.is_inside(area))


@dataclasses.dataclass(eq=False)
class Open:
    """A task somebody can do, or an event-based gateway."""

    name: str
    done: Done
    area: Area
    block: Block
    left: float = float("inf")  #: how often its non-interrupting event may still come


class Reference:
    """Which tasks are offered, which events are waited for, and whether all is over."""

    def __init__(self, root: Block, decisions: Decisions) -> None:
        self.decisions = decisions
        self.open: list[Open] = []
        self.areas: list[Area] = []
        self.ended = False
        top = Area(None, self._end)
        self.run(root, top.end, top)

    def _end(self) -> None:
        self.ended = True

    # ---- seen
    def offered(self) -> list[str]:
        return [entry.name for entry in self.open if entry.block.kind != "race"]

    def awaited(self) -> list[str]:
        found = [area.listener.told["event"] for area in self.areas if area.listener is not None]
        for entry in self.open:
            if entry.block.kind == "race":
                found += entry.block.told["events"]
            elif entry.block.kind in ("boundary", "side") and entry.left and entry.name == entry.block.told["task"]:
                found.append(entry.block.told["event"])
        return found

    # ---- done
    def complete(self, name: str) -> None:
        self._take(next(entry for entry in self.open if entry.name == name))

    def happen(self, name: str) -> None:
        for entry in self.open:
            told = entry.block.told
            if entry.block.kind == "race" and name in told["events"]:
                return self._take(entry)
            if told.get("event") == name and entry.name == told["task"] and entry.left:
                if entry.block.kind == "boundary":
                    return self._take(entry)  # its path leads where the task's leads
                entry.left -= 1
                return self._extra(entry.area, told["side"])
        area = next(area for area in self.areas if area.listener and area.listener.told["event"] == name)
        side, interrupting = area.listener.told["side"], area.listener.told["interrupting"]  # type: ignore[union-attr]
        if interrupting:
            self._clear(area)
        return self._extra(area, side)

    def _take(self, entry: Open) -> None:
        self.open.remove(entry)
        entry.done()

    def _extra(self, area: Area, task: str) -> None:
        area.running += 1
        self.open.append(Open(task, area.end, area, Block("task")))

    def _clear(self, area: Area) -> None:
        """Nothing in it runs any more."""
        self.open = [entry for entry in self.open if not entry.area.is_inside(area)]
        for other in self.areas:
            if other.is_inside(area):
                other.listener = None
                other.cleared += 1
        area.running = 0
        area.arrived.clear()

    # ---- the blocks
    def run(self, block: Block, done: Done, area: Area) -> None:
        getattr(self, f"run_{block.kind}", self.run_waiting)(block, done, area)

    def run_waiting(self, block: Block, done: Done, area: Area) -> None:
        left = 2 if block.kind == "side" and block.told["timer"] else float("inf")
        self.open.append(Open(block.told.get("task", ""), done, area, block, left))

    def run_auto(self, block: Block, done: Done, area: Area) -> None:
        done()

    def run_twice(self, block: Block, done: Done, area: Area) -> None:
        area.running += 1
        cleared = area.cleared
        done()
        if area.cleared == cleared:  # else the first has ended the scope with the second in it
            done()

    def run_seq(self, block: Block, done: Done, area: Area) -> None:
        self._chain(block.parts, done, area)

    def run_loop(self, block: Block, done: Done, area: Area) -> None:
        def decide() -> None:
            if self.decisions.is_open(block.told["again"]):
                self.run(block, done, area)
            else:
                done()

        self.run(block.parts[0], decide, area)

    def run_xor(self, block: Block, done: Done, area: Area) -> None:
        self.run(self._taken(block)[0], done, area)

    def run_incl(self, block: Block, done: Done, area: Area) -> None:
        self._all(self._taken(block), done, area)

    def run_par(self, block: Block, done: Done, area: Area) -> None:
        """The join takes one arrival of each branch, whichever of several tokens before the fork they come from."""

        def arrive(branch: int) -> None:
            arrived = area.arrived[id(block)]
            arrived[branch] += 1
            if all(arrived[number] for number in range(len(block.parts))):
                arrived.subtract(range(len(block.parts)))
                done()

        for number, part in enumerate(block.parts):
            self.run(part, lambda number=number: arrive(number), area)  # type: ignore[misc]

    def run_mi(self, block: Block, done: Done, area: Area) -> None:
        body = Block("sub", block.parts) if block.parts else Block("task", told=block.told)
        (self._chain if block.told["sequential"] else self._all)([body] * block.told["number"], done, area)

    def run_sub(self, block: Block, done: Done, area: Area) -> None:
        self._inside(block, done, area)

    run_call = run_sub

    def run_event_sub(self, block: Block, done: Done, area: Area) -> None:
        self._inside(block, done, area, listener=block)

    def run_fails(self, block: Block, done: Done, area: Area) -> None:
        def early(inner: Area) -> None:
            self._clear(inner)
            done()

        self._inside(block, done, area, early=early)

    run_stops = run_fails  # the scope is over at once, and its border leads to the same place

    def _inside(
        self,
        block: Block,
        done: Done,
        area: Area,
        *,
        listener: Block | None = None,
        early: Callable[[Area], None] | None = None,
    ) -> None:
        inner = Area(area, done)
        inner.listener = listener
        self.areas.append(inner)

        def end() -> None:
            if early is not None and self.decisions.is_open(block.told["early"]):
                early(inner)
            else:
                inner.end()

        self.run(block.parts[0], end, inner)

    def _taken(self, block: Block) -> list[Block]:
        pairs: Sequence[Any] = list(zip(block.parts, block.told["flows"], strict=True))
        return [part for part, flow in pairs[1:] if self.decisions.is_open(flow)] or block.parts[:1]

    def _chain(self, blocks: Sequence[Block], done: Done, area: Area) -> None:
        if not blocks:
            done()
        else:
            self.run(blocks[0], lambda: self._chain(blocks[1:], done, area), area)

    def _all(self, blocks: Sequence[Block], done: Done, area: Area) -> None:
        left = len(blocks)

        def one() -> None:
            nonlocal left
            left -= 1
            if not left:
                done()

        for block in blocks:
            self.run(block, one, area)
