"""Soạn thảo (NĐ 30/2020 Điều 10): a draft, its versions and attachments, its way to approval and back."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from directory import queries as directory_queries
from directory.actors import Actor
from documents import article7, draft_values, exchange_modes, intake, states
from documents.composing import compose_document
from documents.errors import DocumentNotFound, NotDrafter, ProhibitedContent, ReasonMissing
from documents.intake import Upload
from documents.models import Document, DocumentFile, DocumentKind, DocumentRelation, DocumentVersion
from documents.operations import moving, storing
from documents.queries import get_document
from documents.search import search_text
from engine import queries as engine_queries
from engine.models import Task
from engine.operations import complete_task, start_instance
from kernel import audit, clock, db
from kernel.errors import Invalid
from kernel.text import fold

PROCESS = "van-ban-di"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drafter:
    """Who writes, for which unit."""

    person_id: uuid.UUID
    unit_id: uuid.UUID
    unit_code: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenedDraft:
    """A reply that was opened, and the unit it is drafted in."""

    document: Document
    unit_code: str


def start_draft(values: Mapping[str, Any], *, reply_to_id: uuid.UUID | None = None, actor: Actor) -> Document:
    """A new outgoing document, drafted by the actor; the process of outgoing documents begins."""
    document = _new_draft(_drafter_of(actor), actor)
    _write_version(document, draft_values.clean(values), actor)
    if reply_to_id is not None:
        _relate_reply(document, moving.lock(get_document(reply_to_id, actor).id, actor), actor)
    told = {"drafter": actor.username, "drafting_unit": actor.unit_code}
    instance = start_instance(PROCESS, told, actor=actor, business_key=str(document.id))
    document.instance_id = instance.id
    db.session().flush()
    audit.record(actor, "document:start_draft", "document", document.id, reply_to=reply_to_id)
    return document


def open_draft(incoming_id: uuid.UUID, *, drafter: str, instance_id: uuid.UUID, actor: Actor) -> OpenedDraft:
    """A reply to an incoming document, drafted inside its process; the work on it has begun."""
    incoming = moving.lock(incoming_id, actor)
    if incoming.state != "IN_PROGRESS":
        moving.move(incoming, "IN_PROGRESS")
    person = directory_queries.find_person(drafter)
    if person is None:
        raise Invalid({"drafter": "Không có người soạn này."})
    writer = _drafter_of(directory_queries.get_actor(person.id))
    document = _new_draft(writer, actor)
    document.instance_id = instance_id
    subject = f"Trả lời {incoming.type_name.lower()} số {incoming.number_symbol} của {incoming.issuing_organ}"
    first = {
        "kind": "CV",
        "subject": subject,
        "recipients": incoming.issuing_organ,
        "addressees": incoming.issuing_organ,
    }
    _write_version(document, draft_values.clean(first), actor)
    _relate_reply(document, incoming, actor)
    audit.record(actor, "document:open_draft", "document", document.id, reply_to=incoming.id)
    return OpenedDraft(document=document, unit_code=writer.unit_code)


def save_draft(document_id: uuid.UUID, values: Mapping[str, Any], *, actor: Actor) -> DocumentVersion:
    """Keeps what was typed as a new version, or answers the current one if nothing changed."""
    document = _lock_own_draft(document_id, actor)
    before = document.current_version
    version = _write_version(document, draft_values.clean(values, before=_typed(document)), actor)
    if version.number != before:
        audit.record(actor, "document:save_draft", "document", document.id, version=version.number)
    return version


def submit_draft(task_id: uuid.UUID, values: Mapping[str, Any], *, actor: Actor) -> Task:
    """The draft goes to approval as it is now; its PDF is what everybody reads from here on.

    Raises Invalid naming the fields, ProhibitedContent, NotDrafter, WrongState, and what complete_task raises.
    """
    task = engine_queries.get_task(task_id)
    moving.lock_process(task.instance_id)
    version = save_draft(_document_id(task), values, actor=actor)
    document = moving.lock(version.document_id, actor)
    _check_submitted(document, version, actor)
    moving.move(document, "SUBMITTED")
    if storing.find_version_pdf(document, "draft_pdf") is None:
        composed = compose_document(document, version.content)
        storing.store_pdf(document, composed.pdf, "draft_pdf", pages=composed.page_count, actor=actor)
        document.page_amount = composed.page_count
    audit.record(actor, "document:submit_draft", "document", document.id, version=version.number)
    return complete_task(task_id, {"document_version": version.number}, actor=actor)


def return_draft(document_id: uuid.UUID, reason: str, *, actor: Actor) -> Document:
    """Back to the drafter, with what is to be changed; before it is signed."""
    document = moving.lock(document_id, actor)
    if not reason.strip():
        raise ReasonMissing({"opinion": "Ghi chỗ cần sửa để người soạn biết."})
    moving.move(document, "RETURNED_TO_DRAFTER")
    moving.add_opinion_on_version(document, "return", reason, actor=actor)
    audit.record(actor, "document:return_draft", "document", document.id, reason=reason)
    return document


def add_attachment(document_id: uuid.UUID, upload: Upload, *, actor: Actor) -> DocumentFile:
    """A file beside the draft; a new version, so that approvals cover it. Raises IntakeRefused, ProhibitedContent."""
    document = _lock_own_draft(document_id, actor)
    taken = sum(file.size for file in storing.list_attachments(document.id))
    (accepted,) = intake.accept([upload], taken=taken)
    reason = intake.find_prohibited(accepted)
    if reason:
        audit.record_refusal(actor, "document:add_attachment", "document", document.id, reason=reason)
        raise ProhibitedContent(reason=reason)
    (file,) = storing.store_accepted(document, [accepted], "attachment", actor=actor)
    _write_version(document, _typed(document), actor)
    audit.record(actor, "document:add_attachment", "document", document.id, file=file.id, name=file.name)
    return file


def remove_attachment(file_id: uuid.UUID, *, actor: Actor) -> None:
    """Takes a file out of a draft; the bytes stay with the versions that had it."""
    file = db.session().get(DocumentFile, file_id)
    if file is None or file.role != "attachment":
        raise DocumentNotFound
    document = _lock_own_draft(file.document_id, actor)
    file.removed_at = clock.now()
    db.session().flush()
    _write_version(document, _typed(document), actor)
    audit.record(actor, "document:remove_attachment", "document", document.id, file=file.id, name=file.name)


# ------------------------------------------------------------------------------------------------------------ the parts
def _new_draft(drafter: Drafter, actor: Actor) -> Document:
    organization = directory_queries.get_organization(actor.organization_id)
    document = Document(
        organization_id=actor.organization_id,
        direction="outgoing",
        state="DRAFT",
        drafter_id=drafter.person_id,
        drafting_unit_id=drafter.unit_id,
        issuing_organ=organization.name,
        issuing_organ_id=organization.identifier,
        issuing_organ_folded=fold(organization.name),
        current_version=0,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
    )
    db.session().add(document)
    db.session().flush()
    return document


def _drafter_of(actor: Actor) -> Drafter:
    if actor.person_id is None or actor.unit_id is None:
        raise Invalid({"drafter": "Người soạn chưa có chức vụ trong đơn vị nào."})
    return Drafter(person_id=actor.person_id, unit_id=actor.unit_id, unit_code=actor.unit_code)


def _write_version(document: Document, typed: Mapping[str, Any], actor: Actor) -> DocumentVersion:
    """A new version if anything differs from the current one; what lists and searches read follows it."""
    if problems := draft_values.too_long(typed):
        raise Invalid(problems)
    attachments = [file.sha256 for file in storing.list_attachments(document.id)]
    content = draft_values.version_content(typed, year=clock.today().year, attachments=attachments)
    content_hash = draft_values.content_hash(content)
    current = moving.current_version(document)
    if current is not None and current.hash == content_hash:
        return current
    document.current_version += 1
    version = DocumentVersion(
        organization_id=document.organization_id,
        document_id=document.id,
        number=document.current_version,
        content=content,
        hash=content_hash,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
    )
    db.session().add(version)
    _follow_content(document, content)
    db.session().flush()
    return version


def _follow_content(document: Document, content: Mapping[str, Any]) -> None:
    kind = db.session().get(DocumentKind, content["kind"]) if content["kind"] else None
    signer = directory_queries.find_person(content["signer"]) if content["signer"] else None
    document.kind_code, document.type_name = (kind.code, kind.name) if kind else (None, "")
    document.normative = bool(content["normative"] and kind and kind.may_be_normative)
    document.subject = content["subject"][: draft_values.MAX_SUBJECT]
    document.subject_folded = fold(document.subject)
    document.urgency = min(max(content["urgency"], 0), len(states.URGENCIES) - 1)
    document.purpose = content["purpose"]
    document.issued_amount = min(max(content["copies"], 0), draft_values.MAX_COPIES)
    document.archive_note = content["archive_note"]
    document.to_places = "; ".join(draft_values.lines(content["recipients"]))[:1000]
    document.signer_id = signer.id if signer else None
    document.signer_name = signer.full_name[:50] if signer else ""
    document.search = search_text(document)


def _relate_reply(document: Document, incoming: Document, actor: Actor) -> None:
    if incoming.direction != "incoming":
        raise DocumentNotFound
    db.session().add(
        DocumentRelation(
            organization_id=document.organization_id,
            from_id=document.id,
            to_id=incoming.id,
            kind="REPLIES_TO",
            created_by_name=actor.name,
        )
    )
    db.session().flush()


def _lock_own_draft(document_id: uuid.UUID, actor: Actor) -> Document:
    document = moving.lock(get_document(document_id, actor).id, actor)
    moving.require_state(document, *states.EDITABLE)
    if document.drafter_id != actor.person_id:
        drafter = directory_queries.get_person(document.drafter_id) if document.drafter_id else None
        raise NotDrafter(drafter=drafter.full_name if drafter else "người khác")
    return document


def _check_submitted(document: Document, version: DocumentVersion, actor: Actor) -> None:
    problems = draft_values.problems(version.content)
    signer = directory_queries.find_person(version.content["signer"]) if version.content["signer"] else None
    if "signer" not in problems and (signer is None or not _may_sign(signer.id)):
        problems["signer"] = "Chọn người có thẩm quyền ký (Nghị định 30/2020/NĐ-CP, Điều 13)."
    if document.kind is None and "kind" not in problems:
        problems["kind"] = "Không có loại văn bản này. Chọn trong danh sách."
    mode = exchange_modes.mode_of(document)
    if mode == exchange_modes.ELECTRONIC_ONLY and version.content["copies"]:
        problems["copies"] = exchange_modes.NO_PAPER
    if problems:
        raise Invalid(problems)
    document.exchange_mode = mode
    reason = article7.find_in_subject(document.subject)
    if reason:
        audit.record_refusal(actor, "document:submit_draft", "document", document.id, reason=reason)
        raise ProhibitedContent(reason=reason)


def _may_sign(person_id: uuid.UUID) -> bool:
    offices = directory_queries.list_appointments(person_id)
    return any(grant.role == "lanh-dao" for office in offices for grant in office.roles)


def _typed(document: Document) -> dict[str, Any]:
    """The draft values of the current version, without what the hash covers beside them."""
    version = moving.current_version(document)
    content = version.content if version else draft_values.clean({})
    return {name: value for name, value in content.items() if name not in ("year", "attachments")}


def _document_id(task: Task) -> uuid.UUID:
    try:
        return uuid.UUID(task.business_key)
    except ValueError:
        raise DocumentNotFound from None
