"""Verbs that move tokens of an instance from outside, and that start an ended one again."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import permissions, preview, queries, snapshots, store
from engine.bpmn import moving
from engine.bpmn.moving import Start
from engine.errors import InstanceNotFound, InstanceOver
from engine.models import HistoryEntry, ProcessInstance
from engine.operations import advancing, noting
from engine.operations.instances import start_definition
from engine.preview import MovePreview
from engine.repair_errors import NothingToMove, StillRunning
from engine.runtime import Run
from engine.store import Locked
from engine.values import restored
from kernel import audit, db

INITIAL, LAST = "initial", "last"


def preview_move(
    instance_id: uuid.UUID, cancel: Sequence[int], start: Sequence[str | Start], *, actor: Actor
) -> MovePreview:
    """What move_tokens would do, tried on a copy: nothing is written and no service runs. Raises NotOfWhole,
    InstanceNotFound, InstanceOver; what the move itself would refuse is among its problems."""
    permissions.require_whole(actor)
    query = sa.select(ProcessInstance.organization_id, ProcessInstance.ended_at, ProcessInstance.snapshot)
    row = db.session().execute(query.where(ProcessInstance.id == instance_id)).first()
    if row is None or row.organization_id != actor.organization_id:
        raise InstanceNotFound
    if row.ended_at is not None:
        raise InstanceOver
    trial = preview.Trial(organization_id=row.organization_id, instance_id=instance_id, actor=actor)
    trial.resume(row.snapshot)
    return trial.move(cancel, _places(start))


def move_tokens(
    instance_id: uuid.UUID, cancel: Sequence[int], start: Sequence[str | Start], *, reason: str, actor: Actor
) -> None:
    """Starts tokens before elements or on flows, cancels tokens by their number, all at once; then the process goes on
    from there. Where no token is left the process is cancelled. Also while it is suspended.

    Raises NotOfWhole, ReasonMissing, InstanceOver, NothingToMove, TaskNotReady for a token that is gone, CannotMove,
    CannotProceed, and what a service task on the way refuses.
    """
    told, places = noting.reason_of(reason), _places(start)
    locked = noting.lock_for_repair(instance_id, actor=actor)
    if not cancel and not places:
        raise NothingToMove
    run = advancing.take(locked, actor=actor)
    run.tell("moved", {"reason": told, **_told(run, cancel, places)})
    moved = run.modify(cancel=cancel, start=places)
    line = audit.line(
        actor,
        "instance:move",
        "instance",
        instance_id,
        reason=told,
        cancel=[*cancel],
        start=[p.element_id for p in places],
    )
    ended = told if moved.emptied else None
    changes, written = advancing.save(run, locked, actor=actor, cancelled=ended, line=line)
    advancing.tell(changes, written, locked)


def restart_instance(
    instance_id: uuid.UUID, *, actor: Actor, variables: str = INITIAL, reason: str = ""
) -> ProcessInstance:
    """A new instance of the same version, begun where the ended one began, with the variables that it was begun with
    ('initial') or had at its end ('last'). Each names the other in its history.

    Raises NotOfWhole, StillRunning, and what start_instance raises.
    """
    locked = store.lock_instance(instance_id)
    if locked.organization_id != actor.organization_id:
        raise InstanceNotFound
    permissions.require_whole(actor)
    if not locked.is_over:
        raise StillRunning
    old, begun = locked.instance, _beginning(locked)
    given = snapshots.instance_variables(locked.snapshot) if variables == LAST else begun.variables
    definition = queries.get_definition(old.definition_id)
    new = start_definition(definition, given, actor=actor, business_key=old.business_key, at=begun.at)
    told = {"reason": reason} if reason else {}
    noting.note(old.id, "restarted", actor=actor, data={"as": str(new.id), "variables": variables} | told)
    noting.note(new.id, "restarted", actor=actor, data={"from": str(old.id), "variables": variables} | told)
    audit.record(actor, "instance:restart", "instance", old.id, new=new.id, variables=variables, **told)
    return new


class _Beginning:
    """How an instance was begun: with what, and by which start event."""

    def __init__(self, lines: Sequence[Any]) -> None:
        started = next((line.data for line in lines if line.kind == "started"), None)
        self.variables: dict[str, Any] = restored(started) if started else {}
        self.at = next((line.element_id for line in lines if line.kind == "entered"), "")


def _beginning(locked: Locked) -> _Beginning:
    first = sa.select(HistoryEntry.kind, HistoryEntry.element_id, HistoryEntry.data).where(
        HistoryEntry.organization_id == locked.organization_id,
        HistoryEntry.instance_id == locked.id,
        sa.or_(HistoryEntry.kind == "started", HistoryEntry.element_type == "startEvent"),
    )
    return _Beginning(db.session().execute(first.order_by(HistoryEntry.id)).all())


def _places(start: Sequence[str | Start]) -> list[Start]:
    return [place if isinstance(place, Start) else Start(element_id=place) for place in start]


def _told(run: Run, cancel: Sequence[int], places: Sequence[Start]) -> Mapping[str, Any]:
    """For history: what was meant, by name as long as the tokens are there. Raises TaskNotReady, CannotMove."""
    doomed = [moving.movable(run.instance, number) for number in cancel]
    return {
        "cancel": [{"token": token.id, "element": token.task_spec.bpmn_id} for token in doomed],
        "start": [{"element": place.element_id} for place in places],
    }
