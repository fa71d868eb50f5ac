"""Batches of migrated instances in a real database: rows follow, progress is kept, each instance can be taken back."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

import pytest
import sqlalchemy as sa

from engine import consistency, migration, migration_queries, operations, queries, usage
from engine.migration import Plan
from engine.migration_errors import CannotUndo, NothingToMigrate, NotMigrator, UnusablePlan
from engine.migration_models import MigrationBatch, MigrationItem
from engine.migration_queries import Choice, ItemView
from engine.models import HistoryEntry, ProcessInstance, Subscription, Task, Timer
from engine.operations import migrations
from kernel import audit, clock, db, jobs
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import linear, user
from tests.engine.test_migration import fork, many, message, process, timer

NOON = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)


class Move:
    """Two versions of process `p` on a desk, and a plan between them."""

    def __init__(self, desk: Desk, before: bytes, **more: bytes) -> None:
        self.desk = desk
        (self.source,) = desk.deploy(before, **more)

    def to(self, after: bytes, **pairs: str) -> Plan:
        (self.target,) = self.desk.deploy(after)
        return self.plan(**pairs)

    def plan(self, **pairs: str) -> Plan:
        with db.reading():
            return migration.edited(operations.generate_plan(self.source.id, self.target.id), pairs)

    def start(self, plan: Plan, *chosen: ProcessInstance) -> MigrationBatch:
        return begin(self.desk, plan, [instance.id for instance in chosen])

    def run(self, plan: Plan, *chosen: ProcessInstance) -> MigrationBatch:
        batch = self.start(plan, *chosen)
        migrations.work_off(batch.id)
        return batch

    def undo(self, batch: MigrationBatch, instance: ProcessInstance) -> None:
        with db.unit_of_work():
            operations.undo_migrated(batch.id, instance.id, actor=self.desk.actor("chu-tich"))


def begin(desk: Desk, plan: Plan, chosen: Collection[uuid.UUID] | Choice) -> MigrationBatch:
    with db.unit_of_work():
        return operations.start_migration(plan, chosen, actor=desk.actor("chu-tich"))


def items(batch: MigrationBatch) -> list[ItemView]:
    with db.reading():
        return migration_queries.list_items(batch.id, limit=1000)


def states(batch: MigrationBatch) -> list[str]:
    return [view.item.state for view in items(batch)]


def definition_of(instance: ProcessInstance) -> uuid.UUID:
    with db.reading():
        return queries.get_instance(instance.id).definition_id


def rows(table: Any) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(sa.select(table).order_by(table.id)))


def snapshots() -> list[bytes]:
    with db.reading() as session:
        return list(session.scalars(sa.select(ProcessInstance.snapshot).order_by(ProcessInstance.id)))


def sound(desk: Desk) -> bool:
    with db.reading():
        found = consistency.find_faults(desk.organization_id)
    assert found == []
    return True


# ------------------------------------------------------------------------------------------------------------ versions
def test_new_instances_run_on_the_newest_version_and_running_ones_stay(desk: Desk) -> None:
    (first,) = desk.deploy(linear("a", "b"))
    old = desk.start()

    (second,) = desk.deploy(linear("a", "c"))
    new = desk.start()

    assert (definition_of(old), definition_of(new)) == (first.id, second.id)
    desk.complete("a")
    desk.complete("a")
    assert desk.names() == ["b", "c"]


# -------------------------------------------------------------------------------------------------------- one instance
def test_a_task_keeps_its_row_and_takes_what_the_new_diagram_says(desk: Desk, actor: ActorOf) -> None:
    old = 'camunda:candidateGroups="van-thu" camunda:formKey="old" camunda:dueDate="2026-03-09T10:00:00Z"'
    new = 'camunda:candidateGroups="lanh-dao" camunda:formKey="new" camunda:priority="80"'
    move = Move(desk, process(user("a", old), "s a e"))
    instance = desk.start()
    before = desk.task("a")
    with db.unit_of_work():
        operations.claim_task(before.id, actor=actor("van-thu"))

    move.run(move.to(process(user("b", new), "s b e"), a="b"), instance)

    after = desk.task("b")
    assert after.id == before.id
    assert (after.name, after.form_key, after.priority, after.candidate_groups) == ("b", "new", 80, ["lanh-dao"])
    assert (after.assignee_id, after.due_at) == (actor("van-thu").person_id, before.due_at)
    assert after.definition_id == move.target.id == definition_of(instance)
    assert sound(desk)
    desk.complete("b")
    assert desk.state(instance) == "completed"


def test_who_may_take_a_task_stays_when_the_new_diagram_leaves_it_open(desk: Desk) -> None:
    move = Move(desk, process(user("a"), "s a e"))
    instance = desk.start()

    move.run(move.to(process(user("a", ""), "s a e")), instance)

    assert desk.task("a").candidate_groups == ["van-thu"]


def test_a_form_that_changed_is_the_new_one(desk: Desk) -> None:
    form = b'{"type": "default", "components": []}'
    drawn = process(user("a", 'camunda:formKey="f" camunda:candidateGroups="van-thu"'), "s a e")
    move = Move(desk, drawn, f__form=form)
    instance = desk.start()
    (move.target,) = desk.deploy(drawn, f__form=form + b" ")

    move.run(move.plan(), instance)

    task = desk.task("a")
    with db.reading():
        assert queries.get_form_source(task.definition_id, "f") == form + b" "


def test_a_boundary_timer_keeps_its_due_time(desk: Desk) -> None:
    move = Move(desk, process(user("a") + timer("t", "a") + user("late"), "s a e", "t late e"))
    with clock.set_to(NOON):
        instance = desk.start()
    (before,) = rows(Timer)
    plan = move.to(process(user("b") + timer("u", "b", "P9D") + user("late"), "s b e", "u late e"), a="b", t="u")

    with clock.set_to(NOON + dt.timedelta(minutes=119, microseconds=1)):
        move.run(plan, instance)

    (after,) = rows(Timer)
    assert (after.id, after.due_at, after.element_id) == (before.id, NOON + dt.timedelta(hours=2), "u")
    assert after.definition_id == move.target.id
    with clock.set_to(NOON + dt.timedelta(hours=2)):
        assert operations.fire_due_timers() == 1
    assert desk.names() == ["late"]


def test_listeners_come_and_go_with_their_rows(desk: Desk) -> None:
    move = Move(desk, process(user("a") + timer("t", "a") + user("late"), "s a e", "t late e"))
    instance = desk.start()
    event = '<messageEventDefinition messageRef="m-stop"/>'
    stop = f'<boundaryEvent id="m" attachedToRef="a">{event}</boundaryEvent>'

    move.run(move.to(process(user("a") + stop, "s a e", "m e", outside=message("stop"))), instance)

    assert rows(Timer) == []
    assert [(row.name, row.definition_id) for row in rows(Subscription)] == [("stop", move.target.id)]
    with db.unit_of_work():
        operations.deliver_message("stop", {}, actor=desk.actor("chu-tich"))
    assert desk.state(instance) == "completed"


def test_a_subscription_takes_the_new_name(desk: Desk) -> None:
    def waiting(name: str) -> bytes:
        event = f'<messageEventDefinition messageRef="m-{name}"/>'
        return process(
            f'<intermediateCatchEvent id="m">{event}</intermediateCatchEvent>', "s m e", outside=message(name)
        )

    move = Move(desk, waiting("old"))
    instance = desk.start()
    (before,) = rows(Subscription)

    move.run(move.to(waiting("new")), instance)

    (after,) = rows(Subscription)
    assert (after.id, after.name) == (before.id, "new")


def test_work_handed_to_a_machine_goes_on(desk: Desk, actor: ActorOf) -> None:
    def drawn(name: str) -> bytes:
        return process(f'<serviceTask id="{name}" camunda:type="external" camunda:topic="{name}"/>', f"s {name} e")

    move = Move(desk, drawn("seal"))
    instance = desk.start()
    with db.reading() as session:
        (work,) = session.execute(sa.text("SELECT id FROM engine_external_tasks")).scalars()

    move.run(move.to(drawn("stamp"), seal="stamp"), instance)

    with db.unit_of_work():
        operations.complete_external_task(work, {}, actor=actor("chu-tich"))
    assert desk.state(instance) == "completed"


def test_a_job_that_waits_goes_on_at_the_new_element(desk: Desk, database: str) -> None:
    later = 'camunda:candidateGroups="van-thu" camunda:asyncBefore="true"'
    move = Move(desk, process(user("a", later), "s a e"))
    instance = desk.start()
    plan = move.to(process(user("b", later) + timer("t", "b"), "s b e", "t e"), a="b")

    migrations.work_off(move.start(plan, instance).id)
    assert (desk.names(), rows(Timer)) == ([], [])
    jobs.run_waiting(database)

    assert desk.names() == ["b"]
    assert [row.element_id for row in rows(Timer)] == ["t"]
    assert sound(desk)


def test_a_round_half_done_keeps_its_tasks(desk: Desk) -> None:
    move = Move(desk, process(many("a"), "s a e"))
    instance = desk.start(people=["x", "y", "z"])

    move.run(move.to(process(many("a") + user("b"), "s a b e")), instance)

    assert desk.names() == ["a", "a", "a"]
    assert sound(desk)


def test_what_was_done_under_an_old_name_counts_for_four_eyes(desk: Desk) -> None:
    def drawn(first: str) -> bytes:
        different = f'<extensionElements><moc:differentFrom task="{first}"/></extensionElements>'
        return process(user(first) + user("check", inner=different), f"s {first} check e")

    move = Move(desk, drawn("write"))
    instance = desk.start()
    desk.complete("write")

    move.run(move.to(drawn("draft"), write="draft"), instance)

    with db.reading():
        assert not queries.may_complete(desk_task(instance, "check"), desk.actor("van-thu"))


def desk_task(instance: ProcessInstance, element: str) -> Task:
    return next(task for task in queries.list_instance_tasks(instance.id) if task.element_id == element)


def test_a_called_process_is_migrated_by_its_own_plan(desk: Desk) -> None:
    caller = process('<callActivity id="c" calledElement="q"/>', "s c e")
    desk.deploy(linear("b", key="q"))
    (before,) = desk.deploy(linear("b", "c", key="q"))
    (root,) = desk.deploy(caller)
    instance = desk.start()
    (after,) = desk.deploy(linear("b", "d", key="q"))
    with db.reading():
        found = migration_queries.list_candidates(desk.organization_id, before.id, Choice(), limit=9)
        plan = operations.generate_plan(before.id, after.id)
    assert [one.id for one in found] == [instance.id]

    migrations.work_off(begin(desk, plan, Choice()).id)

    assert definition_of(instance) == root.id
    desk.complete("b")
    assert desk.names() == ["d"]
    assert sound(desk)


def test_a_called_process_stays_when_its_caller_goes(desk: Desk) -> None:
    (called,) = desk.deploy(linear("b", key="q"))
    move = Move(desk, process('<callActivity id="c" calledElement="q"/>', "s c e"))
    instance = desk.start()

    move.run(move.to(process('<callActivity id="c" calledElement="q"/>' + user("z"), "s c z e")), instance)

    assert desk.task("b").definition_id == called.id
    desk.complete("b")
    assert desk.names() == ["z"]


def test_a_suspended_instance_is_migrated_and_stays_suspended(desk: Desk) -> None:
    move = Move(desk, linear("a"))
    instance = desk.start()
    with db.unit_of_work():
        operations.suspend_instance(instance.id, reason="thử", actor=desk.actor("chu-tich"))

    move.run(move.to(linear("a", "b")), instance)

    assert desk.state(instance) == "suspended"
    assert definition_of(instance) == move.target.id


def test_history_and_audit_tell_of_it(desk: Desk) -> None:
    move = Move(desk, linear("a"))
    instance = desk.start()

    batch = move.run(move.to(linear("b"), a="b"), instance)

    with db.reading() as session:
        lines = [line for line in queries.list_history(instance.id) if line.kind == "migrated"]
        tags = session.scalars(sa.select(audit.AuditEntry.tag).where(audit.AuditEntry.tag.like("%migrat%"))).all()
        (now, before) = queries.diagram_states(instance.id)
        whole = [line.kind for line in usage.list_instance_events(desk.organization_id, instance.id)]
    assert [(line.token, line.element_id) for line in lines] == [(0, "p"), (desk.task("b").token, "b")]
    assert lines[0].data == {"migration": str(batch.id), "reason": "Từ bản 1 sang bản 2."}
    assert sorted(tags) == ["instance:migrate", "migration:start"]
    assert (now.definition_id, dict(now.active)) == (move.target.id, {"b": 1})
    assert dict(before.active) == {}
    assert (now.name, before.name) == ("Quy trình thử, bản 2", "Quy trình thử, bản 1")
    assert whole == ["started", "migrated"]


# --------------------------------------------------------------------------------------------------------------- plans
def test_a_dry_run_tells_and_writes_nothing(desk: Desk, actor: ActorOf, statements: list[str]) -> None:
    move = Move(desk, process(user("a") + timer("t", "a") + user("b"), "s a b e", "t e"))
    first, second = desk.start(), desk.start()
    desk.complete("a")
    plan = move.to(process(user("a") + timer("u", "a"), "s a e", "u e"))
    before = snapshots()
    statements.clear()

    with db.reading():
        told = operations.try_plan(plan, [first.id, second.id], actor=actor("phan-tich"))

    assert snapshots() == before
    assert told[0].reasons == ["Hồ sơ đang ở “b”, bước này chưa ghép với bước nào của bản mới."]
    assert [(step.what, step.source, step.target) for step in told[1].steps] == [
        ("moved", "“a”", "“a”"),
        ("dropped", "sự kiện gắn bên “t”", ""),
        ("added", "", "sự kiện gắn bên “u”"),
    ]
    assert not [sent for sent in statements if sent.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_plan_with_errors_is_refused(desk: Desk, actor: ActorOf) -> None:
    move = Move(desk, linear("a"))
    instance = desk.start()
    plan = move.to(process('<callActivity id="c" calledElement="p"/>', "s c e"), a="c")

    with pytest.raises(UnusablePlan, match="Bản ghép"), db.unit_of_work():
        operations.start_migration(plan, [instance.id], actor=actor("chu-tich"))


def test_only_those_who_lead_or_design_migrate(desk: Desk, actor: ActorOf) -> None:
    move = Move(desk, linear("a"))
    instance = desk.start()
    plan = move.to(linear("a", "b"))

    for who in ("van-thu", "tp-vhtt"):
        with pytest.raises(NotMigrator), db.unit_of_work():
            operations.start_migration(plan, [instance.id], actor=actor(who))
    with pytest.raises(NothingToMigrate), db.unit_of_work():
        operations.start_migration(plan, [], actor=actor("phan-tich"))


# -------------------------------------------------------------------------------------------------------------- batches
def test_one_that_fails_is_told_of_and_the_others_go(desk: Desk) -> None:
    move = Move(desk, linear("a", "b"))
    instances = [desk.start() for _ in range(3)]
    desk.complete("a")

    batch = move.run(move.to(linear("a", "c")), *instances)

    assert states(batch) == ["failed", "done", "done"]
    view = items(batch)[0]
    assert view.item.reason == "Hồ sơ đang ở “b”, bước này chưa ghép với bước nào của bản mới."
    assert (view.instance.id, definition_of(instances[0])) == (instances[0].id, move.source.id)
    with db.reading():
        told = migration_queries.get_batch(desk.organization_id, batch.id)
    assert (told.batch.state, told.progress.done, told.progress.failed, told.progress.percent) == (
        "finished",
        2,
        1,
        100,
    )


def test_a_batch_whose_worker_was_killed_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    move = Move(desk, linear("a"))
    instances = [desk.start() for _ in range(5)]
    batch = move.start(move.to(linear("a", "b")), *instances)

    class Killed(BaseException):
        """As a signal would end the process: nothing catches it."""

    written = migrations._migrate
    worked = iter(range(5))

    def dying(*given: Any) -> None:
        written(*given)
        if next(worked) == 2:
            raise Killed  # written, not committed

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_migrate", dying)
        with pytest.raises(Killed):
            migrations.work_off(batch.id)
    assert states(batch) == ["done", "done", "pending", "pending", "pending"]

    migrations.work_off(batch.id)
    migrations.work_off(batch.id)

    assert states(batch) == ["done"] * 5
    assert sum(line.kind == "migrated" and line.token == 0 for line in rows(HistoryEntry)) == 5
    assert sound(desk)


def test_two_hundred_instances_go_in_one_batch(desk: Desk, database: str) -> None:
    move = Move(desk, process(user("a") + timer("t", "a"), "s a e", "t e"))
    with db.unit_of_work():
        for _ in range(200):
            operations.start_instance("p", {}, actor=desk.actor("van-thu"))
    plan = move.to(process(user("a") + timer("t", "a") + user("b"), "s a b e", "t e"))

    batch = begin(desk, plan, Choice())
    jobs.run_waiting(database)

    assert states(batch) == ["done"] * 200
    with db.reading():
        assert usage.count_running(desk.organization_id, "p") == {move.target.id: 200}
    assert sound(desk)


def jobs_run(database: str) -> None:
    from kernel import jobs

    jobs.run_waiting(database)


def test_instances_are_chosen_by_where_they_stand_and_by_text(desk: Desk) -> None:
    move = Move(desk, linear("a", "b"))
    first, second = desk.start(business_key="VB-1"), desk.start(business_key="VB-2")
    desk.complete("a")

    def found(**choice: Any) -> list[uuid.UUID]:
        with db.reading():
            return list(migration_queries.candidate_ids(desk.organization_id, move.source.id, Choice(**choice)))

    assert found() == [first.id, second.id]
    assert found(element_id="b") == [first.id]
    assert found(text="2") == [second.id]
    assert found(text="x", about=[first.id]) == [first.id]
    assert found(state="suspended") == []


# ---------------------------------------------------------------------------------------------------------------- undo
def test_an_instance_is_given_back_what_it_was(desk: Desk, actor: ActorOf) -> None:
    before = process(
        user("a", 'camunda:candidateGroups="van-thu" camunda:formKey="old"') + timer("t", "a"), "s a e", "t e"
    )
    move = Move(desk, before)
    with clock.set_to(NOON):
        instance = desk.start()
    was = snapshots()
    batch = move.run(move.to(process(user("b", 'camunda:candidateGroups="lanh-dao"'), "s b e"), a="b"), instance)
    task = desk.task("b")
    with db.unit_of_work():
        operations.claim_task(task.id, actor=actor("chu-tich"))

    move.undo(batch, instance)

    assert (definition_of(instance), snapshots()) == (move.source.id, was)
    again = desk.task("a")
    assert (again.id, again.name, again.form_key, again.candidate_groups) == (task.id, "a", "old", ["van-thu"])
    assert again.assignee_id == actor("chu-tich").person_id
    assert [row.due_at for row in rows(Timer)] == [NOON + dt.timedelta(hours=2)]
    assert states(batch) == ["undone"]
    assert sound(desk)
    with db.reading():
        (own, other) = queries.diagram_states(instance.id)
    assert (dict(own.active), dict(other.active)) == ({"a": 1}, {})


def test_a_suspended_one_can_still_be_taken_back(desk: Desk) -> None:
    move = Move(desk, linear("a"))
    instance = desk.start()
    batch = move.run(move.to(linear("a", "b")), instance)
    with db.unit_of_work():
        operations.suspend_instance(instance.id, reason="thử", actor=desk.actor("chu-tich"))

    move.undo(batch, instance)

    assert (desk.state(instance), definition_of(instance)) == ("suspended", move.source.id)


def test_an_instance_that_has_moved_since_is_not_taken_back(desk: Desk) -> None:
    move = Move(desk, linear("a", "b"))
    instance = desk.start()
    batch = move.run(move.to(linear("a", "c")), instance)
    assert items(batch)[0].stays == ""
    desk.complete("a")

    with pytest.raises(CannotUndo, match="đã đi tiếp hoặc đã đổi"):
        move.undo(batch, instance)

    assert items(batch)[0].stays == "hồ sơ đã đi tiếp hoặc đã đổi sau khi chuyển."
    assert desk.names() == ["c"]


def test_one_that_went_on_at_once_is_not_taken_back(desk: Desk) -> None:
    move = Move(desk, fork("parallel", "a", "b", "c"))
    instance = desk.start()
    desk.complete("a")
    desk.complete("b")
    batch = move.run(move.to(fork("parallel", "a", "b"), c="z"), instance)

    with pytest.raises(CannotUndo, match="đã đi tiếp ngay"):
        move.undo(batch, instance)

    assert desk.names() == ["z", "z"]
    assert sound(desk)


def test_nothing_is_taken_back_twice(desk: Desk) -> None:
    move = Move(desk, linear("a"))
    instance = desk.start()
    batch = move.run(move.to(linear("a", "b")), instance)
    move.undo(batch, instance)

    with pytest.raises(CannotUndo, match="đã được hoàn tác"):
        move.undo(batch, instance)


def test_a_migrated_instance_can_go_on_to_a_third_version_and_back(desk: Desk) -> None:
    move = Move(desk, linear("a"))
    instance = desk.start()
    first = move.run(move.to(linear("a", "b")), instance)
    move.source = move.target
    second = move.run(move.to(linear("a", "b", "c")), instance)

    with pytest.raises(CannotUndo):
        move.undo(first, instance)
    move.undo(second, instance)
    move.undo(first, instance)

    assert [row.state for row in rows(MigrationItem)] == ["undone", "undone"]
    desk.complete("a")
    assert desk.state(instance) == "completed"
