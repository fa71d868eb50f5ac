"""From the running instance to its snapshot and back."""

from typing import Any

from engine import snapshots
from engine.bpmn.host import Host
from engine.bpmn.tokens import COMPLETED, LIVE, Instance, Scope, Token
from engine.snapshots import ScopeRow, Snapshot


def prune(instance: Instance) -> None:
    """Every finished task goes. What hung on it hangs on the root of its scope; what hangs on a live token stays there.

    Nothing is lost, for no rule reads a finished task: joins count waiting tokens, bodies keep counters, listeners and
    elements hang on a live token, compensation has its own records.
    """
    for key, scope in list(instance.subprocesses.items()):
        if scope.completed or not scope.parent_task._state & LIVE:
            del instance.subprocesses[key]
    for scope in instance.all_scopes():
        finished = [t for t in scope.tasks.values() if not t._state & LIVE and t is not scope.task_tree]
        if finished:
            _forget(scope, finished)


def _forget(scope: Any, finished: list[Token]) -> None:
    tasks, root = scope.tasks, scope.task_tree
    for token in finished:
        del tasks[token.id]
    for token in tasks.values():
        token._children = []
    for token in tasks.values():
        if token is not root:
            if token._parent not in tasks:
                token._parent = root.id
            tasks[token._parent]._children.append(token.id)


def dump(instance: Instance) -> bytes:
    scopes = [_scope_row(scope) for scope in instance.all_scopes()]
    return snapshots.write(Snapshot(snapshots.FORMAT, instance.numbers, int(instance.completed), scopes))


def _scope_row(scope: Any) -> ScopeRow:
    root, owner = scope.task_tree, scope.parent_task
    tokens = [
        (t.id, t.task_spec.name, t._state, 0 if t._parent == root.id else t._parent, t.internal_data or 0, t.data or 0)
        for t in scope.tasks.values()
        if t is not root
    ]
    return ScopeRow(
        root=root.id,
        owner=owner and owner.id,
        spec=scope.spec.name,
        definition=scope.definition if owner is None or scope.called else 0,
        business_key=scope.business_key,
        tokens=tokens,
        variables=scope.data,
        done=scope.done,
        internal=root.internal_data or 0,
    )


def load(data: bytes, host: Host) -> Instance:
    """An instance that goes on where the dumped one stopped."""
    snapshot = snapshots.read(data)
    first, *others = snapshot.scopes
    instance = Instance(first.definition, host, business_key=first.business_key)
    owners: dict[int, Token] = {}
    _fill(instance, first, owners)
    for row in others:
        _fill(_reopened(row, owners, instance), row, owners)
    instance.numbers, instance.completed = snapshot.numbers, bool(snapshot.completed)
    return instance


def _reopened(row: ScopeRow, owners: dict[int, Token], instance: Instance) -> Scope:
    owner = owners[row.owner or 0]
    if not row.definition:
        return Scope(owner.task_spec.definition(owner), owner, instance)
    scope = Scope(instance.host.spec(row.definition), owner, instance)
    scope.called, scope.definition, scope.business_key = True, row.definition, row.business_key
    return scope


def _fill(scope: Any, row: ScopeRow, owners: dict[int, Token]) -> None:
    specs = scope.spec.task_specs
    scope.task_tree = Token(scope, scope.spec.start, None, COMPLETED, row.root)
    scope.data, scope.done = row.variables, row.done
    scope.task_tree.internal_data = row.internal or {}
    for number, spec, state, parent, internal, variables in row.tokens:
        token = Token(scope, specs[spec], scope.tasks[parent or row.root], state, number)
        if internal:
            token.internal_data = internal
        if variables:
            token.data = variables
        owners[number] = token
