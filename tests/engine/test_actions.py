"""Verbs beside completing: what the diagram allows, to whom, what happens, what is written. Every operation loads the
instance from its snapshot and saves it again."""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from directory.models import Person
from engine import action_queries, actions, operations, queries, specs
from engine.action_errors import (
    AlreadySigner,
    CannotWithdraw,
    ConsultationNotFound,
    ConsultationOver,
    DelegationPending,
    NoRound,
    NotDelegated,
    NotOffered,
    NowhereBack,
    ReasonMissing,
    UnknownSigner,
    UnsuitablePerson,
)
from engine.action_models import Consultation, Rewind
from engine.errors import NotCandidate, NotDifferent, ProcessRefused, TaskNotReady
from engine.models import HistoryEntry, Task, Timer
from kernel import db
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flow, flows, user

CLERKS = 'camunda:candidateGroups="van-thu"'
SIGNERS = 'camunda:collection="signers" camunda:elementVariable="signer"'


def may(*told: str) -> str:
    """moc:actions: `may('return to="a"', "consult")`."""
    lines = "".join(f"<moc:action name={_named(text)}/>" for text in told)
    return f"<extensionElements><moc:actions>{lines}</moc:actions></extensionElements>"


def _named(text: str) -> str:
    name, _, rest = text.partition(" ")
    return f'"{name}" {rest}'


def line(*tasks: str) -> bytes:
    """start → user tasks, as XML → end."""
    ids = [text.split('id="')[1].split('"')[0] for text in tasks]
    return diagram(f'<startEvent id="s"/>{"".join(tasks)}<endEvent id="e"/>{flows("s", *ids, "e")}')


@dataclasses.dataclass
class Acting:
    """A desk whose people do more than complete."""

    desk: Desk
    actor: ActorOf

    def do(self, verb: Callable[..., Any], element: str, *given: Any, who: str = "van-thu", **told: Any) -> Any:
        """With the oldest open task of this element."""
        task = next(task for task in self.desk.open() if task.element_id == element)
        with db.unit_of_work():
            return verb(task.id, *given, actor=self.actor(who), **told)

    def on(self, task: Task, verb: Callable[..., Any], *given: Any, who: str = "van-thu", **told: Any) -> Any:
        with db.unit_of_work():
            return verb(task.id, *given, actor=self.actor(who), **told)

    def person(self, who: str) -> uuid.UUID:
        found = self.actor(who).person_id
        assert found is not None
        return found

    def allowed(self, element: str, who: str = "van-thu") -> list[str]:
        with db.reading():
            return [action.name for action in actions.allowed(self.task(element), self.actor(who))]

    def task(self, element: str) -> Task:
        """The newest of this element, open or ended."""
        with db.apart(), db.reading() as session:
            newest = sa.select(Task).where(Task.element_id == element).order_by(Task.token.desc())
            return session.scalars(newest.limit(1)).one()

    def holders(self) -> dict[str, str]:
        """Element of each open task -> who has it, or nobody."""
        with db.reading() as session:
            rows = session.execute(
                sa.select(Task.element_id, Person.username)
                .outerjoin(Person, Person.id == Task.assignee_id)
                .where(Task.state == "ready")
                .order_by(Task.token)
            )
            return {row[0]: row[1] or "" for row in rows}

    def acts(self) -> list[dict[str, Any]]:
        """What history says of verbs."""
        with db.reading() as session:
            rows = session.scalars(
                sa.select(HistoryEntry).where(HistoryEntry.kind == "action").order_by(HistoryEntry.id)
            )
            return [{"element": row.element_id, "person": row.person_name, **row.data} for row in rows]

    def tags(self) -> list[str]:
        """The audit trail since the instance began."""
        with db.reading() as session:
            found = session.scalars(sa.text("SELECT tag FROM audit_entries ORDER BY id")).all()
        return list(found[2:])


@pytest.fixture
def acting(desk: Desk, actor: ActorOf) -> Acting:
    specs.forget_all()
    return Acting(desk, actor)


