"""Other engines on the same processes in the same run, each in an installation of its own beside the venv.

bpmn-engine (npm, needs Node): recovered from its state before each completion, its state taken after it, nothing made
durable. django-viewflow (PyPI): its flow written by hand, each completion one durable transaction. What cannot be
installed here is left out, and said so.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.measure import Measure

HERE = Path(__file__).parent
PROCESSES = HERE.parent / "processes"
INSTALLED = HERE.parents[1] / ".venv" / "peers"
ANSWERS = {
    "draft": [{"legal": True, "title": "Về việc nâng cấp hạ tầng"}],
    "approve": [{"approved": False}, {"approved": True}],
    "review": [{"verdict": "đồng ý"}],
}


def measures(url: str, linear: bytes, *, instances: int) -> list[Measure]:
    """`linear`: the process as BPMN; `url`: an empty database for the peer that has one."""
    found: list[Measure] = []
    for name, key, told in (
        ("bpmn-engine, not durable", "linear", _bpmn_engine(_written(linear), instances)),
        ("bpmn-engine, not durable", "document", _bpmn_engine(HERE / "document-js.bpmn", instances // 4 + 1)),
        ("django-viewflow", "linear", _viewflow(url, instances)),
    ):
        if told is not None:
            found += [
                Measure(name=f"{key}: {name}, completions", value=1e3 / told["wall"], unit="/s", better="higher"),
                Measure(name=f"{key}: {name}, CPU", value=told["cpu"], unit="ms"),
            ]
    return found


def feelin(expressions: Sequence[str], context: Mapping[str, Any]) -> Any:
    """Of each expression {"value", "micros"}; None where it cannot be installed."""
    return _node("feelin", "feelin.mjs", json.dumps(expressions), json.dumps(context))


def _bpmn_engine(process: Path, instances: int) -> Any:
    return _node("bpmn-engine", "bpmn_engine.mjs", str(process), str(instances), json.dumps(ANSWERS))


def _node(name: str, program: str, *arguments: str) -> Any:
    node, npm = (shutil.which(tool, path=_path()) for tool in ("node", "npm"))
    if node is None or npm is None:
        return _absent(name, "no Node here")
    if not (INSTALLED / "node_modules" / name).exists():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / file, INSTALLED / file)
        if _run([npm, "ci", "--silent"], INSTALLED).returncode:
            return _absent(name, "npm could not install it")
    shutil.copy(HERE / program, INSTALLED)  # it looks for its library beside itself
    return _answer([node, str(INSTALLED / program), *arguments])


def _viewflow(url: str, instances: int) -> Any:
    python = INSTALLED / "viewflow" / "bin" / "python"
    if not python.exists():
        made = _run([sys.executable, "-m", "venv", str(INSTALLED / "viewflow")])
        lock = str(HERE / "requirements-viewflow.txt")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        if made.returncode or _run([*pip, "-r", lock]).returncode:
            shutil.rmtree(INSTALLED / "viewflow", ignore_errors=True)
            return _absent("django-viewflow", "pip could not install it")
    return _answer([str(python), str(HERE / "viewflow_linear.py"), url, str(instances)])


def _written(linear: bytes) -> Path:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    file = INSTALLED / "linear.bpmn"
    file.write_bytes(linear)
    return file


def _answer(command: list[str]) -> Any:
    done = _run(command)
    if done.returncode:
        return _absent(command[1], done.stderr[-500:])
    return json.loads(done.stdout)


def _run(command: list[str], folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def _absent(name: str, why: str) -> None:
    print(f"{name} is not measured: {why}", file=sys.stderr)


def _path() -> str:
    """Node of the development lock before the machine's."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
