"""Xin ý kiến, uỷ thác: others help, and the task stays its owner's."""

import pytest

from engine import action_queries, inbox, operations
from engine.action_errors import (
    ConsultationNotFound,
    ConsultationOver,
    DelegationPending,
    NotDelegated,
    UnsuitablePerson,
)
from engine.errors import NotCandidate, NotDifferent
from kernel import db
from tests.engine.acting import Acting, line, may
from tests.engine.conftest import Desk
from tests.engine.diagrams import user


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
        assert inbox.list_my_tasks(acting.actor("cv-tp")) == []
    desk.complete("b", "cv-vhtt")


def test_a_manager_who_gives_a_delegated_task_away_ends_the_delegation(desk: Desk, acting: Acting) -> None:
    desk.deploy(line(user("a", inner=may("delegate"))))
    desk.start()
    acting.do(operations.delegate_task, "a", acting.person("cv-tp"))

    acting.do(operations.assign_task, "a", acting.person("cv-vhtt"), who="chu-tich")

    desk.complete("a", "cv-vhtt")
