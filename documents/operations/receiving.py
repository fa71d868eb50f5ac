"""Văn bản đến at the door (NĐ 30/2020 Điều 21) and back to the sender."""

import uuid
from collections.abc import Sequence

from directory.actors import Actor
from documents import intake, states
from documents.errors import ProhibitedContent, ReasonMissing
from documents.intake import Accepted, Upload
from documents.models import Document
from documents.operations import moving, storing
from engine.operations import start_instance
from kernel import audit, clock, db
from kernel.errors import Invalid

PROCESS = "van-ban-den"


def receive_incoming(uploads: Sequence[Upload], *, channel: str, actor: Actor) -> Document:
    """A document that arrived, with its files; the process of incoming documents begins.

    Raises IntakeRefused (Điều 3), ProhibitedContent (Điều 7; only who, when and why is kept), NotRecordsClerk.
    """
    moving.require_clerk(actor)
    if channel not in states.CHANNELS:
        raise Invalid({"channel": "Chọn hình thức nhận."})
    if not uploads:
        raise Invalid({"files": "Chọn ít nhất một tệp."})
    accepted = intake.accept(uploads)
    _refuse_prohibited(accepted, channel, actor)
    document = _new_document(accepted, channel, actor)
    storing.store_accepted(document, accepted, "original", actor=actor)
    _start(document, actor)
    audit.record(actor, "document:receive_incoming", "document", document.id, channel=channel, files=len(accepted))
    return document


def return_to_sender(document_id: uuid.UUID, reason: str, *, actor: Actor) -> Document:
    """Not authentic, not intact, or sent to the wrong place (NĐ 30/2020 Điều 21.2b)."""
    moving.require_clerk(actor)
    document = moving.lock(document_id, actor)
    if not reason.strip():
        raise ReasonMissing({"opinion": "Ghi lý do trả lại để nơi gửi biết."})
    moving.move(document, "RETURNED")
    document.returned_reason = reason.strip()
    moving.add_opinion(document, "return", reason, actor=actor)
    audit.record(actor, "document:return_to_sender", "document", document.id, reason=reason)
    return document


def _refuse_prohibited(accepted: Sequence[Accepted], channel: str, actor: Actor) -> None:
    reason = next(filter(None, map(intake.find_prohibited, accepted)), None)
    if reason:
        audit.record_refusal(actor, "document:receive_incoming", "document", "", reason=reason, channel=channel)
        raise ProhibitedContent(reason=reason)


def _new_document(accepted: Sequence[Accepted], channel: str, actor: Actor) -> Document:
    document = Document(
        organization_id=actor.organization_id,
        direction="incoming",
        state="ARRIVED",
        channel=channel,
        received_at=clock.now(),
        page_amount=accepted[0].pages,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
    )
    db.session().add(document)
    db.session().flush()
    return document


def _start(document: Document, actor: Actor) -> None:
    instance = start_instance(PROCESS, {}, actor=actor, business_key=str(document.id))
    document.instance_id = instance.id
    db.session().flush()
