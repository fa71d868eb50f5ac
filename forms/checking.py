"""What is wrong with a form that can be read: functions nobody knows, fields that nothing asks for, with what may have
been meant."""

import dataclasses
import difflib
import re
from collections.abc import Collection, Iterator

import feel
from feel.functions import BUILTINS
from forms.components import Field, Form, reads
from kernel.text import fold

ERROR, WARNING = "error", "warning"
_LIKE = 0.75  #: how near two names are of which one may have been meant for the other


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    level: str
    sentence: str


def check(form: Form, functions: Collection[str], variables: Collection[str] | None = None) -> list[Finding]:
    """`functions`: registered ones, beside those of the language; `variables`: names that all steps with this form may
    know beside its own. None: nobody can tell, so a name is only doubted when it is almost that of a field."""
    return [
        finding
        for item in form.items
        for expression in item.expressions
        for finding in (*_functions(item, expression, functions), *_names(form, item, expression, variables))
    ]


def _functions(item: Field, expression: feel.Expression, known: Collection[str]) -> Iterator[Finding]:
    for name in sorted(expression.functions.difference(known, BUILTINS)):
        told = f"{_where(item, expression, name)}: không có hàm “{name}”{_meant(name, {*known, *BUILTINS})}"
        yield Finding(level=ERROR, sentence=told)


def _names(
    form: Form, item: Field, expression: feel.Expression, variables: Collection[str] | None
) -> Iterator[Finding]:
    keys = [field.key for field in form.answers]
    for path in sorted(expression.paths):
        if any(reads(path, key) for key in keys) or path.partition(".")[0] in (variables or ()):
            continue
        meant = _meant(path, {*keys, *(variables or ())})
        if meant or variables is not None:
            steps = "" if variables is None else " và không bước nào trước đó đưa ra biến này"
            told = f"{_where(item, expression, path)}: biểu mẫu không có ô “{path}”{steps}{meant or '.'}"
            yield Finding(level=WARNING, sentence=told)


def _meant(name: str, known: Collection[str]) -> str:
    """The end of a sentence; empty where nothing is near."""
    folded = {fold(one): one for one in sorted(known)}
    near = [folded[one] for one in difflib.get_close_matches(fold(name), folded, n=2, cutoff=_LIKE)]
    return f"; có phải {' hay '.join(f'“{one}”' for one in near)}?" if near else ""


def _where(item: Field, expression: feel.Expression, name: str) -> str:
    found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", expression.text)
    at = found.start() if found else 0
    line, column = expression.text.count("\n", 0, at) + 1, at - expression.text.rfind("\n", 0, at)
    return f"Ô “{item.label or item.key}”, dòng {line}, cột {column} của biểu thức"
