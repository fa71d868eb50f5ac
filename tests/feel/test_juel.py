"""Expressions of imported models become FEEL, or are refused."""

import pytest

import feel
from feel import juel
from feel.errors import FeelError

NAMES = {
    "input": 3,
    "name": "Lan",
    "form": {"ok": True},
    "none": None,
    "b": False,
    "said": "true",
    "counted": "5",
    "orders": [{"price": 10}, {"price": 20}],
    "nothing": {},
    "execution": {"processBusinessKey": "HS-1"},
}


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
        ("orders[1].price <= 20", True),
        ("orders[0]['price']", 10),
        ("input % 2 == 1", True),
        ("-7 % 3", -1),
        ("!none", True),
        ("!(b && none)", True),
        ("name != input", True),
        ("none != 1", True),
        ("said == true", True),
        ("said eq 'true' && b == 'false'", True),
        ("counted == 5 and input == '3'", True),
        ("empty nothing", True),
        ("execution.processBusinessKey", "HS-1"),
    ],
)
def test_a_simple_expression_says_the_same_in_feel(text: str, expected: object) -> None:
    assert feel.compile(juel.translate(text)).evaluate(NAMES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "bean.call()",
        "list[i]",
        "list[0",
        "f(x)",
        "",
        "a = b",
        "(" * 300 + "a",
        "!" * 300 + "a",
        "empty " * 40 + "a",
        "a ? b",
        "execution.engineServices",
    ],
)
def test_what_feel_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(FeelError):
        juel.translate(text)
