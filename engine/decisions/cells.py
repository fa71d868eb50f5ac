"""Texts of a DMN file, compiled with the names that are seen where they stand. Problems are gathered, not raised."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, TypeVar

import feel
from engine import expressions
from engine.bpmn.xml import Problems, title
from engine.decisions.imports import VENDORS
from engine.decisions.model import Tests
from engine.expressions import Constant, Functions, Names, Value
from feel import FeelError
from feel.types import Type

Read = TypeVar("Read", Value, Tests)

FEEL, JUEL = "feel", "juel"
ANYTHING = ("", "-")  #: what a cell holds that tests nothing
NO_NAMES: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class Condition:
    """A cell in the language of older models: it holds when it is true."""

    value: Value

    @property
    def functions(self) -> frozenset[str]:
        return self.value.functions

    def holds(self, value: object, names: Names, functions: Functions) -> bool:
        return self.value.evaluate(names, functions) is True


class Compiler:
    """Of one file. `functions`: those that expressions may call beside the built-in ones; None: anything goes. `words`:
    names of parts of values (components of types, entries of contexts) that a text may hold anywhere, where they are no
    plain words, as the reader of FEEL has to know them; `types`: names and types of item definitions."""

    nothing = Constant(None)

    def __init__(self, root: Any, functions: frozenset[str] | None, problems: Problems) -> None:
        self.problems = problems
        self.words: frozenset[str] = frozenset()
        self.types: tuple[tuple[str, Type], ...] = ()
        self.read_names: set[str] = set()  #: of all that was compiled since it was emptied
        self._root = root
        self._functions = functions

    def value(self, node: Any, names: frozenset[str] = NO_NAMES) -> Value | None:
        """What an expression's text says; None where it is empty. `names`: those in scope."""
        text = text_of(node)
        if not text:
            return None
        if self._language(node, text) != FEEL:
            return self._compiled(node, text, _translated, self.nothing, names)
        return self._compiled(node, text, self._reader(feel.compile, text, names), self.nothing, names)

    def tests(self, node: Any, names: frozenset[str] = NO_NAMES) -> Tests | None:
        """What a cell asks; None where it asks nothing."""
        text = text_of(node)
        if text in ANYTHING:
            return None
        if self._language(node, text) != FEEL:
            return self._compiled(node, text, _condition, Condition(self.nothing), names)
        return self._compiled(node, text, self._reader(feel.unary_tests, text, names), Condition(self.nothing), names)

    def listed(self, node: Any) -> list[object]:
        """The allowed values of an output: constants with commas between them. Tests of other kinds have no order."""
        text = text_of(node)
        try:
            values = self._reader(feel.compile, text, NO_NAMES)(f"[{text}]").evaluate({}, {}) if text else None
        except FeelError:
            return []
        return list(values) if isinstance(values, list) else []

    def _language(self, node: Any, text: str) -> str:
        """`${…}` is the older language whatever the file says, as in diagrams."""
        if text.startswith(("${", "#{")):
            return JUEL
        told = (node.get("expressionLanguage") or self._root.get("expressionLanguage") or FEEL).lower().rstrip("/")
        if told.rpartition("/")[2] in (FEEL, "dmn.xsd") or "/feel/" in told or told.startswith(FEEL):
            return FEEL
        if told != JUEL:
            self.problems.error(node, f"“{title(node)}” viết bằng {told}; chỉ chạy được FEEL.")
        return JUEL

    def _reader(self, read: Callable[..., Read], text: str, names: frozenset[str]) -> Callable[[str], Read]:
        """That knows the names and, of the types, those that the text may mean."""
        spaced = frozenset(name for name in names if not name.isidentifier()) | self.words
        types = tuple(pair for pair in self.types if pair[0] in text)
        return functools.partial(read, names=spaced, types=types)

    def _compiled(
        self, node: Any, text: str, read: Callable[[str], Read], otherwise: Read, names: frozenset[str]
    ) -> Read:
        try:
            value = read(text)
        except FeelError as wrong:
            place = f"dòng {wrong.line}, cột {wrong.column} của biểu thức"
            self.problems.error(node, f"Ô “{text[:60]}” của “{_owner(node)}”: {wrong.message} ({place})")
            return otherwise
        self.read_names |= getattr(value, "names", NO_NAMES)
        if self._functions is not None:
            for name in sorted(value.functions - self._functions - names):
                self.problems.error(node, f"Không có hàm “{name}” để dùng trong ô “{text[:60]}”.")
        return value


def text_of(node: Any) -> str:
    """The words of an expression, an entry or a list of values."""
    return "" if node is None else (node.findtext("{*}text") or "").strip()


def attribute(node: Any, name: str) -> str | None:
    """An attribute of Camunda's namespace for decisions or its alias."""
    return next((value for v in VENDORS if (value := node.get(f"{{{v}}}{name}")) is not None), None)


def _owner(node: Any) -> str:
    """The element of the graph around it."""
    return title(next(node.iterancestors("{*}decision", "{*}businessKnowledgeModel", "{*}itemDefinition"), node))


def _translated(text: str) -> Value:
    return expressions.condition(text if "{" in text else f"${{{text}}}")


def _condition(text: str) -> Tests:
    return Condition(_translated(text))
