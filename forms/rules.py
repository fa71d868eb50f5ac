"""Rules of a form, in FEEL: what is hidden, what must hold between fields, what a field starts with."""

from collections.abc import Callable, Mapping
from typing import Any

import feel
from forms.components import Form


class Names:
    """What rules can see: the form's values over the caller's names; the caller's callables are FEEL functions."""

    def __init__(self, context: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """`values` maps keys ("registration.number") to typed values."""
        self.functions: dict[str, Callable[..., Any]] = {name: v for name, v in context.items() if callable(v)}
        plain = {name: v for name, v in context.items() if not callable(v)}
        self.values = nest(values, over=plain)

    def evaluate(self, expression: feel.Expression) -> Any:
        return expression.evaluate(self.values, self.functions)


def nest(values: Mapping[str, Any], *, over: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """{"a.b": 1} becomes {"a": {"b": 1}}, laid over a copy of `over`."""
    result = dict(over or {})
    for key, value in values.items():
        *path, last = key.split(".")
        place = result
        for part in path:
            inner = place.get(part)
            place[part] = dict(inner) if isinstance(inner, Mapping) else {}
            place = place[part]
        place[last] = value
    return result


def hidden_keys(form: Form, values: Mapping[str, Any], context: Mapping[str, Any]) -> frozenset[str]:
    """Keys of fields that are not asked for. What is hidden counts as empty in the conditions of others."""
    hidden: frozenset[str] = frozenset()
    while True:
        names = Names(context, {key: None if key in hidden else value for key, value in values.items()})
        now = {f.key for f in form.fields if f.hide is not None and names.evaluate(f.hide) is True}
        if hidden.issuperset(now):
            return hidden
        hidden |= now  # only ever more, so two fields that hide one another come to rest


def broken_rules(form: Form, values: Mapping[str, Any], context: Mapping[str, Any]) -> frozenset[str]:
    """Keys of fields whose rule says false; a rule that cannot tell (null) holds."""
    names = Names(context, values)
    return frozenset(f.key for f in form.fields if f.rule is not None and names.evaluate(f.rule) is False)
