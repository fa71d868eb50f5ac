"""Tokens to a syntax tree, by precedence (DMN 1.5, 10.3.1.2). Nothing of the text is ever given to Python to evaluate.

A chain of operators (`a + b + c`, `a and b and c`) becomes one node, so that only nesting, which is bounded, costs
stack.
"""

from collections.abc import Callable

from feel.cursor import ASKED, MAX_DEPTH
from feel.primary import RAYS, Primaries
from feel.syntax import (
    And,
    Arithmetic,
    Between,
    Comparison,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Negation,
    Node,
    Or,
    Path,
    Quantified,
    Ray,
    Source,
    Tests,
)
from feel.tokens import END, NAME, SIGN, Token

LEVELS = (("+", "-"), ("*", "/"), ("**",))  #: signs of calculations, from loose to tight
CALCULATIONS = frozenset(sign for level in LEVELS for sign in level)
BEHIND = frozenset({".", "[", "(", "instance"})  #: what may follow a value
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
AFTER_RANGE = frozenset({",", ")", "]", "}", ".", "and", "or", "then", "else", "return", "satisfies"})
ITERATIONS = {"for": "return", "some": "satisfies", "every": "satisfies"}


class Parser(Primaries):
    """One text."""

    def parse(self) -> Node:
        """Raises FeelError."""
        if self.now.kind == END:
            raise self.refused(self.now, "Biểu thức trống.", ("biểu thức",))
        found = self.expression()
        if self.now.kind != END:
            raise self.unexpected("hết biểu thức")
        return found

    def parse_tests(self) -> Tests:
        """Unary tests (grammar rule 15), of the value that stands under the name `?`. Raises FeelError."""
        self.bind(ASKED)
        if [token.text for token in self.tokens] == ["-", ""]:
            return Tests((), end=1)
        found = self._negated() or Tests(tuple(self._tests()), end=len(self.source))
        if self.now.kind != END:
            raise self.unexpected(",", "hết biểu thức")
        return found

    # ---- unary tests
    def _negated(self) -> Tests | None:
        """`not(1, 2)`; None when it is only the beginning of an expression, as in `not(a) and b`."""
        if [token.text for token in self.tokens[:2]] != ["not", "("]:
            return None
        self.position = 2
        tests = tuple(self._tests())
        if self.takes(")") and self.now.kind == END:
            return Tests(tests, negated=True, end=len(self.source))
        self.position = 0
        return None

    def _tests(self) -> list[Node]:
        tests = [self._test()]
        while self.takes(","):
            tests.append(self._test())
        return tests

    def _test(self) -> Node:
        """`< 5`, or an expression."""
        self.nodes += 3  # so much more is made of it than of an operand
        token = self.now
        if token.kind == SIGN and token.text in COMPARISONS:
            self.position += 1
            value = self.sum()
            return Ray(token.text, value, at=token.at, end=value.end)
        return self.expression()

    # ---- by precedence
    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refused(self.now, "Biểu thức lồng nhau quá sâu.")
        found = self._expression()
        self.depth -= 1
        return found

    def _expression(self) -> Node:
        token = self.now
        if token.text == "if":
            return self._choice()
        if token.text in ITERATIONS and self._is_iteration():
            return self._iteration()
        return self._test() if token.text in RAYS else self._disjunction()

    def begins_expression(self, token: Token) -> bool:
        return token.text == "if" or (token.text in ITERATIONS and self._is_iteration())

    def _is_iteration(self) -> bool:
        """`for x in`, before the next comma: the words are names everywhere else."""
        first = self.tokens[self.position + 1]
        if self.now.kind != NAME or first.kind != NAME:
            return False
        ahead = self.position + 1
        while self.tokens[ahead].kind == NAME or self.tokens[ahead].text in ("-", "'", "’"):
            ahead += 1
        return self.tokens[ahead].text == "in"

    def _iteration(self) -> Node:
        start = self.take()
        sources: list[Source] = []
        with self.bound(()):
            while not sources or self.takes(","):
                sources.append(self._source())
            self.expect(ITERATIONS[start.text])
            if start.text == "for":
                self.bind("partial")
            body = self.expression()
        span = self.spanned(start.at)
        return (
            For(tuple(sources), body, **span)
            if start.text == "for"
            else Quantified(start.text, tuple(sources), body, **span)
        )

    def _source(self) -> Source:
        """Later sources and the body know its variable."""
        start, name = self.now.at, self.new_name("in")
        self.expect("in")
        value = self.expression()
        last = self.expression() if self.takes("..") else None
        self.bind(name)
        return Source(name, value, last, **self.spanned(start))

    def _choice(self) -> Node:
        start = self.take().at
        condition = self.expression()
        self.expect("then", why="(sau điều kiện của “if”)")
        yes = self.expression()
        self.expect("else", why="(“if” luôn cần “else”)")
        return If(condition, yes, self.expression(), **self.spanned(start))

    def _disjunction(self) -> Node:
        parts = self._chain("or", self._conjunction)
        return parts[0] if len(parts) == 1 else Or(tuple(parts), at=parts[0].at, end=parts[-1].end)

    def _conjunction(self) -> Node:
        parts = self._chain("and", self._comparison)
        return parts[0] if len(parts) == 1 else And(tuple(parts), at=parts[0].at, end=parts[-1].end)

    def _chain(self, word: str, operand: Callable[[], Node]) -> list[Node]:
        parts = [operand()]
        while self.tokens[self.position].text == word:
            self.position += 1
            parts.append(operand())
        return parts

    def _comparison(self) -> Node:
        left = self.sum()
        while True:
            token = self.now
            if token.kind == SIGN and token.text in COMPARISONS:
                self.position += 1
                right = self.sum()
                left = Comparison(token.text, left, right, at=left.at, end=right.end)
            elif token.text == "in" and self.takes("in"):
                left = In(left, tuple(self._in()), **self.spanned(left.at))
            elif token.text == "between" and self.takes("between"):
                left = self._between(left)
            else:
                return left
            self.count()

    def _between(self, value: Node) -> Node:
        low = self.sum()
        self.expect("and", why="(“between … and …”)")
        high = self.sum()
        return Between(value, low, high, at=value.at, end=high.end)

    def _in(self) -> list[Node]:
        """What may stand after `in`: one test, or several in parentheses."""
        start = self.position
        if self.takes("("):
            with self.bound([ASKED]):
                tests = self._tests()
            if self.takes(")"):
                return tests
            self.position = start  # a range that begins with "("
        token = self.now
        if token.kind == SIGN and token.text in COMPARISONS:
            return [self._test()]
        return [self.sum()]

    def sum(self) -> Node:
        """Also a product or a power: most operands are none of them, so the signs are looked for behind the first."""
        first = self._unary()
        token = self.now
        return self._calculation(0, first) if token.kind == SIGN and token.text in CALCULATIONS else first

    def _calculation(self, level: int, first: Node) -> Node:
        """`first` has been read; the signs of this level and of those that bind more tightly."""
        if level == len(LEVELS):
            return first
        first, rest = self._calculation(level + 1, first), []
        while (token := self.now).kind == SIGN and token.text in LEVELS[level]:
            self.position += 1
            rest.append((token.text, self._calculation(level + 1, self._unary())))
        return Arithmetic(first, tuple(rest), at=first.at, end=rest[-1][1].end) if rest else first

    def _unary(self) -> Node:
        signs = []
        while self.tokens[self.position].text == "-":
            signs.append(self.take().at)
            self.count()
        value = self._postfix()
        if not signs:
            return value
        odd = len(signs) % 2
        negated = Negation(value, at=signs[-1], end=value.end)
        return negated if odd else Negation(negated, at=signs[0], end=value.end)

    def _postfix(self) -> Node:
        value = self.primary()
        while (text := self.tokens[self.position].text) in BEHIND:
            if self.takes("."):
                value = Path(value, self.property_name(), **self.spanned(value.at))
            elif text == "[" and not self._is_open_end():
                value = self._filter(value)
            elif self.takes("("):
                value = self.arguments(value)
            elif text == "instance" and self.tokens[self.position + 1].text == "of":
                self.position += 2
                value = InstanceOf(value, self.type(), **self.spanned(value.at))
            else:
                return value
            self.count()
        return value

    def _filter(self, value: Node) -> Node:
        self.position += 1
        with self.filtering():
            condition = self.expression()
        self.expect("]")
        return Filter(value, condition, **self.spanned(value.at))

    def _is_open_end(self) -> bool:
        """Whether `[` closes a range, as in `]1..5[`: nothing that could be a position follows."""
        after = self.tokens[self.position + 1]
        return after.kind == END or after.text in AFTER_RANGE
