"""What an expression is built of: literals, names, lists, ranges, contexts, functions, types (DMN 1.5, 10.3.1.2)."""

import re
from decimal import DecimalException
from typing import Any

from feel import literals, types
from feel.cursor import Cursor
from feel.functions import BUILTINS
from feel.syntax import (
    Call,
    Context,
    Definition,
    Interval,
    List,
    Literal,
    Name,
    Node,
    Ray,
    Temporal,
)
from feel.tokens import AT, NAME, NUMBER, TEXT, WORD, Token
from feel.types import Type
from feel.values import CONTEXT, Unfit

CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}
RAYS = ("<", "<=", ">", ">=", "=", "!=")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Primaries(Cursor):
    """`types`: what names of types mean that the language does not know."""

    def __init__(self, source: str, names: frozenset[str], known_types: dict[str, Type]) -> None:
        super().__init__(source, names)
        self.types = known_types

    def expression(self) -> Node:
        raise NotImplementedError

    def sum(self) -> Node:
        raise NotImplementedError

    def begins_expression(self, token: Token) -> bool:
        """Whether `if`, `for`, `some` or `every` stands here as an operand."""
        raise NotImplementedError

    def primary(self) -> Node:
        """Raises FeelError."""
        self.count()
        token = self.now
        if token.kind in (NAME, WORD):
            return self._word(token)
        if token.kind in (NUMBER, TEXT, AT):
            self.position += 1
            return self._literal(token)
        match token.text:
            case "(":
                return self._parenthesis()
            case "[":
                return self._list()
            case "]":
                return self._open_range()
            case "{":
                return self._context()
        raise self.unexpected("giá trị")

    def _word(self, token: Token) -> Node:
        if token.text in CONSTANTS:
            self.position += 1
            return Literal(CONSTANTS[token.text], at=token.at, end=token.end)
        if self.begins_expression(token):
            return self.expression()
        following = self.tokens[self.position + 1]
        if token.text == "function" and following.text == "(":
            return self._definition()
        if token.kind == WORD and self._longest() is None:
            raise self.unexpected("giá trị")
        name = self.name()
        if self.sees("("):
            self._note_function(name)
        else:
            self.note(name)
        return Name(name, at=token.at, end=self.end_of())

    def _note_function(self, name: str) -> None:
        if not self.is_bound(name) and name not in BUILTINS:
            self.functions.add(name)

    # ---- literals
    def _literal(self, token: Token) -> Node:
        if token.kind == TEXT:
            return Literal(unescaped(token.text), at=token.at, end=token.end)
        return self._number(token) if token.kind == NUMBER else self._temporal(token)

    def _number(self, token: Token) -> Node:
        try:
            return Literal(CONTEXT.create_decimal(token.text), at=token.at, end=token.end)
        except DecimalException:
            raise self.refused(token, f"Số “{token.text[:40]}” nằm ngoài phạm vi.") from None

    def _temporal(self, token: Token) -> Node:
        text = unescaped(token.text[1:])
        try:
            return Temporal(text, literals.read_temporal(text), at=token.at, end=token.end)
        except Unfit as wrong:
            raise self.refused(token, f"“{text[:40]}” {wrong}.") from None

    # ---- brackets
    def _parenthesis(self) -> Node:
        start = self.take().at
        if self.sees(*RAYS):
            sign = self.take().text
            value = self.sum()
            self.expect(")")
            return Ray(sign, value, **self.spanned(start))
        value = self.expression()
        if self.takes(".."):
            return self._range(start, value, with_low=False)
        self.expect(")")
        return value

    def _list(self) -> Node:
        start = self.take().at
        items: list[Node] = []
        while not self.takes("]"):
            if items:
                self.expect(",")
            items.append(self.expression())
            if len(items) == 1 and self.takes(".."):
                return self._range(start, items[0], with_low=True)
        return List(tuple(items), **self.spanned(start))

    def _open_range(self) -> Node:
        """`]1..5]`: without its low end."""
        start = self.take().at
        low = self.expression()
        self.expect("..")
        return self._range(start, low, with_low=False)

    def _range(self, start: int, low: Node, *, with_low: bool) -> Node:
        high = self.expression()
        if not self.takes("]", ")", "["):
            raise self.unexpected("]", ")", "[")
        closed = self.tokens[self.position - 1].text == "]"
        return Interval(low, high, with_low, closed, **self.spanned(start))

    # ---- contexts and functions
    def _context(self) -> Node:
        start = self.take().at
        entries: list[tuple[str, Node]] = []
        with self.bound(()):
            while not self.takes("}"):
                if entries:
                    self.expect(",")
                key = self._key()
                entries.append((key, self._entry(key)))
        return Context(tuple(entries), **self.spanned(start))

    def _entry(self, key: str) -> Node:
        """Later entries see it; a function also sees itself."""
        if self.sees("function"):
            self.bind(key)
            return self.expression()
        value = self.expression()
        self.bind(key)
        return value

    def _key(self) -> str:
        key = unescaped(self.take().text) if self.now.kind == TEXT else self.new_name(":", ",", "}")
        self.expect(":")
        return key

    def _definition(self) -> Node:
        start = self.take().at
        self.expect("(")
        parameters: list[tuple[str, Type | None]] = []
        while not self.takes(")"):
            if parameters:
                self.expect(",")
            name = self.new_name(":", ",", ")")
            parameters.append((name, self.type() if self.takes(":") else None))
        if self.sees("external"):
            raise self.refused(self.now, "Hàm ngoài (external) không được phép: biểu thức không chạm tới máy.")
        with self.bound(name for name, _ in parameters):
            body = self.expression()
        return Definition(tuple(parameters), body, **self.spanned(start))

    def arguments(self, function: Node) -> Node:
        """Behind the opening parenthesis: by place, or all by name."""
        values: list[Node] = []
        names: list[str] = []
        while not self.takes(")"):
            if values:
                self.expect(",")
            if name := self._argument_name():
                names.append(name)
            values.append(self.expression())
        if names and len(names) < len(values):
            raise self.refused(self.now, "Đối số phải cùng có tên hoặc cùng không có tên.")
        return Call(function, tuple(values), tuple(names), **self.spanned(function.at))

    def _argument_name(self) -> str:
        """`name:`, if that is what comes."""
        ahead = self.position
        while self.tokens[ahead].kind in (NAME, WORD) or self.tokens[ahead].text in ("-", "'", "’", "+", "/", "*"):
            ahead += 1
        if ahead == self.position or self.tokens[ahead].text != ":":
            return ""
        name = self.new_name(":")
        self.expect(":")
        return name

    # ---- types
    def type(self) -> Type:
        """`list<number>`, `context<a: number>`, `function<a, b> -> c`, a name. Raises FeelError."""
        with self.deeper():
            token = self.now
            if self.takes("list"):
                return types.list_of(self._inner()) if self.sees("<") else types.list_of(types.ANY)
            if self.takes("range"):
                return types.range_of(self._inner())
            if self.takes("context"):
                return types.context_of(self._typed_entries()) if self.sees("<") else types.context_of(())
            if self.takes("function"):
                return self._function_type()
            return self._named_type(token)

    def _inner(self) -> Type:
        self.expect("<")
        found = self.type()
        self.expect(">")
        return found

    def _typed_entries(self) -> list[tuple[str, Type]]:
        self.expect("<")
        entries: list[tuple[str, Type]] = []
        while not self.takes(">"):
            if entries:
                self.expect(",")
            name = self.new_name(":", ",", ">")
            self.expect(":")
            entries.append((name, self.type()))
        return entries

    def _function_type(self) -> Type:
        self.expect("<")
        taken: list[Type] = []
        while not self.takes(">"):
            if taken:
                self.expect(",")
            taken.append(self.type())
        self.expect("->")
        return types.function_of(taken, self.type())

    def _named_type(self, token: Token) -> Type:
        """The longest name that is one: of the language, else of the caller."""
        for count in range(5, 0, -1):
            behind = self.tokens[self.position : self.position + count]
            name = " ".join(one.text for one in behind).replace(" . ", ".")
            found = types.named(name) or self.types.get(name)
            if found is not None:
                self.position += count
                return found
        raise self.refused(token, f"Không có kiểu “{token.text}”.", ("kiểu dữ liệu",))


def unescaped(text: str) -> str:
    """What stands between the quotation marks (grammar rule 63); two halves of a pair become one character."""
    if "\\" not in text:
        return text[1:-1]
    plain = _ESCAPE.sub(_unescape, text[1:-1])
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), plain)


def _unescape(match: "re.Match[str]") -> str:
    code = match.group(1)
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else match.group()
    return _ESCAPED.get(code, match.group())  # of others the sign stays, so that patterns need no doubling
