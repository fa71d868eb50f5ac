"""Trả lại, từ chối, and what a diagram may say of actions; each operation loads the instance and saves it again."""

import pytest
import sqlalchemy as sa

from engine import actions, operations, queries
from engine.action_errors import NotDelegated, NotOffered, NowhereBack, ReasonMissing
from engine.action_models import Consultation
from engine.errors import NotCandidate, NotDifferent, ProcessRefused, TaskNotReady
from engine.operations import migrations
from kernel import db
from tests.engine.acting import FORK, SIGNERS, SUB, Acting, complete_own, forked, line, may
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flow, flows, user


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
    complete_own(acting, "cv-vhtt")

    acting.do(operations.return_task, "b", reason="Sai căn cứ.", who="cv-tp")
    assert desk.names() == ["a"]
    desk.complete("a")
    assert desk.names() == ["b", "b", "b"]
    for who in ("cv-tp", "cv-vhtt", "van-thu"):
        complete_own(acting, who)

    assert desk.state(instance) == "completed"


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
    complete_own(acting, "cv-tp")
    complete_own(acting, "cv-vhtt")

    acting.do(operations.return_task, "c", reason="Sửa.", who="cv-tp")

    assert sorted(desk.names()) == ["b", "c"]
    assert acting.holders() == {"b": "cv-tp", "c": "cv-vhtt"}
    complete_own(acting, "cv-tp")
    complete_own(acting, "cv-tp")
    complete_own(acting, "cv-vhtt")
    assert desk.state(instance) == "completed"


def test_the_way_goes_on_in_front_of_a_change_of_versions(desk: Desk, acting: Acting) -> None:
    (before,) = desk.deploy(line(user("a"), user("b", inner=may("return"))))
    instance = desk.start()
    desk.complete("a", "van-thu")
    (after,) = desk.deploy(line(user("a"), user("b", inner=may("return")), user("c")))
    with db.reading():
        plan = operations.generate_plan(before.id, after.id)
    with db.unit_of_work():
        batch = operations.start_migration(plan, [instance.id], actor=acting.actor("chu-tich"))
    migrations.work_off(batch.id)

    acting.do(operations.return_task, "b", reason="Sửa.")

    assert acting.holders() == {"a": "van-thu"}


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
