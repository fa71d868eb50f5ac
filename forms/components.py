"""What a form is made of, and what a page is told of it: values only."""

import dataclasses
import decimal
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import feel


@dataclasses.dataclass(frozen=True)
class Template:
    """Text with expressions in double braces; `parts` in their order."""

    parts: tuple[str | feel.Expression, ...]


Formula = feel.Expression | Template

GRID = 12  #: columns of a row on our pages (form-js counts 16)


@dataclasses.dataclass(frozen=True)
class Choice:
    """One thing to choose. `value` is what the page sends."""

    value: str
    label: str
    hint: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Field:
    """One component of a form. `key` is empty for a heading or a note, which ask nothing."""

    key: str
    kind: str  #: text, textarea, number, date, select, radio, checklist, checkbox, heading, note, computed
    label: str
    hint: str = ""
    columns: int = GRID
    rows: int = 0
    required: bool = False
    min_length: int | None = None
    max_length: int | None = None  #: characters
    pattern: str = ""
    minimum: decimal.Decimal | None = None
    maximum: decimal.Decimal | None = None
    decimals: int | None = None  #: digits after the comma that a number may have
    options: tuple[Choice, ...] = ()
    option_values: Mapping[str, Any] = dataclasses.field(default_factory=dict)  #: what the page sends → typed value
    choices_key: str = ""  #: the name of the list that the caller offers
    empty_label: str = ""
    default: Any = None
    initial: feel.Expression | None = None
    hide: feel.Expression | None = None
    rule: feel.Expression | None = None
    rule_message: str = ""
    required_message: str = ""
    pattern_message: str = ""
    expression: feel.Expression | None = None  #: of a computed field
    is_live: bool = True  #: computed while people type, not only when they send
    readonly: bool = False  #: shown; what a browser sends for it is not taken
    formulas: Mapping[str, Formula] = dataclasses.field(default_factory=dict)  #: attribute of this class → its value

    @property
    def expressions(self) -> tuple[feel.Expression, ...]:
        """All that stand in it."""
        told = [self.initial, self.hide, self.rule, self.expression]
        for formula in self.formulas.values():
            told += [formula] if isinstance(formula, feel.Expression) else list(_inside(formula))
        return tuple(one for one in told if one is not None)

    def offered(self, choices: Mapping[str, Sequence[Choice]]) -> Sequence[Choice]:
        """What may be chosen: the form's own options, then the caller's list."""
        return (*self.options, *choices.get(self.choices_key, ())) if self.choices_key else self.options


def choice_key(value: Any) -> str:
    """A typed value as the page sends it, when it was chosen."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inside(template: Template) -> Iterator[feel.Expression]:
    return (part for part in template.parts if isinstance(part, feel.Expression))


def reads(path: str, key: str) -> bool:
    """Does an expression that reads this path see the field? "signer" sees "signer.name", and the other way round."""
    return f"{path}.".startswith(f"{key}.") or f"{key}.".startswith(f"{path}.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it was drawn; `items` in the order of the page, `computed` in that in which they can be computed."""

    id: str
    items: tuple[Field, ...]
    computed: tuple[Field, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """What asks for a value."""
        return tuple(item for item in self.items if item.key and item.expression is None)

    @property
    def answers(self) -> tuple[Field, ...]:
        """What has a value: asked for or computed."""
        return tuple(item for item in self.items if item.key)

    @property
    def has_formulas(self) -> bool:
        return any(item.formulas for item in self.items)

    @functools.cached_property
    def watched(self) -> frozenset[str]:
        """Keys of fields on whose value something on the page depends."""
        watching = [formula for item in self.items for formula in item.expressions if formula is not item.rule]
        paths = frozenset().union(*(formula.paths for formula in watching))
        return frozenset(field.key for field in self.fields if any(reads(path, field.key) for path in paths))

    @property
    def choices_keys(self) -> frozenset[str]:
        """The lists that the caller must offer."""
        return frozenset(item.choices_key for item in self.items if item.choices_key)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field as a page shows it. `value` is a text, a list of texts (checklist) or a bool (checkbox)."""

    key: str
    kind: str
    label: str
    hint: str
    required: bool
    choices: Sequence[Choice]
    value: str | list[str] | bool
    columns: int  #: of 12
    rows: int
    min_length: int | None
    max_length: int | None
    minimum: decimal.Decimal | None
    maximum: decimal.Decimal | None
    empty_label: str
    readonly: bool = False
    is_watched: bool = False  #: others on the page depend on it
