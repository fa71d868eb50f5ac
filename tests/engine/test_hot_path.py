"""What a completion sends to the database, and that it is still one transaction with all that surrounds it."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

import deadlines.listeners
import notices.listeners
from engine import operations, store
from engine.errors import TaskNotReady
from engine.events import TaskReady, TasksMoved
from engine.models import HistoryEntry, ProcessInstance, Subscription, Task, Timer
from engine.registry import ServiceCall
from kernel import audit, db, events
from kernel.audit import AuditEntry
from kernel.errors import DomainError
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flows, linear, user

Services = Callable[[str, Any], None]


class Refused(DomainError):
    """By a service in the middle of a diagram."""


def count_rows() -> dict[str, int]:
    tables = (Task, Timer, Subscription, HistoryEntry, AuditEntry, ProcessInstance)
    with db.reading() as session:
        return {
            table.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables
        }


def snapshot_of(instance: ProcessInstance) -> bytes | None:
    with db.reading() as session:
        return session.scalar(sa.select(ProcessInstance.snapshot).where(ProcessInstance.id == instance.id))


def test_a_completion_is_two_statements_and_the_second_holds_the_audit_line(
    desk: Desk, actor: ActorOf, statements: list[str]
) -> None:
    desk.deploy(linear("a", "b", "c"))
    desk.start()
    task, clerk = desk.task("a"), actor("van-thu")

    statements.clear()
    with db.unit_of_work():
        operations.complete_task(task.id, {"note": "xong"}, actor=clerk)

    lock, write = statements
    assert "FOR NO KEY UPDATE" in lock
    assert all(f"INSERT INTO {table}" in write for table in ("engine_tasks", "engine_history", "audit_entries"))


def test_the_whole_product_listens_and_a_completion_stays_within_five_statements(
    desk: Desk, actor: ActorOf, statements: list[str]
) -> None:
    events.listens(TasksMoved)(deadlines.listeners.follow_tasks)
    events.listens(TasksMoved)(notices.listeners.follow_tasks)
    due = 'camunda:candidateGroups="van-thu" camunda:dueDate="=date and time(&quot;2026-12-01T17:00:00+07:00&quot;)"'
    body = f'<startEvent id="s"/>{"".join(user(name, due) for name in "abcd")}<endEvent id="e"/>'
    desk.deploy(diagram(body + flows("s", "a", "b", "c", "d", "e")))
    desk.start()
    desk.complete("a")  # this process has not yet asked who belongs to the group
    task, clerk = desk.task("b"), actor("van-thu")

    statements.clear()
    with db.unit_of_work():
        operations.complete_task(task.id, {}, actor=clerk)

    told = [sql for sql in statements if "pg_notify" not in sql]  # after the commit
    assert len(told) <= 5, told
    assert [name for name in ("task_deadlines", "notices") if not any(f"INTO {name}" in sql for sql in told)] == []


def test_audit_lines_of_the_hot_path_are_sealed_like_all_others(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    desk.start()
    desk.complete("a", note="Đã xem “kỹ”")
    desk.complete("b")

    audit.seal_pending()

    with db.reading() as session:
        report = audit.verify_chain(desk.organization_id)
        lines = session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "task:complete").order_by(AuditEntry.id))
        assert [line.data["element"] for line in lines] == ["a", "b"]
    assert report.intact
    assert report.pending == 0


def test_a_refusal_in_the_middle_leaves_nothing(desk: Desk, actor: ActorOf, services: Services) -> None:
    def refuse(call: ServiceCall) -> None:
        audit.record(call.actor, "test:do", "thing", 1)
        raise Refused("Không được.")

    services("refuse", refuse)
    service = '<serviceTask id="x" camunda:delegateExpression="refuse"/>'
    desk.deploy(diagram(f'<startEvent id="s"/>{user("a")}{service}<endEvent id="e"/>{flows("s", "a", "x", "e")}'))
    instance = desk.start()
    before = count_rows(), snapshot_of(instance), desk.names()

    for _ in range(2):
        try:
            desk.complete("a")
        except Refused:
            continue
        raise AssertionError("it was not refused")

    assert (count_rows(), snapshot_of(instance), desk.names()) == before


def test_objects_of_the_session_and_the_hot_path_are_one_transaction(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a", "b"))
    desk.start()
    task_id, clerk = desk.task("a").id, actor("van-thu")

    with db.unit_of_work() as session:
        mine = session.get_one(Task, task_id)
        mine.priority = 90
        session.flush()
        done = operations.complete_task(task_id, {}, actor=clerk)
        assert done is mine
        assert (mine.state, mine.ended_by_name) == ("completed", clerk.name)
        following = session.scalars(sa.select(Task).where(Task.state == "ready")).one()
        following.priority = 10

    with db.reading() as session:
        assert session.get_one(Task, task_id).priority == 90
    assert desk.task("b").priority == 10


def test_a_task_that_is_told_of_has_all_its_columns(desk: Desk) -> None:
    told: list[Task] = []
    events.listens(TaskReady)(lambda event: told.append(event.task))
    desk.deploy(linear("a"))

    desk.start()

    (task,) = told
    columns = {column.name for column in Task.__table__.columns}
    assert columns <= task.__dict__.keys()
    with db.reading() as session:
        kept = session.get_one(Task, task.id)
        assert {name: getattr(task, name) for name in columns} == {name: getattr(kept, name) for name in columns}


def test_who_is_told_of_a_task_does_not_change_its_row_by_accident(desk: Desk, actor: ActorOf) -> None:
    def scribble(event: TaskReady) -> None:
        event.task.priority = 1

    events.listens(TaskReady)(scribble)
    desk.deploy(linear("a"))
    desk.start()

    assert desk.task("a").priority == 50


def test_a_cancelled_task_is_told_of_as_it_stands_in_its_row(desk: Desk, actor: ActorOf) -> None:
    moved: list[TasksMoved] = []
    events.listens(TasksMoved)(moved.append)
    desk.deploy(linear("a", "b"))
    instance = desk.start()

    with db.unit_of_work():
        operations.cancel_instance(instance.id, "nhầm", actor=actor("chanh-van-phong"))

    assert [[task.element_id for task in event.ready] for event in moved] == [["a"], []]
    (task,) = moved[-1].ended
    assert (task.element_id, task.state) == ("a", "cancelled")


def test_a_lock_taken_twice_in_one_unit_sees_what_was_written(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a", "b"))
    desk.start()
    task_id, clerk = desk.task("a").id, actor("van-thu")

    with db.unit_of_work():
        operations.complete_task(task_id, {}, actor=clerk)
        task, locked = store.lock_task(task_id)
        assert (task.state, locked.version) == ("completed", 2)
        try:
            operations.complete_task(task_id, {}, actor=clerk)
        except TaskNotReady:
            return
    raise AssertionError("it was completed twice")
