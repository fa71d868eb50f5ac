"""Why an expression has no value, in words for whoever reads an incident.

An incident is read by people who may not see the document: names and kinds of values are told, and values only where
they are numbers or true and false.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import feel
from engine import expressions, timing
from engine.expressions import Constant, Formula, Functions, Names, Value
from feel import FeelError, kinds

_LIKE_A_TIME = re.compile(r"[A-Z0-9:/+.@-]{0,40}")
MOST = 3  #: parts without a value that are told
LONGEST = 200  #: characters of an expression that is quoted


def text_of(value: Value) -> str:
    """The expressions in it, as FEEL; empty for what was written down."""
    return "; ".join(leaf.text for leaf in expressions.leaves(value) if isinstance(leaf, Formula))


def quoted(value: Value) -> str:
    """The same as people call it."""
    text = _short(text_of(value))
    return f"“{text}”" if text else ""


def kind_of(value: Any) -> str:
    """With the value itself where it says nothing of a document."""
    if isinstance(value, bool):
        return "đúng" if value else "sai"
    kind = kinds.WORDS.get(kinds.kind(value), "giá trị loại khác")
    return f"{kind} {value:f}" if isinstance(value, Decimal) and abs(value.adjusted()) < 30 else kind


def why_null(value: Value, names: Names, functions: Functions) -> str:
    """What of the expression has no value, without a full stop; empty where nothing can be said."""
    return ", ".join(part for leaf in expressions.leaves(value) for part in _why(leaf, names, functions))


def why_no_answer(value: Value, names: Names, functions: Functions) -> str:
    """Why a condition is neither true nor false; empty where it is one of both."""
    try:
        found = value.evaluate(names, functions)
    except FeelError as wrong:
        return f"{quoted(value)} không tính được: {wrong.message}"
    if isinstance(found, bool):
        return ""
    if found is not None:
        return f"{quoted(value)} cho {kind_of(found)}, không phải đúng hay sai"
    why = why_null(value, names, functions)
    return f"{quoted(value)} không cho đúng hay sai" + (f": {why}" if why else "")


def failed(value: Value, wrong: FeelError) -> str:
    """A sentence about an expression that could not be evaluated."""
    told = quoted(value)
    return f"{told}: {wrong.message}" if told else wrong.message


def missing(value: Value, names: Names, functions: Functions) -> str:
    """As `why_null`, after the whole expression, for the end of a sentence; empty for what was written down."""
    if isinstance(value, Constant):
        return ""
    why = why_null(value, names, functions)
    return f" ({quoted(value)}: {why})" if why else f" ({quoted(value)})"


def not_a_time(expression: Value, wrong: timing.NotATime, names: Names, functions: Functions) -> str:
    """A sentence about an expression whose value says no time; the value is told only when it looks like one."""
    if isinstance(expression, Constant):
        return f"{wrong}."
    found = expression.evaluate(names, functions)
    told = wrong if not isinstance(found, str) or _LIKE_A_TIME.fullmatch(found) else "giá trị không phải là thời điểm"
    return f"{told}{missing(expression, names, functions)}."


def _why(leaf: Value, names: Names, functions: Functions) -> Iterator[str]:
    if not isinstance(leaf, Formula):
        yield from (f"“{name}” chưa có giá trị" for name in expressions.variables(leaf) if names.get(name) is None)
        return
    try:
        steps = feel.explain(leaf.expression, names, functions, run=expressions.new_run())
    except FeelError as wrong:
        yield wrong.message
        return
    yield from list(dict.fromkeys(_told(step) for step in steps if step.reason))[:MOST]


def _told(step: feel.Step) -> str:
    """What a function says of its arguments may quote them."""
    name, sign, _ = step.text.partition("(")
    if sign and step.reason.startswith(f"hàm {name.strip()}:"):
        return f"“{_short(step.text)}”: hàm không nhận các giá trị này"
    return step.reason if step.reason.startswith("“") else f"“{_short(step.text)}” {step.reason}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
