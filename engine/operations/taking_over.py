"""One instance, under its lock, taken over into another version of its process, and given back what it was."""

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from directory.actors import Actor
from engine import migration_rows, store
from engine.bpmn import migrating, saving
from engine.bpmn.continuing import AFTER
from engine.bpmn.migrating import MOVED, Guide, Migrated, Move
from engine.bpmn.multi_instance import MultiInstance
from engine.bpmn.tokens import JOB, Instance, Token
from engine.consistency import waiting_rows
from engine.errors import InstanceOver
from engine.events import TaskMigrated
from engine.migration_errors import CannotMigrate
from engine.migration_rows import Saved, Way
from engine.models import ACTIVE, READY, SUSPENDED, HistoryEntry, ProcessInstance, Task
from engine.operations import advancing
from engine.runtime import Run
from engine.store import Locked
from kernel import audit, clock, db, events
from kernel.ids import new_id


def begin(run: Run, snapshot: bytes, state: str, guide: Guide) -> Migrated:
    """The run goes on with the migrated instance; nothing is written. Raises InstanceOver, CannotMigrate,
    CannotProceed."""
    if state not in (ACTIVE, SUSPENDED):
        raise InstanceOver
    run.resume(snapshot)
    if not any(scope.definition == guide.source for scope in run.instance.all_scopes()):
        raise CannotMigrate(["Hồ sơ không còn ở bản này."])
    migrated = migrating.migrate(snapshot, guide, run)
    if migrated.freed and state != ACTIVE:
        told = ", ".join(migrated.freed)
        raise CannotMigrate([f"Hồ sơ đang tạm dừng mà ở bản mới đi tiếp ngay qua {told}. Cho chạy tiếp rồi chuyển."])
    run.instance = migrated.instance
    return migrated


def elements_of(migrated: Migrated) -> dict[int, str]:
    """Token -> its element now."""
    return {move.token: move.target_id for move in migrated.moves if move.what == MOVED}


class Undo:
    """What gives an instance back what it was. `went_on`: there is no way back."""

    def __init__(self, snapshot: bytes, rows: Saved, after: bytes, *, went_on: bool) -> None:
        self.snapshot, self.rows, self.after, self.went_on = snapshot, rows, digest(after), went_on


def migrate(locked: Locked, guide: Guide, *, told: Mapping[str, Any], actor: Actor) -> tuple[Migrated, Undo]:
    """`told`: of the batch, for history and audit. Raises what `begin` does, UnknownAssignee, and what services on the
    way refuse when the process goes on at once."""
    before, run = locked.snapshot, Run(organization_id=locked.organization_id, instance_id=locked.id, actor=actor)
    migrated = begin(run, before, locked.state, guide)
    elements = elements_of(migrated)
    offered = migration_rows.offers(run, elements)
    rows = migration_rows.follow(_way(locked, guide, elements), run, offered)
    _note_history(run, migrated.moves, guide.source, told)
    if run.instance.definition == guide.target:
        _set_definition(locked, guide.target)
    went_on = _go_on(run, migrated, active=locked.is_active)
    line = audit.line(actor, "instance:migrate", "instance", locked.id, **told)
    changes, written = advancing.save(run, locked, actor=actor, line=line)
    _require_rows(run)
    _tell_of_tasks(migration_rows.offered_anew(rows), actor)
    advancing.tell(changes, written, locked)
    return migrated, Undo(before, rows, changes.snapshot, went_on=went_on)


def give_back(
    locked: Locked, snapshot: bytes, rows: Saved, guide: Guide, *, told: Mapping[str, Any], actor: Actor
) -> None:
    """`snapshot`, `rows`: as they were before."""
    run = advancing.take(locked, actor=actor)
    now = run.instance
    run.instance = saving.load(snapshot, run)
    run.instance.numbers = max(now.numbers, run.instance.numbers)  # a number is never given twice
    migration_rows.restore(rows)
    if run.instance.definition == guide.source:
        _set_definition(locked, guide.source)
    _note_history(run, _moves_back(now, run.instance), guide.target, told)
    line = audit.line(actor, "instance:undo_migration", "instance", locked.id, **told)
    changes, written = advancing.save(run, locked, actor=actor, line=line)
    _require_rows(run)
    advancing.tell(changes, written, locked)


