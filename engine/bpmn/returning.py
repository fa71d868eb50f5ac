"""Sending a token back to a step it has passed, so that the diagram stays sound.

Behind a split that the way crosses backwards, the other branches began only because the step was done: they are taken
back with the token. In front of a parallel join that the way crosses backwards, the other branches stay done: the join
gets their tokens again, else it would wait for ever. Branches that began elsewhere are left alone. A token of a
multi-instance activity leaves the whole of it, as with an interrupting boundary event (BPMN 2.0.2, 10.5.6); one inside
an element of a multi-instance sub-process moves in its own element alone.
"""

from collections.abc import Collection, Sequence
from typing import Any

from engine.bpmn import moving
from engine.bpmn.events import throw_error
from engine.bpmn.gateways import EventBasedGateway, ExclusiveGateway, ParallelGateway
from engine.bpmn.moving import Start
from engine.bpmn.tokens import Instance, Token
from engine.errors import TaskNotReady

REJECTED = "REJECTED"  #: code of the error that `reject` throws where the diagram names no target


def send_back(instance: Instance, number: int, way: Sequence[tuple[str, int, str]], depth: int, target: str) -> None:
    """`way`: element, token that left it, flow it left by, from the token back to the target; only what lies in the
    target's own scope, which `depth` sub-processes are around. Raises TaskNotReady, CannotMove."""
    own = out_of(instance.find(number), depth)
    taken_back, given_again = _crossed(own, way)
    start = [target, *given_again]
    moving.modify(
        instance,
        cancel=[own.id, *(token.id for token in taken_back)],
        start=[Start(element_id=name, near=own.id) for name in start],
    )


def send_to(instance: Instance, number: int, depth: int, target: str) -> None:
    """To an element that need not lie on the way: an end, another branch. Everything else stays."""
    own = out_of(instance.find(number), depth)
    moving.modify(instance, cancel=[own.id], start=[Start(element_id=target, near=own.id)])


def reject(instance: Instance, number: int) -> bool:
    """Throws the error; False when nothing catches it."""
    return throw_error(instance.find(number), REJECTED)


def depth_of(token: Token) -> int:
    """How many embedded sub-processes are around a token in its process."""
    scope, depth = token.workflow, 0
    while scope.parent_task is not None and not scope.called:
        scope, depth = scope.parent_task.workflow, depth + 1
    return depth


def out_of(token: Token, depth: int) -> Token:
    """The token, or what holds it: the activity or round in the scope that `depth` sub-processes are around."""
    climb = depth_of(token) - depth
    if climb < 0:
        raise TaskNotReady
    for _ in range(climb):
        token = _body_of(token).workflow.parent_task
    return _body_of(token)


def _body_of(token: Token) -> Token:
    return token.parent if token.task_spec.instance_of else token


def _crossed(own: Token, way: Sequence[tuple[str, int, str]]) -> tuple[list[Token], list[str]]:
    """The tokens to be taken back, the flows to be given a token again."""
    scope, specs = own.workflow, own.workflow.spec.task_specs
    taken_back: list[Token] = []
    given_again: list[str] = []
    for index, (element_id, left_by, flow) in enumerate(way):
        spec = specs[element_id]
        if _splits(spec):
            behind = _behind(spec, flow, specs)
            taken_back += [t for t in scope.direct() if t.id > left_by and t is not own and _is_behind(t, behind, spec)]
            given_again = [name for name in given_again if not _comes_from(name, behind, spec, specs)]
        if isinstance(spec, ParallelGateway) and index + 1 < len(way):
            came = way[index + 1][2]
            given_again += [name for name in spec.incoming if name != came]
    return taken_back, given_again


def _splits(spec: Any) -> bool:
    return len(spec.flows) > 1 and not isinstance(spec, ExclusiveGateway | EventBasedGateway)


def _behind(split: Any, taken: str, specs: Any) -> set[str]:
    """Names of the elements that the other branches of a split lead to, without passing it again."""
    todo = [flow.target for flow in split.flows if flow.id != taken]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found and name != split.name:
            found.add(name)
            todo += [flow.target for flow in specs[name].flows] + list(specs[name].boundary)
    return found


def _is_behind(token: Token, behind: Collection[str], split: Any) -> bool:
    """At a join only the token that came by a flow from behind."""
    spec = token.task_spec
    if token.listens or spec.is_event_subprocess or spec.name not in behind:
        return False
    flow = token.internal_data.get("flow") if spec.joins else None
    return flow is None or _comes_from(flow, behind, split, token.workflow.spec.task_specs)


def _comes_from(flow: str, behind: Collection[str], split: Any, specs: Any) -> bool:
    return any(
        node.name in behind or node is split for node in specs.values() for other in node.flows if other.id == flow
    )
