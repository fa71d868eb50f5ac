"""What diagrams may name: service tasks by their registered name, functions of FEEL expressions."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from directory.actors import Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class ServiceCall:
    """What a service task is told. `business_key` is that of its own process scope; `variables` all it can see."""

    organization_id: uuid.UUID
    instance_id: uuid.UUID
    definition_id: uuid.UUID
    business_key: str
    element_id: str
    actor: Actor
    variables: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionContext:
    """Given to every registered FEEL function before its arguments."""

    organization_id: uuid.UUID
    now: dt.datetime


class BpmnError(Exception):
    """Raised by a service task to be caught by an error event of the diagram."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


ServiceFunction = Callable[[ServiceCall], Mapping[str, Any] | None]
Service = TypeVar("Service", bound=ServiceFunction)
Function = TypeVar("Function", bound=Callable[..., Any])

UndoFunction = Callable[[ServiceCall], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionWords:
    """What an analyst is told of a function. `forms`: the parameters of each way to call it; `example` and its `result`
    as FEEL text."""

    description: str = ""
    forms: tuple[tuple[str, ...], ...] = ()
    example: str = ""
    result: str = ""


_services: dict[str, ServiceFunction] = {}
_given: dict[str, Mapping[str, str] | None] = {}
_started_with: dict[str, Mapping[str, str]] = {}
_undoing: dict[str, UndoFunction] = {}
_functions: dict[str, Callable[..., Any]] = {}
_words: dict[str, FunctionWords] = {}


def service(
    name: str, *, undo: UndoFunction | None = None, gives: Mapping[str, str] | None = None
) -> Callable[[Service], Service]:
    """Registers an operation for `camunda:delegateExpression="name"`; what it returns is set as variables.

    `undo` takes back what it did, called with the variables of now; without it nobody takes back (thu hồi) the task
    whose completion made it run. `gives`: the names of all it returns, each with its label; without it an analyst's
    expressions cannot be looked up behind it.
    """

    def register(function: Service) -> Service:
        _services[name] = function
        _given[name] = gives
        _undoing.pop(name, None)
        if undo is not None:
            _undoing[name] = undo
        return function

    return register


def function(name: str, words: FunctionWords | None = None) -> Callable[[Function], Function]:
    """Registers a function for FEEL expressions: called with a FunctionContext, then FEEL's arguments."""

    def register(implementation: Function) -> Function:
        _functions[name] = implementation
        _words[name] = words or FunctionWords()
        return implementation

    return register


def starts(process: str, variables: Mapping[str, str]) -> None:
    """Registers what our own operations start this process with: name -> label."""
    _started_with[process] = variables


def started_with(process: str) -> Mapping[str, str]:
    return _started_with.get(process, {})


def has_service(name: str) -> bool:
    return name in _services


def service_names() -> frozenset[str]:
    return frozenset(_services)


def get_service(name: str) -> ServiceFunction:
    return _services[name]


def find_undo(name: str) -> UndoFunction | None:
    return _undoing.get(name)


def gives(name: str) -> Mapping[str, str] | None:
    """What a registered operation returns, name -> label; None where it does not say."""
    return _given.get(name)


def function_names() -> frozenset[str]:
    return frozenset(_functions)


def words_of(name: str) -> FunctionWords:
    """Of a registered function."""
    return _words[name]


class BoundFunctions(Mapping[str, Callable[..., Any]]):
    """The registered functions, each with its context already given."""

    def __init__(self, context: FunctionContext) -> None:
        self._context = context

    def __getitem__(self, name: str) -> Callable[..., Any]:
        implementation = _functions[name]
        return lambda *arguments: implementation(self._context, *arguments)

    def __iter__(self) -> Iterator[str]:
        return iter(_functions)

    def __len__(self) -> int:
        return len(_functions)
