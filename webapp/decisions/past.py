"""Các lần quyết định: what a decision answered, narrowed by an address."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from engine import evaluations
from engine.evaluations import Asked, Evaluation
from engine.history import COUNTED
from kernel import clock
from webapp.addresses import page_number
from webapp.decisions import access, words
from webapp.documents.listing import Paging
from webapp.incoming.reading import day_of
from webapp.instances import elements
from webapp.instances.subjects import Subject, subjects_of

PAGE = 50
EXPORT_LIMIT = 10_000  #: rows of one file
LAST_RULE = 100_000  #: numbers beyond are none


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter:
    """Unknown values are as if they were not there, so that an old link still opens."""

    key: str
    version: int | None = None
    rule: int | None = None
    instance: uuid.UUID | None = None
    person: uuid.UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    page: int = 1

    @classmethod
    def read(cls, key: str, arguments: Any) -> "Filter":
        return cls(
            key=key,
            version=_number(arguments, "version"),
            rule=_number(arguments, "rule"),
            instance=arguments.get("instance", type=uuid.UUID),
            person=arguments.get("person", type=uuid.UUID),
            since=day_of(arguments.get("from", "")),
            until=day_of(arguments.get("to", "")),
            page=page_number("page"),
        )

    @property
    def narrowed(self) -> bool:
        return any((self.version, self.rule, self.instance, self.person, self.since, self.until))

    def asked(self, organization_id: uuid.UUID) -> Asked:
        return Asked(
            organization_id=organization_id,
            key=self.key,
            version=self.version,
            rule=self.rule,
            instance_id=self.instance,
            person_id=self.person,
            since=_midnight(self.since),
            until=_midnight(self.until + dt.timedelta(days=1)) if self.until else None,
        )

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """For url_for, with `key`; the first page unless `page` is among the changes."""
        told = dataclasses.replace(self, **{"page": 1, **changes})
        values = {
            "key": told.key,
            "version": told.version,
            "rule": told.rule,
            "instance": told.instance,
            "person": told.person,
            "from": told.since.isoformat() if told.since else None,
            "to": told.until.isoformat() if told.until else None,
            "page": told.page if told.page > 1 else None,
        }
        return {name: value for name, value in values.items() if value}

    def url(self, **changes: Any) -> str:
        return url_for("decisions.show_evaluations", **self.arguments(**changes))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One answer. `inputs` and `answer` are None for whoever may not read the values of its instance."""

    evaluation: Evaluation
    subject: Subject
    place: str  #: name of the step
    inputs: str | None
    answer: str | None

    @property
    def rules(self) -> str:
        return words.numbers(self.evaluation.row.rules)

    @property
    def url(self) -> str:
        decision = self.evaluation.decision
        return url_for("decisions.show_evaluation", key=decision.key, evaluation_id=self.evaluation.row.id)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PastPage:
    """What templates/decisions/evaluations.html asks for."""

    filter: Filter
    rows: Sequence[Row]
    total: int
    people: Sequence[tuple[uuid.UUID, str]]
    instance: Subject | None  #: to which the list is narrowed

    @property
    def words(self) -> str:
        if self.total <= PAGE or not self.rows:
            return f"{self.total} lần"
        first = (self.filter.page - 1) * PAGE + 1
        total = f"{self.total} lần" if self.total < COUNTED else f"hơn {self.total} lần"
        return f"{first} đến {first + len(self.rows) - 1} trong {total}"

    @property
    def paging(self) -> Paging:
        here = self.filter
        return Paging(
            before=here.url(page=here.page - 1) if here.page > 1 else None,
            after=here.url(page=here.page + 1) if here.page * PAGE < self.total else None,
        )


def page_of(actor: Actor, chosen: Filter) -> PastPage:
    asked = chosen.asked(actor.organization_id)
    rows = rows_of(actor, chosen, limit=PAGE, offset=(chosen.page - 1) * PAGE)
    return PastPage(
        filter=chosen,
        rows=rows,
        total=evaluations.count_evaluations(asked),
        people=evaluations.list_people(dataclasses.replace(asked, person_id=None)),
        instance=rows[0].subject if chosen.instance and rows else None,
    )


def rows_of(actor: Actor, chosen: Filter, *, limit: int, offset: int = 0) -> list[Row]:
    """The newest first, with everything a line says; a fixed number of queries."""
    found = evaluations.list_evaluations(chosen.asked(actor.organization_id), limit=limit, offset=offset)
    instances = list({one.instance.id: one.instance for one in found}.values())
    about, readable = subjects_of(instances, actor), access.readable(instances, actor)
    return [_row(one, about[one.instance.id], may_read=one.instance.id in readable) for one in found]


def row_of(evaluation: Evaluation, actor: Actor) -> Row:
    instance = evaluation.instance
    about, readable = subjects_of([instance], actor), access.readable([instance], actor)
    return _row(evaluation, about[instance.id], may_read=instance.id in readable)


def _row(evaluation: Evaluation, subject: Subject, *, may_read: bool) -> Row:
    row, last = evaluation.row, evaluation.steps[-1]
    asked = "; ".join(f"{one['label']}: {words.value(one['value'])}" for one in last["inputs"])
    return Row(
        evaluation=evaluation,
        subject=subject,
        place=elements.element_of(row.definition_id, row.element_id).name,
        inputs=asked if may_read else None,
        answer=words.rows(last["rows"]) if may_read else None,
    )


def _number(arguments: Any, name: str) -> int | None:
    found = arguments.get(name, type=int)
    return found if found is not None and 0 < found <= LAST_RULE else None


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), tzinfo=clock.VIETNAM) if day else None
