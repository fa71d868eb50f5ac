"""How long a table of 200 rules takes to answer, and to be examined when it is deployed."""

import functools
import itertools
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from bench.measure import Measure
from engine.bpmn.xml import Problems
from engine.decisions import coverage, evaluation, reading
from engine.decisions.graph import Decisions
from engine.decisions.model import Table

RULES, COLUMNS = 200, 4
KINDS = [f"loại {number}" for number in range(20)]
ASKED = 2_000  #: evaluations that are timed
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table_measures() -> list[Measure]:
    """Of evaluations the median, with values that change from one to the next."""
    read = _read(_rules(), "FIRST")
    questions = list(itertools.islice(_questions(), ASKED))
    asked = [_timed(functools.partial(evaluation.evaluate, read, "bang", names, {})) for names in questions]
    first = min(_timed(functools.partial(_first, questions[0])) for _ in range(3))
    ranges = _table(_read(_ranges(), "UNIQUE"))
    return [
        Measure(name="table of 200 rules, one evaluation", value=statistics.median(asked) * 1e6, unit="µs", target=200),
        Measure(name="the same, read and asked for the first time", value=first * 1e3, unit="ms"),
        Measure(name="examination of 200 rules of 4 columns", value=_examined(_table(read)), unit="ms CPU", target=50),
        Measure(name="the same of ranges that overlap", value=_examined(ranges), unit="ms CPU", target=50),
    ]


def _examined(table: Table) -> float:
    """Milliseconds of this process alone: others may be at work on the machine."""
    found = []
    for _ in range(5):
        begin = time.process_time()
        coverage.examine(table)
        found.append(time.process_time() - begin)
    return min(found) * 1e3


def _first(names: Mapping[str, Any]) -> None:
    """The file is read and the index made before the answer comes."""
    evaluation.evaluate(_read(_rules(), "FIRST"), "bang", names, {})


def _timed(what: Callable[[], object]) -> float:
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin


def _rules() -> list[list[str]]:
    """By kind, pages, secrecy and field, as agencies write them."""
    return [
        [
            f'"{KINDS[number % 20]}"',
            f"[{number // 20 * 10}..{number // 20 * 10 + 10})",
            "true" if number % 3 else "-",
            'not("khác")',
            f'"dòng {number}"',
        ]
        for number in range(RULES)
    ]


def _ranges() -> list[list[str]]:
    """Every range meets most others."""
    chance = random.Random(7)  # noqa: S311 - the same table every time
    lows = [chance.choices(range(1_000), k=COLUMNS) for _ in range(RULES)]
    return [[*(f"[{low}..{low + 300}]" for low in row), '"x"'] for row in lows]


def _questions() -> Any:
    chance = random.Random(7)  # noqa: S311
    while True:
        yield {
            "a": chance.choice(KINDS),
            "b": Decimal(chance.randrange(110)),
            "c": chance.random() < 0.5,
            "d": chance.choice(["đất đai", "tư pháp", "khác"]),
        }


def _table(decisions: Decisions) -> Table:
    logic = decisions["bang"].logic
    assert isinstance(logic, Table)  # noqa: S101 - drawn as one below
    return logic


def _read(rules: Sequence[Sequence[str]], policy: str) -> Decisions:
    asked = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in "abcd")
    rows = "".join(f"<rule>{''.join(_cell(cell, row) for cell in enumerate(row))}</rule>" for row in rules)
    drawn = f'<decisionTable hitPolicy="{policy}">{asked}<output name="kq"/>{rows}</decisionTable>'
    head = f'<definitions xmlns="{DMN}" id="d" name="d" namespace="http://moc.vn/bench">'
    data = f'{head}<decision id="bang" name="Bảng">{drawn}</decision></definitions>'
    return reading.read(data.encode(), frozenset(), Problems())


def _cell(told: tuple[int, str], row: Sequence[str]) -> str:
    tag = "outputEntry" if told[0] == len(row) - 1 else "inputEntry"
    return f"<{tag}><text>{escape(told[1])}</text></{tag}>"
