"""Việc của tôi: what one person has to do, in the order in which it must be done."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from documents import queries as documents
from documents.models import Document
from engine import action_queries, inbox
from engine import queries as engine
from engine.inbox import Wanted
from engine.models import Task
from engine.permissions import PENDING
from kernel import clock, text
from webapp.addresses import page_number
from webapp.amounts import Amount
from webapp.documents.holders import Names
from webapp.due import Due, due_of_task
from webapp.tasks.numbers import KINDS, Numbers, numbers_of

PAGE = 100
SIGNED_AT_ONCE = 200  #: cards beside what is being signed
EXPORTED = 10_000  #: rows of one workbook
SIGNING = "ky-so"  #: the form key of what waits for a signature

#: tab → its label
VIEWS = {"all": "Tất cả", "mine": "Tôi đang giữ", "offered": "Chờ nhận"}

#: order → its label
SORTS = {"due": "hạn trước", "priority": "khẩn trước", "newest": "mới nhất trước"}

#: group → its heading
HEADINGS = {"late": "Quá hạn", "today": "Hôm nay", "soon": "Sắp đến hạn", "rest": "Còn lại"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter:
    """What the address of the list says."""

    view: str = "all"
    process: str = ""
    words: str = ""
    sort: str = "due"
    page: int = 1

    @classmethod
    def read(cls, arguments: Any) -> "Filter":
        """Unknown values are as if they were not there, so that an old link still opens."""
        view, sort = arguments.get("view", ""), arguments.get("sort", "")
        return cls(
            view=view if view in VIEWS else "all",
            process=arguments.get("process", ""),
            words=text.tidy(arguments.get("q", ""))[:200],
            sort=sort if sort in SORTS else "due",
            page=page_number("page"),
        )

    @property
    def wanted(self) -> Wanted:
        """Of the person's tasks in any view."""
        return Wanted(process=self.process, conditions=documents.tasks_that_say(self.words))

    @property
    def viewed(self) -> Wanted:
        held = {"mine": True, "offered": False}.get(self.view)
        return dataclasses.replace(self.wanted, held=held)

    def url(self, **changes: Any) -> str:
        """The list with these changes, on its first page."""
        changed = dataclasses.replace(self, **{"page": 1, **changes})
        told = {"view": changed.view, "process": changed.process, "q": changed.words, "sort": changed.sort}
        usual = {"view": "all", "sort": "due"}
        kept: dict[str, Any] = {name: value for name, value in told.items() if value and value != usual.get(name)}
        return url_for("tasks.show_list", **kept, page=changed.page if changed.page > 1 else None)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Item:
    """One task as a line of the list."""

    task: Task
    document: Document | None
    title: str
    code: str
    organ: str
    step: str
    due: Due
    urgency: int
    offered: bool
    process: str
    holder: str

    @property
    def id(self) -> uuid.UUID:
        return self.task.id

    @property
    def returned(self) -> bool:
        """It was sent back to a step that had been done."""
        return bool(self.task.extensions.get("returned"))

    @property
    def delegated(self) -> bool:
        """Somebody works on it for its owner."""
        return self.task.delegation == PENDING

    @property
    def new(self) -> bool:
        """Nobody has opened it as their own yet."""
        return self.offered


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """A colleague's question, and the task it is about."""

    item: Item
    asker: str
    question: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """Items under one heading; `number` counts the whole list, not only this page."""

    key: str
    heading: str
    number: Amount
    items: Sequence[Item]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tab:
    """A view with the number of its items under the same filters."""

    key: str
    label: str
    number: Amount
    href: str
    current: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkList:
    """Everything the page shows: one page of tasks, and numbers of all of them."""

    filter: Filter
    items: Sequence[Item]
    more: bool  #: on the next page
    numbers: Numbers
    total: Amount  #: without any filter; asked when nothing is shown
    tabs: Sequence[Tab]
    processes: Sequence[tuple[str, str]]  #: key, name
    asked: Sequence[Asked] = ()  #: questions that wait for this person
    sent: Sequence[Item] = ()  #: that can still be taken back
    lent: Sequence[Item] = ()  #: that others work on

    def count(self, *headings: str) -> Amount:
        return self.numbers.of(self.filter.view, *headings)

    @property
    def groups(self) -> list[Group]:
        """The items of this page under their headings."""
        if self.filter.sort != "due":
            heading = f"Xếp theo {SORTS[self.filter.sort]}"
            return [Group(key="rest", heading=heading, number=self.count(), items=self.items)]
        return [
            Group(key=key, heading=heading, number=self.count(key), items=items)
            for key, heading in HEADINGS.items()
            if (items := [item for item in self.items if item.due.kind in KINDS[key]])
        ]

    @property
    def before(self) -> str | None:
        return self.filter.url(page=self.filter.page - 1) if self.filter.page > 1 else None

    @property
    def after(self) -> str | None:
        return self.filter.url(page=self.filter.page + 1) if self.more else None


