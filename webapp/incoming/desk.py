"""The desk at which arrivals are registered: the queue, what was read from the file, what is in the book already."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from documents import queries, states
from documents.models import Document
from engine import inbox
from engine.inbox import Wanted
from engine.models import Task
from webapp.files import pages
from webapp.incoming import reading

FORM_KEY = "dang-ky-den"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Waiting:
    """One arrival in the queue."""

    task_id: uuid.UUID
    title: str
    sub: str
    url: str
    current: bool
    duplicate: bool
    broken: bool  #: a signature that does not hold


@dataclasses.dataclass(frozen=True, kw_only=True)
class Duplicate:
    """A document that is in the book already."""

    name: str
    number: int | None
    date: str
    organ: str
    channel: str
    url: str
    same_file: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Desk:
    """What templates/incoming/register.html asks for beside the form and the viewer."""

    queue: Sequence[Waiting]
    place: int  #: from 1, of the shown arrival
    next_url: str
    marks: Mapping[str, str]  #: form key -> "sure" or "low"
    duplicates: Sequence[Duplicate]
    is_scan: bool  #: nothing could be read
    broken: bool  #: a signature does not hold


def values_of(document: Document) -> dict[str, Any]:
    """What the form starts with: read from the file, then what is known of the arrival."""
    told = _read(document)
    registration = {name: value for name, value in _told(told).items() if value is not None}
    registration.setdefault("organ_name", document.issuing_organ or None)
    registration["urgency"] = told.urgency
    registration["channel"] = document.channel
    registration["page_amount"] = document.page_amount
    return {"registration": registration}


def desk_of(task: Task, document: Document, actor: Actor) -> Desk:
    told = _read(document)
    queue = queue_of(actor, current=task.id)
    place = next((at for at, row in enumerate(queue) if row.current), 0)
    after = [row for row in (*queue[place + 1 :], *queue[:place]) if not row.current]
    return Desk(
        queue=queue,
        place=place + 1,
        next_url=after[0].url if after else url_for("incoming.receive"),
        marks={f"registration.{name}": _certainty(name, told) for name, value in _told(told).items() if value},
        duplicates=duplicates_of(document, told),
        is_scan=told.is_empty,
        broken=_is_broken(document, actor),
    )


def queue_of(actor: Actor, *, current: uuid.UUID | None = None) -> list[Waiting]:
    """The arrivals this person may register, oldest first."""
    tasks = inbox.list_my_tasks(actor, Wanted(form_key=FORM_KEY), sort="oldest", limit=500)
    documents = queries.documents_of_tasks(tasks)
    return [_waiting(task, documents[task.id], actor, current) for task in tasks if task.id in documents]


def duplicates_of(document: Document, told: reading.Reading | None = None) -> list[Duplicate]:
    """What the book holds with the same number, symbol and organ, or with the same file (NĐ 30/2020 PL VI, 1h)."""
    same_files = list(queries.find_same_files(document))
    found = find_duplicates(document, told or _read(document))
    rows = {other.id: _duplicate(other, same_file=other in same_files) for other in (*same_files, *found)}
    return list(rows.values())


def find_duplicates(document: Document, told: reading.Reading) -> Sequence[Document]:
    if not (told.number and told.organ):
        return []
    return queries.find_duplicates(
        document.organization_id,
        number=told.number,
        symbol=told.symbol or "",
        issuing_organ=told.organ,
        issued_date=told.issued_date,
        except_id=document.id,
    )


def typed(arguments: Mapping[str, str]) -> reading.Reading:
    """What stands in the fields of the form now."""
    return reading.Reading(
        number=arguments.get("registration.number", "").strip() or None,
        symbol=arguments.get("registration.symbol", "").strip() or None,
        organ=arguments.get("registration.organ_name", "").strip() or None,
        issued_date=reading.day_of(arguments.get("registration.issued_date", "")),
    )


def _read(document: Document) -> reading.Reading:
    file = queries.current_pdf(document)
    if file is None:
        return reading.Reading()
    kinds = {kind.code: kind.name for kind in queries.list_kinds()}
    return reading.read(pages.text_of(pages.stored(file.sha256)), kinds=kinds)


def _told(told: reading.Reading) -> dict[str, Any]:
    return {
        "number": told.number,
        "symbol": told.symbol,
        "kind": told.kind,
        "issued_date": told.issued_date,
        "organ_name": told.organ,
        "subject": told.subject,
        "signer_name": told.signer_name,
        "signer_position": told.signer_position,
        "due_date": told.due_date,
    }


def _certainty(name: str, told: reading.Reading) -> str:
    return "sure" if {"organ_name": "organ"}.get(name, name) in told.sure else "low"


def _waiting(task: Task, document: Document, actor: Actor, current: uuid.UUID | None) -> Waiting:
    files = queries.list_files(document, actor)
    name = document.number_symbol or (files[0].name if files else "Văn bản không có tệp")
    channel = states.CHANNELS.get(document.channel, "")
    return Waiting(
        task_id=task.id,
        title=name,
        sub=", ".join(part for part in (document.issuing_organ, channel) if part),
        url=url_for("tasks.show", task_id=task.id),
        current=task.id == current,
        duplicate=bool(queries.find_same_files(document)),
        broken=_is_broken(document, actor),
    )


def _is_broken(document: Document, actor: Actor) -> bool:
    files = queries.list_files(document, actor)
    return any(signature.verdict == "INVALID" for file in files for signature in file.signatures)


def _duplicate(document: Document, *, same_file: bool) -> Duplicate:
    return Duplicate(
        name=document.number_symbol or document.subject or "Văn bản mới đến",
        number=document.arrival_number,
        date=f"{document.arrival_date:%d/%m/%Y}" if document.arrival_date else "",
        organ=document.issuing_organ,
        channel=states.CHANNELS.get(document.channel, ""),
        url=url_for("documents.show", document_id=document.id),
        same_file=same_file,
    )
