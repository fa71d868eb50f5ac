"""History: every element that was entered and left, by whom, what it changed, how long it took; only ever added to."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from directory import working_time
from engine import history, operations, queries
from engine.durations import OfficeClock
from engine.history import Activity, Cut
from engine.trace import MAX_BYTES
from kernel import clock, db
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flows, linear, user

HANOI = clock.VIETNAM


def activities(desk: Desk, **asked: Any) -> list[Activity]:
    with db.reading():
        return history.list_activities(desk.organization_id, **asked)


def of(desk: Desk, instance: Any, element: str) -> Activity:
    (found,) = [one for one in activities(desk, instance_id=instance.id) if one.element_id == element]
    return found


def at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


# ----------------------------------------------------------------------------------------------------- before and after
def test_a_step_tells_what_it_changed(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start(x=1, kept="như cũ")

    desk.complete("a", x=Decimal("2.5"), new=dt.date(2026, 3, 4), kept="như cũ")

    done = of(desk, instance, "a")
    assert done.before == {"x": 1}
    assert done.after == {"x": Decimal("2.5"), "new": dt.date(2026, 3, 4)}
    assert done.handed_in == {"x": Decimal("2.5"), "new": dt.date(2026, 3, 4), "kept": "như cũ"}
    assert of(desk, instance, "b").after == {}


def test_what_engine_steps_change_is_theirs(desk: Desk, services: Callable[[str, Any], None]) -> None:
    services("count.one", lambda call: {"n": call.variables["n"] + 1})
    desk.deploy(
        diagram(
            '<startEvent id="s"/>' + user("a")
            + '<scriptTask id="x" scriptFormat="feel"><script>total = n * 10</script></scriptTask>'
            '<serviceTask id="w" camunda:delegateExpression="count.one"/>' + user("z") + '<endEvent id="e"/>'
            + flows("s", "a", "x", "w", "z", "e")
        )
    )  # fmt: skip
    instance = desk.start()

    desk.complete("a", n=4)

    assert of(desk, instance, "a").after == {"n": 4}
    assert of(desk, instance, "x").after == {"total": 40}
    assert (of(desk, instance, "w").before, of(desk, instance, "w").after) == ({"n": 4}, {"n": 5})
    assert of(desk, instance, "z").after == {}


def test_what_comes_with_an_event_or_a_machine_is_told(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/><intermediateCatchEvent id="m"><messageEventDefinition messageRef="news"/>'
            '</intermediateCatchEvent><serviceTask id="w" camunda:type="external" camunda:topic="t"/>'
            + user("z") + '<endEvent id="e"/>' + flows("s", "m", "w", "z", "e"),
            outside='<message id="news" name="news"/>',
        )
    )  # fmt: skip
    instance = desk.start()
    with db.unit_of_work():
        operations.deliver_message("news", {"a": 1}, actor=desk.actor("quan-tri"))
    with db.unit_of_work() as session:
        task_id = session.scalar(sa.text("SELECT id FROM engine_external_tasks"))
        operations.complete_external_task(task_id, {"b": 2}, actor=desk.actor("quan-tri"))

    assert of(desk, instance, "m").after == {"a": 1}
    assert of(desk, instance, "w").after == {"b": 2}


def test_what_a_called_process_gives_back_is_changed_by_the_call(desk: Desk) -> None:
    called = f'<process id="q" isExecutable="true"><startEvent id="qs"/>{user("y")}<endEvent id="qe"/>' + flows(
        "qs", "y", "qe"
    )
    desk.deploy(
        diagram(
            '<startEvent id="s"/><callActivity id="c" calledElement="q"><extensionElements>'
            '<camunda:out source="r" target="result"/></extensionElements></callActivity>' + user("z")
            + '<endEvent id="e"/>' + flows("s", "c", "z", "e"),
            outside=f"{called}</process>",
        )
    )  # fmt: skip
    instance = desk.start()

    desk.complete("y", r="xong")

    assert of(desk, instance, "y").after == {"r": "xong"}
    assert of(desk, instance, "c").after == {"result": "xong"}


def test_big_values_that_nobody_handed_in_are_kept_in_the_state_alone(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/>' + user("a") + '<scriptTask id="x" scriptFormat="feel"><script>many = text\n'
            "list = [text, 1]\nsmall = 1</script></scriptTask>" + user("z") + '<endEvent id="e"/>'
            + flows("s", "a", "x", "z", "e")
        )
    )  # fmt: skip
    instance = desk.start(small="x")
    text = "ở" * (MAX_BYTES + 1)

    desk.complete("a", text=text)

    assert of(desk, instance, "a").after == {"text": text}
    made = of(desk, instance, "x")
    assert made.before == {"small": "x"}
    assert made.after == {"many": Cut(3 * len(text)), "list": Cut(3 * len(text) + 15), "small": 1}
    assert desk.variables(instance)["list"] == [text, 1]


def test_names_of_anybody_are_taken_for_no_mark(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()

    given = {"$d": "không phải ngày", "x": {"$none": 0}, "y": {"$cut": 5}, "z": {"$d": "2026-01-01"}}
    desk.complete("a", **given)

    assert of(desk, instance, "a").after == of(desk, instance, "a").handed_in == given


LOOP = '<multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person"/>'


def test_each_element_of_a_round_says_which_it_was(desk: Desk) -> None:
    desk.deploy(diagram(f'<startEvent id="s"/>{user("m", inner=LOOP)}<endEvent id="e"/>' + flows("s", "m", "e")))
    instance = desk.start(people=["x", "y"])
    desk.complete("m", said="có")
    desk.complete("m", said="không")

    found = [one for one in activities(desk, instance_id=instance.id) if one.element_id == "m"]

    assert [(one.loop, one.after) for one in found] == [(0, {"said": "có"}), (1, {"said": "không"})]
    assert found[1].before == {"said": "có"}


# ------------------------------------------------------------------------------------------------------------ durations
def test_time_is_told_in_all_and_in_working_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    friday = dt.datetime(2026, 3, 6, 16, 0, tzinfo=HANOI)
    desk.deploy(linear("a", "b"))
    at(monkeypatch, friday)
    instance = desk.start()
    at(monkeypatch, friday + dt.timedelta(days=3, hours=-7))  # Monday, 9:00
    desk.complete("a")
    at(monkeypatch, friday + dt.timedelta(days=3, hours=-6))

    done, waiting = of(desk, instance, "a"), of(desk, instance, "b")

    assert done.calendar == dt.timedelta(days=2, hours=17)
    assert dt.timedelta(hours=1) < done.office < dt.timedelta(hours=4)
    assert waiting.outcome is None
    assert waiting.calendar == waiting.office == dt.timedelta(hours=1)


def test_many_durations_are_those_of_the_calendar(agency: Any) -> None:
    with db.reading():
        calendar = working_time.calendar_of(agency.id)
    first = dt.datetime(2026, 2, 10, 3, 17, tzinfo=dt.UTC)
    moments = [first + dt.timedelta(minutes=773 * number) for number in range(60)]
    times = OfficeClock(calendar, moments[0], moments[-1])

    for start in moments[::7]:
        for end in moments:
            if end >= start:
                assert times.between(start, end) == calendar.working_time_between(start, end)


# -------------------------------------------------------------------------------------------------------------- queries
def test_history_is_asked_by_instance_element_definition_and_person(desk: Desk) -> None:
    (definition,) = desk.deploy(linear("a", "b"))
    first, second = desk.start(), desk.start()
    desk.complete("a")
    desk.complete("b")

    assert [one.element_id for one in activities(desk, instance_id=first.id)] == ["s", "a", "b", "e"]
    by_element = activities(desk, definition_id=definition.id, element_id="a")
    assert [(one.instance_id, one.outcome) for one in by_element] == [(second.id, None), (first.id, "completed")]
    person = desk.actor("van-thu").person_id
    by_person = activities(desk, person_id=person)
    assert [one.element_id for one in by_person] == ["b", "a"]
    assert {one.person for one in by_person} == {desk.actor("van-thu").name}
    assert activities(desk, person_id=person, element_id="b", instance_id=first.id)[0].token == by_person[0].token
    with db.reading():
        assert history.count_activities(desk.organization_id, definition_id=definition.id) == 6
        assert history.count_activities(desk.organization_id, person_id=person) == 2
    with pytest.raises(ValueError, match="history of what"), db.reading():
        history.list_activities(desk.organization_id)


def test_history_is_paged_and_bounded_in_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (definition,) = desk.deploy(linear("a"))
    noon = clock.now()
    for hour in range(5):
        at(monkeypatch, noon + dt.timedelta(hours=hour))
        desk.start()

    asked = {"definition_id": definition.id, "element_id": "a"}
    pages = [activities(desk, **asked, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one.entered_at for page in pages for one in page] == sorted(
        (one.entered_at for page in pages for one in page), reverse=True
    )
    since, until = noon + dt.timedelta(hours=1), noon + dt.timedelta(hours=3)
    assert len(activities(desk, **asked, since=since, until=until)) == 2


def test_a_cancelled_step_says_so(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()
    with db.unit_of_work():
        operations.cancel_instance(instance.id, "bỏ", actor=desk.actor("quan-tri"))

    assert of(desk, instance, "a").outcome == "cancelled"


def test_no_other_organisation_sees_it(desk: Desk) -> None:
    desk.deploy(linear("a"))
    instance = desk.start()

    with db.reading():
        assert history.count_activities(instance.id, instance_id=instance.id) == 0
        assert history.search_instances(instance.id) == []


def test_history_is_never_changed(desk: Desk) -> None:
    desk.deploy(linear("a"))
    desk.start()

    for statement in (
        "UPDATE engine_history SET kind = 'entered'",
        "DELETE FROM engine_history",
        "TRUNCATE engine_history",
    ):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), db.unit_of_work() as session:
            session.execute(sa.text(statement))


# ------------------------------------------------------------------------------------------------------ where it stands
def test_tokens_say_where_they_stand_and_what_for(desk: Desk) -> None:
    desk.deploy(
        diagram(
            '<startEvent id="s"/><parallelGateway id="f"/>' + user("a")
            + '<boundaryEvent id="late" attachedToRef="a"><timerEventDefinition><timeDuration>P1D</timeDuration>'
            "</timerEventDefinition></boundaryEvent>"
            '<subProcess id="sub" name="Bước con"><startEvent id="is"/>'
            '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="news"/></intermediateCatchEvent>'
            '<endEvent id="ie"/>' + flows("is", "m", "ie") + "</subProcess>"
            '<endEvent id="e"/><endEvent id="e2"/><endEvent id="e3"/>'
            + flows("s", "f", "a", "e") + flows("f", "sub", "e2") + flows("late", "e3"),
            outside='<message id="news" name="news"/>',
        )
    )  # fmt: skip
    instance = desk.start()

    with db.reading():
        found = {token.element_id: token for token in history.list_tokens(instance.id)}

    assert {name: (token.state, token.kind) for name, token in found.items()} == {
        "a": ("ready", "task"),
        "late": ("listening", "timer"),
        "sub": ("inside", "inside"),
        "m": ("waiting", "message"),
    }
    assert found["a"].task_id == desk.task("a").id
    assert found["m"].scope_label == "Bước con"
    assert found["m"].waits_for == "thông điệp “news”"
    assert found["late"].due_at is not None
    assert found["a"].since is not None


def test_instances_are_found_by_what_is_asked(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    first = desk.start(business_key="VB-2026/01")
    second = desk.start(business_key="VB-2026/02")
    desk.complete("a")

    def found(**asked: Any) -> list[Any]:
        with db.reading():
            views = history.search_instances(desk.organization_id, **asked)
            assert history.count_instances(desk.organization_id, **asked) == len(views)
            return [view.instance.id for view in views]

    assert found() == [second.id, first.id]
    assert found(text="2026/01") == [first.id]
    assert found(text="%") == []
    assert found(text="zzz", about=[second.id]) == [second.id]
    assert found(element_id="b") == [first.id]
    assert found(element_id="a") == [second.id]
    assert found(key="p", version=1, state="active", business_key="VB-2026/02") == [second.id]
    assert found(version=2) == found(state="suspended") == found(with_incident=True) == []
    assert found(started_from=clock.now()) == []


def test_one_completion_writes_its_history_in_no_statement_more(desk: Desk, statements: list[str]) -> None:
    desk.deploy(linear("a", "b", "c"))
    desk.start()
    desk.complete("a", x=1)
    task, actor = desk.task("b"), desk.actor("van-thu")
    with db.unit_of_work():
        statements.clear()
        operations.complete_task(task.id, {"x": 2, "y": 3}, actor=actor)

    assert len([text for text in statements if "engine_history" in text]) <= 1


def test_what_operators_did_stands_in_the_history_of_the_instance(desk: Desk) -> None:
    desk.deploy(linear("a", "b"))
    instance = desk.start()
    actor = desk.actor("quan-tri")
    with db.unit_of_work():
        operations.suspend_instance(instance.id, reason="một", actor=actor)
    with db.unit_of_work():
        operations.set_variables(instance.id, {"x": 1}, reason="hai", actor=actor)
    token = desk.task("a").token
    with db.unit_of_work():
        operations.move_tokens(instance.id, [token], ["b"], reason="ba", actor=actor)
    with db.unit_of_work():
        operations.resume_instance(instance.id, reason="bốn", actor=actor)

    with db.reading():
        lines = [line for line in queries.list_history(instance.id) if line.token == 0]

    assert [(line.kind, line.data["reason"]) for line in lines[1:]] == [
        ("suspended", "một"),
        ("changed", "hai"),
        ("moved", "ba"),
        ("resumed", "bốn"),
    ]
