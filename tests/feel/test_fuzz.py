"""Random expressions: what is written is read again, what is read is evaluated, and nothing is raised but our own."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import feel
from feel import Run, kinds, syntax, types
from feel.errors import FeelError, LimitExceeded
from feel.explain import MAX_STEPS
from tests.feel import drawing
from tests.feel.test_expressions import NAMES, TABLE

SCOPE = frozenset(drawing.NAMES)
_quick = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def run() -> Run:
    return Run(now=drawing.NOW, zone=dt.UTC)


def attempt(work: Callable[[], Any]) -> tuple[Any, FeelError | None]:
    """The value, or the refusal; anything else is raised."""
    try:
        return work(), None
    except FeelError as refusal:
        return None, refusal


def evaluated(expression: feel.Expression, names: Mapping[str, Any]) -> tuple[Any, type | None]:
    """The value, or the class of the refusal."""
    value, refusal = attempt(lambda: expression.evaluate(names, run=run()))
    return value, None if refusal is None else refusal.__class__


def is_placed(refusal: FeelError, text: str) -> bool:
    """Whether it says something about a place in the text."""
    lines = unicodedata.normalize("NFC", text).split("\n")
    within = 1 <= refusal.line <= len(lines) and 1 <= refusal.column <= len(lines[refusal.line - 1]) + 1
    return within and bool(refusal.message)


# ---------------------------------------------------------------------------------------------------------- round trip
@settings(_quick, max_examples=250)
@given(drawing.trees())
@example(syntax.Literal("e\u0301"))
@example(syntax.Context((("e\u0301", syntax.Literal(None)),)))
@example(syntax.Comparison("<", syntax.InstanceOf(syntax.Name("a"), types.context_of(())), syntax.Name("b")))
@example(syntax.And((syntax.InstanceOf(syntax.Name("a"), types.Type(kinds.DATE)), syntax.Name("time"))))
def test_a_tree_that_is_written_is_read_again(tree: syntax.Node) -> None:
    assert feel.parse(feel.unparse(tree), SCOPE) == tree


@settings(_quick, max_examples=120)
@given(drawing.unary())
@example(syntax.Tests((syntax.Call(syntax.Name("not"), (syntax.Literal(True),)),)))
def test_unary_tests_that_are_written_are_read_again(tree: syntax.Tests) -> None:
    assert feel.parse_tests(feel.unparse(tree), SCOPE) == tree


# ---------------------------------------------------------------------------------------------------------- evaluation
@settings(_quick, max_examples=200)
@given(drawing.trees(), drawing.contexts)
def test_a_tree_has_one_value_however_it_is_evaluated(tree: syntax.Node, names: dict[str, Any]) -> None:
    text = feel.unparse(tree)
    value, refused = evaluated(feel.compile(text, SCOPE), names)

    again, refused_again = evaluated(feel.compile.__wrapped__(text, SCOPE), names)

    assert refused is refused_again
    assert drawing.alike(value, again)


@settings(_quick, max_examples=200)
@given(drawing.trees(), drawing.contexts)
def test_a_tree_that_is_explained_has_the_value_it_has(tree: syntax.Node, names: dict[str, Any]) -> None:
    expression = feel.compile(feel.unparse(tree), SCOPE)
    value, refused = evaluated(expression, names)

    steps, refusal = attempt(lambda: feel.explain(expression, names, run=run()))

    if refusal is None:
        assert refused is None
        assert len(steps) == MAX_STEPS or drawing.alike(steps[-1].value, value)
    else:  # what is explained costs more
        assert isinstance(refusal, LimitExceeded) or refused is refusal.__class__


@settings(_quick, max_examples=120)
@given(drawing.unary(), drawing.values, drawing.contexts)
def test_unary_tests_hold_or_do_not(tree: syntax.Tests, value: Any, names: dict[str, Any]) -> None:
    tests = feel.unary_tests(feel.unparse(tree), SCOPE)

    held, refusal = attempt(lambda: tests.holds(value, names, run=run()))
    attempt(lambda: feel.explain(tests, names, asked=value, run=run()))

    assert held in (True, False) or refusal is not None


# --------------------------------------------------------------------------------------------------------------- texts
def mutated() -> st.SearchStrategy[str]:
    """Expressions of the tables with a piece of one of them, or a strange sign, put into another."""
    known = st.sampled_from([text for text, _ in TABLE])
    piece = st.one_of(drawing.texts, st.tuples(known, st.integers(0, 9), st.integers(1, 12)).map(_cut))
    return st.tuples(known, st.integers(0, 30), st.integers(0, 5), piece).map(_spliced)


def _cut(given: tuple[str, int, int]) -> str:
    text, start, length = given
    return text[start : start + length]


def _spliced(given: tuple[str, int, int, str]) -> str:
    text, place, dropped, piece = given
    return text[:place] + piece + text[place + dropped :]


@settings(_quick, max_examples=400)
@given(st.one_of(drawing.soups, drawing.garbage, mutated()))
@pytest.mark.parametrize("read", [feel.parse, feel.parse_tests])
def test_any_text_is_read_or_refused_at_a_place_in_it(read: Callable[..., syntax.Node], text: str) -> None:
    tree, refusal = attempt(lambda: read(text, SCOPE))

    if refusal is None:
        assert read(feel.unparse(tree), SCOPE) == tree
    else:
        assert is_placed(refusal, text)


@settings(_quick, max_examples=300)
@given(st.one_of(drawing.soups, mutated()), drawing.values)
def test_any_text_that_is_read_is_evaluated_or_refused(text: str, asked: Any) -> None:
    value, refusal = attempt(lambda: feel.compile(text, SCOPE).evaluate(NAMES, run=run()))
    held, refused = attempt(lambda: feel.unary_tests(text, SCOPE).holds(asked, NAMES, run=run()))

    assert refusal is None or is_placed(refusal, text)
    assert refused is None or is_placed(refused, text)
    assert kinds.kind(value) != kinds.OTHER
    assert held in (True, False, None)


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\u202e", "\u2066", "\u0301", "\ufdd0"])
def test_strange_signs_make_no_name(sign: str) -> None:
    """What cannot be seen, or turns the direction of the text, is refused outside of texts."""
    with pytest.raises(FeelError):
        feel.compile(f"{sign}a")


def test_letters_that_look_alike_are_different_names() -> None:
    assert feel.compile("а = a").names == {"а", "a"}  # the first one is Cyrillic
