"""How long the product takes to start, and what it holds then: an empty data folder first, then a second start."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Measure

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3  #: second starts; the median counts
PATIENCE = 120.0  #: seconds


def measure() -> list[Measure]:
    with _data_folder() as data:
        first, _ = _start(data)
        starts = sorted(_start(data) for _ in range(REPEATS))
    second, memory = starts[REPEATS // 2]
    return [
        Measure(name="first start (new database, demo agency)", value=first, unit="s", target=30.0),
        Measure(name="second start", value=second, unit="s", target=5.0),
        Measure(name="memory of all processes", value=memory, unit="MB", target=600.0),
    ]


@contextlib.contextmanager
def _data_folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="moc-bench-"))
    place.chmod(0o711)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def _start(data: Path) -> tuple[float, float]:
    """Seconds until the address is told, which is when the start page has answered; megabytes in use then."""
    environment = {**os.environ, "MOC_DATA": str(data), "MOC_PORT": "0"}
    environment.pop("DATABASE_URL", None)
    began = time.monotonic()
    product = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py")], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert product.stdout is not None  # noqa: S101 - for the type checker: a pipe was asked for
    for line in product.stdout:
        if re.search(r"http://\S+", line):
            break
    taken, memory = time.monotonic() - began, _memory(product.pid)
    product.send_signal(signal.SIGTERM)
    product.communicate(timeout=PATIENCE)
    return taken, memory


def _memory(root: int) -> float:
    """Megabytes of this process and all beneath it, shared pages counted once (PSS)."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    family, added = {root}, 1
    while added:
        children = {child for child, parent in parents.items() if parent in family} - family
        family, added = family | children, len(children)
    return sum(_pss(number) for number in family) / 1024


def _pss(number: int) -> int:
    """Kilobytes."""
    try:
        told = Path(f"/proc/{number}/smaps_rollup").read_text()
    except OSError:  # gone in the meantime
        return 0
    return int(re.findall(r"^Pss:\s+(\d+)", told, re.MULTILINE)[0])
