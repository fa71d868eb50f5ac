"""What becomes of a running instance in another version of its diagram: one pair of diagrams a kind."""

import pytest

from tests.engine.crossing import Crossing, problems
from tests.engine.diagrams import diagram, flows, linear, user


def process(body: str, *chains: str, outside: str = "") -> bytes:
    """start `s` and end `e` around it; `chains`: "a b c" draws flows."""
    drawn = "".join(flows(*chain.split()) for chain in chains)
    return diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{drawn}', outside=outside)


def timer(name: str, host: str, text: str = "PT2H", more: str = "", kind: str = "timeDuration") -> str:
    inner = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" {more}>{inner}</boundaryEvent>'


def message(name: str) -> str:
    return f'<message id="m-{name}" name="{name}"/>'


def many(name: str, *, sequential: bool = False, more: str = "") -> str:
    loop = f'isSequential="{str(sequential).lower()}" camunda:collection="people" camunda:elementVariable="one"'
    return user(name, "", f"<multiInstanceLoopCharacteristics {loop}>{more}</multiInstanceLoopCharacteristics>")


# ------------------------------------------------------------------------------------------------------ plain flows
def test_an_instance_goes_on_in_the_new_diagram() -> None:
    play = Crossing(linear("a", "b")).complete("a")

    play.migrate(linear("a", "b", "c"))

    assert play.moves() == ["b>b"]
    assert play.complete("b").tasks == ["c"]
    assert play.complete("c").ended


def test_a_token_keeps_its_number() -> None:
    play = Crossing(linear("a", "b")).complete("a")
    before = play.numbers["b"]

    play.migrate(linear("a", "c", "d"), {"b": "d"})

    assert play.numbers == {"d": before}
    assert play.complete("d").ended


def test_a_renamed_task_is_found_when_the_analyst_pairs_it() -> None:
    play = Crossing(linear("a"))

    assert play.refusal(linear("b")) == ["Hồ sơ đang ở “a”, bước này chưa ghép với bước nào của bản mới."]
    assert play.migrate(linear("b"), {"a": "b"}).complete("b").ended


def test_a_task_added_before_the_token_is_not_done_and_one_behind_is() -> None:
    play = Crossing(linear("a", "b")).complete("a")

    play.migrate(linear("a", "x", "b", "y"))

    assert play.complete("b").tasks == ["y"]


def test_a_removed_task_is_a_problem_only_for_who_stands_there() -> None:
    after = linear("a")

    assert Crossing(linear("a", "b")).migrate(after).complete("a").ended
    assert Crossing(linear("a", "b")).complete("a").refusal(after)
    assert problems(linear("a", "b"), after) == {"warning": ["b"]}


def test_what_is_no_task_of_people_any_more_is_refused() -> None:
    before = linear("a")
    called = process('<callActivity id="a" calledElement="p"/>', "s a e")

    assert problems(before, called) == {"warning": ["a"]}
    assert problems(before, called, a="a") == {"error": ["a"]}


def test_variables_stay() -> None:
    play = Crossing(linear("a", "b"), x=1).complete("a", y=[2])

    play.migrate(linear("b"))

    assert play.variables == {"x": 1, "y": [2]}


# --------------------------------------------------------------------------------------------------------- listeners
def test_a_boundary_timer_keeps_its_due_time_to_the_microsecond() -> None:
    before = process(user("a") + timer("t", "a", "PT2H") + user("late"), "s a e", "t late e")
    after = process(user("a") + timer("t", "a", "P9D") + user("late"), "s a e", "t late e")
    play = Crossing(before)
    due = play.due("t")
    play.pass_time(minutes=90, seconds=59, microseconds=7)

    play.migrate(after)

    assert play.due("t") == due
    assert play.pass_time(minutes=30).tasks == ["late"]


def test_a_new_boundary_event_begins_to_listen_and_a_removed_one_goes() -> None:
    before = process(user("a") + timer("t", "a") + user("late"), "s a e", "t late e")
    after = process(user("a") + timer("u", "a", "PT5H") + user("late"), "s a e", "u late e")
    play = Crossing(before).pass_time(hours=1)

    play.migrate(after)

    assert (play.added, play.dropped, play.listening) == (["u"], ["t"], ["u"])
    assert play.pass_time(hours=4).tasks == ["a"]
    assert play.pass_time(hours=1).tasks == ["late"]


def test_a_listener_that_was_used_up_does_not_come_back() -> None:
    told = user("a") + timer("t", "a", "PT1H", 'cancelActivity="false"') + user("late")
    play = Crossing(process(told, "s a e", "t late e")).pass_time(hours=2)

    play.migrate(process(told + user("x"), "s a x e", "t late e"))

    assert (play.listening, play.added) == ([], [])
    assert play.tasks == ["a", "late"]


