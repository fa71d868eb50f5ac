"""Ký ban hành (NĐ 30/2020 Điều 13): the approved version, prepared, signed by the person it was put before."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from directory import queries as directory_queries
from directory.actors import Actor
from documents import issuing
from documents.composing import compose_document
from documents.errors import DocumentNotFound, NotApproved, NotSigner, PinRests, SignatureNotValid, WrongState
from documents.models import Document, DocumentFile, DocumentVersion
from documents.operations import approving, moving, storing
from engine import queries as engine_queries
from engine.models import Task
from engine.operations import complete_task
from kernel import audit, clock, files
from kernel.errors import Conflict
from signing.errors import WrongPin
from signing.keys import KeyStore, SoftKey
from signing.model import Verdict
from signing.prepare import prepare
from signing.sign import sign

GUESS = "pin:wrong"
MAX_GUESSES, RESTS_FOR = 5, dt.timedelta(minutes=15)  #: wrong PINs in that time, then the key rests


def prepare_signing(document_id: uuid.UUID, *, actor: Actor) -> Document:
    """Composes the approved version with blank places for signature, number, date and seal. Raises NotApproved."""
    document = moving.lock(document_id, actor)
    version = _approved_version(document)
    moving.move(document, "TO_SIGN")
    if storing.find_version_pdf(document, "signing_pdf") is None:
        composed = compose_document(document, version.content)
        prepared = prepare(composed.pdf, composed.fields)
        storing.store_pdf(document, prepared, "signing_pdf", pages=composed.page_count, actor=actor)
    audit.record(actor, "document:prepare_signing", "document", document.id, version=version.number, hash=version.hash)
    return document


def sign_document(task_id: uuid.UUID, values: Mapping[str, Any], *, pin: str, actor: Actor) -> Task:
    """The signer's own key signs the approved version; the task is done. The PIN is used and forgotten.

    Raises NotSigner, NotApproved, WrongState, PinRests, signing's WrongPin, NoKey, CertificateOutOfDate, and
    complete_task's. A wrong PIN leaves its trace.
    """
    task = engine_queries.get_task(task_id)
    moving.lock_process(task.instance_id)
    document = moving.lock(_document_id(task), actor)
    moving.require_state(document, "TO_SIGN")
    _require_signer(document, actor)
    version = _approved_version(document)
    _require_this_year(version)
    unsigned = storing.find_version_pdf(document, "signing_pdf")
    if unsigned is None:
        raise WrongState(state=document.state_name)
    file = _sign(document, unsigned, pin, actor)
    moving.move(document, "SIGNED")
    document.signed_at = clock.now()
    opinion = str(values.get("opinion") or "")
    moving.add_opinion_on_version(document, "signature", opinion, actor=actor)
    audit.record(actor, "document:sign", "document", document.id, version=version.number, sha256=file.sha256)
    return complete_task(task_id, {"outcome": "sign", "opinion": opinion}, actor=actor)


def _sign(document: Document, unsigned: DocumentFile, pin: str, actor: Actor) -> DocumentFile:
    authority = issuing.authority()
    signed = sign(
        files.read(unsigned.sha256),
        key=_open_key(authority.keys, pin, actor),
        at=clock.now(),
        timestamps=authority.timestamps,
        image=authority.keys.person_image(actor.username),
    )
    report = issuing.judge(signed)
    if report is None or report.verdict is not Verdict.VALID:
        raise SignatureNotValid(reason=report.sentence if report else "chưa có chứng thư gốc")
    file = storing.store_pdf(document, signed, "signed_pdf", pages=unsigned.pages, actor=actor)
    storing.store_report(file, report)
    return file


def _open_key(keys: KeyStore, pin: str, actor: Actor) -> SoftKey:
    """Whoever sits at a browser that somebody left open does not get to try all PINs."""
    if audit.count_refusals(actor, GUESS, since=clock.now() - RESTS_FOR) >= MAX_GUESSES:
        raise PinRests(minutes=RESTS_FOR // dt.timedelta(minutes=1))
    try:
        return keys.find_person_key(actor.username, pin=pin)
    except WrongPin:
        audit.record_refusal(actor, GUESS, "person", actor.person_id)
        raise


def _approved_version(document: Document) -> DocumentVersion:
    version = moving.current_version(document)
    if version is None or not approving.is_approved(document, version):
        raise NotApproved
    return version


def _require_signer(document: Document, actor: Actor) -> None:
    if document.signer_id is None or document.signer_id != actor.person_id:
        signer = directory_queries.get_person(document.signer_id) if document.signer_id else None
        raise NotSigner(signer=signer.full_name if signer else "người khác")


def _require_this_year(version: DocumentVersion) -> None:
    """The year of issue is printed already."""
    year = version.content["year"]
    if year != clock.today().year:
        raise Conflict(f"Bản trình ký in năm {year}. Trả lại người soạn để lập lại cho năm {clock.today().year}.")


def _document_id(task: Task) -> uuid.UUID:
    try:
        return uuid.UUID(task.business_key)
    except ValueError:
        raise DocumentNotFound from None
