"""A syntax tree as text again: parse(unparse(x)) is x."""

import unicodedata
from decimal import Decimal
from typing import Any

from feel import syntax
from feel.names import parts_of

#: how tightly each binds; what binds less stands in parentheses
LOOSE, OR, AND, COMPARED, SUM, PRODUCT, POWER, NEGATED, TIGHT = range(9)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}


def unparse(node: syntax.Node) -> str:
    if isinstance(node, syntax.Tests):
        inner = ", ".join(_test(test) for test in node.tests) or "-"
        if node.negated:
            return f"not({inner})"
        return f"({inner})" if _is_negation(node.tests) else inner
    return _written(node, LOOSE)


def _is_negation(tests: tuple[syntax.Node, ...]) -> bool:
    """A call of not() alone, which would be read as the negation of tests."""
    return len(tests) == 1 and isinstance(tests[0], syntax.Call) and tests[0].function == syntax.Name("not")


def _written(node: syntax.Node, around: int) -> str:
    text, level = _MAKE[node.__class__](node)
    return text if level >= around else f"({text})"


def _test(node: syntax.Node) -> str:
    return f"{node.sign} {_written(node.value, SUM)}" if isinstance(node, syntax.Ray) else _written(node, LOOSE)


def _listed(nodes: Any) -> str:
    return ", ".join(_written(node, LOOSE) for node in nodes)


def _literal(node: Any) -> tuple[str, int]:
    value = node.value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value], TIGHT
    return (f"{value}" if isinstance(value, Decimal) else _quoted(value)), TIGHT


def _quoted(text: str) -> str:
    plain = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return f'"{plain if unicodedata.is_normalized("NFC", plain) else _coded(plain)}"'


def _coded(text: str) -> str:
    """Letters and marks that reading the text would put together, by their numbers."""
    return "".join(sign if sign.isascii() else f"\\U{ord(sign):06x}" for sign in text)


def _path(node: Any) -> tuple[str, int]:
    return f"{_written(node.value, TIGHT)}.{node.name}", TIGHT


def _filter(node: Any) -> tuple[str, int]:
    return f"{_written(node.value, TIGHT)}[{_written(node.condition, LOOSE)}]", TIGHT


def _call(node: Any) -> tuple[str, int]:
    written = [_written(argument, LOOSE) for argument in node.arguments]
    named = [f"{name}: {text}" for name, text in zip(node.names, written, strict=True)] if node.names else written
    return f"{_written(node.function, TIGHT)}({', '.join(named)})", TIGHT


def _negation(node: Any) -> tuple[str, int]:
    return f"-{_written(node.value, TIGHT)}", NEGATED


def _arithmetic(node: Any) -> tuple[str, int]:
    level = _LEVELS[node.rest[0][0]]
    rest = "".join(f" {sign} {_written(operand, level + 1)}" for sign, operand in node.rest)
    return f"{_written(node.first, level + 1)}{rest}", level


def _comparison(node: Any) -> tuple[str, int]:
    return f"{_written(node.left, COMPARED)} {node.sign} {_written(node.right, SUM)}", COMPARED


def _between(node: Any) -> tuple[str, int]:
    low, high = _written(node.low, SUM), _written(node.high, SUM)
    return f"{_written(node.value, COMPARED)} between {low} and {high}", COMPARED


def _in(node: Any) -> tuple[str, int]:
    return f"{_written(node.value, COMPARED)} in ({', '.join(_test(test) for test in node.tests)})", COMPARED


def _instance(node: Any) -> tuple[str, int]:
    text = f"{_written(node.value, TIGHT)} instance of {node.type}"
    # what follows would be taken into the type: date before "and time", context before "<"
    return (f"({text})" if text.endswith(("date", "context")) else text), TIGHT


def _and(node: Any) -> tuple[str, int]:
    return " and ".join(_written(part, COMPARED) for part in node.parts), AND


def _or(node: Any) -> tuple[str, int]:
    return " or ".join(_written(part, AND) for part in node.parts), OR


def _if(node: Any) -> tuple[str, int]:
    condition, yes, no = (_written(one, LOOSE) for one in (node.condition, node.yes, node.no))
    return f"if {condition} then {yes} else {no}", LOOSE


def _source(source: syntax.Source) -> str:
    last = f"..{_written(source.last, LOOSE)}" if source.last else ""
    return f"{source.name} in {_written(source.value, LOOSE)}{last}"


def _for(node: Any) -> tuple[str, int]:
    return f"for {', '.join(map(_source, node.sources))} return {_written(node.body, LOOSE)}", LOOSE


def _quantified(node: Any) -> tuple[str, int]:
    sources = ", ".join(map(_source, node.sources))
    return f"{node.word} {sources} satisfies {_written(node.condition, LOOSE)}", LOOSE


def _list(node: Any) -> tuple[str, int]:
    return f"[{_listed(node.items)}]", TIGHT


def _context(node: Any) -> tuple[str, int]:
    entries = (f"{_key(key)}: {_written(value, LOOSE)}" for key, value in node.entries)
    return f"{{{', '.join(entries)}}}", TIGHT


def _key(key: str) -> str:
    """As a name where it is read as this one again."""
    return key if parts_of(key) == (key,) and unicodedata.is_normalized("NFC", key) else _quoted(key)


def _definition(node: Any) -> tuple[str, int]:
    parameters = ", ".join(f"{name}: {one}" if one else name for name, one in node.parameters)
    return f"function({parameters}) {_written(node.body, LOOSE)}", LOOSE


def _interval(node: Any) -> tuple[str, int]:
    low, high = _written(node.low, LOOSE), _written(node.high, LOOSE)
    return f"{'[' if node.with_low else '('}{low}..{high}{']' if node.with_high else ')'}", TIGHT


def _ray(node: Any) -> tuple[str, int]:
    return f"({node.sign} {_written(node.value, SUM)})", TIGHT


_MAKE: dict[type[syntax.Node], Any] = {
    syntax.Literal: _literal,
    syntax.Temporal: lambda node: (f"@{_quoted(node.text)}", TIGHT),
    syntax.Name: lambda node: (node.name, TIGHT),
    syntax.Path: _path,
    syntax.Filter: _filter,
    syntax.Call: _call,
    syntax.Negation: _negation,
    syntax.Arithmetic: _arithmetic,
    syntax.Comparison: _comparison,
    syntax.Between: _between,
    syntax.In: _in,
    syntax.InstanceOf: _instance,
    syntax.And: _and,
    syntax.Or: _or,
    syntax.If: _if,
    syntax.For: _for,
    syntax.Quantified: _quantified,
    syntax.List: _list,
    syntax.Context: _context,
    syntax.Definition: _definition,
    syntax.Interval: _interval,
    syntax.Ray: _ray,
}
