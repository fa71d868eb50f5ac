"""What the arguments of built-in functions have to be. A list of one value stands for the value, a value for a list of
it (implicit conversions, DMN 1.5, 10.3.2.9.4). What does not fit raises Unfit."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from feel import kinds
from feel.kinds import WORDS, kind
from feel.temporal import date_of
from feel.values import MAX_LIST, MAX_TEXT, RUN, Function, Unfit, grow, number, spend

Argument = Callable[[Any], Any]


def anything(value: Any) -> Any:
    return number(value)


def text(value: Any) -> str:
    found = single(value, kinds.STRING)
    spend(len(found) // 16)
    return str(found)


def boolean(value: Any) -> bool:
    return bool(single(value, kinds.BOOLEAN))


def numeric(value: Any) -> Decimal:
    found: Decimal = number(single(value, kinds.NUMBER))
    return found


def whole(value: Any) -> int:
    """A number, its fraction cut off. Raises Unfit beyond 10**15, too."""
    found = numeric(value)
    if abs(found) > 10**15:
        raise Unfit("số quá lớn")
    return int(found)


def optional(take: Argument) -> Argument:
    return lambda value: None if value is None else take(value)


def items(value: Any) -> list[Any]:
    """A list, or a list of the one value; null is none."""
    if value is None:
        raise Unfit("cần danh sách mà gặp null")
    listed = value if isinstance(value, list) else [value]
    spend(len(listed))
    return listed


def context(value: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = single(value, kinds.CONTEXT)
    return found


def function(value: Any) -> Function:
    found: Function = single(value, kinds.FUNCTION)
    return found


def applied(called: Function, *arguments: Any) -> Any:
    """What a function that was passed says: one more within the others. Raises Unfit and feel.errors.FeelError."""
    run = RUN.get()
    if run is None:
        return called.call(*arguments)
    run.enter()
    try:
        return called.call(*arguments)
    finally:
        run.leave()


def day(value: Any) -> Any:
    """A date, or that of a date and time."""
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if kind(value) == kinds.DATE_TIME:
        return date_of(value)
    return single(value, kinds.DATE)


def single(value: Any, wanted: str) -> Any:
    """A value of a kind, or a list of one such value."""
    if kind(value) == wanted:
        return value
    if isinstance(value, list) and len(value) == 1 and kind(value[0]) == wanted:
        return value[0]
    raise Unfit(f"cần {WORDS[wanted]} mà gặp {WORDS[kind(value)]}")


def made(result: list[Any]) -> list[Any]:
    """A list that comes out, charged for its size. Raises Unfit for one that is too long."""
    if len(result) > MAX_LIST:
        raise Unfit(f"danh sách quá {MAX_LIST} mục")
    grow(len(result))
    return result


def written(result: str) -> str:
    """A text that comes out, charged for its size. Raises Unfit for one that is too long."""
    if len(result) > MAX_TEXT:
        raise Unfit(f"văn bản quá {MAX_TEXT} ký tự")
    grow(len(result))
    return result
