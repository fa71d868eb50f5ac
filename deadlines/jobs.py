"""What the ticker asks of deadlines once a second."""

from deadlines.operations import fire_due_alerts
from kernel import ticker

ticker.register("deadlines.fire_due_alerts", fire_due_alerts)
