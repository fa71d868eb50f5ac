"""Forms: load a form-js schema, tell a page what to show, read what people sent. Pure; the same rules for all three.

`choices` maps the name of a list ("units") to what may be chosen. `context` maps names that rules and initial values
may use (process variables, `today`) to values, and names of FEEL functions to callables.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from forms import rules, sentences, typed
from forms.components import Choice, Field, FieldView, Form
from forms.errors import FormInvalid
from forms.reading import load

__all__ = ["Choice", "Field", "FieldView", "Form", "field_views", "load", "parse"]

Choices = Mapping[str, Sequence[Choice]]
Context = Mapping[str, Any]


def parse(form: Form, submitted: Mapping[str, Sequence[str]], *, choices: Choices, context: Context) -> dict[str, Any]:
    """What was sent, typed and nested ("a.b" becomes {"a": {"b": …}}); unknown keys and hidden fields are dropped.

    An empty text is "", an empty number, date or choice None, an empty checklist []. Raises FormInvalid.
    """
    read = {f.key: typed.read(f, submitted.get(f.key, ()), f.offered(choices)) for f in form.fields}
    values = {key: one.value for key, one in read.items()}
    hidden = rules.hidden_keys(form, values, context)
    shown = {key: value for key, value in values.items() if key not in hidden}
    problems = {key: one.problem for key, one in read.items() if one.problem and key in shown}
    problems |= _missing(form, shown, problems)
    problems |= _broken(form, values, hidden, problems, context)
    if problems:
        raise FormInvalid({f.key: problems[f.key] for f in form.fields if f.key in problems})
    return rules.nest(shown)


def field_views(form: Form, *, values: Mapping[str, Any], choices: Choices, context: Context) -> list[FieldView]:
    """What a page shows, hidden fields left out.

    `values` is what was typed before: as sent (key → list of texts), so that nothing typed is ever lost, or typed and
    nested. What it does not hold starts with the field's initial value, computed from the context.
    """
    names = rules.Names(context, {})
    sent = any(isinstance(values.get(f.key), list | tuple) for f in form.fields if f.kind != "checklist")
    # what was sent says by its silence that a box is not ticked
    started = {f.key: values.get(f.key, []) if sent else _started(f, values, names) for f in form.fields}
    read = {f.key: _typed(f, started[f.key], choices) for f in form.fields}
    hidden = rules.hidden_keys(form, read, context)
    seen = [item for item in form.items if item.key not in hidden and not rules.hides(form, item, read, context)]
    return [_view(item, started.get(item.key), choices) for item in seen]


def _missing(form: Form, shown: Mapping[str, Any], problems: Mapping[str, str]) -> dict[str, str]:
    return {
        f.key: sentences.missing(f)
        for f in form.fields
        if f.required and f.key in shown and f.key not in problems and _is_empty(shown[f.key])
    }


def _is_empty(value: Any) -> bool:
    """Nothing written, chosen or ticked; the number 0 is something."""
    return value is None or value is False or value in ("", [])


def _broken(
    form: Form, values: Mapping[str, Any], hidden: frozenset[str], problems: Mapping[str, str], context: Context
) -> dict[str, str]:
    told = {key: None if key in hidden else value for key, value in values.items()}
    broken = rules.broken_rules(form, told, context) - hidden - problems.keys()
    return {f.key: f.rule_message or sentences.RULE for f in form.fields if f.key in broken}


def _started(field: Field, values: Mapping[str, Any], names: rules.Names) -> Any:
    """What stood in the field, else what it starts with."""
    place: Any = values
    for part in field.key.split("."):
        if not isinstance(place, Mapping) or part not in place:
            break
        place = place[part]
    else:
        return place
    return rules.initial_value(field, names)


def _typed(field: Field, started: Any, choices: Choices) -> Any:
    """A value as sent becomes typed, for conditions; a typed one stays."""
    if isinstance(started, list | tuple) and field.kind != "checklist":
        return typed.read(field, started, field.offered(choices)).value
    if isinstance(started, int) and not isinstance(started, bool):
        return Decimal(started)
    if isinstance(started, str) and field.kind not in {"text", "textarea"}:
        return typed.read(field, [started], field.offered(choices)).value
    return started


def _view(item: Field, started: Any, choices: Choices) -> FieldView:
    return FieldView(
        key=item.key,
        kind=item.kind,
        label=item.label,
        hint=item.hint,
        required=item.required,
        choices=item.offered(choices),
        value=_shown(item, started),
        columns=item.columns,
        rows=item.rows,
        min_length=item.min_length,
        max_length=item.max_length,
        minimum=item.minimum,
        maximum=item.maximum,
        empty_label=item.empty_label,
    )


def _shown(item: Field, started: Any) -> str | list[str] | bool:
    if item.kind == "checklist":
        return [typed.write(one) for one in started or ()]
    if item.kind == "checkbox":
        return bool(typed.read(item, started, ()).value) if isinstance(started, list | tuple) else bool(started)
    one = started[0] if isinstance(started, list | tuple) and started else started
    return "" if isinstance(one, list | tuple) else typed.write(one)