def work_list(actor: Actor, chosen: Filter) -> WorkList:
    """One page of the person's list under these filters."""
    start = (chosen.page - 1) * PAGE
    tasks = inbox.list_my_tasks(actor, chosen.viewed, sort=chosen.sort, limit=PAGE + 1, offset=start)
    numbers = numbers_of(actor, chosen.wanted)
    return WorkList(
        filter=chosen,
        items=items_of(tasks[:PAGE], actor),
        more=len(tasks) > PAGE,
        numbers=numbers,
        total=Amount() if tasks else Amount(inbox.count_my_tasks(actor)),
        tabs=[
            Tab(
                key=key,
                label=label,
                number=numbers.of(key),
                href=chosen.url(view=key),
                current=key == chosen.view,
            )
            for key, label in VIEWS.items()
        ],
        processes=sorted(inbox.list_my_processes(actor).items(), key=lambda pair: pair[1]),
        **(_beside(actor) if chosen == Filter() else {}),
    )


def exported(actor: Actor, chosen: Filter) -> list[Item]:
    """The rows of all pages under these filters."""
    return items_of(inbox.list_my_tasks(actor, chosen.viewed, sort=chosen.sort, limit=EXPORTED), actor)


def _beside(actor: Actor) -> dict[str, Any]:
    """Around the whole list, on its first page: what is no task of this person, and yet theirs to look after."""
    questions = action_queries.list_my_consultations(actor)
    tasks = {task.id: task for task in engine.list_tasks([one.task_id for one in questions])}
    items = {item.id: item for item in items_of(list(tasks.values()), actor)}
    return {
        "asked": [Asked(item=items[one.task_id], asker=one.asker_name, question=one.question) for one in questions],
        "sent": items_of(action_queries.list_withdrawable(actor), actor),
        "lent": items_of(action_queries.list_delegated(actor), actor),
    }


def to_sign(actor: Actor) -> list[Item]:
    """What waits for this leader's signature, the earliest due first."""
    return items_of(inbox.list_my_tasks(actor, Wanted(form_key=SIGNING), limit=SIGNED_AT_ONCE), actor)


def items_of(tasks: Sequence[Task], actor: Actor) -> list[Item]:
    """Lines for these tasks in their order; documents, people and units are read once for all."""
    if not tasks:
        return []
    found = documents.documents_of_tasks(tasks)
    titles = titles_of(tasks, found)
    names = Names(actor.organization_id, tasks)
    processes = engine.definition_names({task.definition_id for task in tasks})
    return [_item(task, found.get(task.id), titles[task.id], names, processes[task.definition_id]) for task in tasks]


def _item(task: Task, document: Document | None, title: str, names: Names, process: str) -> Item:
    return Item(
        task=task,
        document=document,
        title=title,
        code=code_of(document) if document else "",
        organ=document.issuing_organ if document and document.direction == "incoming" else "",
        step=task.name,
        due=due_of_task(task),
        urgency=document.urgency if document else 0,
        offered=task.assignee_id is None,
        process=process,
        holder=names.holder(task),
    )


def titles_of(tasks: Sequence[Task], found: Mapping[uuid.UUID, Document]) -> dict[uuid.UUID, str]:
    """Task id → its title; an arrival nobody has registered yet is known by the name of its file."""
    files = documents.first_file_names({document.id for document in found.values() if not document.subject})
    unnamed = {task_id: files[document.id] for task_id, document in found.items() if document.id in files}
    return {task.id: unnamed.get(task.id) or title_of(task, found.get(task.id)) for task in tasks}


def title_of(task: Task, document: Document | None) -> str:
    """What the document is about; before anybody wrote that down, the step."""
    return (document.subject if document else "") or task.name


def code_of(document: Document) -> str:
    """41/TTr-VP; before a number is given, what the document will be."""
    if document.number_symbol:
        return document.number_symbol
    if document.direction == "outgoing":
        return f"Dự thảo {document.type_name}".strip()
    return f"Đến lúc {clock.local(document.received_at):%H:%M %d/%m}" if document.received_at else "Văn bản đến"
