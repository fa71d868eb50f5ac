"""Small pieces of Python's own syntax tree. Names in it are ours; what a user wrote comes in as constants."""

import ast


class _Placed:
    """All of it stands in one place, so that no node has to be told its own: that is a third of the work."""

    lineno = 1
    col_offset = 0


class _Attribute(_Placed, ast.Attribute): ...


class _BoolOp(_Placed, ast.BoolOp): ...


class _Call(_Placed, ast.Call): ...


class _Compare(_Placed, ast.Compare): ...


class _Constant(_Placed, ast.Constant): ...


class _IfExp(_Placed, ast.IfExp): ...


class _Lambda(_Placed, ast.Lambda): ...


class _List(_Placed, ast.List): ...


class _Name(_Placed, ast.Name): ...


class _NamedExpr(_Placed, ast.NamedExpr): ...


class _Subscript(_Placed, ast.Subscript): ...


class _Tuple(_Placed, ast.Tuple): ...


class _Argument(_Placed, ast.arg): ...


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

NONE = _Constant(None)
TRUE = _Constant(True)
FALSE = _Constant(False)


def load(name: str) -> ast.expr:
    found = _names.get(name)
    if found is None:
        found = _Name(name, _LOAD)
        if len(_names) < 1_000:
            _names[name] = found
    return found


def constant(value: str | int) -> ast.expr:
    return _Constant(value)


def call(function: str, *arguments: ast.expr) -> ast.expr:
    return _Call(load(function), list(arguments), [])


def method(owner: str, name: str, *arguments: ast.expr) -> ast.expr:
    return _Call(_Attribute(load(owner), name, _LOAD), list(arguments), [])


def keep(name: str, value: ast.expr) -> ast.expr:
    """`(name := value)`."""
    return _NamedExpr(_Name(name, _STORE), value)


def class_of(value: ast.expr) -> ast.expr:
    return _Attribute(value, "__class__", _LOAD)


def choice(condition: ast.expr, yes: ast.expr, no: ast.expr) -> ast.expr:
    return _IfExp(condition, yes, no)


def compare(sign: str, left: ast.expr, right: ast.expr) -> ast.expr:
    return _Compare(left, [_SIGNS[sign]], [right])


def same(left: ast.expr, right: ast.expr) -> ast.expr:
    """`left is right`."""
    return _Compare(left, [_IS], [right])


def other(left: ast.expr, right: ast.expr) -> ast.expr:
    """`left is not right`."""
    return _Compare(left, [_IS_NOT], [right])


def within(left: ast.expr, right: ast.expr) -> ast.expr:
    return _Compare(left, [_IN], [right])


def both(*parts: ast.expr) -> ast.expr:
    return parts[0] if len(parts) == 1 else _BoolOp(_AND, list(parts))


def either(*parts: ast.expr) -> ast.expr:
    return parts[0] if len(parts) == 1 else _BoolOp(_OR, list(parts))


def tuple_of(*items: ast.expr) -> ast.expr:
    return _Tuple(list(items), _LOAD)


def list_of(*items: ast.expr) -> ast.expr:
    return _List(list(items), _LOAD)


def function(parameters: tuple[str, ...], body: ast.expr) -> ast.expr:
    """`lambda parameters: body`."""
    arguments = ast.arguments([], [_Argument(name) for name in parameters], None, [], [], None, [])
    return _Lambda(arguments, body)


def called(function: ast.expr) -> ast.expr:
    return _Call(function, [], [])


def second(first: ast.expr, then: ast.expr) -> ast.expr:
    """Both are evaluated, the second is the value."""
    return _Subscript(tuple_of(first, then), _Constant(1), _LOAD)


def whole(body: ast.expr) -> ast.Expression:
    return ast.Expression(body)
