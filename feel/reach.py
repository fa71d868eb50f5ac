"""All that generated code can reach: operators and helpers by the names it calls them, and nothing of Python's own."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel import operators, support
from feel.values import number

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "**": operators.power,
    "=": operators.equal,
    "!=": operators.not_equal,
    "<": operators.less,
    "<=": operators.less_equal,
    ">": operators.greater,
    ">=": operators.greater_equal,
}
WORDS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "power", "=": "equal", "!=": "not_equal"}
WORDS |= {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}


def chain(first: Any, signs: tuple[Callable[[Any, Any], Any], ...], operands: tuple[Any, ...]) -> Any:
    """A long chain of operators of one precedence."""
    for sign, operand in zip(signs, operands, strict=True):
        first = sign(first, operand)
    return first


GLOBALS: dict[str, Any] = {
    "__builtins__": {},
    "Decimal": Decimal,
    "str": str,
    "bool": bool,
    "same": frozenset({Decimal, str, bool}),
    "ordered": frozenset({Decimal, str}),
    "counted": frozenset({Decimal}),
    "number": number,
    "chain": chain,
    "property": operators.property,
    **{WORDS[sign]: work for sign, work in OPERATORS.items()},
    **{
        work.__name__: work
        for work in (
            operators.between,
            operators.contains,
            operators.instance_of,
            operators.item,
            operators.negate,
            operators.range_of,
            operators.ray,
            support.builtin_value,
            support.call_builtin,
            support.call_named,
            support.call_outside,
            support.collect,
            support.context,
            support.define,
            support.each,
            support.each_step,
            support.every,
            support.has,
            support.in_range,
            support.invoke,
            support.keep,
            support.partial,
            support.put,
            support.some,
            support.test,
            support.truth,
        )
    },
}
