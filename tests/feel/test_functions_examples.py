"""What the editor shows of each built-in function is true."""

import pytest

import feel
from feel import operators
from feel.functions import BUILTINS, Builtin


@pytest.mark.parametrize("function", BUILTINS.values(), ids=lambda function: function.name)
def test_the_example_of_a_function_gives_the_result_that_is_shown(function: Builtin) -> None:
    given, shown = feel.evaluate(function.example, {}), feel.evaluate(function.result, {})

    assert given is not None
    assert operators.equal(given, shown) is True
