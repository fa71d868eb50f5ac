"""Thu hồi: what was just sent comes back while nobody has begun with what followed."""

from typing import Any

import pytest
import sqlalchemy as sa

from engine import operations, queries, registry
from engine.action_errors import CannotWithdraw, NotOffered
from engine.action_models import Rewind
from engine.errors import TaskNotReady
from engine.models import Task, Timer
from engine.operations import migrations
from kernel import db
from tests.engine.acting import FORK, SIGNERS, Acting, complete_own, line, may
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flows, user
from tests.engine.test_tasks import at_once

TAKEN = may("withdraw")


def test_who_completed_a_task_takes_it_back_while_nobody_has_begun(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=TAKEN), user("b")))
    instance = desk.start(kept="vẫn vậy")
    done = desk.complete("a", outcome="nhầm", kept="khác")

    acting.on(done, operations.withdraw_task, reason="Nhầm tệp.")

    assert acting.holders() == {"a": "van-thu"}
    assert acting.task("a").id == done.id
    assert acting.task("b").state == "cancelled"
    assert desk.variables(instance) == {"kept": "vẫn vậy"}
    desk.complete("a")
    desk.complete("b")
    assert desk.state(instance) == "completed"


def test_a_withdrawal_is_written_down_once(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=TAKEN), user("b")))
    instance = desk.start()
    done = desk.complete("a")

    acting.on(done, operations.withdraw_task, reason="Nhầm.")

    assert [(act["verb"], act["reason"], act["cancelled"]) for act in acting.acts()] == [("withdraw", "Nhầm.", ["b"])]
    assert acting.tags() == ["task:complete", "task:withdraw"]
    assert desk.history(instance, "cancelled") == ["b"]
    assert desk.history(instance, "entered").count("a") == 2
    with db.reading():
        (state,) = queries.diagram_states(instance.id)
    assert state.active == {"a": 1}


def test_somebody_else_takes_nothing_back(desk: Desk, acting: Acting) -> None:
    both = 'camunda:candidateGroups="van-thu, chuyen-vien"'
    desk.deploy(line(user("a", both, TAKEN), user("b")))
    desk.start()
    done = desk.complete("a")

    assert acting.allowed("a") == ["withdraw"]
    assert acting.allowed("a", "cv-tp") == []
    with pytest.raises(NotOffered):
        acting.on(done, operations.withdraw_task, who="cv-tp")


def test_what_was_opened_claimed_or_done_is_not_taken_back(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=TAKEN), user("b"), user("c")))
    desk.start()
    done = desk.complete("a")

    operations.note_opened(desk.task("b").id, actor=acting.actor("van-thu"))
    assert acting.allowed("a") == []
    with pytest.raises(CannotWithdraw, match="đã có người mở xem"):
        acting.on(done, operations.withdraw_task)
    with db.unit_of_work() as session:
        session.execute(sa.update(Task).values(opened_at=None))
    acting.do(operations.claim_task, "b")
    with pytest.raises(CannotWithdraw, match="đã có người nhận"):
        acting.on(done, operations.withdraw_task)
    desk.complete("b")
    with pytest.raises(CannotWithdraw, match="đã được xử lý"):
        acting.on(done, operations.withdraw_task)


def test_a_task_is_opened_once(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a")))
    desk.start()

    operations.note_opened(desk.task("a").id, actor=acting.actor("van-thu"))
    operations.note_opened(desk.task("a").id, actor=acting.actor("chu-tich"))

    assert desk.task("a").opened_by_id == acting.person("van-thu")


def test_what_a_machine_did_for_good_is_not_taken_back(desk: Desk, acting: Acting, services: Any) -> None:
    service = '<serviceTask id="x" name="Cấp số" camunda:delegateExpression="test.number"/>'
    body = f'<startEvent id="s"/>{user("a", inner=TAKEN)}{service}{user("b")}<endEvent id="e"/>'
    services("test.number", lambda call: {"number": 7})
    desk.deploy(diagram(body + flows("s", "a", "x", "b", "e")))
    desk.start()
    done = desk.complete("a")

    with pytest.raises(CannotWithdraw, match="“Cấp số” đã được hệ thống thực hiện"):
        acting.on(done, operations.withdraw_task)


def test_what_a_machine_can_undo_is_undone(desk: Desk, acting: Acting, services: Any) -> None:
    undone: list[Any] = []
    services("test.note", lambda call: {"note": "ghi"})
    registry.service("test.note", undo=lambda call: undone.append((call.element_id, call.variables["note"])))(
        lambda call: {"note": "ghi"}
    )
    service = '<serviceTask id="x" camunda:delegateExpression="test.note"/>'
    body = f'<startEvent id="s"/>{user("a", inner=TAKEN)}{service}{user("b")}<endEvent id="e"/>'
    desk.deploy(diagram(body + flows("s", "a", "x", "b", "e")))
    instance = desk.start()
    done = desk.complete("a")

    acting.on(done, operations.withdraw_task)

    assert undone == [("x", "ghi")]
    assert desk.variables(instance) == {}
    assert desk.names() == ["a"]


def test_work_given_to_a_machine_outside_is_not_taken_back(desk: Desk, acting: Acting) -> None:
    service = '<serviceTask id="x" camunda:type="external" camunda:topic="seal"/>'
    body = f'<startEvent id="s"/>{user("a", inner=TAKEN)}{service}<endEvent id="e"/>{flows("s", "a", "x", "e")}'
    desk.deploy(diagram(body))
    desk.start()
    done = desk.complete("a")

    with pytest.raises(CannotWithdraw, match="hệ thống"):
        acting.on(done, operations.withdraw_task)


def test_an_ended_process_gives_nothing_back(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=TAKEN)))
    desk.start()
    done = desk.complete("a")

    with pytest.raises(CannotWithdraw, match="đã kết thúc"):
        acting.on(done, operations.withdraw_task)
    assert operations.forget_rewinds() == 1
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Rewind)) == 0


