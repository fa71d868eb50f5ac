"""Everything the page of one task shows, in the order of the screen."""

import dataclasses
import datetime as dt
import functools
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from directory.actors import Actor
from directory.models import Person
from documents import queries as documents
from documents.models import Document
from engine import inbox
from engine import queries as engine
from engine.action_queries import get_draft_values, was_consulted
from engine.errors import TaskNotFound
from engine.inbox import Place
from engine.models import READY, Task
from engine.permissions import is_candidate
from forms import schema
from forms.components import FieldView
from webapp import forms
from webapp.documents.holders import Names
from webapp.documents.page import DocumentPage, page_of
from webapp.documents.route import Step
from webapp.due import Due, due_of_task
from webapp.incoming import desk
from webapp.tasks import beside, diagram
from webapp.tasks.beside import Beside
from webapp.tasks.work_list import titles_of
from webapp.texts import moment

AHEAD = 5  #: steps ahead that the route shows

#: form key → the template of its task; a form without a line here is drawn by tasks/show.html. Owners add lines.
TEMPLATES = {
    "ky-so": "tasks/sign.html",
    "dang-ky-den": "incoming/register.html",
    "du-thao": "outgoing/draft.html",
}

#: form key → what its fields start with, of the task's document
STARTS: dict[str, Callable[[Document], Mapping[str, Any]]] = {
    "du-thao": documents.draft_values_of,
    "dang-ky-den": desk.values_of,
}

#: form key → the words on the primary button
BUTTONS = {
    "dang-ky-den": "Vào sổ",
    "trinh": "Trình lãnh đạo",
    "chi-dao": "Chuyển thực hiện",
    "phan-cong": "Giao việc",
    "du-thao": "Trình duyệt",
    "ky-so": "Gửi",
    "cap-so": "Cấp số",
    "phat-hanh": "Phát hành",
    "luu-ho-so": "Lưu hồ sơ",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    """An opinion on the document or a comment beside the task."""

    author: str
    what: str
    text: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tried:
    """An action beside completing that was refused: shown again with what was typed."""

    name: str = ""
    problems: Mapping[str, str] = dataclasses.field(default_factory=dict)
    sentence: str = ""
    typed: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)

    def value(self, field: str) -> str:
        return next(iter(self.typed.get(field, ())), "")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskPage:
    """What tasks/show.html and its sisters ask for."""

    task: Task
    title: str
    process: str
    rule: str  #: the article of law that asks for this step, from the diagram
    due: Due
    document: Document | None
    shown: DocumentPage | None
    hidden: bool  #: there is a document, and it is not this person's to read
    views: Sequence[FieldView]
    labels: Mapping[str, str]
    problems: Mapping[str, str]
    sentence: str  #: why the whole was refused
    button: str
    may_complete: bool
    may_claim: bool
    may_release: bool
    may_assign: bool
    holder: str
    said: Sequence[Said]
    steps: Sequence[Step]
    neighbours: Place | None
    people: Sequence[Person]
    actor: Actor
    tried: Tried

    @functools.cached_property
    def beside(self) -> Beside:
        """Asked for by the page alone, not by the quick look."""
        return beside.beside_of(self.task, self.actor)

    @property
    def open(self) -> bool:
        return self.task.state == READY

    @property
    def urgency(self) -> int:
        return self.document.urgency if self.document else 0


NOTHING_TRIED = Tried()


def template_of(task: Task) -> str:
    return TEMPLATES.get(task.form_key, "tasks/show.html")


def get_task(task_id: uuid.UUID, actor: Actor) -> Task:
    """TaskNotFound also when it is nothing to this person, so that nobody learns of it."""
    task = engine.get_task(task_id)
    if task.organization_id != actor.organization_id or not may_look(task, actor):
        raise TaskNotFound
    return task


def task_page(
    task: Task,
    actor: Actor,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
    sentence: str = "",
    tried: Tried = NOTHING_TRIED,
) -> TaskPage:
    """`typed`: what was sent and refused, to be shown again.

    Who only hands the work out learns where it stands, and nothing of a document that is not theirs to read.
    """
    document = documents.documents_of_tasks([task]).get(task.id)
    form = forms.form_of(task)
    names = Names(actor.organization_id, [task])
    node = diagram.nodes_of(task.definition_id).get(task.element_id)
    shown = page_of(document, actor) if document and documents.may_view(document, actor) else None
    hidden = document is not None and shown is None
    document = shown.document if shown else None
    may_assign = engine.may_assign(task, actor)
    views = field_views(task, actor, typed) if task.state == READY and not hidden else []
    return TaskPage(
        task=task,
        title=titles_of([task], {task.id: document} if document else {})[task.id],
        process=engine.get_definition(task.definition_id).name,
        rule=node.documentation if node else "",
        due=due_of_task(task),
        document=document,
        shown=shown,
        hidden=hidden,
        views=views,
        labels=forms.labels_of(form) | {view.key: view.label for view in views},
        problems=problems or {},
        sentence=sentence,
        button=BUTTONS.get(task.form_key, "Gửi kết quả"),
        may_complete=engine.may_complete(task, actor),
        may_claim=engine.may_claim(task, actor),
        may_release=engine.may_release(task, actor),
        may_assign=may_assign,
        holder=names.holder(task),
        said=[] if hidden else _said(task, shown),
        steps=_steps(task, actor),
        neighbours=inbox.find_place(task, actor),
        people=engine.list_receivers(actor) if may_assign else [],
        actor=actor,
        tried=tried,
    )


