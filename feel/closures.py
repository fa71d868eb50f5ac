"""What each construct does when it is evaluated: functions that make functions."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from feel import builtins, values
from feel.errors import FeelError


class Scope(NamedTuple):
    """What one evaluation sees."""

    names: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]
    rounds: list[int] | None = None  #: how often has been gone round, counted over lists inside lists


Closure = Callable[[Scope], Any]

#: readers of @"…", the first that understands it wins
TEMPORAL: tuple[Callable[[str], Any], ...] = (
    builtins.date,
    builtins.time,
    builtins.duration,
    builtins.date_and_time,
)

_PROPERTIES: dict[type, frozenset[str]] = {
    dt.datetime: frozenset({"year", "month", "day", "hour", "minute", "second"}),
    dt.date: frozenset({"year", "month", "day"}),
    dt.time: frozenset({"hour", "minute", "second"}),
    dt.timedelta: frozenset({"days"}),
}


def constant(value: Any) -> Closure:
    return lambda scope: value


def variable(name: str) -> Closure:
    """An unknown name is null."""

    def read(scope: Scope) -> Any:
        try:
            value = scope.names[name]
        except KeyError:
            return None
        return Decimal(value) if type(value) is int else value

    return read


def choice(condition: Closure, yes: Closure, no: Closure) -> Closure:
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


def disjunction(parts: Sequence[Closure]) -> Closure:
    """Stops at the first true one."""

    def evaluate(scope: Scope) -> Any:
        result: bool | None = False
        for part in parts:
            value = part(scope)
            if value is True:
                return True
            result = values.disjunction(result, value)
        return result

    return evaluate


def conjunction(parts: Sequence[Closure]) -> Closure:
    """Stops at the first false one."""

    def evaluate(scope: Scope) -> Any:
        result: bool | None = True
        for part in parts:
            value = part(scope)
            if value is False:
                return False
            result = values.conjunction(result, value)
        return result

    return evaluate


def comparison(sign: str, left: Closure, right: Closure) -> Closure:
    if sign == "=":
        return lambda scope: values.equal(left(scope), right(scope))
    if sign == "!=":
        return lambda scope: values.negation(values.equal(left(scope), right(scope)))
    return lambda scope: values.compare(sign, left(scope), right(scope))


def between(value: Closure, low: Closure, high: Closure) -> Closure:
    return lambda scope: values.Range(low(scope), high(scope)).holds(value(scope))


def membership(value: Closure, tests: Sequence[Closure]) -> Closure:
    def evaluate(scope: Scope) -> Any:
        wanted = value(scope)
        return values.disjunction(*(values.contains(test(scope), wanted) for test in tests))

    return evaluate


def one_of(tests: Sequence[Closure]) -> Closure:
    """Unary tests: one of them holds."""
    return tests[0] if len(tests) == 1 else disjunction(tests)


def none_of(tests: Sequence[Closure]) -> Closure:
    holds = one_of(tests)
    return lambda scope: values.negation(holds(scope))


def value_test(test: Closure) -> Closure:
    """A test that does not name the value asked about: is it this, in this list, in this range? An expression that says
    true or false of its own accord about a value that is no boolean is taken at its word."""

    def evaluate(scope: Scope) -> Any:
        found, asked = test(scope), scope.names["?"]
        if isinstance(found, bool) and not isinstance(asked, bool):
            return found and asked is not None
        if isinstance(found, list) and isinstance(asked, list):
            return values.disjunction(values.equal(found, asked), values.contains(found, asked))
        return values.contains(found, values.number(asked))

    return evaluate


def asking_test(test: Closure) -> Closure:
    """A test that names the value as `?`: it holds when it is true."""
    return lambda scope: test(scope) is True


def open_range(sign: str, end: Closure) -> Closure:
    """`< 5` as a test after `in`."""
    if sign.startswith("<"):
        return lambda scope: values.Range(None, end(scope), with_high=sign == "<=")
    return lambda scope: values.Range(end(scope), None, with_low=sign == ">=")


def range_of(low: Closure, high: Closure, *, with_low: bool, with_high: bool) -> Closure:
    return lambda scope: values.Range(low(scope), high(scope), with_low, with_high)


def calculation(first: Closure, rest: Sequence[tuple[str, Closure]]) -> Closure:
    def evaluate(scope: Scope) -> Any:
        result = first(scope)
        for sign, operand in rest:
            value = operand(scope)
            result = values.add(result, value) if sign == "+" else values.calculate(sign, result, value)
        return result

    return evaluate


def negative(value: Closure) -> Closure:
    def evaluate(scope: Scope) -> Any:
        found = value(scope)
        if isinstance(found, Decimal):
            return values.CONTEXT.minus(found)
        return -found if isinstance(found, dt.timedelta) else None

    return evaluate


def path(value: Closure, steps: Sequence[str | Closure]) -> Closure:
    """Properties (a text) and positions in a list (a closure)."""

    def evaluate(scope: Scope) -> Any:
        found = value(scope)
        for step in steps:
            found = _property(found, step) if isinstance(step, str) else _item(found, step(scope))
        return found

    return evaluate


def list_of(items: Sequence[Closure]) -> Closure:
    return lambda scope: [item(scope) for item in items]


def context(entries: Sequence[tuple[str, Closure]]) -> Closure:
    return lambda scope: {key: value(scope) for key, value in entries}


def builtin_call(function: Callable[..., Any], arguments: Sequence[Closure]) -> Closure:
    def evaluate(scope: Scope) -> Any:
        given = [argument(scope) for argument in arguments]
        try:
            return function(*given)
        except (
            TypeError,
            ValueError,
            ArithmeticError,
        ):  # wrong number or kind of arguments: null, as the standard says
            return None

    return evaluate


def call(name: str, arguments: Sequence[Closure], place: FeelError) -> Closure:
    """A function from outside. It is unknown, or refuses its arguments: FeelError, not null."""

    def evaluate(scope: Scope) -> Any:
        given = [argument(scope) for argument in arguments]
        try:
            function = scope.functions[name]
        except KeyError:
            raise FeelError(f"Không có hàm {name}.", place.line, place.column) from None
        try:
            return values.number(function(*given))
        except (TypeError, ValueError, ArithmeticError) as wrong:
            raise FeelError(f"Hàm {name} không nhận các giá trị này.", place.line, place.column) from wrong

    return evaluate


def _property(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return values.number(value.get(name))
    if isinstance(value, list):
        return [_property(item, name) for item in value]
    known = _PROPERTIES.get(values.kind(value) or type(None), frozenset())
    return Decimal(getattr(value, name)) if name in known else None


def _item(items: Any, position: Any) -> Any:
    """Counted from 1, from the end when negative; anything but a list is a list of one."""
    if not isinstance(position, Decimal) or items is None:
        return None
    listed = items if isinstance(items, list) else [items]
    if position != position.to_integral_value() or not 0 < abs(position) <= len(listed):
        return None
    return values.number(listed[int(position) - 1 if position > 0 else int(position)])
