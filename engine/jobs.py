"""What runs beside requests: on each beat what is due, in the queue the jobs of instances.

Imported once by the wiring of a process, which registers all of it.
"""

import datetime as dt
import time
import uuid

from directory import queries
from directory.actors import Actor, machine
from engine import deliveries
from engine.operations import cleaning, external, migrations, sending, suspension, timers
from engine.operations import jobs as operations
from engine.operations.actions import forget_rewinds
from kernel import clock, db, jobs, ticker

FORGET_EVERY = 3600.0  #: seconds between two clean-ups of old keys, and of what nobody can take back any more

_forgotten_at: float | None = None
_cleaned_on: dt.date | None = None


@jobs.job(sending.WORK, alone=True)
def work(job_id: str = "", instance_id: str = "") -> None:
    if instance_id:
        operations.work_off(uuid.UUID(instance_id))
    else:
        operations.run_job(uuid.UUID(job_id))


@jobs.job("engine.broadcast_signal")
def broadcast_signal(organization_id: str, signal: str) -> None:
    """What the version before 0011 has left in the queue; nothing defers it any more."""
    sending.queue(sending.insert(sending.signals(uuid.UUID(organization_id), signal, {})))


@jobs.job("engine.migrate_instances", alone=True)
def migrate_instances(migration_id: str) -> None:
    migrations.work_off(uuid.UUID(migration_id))


@jobs.job("engine.wake_instance")
def wake_instance(instance_id: str) -> None:
    suspension.wake(uuid.UUID(instance_id))


def forget_now_and_then() -> None:
    global _forgotten_at  # noqa: PLW0603 - one ticker a process
    if _forgotten_at is None or time.monotonic() - _forgotten_at >= FORGET_EVERY:
        _forgotten_at = time.monotonic()
        forget_rewinds()
        while deliveries.forget_old() == deliveries.BATCH:
            continue


def clean_history() -> int:
    """Once a day: what is past its time to live, in short transactions; returns how many instances went."""
    global _cleaned_on  # noqa: PLW0603 - one ticker a process
    if _cleaned_on == clock.today():
        return 0
    with db.reading():
        actors = [machine(organization.id) for organization in queries.list_organizations()]
    gone = sum(_clean(actor) for actor in actors)
    _cleaned_on = clock.today()
    return gone


def _clean(actor: Actor) -> int:
    gone = 0
    while True:
        with db.unit_of_work():
            cleaned = cleaning.clean_history(actor=actor)
        gone += cleaned.instances
        if cleaned.instances < cleaning.BATCH:
            return gone


ticker.register("engine.timers", timers.fire_due_timers)
ticker.register("engine.jobs", operations.hand_over_due_jobs)
ticker.register("engine.external_tasks", external.offer_due_external_tasks)
ticker.register("engine.deliveries", forget_now_and_then)
ticker.register("engine.clean_history", clean_history)
