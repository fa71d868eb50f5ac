"""What happened in processes, as a manager pages through it: by instance, definition, element or person."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from directory import working_time
from engine.durations import OfficeClock
from engine.job_models import Job
from engine.models import (
    ExternalTask,
    HistoryEntry,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    Subscription,
    Task,
    Timer,
)
from engine.positions import ScopeView, TokenView, list_scopes, list_tokens
from engine.values import restored
from kernel import clock, db

__all__ = [
    "COUNTED",
    "Activity",
    "Cut",
    "InstanceView",
    "ScopeView",
    "TokenView",
    "changed",
    "count_activities",
    "count_by_state",
    "count_instances",
    "list_activities",
    "list_scopes",
    "list_tokens",
    "search_instances",
]


COUNTED = 10_000  #: nobody pages further, and counting more costs more than the page


@dataclasses.dataclass(frozen=True)
class Cut:
    """In place of a value too big to keep in history."""

    bytes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Activity:
    """A token's stay at an element. `before`, `after`: the variables that this step changed, without those that were
    not there; `calendar`, `office`: how long it took, until now when it is not over, in all and in working time."""

    instance_id: uuid.UUID
    definition_id: uuid.UUID
    token: int
    element_id: str
    element_name: str
    element_type: str
    loop: int | None
    entered_at: dt.datetime
    left_at: dt.datetime | None
    outcome: str | None  #: 'completed', 'cancelled' or None
    person_id: uuid.UUID | None
    person: str
    calendar: dt.timedelta
    office: dt.timedelta
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    handed_in: Mapping[str, Any]


def list_activities(
    organization_id: uuid.UUID,
    *,
    instance_id: uuid.UUID | None = None,
    definition_id: uuid.UUID | None = None,
    element_id: str | None = None,
    person_id: uuid.UUID | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Activity]:
    """Of one instance in the order in which it happened, else the newest first. Give at least one of instance,
    definition and person; an element belongs to a definition or instance. `since`, `until`: when it was entered; of a
    person, when it was done."""
    asked = _Asked(
        organization_id=organization_id, instance_id=instance_id, definition_id=definition_id, element_id=element_id,
        person_id=person_id, since=since, until=until,
    )  # fmt: skip
    rows = db.session().execute(asked.rows(limit=limit, offset=offset)).all()
    times = _office_clock(organization_id, rows)
    return [_activity(row, times) for row in rows]


def count_activities(
    organization_id: uuid.UUID,
    *,
    instance_id: uuid.UUID | None = None,
    definition_id: uuid.UUID | None = None,
    element_id: str | None = None,
    person_id: uuid.UUID | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> int:
    """How many list_activities has, but no more than COUNTED."""
    asked = _Asked(
        organization_id=organization_id, instance_id=instance_id, definition_id=definition_id, element_id=element_id,
        person_id=person_id, since=since, until=until,
    )  # fmt: skip
    return db.session().scalar(asked.count()) or 0


_ENTERED, _LEFT = orm.aliased(HistoryEntry, name="entered"), orm.aliased(HistoryEntry, name="departed")


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Asked:
    """One question as SQL. It begins with the lines that have an index for it: where tokens came, or what a person did.
    Kinds are literal, so that PostgreSQL sees the partial indexes also in a prepared statement."""

    organization_id: uuid.UUID
    instance_id: uuid.UUID | None
    definition_id: uuid.UUID | None
    element_id: str | None
    person_id: uuid.UUID | None
    since: dt.datetime | None
    until: dt.datetime | None

    def __post_init__(self) -> None:
        if self.instance_id is None and self.definition_id is None and self.person_id is None:
            raise ValueError("history of what? give an instance, a definition or a person")

    @property
    def conditions(self) -> list[Any]:
        first = _ENTERED if self.person_id is None else _LEFT
        kinds = ["entered.kind = 'entered'"]
        if self.person_id is not None:
            kinds = ["departed.kind = 'completed'", "departed.element_type = 'userTask'"]
        return [
            first.organization_id == self.organization_id,
            *map(sa.text, kinds),
            *_where(first.instance_id, self.instance_id),
            *_where(first.definition_id, self.definition_id),
            *_where(first.element_id, self.element_id),
            *_where(first.person_id, self.person_id),
            *([first.at >= self.since] if self.since is not None else []),
            *([first.at < self.until] if self.until is not None else []),
        ]

    def rows(self, *, limit: int, offset: int) -> "sa.Select[Any]":
        """The page is cut before anything is joined."""
        by_person = self.person_id is not None
        first, second = (_LEFT, _ENTERED) if by_person else (_ENTERED, _LEFT)
        ordered = self.instance_id is not None and not by_person
        order = (first.id,) if ordered else (first.at.desc(), first.id.desc())
        page = sa.select(first).where(*self.conditions).order_by(*order).limit(limit).offset(offset).subquery()
        first = orm.aliased(HistoryEntry, page)
        other = sa.select(second).where(
            second.organization_id == first.organization_id,
            second.instance_id == first.instance_id,
            second.token == first.token,
            second.kind.in_(["entered"] if by_person else ["completed", "cancelled"]),
        )
        second = orm.aliased(HistoryEntry, other.limit(1).lateral())  # there is one; the limit keeps to the index
        entered, left = (second, first) if by_person else (first, second)
        columns = (
            first.instance_id, first.definition_id, first.token, first.element_id, first.element_name,
            first.element_type, entered.loop, entered.at.label("entered_at"), left.at.label("left_at"), left.kind,
            left.person_id, left.person_name, left.changes, left.data, ProcessInstance.ended_at,
        )  # fmt: skip
        query = sa.select(*columns).select_from(first).join(second, sa.true(), isouter=not by_person)
        query = query.join(ProcessInstance, ProcessInstance.id == first.instance_id)
        return query.order_by(*((first.id,) if ordered else (first.at.desc(), first.id.desc())))

    def count(self) -> "sa.Select[Any]":
        first = _ENTERED if self.person_id is None else _LEFT
        found = sa.select(sa.literal(1)).select_from(first).where(*self.conditions).limit(COUNTED)
        return sa.select(sa.func.count()).select_from(found.subquery())


def _where(column: Any, value: Any) -> list[Any]:
    return [] if value is None else [column == value]


def _activity(row: Any, times: OfficeClock) -> Activity:
    end = row.left_at or row.ended_at or clock.now()
    before, after = changed(row.changes, row.data)
    return Activity(
        instance_id=row.instance_id,
        definition_id=row.definition_id,
        token=row.token,
        element_id=row.element_id,
        element_name=row.element_name,
        element_type=row.element_type,
        loop=row.loop,
        entered_at=row.entered_at,
        left_at=row.left_at,
        outcome=row.kind,
        person_id=row.person_id,
        person=row.person_name or "",
        calendar=end - row.entered_at,
        office=times.between(row.entered_at, end),
        before=before,
        after=after,
        handed_in=restored(row.data) if row.data else {},
    )


def _office_clock(organization_id: uuid.UUID, rows: Sequence[Any]) -> OfficeClock:
    now = clock.now()
    first = min((row.entered_at for row in rows), default=now)
    last = max((row.left_at or now for row in rows), default=now)
    return OfficeClock(working_time.calendar_of(organization_id), first, last)


def changed(
    changes: Mapping[str, Any] | None, handed_in: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of a line of history (its `changes` and `data`): the variables as they were, and as they became."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    given = dict(handed_in["$m"]) if handed_in and "$m" in handed_in else handed_in or {}
    for name, told in (changes or {}).items():
        was, becomes = told if len(told) == 2 else (told[0], given[name])
        for value, side in ((was, before), (becomes, after)):
            if not (isinstance(value, dict) and "$none" in value):
                side[name] = Cut(value["$cut"]) if isinstance(value, dict) and "$cut" in value else restored(value)
    return before, after


# ----------------------------------------------------------------------------------------------------------- instances
@dataclasses.dataclass(frozen=True, kw_only=True)
class InstanceView:
    """An instance and what it is an instance of."""

    instance: ProcessInstance
    definition: ProcessDefinition


SORTS: dict[str, Any] = {"newest": ProcessInstance.id.desc(), "oldest": ProcessInstance.id}


def search_instances(
    organization_id: uuid.UUID, *, sort: str = "newest", limit: int = 100, offset: int = 0, **narrowed: Any
) -> list[InstanceView]:
    """`narrowed`: as for count_instances. `sort`: one of SORTS."""
    query = sa.select(ProcessInstance, ProcessDefinition).join(
        ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id
    )
    query = query.where(*_narrow(organization_id, **narrowed)).order_by(SORTS[sort]).limit(limit).offset(offset)
    return [InstanceView(instance=row[0], definition=row[1]) for row in db.session().execute(query)]


def count_instances(organization_id: uuid.UUID, **narrowed: Any) -> int:
    """No more than COUNTED. `narrowed`: key, version, state, business_key, with_incident, element_id, started_from (and
    later), started_to (and earlier), text (in the business key) or `about` (ids beside what the text finds)."""
    found = sa.select(sa.literal(1)).select_from(ProcessInstance)
    found = found.join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    found = found.where(*_narrow(organization_id, **narrowed)).limit(COUNTED)
    return db.session().scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0


def count_by_state(organization_id: uuid.UUID, **narrowed: Any) -> dict[str, int]:
    """The same for each state at once; states without any are left out."""
    query = sa.select(ProcessInstance.state, sa.func.count())
    query = query.join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    query = query.where(*_narrow(organization_id, **narrowed)).group_by(ProcessInstance.state)
    return {row[0]: row[1] for row in db.session().execute(query)}


def _narrow(
    organization_id: uuid.UUID,
    *,
    key: str | None = None,
    version: int | None = None,
    state: str | None = None,
    business_key: str | None = None,
    with_incident: bool = False,
    element_id: str | None = None,
    started_from: dt.datetime | None = None,
    started_to: dt.datetime | None = None,
    text: str = "",
    about: Collection[uuid.UUID] = (),
) -> list[Any]:
    instance = ProcessInstance
    found: list[Any] = [
        instance.organization_id == organization_id,
        *_where(ProcessDefinition.key, key),
        *_where(ProcessDefinition.version, version),
        *_where(instance.state, state),
        *_where(instance.business_key, business_key),
    ]
    if with_incident:
        found.append(_has(Incident, Incident.resolved_at.is_(None)))
    if element_id is not None:
        found.append(_stands_at(element_id))
    if started_from is not None:
        found.append(instance.started_at >= started_from)
    if started_to is not None:
        found.append(instance.started_at < started_to)
    if text:
        found.append(sa.or_(instance.business_key.icontains(text, autoescape=True), instance.id.in_(about)))
    return found


def _has(table: Any, *conditions: Any) -> Any:
    return sa.exists().where(
        table.organization_id == ProcessInstance.organization_id, table.instance_id == ProcessInstance.id, *conditions
    )


def _stands_at(element_id: str) -> Any:
    """Work of people or of machines waits there, or an event is waited for."""
    standing = [
        _has(Task, Task.element_id == element_id, sa.text("engine_tasks.state = 'ready'")),
        _has(ExternalTask, ExternalTask.element_id == element_id, ExternalTask.state.in_(["ready", "failed"])),
        *(_has(table, table.element_id == element_id) for table in (Timer, Subscription, Job)),
    ]
    return sa.or_(*standing)
