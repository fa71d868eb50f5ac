"""Expressions of imported models become FEEL, or are refused."""

import pytest

import feel
from feel import juel
from feel.errors import FeelError

NAMES = {"input": 3, "name": "Lan", "form": {"ok": True}, "none": None, "b": False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input == 3", True),
        ("input != 3", False),
        ("input == 3 || input == 1", True),
        ("input ge 3 and name eq 'Lan'", True),
        ("!b && form.ok", True),
        ("not form.ok", False),
        ("form.ok == true", True),
        ("input > 2 ? 'nhiều' : 'ít'", "nhiều"),
        ("empty none", True),
        ("!empty name", True),
        ("(input + 1) * 2 == 8", True),
        ("5-2", 3),
        ("'it\\'s'", "it's"),
    ],
)
def test_a_simple_expression_says_the_same_in_feel(text: str, expected: object) -> None:
    assert feel.compile(juel.translate(text)).evaluate(NAMES) == expected


@pytest.mark.parametrize(
    "text", ["bean.call()", "list[0]", "input % 2", "f(x)", "", "a = b", "(" * 300 + "a", "!" * 300 + "a", "a ? b"]
)
def test_what_feel_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(FeelError):
        juel.translate(text)
