"""Random sound diagrams: a tree of blocks, drawn as BPMN."""

import dataclasses
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.engine.diagrams import NAMESPACES

LEAVES = ("task", "auto", "boundary", "side", "race")
SPINE = ("seq", "xor")  #: a token doubled in one of these does not meet itself in a join
INNER = (*LEAVES, "seq", "seq", "xor", "par", "par", "loop", "mi", "sub", "event_sub", "call", "fails", "stops")


@dataclasses.dataclass
class Block:
    """`told`: what the drawing has named, and what was chosen beside the kind."""

    kind: str
    parts: list["Block"] = dataclasses.field(default_factory=list)
    told: dict[str, Any] = dataclasses.field(default_factory=dict)


@st.composite
def blocks(draw: Callable[..., Any], depth: int = 3) -> Block:
    """What one scope does: anything; or a token becomes two, so that joins get more than one a flow (what an inclusive
    join does then depends on the order, so such a scope has none); or inclusive joins are reached again and again."""
    sort = draw(st.sampled_from(("any", "doubled", "again"))) if depth else "any"
    if sort == "doubled":
        return Block("seq", [Block("twice"), *(_block(draw, depth - 1, doubling=True, inclusive=False) for _ in "12")])
    inner = _block(draw, depth - 1 if sort == "again" else depth, doubling=False, inclusive=True)
    return Block("loop", [Block("seq", [Block("task"), inner])]) if sort == "again" else inner


def _block(draw: Callable[..., Any], depth: int, *, doubling: bool, inclusive: bool) -> Block:
    """`doubling`: here the token may become two. Not inside a fork, whose join would starve, nor inside a loop."""
    kinds = (*INNER, *(("incl",) * 4 if inclusive else ()), *(("twice",) if doubling else ()))
    kind = draw(st.sampled_from(kinds if depth else LEAVES))

    def parts(number: int, *, may_double: bool = False) -> list[Block]:
        return [_block(draw, depth - 1, doubling=may_double, inclusive=inclusive) for _ in range(number)]

    if kind in LEAVES:
        return Block(kind, told={"timer": draw(st.booleans())})
    if kind == "loop":  # with a user task in it, else it would not wait
        return Block(kind, [Block("seq", [Block("task"), *parts(1)])])
    if kind in ("sub", "event_sub", "call", "fails", "stops"):
        return Block(kind, [draw(blocks(depth - 1))], {"interrupting": draw(st.booleans())})
    if kind == "mi":
        body = draw(st.one_of(st.none(), blocks(depth - 1)))
        told = {"sequential": draw(st.booleans()), "number": draw(st.integers(1, 3))}
        return Block(kind, [] if body is None else [body], told)
    return Block(kind, parts(0 if kind == "twice" else draw(st.integers(2, 3)), may_double=doubling and kind in SPINE))


