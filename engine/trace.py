"""What each step of a diagram changes, noted while it happens: before and after of every variable that was written."""

from collections.abc import Mapping
from typing import Any

import orjson

from engine import values

MAX_BYTES = 4_000  #: of one value in history; a bigger one is kept in the snapshot alone
NONE = {"$none": 0}  #: where there was, or is, no variable; no value of anybody's looks like this (engine.values)


class Change:
    """One variable: what it was before the step, what it is after."""

    __slots__ = ("after", "before", "is_gone", "is_new")

    def __init__(self, before: Any, *, is_new: bool) -> None:
        self.before, self.is_new = before, is_new
        self.after: Any = None
        self.is_gone = False

    @property
    def is_one(self) -> bool:
        """Is there a difference?"""
        if self.is_new or self.is_gone:
            return self.is_new != self.is_gone
        return type(self.before) is not type(self.after) or bool(self.before != self.after)

    def told(self, handed_in: Mapping[str, Any], name: str) -> list[Any]:
        """[before, after] as history keeps them; [before] alone where `after` is what was handed in: the same line says
        that, and in full, for somebody answers for it."""
        before = NONE if self.is_new else bounded(self.before)
        if not self.is_gone and name in handed_in and handed_in[name] is self.after:
            return [before]
        return [before, NONE if self.is_gone else bounded(self.after)]


def verb_of(told: list[Any]) -> str:
    """Of a change as history keeps it."""
    return "create" if told[0] == NONE else "delete" if told[-1] == NONE else "update"


def bounded(value: Any) -> Any:
    """The tagged value; in place of a big one {"$cut": its bytes}."""
    kind = type(value)
    if kind is str:
        return value if len(value) <= MAX_BYTES else {"$cut": len(value.encode())}
    if kind is bool or value is None:
        return value
    if kind is dict or kind is list:
        told = values.pack(value)
        return orjson.loads(told) if len(told) <= MAX_BYTES else {"$cut": len(told)}
    return values.plain(value)
