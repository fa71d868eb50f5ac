"""Random block-structured diagrams, saved and loaded before each step, against a reference that knows no tokens."""

import random

import pytest

from tests.engine.diagrams import diagram, flow, user
from tests.engine.memory import Play

#: a block is a task's name, ["seq", blocks], ["and", blocks] or ["loop", block, rounds]
Block = str | list["Block"]


class Drawing:
    """A random block as BPMN, and what it must do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.number = 0
        self.nodes: list[str] = []
        self.flows: list[str] = []
        self.root = self.block(3)
        first, last = self.draw(self.root)
        self.nodes += ['<startEvent id="s"/>', '<endEvent id="e"/>']
        self.flows += [flow("s", first), flow(last, "e")]

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def block(self, depth: int) -> Block:
        kind = self.random.choice(["task", "seq", "and", "loop"]) if depth else "task"
        if kind == "task":
            return self.name("t")
        if kind == "loop":
            return ["loop", self.block(depth - 1), str(self.random.randint(1, 2)), self.name("n")]
        return [kind, *(self.block(depth - 1) for _ in range(self.random.randint(2, 3)))]

    def draw(self, block: Block) -> tuple[str, str]:
        """Adds nodes and flows; returns the first and the last node."""
        if isinstance(block, str):
            self.nodes.append(user(block))
            return block, block
        kind, *parts = block
        if kind == "loop":
            return self.draw_loop(parts[0], str(parts[1]), str(parts[2]))
        ends = [self.draw(part) for part in parts]
        if kind == "seq":
            self.flows += [flow(a[1], b[0]) for a, b in zip(ends, ends[1:], strict=False)]
            return ends[0][0], ends[-1][1]
        fork, join = self.name("f"), self.name("j")
        self.nodes += [f'<parallelGateway id="{fork}"/>', f'<parallelGateway id="{join}"/>']
        self.flows += [flow(fork, first) for first, _ in ends] + [flow(last, join) for _, last in ends]
        return fork, join

    def draw_loop(self, inner: Block, rounds: str, counter: str) -> tuple[str, str]:
        merge, count, split = self.name("m"), self.name("c"), self.name("x")
        first, last = self.draw(inner)
        script = f"{counter} = if {counter} = null then 1 else {counter} + 1"
        leave = self.name("out")
        self.nodes += [
            f'<exclusiveGateway id="{merge}"/>',
            f'<scriptTask id="{count}"><script>{script}</script></scriptTask>',
            f'<exclusiveGateway id="{split}" default="{split}-{leave}"/>',
            f'<task id="{leave}"/>',
            f'<scriptTask id="{leave}r"><script>{counter} = 0</script></scriptTask>',
        ]
        self.flows += [
            flow(merge, first),
            flow(last, count),
            flow(count, split),
            flow(split, merge, f"{counter} &lt; {rounds}"),
            flow(split, leave),
            flow(leave, f"{leave}r"),
        ]
        return merge, f"{leave}r"

    def bpmn(self) -> bytes:
        return diagram("".join(self.nodes + self.flows))


class Reference:
    """Interprets blocks directly: which tasks are open, what completing one opens."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.parts: list[Reference] = []
        self.position = 0
        self.finished = False
        if not isinstance(block, str):
            self.open_parts()

    def open_parts(self) -> None:
        kind, *parts = self.block
        if kind == "and":
            self.parts = [Reference(part) for part in parts]
        else:
            self.parts = [Reference(parts[self.position if kind == "seq" else 0])]

    def tasks(self) -> list[str]:
        if self.finished:
            return []
        return [self.block] if isinstance(self.block, str) else [t for part in self.parts for t in part.tasks()]

    def complete(self, task: str) -> None:
        if isinstance(self.block, str):
            self.finished = True
            return
        next(part for part in self.parts if task in part.tasks()).complete(task)
        if all(part.finished for part in self.parts):
            self.go_on()

    def go_on(self) -> None:
        kind, *parts = self.block
        self.position += 1
        rounds = {"seq": len(parts), "and": 1}.get(str(kind)) or int(str(parts[1]))
        if self.position < rounds:
            self.open_parts()
        else:
            self.finished = True


@pytest.mark.parametrize("seed", range(60))
def test_a_random_diagram_does_what_its_blocks_say(seed: int) -> None:
    drawing, order = Drawing(seed), random.Random(seed + 1)  # noqa: S311 - no secret
    play, reference = Play(drawing.bpmn()), Reference(drawing.root)

    while reference.tasks():
        assert sorted(play.tasks) == sorted(reference.tasks())
        task = order.choice(reference.tasks())
        reference.complete(task)
        play.complete(task)

    assert play.tasks == []
    assert play.ended
