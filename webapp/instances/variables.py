"""Biến: what an instance holds, scope by scope, and changing one value of it."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request

from engine import history
from engine.models import ProcessInstance
from engine.positions import is_kept
from kernel.errors import DomainError, Invalid
from webapp.instances import typed
from webapp.instances.typed import Shown, Unreadable

ADD, CHANGE, REMOVE = "add", "change", "remove"  #: what an address asks, and what a form sends


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable of a scope. `shown` is None for whoever may not read values."""

    name: str
    kind: str
    shown: Shown | None
    kept: bool  #: the engine itself counts with it


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scope:
    """A process, sub-process or element of a round. `token`: the one that opened it; None is the instance itself."""

    token: int | None
    label: str
    variables: Sequence[Variable]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Editing:
    """The form of one variable. `before` is None when there is no value yet, or it is not this person's to read."""

    verb: str
    scope: Scope
    name: str
    kind: str
    text: str
    before: Shown | None
    reason: str
    problems: Mapping[str, str]
    sentence: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """What was sent, read. `scope`: a token, or None."""

    scope: int | None
    name: str
    values: Mapping[str, Any]
    removed: Sequence[str]
    reason: str


def scopes_of(instance: ProcessInstance, *, may_read: bool) -> list[Scope]:
    return [
        Scope(token=found.token, label=found.label, variables=_variables(found.variables, may_read))
        for found in history.list_scopes(instance.id)
    ]


def form_of(scopes: Sequence[Scope], asked: Mapping[str, str], *, refused: DomainError | None = None) -> Editing | None:
    """The form that `asked` (an address, or what was sent and refused) means: to change, to add or to remove."""
    scope = _scope(scopes, asked.get("scope", ""))
    verb = next((verb for verb in (ADD, REMOVE, CHANGE) if verb in asked), None)
    if scope is None or verb is None:
        return None
    name = asked.get("name", "") if refused or verb == ADD else asked[verb]
    known = next((one for one in scope.variables if one.name == name), None)
    if verb != ADD and (known is None or known.kept):
        return None
    shown = known.shown if known else None
    return Editing(
        verb=verb,
        scope=scope,
        name=name,
        kind=asked.get("kind", "") or (known.kind if known else "text"),
        text=asked.get("value", "") if refused else (shown.typed if shown else ""),
        before=shown,
        reason=asked.get("reason", ""),
        problems=refused.fields if isinstance(refused, Invalid) else {},
        sentence=refused.sentence if refused and not isinstance(refused, Invalid) else "",
    )


def read_change() -> Change:
    """Of the form that was sent. Raises Invalid naming the fields."""
    form, problems = request.form, dict[str, str]()
    name, value = form.get("name", ""), None
    if ADD in form:
        name = _read(problems, "name", lambda: typed.read_name(name))
    if REMOVE not in form:
        value = _read(problems, "value", lambda: typed.read(form.get("kind", ""), form.get("value", "")))
    problems |= _reason_problem()
    if problems:
        raise Invalid(problems)
    return Change(
        scope=form.get("scope", type=int),
        name=name,
        values={} if REMOVE in form else {name: value},
        removed=[name] if REMOVE in form else [],
        reason=form["reason"].strip(),
    )


def _read(problems: dict[str, str], field: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Unreadable as wrong:
        problems[field] = str(wrong)


def _reason_problem() -> dict[str, str]:
    told = request.form.get("reason", "").strip()
    return {} if told else {"reason": "Ghi lý do; lý do nằm trong lịch sử của hồ sơ."}


def _variables(found: Mapping[str, Any], may_read: bool) -> list[Variable]:
    shown = {name: typed.show(value) for name, value in found.items()}
    return [
        Variable(name=name, kind=one.kind, shown=one if may_read else None, kept=is_kept(name))
        for name, one in sorted(shown.items(), key=lambda pair: pair[0].casefold())
    ]


def _scope(scopes: Sequence[Scope], token: str) -> Scope | None:
    return next((scope for scope in scopes if str(scope.token or "") == token), None)
