"""Hồ sơ quy trình: the instances of the organisation, narrowed by an address, counted by the query that lists them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from directory.actors import Actor
from documents import queries as documents
from engine import history, permissions, queries, usage
from engine.models import ProcessDefinition, ProcessInstance
from kernel import clock
from webapp.documents.listing import Paging
from webapp.documents.words import Tag
from webapp.instances import elements, page, words
from webapp.instances.elements import Element
from webapp.instances.filters import PAGE, TABS, Filter
from webapp.instances.subjects import Subject, subjects_of

EXPORT_LIMIT = 10_000  #: rows of one file


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One instance of the list."""

    instance: ProcessInstance
    definition: ProcessDefinition
    subject: Subject
    state: Tag
    places: Sequence[str]
    incidents: int
    calendar: str
    office: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShownTab:
    """A tab with the number of its instances under the same filter."""

    label: str
    url: str
    number: int
    current: bool
    alarm: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShownVersion:
    """A version of the chosen process and what is on it."""

    definition: ProcessDefinition
    active: int
    suspended: int
    newest: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listing:
    """What templates/instances/list.html asks for."""

    filter: Filter
    tabs: Sequence[ShownTab]
    rows: Sequence[Row]
    total: int
    processes: Sequence[tuple[str, str]]
    versions: Sequence[int]
    elements: Sequence[Element]
    shown: Sequence[ShownVersion]  #: of the chosen process
    may_operate: bool

    @property
    def words(self) -> str:
        first = (self.filter.page - 1) * PAGE + 1
        if self.total <= PAGE or not self.rows:
            return f"{self.total} hồ sơ"
        return f"{first} đến {first + len(self.rows) - 1} trong {self.total} hồ sơ"

    @property
    def paging(self) -> Paging:
        here = self.filter
        return Paging(
            before=here.url(page=here.page - 1) if here.page > 1 else None,
            after=here.url(page=here.page + 1) if here.page * PAGE < self.total else None,
        )


def listing_of(actor: Actor, chosen: Filter) -> Listing:
    versions = queries.list_versions(actor.organization_id, chosen.key) if chosen.key else []
    shown = next((d for d in versions if chosen.version in (None, d.version)), None)
    counts = _counts(actor, chosen)
    return Listing(
        filter=chosen,
        tabs=[_tab(tab, counts[tab], chosen) for tab in TABS],
        rows=rows_of(actor, chosen, limit=PAGE, offset=(chosen.page - 1) * PAGE),
        total=counts[chosen.tab],
        processes=[(one.definition.key, one.definition.name) for one in queries.list_processes(actor.organization_id)],
        versions=[definition.version for definition in versions],
        elements=elements.list_elements(shown.id) if shown else [],
        shown=versions_of(actor, versions) if versions else [],
        may_operate=permissions.may_operate(actor),
    )


def rows_of(actor: Actor, chosen: Filter, *, limit: int, offset: int = 0) -> list[Row]:
    """What the filter leaves, with everything a line says; a fixed number of queries."""
    found = history.search_instances(
        actor.organization_id, sort=chosen.sort, limit=limit, offset=offset, **_asked(actor, chosen)
    )
    instances = [view.instance for view in found]
    ids = [instance.id for instance in instances]
    about = subjects_of(instances, actor)
    stuck = usage.count_incidents_of(actor.organization_id, ids)
    places = usage.list_places(actor.organization_id, ids)
    return [
        _row(view.instance, view.definition, about[view.instance.id], stuck.get(view.instance.id, 0), places)
        for view in found
    ]


def versions_of(actor: Actor, versions: Sequence[ProcessDefinition]) -> list[ShownVersion]:
    """The newest first; of the older ones those that something still runs on."""
    running = usage.count_open(actor.organization_id, versions[0].key)
    counted = [(one, running.get(one.id, usage.Running())) for one in versions]
    return [
        ShownVersion(definition=one, active=found.active, suspended=found.suspended, newest=one is versions[0])
        for one, found in counted
        if one is versions[0] or found != usage.Running()
    ]


def _row(
    instance: ProcessInstance,
    definition: ProcessDefinition,
    subject: Subject,
    incidents: int,
    places: dict[uuid.UUID, list[usage.Place]],
) -> Row:
    calendar, office = page.lasted(instance.organization_id, instance.started_at, instance.ended_at)
    return Row(
        instance=instance,
        definition=definition,
        subject=subject,
        state=words.state_tag(instance.state),
        places=[_place(one) for one in places[instance.id] if elements.is_place(one.definition_id, one.element_id)],
        incidents=incidents,
        calendar=calendar,
        office=office,
    )


def _place(place: usage.Place) -> str:
    name = elements.element_of(place.definition_id, place.element_id).name
    return f"{name} ({place.number})" if place.number > 1 else name


def _tab(tab: str, number: int, chosen: Filter) -> ShownTab:
    return ShownTab(
        label=TABS[tab],
        url=chosen.url(tab=tab),
        number=number,
        current=tab == chosen.tab,
        alarm=tab == "incidents" and number > 0,
    )


def _counts(actor: Actor, chosen: Filter) -> dict[str, int]:
    """Tab -> how many it holds under the same filter."""
    every, stuck = dataclasses.replace(chosen, tab="all"), dataclasses.replace(chosen, tab="incidents")
    states = history.count_by_state(actor.organization_id, **_asked(actor, every))
    stuck_ones = history.count_instances(actor.organization_id, **_asked(actor, stuck))
    told = {"all": sum(states.values()), "incidents": stuck_ones}
    return {tab: told.get(tab, states.get(tab, 0)) for tab in TABS}


def _asked(actor: Actor, chosen: Filter) -> dict[str, Any]:
    return {
        "key": chosen.key or None,
        "version": chosen.version,
        "state": chosen.state,
        "with_incident": chosen.with_incident,
        "element_id": chosen.element or None,
        "started_from": _midnight(chosen.since),
        "started_to": _midnight(chosen.until + dt.timedelta(days=1)) if chosen.until else None,
        "text": chosen.words,
        "about": documents.list_instances_about(actor, chosen.words) if chosen.words else [],
    }


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), clock.VIETNAM) if day else None