# -------------------------------------------------------------------------------------------------------------- return
def test_a_returned_task_goes_back_to_who_did_the_step_before(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", 'camunda:candidateGroups="chuyen-vien"'), user("b", inner=may("return"))))
    desk.start()
    desk.complete("a", "cv-tp")

    acting.do(operations.return_task, "b", reason="Thiếu phụ lục.")

    assert acting.holders() == {"a": "cv-tp"}
    returned = acting.task("a").extensions["returned"]
    assert (returned["by"], returned["name"], returned["reason"], returned["times"]) == (
        "Trần Thị Lan",
        "b",
        "Thiếu phụ lục.",
        1,
    )
    assert acting.task("b").state == "cancelled"


def test_a_return_is_one_line_of_history_and_one_of_the_audit_trail(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a"), user("b", inner=may("return"))))
    desk.start()
    desk.complete("a")

    acting.do(operations.return_task, "b", reason="Thiếu phụ lục.")

    assert acting.acts() == [
        {
            "element": "b",
            "person": "Trần Thị Lan",
            "verb": "return",
            "from": "b",
            "to": "a",
            "reason": "Thiếu phụ lục.",
            "times": 1,
        }
    ]
    assert acting.tags() == ["task:complete", "task:return"]


def test_returns_to_a_step_are_counted_and_the_way_stays_known(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a"), user("b"), user("c", inner=may('return to="previous"'))))
    desk.start()
    for element in ("a", "b"):
        desk.complete(element)

    for times in (1, 2, 3):
        acting.do(operations.return_task, "c", reason="Sửa lại.")
        assert acting.task("b").extensions["returned"]["times"] == times
        desk.complete("b")

    assert desk.names() == ["c"]


def test_a_task_goes_back_only_where_the_diagram_says(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a"), user("b"), user("c", inner=may('return to="a"'))))
    desk.start()
    desk.complete("a")
    desk.complete("b")

    with db.reading():
        (offered,) = actions.allowed(acting.task("c"), acting.actor("van-thu"))
    assert [target.element_id for target in offered.targets] == ["a"]
    with pytest.raises(NotOffered):
        acting.do(operations.return_task, "c", "b", reason="Sửa lại.")
    acting.do(operations.return_task, "c", "a", reason="Làm lại từ đầu.")

    assert desk.names() == ["a"]


def test_what_the_diagram_does_not_list_is_neither_offered_nor_done(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a"), user("b")))
    desk.start()
    desk.complete("a")
    somebody = acting.person("cv-tp")

    assert acting.allowed("b") == []
    for verb, given in (
        (operations.return_task, {"reason": "Sửa."}),
        (operations.reject_task, {"reason": "Không."}),
        (operations.delegate_task, {"person_id": somebody}),
        (operations.add_signer, {"person_id": somebody}),
        (operations.remove_signer, {"person_id": somebody}),
        (operations.consult, {"people": somebody, "question": "Ý anh?"}),
    ):
        with pytest.raises(NotOffered, match="không cho"):
            acting.do(verb, "b", **given)
    with pytest.raises(NotOffered):
        acting.on(acting.task("a"), operations.withdraw_task)
    with pytest.raises(NotDelegated):
        acting.do(operations.resolve_task, "b")


def test_only_who_may_complete_a_task_returns_it_and_with_a_reason(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a"), user("b", inner=may("return"))))
    desk.start()
    desk.complete("a")

    assert acting.allowed("b", "cv-tp") == []
    with pytest.raises(NotCandidate):
        acting.do(operations.return_task, "b", reason="Sửa.", who="cv-tp")
    with pytest.raises(ReasonMissing):
        acting.do(operations.return_task, "b", reason="  ")
    assert desk.names() == ["b"]


def test_the_diagram_may_do_without_a_reason(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a"), user("b", inner=may('return reason="optional"'))))
    desk.start()
    desk.complete("a")

    acting.do(operations.return_task, "b", reason="")

    assert desk.names() == ["a"]


def test_nothing_is_behind_the_first_step(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("return")), user("b")))
    desk.start()

    assert acting.allowed("a") == []
    with pytest.raises(NowhereBack):
        acting.do(operations.return_task, "a", reason="Sửa.")


FORK = f'<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>{user("first")}'


def forked(a: str, b: str, rest: str) -> bytes:
    """first → (a1 → a2 ‖ b) → rest."""
    body = (
        f"{FORK}{user('a1')}{user('a2', inner=a)}{user('b', inner=b)}{user('rest', inner=rest)}"
        f"{flows('s', 'first', 'f', 'a1', 'a2', 'j', 'rest', 'e')}{flows('f', 'b', 'j')}"
    )
    return diagram(body)


def test_a_return_inside_a_branch_leaves_the_other_branches(desk: Desk, acting: Acting) -> None:
    desk.deploy(forked(may("return"), "", ""))
    instance = desk.start()
    desk.complete("first")
    desk.complete("a1")
    desk.complete("b")

    acting.do(operations.return_task, "a2", reason="Sửa.")
    assert desk.names() == ["a1"]
    for element in ("a1", "a2", "rest"):
        desk.complete(element)

    assert desk.state(instance) == "completed"


def test_a_return_in_front_of_a_split_takes_its_other_branches_back(desk: Desk, acting: Acting) -> None:
    desk.deploy(forked(may('return to="first"'), "", ""))
    instance = desk.start()
    desk.complete("first")
    desk.complete("a1")

    acting.do(operations.return_task, "a2", "first", reason="Sửa.")
    assert desk.names() == ["first"]
    desk.complete("first")
    assert sorted(desk.names()) == ["a1", "b"]
    for element in ("a1", "a2", "b", "rest"):
        desk.complete(element)

    assert desk.state(instance) == "completed"


def test_a_branch_that_waits_at_the_join_is_taken_back_too(desk: Desk, acting: Acting) -> None:
    desk.deploy(forked(may('return to="first"'), "", ""))
    instance = desk.start()
    for element in ("first", "a1", "b"):
        desk.complete(element)

    acting.do(operations.return_task, "a2", reason="Sửa.")
    for element in ("first", "a1", "b"):
        desk.complete(element)
    assert desk.names() == ["a2"]
    desk.complete("a2")
    desk.complete("rest")

    assert desk.state(instance) == "completed"


def test_a_return_into_a_branch_behind_its_join_leaves_the_other_branch_done(desk: Desk, acting: Acting) -> None:
    desk.deploy(forked("", "", may('return to="a1 first"')))
    instance = desk.start()
    for element in ("first", "a1", "b", "a2"):
        desk.complete(element)

    acting.do(operations.return_task, "rest", "a1", reason="Sửa nhánh này.")
    assert desk.names() == ["a1"]
    for element in ("a1", "a2", "rest"):
        desk.complete(element)

    assert desk.state(instance) == "completed"


def test_a_return_over_a_whole_block_begins_it_again(desk: Desk, acting: Acting) -> None:
    desk.deploy(forked("", "", may('return to="first"')))
    instance = desk.start()
    for element in ("first", "a1", "b", "a2"):
        desk.complete(element)

    acting.do(operations.return_task, "rest", reason="Làm lại.")
    assert desk.names() == ["first"]
    desk.complete("first")
    assert sorted(desk.names()) == ["a1", "b"]
    for element in ("a1", "b", "a2", "rest"):
        desk.complete(element)

    assert desk.state(instance) == "completed"


def test_a_branch_of_another_split_stays(desk: Desk, acting: Acting) -> None:
    body = (
        f'<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>{user("x")}'
        f"{user('a')}<parallelGateway id='g'/><parallelGateway id='k'/>{user('b', inner=may('return'))}{user('c')}"
        f"{flows('s', 'f', 'x', 'j', 'e')}{flows('f', 'a', 'g', 'b', 'k', 'j')}{flows('g', 'c', 'k')}"
    )
    desk.deploy(diagram(body))
    instance = desk.start()
    desk.complete("a")
    assert sorted(desk.names()) == ["b", "c", "x"]

    acting.do(operations.return_task, "b", reason="Sửa.")
    assert sorted(desk.names()) == ["a", "x"]
    for element in ("a", "b", "c", "x"):
        desk.complete(element)

    assert desk.state(instance) == "completed"


SUB = (
    '<startEvent id="s"/>{before}<subProcess id="sub">{loop}<startEvent id="is"/>{inside}<endEvent id="ie"/>'
    "{inner}</subProcess>{after}<endEvent id='e'/>"
)


def test_a_return_out_of_a_sub_process_leaves_it(desk: Desk, acting: Acting) -> None:
    body = SUB.format(
        before=user("a"),
        loop="",
        inside=user("b") + user("c", inner=may('return to="previous a"')),
        inner=flows("is", "b", "c", "ie"),
        after=flows("s", "a", "sub", "e"),
    )
    desk.deploy(diagram(body))
    instance = desk.start()
    desk.complete("a")
    desk.complete("b")

    with db.reading():
        (offered,) = actions.allowed(acting.task("c"), acting.actor("van-thu"))
    assert [target.element_id for target in offered.targets] == ["b", "a"]
    acting.do(operations.return_task, "c", "b", reason="Sửa.")
    assert desk.names() == ["b"]
    desk.complete("b")
    acting.do(operations.return_task, "c", "a", reason="Sửa.")
    assert desk.names() == ["a"]
    for element in ("a", "b", "c"):
        desk.complete(element)

    assert desk.state(instance) == "completed"


def test_a_return_into_a_sub_process_that_is_over_opens_it_again(desk: Desk, acting: Acting) -> None:
    body = SUB.format(
        before=user("a"),
        loop="",
        inside=user("b") + user("c"),
        inner=flows("is", "b", "c", "ie"),
        after=user("d", inner=may('return to="c"')) + flows("s", "a", "sub", "d", "e"),
    )
    desk.deploy(diagram(body))
    instance = desk.start()
    for element in ("a", "b", "c"):
        desk.complete(element)

    acting.do(operations.return_task, "d", reason="Sửa.")
    assert desk.names() == ["c"]
    for element in ("c", "d"):
        desk.complete(element)

    assert desk.state(instance) == "completed"


def test_previous_passes_over_a_sub_process(desk: Desk, acting: Acting) -> None:
    body = SUB.format(
        before=user("a"),
        loop="",
        inside=user("b"),
        inner=flows("is", "b", "ie"),
        after=user("d", inner=may("return")) + flows("s", "a", "sub", "d", "e"),
    )
    desk.deploy(diagram(body))
    desk.start()
    for element in ("a", "b"):
        desk.complete(element)

    acting.do(operations.return_task, "d", reason="Sửa.")

    assert desk.names() == ["a"]


def test_a_return_out_of_a_round_ends_the_round(desk: Desk, acting: Acting) -> None:
    loop = f"<multiInstanceLoopCharacteristics {SIGNERS}/>"
    desk.deploy(line(user("a"), user("b", 'camunda:assignee="=signer"', may("return") + loop)))
    instance = desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])
    desk.complete("a")
    desk_complete_own(acting, "cv-vhtt")

    acting.do(operations.return_task, "b", reason="Sai căn cứ.", who="cv-tp")
    assert desk.names() == ["a"]
    desk.complete("a")
    assert desk.names() == ["b", "b", "b"]
    for who in ("cv-tp", "cv-vhtt", "van-thu"):
        desk_complete_own(acting, who)

    assert desk.state(instance) == "completed"


def desk_complete_own(acting: Acting, who: str, **values: Any) -> None:
    """The open task that this person has."""
    person = acting.person(who)
    task = next(task for task in acting.desk.open() if task.assignee_id == person)
    acting.on(task, operations.complete_task, values, who=who)


def test_a_return_in_one_element_of_a_round_leaves_the_other_elements(desk: Desk, acting: Acting) -> None:
    body = SUB.format(
        before="",
        loop=f"<multiInstanceLoopCharacteristics {SIGNERS}/>",
        inside=user("b", 'camunda:assignee="=signer"') + user("c", 'camunda:assignee="=signer"', may("return")),
        inner=flows("is", "b", "c", "ie"),
        after=flows("s", "sub", "e"),
    )
    desk.deploy(diagram(body))
    instance = desk.start(signers=["cv-tp", "cv-vhtt"])
    desk_complete_own(acting, "cv-tp")
    desk_complete_own(acting, "cv-vhtt")

    acting.do(operations.return_task, "c", reason="Sửa.", who="cv-tp")

    assert sorted(desk.names()) == ["b", "c"]
    assert acting.holders() == {"b": "cv-tp", "c": "cv-vhtt"}
    desk_complete_own(acting, "cv-tp")
    desk_complete_own(acting, "cv-tp")
    desk_complete_own(acting, "cv-vhtt")
    assert desk.state(instance) == "completed"


def test_the_way_goes_through_gateways_events_and_machine_steps(desk: Desk, acting: Acting) -> None:
    body = (
        f'<startEvent id="s"/>{user("a")}<exclusiveGateway id="g" default="g-t"/>'
        '<scriptTask id="t" scriptFormat="feel"><script>n = 1</script></scriptTask>'
        '<intermediateThrowEvent id="i"/>'
        f"{user('b', inner=may('return'))}<endEvent id='e'/>{flows('s', 'a', 'g', 't', 'i', 'b', 'e')}"
    )
    desk.deploy(diagram(body))
    desk.start()
    desk.complete("a")

    acting.do(operations.return_task, "b", reason="Sửa.")

    assert desk.names() == ["a"]


def test_a_returned_step_is_not_given_to_who_four_eyes_keep_from_it(desk: Desk, acting: Acting) -> None:
    other = '<extensionElements><moc:differentFrom task="b"/></extensionElements>'
    both = 'camunda:candidateGroups="van-thu, chuyen-vien"'
    desk.deploy(line(user("a", both, other), user("b", both), user("c", inner=may('return to="a"'))))
    desk.start()
    desk.complete("a", "cv-tp")
    desk.complete("b", "cv-tp")

    acting.do(operations.return_task, "c", reason="Sửa.")

    assert acting.holders() == {"a": ""}
    with pytest.raises(NotDifferent):
        desk.complete("a", "cv-tp")


# -------------------------------------------------------------------------------------------------------------- reject
def test_a_rejected_task_goes_where_the_diagram_says(desk: Desk, acting: Acting) -> None:
    body = (
        f'<startEvent id="s"/>{user("a")}{user("b", inner=may("""reject to="no" """))}<endEvent id="e"/>'
        f'<endEvent id="no" name="Bị từ chối"/>{flows("s", "a", "b", "e")}'
        f'{user("never")}{flows("never", "no")}<boundaryEvent id="t" attachedToRef="b"><errorEventDefinition/>'
        f"</boundaryEvent>{flows('t', 'never')}"
    )
    desk.deploy(diagram(body))
    instance = desk.start()
    desk.complete("a")

    acting.do(operations.reject_task, "b", reason="Không đúng thẩm quyền.")

    assert desk.state(instance) == "completed"
    assert desk.history(instance, "completed")[-1] == "no"
    assert acting.acts()[0] | {"times": 0} == {
        "element": "b",
        "person": "Trần Thị Lan",
        "verb": "reject",
        "from": "b",
        "to": "no",
        "reason": "Không đúng thẩm quyền.",
        "times": 0,
    }


def test_a_rejection_without_a_target_is_an_error_of_the_diagram(desk: Desk, acting: Acting) -> None:
    outside = '<error id="err" errorCode="REJECTED"/>'
    body = (
        f'<startEvent id="s"/>{user("a", inner=may("reject"))}<endEvent id="e"/>{user("why")}<endEvent id="no"/>'
        '<boundaryEvent id="x" attachedToRef="a"><errorEventDefinition errorRef="err"/></boundaryEvent>'
        f"{flows('s', 'a', 'e')}{flows('x', 'why', 'no')}"
    )
    desk.deploy(diagram(body, outside=outside))
    desk.start()

    acting.do(operations.reject_task, "a", reason="Không nhận.")

    assert desk.names() == ["why"]


def test_a_rejection_in_one_branch_leaves_the_other(desk: Desk, acting: Acting) -> None:
    body = (
        f'{FORK}{user("a", inner=may("""reject to="no" """))}{user("b")}<endEvent id="no"/>'
        f"{flows('s', 'first', 'f', 'a', 'j', 'e')}{flows('f', 'b', 'j')}{user('z')}{flows('z', 'no')}"
        '<boundaryEvent id="t" attachedToRef="b"><errorEventDefinition/></boundaryEvent>' + flows("t", "z")
    )
    desk.deploy(diagram(body))
    desk.start()
    desk.complete("first")

    acting.do(operations.reject_task, "a", reason="Không.")

    assert desk.names() == ["b"]


# ------------------------------------------------------------------------------------------------------------ withdraw
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
    from engine import registry

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
    desk_complete_own(acting, "cv-vhtt")

    acting.on(done, operations.withdraw_task, who="cv-tp")

    assert sorted(task.assignee_id for task in desk.open()) == sorted(
        [acting.person("cv-tp"), acting.person("van-thu")]
    )
    desk_complete_own(acting, "cv-tp")
    assert desk.names() == ["a"]
    desk_complete_own(acting, "van-thu")
    assert desk.names() == ["z"]
    desk.complete("z")
    assert desk.state(instance) == "completed"


def test_the_last_one_of_a_round_one_after_the_other_is_taken_back(desk: Desk, acting: Acting) -> None:
    loop = f'<multiInstanceLoopCharacteristics isSequential="true" {SIGNERS}/>'
    desk.deploy(line(user("a", 'camunda:assignee="=signer"', TAKEN + loop), user("z")))
    instance = desk.start(signers=["cv-tp", "cv-vhtt"])
    desk_complete_own(acting, "cv-tp")
    done = desk.complete("a", "cv-vhtt")
    assert desk.names() == ["z"]

    acting.on(done, operations.withdraw_task, who="cv-vhtt")
    assert acting.holders() == {"a": "cv-vhtt"}
    desk_complete_own(acting, "cv-vhtt")
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


# ------------------------------------------------------------------------------------------------------------- consult
def test_colleagues_are_asked_and_the_token_stays(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("consult"))))
    desk.start()
    people = [acting.person("cv-tp"), acting.person("cv-vhtt")]

    asked = acting.do(operations.consult, "a", people, "Văn bản này thuộc ai?")

    assert [one.person_name for one in asked] == ["Vũ Đức Long", "Ngô Thị Mai"] or len(asked) == 2
    assert desk.names() == ["a"]
    assert acting.tags() == ["task:consult"]
    with db.reading():
        assert [one.id for one in action_queries.list_my_consultations(acting.actor("cv-tp"))] == [asked[0].id]
        assert action_queries.list_my_consultations(acting.actor("van-thu")) == []


def test_an_answer_is_given_once_by_who_was_asked(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("consult"))))
    desk.start()
    (one,) = acting.do(operations.consult, "a", acting.person("cv-tp"), "Thuộc ai?")

    with pytest.raises(ConsultationNotFound), db.unit_of_work():
        operations.answer_consultation(one.id, "Thuộc tôi.", actor=acting.actor("cv-vhtt"))
    with db.unit_of_work():
        operations.answer_consultation(one.id, "Thuộc phòng tôi.", actor=acting.actor("cv-tp"))
    with pytest.raises(ConsultationOver), db.unit_of_work():
        operations.answer_consultation(one.id, "Hai lần.", actor=acting.actor("cv-tp"))

    with db.reading():
        (told,) = action_queries.list_consultations(acting.task("a"))
        assert (told.answer, told.pending) == ("Thuộc phòng tôi.", False)
        assert action_queries.list_my_consultations(acting.actor("cv-tp")) == []
    assert [act["verb"] for act in acting.acts()] == ["consult", "answer"]


