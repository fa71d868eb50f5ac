"""Everything the page of one document shows, in the order of the screen."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from flask import url_for

from directory.actors import Actor
from documents import queries, states
from documents.models import CaseFile, Directive, Document, DocumentVersion, Opinion, Recipient
from documents.queries import TimelineEntry
from documents.queries.books import READERS
from engine import queries as engine
from webapp.documents import viewer, words
from webapp.documents.facts import Fact, facts_of
from webapp.documents.holders import open_tasks_of
from webapp.documents.route import Step, steps_of
from webapp.due import Due, due_of_document

#: kind of entry -> icon and colour of its point
ICONS = {
    "arrival": ("inbox", ""),
    "version": ("pencil-square", ""),
    "task": ("check2", "act"),
    "number": ("123", "ok"),
    "seal": ("patch-check", "ok"),
    "issue": ("send", "ok"),
    "proposal": ("chat-left-text", "act"),
    "direction": ("send", "act"),
    "assignment": ("person-check", "act"),
    "support": ("people", "act"),
    "approval": ("check2", "act"),
    "layout": ("ui-checks", "act"),
    "signature": ("pen", "ok"),
    "return": ("arrow-return-left", "warn"),
    "result": ("check-all", "ok"),
    "comment": ("chat-left-text", ""),
}


MOMENT = 5.0  #: seconds: what was written in one transaction

#: kind of entry -> what was done, after the name of who did it
VERBS = {
    "arrival": "tiếp nhận",
    "seal": "đóng dấu",
    "issue": "phát hành",
    "proposal": "đề xuất",
    "direction": "chỉ đạo",
    "assignment": "phân công",
    "support": "góp ý phối hợp",
    "approval": "duyệt nội dung",
    "layout": "kiểm tra thể thức",
    "signature": "ký số",
    "return": "trả lại",
    "result": "báo cáo kết quả",
    "comment": "góp ý",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Link:
    """A task of the reader."""

    name: str
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """One line of the timeline: who, in which office, did what, when, why."""

    icon: str
    kind: str
    who: str
    office: str
    what: str
    detail: str
    at: dt.datetime
    quote: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    """An opinion."""

    author: str
    what: str
    text: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """One unit's part in a direction."""

    role: str
    unit: str
    person: str
    deadline: dt.date | None
    state: words.Tag


@dataclasses.dataclass(frozen=True, kw_only=True)
class Direction:
    """A direction with the parts it gives."""

    author: str
    text: str
    at: dt.datetime
    superseded: bool
    receipts: Sequence[Part]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Related:
    """Another document, and how it stands to this one."""

    label: str
    title: str
    sub: str
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sent:
    """One line of dispatch."""

    name: str
    ways: str  #: "trục liên thông; 1 bản giấy"
    sent_at: dt.datetime | None
    state: words.Tag


@dataclasses.dataclass(frozen=True, kw_only=True)
class InFile:
    """A case file that holds the document."""

    notation: str
    title: str
    sub: str
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """What templates/documents/show.html asks for."""

    document: Document
    title: str
    lead: str
    list_name: str
    list_url: str
    book_name: str
    book_url: str
    state: words.Tag
    due: Due | None
    my_tasks: Sequence[Link]
    may_reply: bool
    viewer: viewer.Viewer
    checked_at: dt.datetime | None
    facts: Sequence[Fact]
    timeline: Sequence[Event]
    directives: Sequence[Direction]
    opinions: Sequence[Said]
    relations: Sequence[Related]
    relation_kinds: dict[str, tuple[str, str]]
    recipients: Sequence[Sent]
    case_files: Sequence[InFile]
    open_case_files: Sequence[CaseFile]
    versions: Sequence[DocumentVersion]
    steps: Sequence[Step]


def page_of(document: Document, actor: Actor) -> DocumentPage:
    """NotFound when the document is not the actor's to see."""
    shown = viewer.viewer_of(document, actor)
    title, lead = _titles(document)
    return DocumentPage(
        document=document,
        title=title,
        lead=lead,
        list_name=words.DIRECTIONS[document.direction],
        list_url=url_for(f"{document.direction}.show_list"),
        **_book(document, actor),
        state=words.state_tag(document.state),
        due=due_of_document(document),
        my_tasks=_my_tasks(document, actor),
        may_reply=document.direction == "incoming" and document.state in {"ASSIGNED", "IN_PROGRESS"},
        viewer=shown,
        checked_at=max((verdict.checked_at for row in shown.rows for verdict in row.verdicts), default=None),
        facts=facts_of(document),
        timeline=[_event(entry) for entry in reversed(told_once(queries.timeline(document)))],
        directives=[_direction(directive) for directive in queries.list_directives(document)],
        opinions=[_said(opinion) for opinion in queries.list_opinions(document) if _is_told(opinion)],
        relations=_relations(document, actor),
        relation_kinds=words.RELATIONS,
        recipients=_sent_to(queries.list_recipients(document)),
        case_files=_case_files(document),
        open_case_files=_open_case_files(document, actor),
        versions=queries.list_versions(document),
        steps=steps_of(document),
    )


def _titles(document: Document) -> tuple[str, str]:
    """Its name is kind and number; before it has one, its subject."""
    if document.number_symbol:
        return f"{document.type_name or 'Văn bản'} {document.number_symbol}", document.subject
    if document.subject:
        return f"{document.type_name}: {document.subject}" if document.type_name else document.subject, ""
    return "Văn bản mới đến, chưa vào sổ", ""


