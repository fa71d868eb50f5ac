"""Thêm, bớt người ký: rounds that change while they run."""

import pytest

from engine import action_queries, operations, queries
from engine.action_errors import AlreadySigner, NoRound, UnknownSigner
from engine.errors import NotCandidate, NotDifferent
from kernel import db
from tests.engine.acting import SIGNERS, SUB, Acting, complete_own, line, may, people_of
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, user


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


def test_a_signer_is_added_to_a_round_of_all_at_once(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False))
    instance = desk.start(signers=["cv-tp", "cv-vhtt"])
    complete_own(acting, "cv-vhtt")

    acting.do(operations.add_signer, "a", acting.person("van-thu"), who="cv-tp")

    assert people_of(acting) == ["cv-tp", "van-thu"]
    assert counters(acting) == (3, 2, 1)
    with db.reading():
        assert queries.get_task_variables(acting.task("a"))["signer"] == "van-thu"
    complete_own(acting, "cv-tp")
    assert desk.names() == ["a"]
    complete_own(acting, "van-thu")
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
        complete_own(acting, who)
    assert desk.names() == ["z"]
    assert desk.variables(instance)["signers"] == ["cv-tp", "cv-vhtt", "chanh-van-phong"]


def test_a_signer_is_taken_out_of_a_round_of_all_at_once(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])

    acting.do(operations.remove_signer, "a", acting.person("cv-vhtt"), who="cv-tp")

    assert people_of(acting) == ["cv-tp", "van-thu"]
    assert counters(acting) == (2, 2, 0)
    for who in ("cv-tp", "van-thu"):
        complete_own(acting, who)
    assert desk.names() == ["z"]


def test_a_signer_whose_turn_has_not_come_is_taken_out(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(True))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])

    acting.do(operations.remove_signer, "a", acting.person("cv-vhtt"), who="cv-tp")

    assert counters(acting) == (2, 1, 0)
    complete_own(acting, "cv-tp")
    assert people_of(acting) == ["van-thu"]
    complete_own(acting, "van-thu")
    assert desk.names() == ["z"]


def test_a_round_is_complete_when_the_last_one_who_has_not_signed_is_taken_out(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])
    complete_own(acting, "van-thu")
    complete_own(acting, "cv-vhtt")
    acting.do(operations.add_signer, "a", acting.person("chu-tich"), who="cv-tp")
    complete_own(acting, "cv-tp")
    acting.do(operations.add_signer, "a", acting.person("cv-tp"), who="chu-tich")

    acting.do(operations.remove_signer, "a", acting.person("cv-tp"), who="chu-tich")
    assert people_of(acting) == ["chu-tich"]
    complete_own(acting, "chu-tich")

    assert desk.names() == ["z"]


def test_the_completion_condition_is_asked_again_when_somebody_is_taken_out(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(False, condition="nrOfCompletedInstances / nrOfInstances &gt;= 0.5"))
    desk.start(signers=["cv-tp", "cv-vhtt", "van-thu"])
    complete_own(acting, "van-thu")
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
        complete_own(acting, who, vote=who)

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
        complete_own(acting, who)

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


def test_a_place_behind_the_last_is_the_last(desk: Desk, acting: Acting) -> None:
    desk.deploy(round_of(True))
    desk.start(signers=["cv-tp", "cv-vhtt"])

    acting.do(operations.add_signer, "a", acting.person("van-thu"), place=10**30, who="cv-tp")

    with db.reading():
        assert [one.username for one in action_queries.list_signers(acting.task("a"))][-1] == "van-thu"