def test_a_question_is_taken_back_by_who_asked(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("consult"))))
    desk.start()
    (one,) = acting.do(operations.consult, "a", acting.person("cv-tp"), "Thuộc ai?")

    with pytest.raises(ConsultationNotFound), db.unit_of_work():
        operations.withdraw_consultation(one.id, actor=acting.actor("cv-vhtt"))
    with db.unit_of_work():
        operations.withdraw_consultation(one.id, actor=acting.actor("van-thu"))

    with pytest.raises(ConsultationOver), db.unit_of_work():
        operations.answer_consultation(one.id, "Muộn.", actor=acting.actor("cv-tp"))


def test_a_task_that_ends_closes_its_questions_and_waits_for_none(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("consult")), user("b")))
    desk.start()
    (one,) = acting.do(operations.consult, "a", acting.person("cv-tp"), "Thuộc ai?")

    desk.complete("a")

    with db.reading():
        assert action_queries.list_my_consultations(acting.actor("cv-tp")) == []
    with pytest.raises(ConsultationOver), db.unit_of_work():
        operations.answer_consultation(one.id, "Muộn.", actor=acting.actor("cv-tp"))


def test_nobody_asks_oneself_or_the_same_person_twice(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("consult"))))
    desk.start()

    with pytest.raises(UnsuitablePerson):
        acting.do(operations.consult, "a", acting.person("van-thu"), "Tôi nghĩ gì?")
    with pytest.raises(UnsuitablePerson):
        acting.do(operations.consult, "a", [], "Ai?")
    acting.do(operations.consult, "a", acting.person("cv-tp"), "Thuộc ai?")
    with pytest.raises(UnsuitablePerson) as refusal:
        acting.do(operations.consult, "a", acting.person("cv-tp"), "Thuộc ai?")
    assert "chưa trả lời" in refusal.value.fields["person"]


