"""Whose work a task is: the unit of the person who holds it, else of those it is offered to."""

import datetime as dt
import functools
import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from directory import stamps
from directory.models import Appointment, OrgUnit, RoleGrant
from engine.models import Task
from kernel import clock, db


def unit_of(task: Task) -> uuid.UUID | None:
    groups = tuple(task.candidate_groups)
    return _unit_of(task.organization_id, task.assignee_id, groups, stamps.current(), clock.today())


@functools.lru_cache(maxsize=4096)
def _unit_of(
    organization_id: uuid.UUID,
    assignee_id: uuid.UUID | None,
    groups: Sequence[str],
    stamp: uuid.UUID,
    day: dt.date,
) -> uuid.UUID | None:
    if assignee_id is not None:
        return _first(_units_held(Appointment.person_id == assignee_id))
    named = [code for code in map(_unit_named, groups) if code]
    if named:
        query = sa.select(OrgUnit.id).where(OrgUnit.organization_id == organization_id, OrgUnit.code == named[0])
        return db.connection().scalar(query)
    plays = Appointment.roles.any(RoleGrant.role.in_(groups))
    return _first(_units_held(OrgUnit.organization_id == organization_id, plays))


def _unit_named(group: str) -> str:
    """ "unit:P-TP", "truong-don-vi@P-TP" and "position:P-TP/truong-phong" name their unit."""
    if group.startswith(("unit:", "position:")):
        return group.split(":", 1)[1].split("/", 1)[0]
    return group.partition("@")[2]


def _units_held(*which: "sa.ColumnElement[bool]") -> "sa.Select[uuid.UUID]":
    day = clock.today()
    return (
        sa.select(Appointment.unit_id)
        .join(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .where(*which, Appointment.valid_from <= day)
        .where(sa.or_(Appointment.valid_until.is_(None), Appointment.valid_until >= day))
        .order_by(Appointment.primary.desc(), Appointment.id)
    )


def _first(query: "sa.Select[uuid.UUID]") -> uuid.UUID | None:
    return db.connection().scalar(query.limit(1))
