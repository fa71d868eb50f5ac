"""Human tasks: who may do what, once, and what is written."""

import contextlib
import datetime as dt
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from engine import inbox, operations, queries, store
from engine.errors import (
    EmptyComment,
    NotCandidate,
    NotDesigner,
    NotDifferent,
    NotForOneself,
    NotManager,
    NotOwnUnit,
    TaskNotReady,
    TaskTaken,
    UnknownAssignee,
    UnusableValue,
)
from engine.events import InstanceEnded, InstanceStarted, TaskClaimed, TaskCompleted, TaskReady
from engine.models import ProcessInstance, Task
from engine.operations import advancing
from kernel import clock, db, events
from kernel.errors import Conflict
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flow, flows, linear, user


def test_a_linear_process_runs_from_start_to_end(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))

    instance = desk.start(business_key="số 1")
    assert desk.names() == ["a"]
    assert desk.task("a").business_key == "số 1"
    desk.complete("a", note="xong", pages=3)
    assert desk.names() == ["b"]
    desk.complete("b")

    assert desk.state(instance) == "completed"
    assert desk.variables(instance) == {"note": "xong", "pages": 3}


def test_a_completion_costs_at_most_five_statements(desk: Desk, actor: ActorOf, statements: list[str]) -> None:
    desk.deploy(linear("a", "b", "c"))
    desk.start()
    desk.complete("a")
    task, clerk = desk.task("b"), actor("van-thu")

    statements.clear()
    with db.unit_of_work():
        operations.complete_task(task.id, {"note": "xong"}, actor=clerk)

    assert len(statements) <= 3, statements  # lock, write, audit


def test_a_task_with_an_assignee_costs_one_statement_more(desk: Desk, actor: ActorOf, statements: list[str]) -> None:
    body = user("a") + user("b", 'camunda:assignee="=who"')
    desk.deploy(diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows("s", "a", "b", "e")}'))
    desk.start()
    task, clerk = desk.task("a"), actor("van-thu")

    statements.clear()
    with db.unit_of_work():
        operations.complete_task(task.id, {"who": "cv-tp"}, actor=clerk)

    assert len(statements) <= 4, statements
    assert desk.task("b").assignee_id == actor("cv-tp").person_id


