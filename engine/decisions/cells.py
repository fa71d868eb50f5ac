"""Texts of a DMN file, compiled. Problems are gathered, not raised."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

import feel
from engine import expressions
from engine.bpmn.xml import Problems, title
from engine.decisions.model import Tests
from engine.expressions import Constant, Functions, Names, Value
from feel import FeelError

Read = TypeVar("Read", Value, Tests)

FEEL, JUEL = "feel", "juel"
VENDORS = ("http://camunda.org/schema/1.0/dmn", "http://operaton.org/schema/1.0/dmn")
ANYTHING = ("", "-")  #: what a cell holds that tests nothing


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
    """Of one file. `functions`: those that expressions may call beside the built-in ones; None: anything goes."""

    nothing = Constant(None)

    def __init__(self, root: Any, functions: frozenset[str] | None, problems: Problems) -> None:
        self.problems = problems
        self._root = root
        self._items = {item.get("name"): item for item in root.iterchildren("{*}itemDefinition")}
        self._functions = functions

    def value(self, node: Any) -> Value | None:
        """What an expression's text says; None where it is empty."""
        text = text_of(node)
        read: Callable[[str], Value] = feel.compile if self._language(node, text) == FEEL else _translated
        return self._compiled(node, text, read, self.nothing) if text else None

    def tests(self, node: Any) -> Tests | None:
        """What a cell asks; None where it asks nothing."""
        text = text_of(node)
        if text in ANYTHING:
            return None
        read: Callable[[str], Tests] = feel.unary_tests if self._language(node, text) == FEEL else _condition
        return self._compiled(node, text, read, Condition(self.nothing))

    def listed(self, node: Any) -> list[object]:
        """The allowed values of an output: constants with commas between them."""
        text = text_of(node)
        found = self._compiled(node, f"[{text}]", feel.compile, self.nothing) if text else self.nothing
        values = found.evaluate({}, {})
        return list(values) if isinstance(values, list) else []

    def base_type(self, type_ref: str) -> str:
        """The built-in type behind an item definition's name; "" behind lists and contexts."""
        for _ in range(10):
            item = self._items.get(type_ref)
            if item is None:
                return type_ref
            inner = item.find("{*}typeRef")
            if item.get("isCollection") == "true" or inner is None:
                return ""
            type_ref = (inner.text or "").strip()
        return ""

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

    def _compiled(self, node: Any, text: str, read: Callable[[str], Read], otherwise: Read) -> Read:
        try:
            value = read(text)
        except FeelError as wrong:
            place = f"dòng {wrong.line}, cột {wrong.column} của biểu thức"
            self.problems.error(node, f"Ô “{text[:60]}” của “{_owner(node)}”: {wrong.message} ({place})")
            return otherwise
        if self._functions is not None:
            for name in sorted(value.functions - self._functions):
                self.problems.error(node, f"Không có hàm “{name}” để dùng trong ô “{text[:60]}”.")
        return value


def text_of(node: Any) -> str:
    """The words of an expression, an entry or a list of values."""
    return "" if node is None else (node.findtext("{*}text") or "").strip()


def attribute(node: Any, name: str) -> str | None:
    """An attribute of Camunda's namespace for decisions or its alias."""
    return next((value for v in VENDORS if (value := node.get(f"{{{v}}}{name}")) is not None), None)


def _owner(node: Any) -> str:
    """The decision around it."""
    return title(next(node.iterancestors("{*}decision"), node))


def _translated(text: str) -> Value:
    return expressions.condition(text if "{" in text else f"${{{text}}}")


def _condition(text: str) -> Tests:
    return Condition(_translated(text))