def test_a_repeating_timer_goes_on_with_what_it_has_left() -> None:
    told = user("a") + timer("t", "a", "R3/PT1H", 'cancelActivity="false"', "timeCycle") + user("late")
    play = Crossing(process(told, "s a e", "t late e")).pass_time(minutes=90)

    play.migrate(process(told, "s a e", "t late e")).pass_time(days=9)

    assert play.tasks == ["a", "late", "late", "late"]


def test_a_boundary_event_may_not_move_to_a_task_of_its_own() -> None:
    nodes = user("a") + user("b") + user("late")
    before = process(nodes + timer("t", "a"), "s a b e", "t late e")
    after = process(nodes + timer("t", "b"), "s a b e", "t late e")

    assert problems(before, after) == {"note": ["t", "t"]}
    assert problems(before, after, t="t") == {"error": ["t"]}


def test_a_message_that_is_called_otherwise_is_waited_for_by_its_new_name() -> None:
    def waiting(name: str) -> bytes:
        event = f'<intermediateCatchEvent id="m"><messageEventDefinition messageRef="m-{name}"/>'
        return process(f"{event}</intermediateCatchEvent>{user('a')}", "s m a e", outside=message(name))

    play = Crossing(waiting("old")).migrate(waiting("new"))

    assert play.send("new").tasks == ["a"]


def test_events_of_another_kind_do_not_take_each_others_place() -> None:
    before = process(
        '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="m-x"/></intermediateCatchEvent>',
        "s m e",
        outside=message("x"),
    )
    hour = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    after = process(f'<intermediateCatchEvent id="m">{hour}</intermediateCatchEvent>', "s m e")

    assert problems(before, after, m="m") == {"error": ["m"]}


def test_an_event_based_gateway_waits_for_what_stands_behind_it_now() -> None:
    def gateway(*names: str) -> bytes:
        told = '<eventBasedGateway id="g"/>' + user("a")
        for name in names:
            event = f'<messageEventDefinition messageRef="m-{name}"/>'
            told += f'<intermediateCatchEvent id="{name}">{event}</intermediateCatchEvent>'
        chains = [f"g {name} a" for name in names]
        return process(told, "s g", *chains, "a e", outside="".join(message(name) for name in names))

    play = Crossing(gateway("x", "y"))

    play.migrate(gateway("y", "z"))

    assert (play.listening, play.dropped, play.added) == (["y", "z"], ["x"], ["z"])
    assert play.send("z").tasks == ["a"]
    assert play.listening == []


# ---------------------------------------------------------------------------------------------------- multi-instances
def test_a_parallel_round_half_done_goes_on() -> None:
    play = Crossing(process(many("a"), "s a e"), people=["x", "y", "z"])
    play.complete("a")

    play.migrate(process(many("a") + user("b"), "s a b e"))

    seen = play.seen_by("a")
    assert (seen["nrOfInstances"], seen["nrOfActiveInstances"], seen["nrOfCompletedInstances"]) == (3, 2, 1)
    assert (seen["loopCounter"], seen["one"]) == (1, "y")
    assert play.complete("a").complete("a").tasks == ["b"]


def test_a_sequential_round_half_done_asks_the_rest() -> None:
    play = Crossing(process(many("a", sequential=True), "s a e"), people=["x", "y", "z"]).complete("a")

    play.migrate(process(many("b", sequential=True), "s b e"), {"a": "b"})

    assert play.seen_by("b")["one"] == "y"
    assert play.complete("b").seen_by("b")["one"] == "z"
    assert play.complete("b").ended


def test_results_of_a_round_are_gathered_on() -> None:
    more = '<loopDataOutputRef>told</loopDataOutputRef><outputDataItem id="o" name="{}"/>'
    play = Crossing(process(many("a", more=more.format("said")), "s a e"), people=["x", "y"])
    play.complete("a", said="1")

    play.migrate(process(many("a", more=more.format("answer")) + user("b"), "s a b e"))

    assert play.complete("a", answer="2").variables["told"] == ["1", "2"]


def test_results_that_would_be_lost_are_a_reason_against_it() -> None:
    more = '<loopDataOutputRef>{}</loopDataOutputRef><outputDataItem id="o" name="said"/>'
    play = Crossing(process(many("a", more=more.format("told")), "s a e"), people=["x", "y"])

    (reason,) = play.refusal(process(many("a", more=more.format("answers")), "s a e"))

    assert "“told”" in reason
    assert "“answers”" in reason


