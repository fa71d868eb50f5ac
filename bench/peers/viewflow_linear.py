"""Completions of django-viewflow, each in one transaction under the process's lock. Prints one JSON object.

Arguments: address of the database, number of instances. Runs in the peer's own venv.
"""

import json
import statistics
import sys
import time

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

told, instances = conninfo_to_dict(sys.argv[1]), int(sys.argv[2])
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": told.get("host", ""),
            "PORT": told.get("port", ""),
            "NAME": told["dbname"],
            "USER": told["user"],
            "PASSWORD": told.get("password", ""),
        }
    },
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "viewflow",
        "viewflow.workflow",
        "linear_app",
    ],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after the set-up
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from linear_app.flows import LinearFlow  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402

call_command("migrate", verbosity=0)
clerk, _ = User.objects.get_or_create(username="clerk")
walls, cpus = [], []


def complete(process_id: int) -> bool:
    """The open task, if there is one: permission, lock, activation, history, next task."""
    with transaction.atomic():
        task = Task.objects.filter(process_id=process_id, status="ASSIGNED").first()
        if task is None:
            return False
        with task.activation() as activation:
            if not activation.flow_task.can_execute(clerk, task):
                raise PermissionError
            activation.start(None)
            activation.execute()
        return True


for _ in range(instances):
    process_id = LinearFlow.start.run().process.pk
    while True:
        wall, cpu = time.perf_counter(), time.process_time()
        if not complete(process_id):
            break
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
process_id = LinearFlow.start.run().process.pk
with CaptureQueriesContext(connection) as sent:
    complete(process_id)
print(
    json.dumps(
        {
            "completions": len(walls) / instances,
            "wall": statistics.median(walls) * 1e3,
            "cpu": statistics.mean(cpus) * 1e3,
            "statements": len(sent),
        }
    )
)
