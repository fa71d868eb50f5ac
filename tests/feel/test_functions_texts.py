"""Functions of texts and the regular expressions of XPath (DMN 1.5, 10.3.4.3)."""

import contextlib
from typing import Any

import pytest

from feel.errors import FeelError
from feel.values import MAX_TEXT
from tests.feel.calls import bounded, called, called_by_name


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("substring", ("foobar", 3), "obar"),
        ("substring", ("foobar", 3, 3), "oba"),
        ("substring", ("foobar", -2, 1), "a"),
        ("substring", ("foobar", 0), None),
        ("substring", ("foobar", 10), None),
        ("substring", ("foobar", 3, -1), None),
        ("substring", ("foobar", 3, 99), "obar"),
        ("substring", ("\U0001f40efoo", 2), "foo"),
        ("substring", (["foobar"], 3), "obar"),
        ("substring", (123, 1), None),
        ("substring", ("a", "1"), None),
        ("substring", ("a",), None),
        ("string length", ("\U0001f40e",), 1),
        ("string length", (None,), None),
        ("substring before", ("foobar", "bar"), "foo"),
        ("substring before", ("foobar", "x"), ""),
        ("substring before", ("foobar", ""), ""),
        ("substring after", ("foobar", "ob"), "ar"),
        ("substring after", ("foobar", "x"), ""),
        ("substring after", ("foobar", ""), "foobar"),
        ("substring after", ("", ""), ""),
        ("upper case", ("ưu tiên",), "ƯU TIÊN"),
        ("lower case", ("ƯU TIÊN",), "ưu tiên"),
        ("contains", ("foobar", "of"), False),
        ("contains", ("foobar", ""), True),
        ("contains", ("foobar", None), None),
        ("starts with", ("foobar", "fo"), True),
        ("ends with", ("foobar", "r"), True),
        ("string join", (["a", None, "c"], "-"), "a-c"),
        ("string join", (["a", "c"],), "ac"),
        ("string join", ("a", "-"), "a"),
        ("string join", ([], "-"), ""),
        ("string join", ([1, 2], "-"), None),
        ("split", ("a;b;;c", ";"), ["a", "b", "", "c"]),
        ("split", ("John Doe", r"\s"), ["John", "Doe"]),
        ("split", ("abc", ""), None),
        ("split", ("", ";"), [""]),
    ],
)
def test_functions_of_texts(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert called(name, *arguments) == result


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "answer"),
    [
        ("foobar", "^fo*bar$", "", True),
        ("abc", "ABC", "i", True),
        ("\u212a", "k", "i", True),
        ("x", "[A-Z-[OI]]", "i", True),
        ("i", "[A-Z-[OI]]", "i", False),
        ("e", "[a-z-[aeiou-[e]]]", "", True),
        ("q", "[^Q]", "i", False),
        ("-", "[a-]", "", True),
        ("-", "[-a]", "", True),
        ("]", r"[\]]", "", True),
        ("&", "[a&&b]", "", True),
        ("~", "[a~~b]", "", True),
        ("[", r"[\[]", "", True),
        ("tờ", r"^\i\c*$", "", True),
        ("1", r"\I", "", True),
        ("٣", r"^\d$", "", True),
        ("_", r"\w", "", False),
        ("ά", r"^\p{IsGreek}$", "", True),
        ("Ư", r"^\p{Lu}$", "", True),
        ("a", r"\P{L}", "", False),
        ("a\rb", "a.b", "", False),
        ("a\rb", "a.b", "s", True),
        ("a\nb", "a$", "", False),
        ("a\n", "a$", "", False),
        ("a\nb", "a$", "m", True),
        ("a\nb", "^b", "m", True),
        ("abcd\n", "^$", "m", False),
        ("hello world", "he llo[ ]wor ld", "x", True),
        ("helloworld", r"\p{ IsBasicLatin }+", "x", True),
        ("aa", r"(a)\1", "", True),
        ("aA", r"(a)\1", "i", True),
        ("a0", r"(a)0", "", True),
        ("aa0", r"(a)\10", "", True),
        ("a", "a|", "", True),
        ("ab", "(?:a)b", "", True),
        ("a" * 300 + "b" * 300, "^a{300}b{300}$", "", True),
        ("aa", "^a{1,}$", "", True),
    ],
)
def test_patterns_mean_what_xpath_means(text: str, pattern: str, flags: str, answer: bool) -> None:
    assert called("matches", text, pattern, flags) is answer


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("(", ""),
        (")", ""),
        ("[", ""),
        ("[]", ""),
        ("[b-a]", ""),
        ("*", ""),
        ("a**", ""),
        ("a++", ""),
        ("a{2,1}", ""),
        ("a{1001}", ""),
        ("((a{20}){20}){20}", ""),
        ("(?=a)", ""),
        ("(?<n>a)", ""),
        ("(?i)a", ""),
        (r"\1", ""),
        (r"(a)\2", ""),
        (r"(a\1)", ""),
        (r"(a)[\1]", ""),
        (r"\b", ""),
        (r"\x41", ""),
        (r"\p{IsNowhere}", ""),
        (r"\p{Greek}", ""),
        ("a", "q"),
        ("a", "ix "),
        ("a" * 1001, ""),
        ("(" * 60 + "a" + ")" * 60, ""),
    ],
)
def test_what_is_no_pattern_of_xpath_is_null(pattern: str, flags: str) -> None:
    assert called("matches", "a", pattern, flags) is None


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "flags", "result"),
    [
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "", "[1=ab][2=]cd"),
        ("facetiously", "[iouy]", "[$0]", "", "facet[i][o][u]sl[y]"),
        ("abracadabra", "a.*?a", "*", "", "*c*bra"),
        ("abc", "(b)", "$12", "", "ab2c"),
        ("abc", "b", r"\$\\", "", r"a$\c"),
        ("abc", "b", "$", "", None),
        ("abc", "b", r"\n", "", None),
        ("abc", "x*", "-", "", None),
        ("abc", "[A-Z]", "#", "i", "###"),
        ("abc", "b", "#", "k", None),
    ],
)
def test_replacing(text: str, pattern: str, replacement: str, flags: str, result: str | None) -> None:
    assert called("replace", text, pattern, replacement, flags) == result


def test_arguments_are_named_and_what_is_missing_is_null() -> None:
    assert called_by_name("substring", length=2, string="foobar", start_position=3) == "ob"
    assert called_by_name("substring", string="foobar", start=3) is None
    assert called_by_name("substring", string="foobar") is None
    assert called_by_name("matches", input="a", pattern="A", flags=None) is False


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("matches", ("a" * 40 + "!", "(a+)+$")),
        ("matches", ("a" * 40, "(a|a)*b")),
        ("matches", ("x" * 5000, "(x+x+)+y")),
        ("matches", ("a" * 500, "((a{1,30}){1,30}){1,30}b")),
        ("replace", ("a" * 100_000, "a", "$0" * 1000)),
        ("replace", ("a" * 40 + "!", "(a*)*b", "x")),
        ("split", ("a" * 40 + "!", "(a+)+$")),
        ("string join", (["x" * 1000] * 5000, "y" * 1000)),
        ("upper case", ("ß" * (MAX_TEXT // 2 + 1),)),
    ],
)
def test_hostile_texts_and_patterns_are_stopped(name: str, arguments: tuple[Any, ...]) -> None:
    with bounded(), contextlib.suppress(FeelError):
        called(name, *arguments)
