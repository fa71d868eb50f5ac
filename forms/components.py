"""What a form is made of, and what a page is told of it: values only."""

import dataclasses
import decimal
from collections.abc import Mapping, Sequence
from typing import Any

import feel

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
    kind: str  #: text, textarea, number, date, select, radio, checklist, checkbox, heading, note
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

    def offered(self, choices: Mapping[str, Sequence[Choice]]) -> Sequence[Choice]:
        """What may be chosen: the form's own options, then the caller's list."""
        return (*self.options, *choices.get(self.choices_key, ())) if self.choices_key else self.options


@dataclasses.dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it was drawn; `items` in the order of the page."""

    id: str
    items: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """What asks for a value."""
        return tuple(item for item in self.items if item.key)

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