# ------------------------------------------------------------------------------------------------------------ signers
def round_of(sequential: bool, *told: str, condition: str = "", output: str = "") -> bytes:
    inner = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    kind = f'isSequential="{str(sequential).lower()}"'
    loop = f"<multiInstanceLoopCharacteristics {kind} {SIGNERS}{output}>{inner}</multiInstanceLoopCharacteristics>"
    wanted = told or ("addSigner", "removeSigner")
    return line(user("a", 'camunda:assignee="=signer"', may(*wanted) + loop), user("z"))


def counters(acting: Acting, element: str = "a") -> tuple[int, int, int]:
    with db.reading():
        seen = queries.get_task_variables(acting.task(element))
    return tuple(int(seen[name]) for name in ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"))  # type: ignore[return-value]


def people_of(acting: Acting) -> list[str]:
    """Who has an open task, in the order of tokens."""
    with db.reading() as session:
        rows = session.execute(
            sa.select(Person.username)
            .join(Task, Task.assignee_id == Person.id)
            .where(Task.state == "ready")
            .order_by(Task.token)
        )
        return [row[0] for row in rows]


def test_a_signer_is_added_to_a_round_of_all_at_once(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False))
    instance = desk.start(signers=["cv-tp", "cv-vhtt"])
    desk_complete_own(acting, "cv-vhtt")

    acting.do(operations.add_signer, "a", acting.person("van-thu"), who="cv-tp")

    assert people_of(acting) == ["cv-tp", "van-thu"]
    assert counters(acting) == (3, 2, 1)
    with db.reading():
        assert queries.get_task_variables(acting.task("a"))["signer"] == "van-thu"
    desk_complete_own(acting, "cv-tp")
    assert desk.names() == ["a"]
    desk_complete_own(acting, "van-thu")
    assert desk.names() == ["z"]
    assert desk.variables(instance)["signers"] == ["cv-tp", "cv-vhtt"]
    assert [(act["verb"], act["person"]) for act in acting.acts()][0][0] == "addSigner"
    assert "task:add_signer" in acting.tags()


