"""Operators repair a process: they look first, say why, and everything they change stays in its history."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine import history, operations, queries
from engine.errors import CannotMove, InstanceOver, NotOfWhole, TaskNotReady, UnusableValue
from engine.repair_errors import (
    NothingToMove,
    ReasonMissing,
    ScopeNotFound,
    StillRunning,
    VariableKept,
    VariableNotFound,
)
from kernel import audit, db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flow, flows, linear, user

SERVICES = diagram(
    '<startEvent id="s"/>'
    + user("a")
    + '<parallelGateway id="f"/><serviceTask id="w" name="Gửi thư" camunda:delegateExpression="mail.send"/>'
    + user("b")
    + user("c")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "a", "f", "w", "b", "e")
    + flows("f", "c", "e2")
)


def move(desk: Desk, instance: Any, cancel: list[int], start: list[str], who: str = "quan-tri") -> None:
    with db.unit_of_work():
        operations.move_tokens(instance.id, cancel, start, reason="sai bước", actor=desk.actor(who))


def preview(desk: Desk, instance: Any, cancel: list[int], start: list[str]) -> Any:
    with db.reading():
        return operations.preview_move(instance.id, cancel, start, actor=desk.actor("quan-tri"))


def lines(instance: Any, kind: str) -> list[Any]:
    with db.reading():
        return [line for line in queries.list_history(instance.id) if line.kind == kind]


def audited(desk: Desk, tag: str) -> list[Any]:
    with db.reading() as session:
        rows = session.query(audit.AuditEntry).filter_by(organization_id=desk.organization_id, tag=tag)
        return [row.data for row in rows]


# --------------------------------------------------------------------------------------------------------------- moving
def test_a_token_is_moved_with_its_rows(desk: Desk) -> None:
    desk.deploy(linear("a", "b", "c"))
    instance = desk.start()
    old = desk.task("a")

    move(desk, instance, [old.token], ["c"])

    assert desk.names() == ["c"]
    with db.reading():
        assert queries.get_task(old.id).state == "cancelled"
    desk.complete("c")
    assert desk.state(instance) == "completed"


def test_a_move_is_told_in_history_and_audit(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()
    token = desk.task("a").token

    move(desk, instance, [token], ["b"])

    (line,) = lines(instance, "moved")
    assert line.data == {
        "reason": "sai bước",
        "cancel": [{"token": token, "element": "a"}],
        "start": [{"element": "b"}],
    }
    assert audited(desk, "instance:move") == [{"reason": "sai bước", "cancel": [token], "start": ["b"]}]


def test_without_a_token_left_the_process_is_cancelled(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()

    move(desk, instance, [desk.task("a").token], [])

    assert desk.state(instance) == "cancelled"
    with db.reading():
        assert queries.get_instance(instance.id).end_reason == "sai bước"


def test_a_move_that_fails_leaves_everything_as_it_was(desk: Desk, services: Callable[[str, Any], None]) -> None:
    def refuse(call: Any) -> None:
        raise CannotMove(reason="hỏng")

    services("mail.send", refuse)
    desk.deploy(SERVICES)
    instance = desk.start()

    with pytest.raises(CannotMove):
        move(desk, instance, [desk.task("a").token], ["w"])

    assert desk.names() == ["a"]
    assert lines(instance, "moved") == []


def test_what_cannot_be_moved_is_refused(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()
    token = desk.task("a").token

    with pytest.raises(NotOfWhole):
        move(desk, instance, [token], ["b"], "van-thu")
    with pytest.raises(TaskNotReady):
        move(desk, instance, [99], ["b"])
    with pytest.raises(CannotMove):
        move(desk, instance, [token], ["nothing"])
    with pytest.raises(NothingToMove):
        move(desk, instance, [], [])
    with pytest.raises(ReasonMissing), db.unit_of_work():
        operations.move_tokens(instance.id, [token], ["b"], reason="", actor=desk.actor("quan-tri"))
    move(desk, instance, [token], [])
    with pytest.raises(InstanceOver):
        move(desk, instance, [token], ["b"])


def test_an_asynchronous_step_is_started_and_cancelled_with_its_job(
    desk: Desk, services: Callable[[str, Any], None]
) -> None:
    ran: list[str] = []
    services("mail.send", lambda call: ran.append(call.element_id))
    desk.deploy(SERVICES.replace(b'<serviceTask id="w"', b'<serviceTask camunda:asyncBefore="true" id="w"'))
    instance = desk.start()

    move(desk, instance, [desk.task("a").token], ["w"])

    assert ran == []
    with db.reading():
        (token,) = history.list_tokens(instance.id)
    assert (token.element_id, token.kind) == ("w", "job")
    move(desk, instance, [token.number], ["b"])
    assert desk.names() == ["b"]
    with db.reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM engine_jobs")) == 0


# -------------------------------------------------------------------------------------------------------------- preview
def test_a_preview_says_what_would_be_cancelled_and_opened(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()

    seen = preview(desk, instance, [desk.task("a").token], ["b"])

    assert seen.possible
    assert [token.element_id for token in seen.cancelled] == ["a"]
    assert [(token.element_id, token.kind) for token in seen.opened] == [("b", "task")]
    assert not seen.ends
    assert desk.names() == ["a"]


def test_a_preview_runs_no_service(desk: Desk, services: Callable[[str, Any], None]) -> None:
    ran: list[str] = []
    services("mail.send", lambda call: ran.append(call.element_id))
    desk.deploy(SERVICES)
    instance = desk.start()

    seen = preview(desk, instance, [desk.task("a").token], ["f"])

    assert ran == []
    assert [token.element_id for token in seen.opened] == ["w", "c"]
    assert any("Sẽ chạy việc “Gửi thư”" in note for note in seen.notes)
    move(desk, instance, [desk.task("a").token], ["f"])
    assert ran == ["w"]


def test_a_preview_says_that_all_would_end(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()

    seen = preview(desk, instance, [desk.task("a").token], [])

    assert seen.ends
    assert "bị hủy" in seen.notes[0]
    assert preview(desk, instance, [desk.task("a").token], ["e"]).ends


def test_a_preview_names_what_the_move_would_refuse(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()
    token = desk.task("a").token

    assert preview(desk, instance, [token], ["nothing"]).problems
    assert not preview(desk, instance, [999], []).possible
    with pytest.raises(NotOfWhole), db.reading():
        operations.preview_move(instance.id, [token], ["b"], actor=desk.actor("van-thu"))


def test_a_preview_warns_of_a_join_that_would_wait_for_ever(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j" name="Gộp"/>'
            + user("a") + user("b") + '<endEvent id="e"/>' + flows("s", "f", "a", "j", "e") + flows("f", "b", "j")
        )
    )  # fmt: skip
    instance = desk.start()
    desk.complete("a")

    seen = preview(desk, instance, [desk.task("b").token], ["e"])

    assert any("Gộp" in note for note in seen.notes)


# ------------------------------------------------------------------------------------------------------------ variables
def change(desk: Desk, instance: Any, changes: dict[str, Any], **more: Any) -> None:
    with db.unit_of_work():
        operations.set_variables(instance.id, changes, reason="nhập sai", actor=desk.actor("quan-tri"), **more)


def test_a_variable_is_changed_with_what_it_was(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start(x=1, y=Decimal("2.50"), z="giữ")

    change(desk, instance, {"x": dt.date(2026, 1, 2), "new": [1, {"$d": "x"}], "z": "giữ"}, remove=["y"])

    assert desk.variables(instance) == {"x": dt.date(2026, 1, 2), "new": [1, {"$d": "x"}], "z": "giữ"}
    (line,) = lines(instance, "changed")
    before, after = history.changed(line.changes)
    assert before == {"x": 1, "y": Decimal("2.50")}
    assert after == {"x": dt.date(2026, 1, 2), "new": [1, {"$d": "x"}]}
    assert line.data == {"reason": "nhập sai"}
    assert audited(desk, "instance:set_variables") == [{"reason": "nhập sai", "names": ["new", "x", "y"]}]


def test_what_changes_nothing_writes_nothing(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start(x=1)

    change(desk, instance, {"x": 1})

    assert lines(instance, "changed") == []


def test_a_condition_looks_again_after_a_change(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/><intermediateCatchEvent id="c"><conditionalEventDefinition>'
            "<condition>x &gt; 5</condition></conditionalEventDefinition></intermediateCatchEvent>"
            + user("a") + '<endEvent id="e"/>' + flows("s", "c", "a", "e")
        )
    )  # fmt: skip
    instance = desk.start(x=1)

    change(desk, instance, {"x": 6})

    assert desk.names() == ["a"]


def test_a_move_is_no_change_of_a_variable(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/>' + user("a")
            + '<boundaryEvent id="c" attachedToRef="a" cancelActivity="false"><conditionalEventDefinition '
            'camunda:variableName="x"><condition>x = 1</condition></conditionalEventDefinition></boundaryEvent>'
            + user("b") + user("z") + '<endEvent id="e"/><endEvent id="e2"/>'
            + flows("s", "a", "z", "e") + flows("c", "b", "e2")
        )
    )  # fmt: skip
    instance = desk.start(x=0)
    change(desk, instance, {"x": 1})
    assert desk.names() == ["a", "b"]

    move(desk, instance, [], ["z"])

    assert sorted(desk.names()) == ["a", "b", "z"]


LOOP = '<multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person"/>'


def test_a_variable_of_a_scope_is_changed_there(desk: Desk) -> None:
    desk.deploy(diagram(f'<startEvent id="s"/>{user("m", inner=LOOP)}<endEvent id="e"/>' + flows("s", "m", "e")))
    instance = desk.start(people=["x", "y"])
    with db.reading():
        scopes = history.list_scopes(instance.id)
    assert [scope.label for scope in scopes] == ["Quy trình thử", "m", "m (1/2)", "m (2/2)"]

    change(desk, instance, {"person": "w"}, scope=scopes[2].token)

    with db.reading():
        assert [scope.variables.get("person") for scope in history.list_scopes(instance.id)] == [None, None, "w", "y"]
    (line,) = lines(instance, "changed")
    assert line.data["scope"] == scopes[2].token


def test_what_the_engine_counts_with_is_not_changed(desk: Desk) -> None:
    desk.deploy(diagram(f'<startEvent id="s"/>{user("m", inner=LOOP)}<endEvent id="e"/>' + flows("s", "m", "e")))
    instance = desk.start(people=["x", "y"])
    with db.reading():
        body = history.list_scopes(instance.id)[1].token

    with pytest.raises(VariableKept):
        change(desk, instance, {"nrOfInstances": 5}, scope=body)
    with pytest.raises(VariableNotFound):
        change(desk, instance, {}, remove=["nothing"])
    with pytest.raises(ScopeNotFound):
        change(desk, instance, {"x": 1}, scope=999)
    with pytest.raises(UnusableValue):
        change(desk, instance, {"x": "\x00"})


# -------------------------------------------------------------------------------------------------------------- restart
@pytest.mark.parametrize(("which", "x"), [("initial", 1), ("last", 2)])
def test_an_ended_instance_is_started_again(desk: Desk, which: str, x: int) -> None:
    desk.deploy(linear("a", "b"))
    old = desk.start(business_key="k", x=1)
    desk.complete("a", x=2)
    with db.unit_of_work():
        operations.cancel_instance(old.id, "sai", actor=desk.actor("quan-tri"))
    desk.deploy(linear("z"))  # a newer version: the old one is meant

    with db.unit_of_work():
        new = operations.restart_instance(old.id, variables=which, actor=desk.actor("quan-tri"))

    assert desk.names() == ["a"]
    assert desk.variables(new)["x"] == x
    assert new.business_key == "k"
    assert new.definition_id == old.definition_id
    assert lines(old, "restarted")[0].data["as"] == str(new.id)
    assert lines(new, "restarted")[0].data["from"] == str(old.id)


def test_what_began_with_a_message_begins_there_again(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/><startEvent id="m"><messageEventDefinition messageRef="news"/></startEvent>'
            + user("a") + user("b") + '<endEvent id="e"/>' + flows("s", "a", "e") + flows("m", "b") + flow("b", "e"),
            outside='<message id="news" name="news"/>',
        )
    )  # fmt: skip
    with db.unit_of_work():
        old = operations.deliver_message("news", {}, actor=desk.actor("quan-tri"))
    desk.complete("b")

    with db.unit_of_work():
        operations.restart_instance(old, actor=desk.actor("quan-tri"))

    assert desk.names() == ["b"]


def test_what_runs_is_not_started_again(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()

    with pytest.raises(StillRunning), db.unit_of_work():
        operations.restart_instance(instance.id, actor=desk.actor("quan-tri"))


def test_several_are_cancelled_at_once(desk: Desk) -> None:
    desk.deploy(linear("a"))
    first, second, third = (desk.start() for _ in range(3))
    desk.complete("a")

    with db.unit_of_work():
        number = operations.cancel_instances([i.id for i in (first, second, third)], "bỏ", actor=desk.actor("quan-tri"))

    assert number == 2
    assert desk.names() == []
