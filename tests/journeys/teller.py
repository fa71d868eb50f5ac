"""Tells a process step by step, as people would: each sees what is offered, does one thing, and the jobs run."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from directory.actors import Actor
from documents import operations as documents
from engine import inbox, operations, specs
from engine.models import Task
from kernel import clock, db, jobs


@dataclasses.dataclass
class Teller:
    """`url`: of the database, for the jobs. Between two steps nothing of the engine stays in memory."""

    actor: Callable[[str], Actor]
    url: str

    def offered(self, who: str, *, at: dt.datetime | None = None) -> dict[str, Task]:
        """Element id → the task this person is offered."""
        with clock.set_to(at or clock.now()), db.reading():
            return {task.element_id: task for task in inbox.list_my_tasks(self.actor(who))}

    def complete(self, who: str, element: str, at: dt.datetime, **values: Any) -> Task:
        """The person finds the task, claims it where it is offered to several, and completes it at this moment."""
        task = self._take(who, element, at)
        with clock.set_to(at), db.unit_of_work():
            done = operations.complete_task(task.id, values, actor=self.actor(who))
        self.run_jobs(at)
        return done

    def submit_draft(self, who: str, at: dt.datetime, **values: Any) -> Task:
        task = self._take(who, "Task_draft", at)
        with clock.set_to(at), db.unit_of_work():
            done = documents.submit_draft(task.id, values, actor=self.actor(who))
        self.run_jobs(at)
        return done

    def sign(self, who: str, at: dt.datetime, *, pin: str) -> Task:
        task = self._take(who, "Task_sign", at)
        with clock.set_to(at), db.unit_of_work():
            done = documents.sign_document(task.id, {"outcome": "sign"}, pin=pin, actor=self.actor(who))
        self.run_jobs(at)
        return done

    def run_jobs(self, at: dt.datetime) -> None:
        with clock.set_to(at):
            jobs.run_waiting(self.url)

    def _take(self, who: str, element: str, at: dt.datetime) -> Task:
        specs.forget_all()
        offered = self.offered(who, at=at)
        assert element in offered, f"{who} is offered {sorted(offered)}, not {element}"
        task = offered[element]
        if task.assignee_id is None:
            with clock.set_to(at), db.unit_of_work():
                task = operations.claim_task(task.id, actor=self.actor(who))
        return task