def test_an_element_is_called_as_the_new_diagram_calls_it() -> None:
    other = many("a", sequential=True).replace('elementVariable="one"', 'elementVariable="who"')
    play = Crossing(process(many("a", sequential=True), "s a e"), people=["x", "y"])

    play.migrate(process(other, "s a e"))

    assert play.seen_by("a")["who"] == "x"
    assert play.complete("a").seen_by("a")["who"] == "y"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (many("a"), user("a")),
        (user("a"), many("a")),
        (many("a"), many("a", sequential=True)),
    ],
)
def test_nobody_enters_or_leaves_a_round_on_the_way(before: str, after: str) -> None:
    old, new = process(before, "s a e"), process(after, "s a e")

    assert problems(old, new) == {"warning": ["a"]}
    assert problems(old, new, a="a") == {"error": ["a"]}
    assert Crossing(old, people=["x"]).refusal(new)


# ------------------------------------------------------------------------------------------------------------- scopes
def inside(name: str, body: str, *chains: str, more: str = "") -> str:
    drawn = "".join(flows(*chain.split()) for chain in chains)
    return (
        f'<subProcess id="{name}" {more}><startEvent id="{name}.s"/>{body}<endEvent id="{name}.e"/>{drawn}</subProcess>'
    )


def test_a_scope_goes_over_with_its_variables() -> None:
    before = process(inside("sub", user("a") + user("b"), "sub.s a b sub.e"), "s sub e")
    after = process(inside("part", user("b") + user("c"), "part.s b c part.e") + user("d"), "s part d e")
    play = Crossing(before).complete("a", x=1)

    play.migrate(after, {"sub": "part", "b": "b"})

    assert sorted(play.moves()) == ["b>b", "sub>part"]
    assert play.complete("b").complete("c").tasks == ["d"]


def test_a_task_that_left_its_scope_does_not_go() -> None:
    before = process(inside("sub", user("a"), "sub.s a sub.e"), "s sub e")
    after = process(user("a"), "s a e")

    assert problems(before, after) == {"warning": ["sub", "a"]}
    assert problems(before, after, a="a") == {"error": ["a"], "warning": ["sub"]}
    assert Crossing(before).refusal(after)


def test_each_element_of_a_round_of_scopes_goes_over() -> None:
    loop = '<multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="one"/>'

    def drawn(*tasks: str) -> bytes:
        nodes = "".join(user(name) for name in tasks)
        return process(inside("sub", nodes + loop, f"sub.s {' '.join(tasks)} sub.e"), "s sub e")

    play = Crossing(drawn("a", "b"), people=["x", "y"]).complete("a")

    play.migrate(drawn("a", "b", "c"))

    assert play.tasks == ["a", "b"]
    play.complete("a").complete("b").complete("b").complete("c")
    assert play.complete("c").ended


def event_subprocess(name: str, event: str, task: str, *, interrupting: bool = True) -> str:
    start = f'<startEvent id="{name}-s" isInterrupting="{str(interrupting).lower()}">{event}</startEvent>'
    inner = f'{start}{user(task)}<endEvent id="{name}-e"/>{flows(f"{name}-s", task, f"{name}-e")}'
    return f'<subProcess id="{name}" triggeredByEvent="true">{inner}</subProcess>'


STOP = '<messageEventDefinition messageRef="m-stop"/>'


def test_an_event_subprocess_that_is_new_listens_from_now_on() -> None:
    after = process(user("a") + event_subprocess("esp", STOP, "x"), "s a e", outside=message("stop"))
    play = Crossing(process(user("a"), "s a e"))

    play.migrate(after)

    assert (play.added, play.listening) == (["esp"], ["esp"])
    assert play.send("stop").tasks == ["x"]
    assert play.complete("x").ended


def test_a_running_event_subprocess_goes_over_and_lets_none_other_listen() -> None:
    one = event_subprocess("esp", STOP, "x")
    other = event_subprocess("other", '<messageEventDefinition messageRef="m-other"/>', "y")
    before = process(user("a") + one, "s a e", outside=message("stop"))
    after = process(user("a") + one + other, "s a e", outside=message("stop") + message("other"))
    play = Crossing(before).send("stop")

    play.migrate(after)

    assert (play.tasks, play.listening) == (["x"], [])
    assert play.complete("x").ended


# ------------------------------------------------------------------------------------------------------------- joins
def fork(kind: str, *branches: str) -> bytes:
    nodes = "".join(user(name) for name in branches)
    gateways = f'<{kind}Gateway id="f"/><{kind}Gateway id="j"/>'
    chains = [f"f {name} j" for name in branches]
    return process(nodes + gateways + user("z"), "s f", *chains, "j z e")


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_join_with_one_waiting_token_waits_for_the_other(kind: str) -> None:
    play = Crossing(fork(kind, "a", "b")).complete("a")

    play.migrate(fork(kind, "a", "b"))

    assert play.tasks == ["b"]
    assert play.complete("b").tasks == ["z"]


