"""Why is it so: parts and their values, and the part that first had none."""

from decimal import Decimal

import pytest

import feel
from feel.explain import Step

NAMES = {"kind": "QĐ", "pages": Decimal(12), "people": [{"name": "Lan"}], "due": None}


def _steps(text: str) -> dict[str, object]:
    return {step.text: step.value for step in feel.explain(feel.compile(text), NAMES)}


def test_each_part_is_told_with_its_value_innermost_first() -> None:
    steps = feel.explain(feel.compile('kind = "QĐ" and pages > 10'), NAMES)

    assert [(step.text, step.value) for step in steps] == [
        ("kind", "QĐ"),
        ('"QĐ"', "QĐ"),
        ('kind = "QĐ"', True),
        ("pages", Decimal(12)),
        ("10", Decimal(10)),
        ("pages > 10", True),
        ('kind = "QĐ" and pages > 10', True),
    ]


def test_what_was_not_evaluated_is_not_told() -> None:
    assert "pages" not in _steps('if kind = "QĐ" then 1 else pages')


@pytest.mark.parametrize(
    ("text", "part", "said"),
    [
        ("missing > 5", "missing", "“missing” chưa có giá trị"),
        ("kind > 5", "kind > 5", "không so sánh được văn bản với số"),
        ("kind + 1 > 5", "kind + 1", "không cộng được văn bản với số"),
        ("pages / 0 = 1", "pages / 0", "không chia được cho 0"),
        ("people[3].name", "people[3]", "danh sách có 1 mục"),
        ("pages.name = 1", "pages.name", "số không có “name”"),
        ('date("ngày mai") < today()', 'date("ngày mai")', "hàm date"),
        ("kind and true", "kind and true", "cần đúng hoặc sai mà gặp văn bản"),
        ("if due > pages then 1 else pages + kind", "due", "“due” chưa có giá trị"),
    ],
)
def test_the_part_that_is_null_is_named_with_a_reason(text: str, part: str, said: str) -> None:
    found = feel.reason_of_null(feel.compile(text), NAMES)

    assert isinstance(found, Step)
    assert found.text == part
    assert said in found.reason
    assert text[found.column - 1 : found.column - 1 + found.length] == part


def test_what_has_a_value_has_no_reason() -> None:
    assert feel.reason_of_null(feel.compile("pages + 1"), NAMES) is None


def test_loops_are_told_round_by_round_and_no_further_than_anybody_reads() -> None:
    steps = feel.explain(feel.compile("for i in 1..10000 return i + 1"), {})

    assert [step.value for step in steps if step.text == "i + 1"][:2] == [Decimal(2), Decimal(3)]
    assert len(steps) == 500


def test_tests_of_a_value_are_told_too() -> None:
    steps = feel.explain(feel.unary_tests("< 5, ? > 9"), {}, asked=Decimal(12))

    assert steps[-1] == Step("? > 9", 1, 6, 5, True, "")
