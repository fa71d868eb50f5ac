"""Who is offered a task, by when, with what form: what a user task's attributes say in one situation."""

import dataclasses
import datetime as dt
import functools
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from directory import queries, working_time
from engine import reasons, timing
from engine.errors import CannotProceed, UnknownAssignee
from engine.expressions import Constant, Functions, Names, Value
from feel import FeelError, texts
from kernel import clock

MOST_DAYS = 1_000  #: working days that a task may be given
NORMAL = 50  #: priority of a task whose diagram says nothing


@dataclasses.dataclass(frozen=True, kw_only=True)
class Offer:
    """A user task's attributes as drawn."""

    name: Value | None = None
    assignee: Value | None = None
    candidate_users: Value | None = None
    candidate_groups: Value | None = None
    form_key: Value | None = None
    form_binding: str = "deployment"
    form_version: Value | None = None
    priority: Value | None = None
    due: Value | None = None
    follow_up: Value | None = None
    within: Value | None = None  #: moc:deadline; wins over `due`
    deadline: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    actions: Sequence[Mapping[str, str]] = ()
    different_from: Sequence[str] = ()

    @functools.cached_property
    def constant(self) -> "Offered | None":
        """What it offers where nothing in it depends on variables or on the time; evaluated once, shared by all its
        tasks."""
        told = [self.name, self.assignee, self.candidate_users, self.candidate_groups, self.form_key, self.priority]
        told += [self.form_version, *self.deadline.values()]
        timed = self.due or self.follow_up or self.within
        if timed or not all(v is None or isinstance(v, Constant) for v in told):
            return None
        return evaluate(self, Situation(names={}, functions={}, organization_id=uuid.UUID(int=0), now=clock.now()))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Offered:
    """The same, evaluated. `assignee` is a user name or empty."""

    name: str
    assignee: str
    candidate_users: list[str]
    candidate_groups: list[str]
    form_key: str
    priority: int
    due_at: dt.datetime | None
    follow_up_at: dt.datetime | None
    extensions: dict[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limit:
    """What a table of the agency says of the time for a task: working days, or what `within` may say; None where it has
    no rule. `decision`: its key, `version_id`: of its deployed version, `rules`: those that matched, from 1."""

    value: Any
    decision: str
    version_id: uuid.UUID
    rules: Sequence[int]

    def told(self) -> dict[str, Any]:
        """Kept with the task."""
        return {"key": self.decision, "id": str(self.version_id), "rules": list(self.rules)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Situation:
    """Where and when an offer is evaluated."""

    names: Names
    functions: Functions
    organization_id: uuid.UUID
    now: dt.datetime
    limit: Limit | None = None

    def value(self, expression: Value | None) -> Any:
        if expression is None:
            return None
        try:
            return expression.evaluate(self.names, self.functions)
        except FeelError as wrong:
            raise FeelError(reasons.failed(expression, wrong), wrong.line, wrong.column) from wrong

    def text(self, expression: Value | None) -> str:
        found = self.value(expression)
        return "" if found is None else str(found)


def evaluate(offer: Offer, situation: Situation) -> Offered:
    """Raises FeelError, CannotProceed."""
    name = situation.text(offer.name)
    try:
        due_at = _due_at(offer, situation)
        return Offered(
            name=name,
            assignee=situation.text(offer.assignee).strip().lower(),
            candidate_users=names_in(situation.value(offer.candidate_users)),
            candidate_groups=names_in(situation.value(offer.candidate_groups)),
            form_key=situation.text(offer.form_key),
            priority=_priority(situation.value(offer.priority)),
            due_at=due_at,
            follow_up_at=_time(offer.follow_up, situation, lambda value: timing.moment(value, situation.now)),
            extensions=_extensions(offer, situation),
        )
    except timing.NotATime as wrong:
        raise CannotProceed(element=name, reason=str(wrong)) from wrong


def names_in(value: Any) -> list[str]:
    """A list, or text with commas."""
    if value is None:
        return []
    parts = value if isinstance(value, list) else str(value).split(",")
    return list(dict.fromkeys(name for part in parts if part is not None and (name := str(part).strip())))


def people_by_username(offers: Mapping[str, str], organization_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """User name -> person. `offers`: user name -> name of the task. Raises UnknownAssignee."""
    if not offers:
        return {}
    found = queries.person_ids(organization_id, list(offers))
    for username, task in offers.items():
        if username not in found:
            raise UnknownAssignee(task=task, username=username)
    return found


def _due_at(offer: Offer, situation: Situation) -> dt.datetime | None:
    if situation.limit is not None and situation.limit.value is not None:
        return _limited(situation.limit, situation)
    within = _time(offer.within, situation, lambda value: _office_time(value, situation))
    return within or _time(offer.due, situation, lambda value: _due(value, situation))


def _limited(limit: Limit, situation: Situation) -> dt.datetime:
    try:
        return _office_time(limit.value, situation)
    except timing.NotATime as wrong:
        raise timing.NotATime(f"quyết định “{limit.decision}” cho thời hạn không dùng được: {wrong}") from wrong


def _time(
    expression: Value | None, situation: Situation, read: Callable[[Any], dt.datetime | None]
) -> dt.datetime | None:
    """None where the expression says nothing. Raises NotATime with a whole sentence."""
    value = situation.value(expression)
    if expression is None or value in (None, ""):
        return None
    try:
        return read(value)
    except timing.NotATime as wrong:
        told = reasons.not_a_time(expression, wrong, situation.names, situation.functions)
        raise timing.NotATime(told) from wrong


def _due(value: Any, situation: Situation) -> dt.datetime:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return working_time.end_of_working_day(situation.organization_id, value)
    return timing.moment(value, situation.now)


def _office_time(value: Any, situation: Situation) -> dt.datetime:
    calendar = working_time.calendar_of(situation.organization_id)
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return calendar.end_of_working_day(value)
    if isinstance(value, Decimal):
        return calendar.add_working_days(situation.now, _days(value))
    text = texts.text_of(value) if isinstance(value, dt.timedelta) else value
    return timing.office_time(str(text), situation.now, calendar)


def _days(number: Decimal) -> int:
    """Raises NotATime."""
    if number != number.to_integral_value() or not 0 <= number <= MOST_DAYS:
        raise timing.NotATime(f"“{number}” không phải là số ngày làm việc từ 0 đến {MOST_DAYS}")
    return int(number)


def _priority(value: Any) -> int:
    try:
        number = int(Decimal(str(value))) if value not in (None, "") else NORMAL
    except (ArithmeticError, ValueError):
        return NORMAL
    return min(100, max(0, number))


def _extensions(offer: Offer, situation: Situation) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if offer.deadline:
        told["deadline"] = {name: situation.text(value) for name, value in offer.deadline.items()}
    if situation.limit is not None:
        told["deadline"] = told.get("deadline", {}) | {"decision": situation.limit.told()}
    if offer.actions:
        told["actions"] = [dict(action) for action in offer.actions]
    if offer.form_binding != "deployment":
        told["form"] = {"binding": offer.form_binding, "version": situation.text(offer.form_version)}
    if offer.different_from:
        told["differentFrom"] = list(offer.different_from)
    return told
