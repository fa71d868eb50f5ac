"""A batch on its way, and what became of each of its instances."""

import dataclasses
import uuid
from collections.abc import Sequence

from flask import request, url_for

from directory.actors import Actor
from engine import migration_queries
from engine.migration_models import MigrationItem
from engine.migration_queries import BatchView
from engine.models import ProcessInstance
from webapp.addresses import page_number
from webapp.documents.listing import Paging
from webapp.documents.words import Tag
from webapp.instances.subjects import Subject, subjects_of
from webapp.versions import words

PAGE = 50

TABS = {
    "": ("Tất cả", "total"),
    "failed": ("Không chuyển được", "failed"),
    "done": ("Đã chuyển", "done"),
    "pending": ("Đang chờ", "pending"),
    "undone": ("Đã hoàn tác", "undone"),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tab:
    """Instances of one state."""

    label: str
    number: int
    url: str
    current: bool
    alarm: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One instance. `stays`: why it cannot be taken back."""

    item: MigrationItem
    instance: ProcessInstance
    subject: Subject
    state: Tag
    steps: Sequence[str]
    stays: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class BatchPage:
    """What templates/versions/batch.html asks for."""

    view: BatchView
    state: Tag
    tabs: Sequence[Tab]
    lines: Sequence[Line]
    paging: Paging
    words: str

    @property
    def running(self) -> bool:
        return self.view.batch.state == "running"


def page_of(migration_id: uuid.UUID, actor: Actor) -> BatchPage:
    """Raises MigrationNotFound."""
    view = migration_queries.get_batch(actor.organization_id, migration_id)
    chosen = request.args.get("state", "")
    chosen = chosen if chosen in TABS else ""
    number, total = page_number("page"), getattr(view.progress, TABS[chosen][1])
    offset = (number - 1) * PAGE
    found = migration_queries.list_items(migration_id, state=chosen, limit=PAGE, offset=offset)
    about = subjects_of([one.instance for one in found], actor)
    return BatchPage(
        view=view,
        state=words.BATCHES[view.batch.state],
        tabs=[_tab(state, view, chosen) for state in TABS],
        lines=[
            Line(
                item=one.item,
                instance=one.instance,
                subject=about[one.instance.id],
                state=words.ITEMS[one.item.state],
                steps=words.told_steps(one.item.moves),
                stays=one.stays,
            )
            for one in found
        ],
        paging=_paging(migration_id, chosen, number, total),
        words=f"{total} hồ sơ" if total <= PAGE else f"{offset + 1} đến {offset + len(found)} trong {total} hồ sơ",
    )


def _tab(state: str, view: BatchView, chosen: str) -> Tab:
    label, name = TABS[state]
    number: int = getattr(view.progress, name)
    return Tab(
        label=label,
        number=number,
        url=_url(view.batch.id, state),
        current=state == chosen,
        alarm=state == "failed" and number > 0,
    )


def _paging(migration_id: uuid.UUID, state: str, number: int, total: int) -> Paging:
    return Paging(
        before=_url(migration_id, state, number - 1) if number > 1 else None,
        after=_url(migration_id, state, number + 1) if number * PAGE < total else None,
    )


def _url(migration_id: uuid.UUID, state: str, page: int = 1) -> str:
    return url_for(
        "versions.show_batch", migration_id=migration_id, state=state or None, page=page if page > 1 else None
    )
