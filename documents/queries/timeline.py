"""What happened to a document, in order: arrivals, versions, opinions, tasks, signatures, numbers, dispatch."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from documents import states
from documents.models import Document, DocumentNumber, DocumentVersion
from documents.queries.parts import list_directives, list_opinions
from engine.models import Task
from kernel import db


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One thing that happened. `kind` chooses the mark; `text` is what was said, `detail` what goes with it."""

    at: dt.datetime
    kind: str  #: 'arrival', 'version', 'task', 'number', 'seal', 'issue', or one of states.OPINION_KINDS
    title: str
    who: str = ""
    role: str = ""
    text: str = ""
    detail: str = ""


def timeline(document: Document) -> list[TimelineEntry]:
    """Oldest first."""
    entries = [
        *_arrival(document),
        *_versions(document),
        *_opinions(document),
        *_directives(document),
        *_tasks(document),
        *_numbers(document),
        *_dispatch(document),
    ]  # of the same instant, in this order
    return sorted(entries, key=lambda entry: entry.at)


def _arrival(document: Document) -> Iterator[TimelineEntry]:
    if document.received_at:
        channel = states.CHANNELS.get(document.channel, "")
        yield TimelineEntry(
            at=document.received_at, kind="arrival", title="Tiếp nhận", who=document.created_by_name, detail=channel
        )


def _dispatch(document: Document) -> Iterator[TimelineEntry]:
    if document.sealed_at:
        yield TimelineEntry(at=document.sealed_at, kind="seal", title="Đóng dấu", who=document.issuing_organ)
    if document.issued_at:
        yield TimelineEntry(
            at=document.issued_at, kind="issue", title="Phát hành", who=document.issuing_organ, text=document.to_places
        )


def _versions(document: Document) -> Iterator[TimelineEntry]:
    query = sa.select(DocumentVersion).where(DocumentVersion.document_id == document.id)
    for version in db.session().scalars(query):
        yield TimelineEntry(
            at=version.created_at,
            kind="version",
            title=f"Dự thảo bản {version.number}",
            who=version.created_by_name,
            detail=version.hash[:12],
        )


def _opinions(document: Document) -> Iterator[TimelineEntry]:
    for opinion in list_opinions(document):
        if opinion.kind == "direction":
            continue  # told with its units by _directives
        yield TimelineEntry(
            at=opinion.at,
            kind=opinion.kind,
            title=states.OPINION_KINDS[opinion.kind],
            who=opinion.author_name,
            role=", ".join(filter(None, (opinion.author_title, opinion.author_unit))),
            text=opinion.text,
            detail=f"bản {opinion.version}" if opinion.version else "",
        )


def _directives(document: Document) -> Iterator[TimelineEntry]:
    for directive in list_directives(document):
        units = [f"{states.RECEIPT_ROLES[r.role].lower()}: {r.unit.name}" for r in directive.receipts]
        due = [f"hạn {directive.due_date:%d/%m/%Y}"] if directive.due_date else []
        yield TimelineEntry(
            at=directive.created_at,
            kind="direction",
            title=states.OPINION_KINDS["direction"],
            who=directive.author_name,
            role=directive.author_title,
            text=directive.text,
            detail="; ".join([*units, *due]),
        )


def _tasks(document: Document) -> Iterator[TimelineEntry]:
    """Done tasks that left no opinion of their own."""
    query = sa.select(Task).where(
        Task.organization_id == document.organization_id,
        Task.business_key == str(document.id),
        Task.state == "completed",
    )
    told = {opinion.task_id for opinion in list_opinions(document)}
    for task in db.session().scalars(query):
        if task.id not in told and task.ended_at is not None:
            yield TimelineEntry(at=task.ended_at, kind="task", title=task.name, who=task.ended_by_name)


def _numbers(document: Document) -> Iterator[TimelineEntry]:
    for number in db.session().scalars(sa.select(DocumentNumber).where(DocumentNumber.document_id == document.id)):
        incoming = document.direction == "incoming"
        title = f"Số đến {number.number}" if incoming else f"Cấp số {number.number_symbol}"
        detail = f"ngày {number.date:%d/%m/%Y}" + (f"; đã hủy: {number.reason}" if number.state == "void" else "")
        yield TimelineEntry(at=number.at, kind="number", title=title, who=number.by_name, detail=detail)
