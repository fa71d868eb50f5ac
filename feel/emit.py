"""Small pieces of Python's own syntax tree. Names in it are ours; what a user wrote comes in as constants."""

import ast

_AT = {"lineno": 1, "col_offset": 0}
_LOAD, _STORE = ast.Load(), ast.Store()
_IS, _IS_NOT, _IN = ast.Is(), ast.IsNot(), ast.In()
_SIGNS: dict[str, ast.cmpop] = {
    "=": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}
_AND, _OR = ast.And(), ast.Or()
_names: dict[str, ast.expr] = {}

NONE = ast.Constant(None, **_AT)
TRUE = ast.Constant(True, **_AT)
FALSE = ast.Constant(False, **_AT)


def load(name: str) -> ast.expr:
    found = _names.get(name)
    if found is None:
        found = ast.Name(name, _LOAD, **_AT)
        if len(_names) < 1_000:
            _names[name] = found
    return found


def constant(value: str | int) -> ast.expr:
    return ast.Constant(value, **_AT)


def call(function: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(load(function), list(arguments), [], **_AT)


def method(owner: str, name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(load(owner), name, _LOAD, **_AT), list(arguments), [], **_AT)


def keep(name: str, value: ast.expr) -> ast.expr:
    """`(name := value)`."""
    return ast.NamedExpr(ast.Name(name, _STORE, **_AT), value, **_AT)


def class_of(value: ast.expr) -> ast.expr:
    return ast.Attribute(value, "__class__", _LOAD, **_AT)


def choice(condition: ast.expr, yes: ast.expr, no: ast.expr) -> ast.expr:
    return ast.IfExp(condition, yes, no, **_AT)


def compare(sign: str, left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [_SIGNS[sign]], [right], **_AT)


def same(left: ast.expr, right: ast.expr) -> ast.expr:
    """`left is right`."""
    return ast.Compare(left, [_IS], [right], **_AT)


def other(left: ast.expr, right: ast.expr) -> ast.expr:
    """`left is not right`."""
    return ast.Compare(left, [_IS_NOT], [right], **_AT)


def within(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [_IN], [right], **_AT)


def both(*parts: ast.expr) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(_AND, list(parts), **_AT)


def either(*parts: ast.expr) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(_OR, list(parts), **_AT)


def tuple_of(*items: ast.expr) -> ast.expr:
    return ast.Tuple(list(items), _LOAD, **_AT)


def list_of(*items: ast.expr) -> ast.expr:
    return ast.List(list(items), _LOAD, **_AT)


def function(parameters: tuple[str, ...], body: ast.expr) -> ast.expr:
    """`lambda parameters: body`."""
    arguments = ast.arguments([], [ast.arg(name, **_AT) for name in parameters], None, [], [], None, [])
    return ast.Lambda(arguments, body, **_AT)


def called(function: ast.expr) -> ast.expr:
    return ast.Call(function, [], [], **_AT)


def second(first: ast.expr, then: ast.expr) -> ast.expr:
    """Both are evaluated, the second is the value."""
    return ast.Subscript(tuple_of(first, then), ast.Constant(1, **_AT), _LOAD, **_AT)


def whole(body: ast.expr) -> ast.Expression:
    return ast.Expression(body)
