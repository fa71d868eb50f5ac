"""What stands above every page of an instance: what it is, how it stands, the way to its parts and to its verbs."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask import url_for

from directory import working_time
from directory.actors import Actor
from engine import migration, permissions, queries, usage
from engine.models import READY, ProcessDefinition, ProcessInstance, Task
from kernel import clock
from webapp.documents.words import Tag
from webapp.instances import access, elements, words
from webapp.instances.subjects import Subject, subjects_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tab:
    """A part of the instance with the number of what is in it."""

    label: str
    url: str
    current: bool
    number: int | None = None
    alarm: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Head:
    """What templates/instances/_head.html asks for."""

    instance: ProcessInstance
    definition: ProcessDefinition
    subject: Subject
    state: Tag
    calendar: str  #: how long it has lasted
    office: str
    tabs: Sequence[Tab]
    open_incidents: int
    stuck_at: Sequence[str]  #: names of the elements with an open incident
    newest: int  #: version of its process
    migrate_url: str  #: where a plan to the newest version is made; empty when there is nothing to plan
    may_operate: bool
    may_read: bool

    @property
    def id(self) -> uuid.UUID:
        return self.instance.id

    @property
    def over(self) -> bool:
        return self.instance.ended_at is not None


def head_of(instance: ProcessInstance, actor: Actor, *, current: str) -> Head:
    """`current`: the endpoint of the part that is shown."""
    definition = queries.get_definition(instance.definition_id)
    subject = subjects_of([instance], actor)[instance.id]
    tasks = queries.list_instance_tasks(instance.id)
    incidents = usage.list_instance_incidents(actor.organization_id, instance.id)
    waiting = [incident for incident in incidents if incident.resolved_at is None]
    newest = queries.find_latest_definition(actor.organization_id, definition.key)
    calendar, office = lasted(instance.organization_id, instance.started_at, instance.ended_at)
    return Head(
        instance=instance,
        definition=definition,
        subject=subject,
        state=words.state_tag(instance.state),
        calendar=calendar,
        office=office,
        tabs=_tabs(instance, current, tasks, len(waiting), actor),
        open_incidents=len(waiting),
        stuck_at=sorted({elements.element_of(one.definition_id, one.element_id).name for one in waiting}),
        newest=newest.version if newest else definition.version,
        migrate_url=_migrate_url(definition, newest, actor) if instance.ended_at is None else "",
        may_operate=permissions.may_operate(actor),
        may_read=access.may_read_values(actor, subject.documents),
    )


def _migrate_url(definition: ProcessDefinition, newest: ProcessDefinition | None, actor: Actor) -> str:
    if newest is None or newest.version <= definition.version or not migration.may_migrate(actor):
        return ""
    told: dict[str, Any] = {"from": definition.version, "to": newest.version}
    return url_for("versions.show_plan", key=definition.key, **told)


def lasted(organization_id: uuid.UUID, since: dt.datetime, until: dt.datetime | None) -> tuple[str, str]:
    """In calendar time and in working time, up to now when it is not over."""
    end = until or clock.now()
    spent = working_time.calendar_of(organization_id).working_time_between(since, end)
    return words.calendar_time(end - since), words.office_time(spent, working_day_of(organization_id))


def working_day_of(organization_id: uuid.UUID) -> dt.timedelta:
    """How long the office works on a day."""
    day = dt.date.min
    hours = working_time.calendar_of(organization_id).hours
    return sum(
        (dt.datetime.combine(day, closes) - dt.datetime.combine(day, opens) for opens, closes in hours), dt.timedelta()
    )


def _tabs(instance: ProcessInstance, current: str, tasks: Sequence[Task], stuck: int, actor: Actor) -> list[Tab]:
    told = [
        ("instances.show", "Tổng quan", None, False),
        ("instances.show_incidents", "Sự cố", stuck, bool(stuck)),
        ("instances.show_variables", "Biến", None, False),
        ("instances.show_history", "Lịch sử", None, False),
        ("instances.show_tasks", "Việc", sum(task.state == READY for task in tasks), False),
    ]
    if permissions.may_operate(actor):
        told.append(("repair.show_actions", "Hành động", None, False))
    return [
        Tab(
            label=label,
            url=url_for(endpoint, instance_id=instance.id),
            current=current == endpoint,
            number=number,
            alarm=alarm,
        )
        for endpoint, label, number, alarm in told
    ]
