"""Readers of deadlines: the board and its lists. A number and the list behind it come from the same condition."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from deadlines import scopes, words
from deadlines.models import TaskDeadline, TaskReminder
from directory import working_time
from directory.actors import Actor
from directory.models import OrgUnit, Person
from engine.models import READY, Task
from kernel import clock, db


@dataclasses.dataclass(frozen=True, kw_only=True)
class Watched:
    """Which of the work in the actor's scope: a bucket of words.BUCKETS, a unit's code, a person …; None is all."""

    bucket: str | None = None
    unit: str | None = None
    person: uuid.UUID | None = None
    unclaimed: bool = False  #: offered to a group, taken by nobody
    step: str | None = None  #: the name of the task
    day: dt.date | None = None  #: due on this day in the office's zone


@dataclasses.dataclass(frozen=True, kw_only=True)
class WatchedTask:
    """One line of a list of work."""

    task: Task
    due_at: dt.datetime
    words: words.Words
    unit_code: str
    unit_name: str
    person_name: str  #: empty when nobody has taken it
    reminded_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Load:
    """How much open work, by deadline. `total` is their sum."""

    overdue: int = 0
    today: int = 0
    soon: int = 0
    later: int = 0

    @property
    def total(self) -> int:
        return self.overdue + self.today + self.soon + self.later


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitLoad:
    """The open work of a unit; without a code: work whose unit nobody can tell."""

    code: str
    name: str
    load: Load


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonLoad:
    """The open work of a person; without an id: offered to a group, taken by nobody."""

    person_id: uuid.UUID | None
    name: str
    load: Load


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepLoad:
    """The open work that stands at one step of a process."""

    name: str
    load: Load


NOTHING = Watched()


def list_deadlines(actor: Actor, which: Watched = NOTHING, *, limit: int = 50, offset: int = 0) -> list[WatchedTask]:
    """Open work in the actor's scope, the earliest due first. Raises NotWatching."""
    reminded = (
        sa.select(sa.func.max(TaskReminder.at)).where(TaskReminder.task_id == Task.id).correlate(Task).scalar_subquery()
    )
    query = _watched(actor, which, Task, TaskDeadline.due_at, OrgUnit.code, OrgUnit.name, Person.full_name, reminded)
    rows = db.session().execute(query.order_by(TaskDeadline.due_at, TaskDeadline.id).limit(limit).offset(offset))
    now, calendar = clock.now(), working_time.calendar_of(actor.organization_id)
    return [
        WatchedTask(
            task=task,
            due_at=due_at,
            words=words.say(due_at, now=now, calendar=calendar, paused_at=task.paused_at),
            unit_code=code or "",
            unit_name=name or "",
            person_name=person or "",
            reminded_at=reminded_at,
        )
        for task, due_at, code, name, person, reminded_at in rows
    ]


def count_deadlines(actor: Actor, which: Watched = NOTHING) -> Load:
    """The numbers of the board. Raises NotWatching."""
    row = db.session().execute(_watched(actor, which, *_counts(actor))).one()
    return Load(**row._mapping)


def count_overdue(actor: Actor, *, limit: int) -> int:
    """At most `limit`: for a number that stands on every page. Raises NotWatching."""
    found = _watched(actor, Watched(bucket="overdue"), sa.literal(1)).limit(limit).subquery()
    return db.session().scalar(sa.select(sa.func.count()).select_from(found)) or 0


def list_unit_loads(actor: Actor, which: Watched = NOTHING) -> list[UnitLoad]:
    """One for each unit with open work, by name. Raises NotWatching."""
    query = _watched(actor, which, OrgUnit.code, OrgUnit.name, *_counts(actor))
    rows = db.session().execute(query.group_by(OrgUnit.code, OrgUnit.name).order_by(OrgUnit.name.nulls_last()))
    return [UnitLoad(code=code or "", name=name or "", load=_load(rest)) for code, name, *rest in rows]


