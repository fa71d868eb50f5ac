"""What the page of a task shows of what can be done beside completing it, and of what was done."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from directory import queries as directory
from directory.actors import Actor
from engine import action_queries, actions
from engine import queries as engine
from engine.action_models import Consultation
from engine.action_queries import Signer
from engine.actions import AllowedAction
from engine.models import COMPLETED, READY, Task
from engine.permissions import PENDING

PICKING = (actions.CONSULT, actions.DELEGATE, actions.ADD_SIGNER)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who can be chosen."""

    id: uuid.UUID
    name: str
    unit: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Returned:
    """Why a task is there again."""

    by: str
    step: str
    reason: str
    at: dt.datetime
    times: int
    rejected: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Beside:
    """`offered`: name of an action -> what is allowed; `colleagues`: name of an action -> who can be chosen."""

    offered: Mapping[str, AllowedAction]
    returned: Returned | None
    question: Consultation | None  #: that waits for this person's answer
    asked: Sequence[Consultation]  #: that wait for others
    signers: Sequence[Signer]
    colleagues: Mapping[str, Sequence[Colleague]]
    is_delegate: bool
    owner: str  #: of a task that somebody works on for its owner
    delegate: str

    @property
    def forms(self) -> Sequence[AllowedAction]:
        """With a form of its own below the task's."""
        return [action for action in self.offered.values() if action.name not in (actions.RESOLVE, actions.WITHDRAW)]


def beside_of(task: Task, actor: Actor) -> Beside:
    offered = {action.name: action for action in engine.allowed_actions(task, actor)}
    questions = _questions(task)
    pending = task.delegation == PENDING
    in_round = {actions.ADD_SIGNER, actions.REMOVE_SIGNER} & offered.keys()
    signers = action_queries.list_signers(task) if in_round else []
    return Beside(
        offered=offered,
        returned=_returned(task),
        question=next((one for one in questions if one.person_id == actor.person_id), None),
        asked=[one for one in questions if one.person_id != actor.person_id],
        signers=signers,
        colleagues=_colleagues(task, actor, offered, signers),
        is_delegate=actions.is_delegate(task, actor),
        owner=_name(task.owner_id) if pending else "",
        delegate=_name(task.delegate_id) if pending else "",
    )


def told_in(instance_id: uuid.UUID) -> list[tuple[str, str, str, dt.datetime]]:
    """Author, what, text, when: of what people did beside completing, where there is something to read."""
    found = []
    for line in action_queries.list_actions(instance_id):
        what, text = _told(line.data or {})
        if text:
            found.append((line.person_name, what, text, line.at))
    return found


def _told(data: Mapping[str, Any]) -> tuple[str, str]:
    verb = data.get("verb")
    if verb == actions.CONSULT:
        return _("xin ý kiến %(who)s", who=", ".join(data["people"])), str(data["question"])
    what = {
        "answer": _("cho ý kiến"),
        actions.RETURN: _("trả lại"),
        actions.REJECT: _("từ chối"),
        actions.WITHDRAW: _("thu hồi"),
        actions.DELEGATE: _("uỷ thác cho %(who)s", who=data.get("delegate", "")),
        actions.RESOLVE: _("trả kết quả uỷ thác"),
    }.get(str(verb), "")
    return what, str(data.get("answer") or data.get("reason") or data.get("note") or "") if what else ""


def _questions(task: Task) -> list[Consultation]:
    """Open ones; asked for only where the diagram lets people ask."""
    if task.state != READY or actions.declared(task, actions.CONSULT) is None:
        return []
    return [one for one in action_queries.list_consultations(task) if one.pending]


def _returned(task: Task) -> Returned | None:
    told = task.extensions.get("returned")
    if not told or task.state == COMPLETED:
        return None
    return Returned(
        by=told["by"],
        step=told["name"],
        reason=told["reason"],
        at=dt.datetime.fromisoformat(told["at"]),
        times=told["times"],
        rejected=told["verb"] == actions.REJECT,
    )


def _colleagues(
    task: Task, actor: Actor, offered: Mapping[str, AllowedAction], signers: Sequence[Signer]
) -> dict[str, Sequence[Colleague]]:
    wanted = [name for name in PICKING if name in offered]
    if not wanted:
        return {}
    everybody = [one for one in _everybody(actor) if one.id != actor.person_id]
    kept_out = action_queries.list_kept_out(task)
    asked = {one.person_id for one in _questions(task)}
    inside = {signer.person_id for signer in signers}
    out = {actions.CONSULT: asked, actions.DELEGATE: kept_out, actions.ADD_SIGNER: kept_out | inside}
    return {name: [one for one in everybody if one.id not in out[name]] for name in wanted}


def _everybody(actor: Actor) -> list[Colleague]:
    """Who holds an office today, once, in the first of their offices."""
    found: dict[uuid.UUID, Colleague] = {}
    for office in directory.list_holders(actor.organization_id):
        person = office.person
        found.setdefault(person.id, Colleague(id=person.id, name=person.full_name, unit=office.unit.name))
    return list(found.values())


def _name(person_id: uuid.UUID | None) -> str:
    return directory.get_person(person_id).full_name if person_id else ""
