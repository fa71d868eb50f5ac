"""Processes in a real database."""

import collections
import dataclasses
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

import engine.functions
import engine.jobs  # noqa: F401 - both register what diagrams use
from bench import counting
from directory.actors import Actor
from directory.models import Organization
from engine import operations, queries, registry
from engine.models import ProcessDefinition, ProcessInstance, Task
from kernel import db, events, jobs
from tests.engine.acting import Acting

ActorOf = Callable[[str], Actor]


@dataclasses.dataclass
class Desk:
    """Deploys, starts and completes by demo username, each in a unit of work of its own."""

    actor: ActorOf
    organization_id: uuid.UUID

    def deploy(self, data: bytes, **more: bytes) -> list[ProcessDefinition]:
        resources = {"p.bpmn": data} | {name.replace("__", "."): content for name, content in more.items()}
        with db.unit_of_work():
            return operations.deploy(resources, actor=self.actor("phan-tich"))

    def start(self, key: str = "p", business_key: str = "", **variables: Any) -> ProcessInstance:
        with db.unit_of_work():
            return operations.start_instance(key, variables, actor=self.actor("van-thu"), business_key=business_key)

    def complete(self, element: str, who: str = "van-thu", **values: Any) -> Task:
        """The oldest open task with this element id."""
        task = next(task for task in self.open() if task.element_id == element)
        with db.unit_of_work():
            return operations.complete_task(task.id, values, actor=self.actor(who))

    def open(self) -> list[Task]:
        with db.reading():
            return sorted(queries.list_open_tasks(self.organization_id), key=lambda task: task.token)

    def names(self) -> list[str]:
        return [task.element_id for task in self.open()]

    def task(self, element: str) -> Task:
        (task,) = [task for task in self.open() if task.element_id == element]
        return task

    def state(self, instance: ProcessInstance) -> str:
        with db.reading():
            return queries.get_instance(instance.id).state

    def variables(self, instance: ProcessInstance) -> Mapping[str, Any]:
        with db.reading():
            return queries.get_variables(instance.id)

    def history(self, instance: ProcessInstance, kind: str) -> list[str]:
        with db.reading():
            return [line.element_id for line in queries.list_history(instance.id) if line.kind == kind]


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else this run has imported, what the engine does and costs here is its own."""
    monkeypatch.setattr(events, "_listeners", collections.defaultdict(list))


@pytest.fixture
def desk(actor: ActorOf, agency: Organization) -> Desk:
    return Desk(actor, agency.id)


@pytest.fixture
def acting(desk: Desk, actor: ActorOf) -> Acting:
    """The same people, when they do more than complete."""
    return Acting(desk, actor)


@pytest.fixture
def services() -> Iterator[Callable[[str, Any], None]]:
    """`services(name, function)` registers a service task for the test."""
    before = dict(registry._services)
    yield lambda name, function: registry.service(name)(function) and None
    registry._services.clear()
    registry._services.update(before)


@pytest.fixture
def statements(database: str) -> Iterator[list[str]]:
    """Every SQL statement sent while the test holds it; clear it before what is counted."""
    with counting.statements() as sent:
        yield sent


@pytest.fixture
def work(database: str) -> Callable[[], None]:
    """`work()`: a worker runs what waits in the queue now, and what that puts there."""
    return lambda: jobs.run_waiting(database)
