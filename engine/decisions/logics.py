"""The value of a boxed expression (DMN 1.5, 7.3 and 10.3.2)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.decisions import matching
from engine.decisions.course import Course
from engine.decisions.model import (
    EVERY,
    Conditional,
    Context,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    Listing,
    Literal,
    Logic,
    Quantified,
    Relation,
    Table,
)
from engine.expressions import Names
from feel import operators
from feel.values import Function, spend


def value(logic: Logic, names: Names, course: Course) -> Any:
    """Null where it has none; why is told to the course. Raises feel.LimitExceeded."""
    if logic.__class__ is Literal:
        return _literal(logic, names, course)
    with course.deeper():
        return _VALUES[logic.__class__](logic, names, course)


def _literal(logic: Literal, names: Names, course: Course) -> Any:
    return course.evaluate(logic.value, names, logic.text, logic.element_id)


def _table(logic: Table, names: Names, course: Course) -> Any:
    return matching.decide(logic, names, course).value


def _context(logic: Context, names: Names, course: Course) -> Any:
    """Each entry sees those before it, and a function itself."""
    seen, found = dict(names), {}
    for entry in logic.entries:
        made = course.fitted(value(entry.value, seen, course), entry.item, entry.name)
        seen[entry.name] = found[entry.name] = made
    if logic.result is None:
        return found
    return course.fitted(value(logic.result.value, seen, course), logic.result.item, "kết quả")


def _listing(logic: Listing, names: Names, course: Course) -> Any:
    return [value(one, names, course) for one in logic.items]


def _relation(logic: Relation, names: Names, course: Course) -> Any:
    return [
        {
            column.name: course.fitted(value(cell, names, course), column.item, column.name)
            for column, cell in zip(logic.columns, row, strict=True)
        }
        for row in logic.rows
    ]


def _function(logic: FunctionDefinition, names: Names, course: Course) -> Function:
    def work(*given: Any) -> Any:
        inner = dict(names) | {one.name: told for one, told in zip(logic.parameters, given, strict=True)}
        return course.fitted(value(logic.body, inner, course), logic.result, "kết quả")

    return course.function(logic.text[:60], logic.parameters, work)


def _invocation(logic: Invocation, names: Names, course: Course) -> Any:
    """Arguments by name; what is not named is missing, what nobody asks for is too much: null."""
    called = value(logic.called, names, course)
    if not isinstance(called, Function):
        course.fail(f"quyết định “{course.at}”: “{logic.called.text[:60]}” không phải là hàm.", logic.called.text)
        return None
    given = {one.name: course.fitted(value(one.value, names, course), one.item, one.name) for one in logic.bindings}
    unknown = given.keys() - set(called.parameters)
    if unknown or len(given) != len(called.parameters):
        wanted = ", ".join(called.parameters)
        course.fail(f"quyết định “{course.at}”: “{logic.called.text[:60]}” cần ({wanted}).", logic.called.text)
        return None
    return called.call(*(given[name] for name in called.parameters))


def _conditional(logic: Conditional, names: Names, course: Course) -> Any:
    """A condition without a value goes the other way; anything but a boolean is no condition (7.3.11)."""
    holds = value(logic.test, names, course)
    if not isinstance(holds, bool | None):
        told = f"quyết định “{course.at}”: điều kiện “{logic.test.text[:60]}” không phải đúng hoặc sai."
        course.fail(told, logic.test.text, logic.element_id)
        return None
    return value(logic.then if holds else logic.otherwise, names, course)


def _filter(logic: Filter, names: Names, course: Course) -> Any:
    """By a condition in which `item` and its parts are seen, or by a number, a place from 1 or from the end."""
    domain = value(logic.domain, names, course)
    items = [] if domain is None else domain if isinstance(domain, list) else [domain]
    found = []
    for item in items:
        spend(1)
        parts = item if isinstance(item, Mapping) else {}
        told = value(logic.match, {**names, **parts, "item": item}, course)
        if isinstance(told, bool | None):
            found += [item] if told is True else []
        else:
            return operators.item(items, told)
    return found


def _iterated(logic: Iteration | Quantified, names: Names, course: Course) -> Iterable[Any] | None:
    """What is gone through; None where it cannot be."""
    domain = value(logic.domain, names, course)
    found = operators.iterate(domain)
    if found is None:
        course.tell(logic.element_id, "Không duyệt được giá trị này.", logic.domain.text)
    return found


def _iteration(logic: Iteration, names: Names, course: Course) -> Any:
    domain = _iterated(logic, names, course)
    if domain is None:
        return None
    found: list[Any] = []
    for item in domain:
        spend(1)
        found.append(value(logic.body, {**names, logic.variable: item, "partial": list(found)}, course))
    return found


def _quantified(logic: Quantified, names: Names, course: Course) -> Any:
    domain = _iterated(logic, names, course)
    if domain is None:
        return None
    told = []
    for item in domain:
        spend(1)
        told.append(value(logic.body, {**names, logic.variable: item}, course))
    return operators.conjunction(*told) if logic.kind == EVERY else operators.disjunction(*told)


_VALUES: dict[type, Callable[[Any, Names, Course], Any]] = {
    Literal: _literal,
    Table: _table,
    Context: _context,
    Listing: _listing,
    Relation: _relation,
    FunctionDefinition: _function,
    Invocation: _invocation,
    Conditional: _conditional,
    Filter: _filter,
    Iteration: _iteration,
    Quantified: _quantified,
}
