"""Rules of a form, in FEEL: what is hidden, what must hold between fields, what a field starts with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import feel
from feel.errors import FeelError
from forms import typed
from forms.components import Field, Form, Formula, Template
from forms.errors import FormBroken
from kernel import clock


class Names:
    """What rules can see: the form's values over the caller's names; the caller's callables are FEEL functions."""

    def __init__(self, context: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """`values` maps keys ("registration.number") to typed values."""
        self.functions: dict[str, Callable[..., Any]] = {name: v for name, v in context.items() if callable(v)}
        plain = {name: v for name, v in context.items() if not callable(v)}
        self.values = nest(values, over=plain)

    def evaluate(self, expression: feel.Expression) -> Any:
        """Raises FeelError for a function that nobody offers, and for what costs too much."""
        run = feel.Run(now=clock.now(), zone=clock.VIETNAM)
        return expression.evaluate(self.values, self.functions, run=run)


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


def fill(
    form: Form, values: Mapping[str, Any], context: Mapping[str, Any], computed: Sequence[Field]
) -> tuple[dict[str, Any], frozenset[str]]:
    """The values with what is computed of them, and the keys of fields that are hidden: those count as empty for all
    others. Raises FormBroken."""
    hidden: frozenset[str] = frozenset()
    while True:
        told = {key: None if key in hidden else value for key, value in values.items()}
        for field in computed:
            told[field.key] = None if field.key in hidden else _computed(form, field, Names(context, told))
        names = Names(context, told)
        now = {f.key for f in form.answers if f.hide is not None and _judge(form, names, f.hide) is True}
        if hidden.issuperset(now):
            return told, hidden
        hidden |= now  # only ever more, so two fields that hide one another come to rest


def _computed(form: Form, field: Field, names: "Names") -> Any:
    return None if field.expression is None else _judge(form, names, field.expression)


def hides(form: Form, item: Field, values: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    """Does the item's own condition hide it, with these values as they stand?"""
    return item.hide is not None and _judge(form, Names(context, values), item.hide) is True


def broken_rules(form: Form, values: Mapping[str, Any], context: Mapping[str, Any]) -> frozenset[str]:
    """Keys of fields whose rule says false; a rule that cannot tell (null) holds. Raises FormBroken."""
    if all(field.rule is None for field in form.answers):
        return frozenset()
    names = Names(context, values)
    return frozenset(f.key for f in form.answers if f.rule is not None and _judge(form, names, f.rule) is False)


def initial_value(field: Field, names: Names) -> Any:
    """What a field starts with; what cannot be computed starts empty."""
    try:
        initial = names.evaluate(field.initial) if field.initial is not None else None
    except FeelError:
        initial = None
    return field.default if initial is None else initial


def value_of(form: Form, names: Names, formula: Formula) -> Any:
    """Of a template its text. Raises FormBroken."""
    if isinstance(formula, Template):
        parts = (part if isinstance(part, str) else typed.write(_judge(form, names, part)) for part in formula.parts)
        return "".join(parts)
    return _judge(form, names, formula)


def _judge(form: Form, names: Names, expression: feel.Expression) -> Any:
    try:
        return names.evaluate(expression)
    except FeelError as refusal:
        raise FormBroken(form=form.id, reason=refusal.message) from None
