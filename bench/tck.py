"""How much of the DMN compatibility kit (TCK) is answered as expected: each test case of each folder, by level.

The folder holds `compliance-level-2` and `compliance-level-3`, each with a folder a theme: a model, files that it
imports, and files of test cases (testCases.xsd). A case passes when all its results are as expected, null included.
What failed, with the reason, stands in the report.
"""

import argparse
import collections
import csv
import dataclasses
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from bench.measure import Measure
from engine.bpmn.xml import Problems
from engine.decisions import evaluation, reading
from engine.decisions.graph import Decision, InputData, Knowledge, Model
from engine.decisions.model import Service
from feel import operators
from feel.functions import BUILTINS
from feel.values import Unfit

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "dmn-tck"
REPORT = Path("build/tck.tsv")
LEVELS = {"compliance-level-2": "level 2 share", "compliance-level-3": "level 3 share"}
TARGETS = {"level 2 share": 1.0, "level 3 share": 0.99}
LEFT_OUT = frozenset({"0076-feel-external-java"})  #: functions from outside, which are refused on purpose
TOLERANCE = Decimal("1e-8")  #: of numbers, as other runners have it
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """Of one test case. `reason`: why it failed; empty when it passed."""

    level: str
    folder: str
    case: str
    reason: str = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--path", type=Path, default=FOLDER, help=f"folder of the kit (default: {FOLDER})")
    parser.add_argument("--report", type=Path, default=REPORT, help=f"file for what failed (default: {REPORT})")


def measure(path: Path = FOLDER, report: Path = REPORT) -> list[Measure]:
    """Exits with a sentence when there are no test cases."""
    outcomes = list(examine(path))
    if not outcomes:
        sys.exit(f"There are no test cases in {path}.")
    write(report, outcomes)
    return [measured for level, name in LEVELS.items() for measured in _share(name, level, outcomes)]


def examine(path: Path) -> Iterator[Outcome]:
    """Every test case, in the order of the folders. A folder outside of the levels counts for level 3."""
    for file in sorted(path.rglob("*.xml")):
        if file.parent.name not in LEFT_OUT and b"testCases" in file.read_bytes():
            yield from _examine_file(file)


def _examine_file(file: Path) -> Iterator[Outcome]:
    root = etree.parse(file).getroot()
    level = next((part for part in file.parts if part in LEVELS), "compliance-level-3")
    model = _read(file.parent, (root.findtext("{*}modelName") or "").strip())
    for number, case in enumerate(root.iterfind("{*}testCase"), 1):
        name = case.get("id") or str(number)
        reason = model if isinstance(model, str) else _reason(model, case)
        yield Outcome(level=level, folder=file.parent.name, case=f"{file.stem}:{name}", reason=reason)


def _read(folder: Path, name: str) -> Model | str:
    """The model with all files that lie beside it, or why there is none. A text in it that cannot be read is null, as
    the kit wants it."""
    problems = Problems()
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
    models = reading.read_set(files, frozenset(), problems)
    told = [one.sentence for one in problems.found if one.level == "error" and one.file == name]
    return models[name] if name in models else f"no model {name}: {'; '.join(told)}"


def _reason(model: Model, case: Any) -> str:
    try:
        return "; ".join(_differences(model, case))
    except Exception as crash:  # a case that breaks the evaluation has failed, and says how; nothing is kept of it
        return f"{type(crash).__name__}: {crash}"


# -------------------------------------------------------------------------------------------------------------- asking
def _differences(model: Model, case: Any) -> Iterator[str]:
    given = {(node.get("name"), node.get("namespace") or ""): value_of(node) for node in case.iterfind("{*}inputNode")}
    for node in case.iterfind("{*}resultNode"):
        expected = node.find("{*}expected")
        wanted = None if expected is None else value_of(expected)
        answer = _ask(model, case, node, given)
        if not same(answer.value, wanted):
            told = "; ".join(reason.sentence for reason in answer.reasons[:2])
            yield f"{node.get('name')}: expected {shown(wanted)}, was {shown(answer.value)} ({told})"


