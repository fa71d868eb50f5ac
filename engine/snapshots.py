"""What a snapshot looks like, for whoever reads it without running it.

A snapshot is a list packed by `engine.values`: format number, highest token number, completed, scopes. The first scope
is the process instance; a called process or embedded sub-process names the token that opened it.
"""

from typing import Any, NamedTuple

import orjson

from engine import values

FORMAT = 1
CHILD = " [child]"  #: end of the name of a multi-instance's element, whose parent is the body


class UnknownFormat(ValueError):
    """Written by another version of the product, and nothing here translates it."""


class TokenRow(NamedTuple):
    """A live token. `parent`: the token it hangs on, or 0; `internal` and `data` are 0 when empty."""

    number: int
    spec: str
    state: int
    parent: int
    internal: Any
    data: Any


class ScopeRow(NamedTuple):
    """A process, called process or embedded sub-process. `definition` is 0 for one that belongs to its owner's."""

    root: int
    owner: int | None
    spec: str
    definition: Any
    business_key: str
    tokens: list[Any]
    variables: dict[str, Any]
    done: list[Any]
    internal: Any


_VALUES_OF_SCOPE = tuple(ScopeRow._fields.index(name) for name in ("variables", "done", "internal"))
_TOKENS = ScopeRow._fields.index("tokens")
_INTERNAL, _DATA = TokenRow._fields.index("internal"), TokenRow._fields.index("data")


class Snapshot(NamedTuple):
    """The whole state of an instance."""

    format: int
    numbers: int
    completed: int
    scopes: list[ScopeRow]


def read(data: bytes) -> Snapshot:
    """Raises UnknownFormat."""
    form, *rest = orjson.loads(data)
    if form != FORMAT:
        raise UnknownFormat(f"snapshot of format {form}")
    numbers, completed, scopes = rest
    if values.MARK in data:
        for scope in scopes:
            _restore(scope)
    return Snapshot(form, numbers, completed, [ScopeRow(*scope) for scope in scopes])


def _restore(scope: list[Any]) -> None:
    """Only where values of the user's may stand; what is around them is our own and plain."""
    for place in _VALUES_OF_SCOPE:
        if scope[place]:
            scope[place] = values.restored(scope[place])
    for token in scope[_TOKENS]:
        if token[_INTERNAL]:
            token[_INTERNAL] = values.restored(token[_INTERNAL])
        if token[_DATA]:
            token[_DATA] = values.restored_map(token[_DATA])


def write(snapshot: Snapshot) -> bytes:
    return values.pack([*snapshot[:3], [list(scope) for scope in snapshot.scopes]])


def instance_variables(data: bytes) -> dict[str, Any]:
    """The variables of the process instance itself."""
    return read(data).scopes[0].variables


def token_variables(data: bytes, number: int) -> dict[str, Any] | None:
    """All variables a token sees, nearest first; None when there is no such token."""
    snapshot = read(data)
    place = _find(snapshot, number)
    if place is None:
        return None
    seen: dict[str, Any] = {}
    while place is not None:
        scope, token = place
        for layer in _layers(scope, token):
            seen = {**layer, **seen}
        place = None if scope.definition or scope.owner is None else _find(snapshot, scope.owner)
    return seen


def _layers(scope: ScopeRow, token: TokenRow) -> list[dict[str, Any]]:
    layers = [token.data or {}]
    if token.spec.endswith(CHILD):
        layers += [parent.data or {} for parent in map(TokenRow._make, scope.tokens) if parent.number == token.parent]
    return [*layers, scope.variables]


def _find(snapshot: Snapshot, number: int) -> tuple[ScopeRow, TokenRow] | None:
    for scope in snapshot.scopes:
        for row in scope.tokens:
            if row[0] == number:
                return scope, TokenRow(*row)
    return None
