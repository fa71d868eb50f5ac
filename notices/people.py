"""Whom a notice is for: those who hold a task, the members of candidate groups."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from directory import stamps
from directory.models import Appointment, OrgUnit, Person, Position, RoleGrant
from engine.models import COMPLETED, ProcessInstance, Task
from kernel import clock, db


def holders_of(task: Task) -> list[uuid.UUID]:
    """Who has taken the task, else everybody who may; not those whom four eyes keep from it."""
    if task.assignee_id is not None:
        return [task.assignee_id]
    offered = members_of(task.organization_id, task.candidate_groups)
    offered += people_named(task.organization_id, task.candidate_users)
    kept_out = _doers(task) if task.extensions.get("differentFrom") else frozenset()
    return [person for person in dict.fromkeys(offered) if person not in kept_out]


def members_of(organization_id: uuid.UUID, groups: Sequence[str]) -> list[uuid.UUID]:
    """Today's members of at least one candidate group (directory.actors.groups_of). Asked again when the directory has
    changed since."""
    if not groups:
        return []
    return list(_members_of(organization_id, tuple(groups), stamps.current(), clock.today()))


@functools.lru_cache(maxsize=1024)
def _members_of(
    organization_id: uuid.UUID, groups: Sequence[str], stamp: uuid.UUID, day: dt.date
) -> Sequence[uuid.UUID]:
    unit, wanted = OrgUnit.code, sa.cast(list(groups), pg.ARRAY(sa.Text))
    is_member = sa.or_(
        _one_of(RoleGrant.role, wanted),
        _one_of(RoleGrant.role + "@" + unit, wanted),
        _one_of("unit:" + unit, wanted),
        _one_of("position:" + unit + "/" + Position.code, wanted),
    )
    query = (
        sa.select(Person.id)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .join(Position, Position.id == Appointment.position_id)
        .outerjoin(RoleGrant, RoleGrant.appointment_id == Appointment.id)
        .where(OrgUnit.organization_id == organization_id, Person.active, is_member, Appointment.valid_from <= day)
        .where(sa.or_(Appointment.valid_until.is_(None), Appointment.valid_until >= day))
        .distinct()
    )
    return tuple(db.connection().scalars(query))


def heads_of(organization_id: uuid.UUID, unit_code: str) -> list[uuid.UUID]:
    """Who heads the unit, else all of it."""
    heads = members_of(organization_id, [f"truong-don-vi@{unit_code}"])
    return heads or members_of(organization_id, [f"unit:{unit_code}"])


def people_named(organization_id: uuid.UUID, usernames: Iterable[str]) -> list[uuid.UUID]:
    names = tuple(usernames)
    return list(_people_named(organization_id, names, stamps.current())) if names else []


@functools.lru_cache(maxsize=1024)
def _people_named(organization_id: uuid.UUID, names: Sequence[str], stamp: uuid.UUID) -> Sequence[uuid.UUID]:
    query = sa.select(Person.id).where(Person.organization_id == organization_id, Person.username.in_(names))
    return tuple(db.connection().scalars(query.where(Person.active)))


def starter_of(task: Task) -> uuid.UUID | None:
    """Who started the process, as long as nothing in it was done: what it begins with is no news to them."""
    done = sa.alias(Task.__table__, "done")
    moved_on = sa.exists().where(done.c.instance_id == task.instance_id, done.c.state == COMPLETED)
    query = sa.select(ProcessInstance.started_by_id).where(ProcessInstance.id == task.instance_id, ~moved_on)
    return db.connection().scalar(query)


def _doers(task: Task) -> frozenset[uuid.UUID]:
    """Who did the tasks that this one must be done differently from."""
    query = sa.select(Task.ended_by_id, Task.delegate_id).where(
        Task.instance_id == task.instance_id,
        Task.business_key == task.business_key,
        Task.element_id.in_(task.extensions["differentFrom"]),
        Task.state == COMPLETED,
    )
    return frozenset(person for row in db.connection().execute(query) for person in row if person is not None)


def _one_of(name: "sa.SQLColumnExpression[str]", wanted: "sa.ColumnElement[Sequence[str]]") -> "sa.ColumnElement[bool]":
    return name == sa.any_(wanted)
