"""Việc của tôi: what one person has to do, in the order in which it must be done."""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from documents import queries as documents
from documents.models import Document
from engine import action_queries
from engine import queries as engine
from engine.models import Task
from engine.permissions import PENDING
from kernel import clock, text
from webapp.documents.holders import Names
from webapp.due import Due, due_of_task

LIMIT = 2000  #: tasks of one person that are looked at
PAGE = 100
SIGNING = "ky-so"  #: the form key of what waits for a signature

#: tab → its label
VIEWS = {"all": "Tất cả", "mine": "Tôi đang giữ", "offered": "Chờ nhận"}

#: order → its label
SORTS = {"due": "hạn trước", "priority": "khẩn trước", "newest": "mới nhất trước"}

#: group → heading, and the kinds of deadlines in it
GROUPS = [
    ("late", "Quá hạn", ("late",)),
    ("today", "Hôm nay", ("today",)),
    ("soon", "Sắp đến hạn", ("soon",)),
    ("rest", "Còn lại", ("later", "none", "paused")),
]


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
            page=max(1, arguments.get("page", 1, type=int)),
        )

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

    def search_text(self) -> str:
        return text.fold(" ".join([self.title, self.code, self.organ, self.step]))


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
    number: int
    items: Sequence[Item]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tab:
    """A view with the number of its items under the same filters."""

    key: str
    label: str
    number: int
    href: str
    current: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkList:
    """Everything the page shows; all numbers come from `found`."""

    filter: Filter
    found: Sequence[Item]
    total: int  #: without any filter
    tabs: Sequence[Tab]
    processes: Sequence[tuple[str, str]]  #: key, name
    asked: Sequence[Asked] = ()  #: questions that wait for this person
    sent: Sequence[Item] = ()  #: that can still be taken back
    lent: Sequence[Item] = ()  #: that others work on

    def count(self, *kinds: str) -> int:
        return sum(item.due.kind in kinds for item in self.found)

    @property
    def groups(self) -> list[Group]:
        """The items of this page under their headings."""
        start = (self.filter.page - 1) * PAGE
        shown = self.found[start : start + PAGE]
        if self.filter.sort != "due":
            return [
                Group(key="rest", heading=f"Xếp theo {SORTS[self.filter.sort]}", number=len(self.found), items=shown)
            ]
        return [
            Group(key=key, heading=heading, number=self.count(*kinds), items=items)
            for key, heading, kinds in GROUPS
            if (items := [item for item in shown if item.due.kind in kinds])
        ]

    @property
    def before(self) -> str | None:
        return self.filter.url(page=self.filter.page - 1) if self.filter.page > 1 else None

    @property
    def after(self) -> str | None:
        more = len(self.found) > self.filter.page * PAGE
        return self.filter.url(page=self.filter.page + 1) if more else None


def work_list(actor: Actor, chosen: Filter) -> WorkList:
    """The person's list under these filters."""
    everything = items_of(engine.list_my_tasks(actor, sort=chosen.sort, limit=LIMIT), actor)
    names = {item.task.definition_id: item.process for item in everything}
    keys = {engine.get_definition(definition_id).key: name for definition_id, name in names.items()}
    matching = [item for item in everything if _matches(item, chosen)]
    return WorkList(
        filter=chosen,
        found=_of_view(matching, chosen.view),
        total=len(everything),
        tabs=[
            Tab(
                key=key,
                label=label,
                number=len(_of_view(matching, key)),
                href=chosen.url(view=key),
                current=key == chosen.view,
            )
            for key, label in VIEWS.items()
        ],
        processes=sorted(keys.items(), key=lambda pair: pair[1]),
        **(_beside(actor) if chosen == Filter() else {}),
    )


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
    return items_of([task for task in engine.list_my_tasks(actor, limit=LIMIT) if task.form_key == SIGNING], actor)


def items_of(tasks: Sequence[Task], actor: Actor) -> list[Item]:
    """Lines for these tasks in their order; documents, people and units are read once for all."""
    found = documents.documents_of_tasks(tasks)
    titles = titles_of(tasks, found)
    names = Names(actor.organization_id, tasks)
    return [_item(task, found.get(task.id), titles[task.id], names) for task in tasks]


def _item(task: Task, document: Document | None, title: str, names: Names) -> Item:
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
        process=engine.get_definition(task.definition_id).name,
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


def _matches(item: Item, chosen: Filter) -> bool:
    if chosen.process and engine.get_definition(item.task.definition_id).key != chosen.process:
        return False
    return all(word in item.search_text() for word in text.fold(chosen.words).split())


def _of_view(items: Iterable[Item], view: str) -> list[Item]:
    if view == "all":
        return list(items)
    return [item for item in items if item.offered == (view == "offered")]
