"""Lịch sử: every step of an instance with who, how long and what changed; and what was done to it as a whole."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for

from directory.actors import Actor
from engine import actions, evaluations, history, usage
from engine.history import Activity, Cut
from engine.models import HistoryEntry, Incident, ProcessInstance
from engine.preview import NEW_ROUND
from engine.values import restored
from webapp.addresses import page_number
from webapp.documents.listing import Paging
from webapp.documents.words import Tag
from webapp.instances import elements, page, typed, why, words
from webapp.instances.elements import Element

PAGE = 100
EXPORT_LIMIT = 10_000  #: steps of one file

OUTCOMES = {
    "completed": Tag("Xong", "ok", "check2"),
    "cancelled": Tag("Thu lại", "line", "arrow-counterclockwise"),
    None: Tag("Đang đứng", "act", "clock"),
}

#: kind of a line of history -> icon and colour of its point, what was done
EVENTS = {
    "started": ("play-circle", "act", "bắt đầu hồ sơ"),
    "ended": ("check2", "ok", "kết thúc hồ sơ"),
    "called_off": ("x-circle", "err", "hủy hồ sơ"),
    "stuck": ("exclamation-triangle", "err", "Hồ sơ vướng"),
    "mended": ("check2", "ok", "Sự cố được xử lý"),
    "changed": ("sliders", "act", "đổi biến"),
    "suspended": ("pause-circle", "warn", "tạm dừng"),
    "resumed": ("play-circle", "act", "cho chạy tiếp"),
    "moved": ("signpost-split", "warn", "chuyển bước"),
    "restarted": ("arrow-repeat", "act", "chạy lại"),
    "migrated": ("layers", "act", "chuyển sang bản khác"),
    "action": ("arrow-left-right", "", "thao tác trên việc"),
}

#: verbs beside completing, in words
ACTIONS = {**actions.WORDS, "answer": "cho ý kiến", "withdraw_consultation": "rút lại câu hỏi"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """A variable before and after, in words; None where there was, or is, none."""

    name: str
    before: str | None
    after: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """A token's stay at an element."""

    name: str
    kind: str
    outcome: Tag
    entered_at: dt.datetime
    left_at: dt.datetime | None
    person: str
    calendar: str
    office: str
    changes: Sequence[Change]
    decision_url: str = ""  #: of what a decision answered there
    why_url: str = ""  #: of a gateway that has chosen: why it went so


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to the instance as a whole."""

    icon: str
    kind: str
    who: str
    what: str
    at: dt.datetime
    reason: str
    changes: Sequence[Change]
    url: str = ""  #: of the other instance that it names


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the address narrows the steps to."""

    element: str
    person: uuid.UUID | None
    page: int

    @classmethod
    def read(cls, arguments: Any) -> "Chosen":
        element = arguments.get("element", "")[:200]
        return cls(element=element, person=arguments.get("person", type=uuid.UUID), page=page_number("page"))

    @property
    def narrowed(self) -> bool:
        return bool(self.element or self.person)

    def arguments(self, **changes: Any) -> dict[str, Any]:
        told = {"element": self.element, "person": self.person, "page": None, **changes}
        return {name: value for name, value in told.items() if value}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PastPage:
    """What templates/instances/history.html asks for."""

    chosen: Chosen
    events: Sequence[Event]
    steps: Sequence[Step]
    total: int
    elements: Sequence[Element]
    people: Sequence[tuple[uuid.UUID, str]]
    paging: Paging

    @property
    def words(self) -> str:
        if self.total <= PAGE or not self.steps:
            return f"{self.total} bước"
        first = (self.chosen.page - 1) * PAGE + 1
        return f"{first} đến {first + len(self.steps) - 1} trong {self.total} bước"


def page_of(instance: ProcessInstance, actor: Actor, chosen: Chosen, *, may_read: bool) -> PastPage:
    asked = _asked(instance, chosen)
    total = history.count_activities(actor.organization_id, **asked)
    return PastPage(
        chosen=chosen,
        events=events_of(instance, actor, may_read=may_read),
        steps=steps_of(instance, actor, chosen, may_read=may_read, limit=PAGE, offset=(chosen.page - 1) * PAGE),
        total=total,
        elements=elements.list_elements(instance.definition_id),
        people=usage.list_actors(actor.organization_id, instance.id),
        paging=_paging(instance, chosen, total),
    )


def steps_of(
    instance: ProcessInstance, actor: Actor, chosen: Chosen, *, may_read: bool, limit: int, offset: int = 0
) -> list[Step]:
    """`may_read`: whether what changed is told."""
    asked = _asked(instance, chosen)
    found = history.list_activities(actor.organization_id, **asked, limit=limit, offset=offset)
    working_day = page.working_day_of(instance.organization_id)
    decided = decision_urls(instance) if any(one.element_type == "businessRuleTask" for one in found) else {}
    return [_step(activity, working_day, may_read, decided.get(activity.token, "")) for activity in found]


def decision_urls(instance: ProcessInstance) -> dict[int, str]:
    """Number of a token at a business rule task -> the page of what was decided there."""
    found = evaluations.addresses_of(instance.organization_id, instance.id)
    return {
        token: url_for("decisions.show_evaluation", key=key, evaluation_id=identifier)
        for token, (key, identifier) in found.items()
    }


