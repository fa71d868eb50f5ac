"""Where the tokens of one instance stand, and the variables of its scopes: read from its snapshot, nothing runs."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from directory import actors
from engine.bpmn import events
from engine.bpmn.activities import UserTask
from engine.bpmn.passing import COUNTERS
from engine.bpmn.tokens import JOB, READY, STARTED, Instance, Token
from engine.errors import InstanceNotFound
from engine.models import HistoryEntry, ProcessInstance, Task
from engine.runtime import Run
from kernel import db

TASK, EXTERNAL, TIMER, CONDITION, INSIDE = "task", "external", "timer", "condition", "inside"
READY_TOKEN, WAITING_TOKEN, INSIDE_TOKEN, LISTENING_TOKEN = "ready", "waiting", "inside", "listening"

#: what a token waits for, by kind
_WORDS = {
    TASK: "người làm",
    EXTERNAL: "máy làm",
    JOB: "máy chạy bước này",
    TIMER: "đến giờ hẹn",
    CONDITION: "điều kiện đúng",
    INSIDE: "các bước bên trong xong",
    "gateway": "một trong các sự kiện phía sau",
    "join": "các nhánh khác",
    "": "sự kiện",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class TokenView:
    """A live token. `state`: 'ready' (somebody has to do it), 'waiting', 'inside' (its sub-process, called process or
    round is running) or 'listening' (an event beside an activity or scope, not a token of the diagram)."""

    number: int
    element_id: str
    element_name: str
    element_type: str
    definition_id: uuid.UUID
    state: str
    scope_label: str  #: the scopes around it, outermost first; empty in the process itself
    kind: str  #: of wait: task, external, job, timer, message, signal, condition, inside, gateway, join or ''
    waits_for: str  #: in words
    due_at: dt.datetime | None
    since: dt.datetime | None
    task_id: uuid.UUID | None
    loop: int | None  #: which element of a round, from 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScopeView:
    """Variables that belong together. `token`: whose they are; None is the process instance itself."""

    token: int | None
    label: str
    variables: Mapping[str, Any]


def list_tokens(instance_id: uuid.UUID) -> list[TokenView]:
    """The oldest first; none of an instance that is over. Raises InstanceNotFound."""
    instance = _load(instance_id)
    found = [token for token in instance.tokens() if not instance.completed]
    tasks, since = _open_tasks(instance_id), _entered(instance_id, [token.id for token in found])
    return [
        view_of(token, task_id=tasks.get(token.id), since=since.get(token.id)) for token in sorted(found, key=_number)
    ]


def list_scopes(instance_id: uuid.UUID) -> list[ScopeView]:
    """The process first, then those inside it. Variables of a token (an element of a round, camunda:inputOutput) count
    as a scope. Raises InstanceNotFound."""
    instance = _load(instance_id)
    found = [ScopeView(token=None, label=_own_label(instance), variables=instance.data)]
    for token in sorted(instance.tokens(), key=_number):
        inner = instance.subprocesses.get(token.id)
        variables = token.data | ({} if inner is None else inner.data)
        if variables or inner is not None:
            label = " › ".join(filter(None, [scope_label(token), _label(token)]))
            found.append(ScopeView(token=token.id, label=label, variables=variables))
    return found


def is_kept(name: str) -> bool:
    """The engine itself counts with this variable; operations.set_variables refuses it."""
    return name in COUNTERS


def view_of(token: Token, *, task_id: uuid.UUID | None = None, since: dt.datetime | None = None) -> TokenView:
    spec, kind = token.task_spec, kind_of(token)
    due = token.internal_data.get("due")
    return TokenView(
        number=token.id,
        element_id=spec.bpmn_id,
        element_name=spec.bpmn_name or "",
        element_type=spec.element_type,
        definition_id=uuid.UUID(token.workflow.definition),
        state=_state(token),
        scope_label=scope_label(token),
        kind=kind,
        waits_for=_words(kind, token),
        due_at=dt.datetime.fromisoformat(due) if due else None,
        since=since,
        task_id=task_id,
        loop=token.data.get("loopCounter") if spec.instance_of else None,
    )


def kind_of(token: Token) -> str:
    spec, event = token.task_spec, token.task_spec.event
    if token._state == READY:
        return TASK if isinstance(spec, UserTask) else JOB
    if JOB in token.internal_data:
        return JOB
    if token._state == STARTED:
        return EXTERNAL if spec.topic is not None else "gateway" if spec.element_type == "eventBasedGateway" else INSIDE
    if spec.joins:
        return "join"
    named = {events.TIMER: TIMER, events.CONDITIONAL: CONDITION, events.MESSAGE: "message", events.SIGNAL: "signal"}
    return "" if event is None else named.get(event.kind, "")


def scope_label(token: Token) -> str:
    """Labels of the activities around a token, outermost first."""
    return " › ".join(reversed([_label(owner) for owner in _owners(token)]))


def _words(kind: str, token: Token) -> str:
    if kind == EXTERNAL:
        return f"máy làm “{token.task_spec.evaluate(token, token.task_spec.topic)}”"
    if kind in ("message", "signal"):
        told = "thông điệp" if kind == "message" else "tín hiệu"
        return f"{told} “{events.name_of(token)}”"
    return _WORDS[kind]


def _state(token: Token) -> str:
    if token.listens:
        return LISTENING_TOKEN
    if token._state == READY:
        return READY_TOKEN
    return INSIDE_TOKEN if token._state == STARTED and token.task_spec.topic is None else WAITING_TOKEN


def _owners(token: Token) -> Iterator[Token]:
    owner = token.workflow.parent_task
    while owner is not None:
        yield owner
        owner = owner.workflow.parent_task


def _label(token: Token) -> str:
    label, index = token.task_spec.label, token.data.get("loopCounter")
    if not token.task_spec.instance_of or index is None:
        return str(label)
    total = token.parent.data.get("nrOfInstances", 0)
    return f"{label} ({index + 1}/{total})" if index < total else f"{label} ({index + 1})"


def _own_label(instance: Instance) -> str:
    return str(instance.spec.description or instance.spec.name)


def _number(token: Token) -> int:
    return token.id


def _load(instance_id: uuid.UUID) -> Instance:
    query = sa.select(ProcessInstance.organization_id, ProcessInstance.snapshot)
    row = db.session().execute(query.where(ProcessInstance.id == instance_id)).first()
    if row is None:
        raise InstanceNotFound
    run = Run(organization_id=row.organization_id, instance_id=instance_id, actor=actors.machine(row.organization_id))
    run.resume(row.snapshot)
    return run.instance


def _open_tasks(instance_id: uuid.UUID) -> dict[int, uuid.UUID]:
    query = sa.select(Task.token, Task.id).where(Task.instance_id == instance_id, Task.state == "ready")
    return {row.token: row.id for row in db.session().execute(query)}


def _entered(instance_id: uuid.UUID, tokens: Collection[int]) -> dict[int, dt.datetime]:
    """When each token came to its element."""
    owner = sa.select(ProcessInstance.organization_id).where(ProcessInstance.id == instance_id).scalar_subquery()
    query = sa.select(HistoryEntry.token, HistoryEntry.at).where(
        HistoryEntry.organization_id == owner,
        HistoryEntry.instance_id == instance_id,
        HistoryEntry.token.in_(tokens),
        HistoryEntry.kind.in_(["entered", "opened"]),
    )
    return {row.token: row.at for row in db.session().execute(query)}
