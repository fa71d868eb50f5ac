"""Who is told what, in the transaction that gave the reason. `key` names the reason, so nobody is told twice."""

from collections.abc import Iterable
from uuid import UUID

from deadlines.events import DeadlineMissed, DeadlineNear, TaskReminded
from directory.queries import get_person
from documents.events import DocumentInformed
from engine.events import TaskCancelled, TaskClaimed, TaskCompleted, TaskMigrated, TaskReady
from engine.models import Task
from kernel.events import listens
from notices import operations, people, sentences


@listens(TaskReady)
@listens(TaskMigrated)
def tell_of_new_task(event: TaskReady | TaskMigrated) -> None:
    """Those who hold it or may take it; not the person whose own action began the process with it. Whoever knew of it
    before it was migrated is not told again."""
    starter = people.starter_of(event.task)
    told = [person for person in people.holders_of(event.task) if person != starter]
    _tell(event.task, told, sentences.new_task(event.task), kind="task", key=f"task:{event.task.id}")


@listens(TaskClaimed)
def tell_of_given_task(event: TaskClaimed) -> None:
    """Whoever was given a task by somebody else hears of it; for everybody else it is settled."""
    task = event.task
    operations.settle_notices_about(task.id, except_person=task.assignee_id)
    if task.assignee_id is not None and task.assignee_id != event.actor.person_id:
        key = f"given:{task.id}:{task.claimed_at}"
        _tell(task, [task.assignee_id], sentences.given_task(task, event.actor.name), kind="task", key=key)


@listens(TaskCompleted)
def settle_completed(event: TaskCompleted) -> None:
    operations.settle_notices_about(event.task.id)


@listens(TaskCancelled)
def settle_cancelled(event: TaskCancelled) -> None:
    operations.settle_notices_about(event.task.id)


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


def _tell(task: Task, told: Iterable[UUID], sentence: str, *, kind: str, key: str) -> None:
    operations.notify(
        told, sentence, kind=kind, key=key, subject=("task", task.id), organization_id=task.organization_id
    )
