"""Fills an organisation's calendar with the public holidays of Vietnam (Bộ luật Lao động 2019, Điều 112).

The `holidays` library proposes them; announcements it does not know stand in data/calendar_days.csv. The rows are the
organisation's afterwards: deadlines are computed from them alone, and the administrator may correct every one.
"""

import csv
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy.dialects import postgresql as pg

from directory import working_time
from directory.models import CalendarDay
from kernel import db

ANNOUNCED = Path(__file__).parent / "data" / "calendar_days.csv"
SOURCE = "Bộ luật Lao động 2019, Điều 112"


def fill_calendar(organization_id: uuid.UUID, years: Iterable[int]) -> int:
    """Adds the days that are not there yet, returns how many; never overwrites one."""
    wanted = set(years)
    rows = {row["day"]: {**row, "organization_id": organization_id} for row in _proposed(wanted)}
    if not rows:
        return 0
    added = db.session().execute(
        pg.insert(CalendarDay).values(list(rows.values())).on_conflict_do_nothing().returning(CalendarDay.day)
    )
    working_time.forget(organization_id)
    return len(added.all())


def _proposed(years: set[int]) -> Iterator[dict[str, object]]:
    import holidays  # noqa: PLC0415 - 0.2 s, and only when a calendar is filled

    known = holidays.country_holidays("VN", years=years, language="vi")
    for day, name in known.items():
        yield {"day": day, "working": False, "name": name, "legal_ref": SOURCE}
    for day in known.weekend_workdays:
        if day.year in years:
            yield {"day": day, "working": True, "name": "Làm bù", "legal_ref": SOURCE}
    with ANNOUNCED.open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            day = dt.date.fromisoformat(row["day"])
            if day.year in years:
                yield {
                    "day": day,
                    "working": row["working"] == "1",
                    "name": row["name"],
                    "legal_ref": row["legal_ref"],
                }
