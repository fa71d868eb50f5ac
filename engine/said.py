"""Values as an analyst reads them: FEEL text that could stand in an expression, and the name of the type."""

from typing import Any, NamedTuple

from feel import kinds, texts
from feel.errors import FeelError
from feel.values import Unfit

LONGEST = 2_000  #: characters
TEMPORAL = frozenset({kinds.DATE, kinds.TIME, kinds.DATE_TIME, kinds.DAYS, kinds.MONTHS})


class Said(NamedTuple):
    """A value as FEEL text, and its type."""

    text: str
    type: str


def said(value: Any) -> Said:
    return Said(feel_text(value), type_name(value))


def feel_text(value: Any) -> str:
    """Cut where it is long."""
    try:
        text = _text(value)
    except (FeelError, Unfit):
        return "…"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def type_name(value: Any) -> str:
    """Of FEEL; empty for null."""
    return "" if value is None else kinds.kind(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return texts.quoted(value)
    text = texts.text_of(value)
    if text is None:
        return "null"
    return f"@{texts.quoted(text)}" if kinds.kind(value) in TEMPORAL else text
