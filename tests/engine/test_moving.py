"""Tokens moved from outside: what is started, what is cancelled, what is left. Saved and loaded before every step."""

import contextlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn import closing, moving
from engine.bpmn.moving import BODY, Moved, Start
from engine.bpmn.xml import BPMN
from engine.errors import CannotMove, CannotProceed, TaskNotReady
from tests.engine.diagrams import diagram, flow, flows, linear, user
from tests.engine.memory import Play


class Moving(Play):
    """A play whose tokens can be moved; after each move it has a token or is over."""

    def move(self, *start: str | Start, cancel: Sequence[str | int] = ()) -> Moved:
        instance = self._load()
        numbers = [place if isinstance(place, int) else self.at(place)[0] for place in cancel]
        places = [place if isinstance(place, Start) else Start(element_id=place) for place in start]
        moved = moving.modify(instance, cancel=numbers, start=places)
        self._go_on(instance)
        self.hold()
        return moved

    def hold(self) -> None:
        """Nothing alive is empty, and a join knows by which flow each token has come."""
        instance = self._load()
        assert instance.completed or not closing.is_empty(instance)
        for scope in instance.all_scopes()[1:]:
            assert not closing.is_empty(scope)
        for token in instance.tokens():
            assert not token.task_spec.joins or token.internal_data["flow"] in token.task_spec.incoming
            counters = token.data
            if counters.get("nrOfInstances", -1) >= 0:
                open_ones = closing.elements(token)
                assert open_ones
                assert counters["nrOfActiveInstances"] == len(open_ones)
                assert counters["nrOfCompletedInstances"] < counters["nrOfInstances"]

    def at(self, element: str) -> list[int]:
        """Numbers of the tokens there, of elements of a round with `#`."""
        instance = self._load()
        if element.endswith("#"):
            name = f"{element[:-1]} [child]"
            return sorted(token.id for token in instance.tokens() if token.task_spec.name == name)
        return sorted(token.id for token in moving.tokens_at(instance, element))

    def waiting(self) -> list[str]:
        return sorted(t.task_spec.bpmn_id for t in self._load().tokens() if t.listens)


def inside(name: str, body: str, attributes: str = "") -> str:
    return f'<subProcess id="{name}" {attributes}>{body}</subProcess>'


def chain(*names: str, start: str = "is", end: str = "ie") -> str:
    nodes = "".join(user(name) for name in names)
    return f'<startEvent id="{start}"/>{nodes}<endEvent id="{end}"/>{flows(start, *names, end)}'


NESTED = diagram(
    '<startEvent id="s"/>'
    + user("a")
    + inside("outer", f'<startEvent id="os"/>{user("o")}' + inside("inner", chain("i", "j"))
             + '<endEvent id="oe"/>' + flows("os", "o", "inner", "oe"))
    + user("z")
    + '<endEvent id="e"/>'
    + flows("s", "a", "outer", "z", "e")
)  # fmt: skip


def test_a_token_is_moved_forwards_and_back() -> None:
    play = Moving(linear("a", "b", "c"))

    play.move("c", cancel=["a"])
    assert play.tasks == ["c"]

    play.move("a", cancel=["c"])
    assert play.tasks == ["a"]
    play.complete("a").complete("b").complete("c")
    assert play.ended


def test_a_token_is_started_beside_others() -> None:
    play = Moving(linear("a", "b"))

    play.move("b")

    assert play.tasks == ["a", "b"]
    play.complete("b")
    assert not play.ended


def test_sub_processes_around_the_element_are_opened() -> None:
    play = Moving(NESTED)

    play.move("j", cancel=["a"])

    assert play.tasks == ["j"]
    assert play.done("entered")[-3:] == ["outer", "inner", "j"]
    play.complete("j")
    assert play.tasks == ["z"]


def test_an_open_sub_process_is_entered_not_opened_again() -> None:
    play = Moving(NESTED).complete("a").complete("o")
    assert play.tasks == ["i"]

    play.move("j", cancel=["i"])

    assert play.done("entered").count("inner") == 1
    play.complete("j")
    assert play.tasks == ["z"]


