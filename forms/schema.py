"""Forms: load a form-js schema, tell a page what to show, read what people sent. Pure; the same rules for all three.

`choices` maps the name of a list ("units") to what may be chosen. `context` maps names that rules and initial values
may use (process variables, `today`) to values, and names of FEEL functions to callables.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from forms import rules, sentences, settling, typed
from forms.components import Choice, Field, FieldView, Form, choice_key
from forms.errors import FormInvalid
from forms.reading import load

__all__ = ["Choice", "Field", "FieldView", "Form", "field_views", "load", "parse"]

Choices = Mapping[str, Sequence[Choice]]
Context = Mapping[str, Any]
NOTHING: Mapping[str, Any] = {}


def parse(
    form: Form,
    submitted: Mapping[str, Sequence[str]],
    *,
    choices: Choices,
    context: Context,
    given: Mapping[str, Any] = NOTHING,
) -> dict[str, Any]:
    """What was sent, typed and nested ("a.b" becomes {"a": {"b": …}}), with what is computed of it; unknown keys and
    hidden fields are dropped. A field that is only shown keeps what it started with, which `given` or the context says.

    An empty text is "", an empty number, date or choice None, an empty checklist []. Raises FormInvalid.
    """
    names = rules.Names(context)
    kept = _kept(form, given, names)

    def read(settled: Form) -> dict[str, typed.Typed]:
        return {f.key: _read(f, submitted.get(f.key, ()), kept, choices) for f in settled.fields}

    found = settling.stand(form, lambda settled: {k: one.value for k, one in read(settled).items()}, names)
    shown = {key: value for key, value in found.values.items() if key not in found.hidden}
    problems = {key: one.problem for key, one in read(found.form).items() if one.problem and key in shown}
    problems |= _missing(found.form, shown, problems)
    problems |= _broken(found, problems, names)
    if problems:
        raise FormInvalid({f.key: problems[f.key] for f in form.answers if f.key in problems})
    return rules.nest(shown)


def field_views(
    form: Form, *, values: Mapping[str, Any], choices: Choices, context: Context, given: Mapping[str, Any] = NOTHING
) -> list[FieldView]:
    """What a page shows, hidden fields left out.

    `values` is what was typed before: as sent (key → list of texts), so that nothing typed is ever lost, or typed and
    nested. What it does not hold starts with the field's initial value, computed from the context. Raises FormBroken.
    """
    names = rules.Names(context)
    kept = _kept(form, given, names)
    sent = any(_is_sent(values.get(f.key)) for f in form.fields if f.kind != "checklist")
    # what was sent says by its silence that a box is not ticked
    started = {f.key: values.get(f.key, []) if sent else _started(f, values, names) for f in form.fields}

    def stood(settled: Form) -> dict[str, Any]:
        return {f.key: kept[f.key] if f.readonly else started[f.key] for f in settled.fields}

    def read(settled: Form) -> dict[str, Any]:
        stands = stood(settled)
        return {f.key: _typed(f, stands[f.key], choices) for f in settled.fields}

    found = settling.stand(form, read, names, [field for field in form.computed if field.is_live])
    shown = stood(found.form) | {field.key: found.values[field.key] for field in form.computed}
    return [_view(item, shown.get(item.key), choices, form.watched) for item in _seen(found, names)]


def _seen(found: settling.Standing, names: rules.Names) -> list[Field]:
    """A computed field without a label is for other fields, not for people."""
    told = names.over(found.values)
    return [
        item
        for item in found.form.items
        if item.key not in found.hidden
        and (item.expression is None or item.label)
        and not rules.hides(found.form, item, told)
    ]


def _kept(form: Form, given: Mapping[str, Any], names: rules.Names) -> dict[str, Any]:
    """What stands in fields that people may not change, at least at times."""
    fields = [field for field in form.fields if field.readonly or "readonly" in field.formulas]
    return {field.key: _started(field, {**names.values, **given}, names) for field in fields}


def _read(field: Field, sent: Sequence[str], kept: Mapping[str, Any], choices: Choices) -> typed.Typed:
    if field.readonly:
        return typed.Typed(value=_typed(field, kept[field.key], choices))
    return typed.read(field, sent, field.offered(choices))


def _missing(form: Form, shown: Mapping[str, Any], problems: Mapping[str, str]) -> dict[str, str]:
    return {
        f.key: sentences.missing(f)
        for f in form.fields
        if f.required and f.key in shown and f.key not in problems and _is_empty(shown[f.key])
    }


def _is_empty(value: Any) -> bool:
    """Nothing written, chosen or ticked; the number 0 is something."""
    return value is None or value is False or value in ("", [])


def _broken(found: settling.Standing, problems: Mapping[str, str], names: rules.Names) -> dict[str, str]:
    broken = rules.broken_rules(found.form, names.over(found.values)) - found.hidden - problems.keys()
    return {f.key: f.rule_message or sentences.RULE for f in found.form.answers if f.key in broken}


def _started(field: Field, values: Mapping[str, Any], names: rules.Names) -> Any:
    """What stood in the field, else what it starts with; in the shape of its kind, whoever wrote it there."""
    return _shaped(field, _found(field, values, names))


def _shaped(field: Field, started: Any) -> Any:
    """A list for a checklist. Elsewhere a list of texts is what was sent, any other one nothing that can be shown."""
    listed = isinstance(started, list | tuple)
    if field.kind == "checklist":
        return started if listed else [] if started is None else [started]
    return None if listed and not _is_sent(started) else started


def _is_sent(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _found(field: Field, values: Mapping[str, Any], names: rules.Names) -> Any:
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
    as_it_is = field.readonly and field.kind in {"select", "radio"}  # it was chosen then, offered today or not
    if isinstance(started, str) and field.kind not in {"text", "textarea"} and not as_it_is:
        return typed.read(field, [started], field.offered(choices)).value
    return started


def _view(item: Field, started: Any, choices: Choices, watched: Collection[str]) -> FieldView:
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
        readonly=item.readonly,
        is_watched=item.key in watched,
    )


def _shown(item: Field, started: Any) -> str | list[str] | bool:
    if item.kind == "computed":
        return typed.write_moment(started) if isinstance(started, dt.datetime) else typed.write(started)
    if item.kind == "checklist":
        return [_chosen(item, one) for one in started or ()]
    if item.kind == "checkbox":
        return bool(typed.read(item, started, ()).value) if isinstance(started, list | tuple) else bool(started)
    one = started[0] if isinstance(started, list | tuple) and started else started
    return "" if isinstance(one, list | tuple) else _chosen(item, one)


def _chosen(item: Field, value: Any) -> str:
    """As the page sends it, when it is one of the values that may be chosen: 1000 and not 1.000."""
    key = choice_key(value)
    return key if key in item.option_values else typed.write(value)
