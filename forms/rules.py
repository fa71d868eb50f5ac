"""Rules of a form, in FEEL: what is hidden, what must hold between fields, what a field starts with."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import feel
from feel.errors import FeelError
from forms import typed
from forms.components import Field, Form, Formula, Template
from forms.errors import FormBroken
from kernel import clock

EVALUATION = 10  #: steps that it costs to ask any expression, so that a form cannot ask endless many


class Names:
    """What rules can see: the form's values over the caller's names; the caller's callables are FEEL functions. All
    that is asked of one form shares one bound on time and memory."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.functions: dict[str, Callable[..., Any]] = {name: v for name, v in context.items() if callable(v)}
        self.values: Mapping[str, Any] = {name: v for name, v in context.items() if not callable(v)}
        self.run = feel.Run(now=clock.now(), zone=clock.VIETNAM)

    def over(self, told: Mapping[str, Any]) -> "Names":
        """The same with a form's values laid over; `told` maps keys ("registration.number") to typed values."""
        names = copy.copy(self)
        names.values = nest(told, over=self.values)
        return names

    def evaluate(self, expression: feel.Expression) -> Any:
        """Raises FeelError for a function that nobody offers, and for what costs too much."""
        self.run.spend(EVALUATION)
        return expression.evaluate(self.values, self.functions, run=self.run)


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
    form: Form, values: Mapping[str, Any], names: Names, computed: Sequence[Field]
) -> tuple[dict[str, Any], frozenset[str]]:
    """The values with what is computed of them, and the keys of fields that are hidden: those count as empty for all
    others, as does what is not computed yet. Raises FormBroken."""
    hidden: frozenset[str] = frozenset()
    later = {field.key: None for field in form.computed}
    while True:
        told = {key: None if key in hidden else value for key, value in values.items()} | later
        within = names.over(told)
        for field in computed:
            if field.key not in hidden and field.expression is not None:
                told[field.key] = _judge(form, within, field.expression)
                within = within.over({field.key: told[field.key]})
        now = {f.key for f in form.answers if f.hide is not None and _judge(form, within, f.hide) is True}
        if hidden.issuperset(now):
            return told, hidden
        hidden |= now  # only ever more, so two fields that hide one another come to rest


def hides(form: Form, item: Field, names: Names) -> bool:
    """Does the item's own condition hide it, with the values as they stand?"""
    return item.hide is not None and _judge(form, names, item.hide) is True


def broken_rules(form: Form, names: Names) -> frozenset[str]:
    """Keys of fields whose rule says false; a rule that cannot tell (null) holds. Raises FormBroken."""
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
