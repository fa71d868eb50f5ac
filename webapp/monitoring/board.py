"""Theo dõi: how much is open, whose it is, by when; every number leads to exactly the tasks it counts."""

import collections
import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for

from deadlines import queries as deadlines
from deadlines.queries import Load, Watched, WatchedTask
from deadlines.words import BUCKETS
from directory import working_time
from directory.actors import Actor
from documents import queries as documents
from documents.models import Document
from kernel import clock
from webapp.tasks.work_list import code_of, title_of

PAGE = 50
LOOKED_AT = 2000  #: open tasks that the columns beside the board are counted from
WIDEST = 40  #: units of the longest bar
DAYS = 8  #: working days that the columns show
STUCK = 5  #: steps that hold the most

#: bucket → its mark on the bar, its words
KINDS = {
    "overdue": ("late", "quá hạn"),
    "today": ("today", "đến hạn hôm nay"),
    "soon": ("soon", "sắp đến hạn"),
    "later": ("rest", "còn lại"),
}

HEADINGS = {
    None: "Việc đang xử lý",
    "overdue": "Việc quá hạn",
    "today": "Việc đến hạn hôm nay",
    "soon": "Việc sắp đến hạn",
    "later": "Việc còn lại",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter:
    """What the address of the board says."""

    by: str = "unit"  #: 'unit' or 'person'
    bucket: str | None = None
    unit: str | None = None
    person: uuid.UUID | None = None
    unclaimed: bool = False
    step: str = ""
    day: dt.date | None = None
    page: int = 1

    @classmethod
    def read(cls, arguments: Any) -> "Filter":
        """Unknown values are as if they were not there."""
        bucket = arguments.get("bucket")
        return cls(
            by="person" if arguments.get("by") == "person" else "unit",
            bucket=bucket if bucket in BUCKETS else None,
            unit=arguments.get("unit") or None,
            person=arguments.get("person", type=uuid.UUID),
            unclaimed=arguments.get("unclaimed") == "1",
            step=arguments.get("step", ""),
            day=arguments.get("day", type=dt.date.fromisoformat),
            page=max(1, arguments.get("page", 1, type=int)),
        )

    @property
    def watched(self) -> Watched:
        return Watched(bucket=self.bucket, unit=self.unit, person=self.person, unclaimed=self.unclaimed)

    @property
    def chosen(self) -> bool:
        """Does it narrow the list at all?"""
        return self.watched != Watched() or bool(self.step) or self.day is not None

    def url(self, **values: Any) -> str:
        """The board as it is grouped now, with only these conditions, at its list."""
        told = {"by": self.by if self.by != "unit" else None, "unclaimed": None, **values}
        return url_for("monitoring.show_board", **told, _anchor="danh-sach" if values else None)

    def page_url(self, page: int) -> str:
        told = {"bucket": self.bucket, "unit": self.unit, "person": self.person, "step": self.step or None}
        return self.url(**told, day=self.day, unclaimed="1" if self.unclaimed else None, page=page)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """One stretch of a bar."""

    kind: str
    number: int
    words: str
    href: str
    width: int  #: 1 to WIDEST


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """A unit or a person with the bar of its work."""

    name: str
    href: str
    parts: Sequence[Part]
    total: int
    open: bool = False
    people: "Sequence[Row]" = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One task of the list."""

    watched: WatchedTask
    document: Document | None

    @property
    def title(self) -> str:
        return title_of(self.watched.task, self.document)

    @property
    def code(self) -> str:
        return code_of(self.document) if self.document else ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Counted:
    """A step or a day with the number of its tasks."""

    name: str
    number: int
    href: str
    late: int = 0
    height: int = 1  #: 1 to WIDEST


@dataclasses.dataclass(frozen=True, kw_only=True)
class Board:
    """Everything the page shows."""

    filter: Filter
    load: Load
    unclaimed: int
    rows: Sequence[Row]
    stuck: Sequence[Counted]
    days: Sequence[Counted]
    lines: Sequence[Line]
    found: int
    whose: str  #: the unit or person the list is narrowed to

    @property
    def heading(self) -> str:
        if self.filter.day:
            return f"Việc đến hạn {self.filter.day:%d/%m/%Y}"
        if self.filter.unclaimed:
            return "Việc chưa ai nhận"
        if self.filter.step:
            return self.filter.step
        heading = HEADINGS[self.filter.bucket]
        return f"{heading}: {self.whose}" if self.whose else heading

    @property
    def before(self) -> str | None:
        return self.filter.page_url(self.filter.page - 1) if self.filter.page > 1 else None

    @property
    def after(self) -> str | None:
        return self.filter.page_url(self.filter.page + 1) if self.found > self.filter.page * PAGE else None


def board(actor: Actor, chosen: Filter) -> Board:
    """Raises NotWatching for those who watch nobody."""
    load = deadlines.count_deadlines(actor)
    looked_at = deadlines.list_deadlines(actor, limit=LOOKED_AT)
    found = list_of(actor, chosen)
    return Board(
        filter=chosen,
        load=load,
        unclaimed=deadlines.count_deadlines(actor, Watched(unclaimed=True)).total,
        rows=list(_rows(actor, chosen)),
        stuck=_stuck(looked_at, chosen),
        days=_days(actor, looked_at, chosen),
        lines=lines_of(actor, found[(chosen.page - 1) * PAGE : chosen.page * PAGE]),
        found=len(found),
        whose=_whose(found, chosen),
    )


def _whose(found: Sequence[WatchedTask], chosen: Filter) -> str:
    """In words, from the tasks themselves; nothing when there are none."""
    if not found:
        return ""
    if chosen.person:
        return found[0].person_name
    return found[0].unit_name if chosen.unit else ""


def list_of(actor: Actor, chosen: Filter) -> list[WatchedTask]:
    """The tasks behind a number: the same condition that counted it."""
    found = deadlines.list_deadlines(actor, chosen.watched, limit=LOOKED_AT)
    return [
        one
        for one in found
        if (not chosen.step or one.task.name == chosen.step)
        and (chosen.day is None or clock.local(one.due_at).date() == chosen.day)
    ]


def lines_of(actor: Actor, found: Sequence[WatchedTask]) -> list[Line]:
    """Whoever watches work without the right to read its document sees the step alone."""
    known = documents.documents_of_tasks([one.task for one in found], reader=actor)
    return [Line(watched=one, document=known.get(one.task.id)) for one in found]


def _rows(actor: Actor, chosen: Filter) -> Iterator[Row]:
    if chosen.by == "person":
        yield from _people(actor, chosen, Watched())
        return
    units = deadlines.list_unit_loads(actor)
    longest = max((unit.load.total for unit in units), default=1)
    for unit in units:
        is_open = bool(unit.code) and unit.code == chosen.unit
        yield Row(
            name=unit.name or "Chưa rõ đơn vị",
            href=chosen.url(unit=unit.code or None),
            parts=_parts(chosen, unit.load, longest, {"unit": unit.code or None}),
            total=unit.load.total,
            open=is_open,
            people=list(_people(actor, chosen, Watched(unit=unit.code))) if is_open else (),
        )


def _people(actor: Actor, chosen: Filter, which: Watched) -> Iterator[Row]:
    loads = deadlines.list_person_loads(actor, which)
    longest = max((one.load.total for one in loads), default=1)
    for one in loads:
        told = {"unit": which.unit, "person": one.person_id, "unclaimed": None if one.person_id else "1"}
        yield Row(
            name=one.name or "Chưa ai nhận",
            href=chosen.url(**told),
            parts=_parts(chosen, one.load, longest, told),
            total=one.load.total,
        )


def _parts(chosen: Filter, load: Load, longest: int, told: Mapping[str, Any]) -> list[Part]:
    return [
        Part(
            kind=kind,
            number=getattr(load, bucket),
            words=words,
            href=chosen.url(bucket=bucket, **told),
            width=_scaled(getattr(load, bucket), longest),
        )
        for bucket, (kind, words) in KINDS.items()
    ]


def _stuck(found: Sequence[WatchedTask], chosen: Filter) -> list[Counted]:
    steps = collections.Counter(one.task.name for one in found)
    late = collections.Counter(one.task.name for one in found if one.words.kind == "late")
    return [
        Counted(name=name, number=number, href=chosen.url(step=name), late=late[name])
        for name, number in steps.most_common(STUCK)
    ]


def _days(actor: Actor, found: Sequence[WatchedTask], chosen: Filter) -> list[Counted]:
    """Today and the working days after it."""
    calendar, today = working_time.calendar_of(actor.organization_id), clock.today()
    days = [today, *(calendar.nth_working_day(today, n) for n in range(1, DAYS))]
    due = collections.Counter(clock.local(one.due_at).date() for one in found)
    highest = max((due[day] for day in days), default=1)
    return [
        Counted(
            name=f"{day.day}/{day.month}" if day == today or day.month != before.month else f"{day.day}",
            number=due[day],
            href=chosen.url(day=day.isoformat()),
            height=_scaled(due[day], max(highest, 12)),
        )
        for before, day in itertools.pairwise([today, *days])
    ]


def _scaled(number: int, longest: int) -> int:
    return max(1, round(number * WIDEST / max(longest, 1))) if longest > WIDEST else max(1, number)
