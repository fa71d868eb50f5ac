"""What a person may do with a task beside completing it: one rule for the button and for the operation.

The diagram lists the actions of a task (moc:actions, kept in Task.extensions["actions"]); what is not listed is neither
offered nor done. Whoever may complete the task may do what is listed; withdrawing is for who completed it.
"""

import dataclasses
from collections.abc import Mapping, Sequence

from directory.actors import Actor
from engine import permissions, rewinding, ways
from engine.action_errors import NotDelegated, NotOffered, NowhereBack
from engine.models import Task
from engine.ways import Target
from kernel.errors import DomainError

RETURN, WITHDRAW, CONSULT, DELEGATE, REJECT = "return", "withdraw", "consult", "delegate", "reject"
ADD_SIGNER, REMOVE_SIGNER = "addSigner", "removeSigner"
RESOLVE = "resolve"  #: follows from `delegate`; no diagram lists it
RESOLVED = "resolved"
WORDS = {
    RETURN: "trả lại",
    WITHDRAW: "thu hồi",
    CONSULT: "xin ý kiến",
    DELEGATE: "uỷ thác",
    REJECT: "từ chối",
    ADD_SIGNER: "thêm người ký",
    REMOVE_SIGNER: "bớt người ký",
    RESOLVE: "trả kết quả uỷ thác",
}
REASONED = frozenset({RETURN, REJECT})  #: want a reason unless the diagram says reason="optional"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AllowedAction:
    """`targets`: of `return`, where it may go, as the diagram lists them."""

    name: str
    reason_required: bool
    targets: Sequence[Target] = ()


def allowed(task: Task, actor: Actor) -> list[AllowedAction]:
    """What this person may do with the task now, in the order of the diagram."""
    told = [action.get("name") for action in task.extensions.get("actions") or ()]
    names = [name for name in (*told, RESOLVE) if name in WORDS]
    found = [_allowed(name, task) for name in names if refusal_to(name, task, actor) is None]
    return [action for action in found if action.name != RETURN or action.targets]


def refusal_to(name: str, task: Task, actor: Actor) -> DomainError | None:
    """Why this person may not do this with the task now; None when they may. That nothing lies behind to return to is
    told by `return_target`, which reads history."""
    if name == RESOLVE:
        return _refusal_to_resolve(task, actor)
    if declared(task, name) is None:
        stranger = task.organization_id != actor.organization_id
        return permissions.refusal_to_complete(task, actor) if stranger else not_offered(task, name)
    if name == WITHDRAW:
        return rewinding.refusal(task, actor)
    return permissions.refusal_to_complete(task, actor)


def not_offered(task: Task, name: str) -> NotOffered:
    return NotOffered(task=task.name, verb=WORDS[name])


def declared(task: Task, name: str) -> Mapping[str, str] | None:
    """The diagram's line about this action, or None."""
    actions: Sequence[Mapping[str, str]] = task.extensions.get("actions") or ()
    return next((action for action in actions if action.get("name") == name), None)


def wants_reason(task: Task, name: str) -> bool:
    told = (declared(task, name) or {}).get("reason")
    return name in REASONED if told is None else told == "required"


def return_targets(task: Task) -> list[Target]:
    """Steps of people on the task's way that the diagram lets it go back to."""
    wanted = (declared(task, RETURN) or {}).get("to") or ways.PREVIOUS
    return ways.targets_of(task, wanted.split())


def return_target(task: Task, to: str) -> Target:
    """The one with this id; `previous`, or none, when there is only one. Raises NowhereBack, NotOffered."""
    targets = return_targets(task)
    if not targets:
        raise NowhereBack(task=task.name)
    if to in ("", ways.PREVIOUS) and len(targets) == 1:
        return targets[0]
    found = next((target for target in targets if target.element_id == to), None)
    if found is None:
        raise not_offered(task, RETURN)
    return found


def is_delegate(task: Task, actor: Actor) -> bool:
    return task.delegation == permissions.PENDING and task.delegate_id == actor.person_id


def may_take_back(task: Task, actor: Actor) -> bool:
    """The owner of a task that somebody else works on."""
    return task.delegation == permissions.PENDING and task.owner_id == actor.person_id


def _allowed(name: str, task: Task) -> AllowedAction:
    targets = return_targets(task) if name == RETURN else ()
    return AllowedAction(name=name, reason_required=wants_reason(task, name), targets=targets)


def _refusal_to_resolve(task: Task, actor: Actor) -> DomainError | None:
    refusal = permissions.refusal_of_state(task, actor)
    if refusal is not None:
        return refusal
    if is_delegate(task, actor) or may_take_back(task, actor):
        return None
    return NotDelegated()
