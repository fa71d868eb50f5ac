"""Tokens to closures, by precedence. Nothing of the text is ever given to Python to evaluate.

A chain of operators (`a + b + c`, `a and b and c`, `a.b.c`) becomes one closure with a loop, so that only nesting,
which is bounded, costs stack.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel import builtins, closures, iteration
from feel.closures import Closure
from feel.errors import FeelError
from feel.tokens import Token, error, tokenise

MAX_DEPTH = 50  #: expressions inside expressions
MAX_NODES = 2_000

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
AFTER_RANGE = frozenset({",", ")", "]", "}", "and", "or", "then", "else"})
ASKED = "?"  #: the name of the value that unary tests are about
ITERATIONS = {  #: word -> what stands before the last part, and what it becomes
    "for": ("return", iteration.mapped),
    "some": ("satisfies", iteration.some),
    "every": ("satisfies", iteration.every),
}
CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


class Parser:
    """One text. `functions`: names called that are not built in; `names`: variables read."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokenise(source)
        self.position = 0
        self.depth = 0
        self.nodes = 0
        self.functions: set[str] = set()
        self.names: set[str] = set()

    def parse(self) -> Closure:
        """Raises FeelError."""
        if self._now.kind == "end":
            raise error(self.source, 0, "Biểu thức trống.")
        found = self._expression()
        if self._now.kind != "end":
            raise self._unexpected()
        return found

    def parse_tests(self) -> Closure:
        """Unary tests (DMN 1.5, 10.3.1.2, grammar rule 15), of the value that stands under the name `?`. Raises
        FeelError."""
        if [token.text for token in self.tokens] == ["-", ""]:
            return closures.constant(True)
        found = self._negated_tests() or closures.one_of(self._positive_tests())
        if self._now.kind != "end":
            raise self._unexpected()
        return found

    # ---- tokens
    @property
    def _now(self) -> Token:
        return self.tokens[self.position]

    def _take(self) -> Token:
        token = self._now
        self.position += 1
        return token

    def _takes(self, *texts: str) -> bool:
        if self._now.kind in ("sign", "word") and self._now.text in texts:
            self.position += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise error(self.source, self._now.at, f"Thiếu “{text}” trước “{self._now.text or 'hết biểu thức'}”.")

    def _unexpected(self) -> FeelError:
        told = f"“{self._now.text}”" if self._now.text else "hết biểu thức"
        return error(self.source, self._now.at, f"Không chờ {told} ở đây.")

    def _count(self) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise error(self.source, self._now.at, "Biểu thức có quá nhiều thành phần.")

    # ---- grammar
    def _expression(self) -> Closure:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise error(self.source, self._now.at, "Biểu thức lồng nhau quá sâu.")
        if self._takes("if"):
            found = self._choice()
        else:
            found = self._iteration() if self._is_iteration() else self._disjunction()
        self.depth -= 1
        return found

    def _is_iteration(self) -> bool:
        """`for x in`: the words are names everywhere else."""
        words = [token.text for token in self.tokens[self.position : self.position + 3]]
        return len(words) == 3 and words[0] in ITERATIONS and words[2] == "in" and self._now.kind == "name"

    def _iteration(self) -> Closure:
        """The variables are known behind their `in`, and are not asked of the caller."""
        word, make = ITERATIONS[self._take().text]
        sources, outside = [], self.names
        self.names = set()
        while True:
            name = self._take().text
            self._expect("in")
            first = self._expression()
            sources.append((name, first, self._expression() if self._takes("..") else None))
            if not self._takes(","):
                break
        if self._take().text != word:
            self.position -= 1
            raise error(self.source, self._now.at, f"Thiếu “{word}” trước “{self._now.text or 'hết biểu thức'}”.")
        body = self._expression()
        self.names = outside | (self.names - {source[0] for source in sources})
        return make(sources, body)

    def _choice(self) -> Closure:
        condition = self._expression()
        self._expect("then")
        yes = self._expression()
        self._expect("else")
        return closures.choice(condition, yes, self._expression())

    def _disjunction(self) -> Closure:
        return self._chain("or", self._conjunction, closures.disjunction)

    def _conjunction(self) -> Closure:
        return self._chain("and", self._comparison, closures.conjunction)

    def _chain(self, word: str, operand: Callable[[], Closure], join: Callable[[list[Closure]], Closure]) -> Closure:
        parts = [operand()]
        while self._takes(word):
            parts.append(operand())
        return parts[0] if len(parts) == 1 else join(parts)

    def _comparison(self) -> Closure:
        left = self._sum()
        while True:
            sign = self._now.text
            if self._now.kind == "sign" and sign in COMPARISONS:
                self._take()
                left = closures.comparison(sign, left, self._sum())
            elif self._takes("in"):
                left = closures.membership(left, self._tests())
            elif self._takes("between"):
                left = self._between(left)
            else:
                return left
            self._count()

    def _between(self, value: Closure) -> Closure:
        low = self._sum()
        self._expect("and")
        return closures.between(value, low, self._sum())

    def _tests(self) -> list[Closure]:
        """What may stand after `in`: one test, or several in parentheses."""
        start = self.position
        if self._takes("("):
            tests = [self._test()]
            while self._takes(","):
                tests.append(self._test())
            if self._takes(")"):
                return tests
            self.position = start  # a range that begins with "("
        return [self._test()]

    def _negated_tests(self) -> Closure | None:
        """`not(1, 2)`; None when it is only the beginning of an expression, as in `not(a) and b`."""
        if [token.text for token in self.tokens[:2]] != ["not", "("]:
            return None
        self.position = 2
        tests = self._positive_tests()
        if self._takes(")") and self._now.kind == "end":
            return closures.none_of(tests)
        self.position = 0
        return None

    def _positive_tests(self) -> list[Closure]:
        tests = [self._positive_test()]
        while self._takes(","):
            tests.append(self._positive_test())
        return tests

    def _positive_test(self) -> Closure:
        sign = self._now.text
        if self._now.kind == "sign" and sign in COMPARISONS:
            self._take()
            return closures.comparison(sign, closures.variable(ASKED), self._sum())
        outside, self.names = self.names, set()
        value = self._expression()
        asks = ASKED in self.names
        self.names |= outside
        return closures.asking_test(value) if asks else closures.value_test(value)

    def _test(self) -> Closure:
        sign = self._now.text
        if self._now.kind == "sign" and sign in ("<", "<=", ">", ">="):
            self._take()
            return closures.open_range(sign, self._sum())
        return self._sum()

    def _sum(self) -> Closure:
        return self._calculation(("+", "-"), self._product)

    def _product(self) -> Closure:
        return self._calculation(("*", "/"), self._unary)

    def _calculation(self, signs: tuple[str, str], operand: Callable[[], Closure]) -> Closure:
        first, rest = operand(), []
        while self._now.kind == "sign" and self._now.text in signs:
            sign = self._take().text
            rest.append((sign, operand()))
        return closures.calculation(first, rest) if rest else first

    def _unary(self) -> Closure:
        minus = False
        while self._takes("-"):
            minus = not minus
            self._count()
        value = self._postfix()
        return closures.negative(value) if minus else value

    def _postfix(self) -> Closure:
        self._count()
        value = self._primary()
        steps: list[str | Closure] = []
        while True:
            if self._takes("."):
                if self._now.kind not in ("name", "word"):
                    raise self._unexpected()
                steps.append(self._take().text)
            elif not self._is_open_end() and self._takes("["):
                steps.append(self._expression())
                self._expect("]")
            else:
                return closures.path(value, steps) if steps else value
            self._count()

    def _is_open_end(self) -> bool:
        """Whether `[` closes a range, as in `]1..5[`: nothing that could be a position follows."""
        if self._now.text != "[":
            return False
        after = self.tokens[self.position + 1]
        return after.kind == "end" or after.text in AFTER_RANGE

    def _primary(self) -> Closure:
        token = self._take()
        openers = {"(": self._parenthesis, "[": self._list, "{": self._context, "]": self._open_range}
        if token.kind == "sign" and token.text in openers:
            return openers[token.text]()
        if token.kind == "name":
            return self._call(token) if self._takes("(") else self._name(token.text)
        if token.kind in ("number", "text") or token.text in CONSTANTS:
            return closures.constant(self._literal(token))
        self.position -= 1
        raise self._unexpected()

    def _literal(self, token: Token) -> Any:
        if token.kind == "number":
            return Decimal(token.text)
        return self._text(token) if token.kind == "text" else CONSTANTS[token.text]

    def _name(self, name: str) -> Closure:
        self.names.add(name)
        return closures.variable(name)

    def _call(self, name: Token) -> Closure:
        arguments: list[Closure] = []
        while not self._takes(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._expression())
        if name.text in builtins.FUNCTIONS:
            return closures.builtin_call(builtins.FUNCTIONS[name.text], arguments)
        self.functions.add(name.text)
        return closures.call(name.text, arguments, error(self.source, name.at, ""))

    def _parenthesis(self) -> Closure:
        value = self._expression()
        if self._takes(".."):
            return self._range(value, with_low=False)
        self._expect(")")
        return value

    def _list(self) -> Closure:
        items: list[Closure] = []
        while not self._takes("]"):
            if items:
                self._expect(",")
            items.append(self._expression())
            if len(items) == 1 and self._takes(".."):
                return self._range(items[0], with_low=True)
        return closures.list_of(items)

    def _open_range(self) -> Closure:
        """`]1..5]`: without its low end."""
        low = self._expression()
        self._expect("..")
        return self._range(low, with_low=False)

    def _range(self, low: Closure, *, with_low: bool) -> Closure:
        high = self._expression()
        if not self._takes("]", ")", "["):
            raise self._unexpected()
        return closures.range_of(low, high, with_low=with_low, with_high=self.tokens[self.position - 1].text == "]")

    def _context(self) -> Closure:
        entries: list[tuple[str, Closure]] = []
        while not self._takes("}"):
            if entries:
                self._expect(",")
            key = self._take()
            if key.kind not in ("name", "word", "text"):
                self.position -= 1
                raise self._unexpected()
            self._expect(":")
            entries.append((str(self._text(key)) if key.kind == "text" else key.text, self._expression()))
        return closures.context(entries)

    def _text(self, token: Token) -> Any:
        plain = _ESCAPE.sub(_unescape, token.text.lstrip("@")[1:-1])
        if not token.text.startswith("@"):
            return plain
        found = next((v for make in closures.TEMPORAL if (v := make(plain)) is not None), None)
        if found is None:
            raise error(self.source, token.at, f"“{plain}” không phải là ngày, giờ hay khoảng thời gian.")
        return found


def _unescape(match: "re.Match[str]") -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPED.get(code, code)
