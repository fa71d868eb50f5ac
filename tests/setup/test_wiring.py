"""What runs beside requests without being asked."""

from collections.abc import Callable

import pytest

from directory.actors import Actor
from kernel import audit, db
from webapp import wiring


def test_a_worker_that_was_away_for_days_seals_what_it_finds(
    actor: Callable[[str], Actor], superuser: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = actor("van-thu")
    with db.unit_of_work():
        audit.record(clerk, "test:do", "thing", 1)
    superuser("UPDATE audit_entries SET written_at = written_at - interval '3 days'")
    monkeypatch.setattr(wiring, "_sealed_at", None)

    wiring._seal_now_and_then()

    with db.reading():
        report = audit.verify_chain(clerk.organization_id)
    assert (report.intact, report.sealed, report.pending) == (True, 1, 0)
