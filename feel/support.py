"""What generated code calls beside the operators: calls, loops, filters, contexts."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from feel import kinds, operators, types
from feel.errors import FeelError
from feel.functions import BUILTINS, Builtin
from feel.kinds import kind
from feel.ranges import Range
from feel.running import CALL, VALUE, Run
from feel.types import Type
from feel.values import RUN, Function, Unfit, grow, number, spend

Names = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]
Called = tuple[str, int, int, int]  #: name, line, column, length


def running() -> Run:
    """The evaluation that goes on: code that calls this is only run in one."""
    run = RUN.get()
    assert isinstance(run, Run)  # noqa: S101 - Expression.evaluate has set it
    return run


# ---------------------------------------------------------------------------------------------------------------- calls
def call_builtin(function: Builtin, *arguments: Any) -> Any:
    """Null where the arguments do not fit."""
    try:
        return number(function.call(None, *arguments))
    except Unfit:
        return None


def call_named(function: Callable[..., Any] | None, *arguments: Any) -> Any:
    """A built-in one by the names of its parameters; None: it has none of these names."""
    try:
        return None if function is None else number(function(None, *arguments))
    except Unfit:
        return None


def invoke(function: Any, arguments: Sequence[Any], names: Sequence[str] = ()) -> Any:
    """A function as a value. Anything else, or another number of arguments: null."""
    try:
        return invoked(function, arguments, names)
    except Unfit:
        return None


def invoked(function: Any, arguments: Sequence[Any], names: Sequence[str] = ()) -> Any:
    """Raises Unfit with the reason."""
    if not isinstance(function, Function):
        raise Unfit(f"{kinds.WORDS[kind(function)]} không phải là hàm")
    if names:
        arguments = _in_order(function, arguments, names)
    run = running()
    run.enter()
    try:
        return number(function.call(*arguments))
    finally:
        run.leave()


def _in_order(function: Function, arguments: Sequence[Any], names: Sequence[str]) -> Sequence[Any]:
    given = dict(zip(names, arguments, strict=True))
    if set(given) - set(function.parameters):
        raise Unfit(f"hàm {function.name} không có đối số {', '.join(set(given) - set(function.parameters))}")
    return [given.get(name) for name in function.parameters]


def call_outside(
    names: Names, functions: Functions, called: Called, arguments: Sequence[Any], by_name: Sequence[str] = ()
) -> Any:
    """A function that is a variable, or one of the caller's. It is unknown, or refuses its arguments: FeelError, not
    null, for a document must not go its way by a broken call."""
    name, *_ = called
    found = names.get(name)
    if isinstance(found, Function):
        return invoke(found, arguments, by_name)
    if name not in functions:
        raise FeelError(f"Không có hàm {name}.", *called[1:])
    try:
        if by_name:
            return number(functions[name](**dict(zip(by_name, arguments, strict=True))))
        return number(functions[name](*arguments))
    except (TypeError, ValueError, ArithmeticError) as wrong:
        raise FeelError(f"Hàm {name} không nhận các giá trị này.", *called[1:]) from wrong


def builtin_value(names: Names, name: str) -> Any:
    """A variable of this name, else the built-in function as a value."""
    if name in names:
        return number(names[name])
    function = BUILTINS[name]
    _charge_function()
    return Function(name, max(function.forms, key=len, default=()), lambda *given: function.call(None, *given))


def define(parameters: tuple[str, ...], wanted: tuple[Type | None, ...], body: Callable[..., Any]) -> Function:
    """`function(a: type, …) body`. An argument that is not of its type, or another number of them: null."""

    def call(*given: Any) -> Any:
        if len(given) != len(parameters):
            raise Unfit(f"hàm nhận {len(parameters)} giá trị mà gặp {len(given)}")
        return body(*(_fitted(value, one) for value, one in zip(given, wanted, strict=True)))

    _charge_function()
    declared = types.function_of((one or types.ANY for one in wanted), types.ANY)
    return Function("", parameters, call, declared)


def _charge_function() -> None:
    """One that is made is larger than other values."""
    spend(CALL)
    grow(10 * VALUE)


def _fitted(value: Any, wanted: Type | None) -> Any:
    if wanted is None or value is None:
        return value
    fitted = types.coerce(value, wanted)
    if fitted is None:
        raise Unfit(f"cần {wanted} mà gặp {kinds.WORDS[kind(value)]}")
    return fitted


def truth(value: Any) -> bool | None:
    """Of an operand of `and` and `or`: what is no boolean is null."""
    return value if value.__class__ is bool else None


# ---------------------------------------------------------------------------------------------------------------- loops
def collect(fill: Callable[[list[Any]], Any]) -> list[Any] | None:
    """What the rounds have put in; null when one of the sources cannot be gone through."""
    found: list[Any] = []
    return None if fill(found) is False else found


def each(items: Any, body: Callable[[Any], Any], weight: int) -> bool | None:
    """False when it cannot be gone through. `weight`: steps of a round."""
    found = operators.iterate(items)
    return False if found is None else _go(found, body, weight)


def each_step(first: Any, last: Any, body: Callable[[Any], Any], weight: int) -> bool | None:
    """`first..last`, forwards or backwards."""
    found = operators.steps(first, last)
    return False if found is None else _go(found, body, weight)


def _go(items: Any, body: Callable[[Any], Any], weight: int) -> bool | None:
    run = running()
    run.enter()
    try:
        for item in items:
            run.spend(weight)
            if body(number(item)) is False:
                return False
    finally:
        run.leave()
    return None


def put(found: list[Any], value: Any) -> None:
    running().grow(VALUE)
    found.append(value)


def partial(found: list[Any]) -> list[Any]:
    """What the rounds before this one have given."""
    running().grow(len(found))
    running().spend(len(found) // 8)
    return list(found)


def some(answers: list[Any] | None) -> bool | None:
    return None if answers is None else operators.disjunction(*answers)


def every(answers: list[Any] | None) -> bool | None:
    return None if answers is None else operators.conjunction(*answers)


def keep(value: Any, condition: Callable[[Any], Any], weight: int) -> Any:
    """`value[condition]`: the items for which it is true; the one at a place when it gives a number (10.3.2.5)."""
    if value is None:
        return None
    listed = value if isinstance(value, list) else _items_of(value)
    run = running()
    run.enter()
    try:
        kept = _kept(listed, condition, weight)
    finally:
        run.leave()
    run.grow(len(kept) if isinstance(kept, list) else 0)
    return kept


def _kept(listed: list[Any], condition: Callable[[Any], Any], weight: int) -> Any:
    spend = running().spend
    kept = []
    for item in listed:
        spend(weight)
        item = number(item)  # noqa: PLW2901 - what came from outside
        answer = condition(item)
        if answer.__class__ is Decimal:
            return operators.item(listed, answer)
        if answer is True:
            kept.append(item)
    return None if not listed and condition(None).__class__ is Decimal else kept


def _items_of(value: Any) -> list[Any]:
    if isinstance(value, Range):
        counted = operators.iterate(value)
        return [value] if counted is None else _bounded(counted)
    return [value]


def _bounded(items: Any) -> list[Any]:
    run, listed = running(), []
    for item in items:
        run.spend(1)
        run.grow(VALUE)
        listed.append(item)
    return listed


# ------------------------------------------------------------------------------------------------------------- contexts
def context(keys: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(keys, values, strict=True))


def in_range(value: Any, found: Any) -> bool | None:
    """`value in [low..high]`; null where the ends make no range."""
    return None if found is None else operators.contains(value, found)


def has(item: Any, name: str) -> bool:
    """Whether a name inside a filter is a property of the item."""
    return isinstance(item, Mapping) and name in item


def test(found: Any, asked: Any) -> bool | None:
    """A unary test that does not name the value asked about: is it this, in this list, in this range? An expression
    that says true or false of its own accord about a value that is no boolean is taken at its word."""
    if isinstance(found, bool) and not isinstance(asked, bool):
        return found and asked is not None
    if isinstance(found, list) and isinstance(asked, list):
        return operators.disjunction(operators.equal(found, asked), operators.contains(asked, found))
    return operators.contains(asked, found)
