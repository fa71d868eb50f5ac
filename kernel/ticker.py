"""The ticker: once a second every worker asks each owner of due rows to do what is due.

APScheduler only beats; the rows are the owners'. An owner claims its due rows with FOR UPDATE SKIP LOCKED in a unit of
work of its own, so any number of workers share the work and nothing happens twice.
"""

import logging
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

INTERVAL = 1.0  #: seconds

_owners: dict[str, Callable[[], object]] = {}


def register(name: str, function: Callable[[], object]) -> None:
    """`function` is called at each beat; it opens its own unit of work."""
    _owners[name] = function


def tick() -> None:
    """One beat. An owner that fails is logged and does not keep the others from their work."""
    for name, function in _owners.items():
        try:
            function()
        except Exception:
            log.exception("ticker: %s failed", name)


def start() -> BackgroundScheduler:
    """Beats in a thread of this process until `shutdown()` is called on what is returned."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat left out while one is at work is no news
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(tick, "interval", seconds=INTERVAL, coalesce=True, max_instances=1)
    scheduler.start()
    return scheduler
