"""How diagrams write values: FEEL, `${…}` of other engines translated to it, or plain text.

A condition is FEEL as it stands (a leading "=" is allowed). An attribute is plain text unless it begins with "=" or
holds `${…}`. All of them raise feel.errors.FeelError for what cannot be read.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import feel
from feel import juel, texts
from feel.values import RUN
from kernel import clock

Names = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]

NO_NAMES: frozenset[str] = frozenset()

_WHOLE = re.compile(r"[$#]\{([^{}]*)\}")
_OPEN = re.compile(r"[$#]\{")
_PART = re.compile(r"[$#]\{[^{}]*\}")


class Value(Protocol):
    """Something that has a value in a scope. `functions`: names of those it calls that are not built in."""

    @property
    def functions(self) -> frozenset[str]: ...
    def evaluate(self, names: Names, functions: Functions) -> Any: ...


@dataclasses.dataclass(frozen=True)
class Constant:
    """A value that was written down."""

    value: Any
    functions: frozenset[str] = frozenset()

    def evaluate(self, names: Names, functions: Functions) -> Any:
        return self.value


@dataclasses.dataclass(frozen=True)
class Variable:
    """A variable by its name, whatever its letters."""

    name: str
    functions: frozenset[str] = frozenset()

    def evaluate(self, names: Names, functions: Functions) -> Any:
        return names.get(self.name)


@dataclasses.dataclass(frozen=True)
class Formula:
    """An expression of FEEL. Moments without a zone are taken to stand in Vietnam; each evaluation has bounds of its
    own, unless it is part of another."""

    expression: feel.Expression

    @property
    def text(self) -> str:
        return self.expression.text

    @property
    def names(self) -> frozenset[str]:
        return self.expression.names

    @property
    def functions(self) -> frozenset[str]:
        return self.expression.functions

    def evaluate(self, names: Names, functions: Functions) -> Any:
        return self.expression.evaluate(names, functions, run=new_run() if RUN.get() is None else None)


@dataclasses.dataclass(frozen=True)
class Template:
    """Text with expressions in it."""

    parts: Sequence[Value]

    @property
    def functions(self) -> frozenset[str]:
        return frozenset().union(*(part.functions for part in self.parts))

    def evaluate(self, names: Names, functions: Functions) -> Any:
        found = (part.evaluate(names, functions) for part in self.parts)
        return "".join("" if value is None else str(texts.text_of(value)) for value in found)


@dataclasses.dataclass(frozen=True)
class Listed:
    """A list whose items are written one by one."""

    items: Sequence[Value]

    @property
    def functions(self) -> frozenset[str]:
        return frozenset().union(*(item.functions for item in self.items))

    def evaluate(self, names: Names, functions: Functions) -> Any:
        return [item.evaluate(names, functions) for item in self.items]


@dataclasses.dataclass(frozen=True)
class Mapped:
    """A map whose entries are written one by one; a key may be an expression."""

    entries: Sequence[tuple[Value, Value]]

    @property
    def functions(self) -> frozenset[str]:
        return frozenset().union(*(part.functions for entry in self.entries for part in entry))

    def evaluate(self, names: Names, functions: Functions) -> Any:
        pairs = ((key.evaluate(names, functions), value) for key, value in self.entries)
        return {str(texts.text_of(key)): value.evaluate(names, functions) for key, value in pairs}


def variables(value: Value) -> frozenset[str]:
    """The names of all variables that it reads, as far as it says so itself."""
    return frozenset(name for leaf in leaves(value) for name in _read(leaf))


def leaves(value: Value) -> Iterator[Value]:
    """The single values that a written list, map or text is made of."""
    parts: Sequence[Value] = ()
    if isinstance(value, Template):
        parts = value.parts
    elif isinstance(value, Listed):
        parts = value.items
    elif isinstance(value, Mapped):
        parts = [part for entry in value.entries for part in entry]
    else:
        yield value
    for part in parts:
        yield from leaves(part)


def _read(leaf: Value) -> frozenset[str]:
    if isinstance(leaf, Variable):
        return frozenset({leaf.name})
    return leaf.names if isinstance(leaf, Formula) else frozenset()


def new_run() -> feel.Run:
    """What one evaluation may use up, now and here."""
    return feel.Run(now=clock.now(), zone=clock.VIETNAM)


def explained(value: Value, names: Names, functions: Functions) -> list[feel.Step]:
    """Each part of the expressions in it, innermost first. Raises FeelError."""
    found = [leaf.expression for leaf in leaves(value) if isinstance(leaf, Formula)]
    return [step for one in found for step in feel.explain(one, names, functions, run=new_run())]


def formula(text: str, names: frozenset[str] = NO_NAMES) -> Value:
    """`names`: those in scope that are more than one word, for all of these."""
    return Formula(feel.compile(text, names))


def condition(text: str, names: frozenset[str] = NO_NAMES) -> Value:
    source = text.strip()
    if whole := _WHOLE.fullmatch(source):
        return formula(juel.translate(whole.group(1)))
    return formula(source.removeprefix("="), names)


def attribute(text: str, names: frozenset[str] = NO_NAMES) -> Value:
    source = text.strip()
    if source.startswith("=") or _WHOLE.fullmatch(source):
        return condition(source, names)
    if _PART.search(source):
        return Template([attribute(part) if _PART.fullmatch(part) else Constant(part) for part in _split(source)])
    if _OPEN.search(source):
        raise feel.FeelError("Biểu thức ${…} thiếu dấu đóng.")
    return Constant(source)


def juel_script(text: str, names: frozenset[str] = NO_NAMES) -> Value:
    """What a script of JUEL gives: `${…}`, or the expression alone."""
    source = text.strip()
    return attribute(source, names) if _PART.search(source) else formula(juel.translate(source))


def script(text: str, names: frozenset[str] = NO_NAMES) -> list[tuple[str, Value]]:
    """Lines `name = expression`; a line that begins with a blank goes on with the one before."""
    lines: list[str] = []
    for line in text.splitlines():
        if line[:1].isspace() and lines and line.strip():
            lines[-1] += " " + line.strip()
        elif line.strip():
            lines.append(line.strip())
    return [_assignment(line, names) for line in lines]


def _assignment(line: str, names: frozenset[str]) -> tuple[str, Value]:
    name, sign, expression = line.partition("=")
    if not sign or not name.strip().isidentifier():
        raise feel.FeelError(f"Dòng kịch bản phải có dạng “tên = biểu thức”: {line[:80]}")
    return name.strip(), condition(expression, names)


def _split(text: str) -> list[str]:
    return [part for part in re.split(f"({_PART.pattern})", text) if part]