def test_an_emptied_sub_process_is_cancelled_and_nothing_goes_on_behind_it() -> None:
    play = Moving(NESTED).complete("a").complete("o")

    play.move("a", cancel=["i"])

    assert play.tasks == ["a"]
    assert {"inner", "outer"} <= set(play.done("cancelled"))


def test_the_last_token_that_is_cancelled_ends_the_instance() -> None:
    play = Moving(NESTED).complete("a").complete("o")

    moved = play.move(cancel=["i"])

    assert moved.emptied
    assert play.ended


def test_a_cancelled_activity_takes_what_is_inside_with_it() -> None:
    play = Moving(NESTED).complete("a").complete("o")

    play.move("z", cancel=["outer"])

    assert play.tasks == ["z"]
    assert {"i", "inner", "outer"} <= set(play.done("cancelled"))


def test_what_is_started_inside_a_cancelled_sub_process_opens_a_new_one() -> None:
    play = Moving(NESTED).complete("a")

    play.move("o", cancel=["outer"])

    assert play.tasks == ["o"]
    assert play.done("entered").count("outer") == 2


def test_an_end_event_completes_the_sub_process() -> None:
    play = Moving(NESTED).complete("a").complete("o")

    play.move("ie", cancel=["i"])

    assert play.tasks == ["z"]


def test_two_open_sub_processes_want_to_know_near_which_token() -> None:
    play = Moving(NESTED).complete("a")
    play.move("outer")
    first, second = play.at("outer")

    with pytest.raises(CannotMove, match="2 lần"):
        play.move("o")
    play.move(Start(element_id="o", near=second))

    assert len(play.at("o")) == 3
    play.move(cancel=[first])
    assert play.tasks == ["o", "o"]


def test_what_does_not_exist_or_is_gone_is_refused() -> None:
    play = Moving(linear("a", "b"))

    with pytest.raises(CannotMove, match="không có bước"):
        play.move("nothing")
    with pytest.raises(TaskNotReady):
        play.move("b", cancel=[99])


# ------------------------------------------------------------------------------------------------------------ listeners
BOUNDARY = diagram(
    '<startEvent id="s"/>'
    + user("a")
    + '<boundaryEvent id="late" attachedToRef="a"><timerEventDefinition><timeDuration>P1D</timeDuration>'
    "</timerEventDefinition></boundaryEvent>"
    + user("b")
    + user("c")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "a", "b", "e")
    + flows("late", "c", "e2")
)


def test_boundary_events_listen_for_what_is_started_and_go_with_what_is_cancelled() -> None:
    play = Moving(BOUNDARY)

    play.move("b", cancel=["a"])
    assert play.waiting() == []
    play.move("a", cancel=["b"])
    assert play.waiting() == ["late"]

    play.pass_time(days=2)
    assert play.tasks == ["c"]


def test_a_boundary_event_is_started_as_if_it_had_happened_beside() -> None:
    play = Moving(BOUNDARY)

    play.move("late")

    assert play.tasks == ["a", "c"]


def test_a_listener_alone_is_not_cancelled() -> None:
    play = Moving(BOUNDARY)
    (listener,) = [token.id for token in play._load().tokens() if token.listens]

    with pytest.raises(CannotMove, match="Hủy bước đó"):
        play.move("b", cancel=[listener])


def event_process(interrupting: str) -> str:
    return inside(
        "esp",
        f'<startEvent id="es" isInterrupting="{interrupting}"><messageEventDefinition messageRef="m"/></startEvent>'
        + user("h") + user("h2") + '<endEvent id="ee"/>' + flows("es", "h", "h2", "ee"),
        'triggeredByEvent="true"',
    )  # fmt: skip


