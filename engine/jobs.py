"""What runs beside requests: due timers on each beat, signals on their way to other instances.

Imported once by the wiring of a process, which registers both.
"""

import uuid

from engine.operations import messages, migrations, suspension, timers
from kernel import jobs, ticker

ticker.register("engine.timers", timers.fire_due_timers)


@jobs.job("engine.broadcast_signal")
def broadcast_signal(organization_id: str, signal: str) -> None:
    messages.broadcast_from_diagram(uuid.UUID(organization_id), signal)


@jobs.job("engine.migrate_instances", alone=True)
def migrate_instances(migration_id: str) -> None:
    migrations.work_off(uuid.UUID(migration_id))


@jobs.job("engine.wake_instance")
def wake_instance(instance_id: str) -> None:
    suspension.wake(uuid.UUID(instance_id))