def test_another_branch_that_moved_on_stays_where_it_is(desk: Desk, acting: Acting) -> None:
    body = (
        f"{FORK}{user('a', inner=TAKEN)}{user('a2')}{user('b')}{user('b2')}"
        f"{flows('s', 'first', 'f', 'a', 'a2', 'j', 'e')}{flows('f', 'b', 'b2', 'j')}"
    )
    desk.deploy(diagram(body))
    instance = desk.start(mine="trước", theirs="trước")
    desk.complete("first")
    done = desk.complete("a", mine="sau")
    desk.complete("b", theirs="sau")

    acting.on(done, operations.withdraw_task)

    assert sorted(desk.names()) == ["a", "b2"]
    assert desk.variables(instance) == {"mine": "trước", "theirs": "sau"}
    for element in ("a", "a2", "b2"):
        desk.complete(element)
    assert desk.state(instance) == "completed"


def test_a_join_is_taken_back_while_nothing_else_has_moved(desk: Desk, acting: Acting) -> None:
    body = (
        f"{FORK}{user('a')}{user('b', inner=TAKEN)}{user('rest')}"
        f"{flows('s', 'first', 'f', 'a', 'j', 'rest', 'e')}{flows('f', 'b', 'j')}"
    )
    desk.deploy(diagram(body))
    instance = desk.start()
    desk.complete("first")
    desk.complete("a")
    done = desk.complete("b")
    assert desk.names() == ["rest"]

    acting.on(done, operations.withdraw_task)
    assert desk.names() == ["b"]
    desk.complete("b")
    desk.complete("rest")

    assert desk.state(instance) == "completed"


def test_a_join_that_others_have_passed_since_is_not_taken_back(desk: Desk, acting: Acting) -> None:
    body = (
        f"{FORK}{user('a')}{user('b', inner=TAKEN)}<parallelGateway id='g'/>{user('c')}{user('d')}<endEvent id='x'/>"
        f"{flows('s', 'first', 'f', 'a', 'j', 'g', 'c', 'e')}{flows('f', 'b', 'j')}{flows('g', 'd', 'x')}"
        f"{user('other')}{flows('f', 'other', 'x')}"
    )
    desk.deploy(diagram(body))
    desk.start()
    desk.complete("first")
    desk.complete("a")
    done = desk.complete("b")
    desk.complete("other")

    with pytest.raises(CannotWithdraw, match="nhánh khác"):
        acting.on(done, operations.withdraw_task)


def test_a_boundary_timer_keeps_its_time_when_its_task_is_open_again(desk: Desk, acting: Acting) -> None:
    timer = (
        '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>P3D</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
    )
    body = f'<startEvent id="s"/>{user("a", inner=TAKEN)}{timer}{user("b")}{user("late")}<endEvent id="e"/>'
    desk.deploy(diagram(body + flows("s", "a", "b", "e") + flows("t", "late", "e")))
    desk.start()
    with db.reading() as session:
        before = session.execute(sa.select(Timer.token, Timer.due_at)).all()
    done = desk.complete("a")

    acting.on(done, operations.withdraw_task)

    with db.reading() as session:
        assert session.execute(sa.select(Timer.token, Timer.due_at)).all() == before


def test_one_element_of_a_round_is_taken_back(desk: Desk, acting: Acting) -> None:
    loop = f"<multiInstanceLoopCharacteristics {SIGNERS}/>"
    desk.deploy(line(user("a", 'camunda:assignee="=signer"', TAKEN + loop), user("z")))
    instance = desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])
    done = desk.complete("a", "cv-tp")
    complete_own(acting, "cv-vhtt")

    acting.on(done, operations.withdraw_task, who="cv-tp")

    assert sorted(task.assignee_id for task in desk.open()) == sorted(
        [acting.person("cv-tp"), acting.person("van-thu")]
    )
    complete_own(acting, "cv-tp")
    assert desk.names() == ["a"]
    complete_own(acting, "van-thu")
    assert desk.names() == ["z"]
    desk.complete("z")
    assert desk.state(instance) == "completed"


