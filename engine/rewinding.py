"""Taking a completion back: the state before it, and whether nothing has happened since that stays.

A task whose diagram lists `withdraw` keeps the snapshot of before its completion (Rewind). While the instance has not
moved since, that snapshot is the state again. When other branches have moved, only what the completion itself made
goes, and its own token comes back without the variables it had handed in; that works unless the completion had touched
tokens of others (a join, a round that was complete, an interrupted step).
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import registry, snapshots, specs, values, ways
from engine.action_errors import CannotWithdraw, NotOffered
from engine.action_models import Rewind
from engine.bpmn import events
from engine.bpmn.tokens import Instance
from engine.errors import TaskNotFound
from engine.models import ACTIVE, COMPLETED, ExternalTask, HistoryEntry, ProcessInstance, Task
from engine.snapshots import ScopeRow, Snapshot, TokenRow
from kernel import clock, db
from kernel.errors import DomainError

DECLARED = "withdraw"
INSERT = """
INSERT INTO engine_rewinds
    (task_id, organization_id, person_id, instance_id, version, numbers_before, numbers_after, following, alone,
    snapshot, at)
SELECT %(rewind_task_id)s::uuid, %(organization_id)s::uuid, %(person_id)s::uuid, g.id, %(version)s::int + 1,
    %(rewind_numbers_before)s::int, %(rewind_numbers_after)s::int, %(rewind_following)s::int[],
    %(rewind_alone)s::bool, %(rewind_snapshot)s::bytea, %(now)s::timestamptz
