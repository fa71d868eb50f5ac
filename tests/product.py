"""The whole product in a data folder of its own, served by its real supervisor, at a time of the test's choosing."""

import contextlib
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
PATIENCE = 120.0  #: seconds; generous, for a busy machine
NOT_OURS = ("DATABASE_URL", "MOC_PORT", "MOC_SECRET_KEY", "MOC_DEMO", "MOC_SEAL_PIN")


class Product:
    """`start`, then it answers at `address`; `kill` is kill -9 of every process of the product but the database."""

    def __init__(self, data: Path, now: dt.datetime, settings: Mapping[str, str] | None = None) -> None:
        self.data = data
        self._settings = settings or {}
        self.clock = data / "clock"
        self.set_clock(now)
        self.address = ""
        self._process: subprocess.Popen[bytes] | None = None

    def set_clock(self, now: dt.datetime) -> None:
        """The product's time goes on from here, in every process, at once."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(now.isoformat(), encoding="ascii")
        fresh.replace(self.clock)

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        environment |= {
            "MOC_DATA": str(self.data),
            "MOC_PORT": "0",
            "MOC_TEST_CLOCK": str(self.clock),
            "MOC_SAMPLES": "0",
            **self._settings,
        }
        with (self.data / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "supervisor.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self.address = until(self._find_address, told=self.log)
        until(self._answers, told=self.log)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(PATIENCE)

    def kill(self) -> None:
        """Nobody gets to say goodbye: the supervisor, the web and the worker with their children."""
        assert self._process is not None
        victims = [self._process.pid, *descendants(self._process.pid, but="postgres")]
        for victim in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        self._process.wait(PATIENCE)

    @property
    def pid(self) -> int:
        """Of the supervisor."""
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        return (self.data / "log").read_text(encoding="utf-8", errors="replace")

    def _find_address(self) -> str:
        assert self._process is not None
        assert self._process.poll() is None, self.log()
        told = (self.data / "run" / "lock").read_text().split() if (self.data / "run" / "lock").exists() else []
        return told[1] if len(told) == 2 and told[0] == str(self._process.pid) else ""

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=10) as answer:  # noqa: S310 - our own server
                return bool(answer.status == 200)
        except OSError:
            return False


@contextlib.contextmanager
def served(now: dt.datetime, **settings: str) -> Iterator[Product]:
    """A product with the demo agency, founded at this moment; gone afterwards. `settings`: MOC_… of its environment."""
    data = Path(tempfile.mkdtemp(prefix="moc-test-"))
    data.chmod(0o711)
    product = Product(data, now, settings)
    try:
        product.start()
        yield product
    finally:
        product.stop()
        shutil.rmtree(data, ignore_errors=True)


def until(look: Callable[[], T], *, told: Callable[[], str] = str) -> T:
    """Looks again and again until there is something to see; `told` says more when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not (seen := look()):
        assert time.monotonic() < deadline, f"the product takes too long\n{told()[-5000:]}"
        time.sleep(0.05)
    return seen


def descendants(pid: int, *, but: str = "") -> list[int]:
    """Processes started by this one, and by those, without the ones of this name (nor theirs)."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{child}/comm").read_text().strip() != but:
                found += [int(child), *descendants(int(child), but=but)]
    return found
