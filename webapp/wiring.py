"""Brings in what registers itself: service tasks, listeners, jobs and what the ticker asks, of every package.

A diagram names a service task and a package announces an event without knowing who answers; whoever answers must have
been imported. Web, worker and tests call `wire` once.
"""

import importlib
import importlib.util
import logging
import time

import config
from documents import issuing
from engine import retries
from kernel import audit, clock, db, files, ticker

PACKAGES = (
    "directory",
    "engine",
    "documents",
    "deadlines",
    "notices",
)  #: lower before higher: listeners are called in this order
EDGES = ("functions", "service_tasks", "listeners", "jobs")  #: the files of a package that register something
SEAL_EVERY = 3.0  #: seconds between two sealings of the audit trail

_sealed_at: float | None = None


def configure(settings: config.Settings) -> None:
    """Points this process at its database, store, keys and clock, and wires it."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    db.configure(settings.database_url)
    files.configure(settings.files_dir)
    issuing.configure(settings.ca_dir, seal_pin=settings.seal_pin)
    clock.follow_file(settings.test_clock)
    if settings.retry:
        retries.configure(settings.retry)
    wire()


def wire() -> None:
    """Imports the edges of all packages. Calling it again does nothing."""
    for package in PACKAGES:
        for edge in EDGES:
            name = f"{package}.{edge}"
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
    ticker.register("audit.seal", _seal_now_and_then)


def _seal_now_and_then() -> None:
    """At the start whatever waits: nobody may have worked here for days. Then what is new."""
    global _sealed_at  # noqa: PLW0603 - one ticker a process
    first = _sealed_at is None
    if _sealed_at is None or time.monotonic() - _sealed_at >= SEAL_EVERY:
        _sealed_at = time.monotonic()
        while audit.seal_pending(everything=first) == audit.BATCH:
            continue