FROM guarded g
ON CONFLICT (task_id) DO UPDATE
SET (person_id, version, numbers_before, numbers_after, following, alone, snapshot, at) = (excluded.person_id,
    excluded.version, excluded.numbers_before, excluded.numbers_after, excluded.following, excluded.alone,
    excluded.snapshot, excluded.at)"""
THROWN = (events.MESSAGE, events.SIGNAL)


# --------------------------------------------------------------------------------------------------- at the completion
def is_kept(task: Task) -> bool:
    """Its diagram lets its doer take it back."""
    return any(action.get("name") == DECLARED for action in task.extensions.get("actions") or ())


def parameters(task: Task, before: bytes, after: Instance) -> dict[str, Any]:
    """Of INSERT. `before`: the snapshot without the completion; `after`: the instance with it, not yet pruned."""
    earlier = snapshots.read(before)
    rows = [TokenRow(*row) for scope in earlier.scopes for row in scope.tokens]
    alive = {token.id for token in after.tokens()}
    own = {task.token} | {row.number for row in rows if row.parent == task.token}
    body = next((row.parent for row in rows if row.number == task.token), 0)
    untouched = {row.number for row in rows} - own <= alive
    return {
        "rewind_task_id": task.id,
        "rewind_numbers_before": earlier.numbers,
        "rewind_numbers_after": after.numbers,
        "rewind_following": sorted(number for number in alive if number > earlier.numbers),
        "rewind_alone": untouched and not (body and _is_sequential(after, body)),
        "rewind_snapshot": before,
    }


def _is_sequential(after: Instance, body: int) -> bool:
    """A round one after the other keeps its own list of who comes next."""
    found = next((scope.tasks[body] for scope in after.all_scopes() if body in scope.tasks), None)
    return found is None or bool(getattr(found.task_spec, "sequential", False))


# -------------------------------------------------------------------------------------------------------- may it go?
def refusal(task: Task, actor: Actor) -> DomainError | None:
    """Why this person may not take the completion back now; None when they may."""
    if task.organization_id != actor.organization_id:
        return TaskNotFound()
    if not is_kept(task) or task.state != COMPLETED or task.ended_by_id is None or task.ended_by_id != actor.person_id:
        return NotOffered(task=task.name, verb="thu hồi")
    reason = _obstacle(task)
    return CannotWithdraw(reason=reason) if reason else None


def get(task: Task) -> Rewind:
    """Raises CannotWithdraw where nothing is kept any more."""
    found = db.session().get(Rewind, task.id, populate_existing=True)
    if found is None:
        raise CannotWithdraw(reason="việc này đã qua thời gian thu hồi.")
    return found


def is_exact(rewind: Rewind, version: int) -> bool:
    """Nothing else in the instance has moved since."""
    return rewind.version == version


def _obstacle(task: Task) -> str:
    """What has happened since, in words; empty when nothing has."""
    rewind = db.session().get(Rewind, task.id, populate_existing=True)
    instance = db.session().get(ProcessInstance, task.instance_id, populate_existing=True)
    if rewind is None or instance is None:
        return "việc này đã qua thời gian thu hồi."
    if instance.state != ACTIVE:
        return "quy trình đã kết thúc hoặc đang tạm dừng."
    exact, now = is_exact(rewind, instance.version), snapshots.read(instance.snapshot).scopes
    if not rewind.alone and not exact:
        return "nhánh khác của quy trình đã đi tiếp từ lúc đó."
    return _displaced(task, rewind, now, exact=exact) or _followed(task, rewind, now) or _left_house(task, rewind)


def _displaced(task: Task, rewind: Rewind, now: Sequence[ScopeRow], *, exact: bool) -> str:
    """What was before does not fit any more into what is."""
    before = snapshots.read(rewind.snapshot)
    if _is_elsewhere(before.scopes, now):
        return "quy trình đã chuyển sang phiên bản khác."
    return "" if exact or _has_place(task.token, before, now) else "phần quy trình có việc này đã xong."


def _followed(task: Task, rewind: Rewind, scopes: Sequence[ScopeRow]) -> str:
    alive = {row[0] for scope in scopes for row in scope.tokens}
    if not set(rewind.following) <= alive:
        return "bước sau đã được xử lý."
    query = sa.select(Task).where(Task.instance_id == task.instance_id, Task.token.in_(rewind.following))
    for following in db.session().scalars(query.execution_options(populate_existing=True)):
        if following.opened_at is not None:
            return f"bước “{following.name}” đã có người mở xem lúc {clock.local(following.opened_at):%H:%M %d/%m/%Y}."
        if following.claimed_at is not None:
            return f"bước “{following.name}” đã có người nhận lúc {clock.local(following.claimed_at):%H:%M %d/%m/%Y}."
        if _has_reminded(following, rewind):
            return f"sự kiện bên cạnh bước “{following.name}” đã xảy ra."
    return ""


def _is_elsewhere(before: Sequence[ScopeRow], now: Sequence[ScopeRow]) -> bool:
    """The instance, or a process that it has called, runs on another definition now."""
    then = {scope.root: scope.definition for scope in before}
    return any(then.get(scope.root, scope.definition) != scope.definition for scope in now)


def _has_place(token: int, before: Snapshot, now: Sequence[ScopeRow]) -> bool:
    """What the token hung on is there: its scope and, for an element of a round, the round."""
    scope = _scope_of(before, token)
    parent = next(row[TokenRow._fields.index("parent")] for row in scope.tokens if row[0] == token)
    place = next((other for other in now if other.root == scope.root), None)
    return place is not None and (not parent or any(row[0] == parent for row in place.tokens))


def _has_reminded(following: Task, rewind: Rewind) -> bool:
    """A boundary event that does not interrupt has happened: what it began goes on by itself."""
    root = specs.spec_of(following.definition_id)
    path = ways.find_path(root, following.element_id) or ()
    happened = sa.select(sa.literal(1)).where(
        HistoryEntry.organization_id == following.organization_id,
        HistoryEntry.instance_id == following.instance_id,
        HistoryEntry.token > rewind.numbers_after,
        HistoryEntry.element_id.in_(ways.scope_at(root, path).task_specs[following.element_id].boundary),
    )
    return db.connection().execute(happened.limit(1)).first() is not None


def _left_house(task: Task, rewind: Rewind) -> str:
    """A machine that works, or has worked, and nothing registered takes its work back (a number is used for good)."""
    given = sa.select(ExternalTask.element_id).where(
        ExternalTask.instance_id == task.instance_id,
        ExternalTask.token > rewind.numbers_before,
        ExternalTask.token <= rewind.numbers_after,
    )
    if db.connection().execute(given.limit(1)).first() is not None:
        return "việc đã được chuyển cho hệ thống thực hiện."
    for row, node in _passed(task, rewind):
        service = getattr(node, "service", "")
        if service and registry.find_undo(service) is None:
            return f"bước “{row.element_name or row.element_id}” đã được hệ thống thực hiện và không hoàn lại được."
        if isinstance(node, events.Throwing) and node.event is not None and node.event.kind in THROWN:
            return f"“{row.element_name or row.element_id}” đã báo cho quy trình khác."
    return ""


def handed_in(task: Task) -> dict[str, Any]:
    """The values that its last completion brought."""
    query = sa.select(HistoryEntry.data).where(
        HistoryEntry.organization_id == task.organization_id,
        HistoryEntry.instance_id == task.instance_id,
        HistoryEntry.token == task.token,
        HistoryEntry.kind == "completed",
    )
    told = db.connection().scalar(query.order_by(HistoryEntry.id.desc()).limit(1))
    return values.restored(told) if told else {}


def services_to_undo(task: Task, rewind: Rewind) -> list[tuple[str, uuid.UUID, str]]:
    """Registered name, definition and element of the machine steps that the completion made run, newest first."""
    passed = reversed(list(_passed(task, rewind)))
    return [(node.service, row.definition_id, row.element_id) for row, node in passed if getattr(node, "service", "")]


def _passed(task: Task, rewind: Rewind) -> Iterator[tuple[Any, Any]]:
    """What the completion has made run through at once: line of history, node."""
    query = sa.select(HistoryEntry).where(
        HistoryEntry.organization_id == task.organization_id,
        HistoryEntry.instance_id == task.instance_id,
        HistoryEntry.token > rewind.numbers_before,
        HistoryEntry.token <= rewind.numbers_after,
        HistoryEntry.kind == "completed",
    )
    for row in db.session().scalars(query.order_by(HistoryEntry.id)):
        root = specs.spec_of(row.definition_id)
        path = ways.find_path(root, row.element_id)
        if path is not None:
            yield row, ways.scope_at(root, path).task_specs[row.element_id]


# ------------------------------------------------------------------------------------------------------ the state again
def rewound(rewind: Rewind, now: bytes, *, token: int, handed_in: Mapping[str, Any], exact: bool) -> bytes:
    """The snapshot to go on from. `now`: the instance without what had followed; `handed_in`: by the completion.

    Numbers go on from where they are: a token's number is used once.
    """
    before, current = snapshots.read(rewind.snapshot), snapshots.read(now)
    if exact:
        return snapshots.write(before._replace(numbers=current.numbers))
    scope = _scope_of(before, token)
    target = next(other for other in current.scopes if other.root == scope.root)
    for row in map(TokenRow._make, scope.tokens):
        if token in (row.number, row.parent):
            target.tokens.append(list(row))
    _count_down(target, next(TokenRow(*row) for row in scope.tokens if row[0] == token))
    _restore(before.scopes, current.scopes, handed_in)
    return snapshots.write(current)


def _scope_of(snapshot: Snapshot, token: int) -> ScopeRow:
    return next(scope for scope in snapshot.scopes if any(row[0] == token for row in scope.tokens))


def _count_down(scope: ScopeRow, element: TokenRow) -> None:
    """An element of a round is at work again."""
    for row in map(TokenRow._make, scope.tokens):
        if row.number == element.parent and row.data and "nrOfCompletedInstances" in row.data:
            row.data["nrOfCompletedInstances"] -= 1
            row.data["nrOfActiveInstances"] += 1


def _restore(before: Sequence[ScopeRow], now: Sequence[ScopeRow], handed_in: Mapping[str, Any]) -> None:
    """What the completion handed in, and nobody has changed since, is as it was."""
    earlier = {scope.root: scope.variables for scope in before}
    for scope in now:
        was = earlier.get(scope.root, {})
        for name, value in handed_in.items():
            if name not in scope.variables or scope.variables[name] != value:
                continue
            if name in was:
                scope.variables[name] = was[name]
            else:
                del scope.variables[name]