def test_a_signer_is_added_to_a_round_one_after_the_other(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(True))
    instance = desk.start(signers=["cv-tp", "cv-vhtt", "chanh-van-phong"])

    acting.do(operations.add_signer, "a", acting.person("van-thu"), who="cv-tp")
    acting.do(operations.add_signer, "a", acting.person("chu-tich"), place=3, who="cv-tp")

    assert counters(acting) == (5, 1, 0)
    with db.reading():
        found = action_queries.list_signers(acting.task("a"))
    assert [(one.username, one.state) for one in found] == [
        ("cv-tp", "now"),
        ("van-thu", "coming"),
        ("cv-vhtt", "coming"),
        ("chu-tich", "coming"),
        ("chanh-van-phong", "coming"),
    ]
    for who in ("cv-tp", "van-thu", "cv-vhtt", "chu-tich", "chanh-van-phong"):
        assert people_of(acting) == [who]
        desk_complete_own(acting, who)
    assert desk.names() == ["z"]
    assert desk.variables(instance)["signers"] == ["cv-tp", "cv-vhtt", "chanh-van-phong"]


def test_a_signer_is_taken_out_of_a_round_of_all_at_once(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])

    acting.do(operations.remove_signer, "a", acting.person("cv-vhtt"), who="cv-tp")

    assert people_of(acting) == ["cv-tp", "van-thu"]
    assert counters(acting) == (2, 2, 0)
    for who in ("cv-tp", "van-thu"):
        desk_complete_own(acting, who)
    assert desk.names() == ["z"]


