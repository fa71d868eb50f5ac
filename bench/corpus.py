"""What the engine makes of models written by others: each runs as drawn or is refused with a reason; nothing is lost.

The folder holds `operaton/` (with expected.tsv: what Operaton makes of each file), `miwg/` and `scenarios/` (run.py and
its JSON files), or is itself a folder of models. Every file is read as `deploy` would read it, alone, and then compared
with what was drawn. Refusals, with their reasons, and what is taken here and refused there stand in the report.
"""

import argparse
import csv
import dataclasses
import importlib
import importlib.util
import json
import re
import sys
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from lxml import etree

import engine.functions
import engine.jobs  # noqa: F401 - both register what diagrams use
from bench.measure import Measure
from engine import file_sets, starting
from engine.bpmn import comparison
from engine.bpmn.reading import ReadProcess
from engine.errors import CannotProceed

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpus"
GROUPS = ("operaton", "miwg")
MODELS = (".bpmn", ".bpmn20.xml", ".dmn", ".dmn11.xml")
RUNS, REFUSED, LOST = "runs", "refused", "lost"
DECLARES = re.compile(rb'<(?:\w+:)?(?:process|decision)\b[^>]*\bid="([^"]+)"')
NAMES = re.compile(rb'(?:decisionRef|calledElement)="([^"${}]+)"')
BOUND = re.compile(rb'(?:decisionRef|calledElement)Binding="deployment"')
SHARE = 0.95  #: of what Operaton takes and what needs no code from outside

