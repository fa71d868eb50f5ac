"""Rules of a form, in FEEL: what is hidden, what must hold between fields, what a field starts with."""

from collections.abc import Callable, Mapping
from typing import Any

import feel
from feel.errors import FeelError
from forms.components import Field, Form
from forms.errors import FormBroken


class Names:
    """What rules can see: the form's values over the caller's names; the caller's callables are FEEL functions."""

    def __init__(self, context: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """`values` maps keys ("registration.number") to typed values."""
        self.functions: dict[str, Callable[..., Any]] = {name: v for name, v in context.items() if callable(v)}
        plain = {name: v for name, v in context.items() if not callable(v)}
        self.values = nest(values, over=plain)

    def evaluate(self, expression: feel.Expression) -> Any:
        """Raises FeelError for a function that nobody offers."""
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
    if all(field.hide is None for field in form.fields):
        return hidden
    while True:
        names = Names(context, {key: None if key in hidden else value for key, value in values.items()})
        now = {f.key for f in form.fields if f.hide is not None and _judge(form, names, f.hide) is True}
        if hidden.issuperset(now):
            return hidden
        hidden |= now  # only ever more, so two fields that hide one another come to rest


def hides(form: Form, item: Field, values: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    """Does the item's own condition hide it, with these values as they stand?"""
    return item.hide is not None and _judge(form, Names(context, values), item.hide) is True


def broken_rules(form: Form, values: Mapping[str, Any], context: Mapping[str, Any]) -> frozenset[str]:
    """Keys of fields whose rule says false; a rule that cannot tell (null) holds. Raises FormBroken."""
    if all(field.rule is None for field in form.fields):
        return frozenset()
    names = Names(context, values)
    return frozenset(f.key for f in form.fields if f.rule is not None and _judge(form, names, f.rule) is False)


def initial_value(field: Field, names: Names) -> Any:
    """What a field starts with; what cannot be computed starts empty."""
    try:
        initial = names.evaluate(field.initial) if field.initial is not None else None
    except FeelError:
        initial = None
    return field.default if initial is None else initial


def _judge(form: Form, names: Names, expression: feel.Expression) -> Any:
    try:
        return names.evaluate(expression)
    except FeelError as refusal:
        raise FormBroken(form=form.id, reason=refusal.message) from None