def test_a_signer_whose_turn_has_not_come_is_taken_out(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(True))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])

    acting.do(operations.remove_signer, "a", acting.person("cv-vhtt"), who="cv-tp")

    assert counters(acting) == (2, 1, 0)
    desk_complete_own(acting, "cv-tp")
    assert people_of(acting) == ["van-thu"]
    desk_complete_own(acting, "van-thu")
    assert desk.names() == ["z"]


def test_a_round_is_complete_when_the_last_one_who_has_not_signed_is_taken_out(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])
    desk_complete_own(acting, "van-thu")
    desk_complete_own(acting, "cv-vhtt")
    acting.do(operations.add_signer, "a", acting.person("chu-tich"), who="cv-tp")
    desk_complete_own(acting, "cv-tp")
    acting.do(operations.add_signer, "a", acting.person("cv-tp"), who="chu-tich")

    acting.do(operations.remove_signer, "a", acting.person("cv-tp"), who="chu-tich")
    assert people_of(acting) == ["chu-tich"]
    desk_complete_own(acting, "chu-tich")

    assert desk.names() == ["z"]


def test_the_completion_condition_is_asked_again_when_somebody_is_taken_out(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False, condition="nrOfCompletedInstances / nrOfInstances &gt;= 0.5"))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])
    desk_complete_own(acting, "van-thu")
    assert desk.names() == ["a", "a"]

    acting.do(operations.remove_signer, "a", acting.person("cv-vhtt"), who="cv-tp")

    assert desk.names() == ["z"]