def list_person_loads(actor: Actor, which: Watched = NOTHING) -> list[PersonLoad]:
    """One for each person with open work, by name, and one for what nobody has taken. Raises NotWatching."""
    query = _watched(actor, which, Task.assignee_id, Person.full_name, *_counts(actor))
    query = query.group_by(Task.assignee_id, Person.full_name).order_by(Person.full_name.nulls_last())
    rows = db.session().execute(query)
    return [PersonLoad(person_id=person, name=name or "", load=_load(rest)) for person, name, *rest in rows]


def list_step_loads(actor: Actor, which: Watched = NOTHING) -> list[StepLoad]:
    """One for each step with open work, the fullest first. Raises NotWatching."""
    query = _watched(actor, which, Task.name, *_counts(actor)).group_by(Task.name)
    rows = db.session().execute(query.order_by(sa.func.count().desc(), Task.name))
    return [StepLoad(name=name, load=_load(rest)) for name, *rest in rows]


def count_due_days(actor: Actor, days: Sequence[dt.date], which: Watched = NOTHING) -> dict[dt.date, int]:
    """How much open work falls due on each of the days. Raises NotWatching."""
    numbers = [sa.func.count().filter(_on_day(day)) for day in days]
    row = db.session().execute(_watched(actor, which, *numbers)).one() if days else ()
    return dict(zip(days, row, strict=True))


def deadline_words(tasks: Sequence[Task]) -> dict[uuid.UUID, words.Words]:
    """Task id -> its deadline in words, ended ones too."""
    now = clock.now()
    return {
        task.id: words.say(
            task.due_at,
            now=now,
            calendar=working_time.calendar_of(task.organization_id),
            ended_at=task.ended_at,
            paused_at=task.paused_at,
        )
        for task in tasks
    }


def _watched(actor: Actor, which: Watched, *columns: Any) -> "sa.Select[Any]":
    """The one condition of all boards and lists."""
    scope = scopes.scope_of(actor)
    query = (
        sa.select(*columns)
        .select_from(TaskDeadline)
        .join(Task, Task.id == TaskDeadline.task_id)
        .outerjoin(OrgUnit, OrgUnit.id == TaskDeadline.unit_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(TaskDeadline.organization_id == scope.organization_id, TaskDeadline.ended_at.is_(None))
        .where(Task.state == READY)
    )
    if scope.unit_id is not None:
        query = query.where(TaskDeadline.unit_id == scope.unit_id)
    return query.where(*_chosen(actor, which))


def _chosen(actor: Actor, which: Watched) -> "list[sa.ColumnElement[bool]]":
    chosen: list[sa.ColumnElement[bool]] = []
    if which.bucket is not None:
        chosen.append(_in_bucket(which.bucket, actor))
    if which.unit is not None:
        chosen.append(OrgUnit.code == which.unit)
    if which.person is not None:
        chosen.append(Task.assignee_id == which.person)
    if which.unclaimed:
        chosen.append(Task.assignee_id.is_(None))
    if which.step is not None:
        chosen.append(Task.name == which.step)
    if which.day is not None:
        chosen.append(_on_day(which.day))
    return chosen


def _on_day(day: dt.date) -> "sa.ColumnElement[bool]":
    start = dt.datetime.combine(day, dt.time(), clock.VIETNAM)
    return sa.and_(TaskDeadline.due_at >= start, TaskDeadline.due_at < start + dt.timedelta(days=1))


def _in_bucket(bucket: str, actor: Actor) -> "sa.ColumnElement[bool]":
    border = words.borders(clock.now(), working_time.calendar_of(actor.organization_id))
    due, runs = TaskDeadline.due_at, Task.paused_at.is_(None)  # a clock that stands still makes nothing urgent
    return {
        "overdue": sa.and_(runs, due < border.now),
        "today": sa.and_(runs, due >= border.now, due < border.tomorrow),
        "soon": sa.and_(runs, due >= border.tomorrow, due < border.later),
        "later": sa.or_(sa.not_(runs), due >= border.later),
    }[bucket]


def _counts(actor: Actor) -> "list[sa.Label[int]]":
    return [sa.func.count().filter(_in_bucket(bucket, actor)).label(bucket) for bucket in words.BUCKETS]


def _load(counts: Sequence[int]) -> Load:
    return Load(**dict(zip(words.BUCKETS, counts, strict=True)))