def test_the_last_one_of_a_round_one_after_the_other_is_taken_back(desk: Desk, acting: Acting) -> None:
    loop = f'<multiInstanceLoopCharacteristics isSequential="true" {SIGNERS}/>'
    desk.deploy(line(user("a", 'camunda:assignee="=signer"', TAKEN + loop), user("z")))
    instance = desk.start(signers=["cv-tp", "cv-vhtt"])
    complete_own(acting, "cv-tp")
    done = desk.complete("a", "cv-vhtt")
    assert desk.names() == ["z"]

    acting.on(done, operations.withdraw_task, who="cv-vhtt")
    assert acting.holders() == {"a": "cv-vhtt"}
    complete_own(acting, "cv-vhtt")
    desk.complete("z")

    assert desk.state(instance) == "completed"


def test_a_completion_that_may_be_taken_back_costs_no_statement_more(
    desk: Desk, actor: ActorOf, statements: list[str]
) -> None:
    desk.deploy(line(user("a"), user("b", inner=TAKEN), user("c")))
    desk.start()
    desk.complete("a")
    task, clerk = desk.task("b"), actor("van-thu")

    statements.clear()
    with db.unit_of_work():
        operations.complete_task(task.id, {"note": "xong"}, actor=clerk)

    assert len(statements) <= 3, statements


def test_an_instance_that_was_taken_over_gives_nothing_back(desk: Desk, acting: Acting, actor: ActorOf) -> None:
    (before,) = desk.deploy(line(user("a", inner=TAKEN), user("b")))
    instance = desk.start()
    done = desk.complete("a")
    (after,) = desk.deploy(line(user("a", inner=TAKEN), user("b"), user("c")))
    with db.reading():
        plan = operations.generate_plan(before.id, after.id)
    with db.unit_of_work():
        batch = operations.start_migration(plan, [instance.id], actor=actor("chu-tich"))
    migrations.work_off(batch.id)

    with pytest.raises(CannotWithdraw, match="phiên bản khác"):
        acting.on(done, operations.withdraw_task)


def test_whoever_is_first_has_it_when_one_takes_back_and_one_claims_at_once(
    desk: Desk, acting: Acting, actor: ActorOf
) -> None:
    desk.deploy(line(user("a", inner=TAKEN), user("b")))
    desk.start()
    done, clerk = desk.complete("a"), actor("van-thu")
    following = desk.task("b")

    results = at_once(
        [
            lambda: operations.withdraw_task(done.id, actor=clerk),
            lambda: operations.claim_task(following.id, actor=clerk),
        ]
    )

    refused = [result for result in results if isinstance(result, CannotWithdraw | TaskNotReady)]
    assert len(refused) == 1, results
    assert desk.names() == (["b"] if isinstance(results[0], CannotWithdraw) else ["a"])


def test_one_element_of_a_round_that_is_over_is_not_taken_back(desk: Desk, acting: Acting) -> None:
    loop = f"<multiInstanceLoopCharacteristics {SIGNERS}/>"
    desk.deploy(line(user("a", 'camunda:assignee="${signer}"', TAKEN + loop), user("b")))
    desk.start(signers=["van-thu", "cv-tp"])
    first = next(task for task in desk.open() if task.assignee_id == acting.person("van-thu"))
    acting.on(first, operations.complete_task, {})
    desk.complete("a", who="cv-tp")

    with pytest.raises(CannotWithdraw, match="đã xong"):
        acting.on(first, operations.withdraw_task)
    assert desk.names() == ["b"]


def test_what_was_done_in_a_subprocess_that_is_over_is_not_taken_back(desk: Desk, acting: Acting) -> None:
    both = f'{user("x", inner=TAKEN)}{user("y")}<endEvent id="e1"/><endEvent id="e2"/>'
    inner = f'<startEvent id="ss"/><parallelGateway id="f"/>{both}{flows("ss", "f", "x", "e1")}{flows("f", "y", "e2")}'
    sub = f'<subProcess id="sub">{inner}</subProcess>{user("b")}'
    desk.deploy(diagram(f'<startEvent id="s"/>{sub}<endEvent id="e"/>{flows("s", "sub", "b", "e")}'))
    desk.start()
    done = desk.complete("x")
    desk.complete("y")

    with pytest.raises(CannotWithdraw, match="đã xong"):
        acting.on(done, operations.withdraw_task)
    assert desk.names() == ["b"]