def test_results_of_a_changed_round_keep_their_places(desk: Desk, acting: Acting) -> None:
    loop = (
        f"<multiInstanceLoopCharacteristics {SIGNERS}><loopDataOutputRef>votes</loopDataOutputRef>"
        '<outputDataItem name="vote"/></multiInstanceLoopCharacteristics>'
    )
    desk.deploy(line(user("a", 'camunda:assignee="=signer"', may("addSigner", "removeSigner") + loop), user("z")))
    instance = desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])

    acting.do(operations.remove_signer, "a", acting.person("cv-vhtt"), who="cv-tp")
    acting.do(operations.add_signer, "a", acting.person("chu-tich"), who="cv-tp")
    for who in ("cv-tp", "van-thu", "chu-tich"):
        desk_complete_own(acting, who, vote=who)

    assert desk.variables(instance)["votes"] == ["cv-tp", None, "van-thu", "chu-tich"]


def test_who_is_in_the_round_is_not_added_and_who_is_not_is_not_taken_out(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(True))
    desk.start(signers=["cv-tp", "cv-vhtt"])

    with pytest.raises(AlreadySigner):
        acting.do(operations.add_signer, "a", acting.person("cv-vhtt"), who="cv-tp")
    with pytest.raises(UnknownSigner):
        acting.do(operations.remove_signer, "a", acting.person("van-thu"), who="cv-tp")
    with pytest.raises(NotCandidate):
        acting.do(operations.add_signer, "a", acting.person("van-thu"), who="cv-vhtt")


def test_a_round_over_things_that_are_no_people_is_left_alone(desk: Desk, acting: Acting) -> None:
    loop = '<multiInstanceLoopCharacteristics camunda:collection="things" camunda:elementVariable="thing"/>'
    desk.deploy(line(user("a", 'camunda:candidateUsers="=&quot;van-thu&quot;"', may("addSigner") + loop)))
    desk.start(things=[1, 2])

    with pytest.raises(NoRound):
        acting.do(operations.add_signer, "a", acting.person("cv-tp"))


def test_a_signer_is_added_to_a_round_of_sub_processes(desk: Desk, acting: Acting) -> None:
    body = SUB.format(
        before="",
        loop=f"<multiInstanceLoopCharacteristics {SIGNERS}/>",
        inside=user("b", 'camunda:assignee="=signer"', may("addSigner", "removeSigner")),
        inner=flows("is", "b", "ie"),
        after=flows("s", "sub", "e"),
    )
    desk.deploy(diagram(body))
    instance = desk.start(signers=["cv-tp", "cv-vhtt"])

    acting.do(operations.add_signer, "b", acting.person("van-thu"), who="cv-tp")
    assert people_of(acting) == ["cv-tp", "cv-vhtt", "van-thu"]
    acting.do(operations.remove_signer, "b", acting.person("cv-vhtt"), who="cv-tp")
    assert people_of(acting) == ["cv-tp", "van-thu"]
    for who in ("cv-tp", "van-thu"):
        desk_complete_own(acting, who)

    assert desk.state(instance) == "completed"


def test_four_eyes_hold_for_who_is_added(desk: Desk, acting: Acting) -> None:
    loop = f"<multiInstanceLoopCharacteristics {SIGNERS}/>"
    told = may("addSigner", "delegate").replace(
        "</extensionElements>", '<moc:differentFrom task="first"/></extensionElements>'
    )
    desk.deploy(line(user("first"), user("a", 'camunda:assignee="=signer"', told + loop)))
    desk.start(signers=["cv-tp"])
    desk.complete("first")

    for verb in (operations.add_signer, operations.delegate_task):
        with pytest.raises(NotDifferent):
            acting.do(verb, "a", acting.person("van-thu"), who="cv-tp")


# ------------------------------------------------------------------------------------------------------------ delegate
def test_a_delegated_task_comes_back_to_its_owner_who_completes_it(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("delegate"))))
    instance = desk.start()

    acting.do(operations.delegate_task, "a", acting.person("cv-tp"), note="Soạn giúp.")
    assert acting.holders() == {"a": "cv-tp"}
    assert (acting.allowed("a", "cv-tp"), acting.allowed("a")) == (["resolve"], ["resolve"])
    for who in ("cv-tp", "van-thu"):
        with pytest.raises((DelegationPending, NotCandidate)):
            desk.complete("a", who)
    acting.do(operations.resolve_task, "a", {"result": "Bản soạn", "pages": 3}, note="Xong.", who="cv-tp")

    task = acting.task("a")
    assert (acting.holders(), task.delegation) == ({"a": "van-thu"}, "resolved")
    with db.reading():
        assert action_queries.get_draft_values(task) == {"result": "Bản soạn", "pages": 3}
    assert desk.variables(instance) == {}
    desk.complete("a", result="Bản soạn")
    told = [(act["verb"], act["person"], act["owner"], act["delegate"]) for act in acting.acts()]
    assert [verb for verb, *_ in told] == ["delegate", "resolve"]
    assert {owner for _, _, owner, _ in told} == {"Trần Thị Lan"}
    assert acting.tags() == ["task:delegate", "task:resolve", "task:complete"]


def test_an_owner_takes_a_delegated_task_back(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("delegate"))))
    desk.start()
    acting.do(operations.delegate_task, "a", acting.person("cv-tp"))

    acting.do(operations.resolve_task, "a")

    assert acting.holders() == {"a": "van-thu"}
    with pytest.raises(NotDelegated):
        acting.do(operations.resolve_task, "a", who="cv-tp")


