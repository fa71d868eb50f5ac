"""What one person has to do. The list, its numbers and a task's place in it ask the same condition.

Nobody reads a thousand tasks, so nothing here looks at all of them when there are more: numbers end at MOST.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory.actors import Actor
from engine import permissions
from engine.models import READY, ProcessDefinition, Task
from kernel import db

MOST = 1000  #: as far as anything is counted

#: literal, so that PostgreSQL sees the partial indexes also in a prepared statement
IS_READY = sa.literal_column("engine_tasks.state") == sa.literal_column("'ready'")

SORTS: dict[str, tuple[Any, ...]] = {
    "due": (Task.due_at.asc().nulls_last(), Task.priority.desc(), Task.id),
    "priority": (Task.priority.desc(), Task.due_at.asc().nulls_last(), Task.id),
    "newest": (Task.id.desc(),),
    "oldest": (Task.id,),
}

Condition = sa.ColumnElement[bool]

_DONE = sa.alias(Task.__table__, "done")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of a person's tasks: those they hold (False: those offered to them), of a process, with a form."""

    held: bool | None = None
    process: str = ""
    form_key: str = ""
    conditions: Sequence[Condition] = ()  #: of packages above, on Task


@dataclasses.dataclass(frozen=True, kw_only=True)
class Number:
    """How many tasks of one kind, at most MOST of those held and of those offered, the earliest due first.

    `bucket`: how many of the borders lie before the deadline, all when there is none; None: its clock stands still.
    """

    held: bool
    bucket: int | None
    number: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """Where a task stands among its person's tasks, from 1, and which are beside it. `total` ends at MOST."""

    place: int
    total: int
    before: uuid.UUID | None
    after: uuid.UUID | None


ALL = Wanted()


def list_my_tasks(
    actor: Actor, wanted: Wanted = ALL, *, sort: str = "due", limit: int = 200, offset: int = 0
) -> Sequence[Task]:
    """Assigned to me, or offered to me and taken by nobody. `sort`: one of SORTS."""
    query = sa.select(Task).where(*_mine(actor, wanted)).order_by(*SORTS[sort]).limit(limit).offset(offset)
    return db.session().scalars(query.execution_options(populate_existing=True)).all()


def count_my_tasks(actor: Actor, wanted: Wanted = ALL) -> int:
    """At most MOST."""
    found = sa.select(sa.literal(1)).where(*_mine(actor, wanted)).limit(MOST).subquery()
    return db.session().scalar(sa.select(sa.func.count()).select_from(found)) or 0


def count_my_groups(actor: Actor, borders: Sequence[dt.datetime], wanted: Wanted = ALL) -> list[Number]:
    """All numbers of the list in one question. `borders`: instants in their order, between which deadlines lie."""
    passed = sa.func.width_bucket(Task.due_at, sa.cast(list(borders), pg.ARRAY(sa.DateTime(timezone=True))))
    bucket = sa.case((Task.paused_at.is_(None), sa.func.coalesce(passed, len(borders)))).label("bucket")
    told = _first(actor, wanted, bucket)
    query = sa.select(told.c.held, told.c.bucket, sa.func.count()).group_by(told.c.held, told.c.bucket)
    return [Number(held=held, bucket=bucket, number=number) for held, bucket, number in db.session().execute(query)]


def list_my_processes(actor: Actor) -> dict[str, str]:
    """Key → name of the processes that the person's tasks belong to, the newest version's."""
    told = _first(actor, ALL, Task.definition_id)
    table = ProcessDefinition
    query = sa.select(table.key, table.name).where(table.id.in_(sa.select(told.c.definition_id)))
    return {row.key: row.name for row in db.session().execute(query.order_by(table.version))}


def find_place(task: Task, actor: Actor) -> Place | None:
    """Among the first MOST, the earliest due first; None when it is not there."""
    if task.state != READY or not (task.assignee_id == actor.person_id or _may_be_taken(task, actor)):
        return None
    order = SORTS["due"]
    first = sa.select(Task.id, sa.func.row_number().over(order_by=order).label("place")).where(*_mine(actor, ALL))
    told = first.order_by(*order).limit(MOST).subquery()
    lines = sa.select(
        told.c.id,
        told.c.place,
        sa.func.count().over().label("total"),
        sa.func.lag(told.c.id).over(order_by=told.c.place).label("before"),
        sa.func.lead(told.c.id).over(order_by=told.c.place).label("after"),
    ).subquery()
    row = db.session().execute(sa.select(lines).where(lines.c.id == task.id)).one_or_none()
    return Place(place=row.place, total=row.total, before=row.before, after=row.after) if row else None


def _may_be_taken(task: Task, actor: Actor) -> bool:
    return task.assignee_id is None and permissions.is_candidate(task, actor)


def _first(actor: Actor, wanted: Wanted, column: "sa.ColumnElement[Any] | Any") -> sa.Subquery:
    """The earliest due of those held and of those offered, each cut off by itself: neither hides the other."""
    halves = [
        sa.select(sa.literal(held).label("held"), column)
        .where(*_mine(actor, dataclasses.replace(wanted, held=held)))
        .order_by(*SORTS["due"])
        .limit(MOST)
        for held in (True, False)
        if wanted.held in (None, held)
    ]
    return sa.union_all(*(sa.select(half.subquery()) for half in halves)).subquery()


def _mine(actor: Actor, wanted: Wanted) -> list[Condition]:
    told: list[Condition] = [Task.organization_id == actor.organization_id, IS_READY, _is_mine(actor, wanted.held)]
    told += [sa.not_(_did_other(actor)), *wanted.conditions]
    if wanted.form_key:
        told.append(Task.form_key == wanted.form_key)
    if wanted.process:
        table = ProcessDefinition
        versions = sa.select(table.id).where(
            table.organization_id == actor.organization_id, table.key == wanted.process
        )
        told.append(Task.definition_id.in_(versions))
    return told


def _is_mine(actor: Actor, held: bool | None) -> Condition:
    """An `or` of what has an index each, so that few tasks among many are found by these."""
    own = Task.assignee_id == actor.person_id
    free = Task.assignee_id.is_(None)
    by_group = Task.candidate_groups.overlap(_literal(sorted(actor.groups)))
    by_name = Task.candidate_users.contains(_literal([actor.username]))
    if held is not None:
        return own if held else sa.and_(free, sa.or_(by_group, by_name))
    return sa.or_(own, sa.and_(free, by_group), sa.and_(free, by_name))


def _literal(words: list[str]) -> sa.ColumnElement[Any]:
    """Written into the statement: whether a person has few of the tasks or all of them decides how they are best
    looked for, and PostgreSQL must see it when it plans."""
    return sa.literal(words, pg.ARRAY(sa.Text), literal_execute=True)


def _did_other(actor: Actor) -> Condition:
    """The same rule as permissions.refusal_to_complete has for four eyes."""
    other = sa.exists().where(
        _DONE.c.instance_id == Task.instance_id,
        _DONE.c.business_key == Task.business_key,
        _DONE.c.state == "completed",
        sa.or_(_DONE.c.ended_by_id == actor.person_id, _DONE.c.delegate_id == actor.person_id),
        Task.extensions["differentFrom"].has_key(_DONE.c.element_id),
    )
    return sa.and_(Task.extensions.has_key("differentFrom"), other)