def with_event_process(interrupting: str) -> bytes:
    body = inside("sub", chain("i", "j") + event_process(interrupting))
    return diagram(
        f'<startEvent id="s"/>{user("a")}{body}{user("z")}<endEvent id="e"/>' + flows("s", "a", "sub", "z", "e"),
        outside='<message id="m" name="news"/>',
    )


def test_an_opened_scope_listens_for_its_event_sub_processes() -> None:
    play = Moving(with_event_process("true"))

    play.move("j", cancel=["a"])

    assert play.waiting() == ["esp"]
    play.send("news")
    assert play.tasks == ["h"]


@pytest.mark.parametrize("place", ["esp", "es"])
@pytest.mark.parametrize(("interrupting", "left"), [("true", ["h"]), ("false", ["i", "h"])])
def test_an_event_sub_process_is_started_as_if_its_event_had_come(
    place: str, interrupting: str, left: list[str]
) -> None:
    play = Moving(with_event_process(interrupting)).complete("a")

    play.move(place)

    assert play.tasks == left


def test_a_step_of_an_event_sub_process_is_started_without_interrupting() -> None:
    play = Moving(with_event_process("true")).complete("a")

    play.move("h2")

    assert play.tasks == ["i", "h2"]
    play.complete("i").complete("j")
    assert play.tasks == ["h2"]
    play.complete("h2")
    assert play.tasks == ["z"]


def test_an_emptied_event_sub_process_does_not_keep_its_scope() -> None:
    play = Moving(with_event_process("false")).complete("a")
    play.move("esp", cancel=["i"])
    assert play.tasks == ["h"]

    moved = play.move(cancel=["h"])

    assert moved.emptied


GATEWAY = diagram(
    '<startEvent id="s"/>'
    + user("a")
    + '<eventBasedGateway id="g"/>'
    '<intermediateCatchEvent id="m1"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    '<intermediateCatchEvent id="t1"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>'
    "</intermediateCatchEvent>" + user("b") + user("c") + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "a", "g", "m1", "b", "e") + flow("g", "t1") + flows("t1", "c", "e2"),
    outside='<message id="m" name="news"/>',
)  # fmt: skip


def test_an_event_based_gateway_is_cancelled_with_its_events_and_started_with_them() -> None:
    play = Moving(GATEWAY).complete("a")
    assert play.waiting() == ["m1", "t1"]

    play.move("a", cancel=["g"])
    assert (play.tasks, play.waiting()) == (["a"], [])
    play.move("g", cancel=["a"])
    assert play.waiting() == ["m1", "t1"]
    play.send("news")
    assert play.tasks == ["b"]


def test_an_event_behind_a_gateway_waits_alone_when_it_is_started() -> None:
    play = Moving(GATEWAY)

    play.move("t1", cancel=["a"])
    play.pass_time(days=2)

    assert play.tasks == ["c"]


# ---------------------------------------------------------------------------------------------------------------- joins
FORK = diagram(
    '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/>'
    + user("a") + user("b") + user("z") + '<endEvent id="e"/>'
    + flows("s", "f", "a", "j", "z", "e") + flows("f", "b", "j")
)  # fmt: skip


def test_a_token_before_a_join_counts_for_a_flow_that_has_none() -> None:
    play = Moving(FORK).complete("a")

    play.move("j", cancel=["b"])

    assert play.tasks == ["z"]


def test_a_token_on_a_flow_counts_for_this_flow() -> None:
    play = Moving(FORK).complete("a")

    play.move("a-j", cancel=["b"])
    assert play.tasks == []
    play.move("b-j")

    assert play.tasks == ["z"]
    assert len(play.at("j")) == 1


def test_a_token_that_waits_in_a_join_can_be_taken_out() -> None:
    play = Moving(FORK).complete("a")

    play.move("a", cancel=["j"])

    play.complete("b").complete("a")
    assert play.tasks == ["z"]


def test_an_inclusive_join_looks_again_after_a_move() -> None:
    play = Moving(FORK.replace(b"parallelGateway", b"inclusiveGateway")).complete("a")
    assert play.tasks == ["b"]

    play.move(cancel=["b"])

    assert play.tasks == ["z"]


