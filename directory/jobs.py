"""What the ticker asks of the directory: working calendars that reach into next year.

Without them a deadline that crosses into a year nobody has thought of would count Tết as working days.
"""

import datetime as dt

from directory import queries
from directory.actors import machine
from directory.holidays_vn import fill_calendar
from kernel import audit, clock, db, ticker

_looked_on: dt.date | None = None


def fill_calendars() -> int:
    """Once a day: the public holidays of this year and the next that are not there yet; returns how many."""
    global _looked_on  # noqa: PLW0603 - one ticker a process
    today = clock.today()
    if _looked_on == today:
        return 0
    added = 0
    with db.unit_of_work():
        for organization in queries.list_organizations():
            days = fill_calendar(organization.id, (today.year, today.year + 1))
            if days:
                audit.record(machine(organization.id), "calendar:fill", "organization", organization.id, days=days)
            added += days
    _looked_on = today
    return added


ticker.register("directory.fill_calendars", fill_calendars)
