"""Brings an agency in line with its roster: what is not there is added, what differs is changed, nothing is deleted."""

import dataclasses
import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory import queries, working_time
from directory.actors import machine
from directory.holidays_vn import fill_calendar
from directory.models import Appointment, Organization, OrgUnit, Person, Position, RoleGrant
from directory.operations import hash_password
from directory.roster import Office, Roster
from kernel import audit, clock, db
from kernel.errors import Conflict


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewAccount:
    """Told once; the first sign-in asks for another password."""

    username: str
    password: str


def enroll(roster: Roster) -> list[NewAccount]:
    """The people that were new, with their first passwords. Of people whom the roster names, offices that it does not
    give end today; people it does not name stay as they are. Raises Conflict for a user name of another agency."""
    organization = _row(Organization, {"code": roster.agency.code}, dataclasses.asdict(roster.agency))
    units = {unit.code: _of(organization, OrgUnit, dataclasses.asdict(unit)) for unit in roster.units}
    posts = {post.code: _of(organization, Position, dataclasses.asdict(post)) for post in roster.posts}
    fresh: list[NewAccount] = []
    held: dict[uuid.UUID, set[uuid.UUID]] = {}
    for office in roster.offices:
        person = _person(organization, office, fresh)
        appointment = _appointment(person, units[office.unit], posts[office.position], office)
        held.setdefault(person.id, set()).add(appointment.id)
    _end_other_offices(held)
    fill_calendar(organization.id, (clock.today().year, clock.today().year + 1))
    working_time.forget(organization.id)
    audit.record(
        machine(organization.id),
        "organization:enroll",
        "organization",
        organization.id,
        people=sorted({office.username for office in roster.offices}),
        added=[account.username for account in fresh],
    )
    return fresh


def _row(model: Any, key: Mapping[str, Any], told: Mapping[str, Any]) -> Any:
    """The row with this key, made when it is not there, with these values."""
    session = db.session()
    found = session.scalars(sa.select(model).filter_by(**key)).one_or_none()
    if found is None:
        more = {"valid_from": clock.today()} if hasattr(model, "valid_from") else {}
        found = model(**key, **more)
        session.add(found)
    for name, value in told.items():
        setattr(found, name, value)
    session.flush()
    return found


def _of(organization: Organization, model: Any, told: Mapping[str, Any]) -> Any:
    return _row(model, {"organization_id": organization.id, "code": told["code"]}, told)


def _person(organization: Organization, office: Office, fresh: list[NewAccount]) -> Person:
    person = queries.find_person(office.username)
    if person is None:
        account = NewAccount(username=office.username, password=secrets.token_urlsafe(9))
        person = Person(
            organization_id=organization.id,
            username=office.username,
            password_hash=hash_password(account.password),
            must_change_password=True,
        )
        db.session().add(person)
        fresh.append(account)
    if person.organization_id != organization.id:
        raise Conflict(f"Tên đăng nhập {office.username} đã có ở cơ quan khác.")
    person.full_name, person.email, person.active = office.full_name, office.email, office.active
    db.session().flush()
    return person


def _appointment(person: Person, unit: OrgUnit, position: Position, office: Office) -> Appointment:
    """The office, held from today on; its roles are exactly the roster's."""
    found = next(
        (a for a in queries.list_appointments(person.id) if (a.unit_id, a.position_id) == (unit.id, position.id)), None
    )
    if found is None:
        found = Appointment(
            person_id=person.id,
            unit_id=unit.id,
            position_id=position.id,
            primary=not queries.list_appointments(person.id),
            valid_from=clock.today(),
        )
        db.session().add(found)
        db.session().flush()
    session = db.session()
    session.execute(sa.delete(RoleGrant).where(RoleGrant.appointment_id == found.id))
    session.add_all(RoleGrant(appointment_id=found.id, role=role) for role in dict.fromkeys(office.roles))
    session.flush()
    session.expire(found, ["roles"])
    return found


def _end_other_offices(held: Mapping[uuid.UUID, set[uuid.UUID]]) -> None:
    yesterday = clock.today() - dt.timedelta(days=1)
    for person_id, offices in held.items():
        for appointment in queries.list_appointments(person_id):
            if appointment.id not in offices:
                appointment.valid_until = yesterday
    db.session().flush()