def test_a_flow_is_taken_without_asking_its_condition() -> None:
    body = (
        '<startEvent id="s"/><exclusiveGateway id="g" default="g-a"/>' + user("a") + user("b")
        + '<endEvent id="e"/><endEvent id="e2"/>'
        + flows("s", "g", "a", "e") + flow("g", "b", "false") + flow("b", "e2")
    )  # fmt: skip
    play = Moving(diagram(body))

    play.move("g-b", cancel=["a"])

    assert play.tasks == ["b"]


# ------------------------------------------------------------------------------------------------------- multi-instance
def round_of(sequential: str = "false", more: str = "") -> bytes:
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}" camunda:collection="people" '
        f'camunda:elementVariable="person">{more}</multiInstanceLoopCharacteristics>'
    )
    return diagram(
        f'<startEvent id="s"/>{user("a")}{user("m", inner=loop)}{user("z")}<endEvent id="e"/>'
        + flows("s", "a", "m", "z", "e")
    )


def test_a_round_is_started_as_a_whole() -> None:
    play = Moving(round_of(), people=["x", "y"])

    play.move("m", cancel=["a"])

    assert play.tasks == ["m", "m"]
    play.complete("m").complete("m")
    assert play.tasks == ["z"]


def test_where_a_round_runs_one_element_more_is_started() -> None:
    play = Moving(round_of(), people=["x", "y"]).complete("a").complete("m")

    play.move(Start(element_id="m", local={"person": "w"}))

    assert play.tasks == ["m", "m"]
    assert [play._load().find(number).data["person"] for number in play.at("m#")] == ["y", "w"]
    play.complete("m")
    assert play.tasks == ["m"]
    play.complete("m")
    assert play.tasks == ["z"]


def test_a_second_round_can_be_started() -> None:
    play = Moving(round_of(), people=["x", "y"]).complete("a")

    play.move("m" + BODY)

    assert len(play.at("m")) == 2


def test_a_round_that_is_moved_begins_again() -> None:
    play = Moving(round_of(), people=["x", "y"]).complete("a").complete("m")

    play.move("m", cancel=["m"])

    assert play.tasks == ["m", "m"]
    assert len(play.at("m")) == 1


def test_a_round_goes_on_without_an_element_that_was_taken_out() -> None:
    play = Moving(round_of(), people=["x", "y", "w"]).complete("a").complete("m")

    play.move(cancel=[play.at("m#")[0]])
    assert play.tasks == ["m"]
    play.complete("m")

    assert play.tasks == ["z"]


def test_a_round_asks_its_condition_again_when_an_element_was_taken_out() -> None:
    half = "<completionCondition>nrOfCompletedInstances / nrOfInstances &gt;= 0.5</completionCondition>"
    play = Moving(round_of(more=half), people=["x", "y", "w"]).complete("a").complete("m")

    play.move(cancel=[play.at("m#")[0]])

    assert play.tasks == ["z"]


def test_a_round_whose_last_elements_were_taken_out_is_done() -> None:
    play = Moving(round_of(), people=["x", "y", "w"]).complete("a").complete("m")

    play.move(cancel=play.at("m#"))

    assert play.tasks == ["z"]


def test_a_round_nobody_has_done_anything_in_is_cancelled() -> None:
    play = Moving(round_of(), people=["x", "y"]).complete("a")

    moved = play.move(cancel=play.at("m#"))

    assert moved.emptied


def test_a_round_that_was_moved_elsewhere_does_not_go_on() -> None:
    play = Moving(round_of(), people=["x", "y"]).complete("a").complete("m")

    play.move("a", cancel=play.at("m#"))

    assert play.tasks == ["a"]