def events_of(instance: ProcessInstance, actor: Actor, *, may_read: bool) -> list[Event]:
    """The newest first: what people did to the instance, and where it could not go on."""
    found = usage.list_instance_events(actor.organization_id, instance.id)
    incidents = usage.list_instance_incidents(actor.organization_id, instance.id)
    told = [event for incident in incidents for event in _stuck(incident)]
    for entry in reversed(found):
        cancelled = entry.kind == "ended" and instance.state == "cancelled"
        told.append(_called_off(entry, instance) if cancelled else _event(entry, may_read))
    return sorted(told, key=lambda event: event.at, reverse=True)


def _called_off(entry: HistoryEntry, instance: ProcessInstance) -> Event:
    icon, kind, what = EVENTS["called_off"]
    reason = instance.end_reason or ""
    return Event(icon=icon, kind=kind, who=entry.person_name, what=what, at=entry.at, reason=reason, changes=[])


def _stuck(incident: Incident) -> Iterator[Event]:
    where = f" ở bước “{elements.element_of(incident.definition_id, incident.element_id).name}”"
    for name, at, reason in (("stuck", incident.at, incident.message), ("mended", incident.resolved_at, "")):
        if at is not None:
            icon, kind, what = EVENTS[name]
            yield Event(icon=icon, kind=kind, who="", what=f"{what}{where}", at=at, reason=reason, changes=[])


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    names = sorted({*before, *after}, key=str.casefold)
    return [Change(name=name, before=_words(before, name), after=_words(after, name)) for name in names]


def _step(activity: Activity, working_day: dt.timedelta, may_read: bool, decision_url: str) -> Step:
    name = words.named(activity.element_name, activity.element_type, activity.element_id)
    return Step(
        name=name if activity.loop is None else f"{name} ({activity.loop + 1})",
        kind=words.element(activity.element_type),
        outcome=OUTCOMES[activity.outcome],
        entered_at=activity.entered_at,
        left_at=activity.left_at,
        person=activity.person,
        calendar=words.calendar_time(activity.calendar),
        office=words.office_time(activity.office, working_day),
        changes=changes_of(activity.before, activity.after) if may_read else [],
        decision_url=decision_url,
        why_url=why.url_of(activity),
    )


def _event(entry: HistoryEntry, may_read: bool) -> Event:
    icon, kind, what = EVENTS.get(entry.kind, ("dash", "", entry.kind))
    told = restored(entry.data) if isinstance(entry.data, dict) and entry.kind != "started" else {}
    before, after = history.changed(entry.changes)
    more = MORE.get(entry.kind)
    return Event(
        icon=icon,
        kind=kind,
        who=entry.person_name,
        what=more(entry, told) if more else what,
        at=entry.at,
        reason=_reason(told) if may_read or entry.kind != "action" else "",
        changes=changes_of(before, after) if may_read else [],
        url=_other(told) if entry.kind == "restarted" else "",
    )


def _other(told: Mapping[str, Any]) -> str:
    """The instance that this one was made from, or that was made from this one."""
    return url_for("instances.show", instance_id=told.get("from") or told["as"])


def _reason(told: Mapping[str, Any]) -> str:
    return next((str(told[name]) for name in ("reason", "note", "question", "answer") if told.get(name)), "")


def _moved(entry: HistoryEntry, told: Mapping[str, Any]) -> str:
    left = _places(entry, told.get("cancel", ()))
    begun = _places(entry, told.get("start", ()))
    parts = [f"bỏ ở {left}" if left else "", f"đứng vào {begun}" if begun else ""]
    return f"chuyển bước: {', '.join(filter(None, parts))}"


def _places(entry: HistoryEntry, places: Sequence[Mapping[str, Any]]) -> str:
    """Names of elements as history keeps them, by their ids."""
    ids = [str(place.get("element", "")).removesuffix(NEW_ROUND) for place in places]
    names = dict.fromkeys(elements.element_of(entry.definition_id, one).name for one in ids)
    return ", ".join(f"“{name}”" for name in names)


def _acted(entry: HistoryEntry, told: Mapping[str, Any]) -> str:
    verb = ACTIONS.get(str(told.get("verb")), "thao tác")
    people = told.get("people") or [told["person"]] if told.get("person") or told.get("people") else []
    with_whom = f" ({', '.join(map(str, people))})" if people else ""
    return f"{verb} ở bước “{entry.element_name}”{with_whom}"


def _restarted(entry: HistoryEntry, told: Mapping[str, Any]) -> str:
    return "chạy lại từ một hồ sơ đã kết thúc" if told.get("from") else "chạy lại thành một hồ sơ mới"


#: kind of a line of history -> what was done, told more closely
MORE: dict[str, Callable[[HistoryEntry, Mapping[str, Any]], str]] = {
    "moved": _moved,
    "action": _acted,
    "restarted": _restarted,
}


def _words(values: Mapping[str, Any], name: str) -> str | None:
    if name not in values:
        return None
    value = values[name]
    if isinstance(value, Cut):
        return f"(quá lớn, {value.bytes} byte)"
    return typed.show(value).words or "(rỗng)"


def _asked(instance: ProcessInstance, chosen: Chosen) -> dict[str, Any]:
    return {"instance_id": instance.id, "element_id": chosen.element or None, "person_id": chosen.person}


def _paging(instance: ProcessInstance, chosen: Chosen, total: int) -> Paging:
    def link(number: int) -> str:
        return url_for("instances.show_history", instance_id=instance.id, **chosen.arguments(page=number))

    return Paging(
        before=link(chosen.page - 1) if chosen.page > 1 else None,
        after=link(chosen.page + 1) if chosen.page * PAGE < total else None,
    )
