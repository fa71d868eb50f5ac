"""Trả lại, từ chối: the token goes where the diagram says, with a reason."""

import uuid
from typing import Any

import sqlalchemy as sa

from directory import queries as directory
from directory.actors import Actor
from engine import actions, permissions, store, ways
from engine.bpmn import returning
from engine.errors import CannotProceed
from engine.events import TaskReturned
from engine.models import HistoryEntry, Task
from engine.operations import advancing
from engine.operations.actions import parts
from engine.runtime import Run
from engine.store import Locked
from engine.ways import Target
from kernel import clock, db, events


def return_task(task_id: uuid.UUID, to: str = ways.PREVIOUS, *, reason: str, actor: Actor) -> Task:
    """Trả lại: sends the task back to an earlier step, to whoever did it the last time.

    Raises NotOffered, NowhereBack, ReasonMissing, TaskNotReady, NotCandidate, CannotMove, CannotProceed.
    """
    task, locked = store.lock_task(task_id)
    parts.require(actions.RETURN, task, actor)
    told = parts.reason_for(actions.RETURN, task, reason)
    target = actions.return_target(task, to)
    run = advancing.resume(locked, actor=actor)
    _send_back(run, task, target)
    mark = _mark(task, target.element_id, actions.RETURN, told, actor)
    _finish(task, run, locked, target=target, mark=mark, actor=actor)
    return task


def reject_task(task_id: uuid.UUID, *, reason: str, actor: Actor) -> Task:
    """Từ chối: the token goes to the element that the diagram names, or throws the error REJECTED out of the task.

    Raises NotOffered, ReasonMissing, TaskNotReady, NotCandidate, CannotMove, CannotProceed.
    """
    task, locked = store.lock_task(task_id)
    parts.require(actions.REJECT, task, actor)
    told = parts.reason_for(actions.REJECT, task, reason)
    to = (actions.declared(task, actions.REJECT) or {}).get("to", "")
    run = advancing.resume(locked, actor=actor)
    target = _reject(run, task, to)
    mark = _mark(task, to, actions.REJECT, told, actor)
    _finish(task, run, locked, target=target, mark=mark, actor=actor)
    return task


def _send_back(run: Run, task: Task, target: Target) -> None:
    path = target.steps[-1].path
    way = [(step.element_id, step.token, step.flow) for step in target.steps if step.path == path]
    returning.send_back(run.instance, task.token, way, len(path), target.element_id)
    run.instance.do_engine_steps()


def _reject(run: Run, task: Task, to: str) -> Target | None:
    """To a step that the token has passed as by returning, which keeps the other branches sound."""
    target = next(iter(ways.targets_of(task, [to])), None) if to else None
    if target is not None:
        _send_back(run, task, target)
    elif to:
        returning.send_to(run.instance, task.token, len(ways.shared_path(task, to)), to)
        run.instance.do_engine_steps()
    elif returning.reject(run.instance, task.token):
        run.instance.do_engine_steps()
    else:
        raise CannotProceed(element=task.name, reason="sơ đồ không có nhánh nào nhận việc bị từ chối.")
    return target


def _mark(task: Task, to: str, verb: str, reason: str, actor: Actor) -> dict[str, Any]:
    """What the step that the token went to shows: who sent it back, from where, why, how often."""
    earlier = sa.select(sa.func.count()).where(
        HistoryEntry.organization_id == task.organization_id,
        HistoryEntry.instance_id == task.instance_id,
        HistoryEntry.kind == "action",
        HistoryEntry.data["verb"].astext == verb,
        HistoryEntry.data["to"].astext == to,
    )
    times = (db.connection().scalar(earlier) or 0) + 1
    return {
        "verb": verb,
        "from": task.element_id,
        "to": to,
        "name": task.name,
        "by": actor.name,
        "reason": reason,
        "times": times,
        "at": clock.now().isoformat(),
    }


def _finish(task: Task, run: Run, locked: Locked, *, target: Target | None, mark: dict[str, Any], actor: Actor) -> None:
    changes, written = advancing.save(run, locked, actor=actor)
    for opened in written.tasks:
        if opened.element_id == mark["to"] and opened.definition_id == task.definition_id:
            _present(opened, task, target, mark)
    told = {name: mark[name] for name in ("from", "to", "reason", "times")}
    parts.tell_history(task, mark["verb"], actor=actor, **told)
    events.emit(TaskReturned(task=task, verb=mark["verb"], reason=mark["reason"], actor=actor))
    advancing.tell(changes, written, locked)


def _present(opened: Task, task: Task, target: Target | None, mark: dict[str, Any]) -> None:
    """Says why it is there again, and gives it to whoever did it the last time, who need not claim it."""
    told: dict[str, Any] = {"extensions": {**opened.extensions, "returned": mark}}
    doer = None if target is None else _doer(opened, task, target)
    if doer is not None:
        told["assignee_id"] = doer
    db.connection().execute(sa.update(Task).where(Task.id == opened.id).values(**told))
    store.update_kept(opened, told)


def _doer(opened: Task, task: Task, target: Target) -> uuid.UUID | None:
    """Still here, and not kept from it by four eyes since."""
    last = ways.last_doer(task, target)
    if last is None or last.ended_by_id is None:
        return None
    person = directory.get_person(last.ended_by_id)
    kept_out = permissions.refusal_of_same_eyes(opened, person.id) is not None
    return person.id if person.active and not kept_out else None