def test_a_branch_is_followed_when_its_task_is_renamed() -> None:
    play = Crossing(fork("parallel", "a", "b")).complete("a")

    play.migrate(fork("parallel", "c", "b"), {"a": "c"})

    assert play.complete("b").tasks == ["z"]


def test_a_waiting_branch_that_is_gone_is_a_reason_against_it() -> None:
    play = Crossing(fork("parallel", "a", "b")).complete("a")

    (reason,) = play.refusal(fork("parallel", "b", "c"))

    assert reason == "Ở cổng song song “j” đang có nhánh từ “a” chờ, bản mới không còn nhánh đó để chờ tiếp."


def test_a_join_that_waits_for_nothing_more_goes_on_at_once() -> None:
    play = Crossing(fork("parallel", "a", "b", "c")).complete("a").complete("b")

    play.migrate(fork("parallel", "a", "b"), {"c": "z"})

    assert play.migrated.freed == ["cổng song song “j”"]
    assert play.tasks == ["z", "z"]


def test_a_branch_that_nobody_took_would_be_waited_for_for_ever() -> None:
    play = Crossing(fork("parallel", "a", "b")).complete("a")

    (reason,) = play.refusal(fork("parallel", "a", "b", "c"))

    assert "cổng song song “j”" in reason
    assert "“c”" in reason
    assert Crossing(fork("parallel", "a", "b")).refusal(fork("parallel", "a", "b", "c"))


def test_an_inclusive_join_may_get_another_branch() -> None:
    play = Crossing(fork("inclusive", "a", "b")).complete("a")

    play.migrate(fork("inclusive", "a", "b", "c"))

    assert play.complete("b").tasks == ["z"]


def test_two_joins_do_not_become_one() -> None:
    body = "".join(user(name) for name in "abc") + "".join(f'<parallelGateway id="{g}"/>' for g in ("f", "j", "k"))
    before = process(body, "s f", "f a j", "f b j", "j k", "f c k", "k e")

    told = problems(before, before, j="k")

    assert "k" in told["error"]


# ------------------------------------------------------------------------------------------------------- compensation
def compensable(handler: str, *, boundary: str = "undo") -> str:
    event = f'<boundaryEvent id="{boundary}" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>'
    task = user(handler).replace("<userTask ", '<userTask isForCompensation="true" ')
    link = f'<association id="{boundary}-{handler}" sourceRef="{boundary}" targetRef="{handler}"/>'
    thrown = '<intermediateThrowEvent id="back"><compensateEventDefinition/></intermediateThrowEvent>'
    return user("book") + event + task + link + thrown


def test_what_was_done_is_compensated_as_the_new_diagram_says() -> None:
    before = process(compensable("cancel") + user("a"), "s book a back e")
    after = process(compensable("refund") + user("a"), "s book a back e")
    play = Crossing(before).complete("book")

    play.migrate(after)

    assert play.complete("a").tasks == ["refund"]
    assert play.complete("refund").ended


def test_a_running_compensation_goes_over() -> None:
    before = process(compensable("cancel") + user("a"), "s book a back e")
    after = process(compensable("refund") + user("a") + user("b"), "s book a back b e")
    play = Crossing(before).complete("book").complete("a")

    play.migrate(after, {"cancel": "refund"})

    assert play.complete("refund").tasks == ["b"]


def test_what_could_no_longer_be_compensated_is_a_reason_against_it() -> None:
    before = process(compensable("cancel") + user("a"), "s book a back e")
    play = Crossing(before).complete("book")

    (reason,) = play.refusal(linear("book", "a"))

    assert reason == "“book” đã làm và còn bù trừ được, bản mới không nói bù trừ thế nào."


def test_a_finished_scope_is_compensated_after_its_migration() -> None:
    def drawn(handler: str) -> bytes:
        inner = compensable(handler).split("<intermediateThrowEvent")[0]
        thrown = '<intermediateThrowEvent id="back"><compensateEventDefinition/></intermediateThrowEvent>'
        return process(inside("sub", inner, "sub.s book sub.e") + user("a") + thrown, "s sub a back e")

    play = Crossing(drawn("cancel")).complete("book")

    play.migrate(drawn("refund"))

    assert play.complete("a").tasks == ["refund"]
    assert play.complete("refund").ended


# ------------------------------------------------------------------------------------------------------ called ones
def test_a_called_process_stays_on_its_own_definition() -> None:
    called = '<process id="q" isExecutable="true"><startEvent id="qs"/>' + user("b") + '<endEvent id="qe"/>'
    called += flows("qs", "b", "qe") + "</process>"
    call = '<callActivity id="c" calledElement="q"/>'
    play = Crossing(process(call, "s c e", outside=called))

    play.migrate(process(call + user("a"), "s c a e"))

    assert play.moves() == ["c>c"]
    assert play.tasks == ["b"]
    assert play.complete("b").tasks == ["a"]
