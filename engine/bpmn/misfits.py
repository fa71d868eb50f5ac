"""What cannot say what is meant, by the types of what is known: a text compared with a number, a choice that its form
does not offer, a part of a variable that nothing brings."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.bpmn.scopes import Scope
from engine.expressions import Formula
from feel import kinds, syntax
from feel.kinds import WORDS

#: types that are told apart with certainty: of dates and times some compare with one another
CERTAIN = frozenset({kinds.NUMBER, kinds.STRING, kinds.BOOLEAN, kinds.DATE})


class Misfit(NamedTuple):
    """`at`, `end`: offsets in the text of the expression; `name`: what may be misspelt, and among which names."""

    sentence: str
    at: int
    end: int
    name: str = ""
    known: frozenset[str] = frozenset()


def find(formula: Formula, scope: Scope) -> Iterator[Misfit]:
    for node in syntax.walk(formula.expression.tree):
        if isinstance(node, syntax.Comparison):
            yield from _unlike(node, scope)
            yield from _not_offered(node, scope)
        elif isinstance(node, syntax.Path):
            yield from _no_member(node, scope)


def _unlike(node: syntax.Comparison, scope: Scope) -> Iterator[Misfit]:
    left, right = _type(node.left, scope), _type(node.right, scope)
    if left in CERTAIN and right in CERTAIN and left != right:
        told = f"so sánh {WORDS[left]} với {WORDS[right]} không bao giờ cho đúng hay sai"
        yield Misfit(told, node.at, node.end)


def _not_offered(node: syntax.Comparison, scope: Scope) -> Iterator[Misfit]:
    """Of a field whose form offers choices, in the diagram's one form that has it."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        written = other.value if isinstance(other, syntax.Literal) else None
        choices = _choices(_path(one), scope)
        if node.sign in ("=", "!=") and isinstance(written, str) and choices and written not in choices:
            told = f"“{_path(one)}” không có lựa chọn “{written}”"
            yield Misfit(told, other.at, other.end, written, choices)


def _no_member(node: syntax.Path, scope: Scope) -> Iterator[Misfit]:
    """Of a variable whose inside is known."""
    path = _path(node)
    outer, _, name = path.rpartition(".")
    members = scope.members(outer) if outer else frozenset()
    if members and scope.is_closed and path not in members:
        direct = frozenset(member.removeprefix(f"{outer}.").partition(".")[0] for member in members)
        yield Misfit(f"“{outer}” không có “{name}”", node.end - len(name), node.end, name, direct)


def _choices(path: str, scope: Scope) -> frozenset[str]:
    """Texts of all choices; empty where something else brings the variable too."""
    found = [variable for variable in scope.variables if variable.name == path]
    if not scope.is_closed or not found or not all(variable.choices for variable in found):
        return frozenset()
    return frozenset(value[1:-1] for variable in found for value, _ in variable.choices if value.startswith('"'))


def _type(node: syntax.Node, scope: Scope) -> str:
    """Empty where it is not known."""
    if isinstance(node, syntax.Literal):
        return "" if node.value is None else kinds.kind(node.value)
    return scope.types.get(_path(node), "")


def _path(node: syntax.Node) -> str:
    parts: list[str] = []
    while isinstance(node, syntax.Path):
        parts.append(node.name)
        node = node.value
    return ".".join([node.name, *reversed(parts)]) if isinstance(node, syntax.Name) else ""
