"""Xin ý kiến: questions to colleagues while the task stays where it is."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from directory.actors import Actor
from engine import actions, permissions
from engine.action_errors import ConsultationNotFound, ConsultationOver, UnsuitablePerson
from engine.action_models import Consultation
from engine.events import ConsultationAsked, ConsultationEnded
from engine.models import READY, Task
from engine.operations.actions import parts
from kernel import clock, db, events

CONSULT, ANSWER, WITHDRAW = "consult", "answer", "withdraw_consultation"
MAX_PEOPLE = 20  #: asked at once


def consult(
    task_id: uuid.UUID, people: uuid.UUID | Sequence[uuid.UUID], question: str, *, actor: Actor
) -> list[Consultation]:
    """Asks one or several colleagues; the token does not move, and nothing waits for the answers.

    Raises NotOffered, TaskNotReady, NotCandidate, UnsuitablePerson, Invalid.
    """
    task = parts.lock(task_id)
    parts.require(actions.CONSULT, task, actor)
    told = parts.text(question, "question", missing="Ghi điều cần hỏi.")
    wanted = list(dict.fromkeys([people] if isinstance(people, uuid.UUID) else people))
    if not 0 < len(wanted) <= MAX_PEOPLE:
        raise UnsuitablePerson({"person": f"Chọn từ 1 đến {MAX_PEOPLE} người để hỏi."})
    asked = [_ask(task, person_id, told, actor) for person_id in wanted]
    names = [one.person_name for one in asked]
    parts.tell_history(task, CONSULT, actor=actor, people=names, question=told)
    for one in asked:
        events.emit(ConsultationAsked(task=task, consultation=one, actor=actor))
    return asked


def answer_consultation(consultation_id: uuid.UUID, text: str, *, actor: Actor) -> Consultation:
    """The person who was asked answers, once. Raises ConsultationNotFound, ConsultationOver, Invalid."""
    one, task = _lock(consultation_id)
    if one.person_id != actor.person_id:
        raise ConsultationNotFound
    _require_pending(one, task)
    one.answer = parts.text(text, "answer", missing="Ghi ý kiến trả lời.")
    one.answered_at = clock.now()
    _end(one, task, ANSWER, actor)
    return one


def withdraw_consultation(consultation_id: uuid.UUID, *, actor: Actor) -> Consultation:
    """Whoever asked, or holds the task now, takes an unanswered question back. Raises ConsultationNotFound,
    ConsultationOver."""
    one, task = _lock(consultation_id)
    if one.asker_id != actor.person_id and permissions.refusal_to_complete(task, actor) is not None:
        raise ConsultationNotFound
    _require_pending(one, task)
    one.withdrawn_at = clock.now()
    _end(one, task, WITHDRAW, actor)
    return one


def _ask(task: Task, person_id: uuid.UUID, question: str, actor: Actor) -> Consultation:
    person = parts.colleague(person_id, task, actor=actor)
    waiting = sa.select(Consultation.id).where(
        Consultation.task_id == task.id,
        Consultation.person_id == person.id,
        Consultation.answered_at.is_(None),
        Consultation.withdrawn_at.is_(None),
    )
    if db.connection().execute(waiting.limit(1)).first() is not None:
        raise UnsuitablePerson({"person": f"{person.full_name} đang có câu hỏi chưa trả lời về việc này."})
    one = Consultation(
        organization_id=task.organization_id,
        instance_id=task.instance_id,
        task_id=task.id,
        asker_id=actor.person_id,
        asker_name=actor.name,
        person_id=person.id,
        person_name=person.full_name,
        question=question,
        asked_at=clock.now(),
        answer="",
    )
    db.session().add(one)
    db.session().flush()
    return one


def _lock(consultation_id: uuid.UUID) -> tuple[Consultation, Task]:
    """The task first, as everybody does, then the question."""
    found = db.session().get(Consultation, consultation_id)
    if found is None:
        raise ConsultationNotFound
    task = parts.lock(found.task_id)
    db.session().refresh(found, with_for_update=True)
    return found, task


def _require_pending(one: Consultation, task: Task) -> None:
    if not one.pending or task.state != READY:
        raise ConsultationOver


def _end(one: Consultation, task: Task, verb: str, actor: Actor) -> None:
    db.session().flush()
    parts.tell_history(task, verb, actor=actor, consultation=str(one.id), person=one.person_name, answer=one.answer)
    events.emit(ConsultationEnded(task=task, consultation=one, actor=actor))