def test_one_after_the_other_the_next_comes_when_one_is_taken_out() -> None:
    play = Moving(round_of("true"), people=["x", "y", "w"]).complete("a")
    assert play.seen_by("m")["person"] == "x"

    play.move(cancel=play.at("m#"))
    assert play.seen_by("m")["person"] == "y"
    play.complete("m")
    assert play.seen_by("m")["person"] == "w"
    play.complete("m")

    assert play.tasks == ["z"]


def test_one_after_the_other_nobody_is_put_in_between() -> None:
    play = Moving(round_of("true"), people=["x", "y"]).complete("a")

    with pytest.raises(CannotMove, match="lần lượt"):
        play.move("m")


def round_of_sub_processes(sequential: str = "false") -> bytes:
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}" camunda:collection="people" '
        'camunda:elementVariable="person"/>'
    )
    return diagram(
        f'<startEvent id="s"/>{user("a")}{inside("m", loop + chain("i", "j"))}{user("z")}<endEvent id="e"/>'
        + flows("s", "a", "m", "z", "e")
    )


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_step_inside_a_round_opens_a_round_with_one_element(sequential: str) -> None:
    play = Moving(round_of_sub_processes(sequential), people=["x"])

    play.move("j", cancel=["a"])

    assert play.seen_by("j")["person"] == "x"
    play.complete("j")
    assert play.tasks == ["z"]


def test_a_step_inside_a_round_is_started_near_a_token() -> None:
    play = Moving(round_of_sub_processes(), people=["x", "y"]).complete("a")
    first, second = play.at("i")

    play.move(Start(element_id="j", near=second), cancel=[second])

    assert play.tasks == ["i", "j"]
    assert play.seen_by("j")["person"] == "y"
    play.complete("j").complete("i").complete("j")
    assert play.tasks == ["z"]


def test_an_emptied_element_is_taken_out_of_its_round() -> None:
    play = Moving(round_of_sub_processes(), people=["x", "y"]).complete("a")
    first, second = play.at("i")

    play.move(cancel=[first])
    play.complete("i").complete("j")

    assert play.tasks == ["z"]


# --------------------------------------------------------------------------------------------------------- called, data
CALLING = diagram(
    f'<startEvent id="s"/>{user("a")}<callActivity id="call" calledElement="q"/>{user("z")}<endEvent id="e"/>'
    + flows("s", "a", "call", "z", "e"),
    outside=f'<process id="q" isExecutable="true">{chain("x", "y", start="qs", end="qe")}</process>',
)


def test_a_token_is_moved_inside_a_called_process() -> None:
    play = Moving(CALLING).complete("a")

    play.move("y", cancel=["x"])

    assert play.tasks == ["y"]
    play.complete("y")
    assert play.tasks == ["z"]


def test_of_two_called_processes_the_near_one_is_meant() -> None:
    play = Moving(CALLING).complete("a")
    play.move("call")
    first, second = play.at("x")

    with pytest.raises(CannotMove, match="2 quy trình"):
        play.move("y")
    play.move(Start(element_id="y", near=play.at("call")[1]), cancel=[second])
    play.move(Start(element_id="y", near=first), cancel=[first])

    assert play.tasks == ["y", "y"]


def test_out_of_a_called_process_the_caller_is_reached() -> None:
    play = Moving(CALLING).complete("a")
    (number,) = play.at("x")

    play.move(Start(element_id="a", near=number), cancel=[number])

    assert play.tasks == ["a"]
    assert "call" in play.done("cancelled")


def test_a_called_process_that_is_not_running_has_no_place() -> None:
    with pytest.raises(CannotMove, match="không có bước"):
        Moving(CALLING).move("y")


def test_variables_come_with_the_token() -> None:
    play = Moving(linear("a", "b"))

    play.move(Start(element_id="b", variables={"x": 1}, local={"mine": 2}), cancel=["a"])

    assert play.seen_by("b") == {"x": 1, "mine": 2}
    assert play.variables == {"x": 1}


