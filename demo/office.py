"""The people of the demo agency at work on the days before today: everything goes through the product's operations."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

from demo.accounts import ACCOUNTS, PIN
from demo.agency import POSITIONS
from directory import queries, working_time
from directory.actors import Actor
from directory.calendar import Calendar
from directory.models import Organization
from documents import operations
from documents.intake import Upload
from documents.models import Document
from documents.official_pdf import OfficialContent, compose
from engine import inbox
from engine import operations as engine_operations
from kernel import clock

TEXTS = Path(__file__).parent / "texts"
OPENS = dt.time(8)


def read_text(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


class Office:
    """Needs an open unit of work. `moment(2, 9)` is 9:00 two working days ago, never later than now."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.calendar: Calendar = working_time.calendar_of(organization.id)
        self._now = clock.now()
        local = clock.local(self._now)
        at_work = self.calendar.is_working_day(local.date()) and local.time() > OPENS
        self.today = local.date() if at_work else self.calendar.nth_working_day(local.date(), -1)

    def day(self, ago: int) -> dt.date:
        """The working day so many before today's (after it when negative)."""
        return self.calendar.nth_working_day(self.today, -ago)

    def moment(self, ago: int, hour: int, minute: int = 0) -> dt.datetime:
        wanted = dt.datetime.combine(self.day(ago), dt.time(hour, minute), clock.VIETNAM)
        return min(wanted, self._now)

    def actor(self, username: str) -> Actor:
        person = queries.find_person(username)
        if person is None:
            raise LookupError(f"the demo agency has no {username}")
        return queries.get_actor(person.id)

    # ------------------------------------------------------------------------------------------------- what people do
    def receive(self, at: dt.datetime, name: str, content: OfficialContent, *, channel: str = "axis") -> Document:
        """A letter arrives at the clerk's desk."""
        with clock.set_to(at):
            upload = Upload(name=name, data=compose(content).pdf)
            return operations.receive_incoming([upload], channel=channel, actor=self.actor("van-thu"))

    def start_draft(self, at: dt.datetime, who: str, values: dict[str, Any]) -> Document:
        with clock.set_to(at):
            return operations.start_draft(values, actor=self.actor(who))

    def do(self, at: dt.datetime, who: str, document: uuid.UUID, element: str, **values: Any) -> None:
        """The person takes the task on the document and completes it."""
        with clock.set_to(at):
            actor = self.actor(who)
            engine_operations.complete_task(self._take(document, element, actor), values, actor=actor)

    def submit(self, at: dt.datetime, who: str, document: uuid.UUID, values: dict[str, Any]) -> None:
        with clock.set_to(at):
            actor = self.actor(who)
            operations.submit_draft(self._take(document, "Task_draft", actor), values, actor=actor)

    def sign(self, at: dt.datetime, who: str, document: uuid.UUID) -> None:
        with clock.set_to(at):
            actor = self.actor(who)
            task = self._take(document, "Task_sign", actor)
            operations.sign_document(task, {"outcome": "sign"}, pin=PIN, actor=actor)

    def _take(self, document: uuid.UUID, element: str, actor: Actor) -> uuid.UUID:
        mine = inbox.list_my_tasks(actor)
        (task,) = [t for t in mine if t.business_key == str(document) and t.element_id == element]
        if task.assignee_id is None:
            engine_operations.claim_task(task.id, actor=actor)
        return task.id


def title_of(username: str) -> tuple[str, str]:
    """Name and title of an account, as they stand under a letter."""
    account = next(account for account in ACCOUNTS if account.username == username)
    return account.full_name, next(name for code, name, *_ in POSITIONS if code == account.position)
