"""Phát hành (NĐ 30/2020 Điều 18): one row of dispatch a recipient and channel, in the ways of Điều 6 Quy chế."""

import uuid
from collections.abc import Sequence

from directory import queries as directory_queries
from directory.actors import Actor
from documents import draft_values, exchange_modes
from documents.dispatch import Addressee, read_addressees
from documents.errors import SealNotReady
from documents.models import Document, Recipient
from documents.operations import moving
from kernel import audit, clock, db, events
from kernel.errors import Invalid


def issue(document_id: uuid.UUID, *, recipients: str = "", copies: int | None = None, actor: Actor) -> Document:
    """Sends the sealed document to its recipients (`recipients`: one a line; empty: those of the draft).

    Raises SealNotReady, Invalid naming `recipients` or `copies` (Điều 6), NotRecordsClerk.
    """
    moving.require_clerk(actor)
    document = moving.lock(document_id, actor)
    if document.state == "NUMBERED":
        raise SealNotReady
    moving.move(document, "ISSUED")
    if copies is not None:
        document.issued_amount = copies
    addressees = _addressees(document, recipients)
    _check_mode(document, addressees)
    _add_rows(document, addressees)
    document.issued_at = clock.now()
    audit.record(actor, "document:issue", "document", document.id, number=document.number_symbol, to=len(addressees))
    events.publish("documents", document=document.id)
    return document


def _addressees(document: Document, recipients: str) -> list[Addressee]:
    version = moving.current_version(document)
    text = recipients.strip() or (version.content["recipients"] if version else "")
    units = [unit.name for unit in directory_queries.list_units(document.organization_id)]
    found = read_addressees(draft_values.lines(text), inside=units)
    if not found:
        raise Invalid({"recipients": "Ghi ít nhất một nơi nhận."})
    return found


def _check_mode(document: Document, addressees: Sequence[Addressee]) -> None:
    wants_paper = document.issued_amount > 0 or any(addressee.paper for addressee in addressees)
    if document.exchange_mode == exchange_modes.ELECTRONIC_ONLY and wants_paper:
        raise Invalid({"copies": exchange_modes.NO_PAPER})
    if document.exchange_mode == exchange_modes.HYBRID and not any(a.electronic for a in addressees):
        raise Invalid({"recipients": exchange_modes.NEEDS_ELECTRONIC})


def _add_rows(document: Document, addressees: Sequence[Addressee]) -> None:
    on_paper = document.issued_amount > 0
    for ordinal, addressee in enumerate(addressees, 1):
        copies = addressee.copies or (1 if on_paper and addressee.channel != "internal" else 0)
        if addressee.electronic:
            _add_row(document, ordinal, addressee, addressee.channel, 0)
        if copies:
            _add_row(document, ordinal, addressee, "paper", copies)
    db.session().flush()


def _add_row(document: Document, ordinal: int, addressee: Addressee, channel: str, copies: int) -> None:
    db.session().add(
        Recipient(
            organization_id=document.organization_id,
            document_id=document.id,
            ordinal=ordinal,
            name=addressee.name[:200],
            channel=channel,
            copies=copies,
            state="sent",
            sent_at=clock.now(),
        )
    )