def field_views(task: Task, actor: Actor, typed: Mapping[str, Any] | None) -> list[FieldView]:
    """The form as it stands with what was typed; a draft form starts with the draft itself."""
    form = forms.form_of(task)
    choices = forms.choices_for(form, actor)
    started = _started(task)
    return schema.field_views(
        form,
        values=typed or get_draft_values(task) or started,
        choices=choices,
        context=forms.TaskContext(task, actor),
        given=started,
    )


def parse(task: Task, actor: Actor) -> dict[str, Any]:
    """What this request sent, typed. Raises FormInvalid."""
    form = forms.form_of(task)
    return schema.parse(
        form,
        forms.submitted(),
        choices=forms.choices_for(form, actor),
        context=forms.TaskContext(task, actor),
        given=_started(task),
    )


def next_holders(task: Task, actor: Actor, *, since: uuid.UUID) -> str:
    """Whose turn it is with what opened after this id was made, in words; empty when nobody has to do anything now."""
    opened = engine.list_opened_since(task.instance_id, since)
    return Names(actor.organization_id, opened).holders(opened)


def may_look(task: Task, actor: Actor) -> bool:
    """Whoever may do something with it, did it, or may read its document."""
    allowed = (engine.may_complete, engine.may_claim, engine.may_assign)
    own = {task.assignee_id, task.ended_by_id, task.owner_id, task.delegate_id}
    if any(may(task, actor) for may in allowed) or actor.person_id in own or was_consulted(task, actor):
        return True
    if task.suspended and is_candidate(task, actor):  # it stays in their list, and says why it waits
        return True
    document = documents.documents_of_tasks([task]).get(task.id)
    return document is not None and documents.may_view(document, actor)


def _started(task: Task) -> Mapping[str, Any]:
    """What the form starts with: the draft itself, or what was read from the file that arrived."""
    document = documents.documents_of_tasks([task]).get(task.id)
    start = STARTS.get(task.form_key)
    return start(document) if start and document else {}


def _said(task: Task, shown: DocumentPage | None) -> list[Said]:
    """Directions, opinions and comments in one line of time."""
    comments = [
        Said(author=c.person_name, what="trao đổi", text=c.text, at=c.at)
        for c in engine.list_comments(task.instance_id)
    ]
    done = [Said(author=a, what=what, text=text, at=at) for a, what, text, at in beside.told_in(task.instance_id)]
    opinions = [Said(author=o.author, what=o.what, text=o.text, at=o.at) for o in (shown.opinions if shown else [])]
    directions = [
        Said(author=d.author, what="bút phê", text=d.text, at=d.at) for d in (shown.directives if shown else [])
    ]
    return sorted([*directions, *opinions, *comments, *done], key=lambda one: one.at)


def _steps(task: Task, actor: Actor) -> list[Step]:
    """So far: the tasks of the same process; ahead: what the diagram has next."""
    mine = [t for t in engine.list_instance_tasks(task.instance_id) if t.business_key == task.business_key]
    names = Names(actor.organization_id, mine)
    done = sorted((t for t in mine if t.state == "completed"), key=lambda t: t.id)
    now = [t for t in mine if t.state == READY]
    again = {t.element_id for t in now}
    passed = {t.element_id for t in mine}
    steps = [
        Step(
            kind="back" if t.element_id in again and t.id != task.id else "done",
            name=t.name,
            who=t.ended_by_name,
            when=moment(t.ended_at),
        )
        for t in done
    ]
    steps += [
        Step(kind="now", name=t.name, who=names.holder(t), when=due_of_task(t).words if t.due_at else "") for t in now
    ]
    if not now:
        return steps
    ahead = [node for node in diagram.steps_after(task.definition_id, task.element_id) if node.id not in passed]
    return steps + [Step(kind="next", name=node.name, who=node.lane, when="") for node in ahead[:AHEAD]]
