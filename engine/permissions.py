"""Who may do what with a task: one rule for the button and for the operation."""

import uuid

import sqlalchemy as sa

from directory import queries as directory
from directory.actors import Actor
from engine import holders
from engine.action_errors import DelegationPending
from engine.errors import (
    InstanceSuspended,
    NotCandidate,
    NotDesigner,
    NotDifferent,
    NotForOneself,
    NotManager,
    NotOfWhole,
    NotOwnUnit,
    NotWatcher,
    TaskNotFound,
    TaskNotReady,
    TaskTaken,
)
from engine.models import COMPLETED, READY, Task
from kernel import clock, db
from kernel.errors import DomainError

READERS = ("lanh-dao", "chanh-van-phong")  #: may read every document, so every task may be theirs
WHOLE = (*READERS, "quan-tri")  #: give the work of the whole organisation
MANAGERS = (*WHOLE, "truong-don-vi")
DESIGNERS = ("thiet-ke-quy-trinh", "quan-tri")
PENDING = "pending"  #: a task that somebody works on for its owner


def refusal_to_complete(task: Task, actor: Actor) -> DomainError | None:
    """Why this person may not complete the task now; None when they may."""
    refusal = _not_open(task, actor)
    if refusal is not None:
        return refusal
    if not _is_assigned(task, actor) and not (task.assignee_id is None and is_candidate(task, actor)):
        return NotCandidate()
    if task.delegation == PENDING:
        return DelegationPending()
    return refusal_of_same_eyes(task, actor.person_id)


def refusal_to_claim(task: Task, actor: Actor) -> DomainError | None:
    refusal = _not_open(task, actor)
    if refusal is not None:
        return refusal
    if task.assignee_id is not None:
        return TaskTaken("Việc này đã có người nhận. Tải lại trang để xem ai đang làm.")
    if not is_candidate(task, actor):
        return NotCandidate()
    return refusal_of_same_eyes(task, actor.person_id)


def refusal_to_release(task: Task, actor: Actor) -> DomainError | None:
    """Only what was offered to several can be given back."""
    refusal = _not_open(task, actor)
    if refusal is not None:
        return refusal
    if not _is_assigned(task, actor) or not (task.candidate_users or task.candidate_groups):
        return NotCandidate()
    return DelegationPending() if task.delegation == PENDING else None


def refusal_to_assign(task: Task, actor: Actor) -> DomainError | None:
    """Those who lead the organisation give any work to others, a unit's head that of the unit."""
    refusal = _not_open(task, actor)
    if refusal is not None or is_machine(actor) or actor.has_role(*WHOLE):
        return refusal
    if not is_manager(actor):
        return NotManager()
    return None if holders.unit_of(task) == actor.unit_id else NotOwnUnit()


def refusal_to_give(task: Task, person_id: uuid.UUID, actor: Actor) -> DomainError | None:
    """To this person. A task opens its document, so the administrator does not take what was not offered to them, and a
    unit's head gives nothing out of the unit."""
    if is_machine(actor) or actor.has_role(*READERS):
        return None
    if actor.has_role(*WHOLE):
        takes = person_id == actor.person_id and not is_candidate(task, actor)
        return NotForOneself() if takes else None
    units = {office.unit_id for office in directory.list_appointments(person_id)}
    return None if actor.unit_id in units else NotOwnUnit()


def may_operate(actor: Actor) -> bool:
    """May move, repair and end processes from outside: that touches work of every unit."""
    return is_machine(actor) or actor.has_role(*WHOLE)


def may_watch(actor: Actor) -> bool:
    """May see where every process of the organisation stands; whoever draws them too, so that they learn from it."""
    return may_operate(actor) or actor.has_role(*DESIGNERS)


def require_whole(actor: Actor) -> None:
    """What moves a process from outside may touch work of every unit."""
    if not may_operate(actor):
        raise NotOfWhole


def require_watcher(actor: Actor) -> None:
    if not may_watch(actor):
        raise NotWatcher


def may_deploy(actor: Actor) -> bool:
    return is_machine(actor) or actor.has_role(*DESIGNERS)


def require_designer(actor: Actor) -> None:
    if not may_deploy(actor):
        raise NotDesigner


def is_manager(actor: Actor) -> bool:
    return is_machine(actor) or actor.has_role(*MANAGERS)


def is_machine(actor: Actor) -> bool:
    return actor.person_id is None


def is_candidate(task: Task, actor: Actor) -> bool:
    """By user name or by one of the groups of the office held."""
    return actor.username in task.candidate_users or not actor.groups.isdisjoint(task.candidate_groups)


def _is_assigned(task: Task, actor: Actor) -> bool:
    return task.assignee_id is not None and task.assignee_id == actor.person_id


def refusal_of_state(task: Task, actor: Actor) -> DomainError | None:
    """Whoever it is: no such task in their organisation, or it is not open."""
    return _not_open(task, actor)


def _not_open(task: Task, actor: Actor) -> DomainError | None:
    if task.organization_id != actor.organization_id:
        return TaskNotFound()
    if task.state != READY:
        return not_ready(task)
    return InstanceSuspended() if task.suspended else None


def not_ready(task: Task) -> TaskNotReady:
    """Names who ended the task and when."""
    if task.ended_at is None:
        return TaskNotReady()
    when = f"{clock.local(task.ended_at):%H:%M ngày %d/%m/%Y}"
    if task.state == COMPLETED:
        told = f"Việc này {task.ended_by_name} đã hoàn thành lúc {when}."
    else:
        told = f"Việc này đã được thu lại lúc {when}."
    return TaskNotReady(told, name=task.ended_by_name, at=task.ended_at, state=task.state)


def refusal_of_same_eyes(task: Task, person_id: uuid.UUID | None) -> DomainError | None:
    """Four eyes: whoever did one of the tasks that moc:differentFrom names, or worked on it for its owner, may not do
    this one."""
    others = task.extensions.get("differentFrom")
    if not others or person_id is None:
        return None
    did_it = sa.select(sa.literal(1)).where(
        Task.instance_id == task.instance_id,
        Task.business_key == task.business_key,
        Task.element_id.in_(others),
        Task.state == COMPLETED,
        sa.or_(Task.ended_by_id == person_id, Task.delegate_id == person_id),
    )
    return NotDifferent() if db.connection().execute(did_it.limit(1)).first() else None
