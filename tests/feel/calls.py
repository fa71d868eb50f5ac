"""Calls of built-in functions for the tests: null where the arguments do not fit, as an evaluation has it."""

import contextlib
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

from feel.functions import BUILTINS
from feel.literals import read_temporal
from feel.values import Unfit


def called(name: str, *arguments: Any) -> Any:
    try:
        return BUILTINS[name].call(None, *arguments)
    except Unfit:
        return None


def called_by_name(name: str, **arguments: Any) -> Any:
    """Blanks in the names of parameters are written as underscores."""
    names = tuple(parameter.replace("_", " ") for parameter in arguments)
    call = BUILTINS[name].named(names)
    if call is None:
        return None
    try:
        return call(None, *arguments.values())
    except Unfit:
        return None


def moment(text: str) -> Any:
    return read_temporal(text)


@contextlib.contextmanager
def bounded(*, seconds: float = 0.5, size: int = 20_000_000) -> Iterator[None]:
    """Processor time with a generous margin for slow machines, and bytes."""
    tracemalloc.start()
    begun = time.process_time()
    try:
        yield
        taken, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < seconds
    assert peak < size
