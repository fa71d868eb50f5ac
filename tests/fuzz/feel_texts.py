"""Coverage-guided fuzzing of the language: `python -m tests.fuzz.feel_texts [seconds]`, on Linux x86-64.

Any text is read, written again, evaluated, asked as unary tests and explained; only feel.FeelError may come of it. It
begins with the texts of the tables in tests/feel. Ends with 0 when nothing was found, else with the text that did it.
"""

import datetime as dt
import pathlib
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import atheris

with atheris.instrument_imports(include=["feel"]):
    import feel
    from feel import kinds
    from feel.functions import BUILTINS

from tests.feel.test_expressions import NAMES, TABLE

SCOPE = frozenset({*NAMES, "Tên người ký", "đơn-vị"})
LONGEST = 400  #: bytes of a text


class Broken(Exception):
    """Something that must hold does not."""


def attempt(work: Callable[[], Any]) -> Any:
    """The value, null for a refusal."""
    try:
        return work()
    except feel.FeelError as refusal:
        if refusal.line < 1 or refusal.column < 1 or not refusal.message:
            raise Broken("a refusal without a place") from refusal
        return None


def try_text(text: str) -> None:
    """Raises what must not be raised."""
    run = feel.Run(now=dt.datetime(2026, 2, 26, tzinfo=dt.UTC))
    tree = attempt(lambda: feel.parse(text, SCOPE))
    if tree is not None:
        if feel.parse(feel.unparse(tree), SCOPE) != tree:
            raise Broken("what was written is read otherwise")
        expression = feel.compile.__wrapped__(text, SCOPE)
        value = attempt(lambda: expression.evaluate(NAMES, run=run))
        if kinds.kind(value) == kinds.OTHER:
            raise Broken("a value that is none of the language")
        attempt(lambda: feel.explain(expression, NAMES, run=feel.Run()))
    tests = attempt(lambda: feel.unary_tests.__wrapped__(text, SCOPE))
    if tests is not None:
        if feel.parse_tests(feel.unparse(tests.tree), SCOPE) != tests.tree:
            raise Broken("what was written is read otherwise")
        attempt(lambda: tests.holds(NAMES["units"], NAMES))
        attempt(lambda: tests.holds(3, NAMES))


def one_input(data: bytes) -> None:
    try_text(data.decode("utf-8", "surrogateescape"))


def seeds() -> list[str]:
    examples = [function.example for function in BUILTINS.values()]
    return [*(text for text, _ in TABLE), *examples]


def main(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder, "corpus")
        corpus.mkdir()
        for number, text in enumerate(seeds()):
            (corpus / str(number)).write_bytes(text.encode())
        words = pathlib.Path(folder, "words")
        words.write_text("".join(f'"{name}("\n' for name in BUILTINS), encoding="utf-8")
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=20", f"-dict={words}"]
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
