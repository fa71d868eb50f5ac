"""Readers of what is done beside completing: questions, rounds, drafts of delegates."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from directory.models import Person
from engine import actions
from engine.action_errors import ConsultationNotFound
from engine.action_models import Consultation, Rewind
from engine.bpmn import rounds
from engine.bpmn.rounds import Round
from engine.models import COMPLETED, READY, HistoryEntry, ProcessInstance, Task
from engine.runtime import Run
from engine.values import restored
from kernel import clock, db

NOW, COMING = "now", "coming"
LATELY = dt.timedelta(days=7)  #: what was sent earlier is taken back from its own page


@dataclasses.dataclass(frozen=True, kw_only=True)
class Signer:
    """Somebody of a round who has not done their part. `place`: 1 is the next, of those still to come."""

    person_id: uuid.UUID | None  #: None for a user name that nobody has
    username: str
    name: str
    state: str  #: NOW or COMING
    place: int


def list_consultations(task: Task) -> Sequence[Consultation]:
    """All questions beside a task, the oldest first."""
    query = sa.select(Consultation).where(Consultation.task_id == task.id).order_by(Consultation.id)
    return db.session().scalars(query.execution_options(populate_existing=True)).all()


def list_my_consultations(actor: Actor, *, limit: int = 200) -> Sequence[Consultation]:
    """Questions that wait for this person's answer, the oldest first."""
    query = sa.select(Consultation).join(Task, Task.id == Consultation.task_id).where(*_waits_for(actor))
    return db.session().scalars(query.order_by(Consultation.id).limit(limit)).all()


def count_my_consultations(actor: Actor) -> int:
    query = sa.select(sa.func.count()).select_from(Consultation).join(Task, Task.id == Consultation.task_id)
    return db.session().scalar(query.where(*_waits_for(actor))) or 0


def get_consultation(consultation_id: uuid.UUID, actor: Actor) -> Consultation:
    """For who asked and who was asked. Raises ConsultationNotFound."""
    found = db.session().get(Consultation, consultation_id, populate_existing=True)
    if found is None or actor.person_id is None or actor.person_id not in (found.person_id, found.asker_id):
        raise ConsultationNotFound
    return found


def was_consulted(task: Task, actor: Actor) -> bool:
    """About this task, now or earlier."""
    query = sa.select(sa.literal(1)).where(Consultation.task_id == task.id, Consultation.person_id == actor.person_id)
    return db.connection().execute(query.limit(1)).first() is not None


def has_open_consultation(task_id: uuid.UUID) -> bool:
    query = sa.select(sa.literal(1)).where(
        Consultation.task_id == task_id, Consultation.answered_at.is_(None), Consultation.withdrawn_at.is_(None)
    )
    return db.connection().execute(query.limit(1)).first() is not None


def list_signers(task: Task) -> list[Signer]:
    """Who is in the running round of this task and has not done their part; empty where it is no round of people."""
    found = _round(task)
    if found is None or not found.of_people:
        return []
    told = [(value, NOW, 0) for value in found.now]
    told += [(value, COMING, place) for place, value in enumerate(found.coming, 1)]
    query = sa.select(Person).where(
        Person.organization_id == task.organization_id, Person.username.in_([value for value, *_ in told])
    )
    people = {person.username: person for person in db.session().scalars(query)}
    return [_signer(value, people.get(value), state, place) for value, state, place in told]


def get_draft_values(task: Task) -> dict[str, Any]:
    """What a delegate has left for the owner's form."""
    return restored(task.draft) if task.draft else {}


def list_withdrawable(actor: Actor, *, limit: int = 5) -> list[Task]:
    """What this person has sent lately and may still take back, the newest first."""
    following = sa.alias(Task.__table__, "following")
    begun = sa.exists().where(
        following.c.instance_id == Rewind.instance_id,
        following.c.token == sa.any_(Rewind.following),
        sa.or_(following.c.state != READY, following.c.opened_at.is_not(None), following.c.claimed_at.is_not(None)),
    )
    sent = (
        sa.select(Task)
        .join(Rewind, Rewind.task_id == Task.id)
        .where(Rewind.organization_id == actor.organization_id, Rewind.person_id == actor.person_id)
        .where(Rewind.at > clock.now() - LATELY, Task.state == COMPLETED, ~begun)
        .order_by(Rewind.at.desc())
        .limit(limit)
    )
    found = db.session().scalars(sent.execution_options(populate_existing=True)).all()
    return [task for task in found if actions.refusal_to(actions.WITHDRAW, task, actor) is None]


def list_delegated(actor: Actor, *, limit: int = 50) -> Sequence[Task]:
    """Tasks of this person that somebody else works on, the earliest due first."""
    query = sa.select(Task).where(
        Task.organization_id == actor.organization_id,
        Task.owner_id == actor.person_id,
        sa.literal_column("engine_tasks.delegation") == sa.literal_column("'pending'"),
        Task.state == READY,
    )
    query = query.order_by(Task.due_at.asc().nulls_last(), Task.id).limit(limit)
    return db.session().scalars(query.execution_options(populate_existing=True)).all()


def list_actions(instance_id: uuid.UUID) -> Sequence[HistoryEntry]:
    """What people did beside completing in an instance, in the order in which it happened; `data` names the verb."""
    owner = sa.select(ProcessInstance.organization_id).where(ProcessInstance.id == instance_id).scalar_subquery()
    query = sa.select(HistoryEntry).where(
        HistoryEntry.organization_id == owner, HistoryEntry.instance_id == instance_id, HistoryEntry.kind == "action"
    )
    return db.session().scalars(query.order_by(HistoryEntry.id)).all()


def list_kept_out(task: Task) -> frozenset[uuid.UUID]:
    """Whom four eyes keep from the task: who did, or worked on, a task that it must be done differently from."""
    others = task.extensions.get("differentFrom")
    if not others:
        return frozenset()
    query = sa.select(Task.ended_by_id, Task.delegate_id).where(
        Task.instance_id == task.instance_id,
        Task.business_key == task.business_key,
        Task.element_id.in_(others),
        Task.state == COMPLETED,
    )
    return frozenset(person for row in db.connection().execute(query) for person in row if person is not None)


def _waits_for(actor: Actor) -> "tuple[sa.ColumnElement[bool], ...]":
    return (
        Consultation.organization_id == actor.organization_id,
        Consultation.person_id == actor.person_id,
        Consultation.answered_at.is_(None),
        Consultation.withdrawn_at.is_(None),
        Task.state == READY,
    )


def _round(task: Task) -> Round | None:
    if task.state != READY:
        return None
    snapshot = db.session().scalar(sa.select(ProcessInstance.snapshot).where(ProcessInstance.id == task.instance_id))
    run = Run(
        organization_id=task.organization_id,
        instance_id=task.instance_id,
        actor=Actor(organization_id=task.organization_id, person_id=None),
    )
    run.resume(snapshot or b"")
    return rounds.round_of(run.instance.find(task.token))


def _signer(username: str, person: Person | None, state: str, place: int) -> Signer:
    name = person.full_name if person else username
    return Signer(person_id=person.id if person else None, username=username, name=name, state=state, place=place)
