"""`for … return`, `some … satisfies`, `every … satisfies`: expressions that go through lists (DMN 1.5, 10.3.2.14)."""

import collections
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from feel import values
from feel.closures import Closure, Scope
from feel.errors import FeelError

Source = tuple[str, Closure, Closure | None]  #: variable, list or first number, last number of a range
TOO_LONG = f"Biểu thức lặp quá {values.MAX_LIST} lần."


def mapped(sources: Sequence[Source], body: Closure) -> Closure:
    """The results, in order; null when one of the sources is no list."""
    return lambda scope: _gathered(sources, scope, lambda rounds: [body(one) for one in rounds])


def some(sources: Sequence[Source], condition: Closure) -> Closure:
    return lambda scope: _gathered(sources, scope, lambda rounds: values.disjunction(*map(condition, rounds)))


def every(sources: Sequence[Source], condition: Closure) -> Closure:
    return lambda scope: _gathered(sources, scope, lambda rounds: values.conjunction(*map(condition, rounds)))


def _gathered(sources: Sequence[Source], scope: Scope, gather: Callable[[Iterator[Scope]], Any]) -> Any:
    rounds = [0] if scope.rounds is None else scope.rounds
    try:
        return gather(_bounded(_rounds(sources, scope._replace(rounds=rounds)), rounds))
    except TypeError:  # a source is no list
        return None


def _bounded(scopes: Iterator[Scope], rounds: list[int]) -> Iterator[Scope]:
    """Whoever goes through a list inside a list counts with the outer one: else the bounds would multiply. Raises
    FeelError."""
    for one in scopes:
        rounds[0] += 1
        if rounds[0] > values.MAX_LIST:
            raise FeelError(TOO_LONG)
        yield one


def _rounds(sources: Sequence[Source], scope: Scope) -> Iterator[Scope]:
    """Later sources see the variables of earlier ones and go round more often. Raises TypeError."""
    (name, first, last), *others = sources
    for item in _items(first(scope), None if last is None else last(scope), is_range=last is not None):
        names: Mapping[str, Any] = collections.ChainMap({name: item}, scope.names)  # type: ignore[arg-type]
        inner = Scope(names, scope.functions, scope.rounds)
        if others:
            yield from _rounds(others, inner)
        else:
            yield inner


def _items(first: Any, last: Any, *, is_range: bool) -> Iterator[Any]:
    if not is_range:
        if first is None:
            raise TypeError
        yield from first if isinstance(first, list) else [first]
        return
    if not isinstance(first, Decimal) or not isinstance(last, Decimal):
        raise TypeError
    step = 1 if first <= last else -1
    while (last - first) * step >= 0:
        yield first
        first += step
