"""Working time of an organisation, from its rows: hours, holidays, swapped days (Bộ luật Lao động 2019, Điều 112)."""

import datetime as dt
import time
import uuid

import sqlalchemy as sa

from directory.calendar import Calendar
from directory.models import CalendarDay, Organization
from kernel import clock, db

KEEP = 60.0  #: seconds a calendar is kept in the process; a change by the administrator shows within that time

_kept: dict[uuid.UUID, tuple[float, Calendar]] = {}


def calendar_of(organization_id: uuid.UUID) -> Calendar:
    kept = _kept.get(organization_id)
    if kept is not None and time.monotonic() - kept[0] < KEEP:
        return kept[1]
    calendar = _load(organization_id)
    _kept[organization_id] = (time.monotonic(), calendar)
    return calendar


def forget(organization_id: uuid.UUID) -> None:
    """After a change to the organisation's days or hours."""
    _kept.pop(organization_id, None)


def is_working_day(organization_id: uuid.UUID, day: dt.date) -> bool:
    return calendar_of(organization_id).is_working_day(day)


def next_working_day(organization_id: uuid.UUID, day: dt.date) -> dt.date:
    return calendar_of(organization_id).next_working_day(day)


def add_working_days(organization_id: uuid.UUID, start: dt.datetime | dt.date, number: int) -> dt.datetime:
    return calendar_of(organization_id).add_working_days(start, number)


def end_of_working_day(organization_id: uuid.UUID, day: dt.date) -> dt.datetime:
    return calendar_of(organization_id).end_of_working_day(day)


def end_of_morning(organization_id: uuid.UUID, day: dt.date) -> dt.datetime:
    return calendar_of(organization_id).end_of_morning(day)


def _load(organization_id: uuid.UUID) -> Calendar:
    session = db.session()
    hours = session.scalars(sa.select(Organization.working_hours).where(Organization.id == organization_id)).one()
    days = session.execute(
        sa.select(CalendarDay.day, CalendarDay.working).where(CalendarDay.organization_id == organization_id)
    )
    return Calendar(
        zone=clock.VIETNAM,
        hours=[(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)) for opens, closes in hours],
        exceptions={row.day: row.working for row in days},
    )