def test_who_worked_on_a_task_for_its_owner_counts_for_four_eyes(desk: Desk, acting: Acting) -> None:
    other = '<extensionElements><moc:differentFrom task="a"/></extensionElements>'
    both = 'camunda:candidateGroups="van-thu, chuyen-vien"'
    desk.deploy(line(user("a", both, may("delegate")), user("b", both, other)))
    desk.start()
    acting.do(operations.delegate_task, "a", acting.person("cv-tp"))
    acting.do(operations.resolve_task, "a", who="cv-tp")
    desk.complete("a")

    for who in ("cv-tp", "van-thu"):
        with pytest.raises(NotDifferent):
            desk.complete("b", who)
    with db.reading():
        assert queries.list_my_tasks(acting.actor("cv-tp")) == []
    desk.complete("b", "cv-vhtt")


def test_a_manager_who_gives_a_delegated_task_away_ends_the_delegation(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("delegate"))))
    desk.start()
    acting.do(operations.delegate_task, "a", acting.person("cv-tp"))

    acting.do(operations.assign_task, "a", acting.person("cv-vhtt"), who="chu-tich")

    desk.complete("a", "cv-vhtt")


# ---------------------------------------------------------------------------------------------------------- deployment
@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("jump", "có thao tác “jump”"),
        ('return to="nowhere"', "trả lại về “nowhere”"),
        ('return to="e"', "trả lại về “e”"),
        ('return to="b"', "trả lại về “b”"),
        ('return when="now"', "không có thuộc tính “when”"),
        ('return reason="maybe"', "phải là required hoặc optional"),
        ('consult to="a"', "không có nơi đến"),
        ("reject", "gắn sự kiện lỗi mã REJECTED"),
        ('reject to="s"', "từ chối về “s”"),
        ('reject to="nowhere"', "từ chối về “nowhere”"),
        ("addSigner", "phải nằm trong vòng lặp"),
    ],
)
def test_actions_that_cannot_be_kept_are_refused_with_element_and_line(desk: Desk, told: str, sentence: str) -> None:
    with pytest.raises(ProcessRefused) as refusal:
        desk.deploy(line(user("a"), user("b", inner=may(told))))

    (problem,) = [problem for problem in refusal.value.problems if problem.level == "error"]
    assert sentence in problem.sentence
    assert (problem.element_id, problem.element_name, problem.line) == ("b", "b", 1)


def test_an_action_is_told_once_and_only_of_tasks_of_people(desk: Desk) -> None:
    with pytest.raises(ProcessRefused, match="hai lần"):
        desk.deploy(line(user("a", inner=may("consult", "consult"))))
    with pytest.raises(ProcessRefused, match="không phải bước của người"):
        desk.deploy(diagram(f'<startEvent id="s">{may("consult")}</startEvent><endEvent id="e"/>{flow("s", "e")}'))


def test_an_element_of_a_round_is_no_target(desk: Desk) -> None:
    body = SUB.format(
        before="",
        loop=f"<multiInstanceLoopCharacteristics {SIGNERS}/>",
        inside=user("b"),
        inner=flows("is", "b", "ie"),
        after=user("d", inner=may('return to="b"')) + flows("s", "sub", "d", "e"),
    )
    with pytest.raises(ProcessRefused, match="vì bước đó nằm trong “sub”"):
        desk.deploy(diagram(body))


@pytest.mark.parametrize("told", ["=x", "nowhere", "s", "a"])
def test_a_clock_stands_still_only_for_what_there_is(desk: Desk, told: str) -> None:
    inner = f'<extensionElements><moc:deadline within="P2D" pauseOn="{told}"/></extensionElements>'
    with pytest.raises(ProcessRefused, match="pauseOn"):
        desk.deploy(line(user("a", inner=inner)))


# --------------------------------------------------------------------------------------------------------------- states
def test_no_verb_works_on_a_task_that_is_over(desk: Desk, acting: Acting) -> None:
    everything = may("return", "consult", "delegate", 'reject to="e"')
    desk.deploy(line(user("a"), user("b", inner=everything), user("c")))
    desk.start()
    desk.complete("a")
    done = desk.complete("b")
    somebody = acting.person("cv-tp")

    for verb, given in (
        (operations.return_task, {"reason": "Sửa."}),
        (operations.reject_task, {"reason": "Không."}),
        (operations.delegate_task, {"person_id": somebody}),
        (operations.consult, {"people": somebody, "question": "Ý anh?"}),
        (operations.resolve_task, {}),
    ):
        with pytest.raises(TaskNotReady, match="đã hoàn thành"):
            acting.on(done, verb, **given)


def test_actions_are_offered_in_the_order_of_the_diagram(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a"), user("b", inner=may("delegate", "consult", "return"))))
    desk.start()
    desk.complete("a")

    assert acting.allowed("b") == ["delegate", "consult", "return"]
    with db.reading():
        offered = queries.allowed_actions(acting.task("b"), acting.actor("van-thu"))
    assert [action.reason_required for action in offered] == [False, False, True]


def test_questions_are_kept_with_their_task(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("consult"))))
    desk.start()
    acting.do(operations.consult, "a", acting.person("cv-tp"), "Thuộc ai?")

    with db.reading() as session:
        (kept,) = session.scalars(sa.select(Consultation)).all()

    assert (kept.asker_name, kept.question, kept.answer) == ("Trần Thị Lan", "Thuộc ai?", "")