def _book(document: Document, actor: Actor) -> dict[str, str]:
    if document.book_id is None or not actor.has_role(*READERS):
        return {"book_name": "", "book_url": ""}
    book = queries.get_book(document.book_id, actor)
    return {"book_name": book.name, "book_url": url_for("registers.show", book_id=book.id)}


def _my_tasks(document: Document, actor: Actor) -> list[Link]:
    return [
        Link(name=task.name, url=url_for("tasks.show", task_id=task.id))
        for task in open_tasks_of([document])[document.id]
        if engine.may_complete(task, actor)
    ]


def told_once(entries: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """A completed task is left out where what it did is told beside it; an act of the agency gets its person's name."""
    tasks = [entry for entry in entries if entry.kind == "task"]
    acts = [entry for entry in entries if entry.kind != "task"]
    shown = [task for task in tasks if not any(_same_moment(task, act) for act in acts)]
    by = {id(act): next((task.who for task in tasks if _same_moment(task, act)), act.who) for act in acts}
    named = [dataclasses.replace(act, who=by[id(act)]) if act.kind == "issue" else act for act in acts]
    return sorted([*shown, *named], key=lambda entry: entry.at)


def _same_moment(one: TimelineEntry, other: TimelineEntry) -> bool:
    return abs((one.at - other.at).total_seconds()) < MOMENT


def _event(entry: TimelineEntry) -> Event:
    icon, kind = ICONS.get(entry.kind, ("clock-history", ""))
    return Event(
        icon=icon,
        kind=kind,
        who=entry.who or "Hệ thống",
        office=entry.role,
        what=VERBS.get(entry.kind, entry.title[:1].lower() + entry.title[1:]),
        detail="" if entry.kind == "version" else entry.detail[:1].lower() + entry.detail[1:],
        at=entry.at,
        quote=entry.text,
    )


def _is_told(opinion: Opinion) -> bool:
    """A direction stands in its own place, with the parts it gives."""
    return bool(opinion.text) and opinion.kind != "direction"


def _said(opinion: Opinion) -> Said:
    what = states.OPINION_KINDS.get(opinion.kind, "").lower()
    version = f", bản {opinion.version}" if opinion.version else ""
    author = ", ".join(filter(None, (opinion.author_name, opinion.author_title)))
    return Said(author=author, what=what + version, text=opinion.text, at=opinion.at)


def _direction(directive: Directive) -> Direction:
    return Direction(
        author=f"{directive.author_name}, {directive.author_title}"
        if directive.author_title
        else directive.author_name,
        text=directive.text,
        at=directive.created_at,
        superseded=directive.superseded_at is not None,
        receipts=[
            Part(
                role=states.RECEIPT_ROLES[receipt.role],
                unit=receipt.unit.name,
                person=receipt.person.full_name if receipt.person else "",
                deadline=receipt.deadline,
                state=words.RECEIPT_STATES[receipt.state],
            )
            for receipt in directive.receipts
        ],
    )


def _relations(document: Document, actor: Actor) -> list[Related]:
    found = []
    for related in queries.list_relations(document, actor):
        other = related.document
        title, subject = _titles(other)
        found.append(
            Related(
                label=words.RELATIONS[related.relation.kind][0 if related.outward else 1],
                title=title,
                sub=subject or _whence(other),
                url=url_for("documents.show", document_id=other.id),
            )
        )
    return found


def _whence(document: Document) -> str:
    if document.arrival_number:
        return f"{document.issuing_organ}, số đến {document.arrival_number}"
    return document.issuing_organ or document.state_name


def _sent_to(recipients: Sequence[Recipient]) -> list[Sent]:
    """One line a recipient, however many ways it was sent; its state is that of the slowest way."""
    grouped: dict[str, list[Recipient]] = {}
    for recipient in recipients:
        grouped.setdefault(recipient.name, []).append(recipient)
    return [_sent(name, lines) for name, lines in grouped.items()]


def _sent(name: str, lines: Sequence[Recipient]) -> Sent:
    order = list(words.RECIPIENT_STATES)
    slowest = min(lines, key=lambda line: order.index(line.state))
    ways = [_way(line) for line in lines]
    return Sent(name=name, ways="; ".join(ways), sent_at=slowest.sent_at, state=words.RECIPIENT_STATES[slowest.state])


def _way(line: Recipient) -> str:
    channel = states.RECIPIENT_CHANNELS[line.channel].lower()
    return f"{line.copies} {channel}" if line.copies else channel


def _case_files(document: Document) -> list[InFile]:
    return [
        InFile(
            notation=found.file_notation,
            title=found.title,
            sub=f"năm {found.file_catalog}, bảo quản {found.maintenance.lower()}",
            url=url_for("case_files.show", case_file_id=found.id),
        )
        for found in queries.list_case_files_of(document)
    ]


def _open_case_files(document: Document, actor: Actor) -> Sequence[CaseFile]:
    """Those the document is not in yet; none before the document is settled or issued."""
    if not states.may_follow(document.direction, document.state, "FILED"):
        return []
    held = {found.id for found in queries.list_case_files_of(document)}
    return [found for found in queries.list_case_files(actor, state="open", limit=100).rows if found.id not in held]
