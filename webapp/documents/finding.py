"""One document by what people call it: "41/TTr-VP", "số đến 618"."""

import re

from directory.actors import Actor
from documents import queries
from documents.models import Document
from documents.queries import Filters
from kernel.text import tidy

_ARRIVAL = re.compile(r"(?:số đến\s*)?(\d{1,6})", re.IGNORECASE)


def find_by_number(called: str, actor: Actor, *, direction: str = "") -> Document | None:
    """The newest one the actor may see; None when nothing has exactly this number."""
    name = tidy(called)
    if not name:
        return None
    arrival = _ARRIVAL.fullmatch(name)
    for where in (direction,) if direction else ("incoming",) if arrival else ("incoming", "outgoing"):
        page = queries.list_documents(actor, where, filters=Filters(text=arrival[1] if arrival else name), limit=50)
        for document in page.rows:
            if (arrival and document.arrival_number == int(arrival[1])) or document.number_symbol == name:
                return document
    return None