class Drawing:
    """`bpmn` of a block; the names of its elements are left in the blocks."""

    def __init__(self, root: Block) -> None:
        self.number = 0
        self.messages: list[str] = []
        self.called: list[str] = []
        inner = self.scope(root)
        self.bpmn = (
            f'<definitions {NAMESPACES}><error id="wrong" errorCode="WRONG"/>{"".join(self.messages)}'
            f'<process id="p" isExecutable="true">{inner}</process>{"".join(self.called)}</definitions>'
        ).encode()

    def scope(self, block: Block, tail: Callable[[str], str] | None = None) -> str:
        """The inside of a process or sub-process. `tail` draws what follows the block's last node instead of an end."""
        outer, self.out = getattr(self, "out", []), []
        start = self.put("startEvent", "s")
        first, last = self.draw(block)
        self.flow(start, first)
        self.flow(last, tail(last) if tail else self.put("endEvent", "e"))
        drawn, self.out = "".join(self.out), outer
        return drawn

    def name(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def put(self, tag: str, prefix: str, inner: str = "", **attributes: Any) -> str:
        return self.write(tag, self.name(prefix), inner, **attributes)

    def write(self, tag: str, name: str, inner: str = "", **attributes: Any) -> str:
        told = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.out.append(f'<{tag} id="{name}"{told}>{inner}</{tag}>')
        return name

    def flow(self, source: str, target: str, *, decided: bool = False) -> str:
        name = self.name("f")
        inner = f'<conditionExpression>decide("{name}")</conditionExpression>' if decided else ""
        return self.write("sequenceFlow", name, inner, sourceRef=source, targetRef=target)

    def user(self, inner: str = "") -> str:
        return self.put("userTask", "t", inner, **{"camunda:candidateGroups": "van-thu"})

    def message(self) -> str:
        name = self.name("m")
        self.messages.append(f'<message id="{name}" name="{name}"/>')
        return f'<messageEventDefinition messageRef="{name}"/>'

    def timer(self, text: str) -> str:
        kind = "timeCycle" if text.startswith("R") else "timeDuration"
        return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"

    def draw(self, block: Block) -> tuple[str, str]:
        """The ids of the first and of the last node."""
        ends: tuple[str, str] = getattr(self, f"draw_{block.kind}")(block)
        return ends

    def draw_task(self, block: Block) -> tuple[str, str]:
        block.told["task"] = task = self.user()
        return task, task

    def draw_auto(self, block: Block) -> tuple[str, str]:
        task = self.put("task", "a")
        return task, task

    def draw_boundary(self, block: Block) -> tuple[str, str]:
        block.told["task"] = task = self.user()
        event = self.timer("PT1H") if block.told["timer"] else self.message()
        block.told["event"] = boundary = self.put("boundaryEvent", "b", event, attachedToRef=task)
        end = self.put("exclusiveGateway", "x")
        self.flow(task, end)
        self.flow(boundary, end)
        return task, end

    def draw_side(self, block: Block) -> tuple[str, str]:
        """A non-interrupting event: a message comes as often as it likes, a timer twice."""
        block.told["task"] = task = self.user()
        event = self.timer("R2/PT1H") if block.told["timer"] else self.message()
        told = {"attachedToRef": task, "cancelActivity": "false"}
        block.told["event"] = boundary = self.put("boundaryEvent", "b", event, **told)
        block.told["side"] = side = self.user()
        self.flow(boundary, side)
        self.flow(side, self.put("endEvent", "e"))
        return task, task

    def draw_race(self, block: Block) -> tuple[str, str]:
        gateway, end = self.put("eventBasedGateway", "r"), self.put("exclusiveGateway", "x")
        block.told["events"] = [
            self.put("intermediateCatchEvent", "i", event) for event in (self.message(), self.timer("PT2H"))
        ]
        for event in block.told["events"]:
            self.flow(gateway, event)
            self.flow(event, end)
        return gateway, end

    def draw_seq(self, block: Block) -> tuple[str, str]:
        ends = [self.draw(part) for part in block.parts]
        for (_, last), (first, _) in zip(ends, ends[1:], strict=False):
            self.flow(last, first)
        return ends[0][0], ends[-1][1]

    def draw_twice(self, block: Block) -> tuple[str, str]:
        """Two flows out of a task meet without a join: two tokens go on."""
        task, end = self.put("task", "a"), self.put("exclusiveGateway", "x")
        self.flow(task, end)
        self.flow(task, end)
        return task, end

    def draw_loop(self, block: Block) -> tuple[str, str]:
        into, out, end = self.put("exclusiveGateway", "x"), self.name("x"), self.put("exclusiveGateway", "x")
        first, last = self.draw(block.parts[0])
        self.flow(into, first)
        self.flow(last, out)
        block.told["again"] = self.flow(out, into, decided=True)
        self.write("exclusiveGateway", out, default=self.flow(out, end))
        return into, end

    def draw_fork(self, block: Block, tag: str) -> tuple[str, str]:
        split, join = self.name("g"), self.put(tag, "g")
        flows: list[str] = []
        for part in block.parts:
            first, last = self.draw(part)
            flows.append(self.flow(split, first, decided=block.kind != "par" and bool(flows)))
            self.flow(last, join)
        block.told["flows"] = flows
        self.write(tag, split, **({} if block.kind == "par" else {"default": flows[0]}))
        return split, join

    def draw_xor(self, block: Block) -> tuple[str, str]:
        return self.draw_fork(block, "exclusiveGateway")

    def draw_par(self, block: Block) -> tuple[str, str]:
        return self.draw_fork(block, "parallelGateway")

    def draw_incl(self, block: Block) -> tuple[str, str]:
        return self.draw_fork(block, "inclusiveGateway")

    def draw_mi(self, block: Block) -> tuple[str, str]:
        loop = (
            f'<multiInstanceLoopCharacteristics isSequential="{str(block.told["sequential"]).lower()}">'
            f"<loopCardinality>{block.told['number']}</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        if block.parts:
            task = self.put("subProcess", "u", self.scope(block.parts[0]) + loop)
        else:
            block.told["task"] = task = self.user(loop)
        return task, task

    def draw_sub(self, block: Block) -> tuple[str, str]:
        task = self.put("subProcess", "u", self.scope(block.parts[0]))
        return task, task

    def draw_event_sub(self, block: Block) -> tuple[str, str]:
        outer, self.out = self.out, []
        interrupting = str(block.told["interrupting"]).lower()
        start = self.put("startEvent", "s", self.message(), isInterrupting=interrupting)
        block.told["side"] = task = self.user()
        self.flow(start, task)
        self.flow(task, self.put("endEvent", "e"))
        handler, self.out = "".join(self.out), []
        block.told["event"] = self.put("subProcess", "v", handler, triggeredByEvent="true")
        beside, self.out = "".join(self.out), outer
        task = self.put("subProcess", "u", self.scope(block.parts[0]) + beside)
        return task, task

    def draw_call(self, block: Block) -> tuple[str, str]:
        key = self.name("p")
        self.called.append(f'<process id="{key}" isExecutable="true">{self.scope(block.parts[0])}</process>')
        task = self.put("callActivity", "c", calledElement=key)
        return task, task

    def draw_fails(self, block: Block) -> tuple[str, str]:
        """At its end a sub-process may throw an error, which is caught on its border."""
        task, end = self._ending_early(block, '<errorEventDefinition errorRef="wrong"/>')
        boundary = self.put("boundaryEvent", "b", "<errorEventDefinition/>", attachedToRef=task)
        self.flow(boundary, end)
        return task, end

    def draw_stops(self, block: Block) -> tuple[str, str]:
        """At its end a sub-process may terminate what still runs in it."""
        return self._ending_early(block, "<terminateEventDefinition/>")

    def _ending_early(self, block: Block, event: str) -> tuple[str, str]:
        def tail(last: str) -> str:
            split = self.name("x")
            block.told["early"] = self.flow(split, self.put("endEvent", "e", event), decided=True)
            return self.write("exclusiveGateway", split, default=self.flow(split, self.put("endEvent", "e")))

        task, end = self.put("subProcess", "u", self.scope(block.parts[0], tail)), self.put("exclusiveGateway", "x")
        self.flow(task, end)
        return task, end
