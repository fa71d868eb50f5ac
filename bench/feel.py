"""What the language costs: a condition read and made, a condition evaluated beside the same in Python, a table.

The context has twenty fields, as a document has; conditions are those of gateways. Python's are code objects that are
given the same context. feelin (npm), the FEEL of the editors, reads a text each time it evaluates it: it is compared
with our evaluation, which the product does, and with reading and evaluating together.
"""

import datetime as dt
import functools
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from types import CodeType
from typing import Any, NamedTuple

import feel
from bench import peers
from bench.decision_table import table_measures
from bench.measure import Measure
from feel.expressions import make_expression
from feel.parser import Parser

ROUNDS, REPEATS = 40, 500  #: each figure is the median of so many rounds of so many evaluations
READ = 300  #: readings of the condition of sixty characters


class Pair(NamedTuple):
    """The same condition in FEEL and in Python."""

    feel: str
    python: str


CONTEXT: dict[str, Any] = {
    "kind": "QĐ",
    "urgency": "hoả tốc",
    "field": "đất đai",
    "subject": "Về việc giao đất có thu tiền sử dụng đất",
    "organ": "UBND huyện",
    "signer": "Nguyễn Văn An",
    "position": "Chủ tịch",
    "unit": "P-TNMT",
    "place": "Mộc Châu",
    "notation": "QĐ-UBND",
    "pages": Decimal(12),
    "copies": Decimal(15),
    "number": Decimal(123),
    "amount": Decimal("1250000000.50"),
    "secret": False,
    "legal": True,
    "approved": True,
    "issued": dt.date(2026, 11, 25),
    "due": dt.date(2026, 12, 2),
    "recipients": ["VP", "P-TP", "P-TNMT"],
}
CONDITIONS = (
    Pair("pages > 10", "pages > ten"),
    Pair('kind = "QĐ" and pages > 10', 'kind == "QĐ" and pages > ten'),
    Pair(
        'kind = "QĐ" and urgency = "hoả tốc" and legal = true',
        'kind == "QĐ" and urgency == "hoả tốc" and legal is True',
    ),
    Pair('secret = true or amount >= 1000000000 or unit = "VP"', 'secret is True or amount >= billion or unit == "VP"'),
    Pair('unit in ("P-TP", "P-TNMT") and approved', 'unit in ("P-TP", "P-TNMT") and approved'),
)
SIXTY = 'kind = "QĐ" and urgency = "hoả tốc" and pages > 10 and legal'


def measure() -> list[Measure]:
    found = [one for number, pair in enumerate(CONDITIONS, 1) for one in _condition(number, pair)]
    return [*found, *_reading(), *_peer(), *table_measures()]


def _condition(number: int, pair: Pair) -> list[Measure]:
    ours = feel.compile(pair.feel)
    theirs = compile(pair.python, "<python>", "eval")
    known = {"ten": Decimal(10), "billion": Decimal(1_000_000_000)}
    if ours.evaluate(CONTEXT) is not eval(theirs, known, CONTEXT):  # noqa: S307 - ours
        raise AssertionError(pair)
    mine, python = _beside(lambda: ours.evaluate(CONTEXT), theirs, known)
    name = f"condition {number} ({len(pair.feel)} characters)"
    return [
        Measure(name=f"{name}, evaluated", value=mine * 1e6, unit="µs"),
        Measure(name=f"{name}, against Python", value=mine / python, unit="x", target=4),
    ]


def _beside(ours: Callable[[], object], theirs: CodeType, known: dict[str, Any]) -> tuple[float, float]:
    """Seconds of each; rounds alternate, so that both meet the same noise."""
    mine, python = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(REPEATS):
            ours()
        mine.append((time.perf_counter() - began) / REPEATS)
        began = time.perf_counter()
        for _ in range(REPEATS):
            eval(theirs, known, CONTEXT)  # noqa: S307 - ours
        python.append((time.perf_counter() - began) / REPEATS)
    return statistics.median(mine), statistics.median(python)


def _reading() -> list[Measure]:
    times = [_timed(lambda: _read(SIXTY)) for _ in range(READ)]
    told = f"condition of {len(SIXTY)} characters, parsed and compiled"
    return [Measure(name=told, value=statistics.median(times) * 1e6, unit="µs", target=200)]


def _peer() -> list[Measure]:
    plain = {
        name: float(v) if isinstance(v, Decimal) else str(v) if isinstance(v, dt.date) else v
        for name, v in CONTEXT.items()
    }
    texts = [pair.feel for pair in CONDITIONS]
    told = peers.feelin(texts, plain)
    if told is None:
        return []
    theirs = statistics.mean(one["micros"] for one in told)
    compiled = [feel.compile(text) for text in texts]
    ours = statistics.mean(_median(functools.partial(one.evaluate, CONTEXT)) for one in compiled) * 1e6
    whole = statistics.mean(_median(functools.partial(_whole, text), 100) for text in texts) * 1e6
    return [
        Measure(name="feelin, a condition", value=theirs, unit="µs"),
        Measure(name="ours, evaluated, times as quick", value=theirs / ours, unit="x", better="higher", target=1),
        Measure(name="ours, read and evaluated, times as quick", value=theirs / whole, unit="x", better="higher"),
    ]


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _median(what: Callable[[], object], rounds: int = 2_000) -> float:
    return statistics.median(_timed(what) for _ in range(rounds))


def _whole(text: str) -> object:
    return _read(text).evaluate(CONTEXT)


def _read(text: str) -> feel.Expression:
    """Past the cache."""
    parser = Parser(text, frozenset(), {})
    return make_expression(parser, parser.parse(), frozenset())


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began
