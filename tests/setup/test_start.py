"""The whole product as its users start it: ready, alone on its data, gone without a trace, back after a kill."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest

from kernel.postgres import Server
from tests.conftest import quick_folder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  #: seconds; generous, for a busy machine
LEFT_OUT = ("DATABASE_URL", "MOC_PORT", "MOC_SECRET_KEY", "MOC_DEMO")


@pytest.fixture(scope="module")
def data():
    """A data folder for all tests of this file: the first start fills it."""
    with quick_folder() as place:
        yield place


@pytest.fixture(scope="class")
def product(data):
    with running(data) as started:
        yield started


class Started:
    """A running product and what it has said so far."""

    def __init__(self, process, log):
        self.process = process
        self.log = log
        self.address = until(self._find_address)

    def _find_address(self):
        assert self.process.poll() is None, self.log.read_text()
        found = re.search(r"http://\S+", self.log.read_text())
        return found and found.group()

    def get(self, path=""):
        """The status, or None when nobody answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return None


@contextlib.contextmanager
def running(data, *arguments):
    log = data / "out.log"
    log.write_text("")
    with log.open("a") as output:
        process = subprocess.Popen(command(*arguments), env=environment(data), cwd=ROOT, stdout=output, stderr=output)
    try:
        yield Started(process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def command(*arguments):
    return [sys.executable, str(ROOT / "supervisor.py"), *arguments]


def environment(data):
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return {**kept, "MOC_DATA": str(data), "MOC_PORT": "0"}


def run(data, *arguments):
    return subprocess.run(command(*arguments), env=environment(data), capture_output=True, text=True, check=False)


def until(probe):
    """What the probe finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := probe()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


def postmaster(data):
    """The process id of the database server, or None between two of them."""
    try:
        return int((data / "pg" / "data" / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError):
        return None


def processes_of(data):
    """Everything that runs on this data folder."""
    mark, found = str(data).encode(), []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (place / "environ").read_bytes() or mark in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


def test_a_start_until_ready_leaves_nothing_running(data):
    done = run(data, "--until-ready")

    assert done.returncode == 0, done.stdout + done.stderr
    assert processes_of(data) == []


def sealed_all(counts):
    return counts if counts[0] == counts[1] else None


class TestRunning:
    """One product for all of these."""

    def test_the_start_page_and_the_accounts_are_told(self, product):
        assert product.get() == 200
        assert "moc-demo-2026" in product.log.read_text()

    def test_a_second_product_on_the_same_data_says_so_and_ends(self, data, product):
        second = run(data)

        assert second.returncode == 1
        assert product.address in second.stdout

    def test_the_worker_seals_the_audit_trail(self, data, product):
        with psycopg.connect(Server(data / "pg").url, autocommit=True) as connection:
            query = "SELECT count(*), (SELECT count(*) FROM audit_seals) FROM audit_entries"
            written, _ = until(lambda: sealed_all(connection.execute(query).fetchone()))

        assert written > 0  # the shipped processes were deployed

    def test_the_command_line_asks_the_running_product(self, data, product):
        done = subprocess.run(
            [sys.executable, "-m", "webapp.cli", "verify-audit"],
            env=environment(data),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.returncode, done.stderr) == (0, "")
        assert "UBND-MC: nguyên vẹn" in done.stdout

    def test_the_web_recovers_when_the_database_was_killed(self, data, product):
        pid = postmaster(data)
        os.kill(pid, signal.SIGKILL)

        until(lambda: postmaster(data) not in (None, pid))  # connections of the old one answer a moment longer
        until(lambda: product.get("health/ready") == 200)
        assert product.get() == 200
        assert product.process.poll() is None


def test_stopping_leaves_nothing_running(data):
    with running(data) as product:
        stopped = run(data, "stop")

        assert stopped.returncode == 0
        assert product.process.wait(PATIENCE) == 0
    assert processes_of(data) == []


def test_after_a_kill_of_the_supervisor_the_next_start_takes_over(data):
    with running(data) as product:
        product.process.kill()
        product.process.wait(PATIENCE)

    done = run(data, "--until-ready")

    assert done.returncode == 0, done.stdout + done.stderr
    assert until(lambda: processes_of(data) == [])


def test_a_setting_that_cannot_be_used_is_named(data):
    done = subprocess.run(
        command(), env={**environment(data), "MOC_THREADS": "many"}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "MOC_THREADS=many" in done.stdout


def test_fresh_deletes_nothing_of_a_database_that_is_not_ours(data):
    told = {**environment(data), "DATABASE_URL": "postgresql://somewhere/else"}

    done = subprocess.run(command("--fresh", "--yes"), env=told, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert (data / "pg" / "data").exists()
