"""Choosing instances: a page of those of the old version, each with what the plan would do to it."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from directory.actors import Actor
from documents import queries as documents
from engine import migration_queries, operations, usage
from engine.migration_queries import Choice
from engine.models import ProcessInstance
from engine.operations.migrations import Trial
from kernel.text import nfc
from webapp.addresses import page_number
from webapp.documents.listing import Paging
from webapp.documents.words import Tag
from webapp.instances import elements, words
from webapp.instances.elements import Element
from webapp.instances.subjects import Subject, subjects_of
from webapp.versions import words as told
from webapp.versions.addresses import Road

PAGE = 50
COUNTED = 500  #: instances of which a summary is made; of more only this page is tried
STATES = ("active", "suspended")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter:
    """What the address narrows the instances to."""

    text: str = ""
    element: str = ""
    state: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Filter":
        state = arguments.get("state", "")
        return cls(
            text=nfc(arguments.get("q", "")).strip()[:200],
            element=arguments.get("element", "")[:200],
            state=state if state in STATES else "",
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.element or self.state)

    def arguments(self) -> dict[str, str]:
        return {"q": self.text, "element": self.element, "state": self.state}

    def choice(self, actor: Actor) -> Choice:
        about = documents.list_instances_about(actor, self.text) if self.text else ()
        return Choice(text=self.text, element_id=self.element, state=self.state, about=about)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One instance and its dry run. `reasons`: why it would stay."""

    instance: ProcessInstance
    subject: Subject
    state: Tag | None  #: when it is not simply running
    places: Sequence[str]
    steps: Sequence[str]
    reasons: Sequence[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChoosingPage:
    """What templates/versions/instances.html asks for. `movable`: of all that the filter leaves, None when they are too
    many to try."""

    road: Road
    filter: Filter
    rows: Sequence[Row]
    total: int
    movable: int | None
    elements: Sequence[Element]
    paging: Paging
    words: str

    @property
    def stuck(self) -> int:
        return 0 if self.movable is None else self.total - self.movable


def page_of(road: Road, chosen: Filter, actor: Actor) -> ChoosingPage:
    choice, number = chosen.choice(actor), page_number("page")
    total = migration_queries.count_candidates(actor.organization_id, road.source.id, choice)
    offset = (number - 1) * PAGE
    found = migration_queries.list_candidates(actor.organization_id, road.source.id, choice, limit=PAGE, offset=offset)
    wanted = [instance.id for instance in found]
    if total <= COUNTED:
        wanted = list(migration_queries.candidate_ids(actor.organization_id, road.source.id, choice))
    trials = {trial.instance_id: trial for trial in operations.try_plan(road.plan, wanted, actor=actor)}
    return ChoosingPage(
        road=road,
        filter=chosen,
        rows=_rows(found, trials, actor),
        total=total,
        movable=None if total > COUNTED else sum(not trial.reasons for trial in trials.values()),
        elements=elements.list_elements(road.source.id),
        paging=_paging(road, chosen, number, total),
        words=f"{total} hồ sơ" if total <= PAGE else f"{offset + 1} đến {offset + len(found)} trong {total} hồ sơ",
    )


def _rows(found: Sequence[ProcessInstance], trials: Mapping[uuid.UUID, Trial], actor: Actor) -> list[Row]:
    about = subjects_of(found, actor)
    places = usage.list_places(actor.organization_id, [instance.id for instance in found])
    return [
        Row(
            instance=instance,
            subject=about[instance.id],
            state=None if instance.state == "active" else words.state_tag(instance.state),
            places=[elements.element_of(one.definition_id, one.element_id).name for one in places[instance.id]],
            steps=told.sentences(trials[instance.id].steps),
            reasons=trials[instance.id].reasons,
        )
        for instance in found
    ]


def _paging(road: Road, chosen: Filter, number: int, total: int) -> Paging:
    def url(page: int) -> str:
        here: dict[str, Any] = {**chosen.arguments(), "page": page}
        return road.url("versions.choose_instances", **here)

    return Paging(
        before=url(number - 1) if number > 1 else None, after=url(number + 1) if number * PAGE < total else None
    )
