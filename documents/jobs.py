"""Number, date and seal in one revision of the signed file: outside any transaction, tried again with the same number.

Killed anywhere, a later run finds what was done: the sealed file of a version is one row, and the process goes on once.
"""

import dataclasses
import datetime as dt
import logging
import uuid

import sqlalchemy as sa

from directory import queries as directory_queries
from directory.actors import Actor, machine
from documents import issuing
from documents.issuing import SEAL
from documents.models import Document
from documents.operations import moving, numbering_acts, storing
from engine import queries as engine_queries
from engine.models import ExternalTask
from engine.operations import complete_external_task
from kernel import clock, db, files, jobs, ticker
from kernel.errors import DomainError
from signing.model import Report
from signing.seal import number_and_seal

log = logging.getLogger(__name__)

AGAIN_AFTER = dt.timedelta(minutes=5)  #: when a job has given up or was lost, the ticker starts another


@dataclasses.dataclass(frozen=True, kw_only=True)
class SealOrder:
    """What is to be sealed: the signed bytes, number and date, whose seal."""

    document_id: uuid.UUID
    external_task_id: uuid.UUID
    signed_pdf: bytes
    number: str
    date: dt.date
    organization_code: str
    actor: Actor


@jobs.job(SEAL, attempts=3, wait=5, alone=True)
def seal_document(external_task_id: str) -> None:
    """One try. A refusal is written on the document and raised, so that the queue tries again."""
    order = read_order(uuid.UUID(external_task_id))
    if order is None:
        return
    try:
        sealed = _seal(order)
    except DomainError as refusal:
        _record_failure(order, refusal.sentence)
        raise
    finish(order, sealed, issuing.judge(sealed))


def read_order(external_task_id: uuid.UUID) -> SealOrder | None:
    """None when there is nothing left to do; a document that is sealed already only moves its process on."""
    with db.unit_of_work():
        moving.lock_process(engine_queries.get_external_task(external_task_id).instance_id)
        task = engine_queries.get_external_task(external_task_id)
        if task.state not in ("ready", "failed"):
            return None
        actor = machine(task.organization_id)
        document = moving.lock(uuid.UUID(task.business_key), actor)
        if document.state != "NUMBERED":
            _go_on(task, document, actor)
            return None
        return _order(task, document, actor)


def finish(order: SealOrder, sealed: bytes, report: Report | None) -> None:
    """The sealed file, its verdicts, the document's state and the process's next step: together."""
    with db.unit_of_work():
        moving.lock_process(engine_queries.get_external_task(order.external_task_id).instance_id)
        document = moving.lock(order.document_id, order.actor)
        if document.state == "NUMBERED":
            numbering_acts.record_seal(document, sealed, report, actor=order.actor)
        _go_on(engine_queries.get_external_task(order.external_task_id), document, order.actor)


def retry_seals() -> int:
    """Starts a job for documents whose seal nobody has tried for a while; returns how many."""
    with db.unit_of_work() as session:
        query = (
            sa.select(ExternalTask.id, Document)
            .join(Document, sa.cast(Document.id, sa.Text) == ExternalTask.business_key)
            .where(
                Document.state == "NUMBERED",
                Document.seal_tried_at < clock.now() - AGAIN_AFTER,
                ExternalTask.organization_id == Document.organization_id,
                ExternalTask.topic == SEAL,
                ExternalTask.state.in_(("ready", "failed")),
            )
            .with_for_update(of=Document, skip_locked=True)
        )
        due = session.execute(query).all()
        for external_task_id, document in due:
            document.seal_tried_at = clock.now()
            jobs.defer(SEAL, once=f"{SEAL}:{external_task_id}", external_task_id=str(external_task_id))
        return len(due)


ticker.register("documents.retry_seals", retry_seals)


def _order(task: ExternalTask, document: Document, actor: Actor) -> SealOrder:
    signed = storing.find_version_pdf(document, "signed_pdf")
    if signed is None or document.issued_date is None:
        raise RuntimeError(f"document {document.id} is numbered but has no signed file")
    organization = directory_queries.get_organization(document.organization_id)
    return SealOrder(
        document_id=document.id,
        external_task_id=task.id,
        signed_pdf=files.read(signed.sha256),
        number=document.number,
        date=document.issued_date,
        organization_code=organization.code,
        actor=actor,
    )


def _seal(order: SealOrder) -> bytes:
    authority = issuing.authority()
    return number_and_seal(
        order.signed_pdf,
        number=order.number,
        date=order.date,
        key=authority.keys.find_seal_key(order.organization_code, pin=authority.seal_pin),
        at=clock.now(),
        timestamps=authority.timestamps,
        image=authority.keys.seal_image(order.organization_code),
        trust=authority.keys.trust(),
    )


def _record_failure(order: SealOrder, reason: str) -> None:
    log.warning("document %s could not be sealed: %s", order.document_id, reason)
    with db.unit_of_work():
        document = moving.lock(order.document_id, order.actor)
        numbering_acts.record_seal_failure(document, reason, actor=order.actor)


def _go_on(task: ExternalTask, document: Document, actor: Actor) -> None:
    if task.state in ("ready", "failed") and document.state == "SEALED":
        db.session().flush()
        complete_external_task(task.id, {}, actor=actor)
