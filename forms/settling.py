"""What of a form depends on what stands in it, settled for one situation: labels, bounds, what may be chosen."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from forms import rules, typed
from forms.components import Choice, Field, Form, choice_key
from forms.errors import FormBroken

ROUNDS = 6  #: what is chosen may decide what else may be chosen; nobody draws longer chains
MAX_CHOICES = 500
LONGEST = 1_000_000  #: characters that a computed bound may ask for


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """`form` without formulas; `values` by key, computed ones too, None where hidden."""

    form: Form
    values: Mapping[str, Any]
    hidden: frozenset[str]


def stand(
    form: Form,
    read: Callable[[Form], Mapping[str, Any]],
    names: rules.Names,
    computed: Sequence[Field] | None = None,
) -> Standing:
    """`names`: the caller's; `read` tells the typed values by key as a settled form takes them; `computed`: by default
    all. Raises FormBroken."""
    wanted = form.computed if computed is None else computed
    told: Mapping[str, Any] = {}
    for _ in range(ROUNDS):
        settled = _settle(form, names.over(told))
        before, (told, hidden) = told, rules.fill(settled, read(settled), names, wanted)
        if not form.has_formulas or told == before:
            break
    return Standing(form=settled, values=told, hidden=hidden)


def _settle(form: Form, names: rules.Names) -> Form:
    if not form.has_formulas:
        return form
    return dataclasses.replace(form, items=tuple(_settled(form, item, names) for item in form.items))


def _settled(form: Form, item: Field, names: rules.Names) -> Field:
    found: dict[str, Any] = {}
    for name, formula in item.formulas.items():
        value = rules.value_of(form, names, formula)
        if name == "options" and isinstance(value, list) and len(value) > MAX_CHOICES:
            raise FormBroken(form=form.id, reason=f"ô “{item.label}” có hơn {MAX_CHOICES} lựa chọn.")
        found |= _SETTLERS[name](item, name, value)
    return dataclasses.replace(item, **found)


def _text(_item: Field, name: str, value: Any) -> dict[str, Any]:
    return {name: typed.write(value)}


def _yes(_item: Field, name: str, value: Any) -> dict[str, Any]:
    return {name: value is True}


def _number(_item: Field, name: str, value: Any) -> dict[str, Any]:
    return {name: _decimal(value)}


def _decimal(value: Any) -> Decimal | None:
    """A name of the caller's may stand for a plain integer."""
    return Decimal(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else None


def _length(item: Field, name: str, value: Any) -> dict[str, Any]:
    """A maximum is never more than what we take of any text."""
    number = _decimal(value)
    length = None if number is None else int(min(max(number, Decimal(0)), Decimal(LONGEST)))
    if name == "max_length":
        length = item.max_length if length is None else min(length, item.max_length or length)
    return {name: length}


def _options(_item: Field, _name: str, value: Any) -> dict[str, Any]:
    """A list of values, or of contexts with label and value."""
    listed = value if isinstance(value, list) else []
    pairs = [
        (one.get("label"), one.get("value")) if isinstance(one, Mapping) else (one, one)
        for one in listed
        if one is not None
    ]
    sent = {choice_key(value): (label, value) for label, value in pairs if value is not None}
    options = tuple(Choice(key, typed.write(value if label is None else label)) for key, (label, value) in sent.items())
    return {"options": options, "option_values": {key: value for key, (_, value) in sent.items()}}


_SETTLERS: dict[str, Callable[[Field, str, Any], dict[str, Any]]] = {
    "label": _text,
    "hint": _text,
    "required": _yes,
    "readonly": _yes,
    "minimum": _number,
    "maximum": _number,
    "min_length": _length,
    "max_length": _length,
    "options": _options,
}
