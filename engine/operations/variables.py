"""The verb that changes variables of a running instance from outside."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from directory.actors import Actor
from engine import values
from engine.bpmn.passing import COUNTERS
from engine.bpmn.tokens import Instance
from engine.errors import TaskNotReady
from engine.operations import advancing, noting
from engine.repair_errors import ScopeNotFound, VariableKept, VariableNotFound
from engine.runtime import Run
from engine.trace import Change, verb_of
from kernel import audit


def set_variables(
    instance_id: uuid.UUID,
    changes: Mapping[str, Any],
    *,
    remove: Collection[str] = (),
    scope: int | None = None,
    reason: str,
    actor: Actor,
) -> None:
    """Sets and removes variables of the process, or of the token `scope` and the scope it has opened; then conditional
    events look again. What was and what is are kept in history.

    Raises NotOfWhole, ReasonMissing, InstanceOver, ScopeNotFound, VariableNotFound, VariableKept, UnusableValue,
    CannotProceed.
    """
    given, told = values.adopted_all(changes), noting.reason_of(reason)
    locked = noting.lock_for_repair(instance_id, actor=actor)
    run = advancing.take(locked, actor=actor)
    changed = _change(run, scope, given, remove)
    if not changed:
        return
    run.tell("changed", {"reason": told} | ({} if scope is None else {"scope": scope}), changes=changed)
    if locked.is_active:  # a suspended one looks when it goes on
        run.look_again({name: verb_of(change) for name, change in changed.items()})
    line = audit.line(actor, "instance:set_variables", "instance", instance_id, reason=told, names=sorted(changed))
    done, written = advancing.save(run, locked, actor=actor, line=line)
    advancing.tell(done, written, locked)


def _change(run: Run, scope: int | None, given: Mapping[str, Any], remove: Collection[str]) -> dict[str, Any]:
    """What changed, as history keeps it."""
    places = _places(run.instance, scope)
    changed: dict[str, Change] = {}
    for name in [*given, *remove]:
        place = next((place for place in places if name in place), places[-1])
        if name in COUNTERS and any(name in found for found in places):
            raise VariableKept(name=name)
        change = changed[name] = Change(place.get(name), is_new=name not in place)
        if name in given:
            place[name] = change.after = given[name]
        elif change.is_new:
            raise VariableNotFound(name=name)
        else:
            del place[name]
            change.is_gone = True
    return {name: change.told({}, name) for name, change in changed.items() if change.is_one}


def _places(instance: Instance, scope: int | None) -> list[dict[str, Any]]:
    """Where a variable may lie, nearest first; a new one goes to the last."""
    if scope is None:
        return [instance.data]
    try:
        token = instance.find(scope)
    except TaskNotReady:
        raise ScopeNotFound from None
    inner = instance.subprocesses.get(scope)
    return [token.data] if inner is None else [token.data, inner.data]
