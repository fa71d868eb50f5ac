"""`${…}` of models drawn for other engines, translated to FEEL where it says the same.

Taken: comparisons, `&&`, `||`, `!` and their words, arithmetic, the ternary, `empty`, properties, literals. Refused
with a sentence: calls of methods and functions, positions in lists, remainders.
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
    {"*": "*", "/": "/"},
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
        parts = [operand()]
        while self._now.kind == "sign" and self._now.text in _LEVELS[number]:
            parts += [_LEVELS[number][self._now.text]]
            self.position += 1
            parts += [operand()]
        return parts[0] if len(parts) == 1 else f"({' '.join(parts)})"

    def _unary(self) -> str:
        before = []
        while self._now.text in ("!", "-", "empty") and self._now.kind != "text":
            before.append(self._now.text)
            self.position += 1
            if len(before) > MAX_DEPTH:
                raise self._refused()
        found = self._postfix()
        for sign in reversed(before):
            found = {"!": f"not({found})", "-": f"(-{found})", "empty": _empty(found)}[sign]
        return found

    def _postfix(self) -> str:
        found = self._primary()
        while True:
            if self._takes("."):
                if self._now.kind != "name":
                    raise self._refused()
                found = f"{found}.{self._now.text}"
                self.position += 1
            elif self._now.text == "(" and self._now.kind == "sign":
                raise self._refused(": hàm và phương thức không gọi được")
            else:
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


def _empty(value: str) -> str:
    return f'(if {value} = null or {value} = "" then true else (if {value} = [] then true else false))'