def test_a_completed_task_cannot_be_completed_again(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a", "b"))
    desk.start()
    task = desk.task("a")
    desk.complete("a")

    with pytest.raises(TaskNotReady, match="Trần Thị Lan đã hoàn thành lúc") as refusal, db.unit_of_work():
        operations.complete_task(task.id, {}, actor=actor("van-thu"))

    assert refusal.value.status == 409
    assert desk.names() == ["b"]


def test_only_a_candidate_may_complete(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.start()
    task = desk.task("a")

    assert not queries.may_complete(task, actor("cv-tp"))
    with pytest.raises(NotCandidate), db.unit_of_work():
        operations.complete_task(task.id, {}, actor=actor("cv-tp"))
    assert queries.may_complete(task, actor("van-thu"))


def test_a_claimed_task_belongs_to_one_person(desk: Desk, actor: ActorOf) -> None:
    both = 'camunda:candidateGroups="van-thu, chuyen-vien"'
    desk.deploy(diagram(f'<startEvent id="s"/>{user("a", both)}<endEvent id="e"/>{flows("s", "a", "e")}'))
    desk.start()
    task = desk.task("a")

    with db.unit_of_work():
        claimed = operations.claim_task(task.id, actor=actor("van-thu"))
    assert claimed.assignee_id == actor("van-thu").person_id
    with pytest.raises(TaskTaken), db.unit_of_work():
        operations.claim_task(task.id, actor=actor("cv-tp"))
    with pytest.raises(NotCandidate), db.unit_of_work():
        operations.complete_task(task.id, {}, actor=actor("cv-tp"))
    with pytest.raises(NotCandidate), db.unit_of_work():
        operations.release_task(task.id, actor=actor("cv-tp"))
    with db.unit_of_work():
        operations.release_task(task.id, actor=actor("van-thu"))
    desk.complete("a", "cv-tp")

    assert desk.names() == []


def test_the_button_asks_the_rule_of_the_operation(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.start()
    task, clerk, other = desk.task("a"), actor("van-thu"), actor("cv-tp")

    assert [queries.may_claim(task, who) for who in (clerk, other)] == [True, False]
    assert [queries.may_release(task, who) for who in (clerk, other)] == [False, False]
    assert [queries.may_assign(task, who) for who in (clerk, actor("chu-tich"))] == [False, True]
    with db.unit_of_work():
        task = operations.claim_task(task.id, actor=clerk)
    assert [queries.may_release(task, who) for who in (clerk, other)] == [True, False]


def test_a_manager_assigns(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.start()
    task, person = desk.task("a"), actor("cv-tp").person_id
    assert person is not None

    with pytest.raises(NotManager), db.unit_of_work():
        operations.assign_task(task.id, person, actor=actor("van-thu"))
    with db.unit_of_work():
        operations.assign_task(task.id, person, actor=actor("chanh-van-phong"))
    desk.complete("a", "cv-tp")

    assert desk.names() == []


@pytest.mark.parametrize(
    ("giver", "group", "receiver", "refusal"),
    [
        ("quan-tri", "chuyen-vien", "quan-tri", NotForOneself),
        ("quan-tri", "chuyen-vien", "cv-tp", None),
        ("chu-tich", "chuyen-vien", "chu-tich", None),
        ("tp-tp", "truong-don-vi@P-TP", "cv-tp", None),
        ("tp-tp", "truong-don-vi@P-TP", "tp-tp", None),
        ("tp-tp", "truong-don-vi@P-TP", "cv-vhtt", NotOwnUnit),
        ("tp-vhtt", "truong-don-vi@P-TP", "cv-vhtt", NotOwnUnit),
    ],
)
def test_nobody_gives_more_than_is_theirs(
    desk: Desk, actor: ActorOf, *, giver: str, group: str, receiver: str, refusal: type[NotManager] | None
) -> None:
    body = user("a", f'camunda:candidateGroups="{group}"')
    desk.deploy(diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows("s", "a", "e")}'))
    desk.start()
    task, person = desk.task("a"), actor(receiver).person_id
    assert person is not None

    with contextlib.nullcontext() if refusal is None else pytest.raises(refusal), db.unit_of_work():
        operations.assign_task(task.id, person, actor=actor(giver))

    assert desk.task("a").assignee_id == (person if refusal is None else None)


def test_tasks_are_given_to_those_whom_the_rule_allows(desk: Desk, actor: ActorOf) -> None:
    def offered(username: str) -> set[str]:
        with db.reading():
            return {person.username for person in queries.list_receivers(actor(username))}

    assert {"chu-tich", "cv-tp", "quan-tri"} <= offered("chu-tich")
    assert "quan-tri" not in offered("quan-tri")
    assert offered("tp-tp") == {"tp-tp", "cv-tp"}
    assert offered("van-thu") == set()


def test_four_eyes(desk: Desk, actor: ActorOf) -> None:
    inner = '<extensionElements><moc:differentFrom task="draft"/></extensionElements>'
    body = user("draft", 'camunda:candidateGroups="chuyen-vien"') + user(
        "check", 'camunda:candidateGroups="chuyen-vien"', inner
    )
    desk.deploy(diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows("s", "draft", "check", "e")}'))
    desk.start()
    desk.complete("draft", "cv-tp")
    task = desk.task("check")

    with db.reading():
        assert inbox.list_my_tasks(actor("cv-tp")) == []
        assert [t.id for t in inbox.list_my_tasks(actor("cv-vp"))] == [task.id]
        assert not queries.may_complete(task, actor("cv-tp"))
    with pytest.raises(NotDifferent), db.unit_of_work():
        operations.complete_task(task.id, {}, actor=actor("cv-tp"))
    desk.complete("check", "cv-vp")

    assert desk.names() == []


def test_my_tasks_are_mine_or_offered_to_me(desk: Desk, actor: ActorOf) -> None:
    body = (
        user("group")
        + user("unit", 'camunda:candidateGroups="unit:VP"')
        + user("role_in_unit", 'camunda:candidateGroups="=&quot;truong-don-vi@&quot; + unit"')
        + user("person", 'camunda:assignee="van-thu"')
        + user("named", 'camunda:candidateUsers="van-thu, cv-tp"')
        + user("other", 'camunda:assignee="cv-tp"')
    )
    names = ["group", "unit", "role_in_unit", "person", "named", "other"]
    legs = "".join(flows("fork", name, "e") for name in names)
    gateway = '<parallelGateway id="fork"/>'
    desk.deploy(diagram(f'<startEvent id="s"/>{gateway}{body}<endEvent id="e"/>{flows("s", "fork")}{legs}'))
    desk.start(unit="P-TP")

    def mine(username: str) -> set[str]:
        with db.reading():
            found = inbox.list_my_tasks(actor(username), sort="oldest")
            assert inbox.count_my_tasks(actor(username)) == len(found)
            return {task.element_id for task in found}

    assert mine("van-thu") == {"group", "unit", "person", "named"}
    assert mine("cv-tp") == {"named", "other"}
    assert mine("tp-tp") == {"role_in_unit"}
    assert mine("tp-vhtt") == set()
    desk_task = desk.task("named")
    with db.unit_of_work():
        operations.claim_task(desk_task.id, actor=actor("cv-tp"))
    assert mine("van-thu") == {"group", "unit", "person"}


def test_my_tasks_are_sorted_and_paged(desk: Desk, actor: ActorOf) -> None:
    body = "".join(
        user(name, f'camunda:candidateGroups="van-thu" camunda:dueDate="{due}"')
        for name, due in (("late", "2026-03-03T10:00:00Z"), ("soon", "2026-03-01T10:00:00Z"), ("mid", "P2D"))
    )
    legs = "".join(flows("fork", name, "e") for name in ("late", "soon", "mid"))
    gateway = '<parallelGateway id="fork"/>'
    desk.deploy(diagram(f'<startEvent id="s"/>{gateway}{body}<endEvent id="e"/>{flows("s", "fork")}{legs}'))
    with clock.set_to(dt.datetime(2026, 2, 28, tzinfo=dt.UTC)):
        desk.start()

    with db.reading():
        pages = [inbox.list_my_tasks(actor("van-thu"), limit=2, offset=offset) for offset in (0, 2)]

    assert [[task.element_id for task in page] for page in pages] == [["soon", "mid"], ["late"]]


def test_an_unknown_assignee_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    body = user("a") + user("b", 'camunda:assignee="=next_person"')
    desk.deploy(diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows("s", "a", "b", "e")}'))
    instance = desk.start()

    with pytest.raises(UnknownAssignee, match="khong-co"):
        desk.complete("a", next_person="khong-co")

    assert desk.names() == ["a"]
    assert desk.variables(instance) == {}


def test_values_that_no_variable_may_hold_are_refused(desk: Desk) -> None:
    desk.deploy(linear("a"))
    desk.start()

    with pytest.raises(UnusableValue):
        desk.complete("a", text="có \x00 ở giữa")
    with pytest.raises(TypeError):
        desk.complete("a", amount=1.5)

    assert desk.names() == ["a"]


def test_comments_stand_beside_the_instance(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()
    task = desk.task("a")

    with db.unit_of_work():
        operations.add_comment(task.id, "  Đề nghị   bổ sung ", actor=actor("cv-tp"))
    with pytest.raises(EmptyComment), db.unit_of_work():
        operations.add_comment(task.id, "  ", actor=actor("cv-tp"))

    with db.reading():
        assert [(c.person_name, c.text) for c in queries.list_comments(instance.id)] == [
            ("Quàng Thị Ngọc", "Đề nghị bổ sung")
        ]


def test_only_designers_deploy(desk: Desk, actor: ActorOf) -> None:
    with pytest.raises(NotDesigner), db.unit_of_work():
        operations.deploy({"p.bpmn": linear("a")}, actor=actor("van-thu"))


def test_deadline_form_priority_and_extensions_stand_on_the_task(desk: Desk) -> None:
    attributes = (
        'camunda:candidateGroups="van-thu" camunda:formKey="trinh" camunda:priority="70" camunda:dueDate="P30D" '
        'camunda:followUpDate="=due"'
    )
    inner = (
        '<extensionElements><moc:deadline within="=working_days(2)" remind="P1D" '
        'escalateTo="=&quot;unit:&quot;+unit" escalateAfter="P1D"/>'
        '<moc:actions><moc:action name="return" to="previous"/></moc:actions></extensionElements>'
    )
    desk.deploy(
        diagram(f'<startEvent id="s"/>{user("a", attributes, inner)}<endEvent id="e"/>{flows("s", "a", "e")}'),
        trinh__form=b"{}",
    )

    with clock.set_to(dt.datetime(2026, 2, 12, 2, tzinfo=dt.UTC)):  # Thursday before Tết
        desk.start(unit="VP", due=dt.date(2026, 3, 1))

    task = desk.task("a")
    assert task.due_at == dt.datetime(2026, 2, 23, 10, tzinfo=dt.UTC)  # Friday 13/02, then Monday after the holidays
    assert task.follow_up_at == dt.datetime(2026, 2, 28, 17, tzinfo=dt.UTC)
    assert (task.form_key, task.priority) == ("trinh", 70)
    assert task.extensions == {
        "deadline": {"remind": "P1D", "escalateTo": "unit:VP", "escalateAfter": "P1D"},
        "actions": [{"name": "return", "to": "previous"}],
    }
    with db.reading():
        assert queries.get_form_source(task.definition_id, "trinh") == b"{}"
        assert queries.get_task_variables(task)["unit"] == "VP"


def test_a_lane_is_the_default_for_its_tasks(desk: Desk, actor: ActorOf) -> None:
    lanes = (
        '<laneSet><lane id="l" camunda:candidateGroups="lanh-dao"><flowNodeRef>a</flowNodeRef>'
        "<flowNodeRef>b</flowNodeRef></lane></laneSet>"
    )
    body = f'{lanes}<startEvent id="s"/>{user("a", "")}{user("b")}<endEvent id="e"/>{flows("s", "a", "b", "e")}'
    desk.deploy(diagram(body))
    desk.start()

    assert desk.task("a").candidate_groups == ["lanh-dao"]
    desk.complete("a", "chu-tich")
    assert desk.task("b").candidate_groups == ["van-thu"]


def test_listeners_hear_after_the_rows_are_written(desk: Desk) -> None:
    heard: list[str] = []

    def on(event: Any) -> None:
        if isinstance(event, TaskReady):
            assert queries.get_task(event.task.id).name == event.task.name
            heard.append(f"ready {event.task.element_id}")
        else:
            heard.append(type(event).__name__)

    before = {kind: list(found) for kind, found in events._listeners.items()}
    for kind in (TaskReady, TaskClaimed, TaskCompleted, InstanceStarted, InstanceEnded):
        events.listens(kind)(on)
    try:
        desk.deploy(linear("a", "b"))
        desk.start()
        desk.complete("a")
        desk.complete("b")
    finally:
        events._listeners.clear()
        events._listeners.update(before)

    assert heard == ["InstanceStarted", "ready a", "TaskCompleted", "ready b", "TaskCompleted", "InstanceEnded"]


def test_every_verb_writes_one_audit_line(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.start()
    task = desk.task("a")
    with db.unit_of_work():
        operations.claim_task(task.id, actor=actor("van-thu"))
    desk.complete("a")

    with db.reading() as session:
        tags = session.execute(sa.text("SELECT tag FROM audit_entries ORDER BY id")).scalars().all()

    assert tags == ["process:deploy", "instance:start", "task:claim", "task:complete"]


# ---------------------------------------------------------------------------------------------------------- all at once
def at_once(actions: list[Any]) -> list[Any]:
    """Runs them in threads that begin together; returns results or exceptions in their order."""
    barrier = threading.Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def run(index: int) -> None:
        barrier.wait()
        try:
            with db.unit_of_work():
                results[index] = actions[index]()
        except Exception as failure:
            results[index] = failure

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


EIGHT = (
    '<userTask id="a" camunda:candidateGroups="van-thu"><multiInstanceLoopCharacteristics>'
    "<loopCardinality>8</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
)


def test_eight_people_complete_eight_tasks_of_one_instance(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(diagram(f'<startEvent id="s"/>{EIGHT}<endEvent id="e"/>{flows("s", "a", "e")}'))
    instance, clerk = desk.start(), actor("van-thu")
    tasks = desk.open()

    results = at_once(
        [lambda task=task: operations.complete_task(task.id, {}, actor=clerk) for task in tasks]  # type: ignore[misc]
    )

    assert [type(result) for result in results] == [Task] * 8
    assert desk.state(instance) == "completed"
    assert desk.history(instance, "completed").count("a") == 8


def test_eight_people_on_one_task_and_one_is_accepted(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a", "b"))
    desk.start()
    task, clerk = desk.task("a"), actor("van-thu")

    results = at_once([lambda: operations.complete_task(task.id, {}, actor=clerk)] * 8)

    refused = [result for result in results if isinstance(result, TaskNotReady)]
    assert len(refused) == 7
    assert all("Trần Thị Lan đã hoàn thành lúc" in str(refusal) for refusal in refused)
    assert desk.names() == ["b"]


def test_eight_people_claim_one_task_and_one_gets_it(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a"))
    desk.start()
    task, clerk = desk.task("a"), actor("van-thu")

    results = at_once([lambda: operations.claim_task(task.id, actor=clerk)] * 8)

    assert sorted(type(result).__name__ for result in results) == ["Task"] + ["TaskTaken"] * 7


def test_whoever_writes_without_the_lock_is_stopped_by_the_version(desk: Desk, actor: ActorOf) -> None:
    desk.deploy(linear("a", "b"))
    desk.start()
    task, clerk = desk.task("a"), actor("van-thu")

    def complete_beside_a_careless_writer() -> None:
        _, locked = store.lock_task(task.id)
        db.connection().execute(sa.update(ProcessInstance).values(version=ProcessInstance.version + 1))
        run = advancing.resume(locked, actor=clerk)
        run.complete(task.token, {})
        advancing.save(run, locked, actor=clerk, done=task.token)

    with pytest.raises(Conflict), db.unit_of_work():
        complete_beside_a_careless_writer()

    assert desk.names() == ["a"]


def test_the_diagram_decides(desk: Desk) -> None:
    body = (
        f'<startEvent id="s"/>{user("a")}<exclusiveGateway id="g" default="no"/>{user("yes_task")}{user("no_task")}'
        f'<endEvent id="e"/>{flows("s", "a", "g")}{flow("g", "yes_task", "= outcome = &quot;approve&quot;")}'
        f"{flow('g', 'no_task', flow_id='no')}{flows('yes_task', 'e')}{flows('no_task', 'e')}"
    )
    desk.deploy(diagram(body))
    desk.start()

    desk.complete("a", outcome="approve")

    assert desk.names() == ["yes_task"]