def _ask(model: Model, case: Any, node: Any, given: Mapping[tuple[str, str], Any]) -> evaluation.Answer:
    """Input nodes are input data or decisions by name; what is neither is a parameter or another name."""
    told: dict[str, Any] = {}
    names: dict[str, Any] = {}
    for (name, namespace), value in given.items():
        names[name] = value
        if (element := _find(model, name, namespace or model.namespace, (InputData, Decision))) is not None:
            told[element] = value
    asked = node.get("name") if case.get("type", "decision") == "decision" else case.get("invocableName")
    space = node.get("namespace") or case.get("namespace") or model.namespace
    element = _find(model, asked, space, (Decision, Knowledge))
    if element is None:
        return evaluation.Answer(value=None, reasons=[], steps=[])
    answer = evaluation.answer(model, element, names, {}, told)
    found = model.elements[element]
    if isinstance(found, Decision) and isinstance(found.logic, Service) and len(found.logic.outputs) > 1:
        parts = answer.value if isinstance(answer.value, dict) else {}
        return dataclasses.replace(answer, value=parts.get(node.get("name"), answer.value))
    return answer


def _find(model: Model, name: str, namespace: str, kinds: tuple[type, ...]) -> str | None:
    """An element by the name that it or its variable has; of another file where this one has none."""
    found = [
        (element, one)
        for element, one in model.elements.items()
        if isinstance(one, kinds) and name in (one.name, one.variable)
    ]
    own = [element for element, one in found if one.namespace == namespace]
    return next(iter([*own, *(element for element, _ in found)]), None)


# ------------------------------------------------------------------------------------------------------------- values
def value_of(node: Any) -> Any:
    """Of an element of valueType (testCases.xsd)."""
    components = list(node.iterchildren("{*}component"))
    if components:
        return {one.get("name"): value_of(one) for one in components}
    listed = node.find("{*}list")
    if listed is not None:
        return None if _is_nil(listed) else [value_of(one) for one in listed.iterchildren("{*}item")]
    value = node.find("{*}value")
    return None if value is None or _is_nil(value) else _read_value(value)


def _is_nil(node: Any) -> bool:
    return node.get(NIL) in ("true", "1")


def _read_value(node: Any) -> Any:
    text, kind = node.text or "", (node.get(TYPE) or "string").rpartition(":")[2]
    if kind == "string":
        return text
    if kind == "boolean":
        return text.strip() in ("true", "1")
    name = _READERS.get(kind, "number")
    try:
        return BUILTINS[name].call(None, text.strip())
    except Unfit as wrong:
        raise ValueError(f"{text!r} is no {kind}: {wrong}") from wrong


_READERS = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}


def same(value: Any, wanted: Any) -> bool:
    """Numbers to within TOLERANCE, contexts whatever the order of their entries."""
    if isinstance(wanted, Decimal) and isinstance(value, Decimal):
        return abs(value - wanted) <= TOLERANCE * max(Decimal(1), abs(wanted))
    if isinstance(wanted, list) and isinstance(value, list):
        return len(value) == len(wanted) and all(same(a, b) for a, b in zip(value, wanted, strict=True))
    if isinstance(wanted, Mapping) and isinstance(value, Mapping):
        return value.keys() == wanted.keys() and all(same(value[name], wanted[name]) for name in wanted)
    if value is None or wanted is None:
        return value is wanted
    return type(value) is type(wanted) and (value == wanted or operators.equal(value, wanted) is True)


def shown(value: Any) -> str:
    return repr(value)[:160]


# ------------------------------------------------------------------------------------------------------------ figures
def _share(name: str, level: str, outcomes: Sequence[Outcome]) -> Iterator[Measure]:
    counted = [outcome for outcome in outcomes if outcome.level == level]
    if counted:
        share = sum(not outcome.reason for outcome in counted) / len(counted)
        yield Measure(name=name, value=share, unit="", better="higher", target=TARGETS[name])
        yield Measure(name=f"{name.removesuffix(' share')} cases", value=len(counted), unit="", better="higher")


def write(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Passed of total by folder, then each failure with its reason. Its name goes to stderr."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folders: dict[tuple[str, str], list[Outcome]] = collections.defaultdict(list)
    for outcome in outcomes:
        folders[outcome.level, outcome.folder].append(outcome)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\")
        writer.writerow(["level", "folder", "case", "passed", "total", "reason"])
        for (level, folder), found in folders.items():
            writer.writerow([level, folder, "", sum(not one.reason for one in found), len(found), ""])
            writer.writerows(
                [level, folder, one.case, "", "", " ".join(one.reason.split())] for one in found if one.reason
            )
    print(f"passed of total, failures and reasons: {path}", file=sys.stderr)
