"""What cannot go on by itself becomes a row that the administrator sees."""

from typing import Any

from engine.models import Incident
from kernel import clock, db


def open_incident(**told: Any) -> Incident:
    """`told`: the columns of the row, without id and times."""
    incident = Incident(at=clock.now(), **told)
    db.session().add(incident)
    db.session().flush()
    return incident