#: why we take what Operaton refuses: part of its reason -> ours
ALLOWED = {
    "must have an id, activity with id": "BPMN needs no id of a flow; one is given.",
    "same condition": "BPMN lets several conditions start an instance each.",
    'this.input" is null': "camunda:errorEventDefinition is for Java; the task waits for its machine without it.",
    "should only be attached to a subprocess": "BPMN attaches escalations to every activity.",
    "escalation code and another": "BPMN has no such rule: the more exact one catches.",
    "Invalid message name": "Names by expression are worked out when the diagram is deployed.",
    "duplicate signal name": "BPMN tells signals apart by id; both mean the same one.",
    "more than one signal event subscription": "A signal starts as many instances as are drawn.",
    "outputParameter not allowed for multi-instance": "A rule of Operaton: each element writes when it is done.",
    "is not a valid number": "Jobs have no priorities here.",
    'has more than "10,000" attributes': "A limit of Java's reader.",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one file. `expected`: its row of expected.tsv, if there is one."""

    group: str
    file: str
    outcome: str
    reasons: Sequence[str]
    expected: Mapping[str, str]

    @property
    def counts(self) -> bool:
        """Operaton takes it, it needs nothing that is not in it, and it is not optional."""
        row = self.expected
        return row.get("operaton") == "accepted" and not row.get("needs") and not row.get("optional")

    @property
    def is_ours_alone(self) -> bool:
        return self.outcome == RUNS and self.expected.get("operaton") == "rejected"

    @property
    def our_reason(self) -> str:
        """Why it runs here though Operaton refuses it; empty when nobody has said so yet."""
        remark = self.expected.get("remark", "")
        return next((ours for theirs, ours in ALLOWED.items() if theirs in remark), "")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--path", type=Path, default=FOLDER, help=f"folder of models (default: {FOLDER})")
    parser.add_argument("--report", type=Path, help="file for every refusal with its reason (default: a new one)")


def measure(path: Path = FOLDER, report: Path | None = None) -> list[Measure]:
    """Exits with a sentence when there are no models."""
    folders = [path / name for name in GROUPS if (path / name).is_dir()] or [path]
    outcomes = [outcome for folder in folders for outcome in examine(folder)]
    if not outcomes:
        sys.exit(f"There are no models in {path}.")
    write(report or Path(tempfile.mkstemp(prefix="moc-corpus-", suffix=".tsv")[1]), outcomes)
    found = [measured for folder in folders for measured in _of_group(folder.name, outcomes)]
    return [*found, *_share(outcomes), *_scenarios(path / "scenarios")]


# ------------------------------------------------------------------------------------------------------------- reading
def examine(folder: Path) -> Iterator[Outcome]:
    """Every model under the folder, in the order of its names."""
    expected = _expected(folder / "expected.tsv")
    paths = sorted(path for path in folder.rglob("*") if path.name.endswith(MODELS))
    homes = _homes(paths)
    for path in paths:
        file = path.relative_to(folder).as_posix()
        outcome, reasons = read(path.name, path.read_bytes(), _companions(path, homes))
        row = expected.get(file, {})
        yield Outcome(group=folder.name, file=file, outcome=outcome, reasons=reasons, expected=row)


def _homes(paths: Iterable[Path]) -> dict[str, list[Path]]:
    """Key of a process or decision -> the files that have it."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        for key in set(DECLARES.findall(path.read_bytes())):
            found.setdefault(key.decode(), []).append(path)
    return found


def _companions(path: Path, homes: Mapping[str, Sequence[Path]]) -> dict[str, bytes]:
    """What must be deployed with a model that binds by deployment: the nearest small file that has what it names."""
    data = path.read_bytes()
    names = {name.decode() for name in NAMES.findall(data)} if BOUND.search(data) else set()
    found = (
        min(homes[name], key=lambda home: (home.parent != path.parent, home.stat().st_size, home))
        for name in sorted(names & homes.keys())
    )
    return {companion.name: companion.read_bytes() for companion in found if companion != path}


def read(name: str, data: bytes, companions: Mapping[str, bytes]) -> tuple[str, Sequence[str]]:
    """Outcome and reasons of one file. What crashes the reader counts as lost."""
    try:
        found = file_sets.read({name: data, **companions}, None)
        processes = found.processes
        errors = [f"{p.line}: {p.element_id}: {p.sentence}" for p in found.problems if p.level == "error"]
        lost = [error for error in errors if comparison.MARK in error]
        if not errors:
            lost, errors = list(_lost(data, processes)), list(_unscheduled(processes))
    except Exception as crash:  # a crash is what this looks for
        return LOST, [f"{type(crash).__name__}: {crash}"]
    if lost:
        return LOST, lost
    return (REFUSED, errors) if errors else (RUNS, [])


def _lost(data: bytes, processes: Mapping[str, ReadProcess]) -> Iterator[str]:
    """Asked here again, for all processes of the file that may be started."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    for process in root.iter(f"{comparison.BPMN}process"):
        read_process = processes.get(process.get("id") or "")
        if read_process is not None:
            yield from (f"{n.sourceline}: {sentence}" for n, sentence in comparison.lost(process, read_process.spec))
        elif process.get("isExecutable", "true") == "true":
            yield f"{process.sourceline}: process {process.get('id')}"


def _unscheduled(processes: Mapping[str, ReadProcess]) -> Iterator[str]:
    """Start timers are reckoned at deployment."""
    for process in processes.values():
        try:
            starting.start_events(process.spec, uuid.UUID(int=0))
        except CannotProceed as wrong:
            yield f"0: {process.key}: {wrong}"


def _expected(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"]: {key: value or "" for key, value in row.items() if key} for row in rows}


# ------------------------------------------------------------------------------------------------------------ figures
def _of_group(name: str, outcomes: Sequence[Outcome]) -> Iterator[Measure]:
    for outcome, better, target in ((RUNS, "higher", None), (REFUSED, "lower", None), (LOST, "lower", 0.0)):
        number = sum(o.group == name and o.outcome == outcome for o in outcomes)
        yield Measure(name=f"{name} {outcome}", value=number, unit="files", better=better, target=target)  # type: ignore[arg-type]


def _share(outcomes: Sequence[Outcome]) -> Iterator[Measure]:
    counted = [outcome for outcome in outcomes if outcome.counts]
    if counted:
        share = sum(outcome.outcome == RUNS for outcome in counted) / len(counted)
        yield Measure(name="operaton runs share", value=share, unit="", better="higher", target=SHARE)
        alone = sum(outcome.is_ours_alone for outcome in outcomes)
        yield Measure(name="operaton rejects, we run", value=alone, unit="files")


def _scenarios(folder: Path) -> Iterator[Measure]:
    """Played by the adapter of the tests, saved and loaded before every step."""
    files = sorted(folder.glob("[0-9]*.json"))
    if not (folder / "run.py").is_file() or not files:
        return
    runner = load_runner(folder)
    adapter = importlib.import_module("tests.engine.scenario_engine").ScenarioEngine
    told = [runner.play(json.loads(file.read_text(encoding="utf-8")), lambda: adapter(runner))[0] for file in files]
    passed = float(told.count("passed"))
    yield Measure(name="scenarios passed", value=passed, unit="", better="higher", target=float(len(files)))


def load_runner(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("scenario_runner", folder / "run.py")
    if spec is None or spec.loader is None:
        raise ImportError(folder / "run.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["scenario_runner"] = module
    spec.loader.exec_module(module)
    return module


# ------------------------------------------------------------------------------------------------------------- report
def write(path: Path, outcomes: Sequence[Outcome]) -> None:
    """One line a reason: what was refused or lost, then what we take and Operaton does not. Its name goes to stderr."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\")
        writer.writerow(["group", "file", "outcome", "operaton", "needs", "counts", "reason"])
        for outcome in outcomes:
            for reason in _told(outcome):
                row = outcome.expected
                told = [row.get("operaton", ""), row.get("needs", ""), "yes" if outcome.counts else ""]
                writer.writerow([outcome.group, outcome.file, outcome.outcome, *told, " ".join(reason.split())])
    print(f"refusals and reasons: {path}", file=sys.stderr)


def _told(outcome: Outcome) -> Sequence[str]:
    if not outcome.is_ours_alone:
        return outcome.reasons
    return [f"{outcome.our_reason} Operaton: {outcome.expected.get('remark', '')}"]
