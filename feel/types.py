"""Types and what conforms to them (DMN 1.5, 10.3.2.9)."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from feel import kinds
from feel.errors import FeelError
from feel.kinds import kind
from feel.ranges import Range
from feel.temporal import as_date_time
from feel.values import Function, number, spend

MAX_DEPTH = 64  #: types and values within each other


@dataclasses.dataclass(frozen=True, slots=True)
class Type:
    """`name`: "Any", "Null" or one of feel.kinds. `of`: the type of items or ends, the types of parameters; empty for
    any. `entries`: of a context, name and type. `result`: of a function."""

    name: str
    of: tuple["Type", ...] = ()
    entries: tuple[tuple[str, "Type"], ...] = ()
    result: "Type | None" = None

    def __str__(self) -> str:
        """As it is written in the language."""
        inner = ", ".join(str(one) for one in self.of)
        if self.name == kinds.FUNCTION:
            return f"function<{inner}>->{self.result}" if self.result else "function"
        if self.entries:
            return f"context<{', '.join(f'{name}: {one}' for name, one in self.entries)}>"
        return f"{self.name}<{inner}>" if inner else self.name


ANY = Type("Any")
_SIMPLE = {
    name: Type(name)
    for name in (
        "Any",
        kinds.NULL,
        kinds.NUMBER,
        kinds.STRING,
        kinds.BOOLEAN,
        kinds.DATE,
        kinds.TIME,
        kinds.DATE_TIME,
        kinds.DAYS,
        kinds.MONTHS,
        kinds.LIST,
        kinds.CONTEXT,
        kinds.RANGE,
        kinds.FUNCTION,
    )
}
#: names that DMN files use for the same
_ALIASES = {
    "dateTime": kinds.DATE_TIME,
    "date_time": kinds.DATE_TIME,
    "dayTimeDuration": kinds.DAYS,
    "yearMonthDuration": kinds.MONTHS,
    "day time duration": kinds.DAYS,
    "year month duration": kinds.MONTHS,
}


def named(name: str) -> Type | None:
    """The type of a name of the language; None for others."""
    return _SIMPLE.get(_ALIASES.get(name, name))


def list_of(item: Type) -> Type:
    return Type(kinds.LIST, (item,))


def range_of(end: Type) -> Type:
    return Type(kinds.RANGE, (end,))


def context_of(entries: Iterable[tuple[str, Type]]) -> Type:
    return Type(kinds.CONTEXT, entries=tuple(entries))


def function_of(parameters: Iterable[Type], result: Type) -> Type:
    return Type(kinds.FUNCTION, tuple(parameters), result=result)


def conforms(value: Any, wanted: Type) -> bool:
    """Null conforms to every type (10.3.2.9.3). Raises FeelError for what is nested too deeply."""
    return _conforms(value, wanted, 0)


def instance_of(value: Any, wanted: Type) -> bool:
    """Null is an instance of Null alone (table 54)."""
    if value is None:
        return wanted.name == kinds.NULL
    return _conforms(value, wanted, 0)


def coerce(value: Any, wanted: Type) -> Any:
    """Implicit conversion (10.3.2.9.4): a value to a list of it, a list of one to its item, a date to the date and time
    of its midnight in UTC; null where it does not conform."""
    if conforms(value, wanted):
        return value
    if wanted.name == kinds.LIST and not isinstance(value, list):
        return [value] if conforms([value], wanted) else None
    if isinstance(value, list) and len(value) == 1:
        return number(value[0]) if conforms(value[0], wanted) else None
    if wanted.name == kinds.DATE_TIME and kind(value) == kinds.DATE:
        return as_date_time(value)
    return None


def type_conforms(given: Type, wanted: Type) -> bool:
    """Whether each value of the one type is of the other (10.3.2.9.2)."""
    if wanted.name == "Any" or given.name == kinds.NULL:
        return True
    if given.name != wanted.name:
        return False
    if given.name == kinds.FUNCTION and wanted.result is not None:
        return _function_conforms(given, wanted)
    own = dict(given.entries)
    if any(name not in own or not type_conforms(own[name], one) for name, one in wanted.entries):
        return False
    return all(type_conforms(a, b) for a, b in zip(given.of or (ANY,), wanted.of, strict=False))


def _function_conforms(given: Type, wanted: Type) -> bool:
    """It takes whatever is passed and gives what is expected."""
    if given.result is None or len(given.of) != len(wanted.of):
        return False
    takes = all(type_conforms(passed, taken) for taken, passed in zip(given.of, wanted.of, strict=True))
    return takes and type_conforms(given.result, wanted.result or ANY)


def _conforms(value: Any, wanted: Type, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise FeelError(f"Giá trị lồng nhau quá {MAX_DEPTH} tầng.")
    if value is None or wanted.name == "Any":
        return True
    if kind(value) != wanted.name:
        return False
    if isinstance(value, list) and wanted.of:
        spend(len(value))
        return all(_conforms(item, wanted.of[0], depth + 1) for item in value)
    if isinstance(value, Mapping):
        return all(name in value and _conforms(value[name], one, depth + 1) for name, one in wanted.entries)
    if isinstance(value, Range) and wanted.of:
        return all(_conforms(end, wanted.of[0], depth + 1) for end in (value.low, value.high))
    return not isinstance(value, Function) or _is_function(value, wanted)


def _is_function(value: Function, wanted: Type) -> bool:
    """Whoever does not declare types takes and gives anything."""
    if wanted.result is None:
        return True
    if isinstance(value.type, Type):
        return type_conforms(value.type, wanted)
    return len(value.parameters) == len(wanted.of)
