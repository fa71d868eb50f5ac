"""`${…}` of models drawn for other engines, translated to FEEL where it says the same.

Taken: comparisons, `&&`, `||`, `!` and their words, arithmetic, the ternary, `empty`, properties, positions in lists,
literals. Refused with a sentence: calls of methods and functions, positions that are no number or text.

Where the two languages differ, the FEEL text says what JUEL means (Expression Language 2.2, 1.8): `!` of null is true,
unlike things are unequal, a text that holds a number or a boolean equals it, positions count from 0.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from feel.errors import FeelError
from feel.tokens import MAX_LENGTH, error

MAX_DEPTH = 50
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<name>[^\W\d]\w*)
    |(?P<sign>\|\||&&|==|!=|<=|>=|[-+*/%<>!?:().\[\]]))""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "and": "&&", "or": "||", "not": "!"}
_WORDS |= {"div": "/", "mod": "%"}
_LEVELS: tuple[dict[str, str], ...] = (
    {"||": "or"},
    {"&&": "and"},
    {"==": "=", "!=": "!="},
    {"<": "<", "<=": "<=", ">": ">", ">=": ">="},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/", "%": "%"},
)
_LITERAL = re.compile(r'"(true|false|-?\d{1,30}(?:\.\d{1,30})?)"|(true|false|-?\d{1,30}(?:\.\d{1,30})?)')
#: of the variable `execution` that other engines put beside the others
EXECUTION = frozenset(
    {
        "id",
        "processInstanceId",
        "processBusinessKey",
        "businessKey",
        "currentActivityId",
        "currentActivityName",
        "activityInstanceId",
    }
)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def translate(text: str) -> str:
    """The FEEL text of what stands between `${` and `}`. Raises FeelError."""
    return _Translator(text).translate()


class _Translator:
    def __init__(self, source: str) -> None:
        if len(source) > MAX_LENGTH:
            raise FeelError(f"Biểu thức dài quá {MAX_LENGTH} ký tự.")
        self.source, self.depth, self.position = source, 0, 0
        self.tokens = self._tokenise()

    def translate(self) -> str:
        found = self._ternary()
        if self._now.kind != "end":
            raise self._refused()
        return found

    def _tokenise(self) -> list[_Token]:
        tokens, at, end = [], 0, len(self.source.rstrip())
        while at < end:
            match = _TOKEN.match(self.source, at)
            if match is None:
                raise error(self.source, at, "Không dịch được biểu thức ${…} này sang FEEL.")
            kind = str(match.lastgroup)
            text = match.group(kind)
            if kind == "name" and text in _WORDS:
                kind, text = "sign", _WORDS[text]
            tokens.append(_Token(kind, text, match.start(kind)))
            at = match.end()
        return [*tokens, _Token("end", "", at)]

    @property
    def _now(self) -> _Token:
        return self.tokens[self.position]

    def _takes(self, sign: str) -> bool:
        if self._now.kind == "sign" and self._now.text == sign:
            self.position += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise self._refused()

    def _refused(self, why: str = "") -> FeelError:
        return error(self.source, self._now.at, f"Không dịch được biểu thức ${{…}} này sang FEEL{why}.")

    def _ternary(self) -> str:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._refused(": lồng nhau quá sâu")
        found = self._level(0)
        if self._takes("?"):
            yes = self._ternary()
            self._expect(":")
            found = f"(if {found} then {yes} else {self._ternary()})"
        self.depth -= 1
        return found

    def _level(self, number: int) -> str:
        operand: Callable[[], str] = self._unary if number == len(_LEVELS) - 1 else lambda: self._level(number + 1)
        found = operand()
        while self._now.kind == "sign" and self._now.text in _LEVELS[number]:
            sign = _LEVELS[number][self._now.text]
            self.position += 1
            found = _joined(found, sign, operand())
            self._check_length(found)
        return found

    def _check_length(self, found: str) -> None:
        """Some operators say their operands more than once."""
        if len(found) > MAX_LENGTH:
            raise self._refused(": quá dài")

    def _unary(self) -> str:
        before = []
        while self._now.text in ("!", "-", "empty") and self._now.kind != "text":
            before.append(self._now.text)
            self.position += 1
            if len(before) > MAX_DEPTH:
                raise self._refused()
        found = self._postfix()
        for sign in reversed(before):
            found = {"!": f"(if {found} then false else true)", "-": f"(-{found})", "empty": _empty(found)}[sign]
            self._check_length(found)
        return found

    def _postfix(self) -> str:
        found = self._primary()
        while True:
            if self._takes("."):
                if self._now.kind != "name" or (found == "execution" and self._now.text not in EXECUTION):
                    raise self._refused()
                found = f"{found}.{self._now.text}"
                self.position += 1
            elif self._takes("["):
                found += self._place()
            elif self._now.text == "(" and self._now.kind == "sign":
                raise self._refused(": hàm và phương thức không gọi được")
            else:
                return found

    def _place(self) -> str:
        """A position in a list, from 0, or a name: what stands in the brackets must say which."""
        token = self._now
        self.position += 1
        if token.kind == "number" and token.text.isdigit():
            found = f"[{int(token.text) + 1}]"
        elif token.kind == "text" and token.text[1:-1].isidentifier():
            found = f".{token.text[1:-1]}"
        else:
            self.position -= 1
            raise self._refused(": vị trí trong danh sách phải là số hay tên")
        self._expect("]")
        return found

    def _primary(self) -> str:
        token = self._now
        self.position += 1
        if token.kind == "text":
            inner = re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)
            return '"' + inner.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if token.kind in ("number", "name"):
            return token.text
        if token.kind == "sign" and token.text == "(":
            found = self._ternary()
            self._expect(")")
            return f"({found})"
        self.position -= 1
        raise self._refused()


def _joined(left: str, sign: str, right: str) -> str:
    if sign == "=":
        return _equal(left, right)
    if sign == "!=":
        return f"(if {_equal(left, right)} then false else true)"
    if sign == "%":
        quotient = f"{left} / {right}"
        return f"({left} - {right} * (if {quotient} < 0 then ceiling({quotient}) else floor({quotient})))"
    return f"({left} {sign} {right})"


def _equal(left: str, right: str) -> str:
    """A number or boolean equals the text that says it."""
    for one, other in ((left, right), (right, left)):
        if match := _LITERAL.fullmatch(other):
            value = match[1] or match[2]
            return f'({one} = {value} or {one} = "{value}")'
    return f"({left} = {right})"


def _empty(value: str) -> str:
    return f'({value} = null or {value} = "" or {value} = [] or {value} = {{}})'
