"""The job queue (Procrastinate): deferred inside the caller's own transaction, run by the worker at least once.

A job is a function registered by name. It runs in a unit of work of its own, so its effect and the mark that it was
done commit together with whatever idempotency key it writes. `alone` jobs open their units themselves, because they
ask somebody outside (a timestamp authority, another agency) between two of them.
"""

import asyncio
import functools
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import procrastinate
from procrastinate import connector
from procrastinate import jobs as procrastinate_jobs

from kernel import db

log = logging.getLogger(__name__)

STALLED_AFTER = 15  #: seconds without a heartbeat after which another worker takes a job over

_plain = procrastinate.SyncPsycopgConnector()  # never opened: jobs are deferred on the caller's connection
_app = procrastinate.App(connector=_plain)


class _WorkerConnector(procrastinate.PsycopgConnector):
    """The worker's own connections; a job that defers another does so in its transaction, as everywhere else."""

    def get_sync_connector(self) -> connector.BaseConnector:
        return _plain


def job(name: str, *, attempts: int = 5, wait: int = 5, alone: bool = False) -> Callable[[Callable[..., None]], Any]:
    """Registers a function as the job `name`; on an exception it is tried again after `wait` s, doubling."""
    retry = procrastinate.RetryStrategy(max_attempts=attempts, wait=wait, exponential_wait=2)

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            if alone:
                function(**arguments)
            else:
                with db.unit_of_work():
                    function(**arguments)

        _app.task(name=name, retry=retry)(run)
        return function

    return register


def defer(name: str, *, after_seconds: int = 0, once: str | None = None, **arguments: Any) -> None:
    """Queues a job in the current transaction. `once`: no second waiting job with this key (silently left out)."""
    options: dict[str, Any] = {"connection": db.raw_connection(), "queueing_lock": once}
    if after_seconds:
        options["schedule_in"] = {"seconds": after_seconds}
    deferrer = _app.configure_task(name, allow_unknown=False, **options)
    if once is not None and _waits(once):
        return
    deferrer.defer(**arguments)


def defer_all(name: str, arguments: Iterable[Mapping[str, Any]]) -> None:
    """Queues several jobs of one name in the current transaction by one statement."""
    deferrer = _app.configure_task(name, allow_unknown=False)
    made = [deferrer.make_new_job(**told) for told in arguments]
    if made:
        _app.job_manager.batch_defer_jobs(made, connection=db.raw_connection())


def _waits(lock: str) -> bool:
    row = db.connection().exec_driver_sql(
        "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", (lock,)
    )
    return row.first() is not None


@_app.periodic(cron="* * * * * */5")
@_app.task(name="kernel.retry_stalled", queueing_lock="kernel.retry_stalled", pass_context=True)
async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """A job whose worker was killed is given to another."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job %s stalled, is tried again", stalled.id)
        await manager.retry_job(stalled)


def run_worker(url: str, *, concurrency: int = 4) -> None:
    """Blocks and runs jobs until the process is told to stop (SIGTERM, SIGINT)."""
    asyncio.run(_work(url, concurrency=concurrency, wait=True, install_signal_handlers=True))


def run_waiting(url: str) -> None:
    """Runs what is due now and returns: for tests and scripts."""
    asyncio.run(_work(url, concurrency=1, wait=False, install_signal_handlers=False, listen_notify=False))


async def _work(url: str, **options: Any) -> None:
    own = _WorkerConnector(conninfo=url, min_size=1, max_size=4)
    with _app.replace_connector(own):  # in place: the tasks, and so the periodic ones, know only this app
        async with _app.open_async():
            await _app.run_worker_async(delete_jobs=procrastinate_jobs.DeleteJobCondition.SUCCESSFUL, **options)
