"""Sự cố: what stopped and waits for an operator, by process and cause."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Iterable, Sequence

from flask import url_for

from directory.actors import Actor
from engine import permissions, queries, usage
from engine.models import Incident, ProcessDefinition
from webapp.instances import elements, words
from webapp.instances.subjects import Subject, subjects_of

SHOWN = 500  #: open incidents that one page groups

_CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One incident."""

    incident: Incident
    element: str
    kind: str
    cause: str
    subject: Subject | None
    url: str  #: of its instance; empty for a start event
    retries: int | None  #: automatic tries left; None where nobody counts them
    undelivered: str | None  #: name of the message or signal that may be given up

    @property
    def open(self) -> bool:
        return self.incident.resolved_at is None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """Incidents of one process with one cause."""

    key: str
    process: str
    version: int
    element: str
    kind: str
    cause: str
    lines: Sequence[Line]

    @property
    def first_at(self) -> dt.datetime:
        return min(line.incident.at for line in self.lines)

    @property
    def ids(self) -> list[uuid.UUID]:
        return [line.incident.id for line in self.lines]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Overview:
    """What templates/instances/incidents.html asks for."""

    groups: Sequence[Group]
    processes: Sequence[tuple[str, str, int]]  #: key, name, number of incidents
    chosen: str
    total: int
    shown: int
    may_retry: bool


def overview(actor: Actor, *, key: str) -> Overview:
    """The open incidents of the organisation, `key`: of one process."""
    permissions.require_watcher(actor)
    found = usage.list_open_incidents(actor.organization_id, key=key or None, limit=SHOWN)
    groups = _groups(lines_of(found, actor))
    names = {one.definition.key: one.definition.name for one in queries.list_processes(actor.organization_id)}
    counts = usage.count_incidents(actor.organization_id)
    return Overview(
        groups=groups,
        processes=[(process, names.get(process, process), number) for process, number in sorted(counts.items())],
        chosen=key,
        total=counts.get(key, 0) if key else sum(counts.values()),
        shown=len(found),
        may_retry=permissions.may_operate(actor),
    )


def lines_of(found: Iterable[Incident], actor: Actor) -> list[Line]:
    incidents = list(found)
    instances = usage.list_instances_of({one.instance_id for one in incidents if one.instance_id})
    about = subjects_of(instances, actor)
    tries = usage.list_tries({one.subject_id for one in incidents})
    undelivered = usage.list_undelivered({one.subject_id for one in incidents})
    return [
        Line(
            incident=one,
            element=elements.element_of(one.definition_id, one.element_id).name,
            kind=words.INCIDENTS.get(one.kind, one.kind),
            cause=one.message,
            subject=about.get(one.instance_id) if one.instance_id else None,
            url=url_for("instances.show", instance_id=one.instance_id) if one.instance_id else "",
            retries=tries.get(one.subject_id),
            undelivered=undelivered.get(one.subject_id),
        )
        for one in incidents
    ]


def _groups(lines: Sequence[Line]) -> list[Group]:
    """The oldest trouble first, then in the order of what is counted most."""
    found: dict[tuple[uuid.UUID, str, str], list[Line]] = {}
    for line in lines:
        told = line.incident
        found.setdefault((told.definition_id, told.element_id, _same(told.message)), []).append(line)
    groups = [_group(queries.get_definition(key[0]), group) for key, group in found.items()]
    return sorted(groups, key=lambda group: (-len(group.lines), group.first_at))


def _group(definition: ProcessDefinition, lines: Sequence[Line]) -> Group:
    first = lines[0]
    return Group(
        key=definition.key,
        process=definition.name,
        version=definition.version,
        element=first.element,
        kind=first.kind,
        cause=first.cause,
        lines=lines,
    )


def _same(message: str) -> str:
    """Causes are alike when only numbers and ids differ."""
    return _CHANGING.sub("#", message)
