"""Who is told what, in the transaction that gave the reason. `key` names the reason, so nobody is told twice."""

from collections.abc import Iterable
from uuid import UUID

from deadlines.events import DeadlineMissed, DeadlineNear, TaskReminded
from directory.queries import get_person
from documents.events import DocumentInformed
from engine.events import (
    ConsultationAsked,
    ConsultationEnded,
    IncidentOpened,
    SignerAdded,
    SignerRemoved,
    TaskClaimed,
    TaskDelegated,
    TaskMigrated,
    TaskResolved,
    TasksMoved,
    TaskWithdrawn,
)
from engine.models import COMPLETED, Task
from kernel.events import listens
from notices import operations, people, sentences

REPAIRERS = ("chanh-van-phong", "quan-tri")  #: roles that look after processes


@listens(TasksMoved)
def follow_tasks(event: TasksMoved) -> None:
    """What was told of ended tasks is settled; new ones are told of."""
    starter = None
    if event.ready and not any(task.state == COMPLETED for task in event.ended):
        starter = people.starter_of(event.ready[0])
    news = [_news_of(task, starter=starter) for task in event.ready]
    operations.follow(ended=[task.id for task in event.ended], news=news)


@listens(TaskMigrated)
def tell_of_migrated_task(event: TaskMigrated) -> None:
    """Whoever knew of it before is not told again."""
    operations.follow(ended=[], news=[_news_of(event.task, starter=people.starter_of(event.task))])


def _news_of(task: Task, *, starter: UUID | None) -> operations.News:
    """For those who hold it or may take it; not for the person whose own action began the process with it. One that was
    sent back says by whom and why."""
    told, returned = people.holders_of(task), task.extensions.get("returned")
    if returned:
        kind, sentence = "back", sentences.returned_task(task, returned)
    else:
        kind, sentence = "task", sentences.new_task(task)
        told = [person for person in told if person != starter]
    return operations.News(
        people=told,
        sentence=sentence,
        kind=kind,
        key=f"task:{task.id}",
        subject=("task", task.id),
        organization_id=task.organization_id,
    )


@listens(TaskClaimed)
def tell_of_given_task(event: TaskClaimed) -> None:
    """Whoever was given a task by somebody else hears of it; for everybody else it is settled."""
    task = event.task
    operations.settle_notices_about(task.id, except_person=task.assignee_id)
    if task.assignee_id is not None and task.assignee_id != event.actor.person_id:
        key = f"given:{task.id}:{task.claimed_at}"
        _tell(task, [task.assignee_id], sentences.given_task(task, event.actor.name), kind="task", key=key)


@listens(TaskWithdrawn)
def tell_of_withdrawn_task(event: TaskWithdrawn) -> None:
    """Whoever had it personally: it is gone again."""
    for task in event.cancelled:
        if task.assignee_id not in (None, event.actor.person_id):
            sentence = sentences.withdrawn_task(task, event.actor.name)
            _tell(task, [task.assignee_id], sentence, kind="back", key=f"withdrawn:{task.id}")


@listens(ConsultationAsked)
def tell_of_question(event: ConsultationAsked) -> None:
    one = event.consultation
    sentence = sentences.asked_about(event.task, one.asker_name)
    _tell(event.task, [one.person_id], sentence, kind="consult", key=f"consult:{one.id}")


@listens(ConsultationEnded)
def tell_of_answer(event: ConsultationEnded) -> None:
    """The asker hears of an answer, and who was asked of a question that is taken back."""
    one = event.consultation
    answered = one.answered_at is not None
    told = one.asker_id if answered else one.person_id
    said = sentences.answered_about(event.task, one.person_name)
    sentence = said if answered else sentences.unasked_about(event.task, event.actor.name)
    if told != event.actor.person_id:
        _tell(event.task, [told], sentence, kind="consult", key=f"consult:{one.id}:{event.actor.person_id}")


@listens(SignerAdded)
def tell_of_turn(event: SignerAdded) -> None:
    """Whose turn comes later; a turn that has come is a new task."""
    if event.waits:
        sentence = sentences.added_to(event.task, event.actor.name)
        _tell(event.task, [event.person_id], sentence, kind="inform", key=f"turn:{event.task.id}:{event.person_id}")


@listens(SignerRemoved)
def tell_of_lost_turn(event: SignerRemoved) -> None:
    sentence = sentences.removed_from(event.task, event.actor.name)
    key = f"no-turn:{event.task.id}:{event.person_id}"
    _tell(event.task, [event.person_id], sentence, kind="back", key=key)


@listens(TaskDelegated)
def tell_of_delegated_task(event: TaskDelegated) -> None:
    task = event.task
    operations.settle_notices_about(task.id, except_person=task.delegate_id)
    sentence = sentences.delegated_task(task, event.actor.name)
    _tell(task, [task.delegate_id], sentence, kind="task", key=f"delegated:{task.id}:{task.claimed_at}")


@listens(TaskResolved)
def tell_of_resolved_task(event: TaskResolved) -> None:
    """The owner, or, when the owner took it back, the delegate."""
    task = event.task
    operations.settle_notices_about(task.id)
    back = event.actor.person_id == task.owner_id
    told, sentence = (
        (task.delegate_id, sentences.taken_back_task(task, event.actor.name))
        if back
        else (task.owner_id, sentences.resolved_task(task, event.actor.name))
    )
    _tell(task, [told], sentence, kind="task", key=f"resolved:{task.id}:{task.claimed_at}")


@listens(DeadlineNear)
def tell_of_near_deadline(event: DeadlineNear) -> None:
    told = people.holders_of(event.task)
    _tell(event.task, told, sentences.near_task(event.task), kind="remind", key=f"alert:{event.alert_id}")


@listens(DeadlineMissed)
def tell_of_missed_deadline(event: DeadlineMissed) -> None:
    """Those who hold the task, and the group it escalates to."""
    task = event.task
    told = people.holders_of(task) + people.members_of(task.organization_id, event.groups)
    holder = get_person(task.assignee_id).full_name if task.assignee_id else ""
    _tell(task, told, sentences.missed_task(task, holder), kind="escalate", key=f"alert:{event.alert_id}")


@listens(TaskReminded)
def tell_of_reminder(event: TaskReminded) -> None:
    told = people.holders_of(event.task)
    sentence = sentences.reminded_task(event.task, event.actor.name)
    _tell(event.task, told, sentence, kind="remind", key=f"reminder:{event.reminder_id}")


@listens(DocumentInformed)
def tell_of_information(event: DocumentInformed) -> None:
    """The heads of the units, a unit without a head as a whole; not the leader who decides it."""
    told = [person for code in event.unit_codes for person in people.heads_of(event.actor.organization_id, code)]
    operations.notify(
        [person for person in told if person != event.actor.person_id],
        sentences.informed_document(event.document_id),
        kind="inform",
        key=f"inform:{event.directive_id}",
        subject=("document", event.document_id),
        organization_id=event.actor.organization_id,
    )


@listens(IncidentOpened)
def tell_of_incident(event: IncidentOpened) -> None:
    """Those who can do something about it; each incident once."""
    incident = event.incident
    operations.notify(
        people.members_of(incident.organization_id, REPAIRERS),
        sentences.opened_incident(incident),
        kind="incident",
        key=f"incident:{incident.id}",
        subject=("incident", incident.id),
        organization_id=incident.organization_id,
    )


def _tell(task: Task, told: Iterable[UUID | None], sentence: str, *, kind: str, key: str) -> None:
    known = [person for person in told if person is not None]
    operations.notify(
        known, sentence, kind=kind, key=key, subject=("task", task.id), organization_id=task.organization_id
    )