def digest(snapshot: bytes) -> str:
    """An instance whose snapshot has this digest has not moved since."""
    return hashlib.sha256(snapshot).hexdigest()


# ------------------------------------------------------------------------------------------------------------- inside
def _way(locked: Locked, guide: Guide, elements: Mapping[int, str]) -> Way:
    return Way(
        instance_id=locked.id,
        source_id=uuid.UUID(guide.source),
        target_id=uuid.UUID(guide.target),
        elements=elements,
        renamed={old: new for old, new in guide.pairs.items() if old != new},
    )


def _go_on(run: Run, migrated: Migrated, *, active: bool) -> bool:
    """True when the process has gone on: a join missed nothing any more, a new condition was true at once."""
    saving.prune(run.instance)
    before = saving.dump(run.instance)
    if active:
        run.instance.do_engine_steps()
        saving.prune(run.instance)
    return bool(migrated.freed) or saving.dump(run.instance) != before


def _set_definition(locked: Locked, definition: str) -> None:
    own = sa.update(ProcessInstance).where(ProcessInstance.id == locked.id)
    db.connection().execute(own.values(definition_id=uuid.UUID(definition)))
    store.update_kept(locked.instance, {"definition_id": uuid.UUID(definition)})


def _require_rows(run: Run) -> None:
    """What waits has its row and nothing else has one; a difference is a fault of ours, and nothing is written."""
    rows, waits = waiting_rows(run.instance_id), run.waits()
    if rows != waits:
        raise RuntimeError(f"rows {sorted(rows - waits)} too many, {sorted(waits - rows)} missing")


def _tell_of_tasks(task_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Those that are offered to others now; not those that a listener of the new diagram has just taken away."""
    if not task_ids:
        return
    query = sa.select(Task).where(Task.id.in_(task_ids), Task.state == READY)
    for task in db.session().scalars(query.order_by(Task.token).execution_options(populate_existing=True)):
        events.emit(TaskMigrated(task=task, actor=actor))


def _moves_back(now: Instance, before: Instance) -> list[Move]:
    """Of the tokens that are in another definition again."""
    there = {token.id: token for token in now.tokens() if not token.listens}
    return [
        Move(MOVED, token.id, False, other.task_spec.bpmn_id, other.task_spec.label, "", "")
        for token in before.tokens()
        if (other := there.get(token.id)) is not None and _has_line(token)
        if other.workflow.definition != token.workflow.definition
    ]


# ------------------------------------------------------------------------------------------------------------ history
def _note_history(run: Run, moves: Sequence[Move], came_from: str, told: Mapping[str, Any]) -> None:
    """One line of the instance, and one of each token that was moved, at its new place."""
    common = {
        "organization_id": run.organization_id,
        "instance_id": run.instance_id,
        "kind": "migrated",
        "at": clock.now(),
        "person_id": run.actor.person_id,
        "person_name": run.actor.name,
    }
    process = run.instance.spec
    place = _place(run.instance.definition, process.name, process.description, "process")
    rows = [common | place | {"id": new_id(), "token": 0, "data": dict(told)}]
    for move in moves:
        token = None if move.what != MOVED or move.listens else run.instance.find(move.token)
        if token is not None and _has_line(token):
            spec = token.task_spec
            place = _place(token.workflow.definition, spec.bpmn_id, spec.bpmn_name, spec.element_type)
            data = {"from": {"definition": came_from, "element": move.source_id, "name": move.source}}
            rows.append(common | place | {"id": new_id(), "token": move.token, "data": data})
    db.connection().execute(sa.insert(HistoryEntry), rows)


def _has_line(token: Token) -> bool:
    """A round's body has no line of its own, and what waits behind an element has left it already."""
    return not isinstance(token.task_spec, MultiInstance) and token.internal_data.get(JOB) != AFTER


def _place(definition: str, element_id: str, name: str | None, kind: str) -> dict[str, Any]:
    return {
        "definition_id": uuid.UUID(definition),
        "element_id": element_id,
        "element_name": name or "",
        "element_type": kind,
    }