# --------------------------------------------------------------------------------------------------------- compensation
COMPENSATED = diagram(
    '<startEvent id="s"/>' + user("a") + user("b") + user("undo_a", 'isForCompensation="true"')
    + user("undo_b", 'isForCompensation="true"')
    + "".join(
        f'<boundaryEvent id="c{x}" attachedToRef="{x}"><compensateEventDefinition id="d{x}"/></boundaryEvent>'
        f'<association id="l{x}" sourceRef="c{x}" targetRef="undo_{x}" associationDirection="One"/>'
        for x in "ab"
    )
    + '<intermediateThrowEvent id="throw"><compensateEventDefinition id="t"/></intermediateThrowEvent>'
    + user("z") + '<endEvent id="e"/>' + flows("s", "a", "b", "throw", "z", "e")
)  # fmt: skip


def test_a_cancelled_handler_gives_way_to_the_next() -> None:
    play = Moving(COMPENSATED).complete("a").complete("b")
    assert play.tasks == ["undo_b"]

    play.move(cancel=["undo_b"])
    assert play.tasks == ["undo_a"]
    play.move(cancel=["undo_a"])

    assert play.tasks == ["z"]


def test_handlers_go_with_the_event_that_threw() -> None:
    play = Moving(COMPENSATED).complete("a").complete("b")

    play.move("z", cancel=["throw"])

    assert play.tasks == ["z"]
    assert play.done("cancelled") == ["throw", "undo_b"]


@pytest.mark.parametrize("place", ["undo_a", "ca"])
def test_compensation_is_not_started_by_hand(place: str) -> None:
    with pytest.raises(CannotMove, match="bù trừ"):
        Moving(COMPENSATED).move(place)


# ------------------------------------------------------------------------------------------------------------ whatever
DIAGRAMS = {
    "nested": (NESTED, {}),
    "boundary": (BOUNDARY, {}),
    "interrupting": (with_event_process("true"), {}),
    "beside": (with_event_process("false"), {}),
    "events": (GATEWAY, {}),
    "fork": (FORK, {}),
    "inclusive": (FORK.replace(b"parallelGateway", b"inclusiveGateway"), {}),
    "round": (round_of(), {"people": ["x", "y", "w"]}),
    "row": (round_of("true"), {"people": ["x", "y", "w"]}),
    "rounds of steps": (round_of_sub_processes(), {"people": ["x", "y"]}),
    "row of steps": (round_of_sub_processes("true"), {"people": ["x", "y"]}),
    "called": (CALLING, {}),
    "compensated": (COMPENSATED, {}),
}


def _ids(data: bytes) -> list[str]:
    """Of all elements and flows."""
    tags = (f"{BPMN}{kind}" for kind in ("startEvent", "endEvent", "userTask", "subProcess", "parallelGateway",
            "inclusiveGateway", "eventBasedGateway", "intermediateCatchEvent", "intermediateThrowEvent",
            "boundaryEvent", "callActivity", "sequenceFlow"))  # fmt: skip
    return [node.get("id") for node in etree.fromstring(data).iter(*tags)]


@given(st.sampled_from(sorted(DIAGRAMS)), st.data())
@settings(max_examples=150, deadline=None)
def test_no_move_leaves_an_instance_that_stands_nowhere(name: str, draw: st.DataObject) -> None:
    data, variables = DIAGRAMS[name]
    play, ids = Moving(data, **variables), _ids(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        if play.ended:
            return
        if play.tasks and draw.draw(st.booleans()):
            play.complete(draw.draw(st.sampled_from(play.tasks)))
            play.hold()
            continue
        tokens = sorted(token.id for token in play._load().tokens())
        cancel = draw.draw(st.lists(st.sampled_from(tokens), max_size=2, unique=True))
        places = draw.draw(st.lists(st.sampled_from(ids), max_size=2))
        near = draw.draw(st.sampled_from([None, *tokens]))
        with contextlib.suppress(CannotMove, TaskNotReady, CannotProceed):
            play.move(*(Start(element_id=place, near=near) for place in places), cancel=cancel)
