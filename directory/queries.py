"""Readers of the directory."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from directory.actors import Actor, groups_of
from directory.errors import AppointmentNotHeld, PersonNotFound
from directory.models import Appointment, Organization, OrgUnit, Person, Position, RoleGrant, UserSession
from kernel import clock, db
from kernel.errors import NotFound


def get_organization(organization_id: uuid.UUID) -> Organization:
    found = db.session().get(Organization, organization_id)
    if found is None:
        raise NotFound
    return found


def list_organizations() -> Sequence[Organization]:
    return db.session().scalars(sa.select(Organization).order_by(Organization.code)).all()


def get_person(person_id: uuid.UUID) -> Person:
    person = db.session().get(Person, person_id)
    if person is None:
        raise PersonNotFound
    return person


def find_person(username: str) -> Person | None:
    return db.session().scalars(sa.select(Person).where(Person.username == username.strip().lower())).one_or_none()


def person_ids(organization_id: uuid.UUID, usernames: Sequence[str]) -> dict[str, uuid.UUID]:
    """User name -> id of those who may sign in; names that nobody has are left out. Takes no ORM, for hot paths."""
    query = sa.select(Person.username, Person.id).where(
        Person.organization_id == organization_id, Person.username.in_(usernames), Person.active
    )
    return {row.username: row.id for row in db.connection().execute(query)}


def list_people(organization_id: uuid.UUID) -> Sequence[Person]:
    query = sa.select(Person).where(Person.organization_id == organization_id, Person.active)
    return db.session().scalars(query.order_by(Person.full_name)).all()


def list_units(organization_id: uuid.UUID, *, on: dt.date | None = None) -> Sequence[OrgUnit]:
    """Units that exist on the day (today)."""
    day = on or clock.today()
    return (
        db.session()
        .scalars(
            sa.select(OrgUnit)
            .where(OrgUnit.organization_id == organization_id, OrgUnit.valid_from <= day)
            .where(sa.or_(OrgUnit.valid_until.is_(None), OrgUnit.valid_until >= day))
            .order_by(OrgUnit.name)
        )
        .all()
    )


def get_unit(organization_id: uuid.UUID, code: str) -> OrgUnit:
    query = sa.select(OrgUnit).where(OrgUnit.organization_id == organization_id, OrgUnit.code == code)
    unit = db.session().scalars(query).one_or_none()
    if unit is None:
        raise NotFound(f"Không có đơn vị {code}.")
    return unit


def list_appointments(person_id: uuid.UUID) -> Sequence[Appointment]:
    """The offices a person holds today, the primary one first."""
    query = _appointments().where(Appointment.person_id == person_id)
    return db.session().scalars(query.order_by(Appointment.primary.desc(), Position.rank)).all()


def list_holders(
    organization_id: uuid.UUID, *, role: str | None = None, unit_code: str | None = None
) -> Sequence[Appointment]:
    """Today's holders of a role, in a unit, or both; highest position first."""
    query = _appointments().where(OrgUnit.organization_id == organization_id, Person.active)
    if role is not None:
        query = query.where(Appointment.roles.any(RoleGrant.role == role))
    if unit_code is not None:
        query = query.where(OrgUnit.code == unit_code)
    return db.session().scalars(query.order_by(Position.rank, Person.full_name)).all()


def get_actor(person_id: uuid.UUID, appointment_id: uuid.UUID | None = None) -> Actor:
    """The person in this office (or the primary one); AppointmentNotHeld when it is not theirs today."""
    held = list_appointments(person_id)
    chosen = [a for a in held if appointment_id is None or a.id == appointment_id]
    if not chosen:
        if appointment_id is None:
            return _without_office(get_person(person_id))
        raise AppointmentNotHeld
    return actor_of(chosen[0])


def actor_of(appointment: Appointment) -> Actor:
    roles = frozenset(grant.role for grant in appointment.roles)
    person, unit, position = appointment.person, appointment.unit, appointment.position
    return Actor(
        organization_id=unit.organization_id,
        person_id=person.id,
        appointment_id=appointment.id,
        username=person.username,
        name=person.full_name,
        title=position.name,
        unit_id=unit.id,
        unit_code=unit.code,
        unit_name=unit.name,
        roles=roles,
        groups=groups_of(roles, unit.code, position.code),
    )


def find_session(token: str) -> UserSession | None:
    """The live session of a cookie's token."""
    found = (
        db.session()
        .scalars(sa.select(UserSession).where(UserSession.token_hash == hashlib.sha256(token.encode()).hexdigest()))
        .one_or_none()
    )
    if found is None or found.ended_at is not None or found.expires_at <= clock.now():
        return None
    return found


def _appointments() -> "sa.Select[Appointment]":
    day = clock.today()
    return (
        sa.select(Appointment)
        .join(Appointment.position)
        .join(Appointment.unit)
        .join(Appointment.person)
        .options(
            orm.contains_eager(Appointment.position),
            orm.contains_eager(Appointment.unit),
            orm.contains_eager(Appointment.person),
            orm.selectinload(Appointment.roles),
        )
        .where(Appointment.valid_from <= day)
        .where(sa.or_(Appointment.valid_until.is_(None), Appointment.valid_until >= day))
    )


def _without_office(person: Person) -> Actor:
    return Actor(
        organization_id=person.organization_id, person_id=person.id, username=person.username, name=person.full_name
    )
