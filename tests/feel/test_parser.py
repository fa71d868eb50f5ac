"""How texts are read: names of several parts, precedence, and what an analyst is told of a mistake."""

from decimal import Decimal

import pytest

import feel
from feel import syntax
from feel.errors import FeelError
from feel.unparse import unparse

NAMES = frozenset({"Tên người ký", "Tên", "a-b", "số trang/bản"})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Tên người ký", {"Tên người ký"}),
        ("Tên  người\n ký", {"Tên người ký"}),
        ("Tên", {"Tên"}),
        ("a-b", {"a-b"}),
        ("a - b", {"a-b"}),
        ("a - c", {"a", "c"}),
        ("số trang/bản > 3", {"số trang/bản"}),
    ],
)
def test_the_longest_name_in_scope_is_meant(text: str, read: set[str]) -> None:
    assert feel.compile(text, NAMES).names == read


def test_powers_are_taken_from_the_left() -> None:
    assert feel.evaluate("2 ** 3 ** 2", {}) == Decimal(64)


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("1 + 2 * 3 ** 2", "1 + (2 * (3 ** 2))"),
        ("-2 ** 2", "(-2) ** 2"),
        ("a or b and c", "a or (b and c)"),
        ("a = b and c < d", "(a = b) and (c < d)"),
        ("-a.b", "-(a.b)"),
        ("a + b instance of number", "a + (b instance of number)"),
        ("for x in l return x + 1", "for x in l return (x + 1)"),
        ("1 + if a then b else c + 2", "1 + (if a then b else (c + 2))"),
    ],
)
def test_operators_bind_by_the_precedence_of_the_standard(text: str, like: str) -> None:
    assert feel.parse(text) == feel.parse(like)


@pytest.mark.parametrize(
    ("text", "said", "line", "column"),
    [
        ("if a 1 else 2", "Thiếu “then”", 1, 6),
        ("if a then 1", "Thiếu “else”", 1, 12),
        ("a +\n  * b", "Không chờ “*”", 2, 3),
        ("some x of l", "Không chờ “x”", 1, 6),
        ("for x in l", "Thiếu “return”", 1, 11),
        ("x between 1", "Thiếu “and”", 1, 12),
        ("f(a: 1, 2)", "cùng có tên", 1, 11),
        ("1 /* chưa hết", "Chú thích", 1, 3),
        ('1 + "chưa hết', "nháy kép", 1, 5),
        ('@"2026-02-30"', "2026-02-30", 1, 1),
        ("x instance of nhà", "Không có kiểu “nhà”", 1, 15),
        ("function(x) external {java: 1}", "không được phép", 1, 13),
        ("1e9999999999", "phạm vi", 1, 1),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str, line: int, column: int) -> None:
    with pytest.raises(FeelError) as refusal:
        feel.parse(text)

    assert said in refusal.value.message
    assert (refusal.value.line, refusal.value.column) == (line, column)


def test_every_node_knows_where_it_stands() -> None:
    text = 'if Tên người ký = "An" then [1, 2][1] else f(x: {a: 1}.a)'
    tree = feel.parse(text, NAMES)

    for node in syntax.walk(tree):
        assert feel.parse(text[node.at : node.end], NAMES) == node or isinstance(node, syntax.Name)


@pytest.mark.parametrize(
    "text",
    [
        'if a then "b\\n\\"c\\"" else null',
        "(a + b) * -c - (d - e)",
        "not(a) and (b or c)",
        "x in (< 5, [1..3], ]4..9[, != 7)",
        '{"a b": 1, c: function(x: list<number>, y) x[item > y]}',
        "some x in 1..3, y in [x] satisfies x > y",
        "f(tên: 1, số: 2).kết quả[-1]",
        '@"P1D" + @"2026-01-01T10:00:00@Asia/Ho_Chi_Minh".time offset',
        "x instance of context<a: number, b: function<string> -> range<date>>",
        "(>= 3)",
    ],
)
def test_a_tree_is_written_as_text_that_is_read_as_the_same_tree(text: str) -> None:
    tree = feel.parse(text)

    assert feel.parse(unparse(tree)) == tree


def test_what_an_expression_reads_is_told_with_properties() -> None:
    expression = feel.compile("document.kind.code = x and count(list[y > 1]) > 0 and (for z in l return z.a) = []")

    assert feel.variables_of(expression) == {"document.kind.code", "x", "list", "l"}
    assert expression.names == {"document", "x", "list", "l"}


def test_functions_of_contexts_may_call_themselves() -> None:
    text = "{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r"

    assert feel.evaluate(text, {}) == Decimal(3628800)


def test_an_operand_may_ask_of_the_value_before_in() -> None:
    assert feel.evaluate("3 in (< 2, ? > 2 and ? < 5)", {}) is True
    assert feel.evaluate("3 in (? > 3)", {}) is False
