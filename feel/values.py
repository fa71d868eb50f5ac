"""What the values of the language are: their kinds, their bounds, functions as values, the reason why there is none.

Numbers are Decimal with 34 digits; a boolean is never a number; text, lists and results are bounded.
"""

import contextvars
import dataclasses
import datetime as dt
import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

MAX_TEXT = 1_000_000  #: characters
MAX_LIST = 100_000  #: items

CONTEXT = decimal.Context(
    prec=34, Emax=6144, Emin=-6143, traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]
)


class Unfit(Exception):
    """Arguments that a function does not take: the call is null (DMN 1.5, 10.3.2.13.1), the message is the reason."""


class Meter(Protocol):
    """What an evaluation is charged to. Both raise feel.errors.FeelError when the limit is exceeded."""

    now: dt.datetime | None  #: what now() and today() say; None: the clock of the machine
    zone: dt.tzinfo | None  #: where date-times and times without a zone are taken to stand

    def spend(self, steps: int) -> None: ...
    def grow(self, size: int) -> None: ...
    def enter(self) -> None: ...
    def leave(self) -> None: ...


#: the evaluation that is going on in this thread; without one nothing is charged but each value is bounded
RUN: contextvars.ContextVar[Meter | None] = contextvars.ContextVar("run", default=None)


def spend(steps: int) -> None:
    """Charges work to the evaluation that is going on. Raises feel.errors.FeelError."""
    if (run := RUN.get()) is not None:
        run.spend(steps)


def grow(size: int) -> None:
    """Charges characters or items that are made. Raises feel.errors.FeelError."""
    if (run := RUN.get()) is not None:
        run.grow(size)


@dataclasses.dataclass(frozen=True, slots=True)
class Function:
    """A function as a value: defined by the user, a business knowledge model, a decision service or a built-in one."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]
    type: Any = None  #: the feel.types.Type it declares


@dataclasses.dataclass(frozen=True)
class Range:
    """`[low..high]`, `(low..high)`: an end of None is open."""

    low: Any
    high: Any
    with_low: bool = True
    with_high: bool = True

    def holds(self, value: Any) -> bool | None:
        above = self.low is None or compare(">=" if self.with_low else ">", value, self.low)
        below = self.high is None or compare("<=" if self.with_high else "<", value, self.high)
        return conjunction(above, below)


def number(value: Any) -> Any:
    """Integers that came from outside become Decimal."""
    return Decimal(value) if type(value) is int else value


def kind(value: Any) -> type | None:
    """The type two values must share to be compared."""
    if value is None or isinstance(value, bool):
        return None if value is None else bool
    if isinstance(value, dt.datetime):
        return dt.datetime
    found = next((k for k in (Decimal, str, dt.date, dt.time, dt.timedelta, list, dict) if isinstance(value, k)), None)
    return found or (Decimal if isinstance(value, int) else type(value))


def equal(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return left is right
    if kind(left) is not kind(right):
        return None
    if isinstance(left, list):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def compare(sign: str, left: Any, right: Any) -> bool | None:
    """`<`, `<=`, `>`, `>=` of two numbers, texts, dates, times or durations."""
    if kind(left) is not kind(right) or kind(left) in (None, bool, list, dict):
        return None
    try:
        match sign:
            case "<":
                return bool(left < right)
            case "<=":
                return bool(left <= right)
            case ">":
                return bool(left > right)
            case _:
                return bool(left >= right)
    except TypeError:  # a date-time without zone beside one with
        return None


def conjunction(*values: Any) -> bool | None:
    """Three-valued and: false wins over null, null over true."""
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else None


def disjunction(*values: Any) -> bool | None:
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else None


def negation(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


def contains(collection: Any, value: Any) -> bool | None:
    """`value in collection`: a range, a list, or one value."""
    if isinstance(collection, Range):
        return collection.holds(value)
    if isinstance(collection, list):
        if any(isinstance(item, Range) for item in collection):
            return disjunction(*(contains(item, value) for item in collection))
        return any(equal(item, value) for item in collection)
    return equal(collection, value)


def add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= MAX_TEXT else None
    return calculate("+", left, right)


def calculate(sign: str, left: Any, right: Any) -> Any:
    """Numbers; dates and durations where the standard allows it (a date moves by whole days)."""
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    try:
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return _numbers(sign, left, right)
        return _times(sign, left, right)
    except (decimal.DecimalException, OverflowError, TypeError):
        return None


def _numbers(sign: str, left: Decimal, right: Decimal) -> Decimal:
    match sign:
        case "+":
            return CONTEXT.add(left, right)
        case "-":
            return CONTEXT.subtract(left, right)
        case "*":
            return CONTEXT.multiply(left, right)
        case _:
            return CONTEXT.divide(left, right)


def _times(sign: str, left: Any, right: Any) -> Any:
    if sign == "+" and isinstance(left, dt.timedelta) and isinstance(right, dt.date):
        left, right = right, left
    moved = isinstance(left, dt.date | dt.timedelta) and isinstance(right, dt.timedelta)
    if sign == "+" and moved:
        return left + right
    if sign == "-" and (moved or (isinstance(left, dt.date) and kind(left) is kind(right))):
        return left - right
    if sign in "*/" and isinstance(left, dt.timedelta) and isinstance(right, Decimal):
        return dt.timedelta(microseconds=int(_numbers(sign, Decimal(left // dt.timedelta(microseconds=1)), right)))
    return None
