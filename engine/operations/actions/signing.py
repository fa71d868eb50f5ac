"""Thêm, bớt người ký: who has a turn in a running round, at once or one after the other."""

import uuid

import sqlalchemy as sa

from directory.actors import Actor
from directory.models import Person
from engine import actions, store
from engine.action_errors import AlreadySigner, NoRound, UnknownSigner
from engine.bpmn import rounds
from engine.bpmn.rounds import Round
from engine.events import SignerAdded, SignerRemoved
from engine.models import Task
from engine.operations import advancing
from engine.operations.actions import parts
from engine.runtime import Run
from engine.store import Locked
from kernel import db, events


def add_signer(task_id: uuid.UUID, person_id: uuid.UUID, *, place: int = 1, actor: Actor) -> Task:
    """One more person in the round of this task. All at once: their task opens now. One after the other: they are the
    `place`-th after whose turn it is.

    Raises NotOffered, NoRound, AlreadySigner, UnsuitablePerson, NotDifferent, TaskNotReady, NotCandidate.
    """
    task, locked = store.lock_task(task_id)
    parts.require(actions.ADD_SIGNER, task, actor)
    person = parts.colleague(person_id, task, actor=actor)
    parts.require_other_eyes(task, person.id)
    run = advancing.resume(locked, actor=actor)
    found = _round(run, task)
    if person.username in [*found.now, *found.coming]:
        raise AlreadySigner(name=person.full_name)
    rounds.add(found, person.username, place=place)
    _go_on(run, task, locked, person=person, verb=actions.ADD_SIGNER)
    events.emit(SignerAdded(task=task, person_id=person.id, waits=found.sequential, actor=actor))
    return task


def remove_signer(task_id: uuid.UUID, person_id: uuid.UUID, *, actor: Actor) -> Task:
    """Takes away the turn of somebody else in the round who has not done it. The round may be complete by that.

    Raises NotOffered, NoRound, UnknownSigner, TaskNotReady, NotCandidate.
    """
    task, locked = store.lock_task(task_id)
    parts.require(actions.REMOVE_SIGNER, task, actor)
    person = parts.colleague(person_id, task, actor=actor)
    run = advancing.resume(locked, actor=actor)
    found = _round(run, task)
    if person.username not in [*found.now, *found.coming]:
        raise UnknownSigner(name=person.full_name)
    rounds.remove(found, person.username)
    _go_on(run, task, locked, person=person, verb=actions.REMOVE_SIGNER)
    events.emit(SignerRemoved(task=task, person_id=person.id, actor=actor))
    return task


def _round(run: Run, task: Task) -> Round:
    found = rounds.round_of(run.instance.find(task.token))
    if found is None or not found.of_people:
        raise NoRound(task=task.name)
    return found


def _go_on(run: Run, task: Task, locked: Locked, *, person: Person, verb: str) -> None:
    actor = run.actor
    run.instance.do_engine_steps()
    changes, written = advancing.save(run, locked, actor=actor)
    for opened in written.tasks:
        if opened.element_id == task.element_id and opened.assignee_id is None and verb == actions.ADD_SIGNER:
            _give(opened, person)
    parts.tell_history(task, verb, actor=actor, person=person.full_name)
    advancing.tell(changes, written, locked)


def _give(opened: Task, person: Person) -> None:
    """Their turn, whatever the diagram says of those it knows."""
    db.connection().execute(sa.update(Task).where(Task.id == opened.id).values(assignee_id=person.id))
    store.update_kept(opened, {"assignee_id": person.id})
