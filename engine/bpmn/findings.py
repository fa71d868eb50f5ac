"""What is wrong with an expression that can be read: functions and variables that nobody knows, with what may have been
meant; comparisons that can never be true or false."""

import dataclasses
import difflib
import re
from collections.abc import Collection, Iterator, Sequence

from engine import expressions
from engine.bpmn import misfits
from engine.bpmn.scopes import UNKNOWN, Scope
from engine.expressions import Formula, Value
from feel import UnaryTests
from feel.functions import BUILTINS
from kernel.text import fold

ERROR, WARNING = "error", "warning"
MOST = 3  #: suggestions
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """`sentence` says what and what may be meant, without its place; line and column count from 1 in the text."""

    level: str
    sentence: str
    line: int
    column: int
    length: int
    name: str = ""
    suggestions: Sequence[str] = ()


def find(text: str, value: Value | UnaryTests, *, functions: Collection[str], scope: Scope) -> list[Finding]:
    """`text`: as written, `value`: as it was read; `functions`: registered ones."""
    read = value.names if isinstance(value, UnaryTests) else expressions.variables(value)
    return [
        *_unknown_functions(text, value.functions.difference(functions), functions),
        *_unknown_variables(text, read, scope),
        *([] if isinstance(value, UnaryTests) else _misfits(text, value, scope)),
    ]


def close_to(name: str, known: Collection[str]) -> list[str]:
    """Names that may have been meant, the nearest first; case and diacritics count little."""
    folded: dict[str, str] = {}
    for one in sorted(known):
        folded.setdefault(fold(one), one)
    near = difflib.get_close_matches(fold(name), folded, n=MOST, cutoff=0.6)
    return [folded[one] for one in near if folded[one] != name]


def _unknown_functions(text: str, unknown: Collection[str], functions: Collection[str]) -> Iterator[Finding]:
    for name in sorted(unknown):
        meant = close_to(name, {*functions, *BUILTINS})
        yield _finding(ERROR, f"Không có hàm “{name}”", text, name, meant)


def _unknown_variables(text: str, read: frozenset[str], scope: Scope) -> Iterator[Finding]:
    if scope is UNKNOWN:
        return
    for name in sorted(read - scope.names):
        meant = close_to(name, scope.names)
        if scope.is_closed:
            yield _finding(ERROR, f"Không có biến “{name}” ở đây", text, name, meant)
        else:
            told = f"Không thấy bước nào trước đó đưa ra biến “{name}”"
            yield _finding(WARNING, told, text, name, meant)


def _misfits(text: str, value: Value, scope: Scope) -> Iterator[Finding]:
    formulas = [leaf for leaf in expressions.leaves(value) if isinstance(leaf, Formula)]
    for formula, misfit in [(one, misfit) for one in formulas for misfit in misfits.find(one, scope)]:
        start = max(0, text.find(formula.text)) + misfit.at
        meant = close_to(misfit.name, misfit.known) if misfit.name else []
        line, column = text.count("\n", 0, start) + 1, start - (text.rfind("\n", 0, start) + 1) + 1
        yield Finding(
            level=WARNING,
            sentence=f"{misfit.sentence}{_asked(meant)}",
            line=line,
            column=column,
            length=misfit.end - misfit.at,
            name=misfit.name,
            suggestions=tuple(meant),
        )


def _asked(meant: Sequence[str]) -> str:
    return f"; có phải {' hay '.join(f'“{one}”' for one in meant)}?" if meant else "."


def _finding(level: str, told: str, text: str, name: str, meant: Sequence[str]) -> Finding:
    line, column = _place(text, name)
    return Finding(
        level=level,
        sentence=f"{told}{_asked(meant)}",
        line=line,
        column=column,
        length=len(name),
        name=name,
        suggestions=tuple(meant),
    )


def _place(text: str, name: str) -> tuple[int, int]:
    """Where the name stands first, not inside a text in quotes."""
    bare = _LITERAL.sub(lambda match: " " * len(match[0]), text)
    words = r"\s+".join(map(re.escape, name.split()))
    match = re.search(rf"(?<![\w.]){words}(?!\w)", bare) or re.search(re.escape(name), text)
    at = match.start() if match else 0
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
