"""Asynchronous continuations: what stands before or behind an element waits for a job in a transaction of its own."""

import pytest

from engine.bpmn import continuing
from engine.bpmn.tokens import JOB, Token
from tests.engine.diagrams import diagram, flow, flows, user
from tests.engine.memory import Play


class Jobs(Play):
    """A play whose jobs are run by hand."""

    @property
    def jobs(self) -> list[tuple[str, str]]:
        """Element and whether the token is before or behind it, oldest first."""
        return [(token.task_spec.bpmn_id, token.internal_data[JOB]) for token in self._waiting()]

    def run(self) -> "Jobs":
        """The oldest job."""
        instance = self._load()
        continuing.go_on(instance.find(self._waiting()[0].id))
        self._go_on(instance)
        return self

    def run_all(self) -> "Jobs":
        while self._waiting():
            self.run()
        return self

    def _waiting(self) -> list[Token]:
        return sorted((t for t in self._load().tokens() if JOB in t.internal_data), key=lambda token: token.id)


def play(body: str, *chain: str, **given: object) -> Jobs:
    return Jobs(diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*chain)}'), **given)


def boundary(name: str, inner: str, attributes: str = "") -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="a" {attributes}>{inner}</boundaryEvent>'


BEFORE, AFTER = 'camunda:asyncBefore="true"', 'camunda:asyncAfter="true"'


@pytest.mark.parametrize("attribute", [BEFORE, 'camunda:async="true"'])
def test_a_token_waits_before_an_element(attribute: str) -> None:
    told = play(user("a", attribute), "s", "a", "e")

    assert told.jobs == [("a", "before")]
    assert told.tasks == []
    told.run()
    assert told.jobs == []
    assert told.tasks == ["a"]
    assert told.complete("a").ended
    assert told.done("entered") == ["s", "a", "e"]


def test_a_token_waits_behind_an_element_that_is_left_already() -> None:
    told = play(user("a", AFTER) + user("b"), "s", "a", "b", "e").complete("a")

    assert told.done() == ["s", "a"]
    assert (told.jobs, told.tasks) == ([("a", "after")], [])
    told.run()
    assert told.tasks == ["b"]
    assert told.done() == ["s", "a"]
    assert told.done("cancelled") == []


def test_before_and_behind_are_two_jobs() -> None:
    told = play(f'<task id="a" {BEFORE} {AFTER}/>', "s", "a", "e")

    seen = [told.jobs]
    while told.jobs:
        seen.append(told.run().jobs)

    assert seen == [[("a", "before")], [("a", "after")], []]
    assert told.ended


@pytest.mark.parametrize(
    ("node", "element"),
    [
        (f'<startEvent id="s" {BEFORE}/><endEvent id="e"/>', "s"),
        (f'<startEvent id="s"/><endEvent id="e" {BEFORE}/>', "e"),
        (f'<startEvent id="s" {AFTER}/><endEvent id="e"/>', "s"),
        (f'<startEvent id="s"/><endEvent id="e" {AFTER}/>', "e"),
    ],
)
def test_start_and_end_events_may_wait_for_a_job(node: str, element: str) -> None:
    told = Jobs(diagram(node + flows("s", "e")))

    assert not told.ended
    assert [name for name, _ in told.jobs] == [element]
    assert told.run().ended


@pytest.mark.parametrize(
    "node",
    [
        f'<scriptTask id="a" {BEFORE} {AFTER}><script>x = 1</script></scriptTask>',
        f'<exclusiveGateway id="a" {BEFORE} {AFTER}/>',
        f'<inclusiveGateway id="a" {BEFORE} {AFTER}/>',
        f'<parallelGateway id="a" {BEFORE} {AFTER}/>',
        f'<intermediateThrowEvent id="a" {BEFORE} {AFTER}/>',
        f'<subProcess id="a" {BEFORE} {AFTER}><startEvent id="s1" {BEFORE}/><endEvent id="e1" {AFTER}/>'
        f"{flows('s1', 'e1')}</subProcess>",
        f'<manualTask id="a" {BEFORE} {AFTER}><standardLoopCharacteristics loopMaximum="2"/></manualTask>',
    ],
)
def test_every_kind_of_node_goes_on_by_its_jobs(node: str) -> None:
    told = play(node, "s", "a", "e")

    assert told.jobs == [("a", "before")]
    while told.jobs:
        assert not told.ended
        told.run()
    assert told.ended
    assert told.done("entered").count("e") == 1


def test_a_join_takes_one_token_of_each_flow_and_then_waits_for_one_job() -> None:
    body = f'<parallelGateway id="f"/><parallelGateway id="j" {BEFORE}/>{user("a")}{user("b")}{user("c")}'
    told = play(body + flows("f", "a", "j") + flows("f", "b", "j") + flows("j", "c", "e"), "s", "f")

    told.complete("a")
    assert told.jobs == []
    told.complete("b")

    assert told.jobs == [("j", "before")]
    assert told.run().tasks == ["c"]


def test_a_token_before_its_job_is_not_joined_with_the_next_round() -> None:
    body = (
        f'<parallelGateway id="f"/><parallelGateway id="j" {BEFORE}/><exclusiveGateway id="m"/>{user("a")}{user("b")}'
        f"{user('c')}"
    )
    loop = flow("f", "m") + flow("m", "a") + flow("a", "j") + flow("f", "b") + flow("b", "j") + flows("j", "c", "e")
    again = boundary("x", '<messageEventDefinition messageRef="n"/>', 'cancelActivity="false"')
    told = Jobs(
        diagram(
            f'<startEvent id="s"/>{body}{again}<endEvent id="e"/>{loop}{flow("x", "m")}{flow("s", "f")}',
            outside='<message id="n" name="Nữa"/>',
        )
    )

    told.send("Nữa").complete("a").complete("b").complete("a")

    assert told.jobs == [("j", "before")]
    assert told.run_all().tasks == ["c"]


def test_an_inclusive_join_waits_for_a_token_that_waits_for_its_job() -> None:
    body = f'<inclusiveGateway id="f"/><inclusiveGateway id="j"/><task id="a" {BEFORE}/><task id="b"/>{user("c")}'
    told = play(body + flows("f", "a", "j") + flows("f", "b", "j") + flows("j", "c", "e"), "s", "f")

    assert told.tasks == []
    assert told.run().tasks == ["c"]


def test_a_round_waits_once_and_each_of_its_elements_too() -> None:
    inner = "<loopCardinality>2</loopCardinality>"
    loop = f"<multiInstanceLoopCharacteristics {BEFORE} {AFTER}>{inner}</multiInstanceLoopCharacteristics>"
    told = play(f'<task id="a" {BEFORE} {AFTER}>{loop}</task>', "s", "a", "e")
    seen = [list(told.jobs)]
    while told.jobs:
        seen.append(told.run().jobs)

    assert seen[0] == [("a", "before")]
    assert seen[1] == [("a", "before")] * 2
    assert seen[-2] == [("a", "after")]
    assert len(seen) == 7
    assert told.ended


def test_one_after_the_other_keeps_its_results_behind_jobs() -> None:
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="people" '
        f'camunda:elementVariable="person" {AFTER}/>'
    )
    told = play(user("a", "", loop), "s", "a", "e", people=["x", "y", "z"])

    for name in ("x", "y", "z"):
        assert told.seen_by("a")["person"] == name
        told.complete("a")
        assert told.jobs == [("a", "after")]
        told.run()

    assert told.ended


def test_listeners_of_an_activity_begin_with_it() -> None:
    event = boundary("b", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>")
    told = play(user("a", BEFORE) + event + user("late") + flows("b", "late", "e"), "s", "a", "e")

    assert told.pass_time(hours=2).tasks == []
    told.run()
    assert told.pass_time(hours=2).tasks == ["late"]


def test_a_condition_waits_for_the_job_before_it() -> None:
    inner = "<conditionalEventDefinition><condition>x = 1</condition></conditionalEventDefinition>"
    body = f'<intermediateCatchEvent id="a" {BEFORE}>{inner}</intermediateCatchEvent>'
    told = play(body + user("b"), "s", "a", "b", "e", x=1)

    assert (told.jobs, told.tasks) == ([("a", "before")], [])
    assert told.run().tasks == ["b"]


def test_an_event_sub_process_waits_at_its_start() -> None:
    inner = '<messageEventDefinition messageRef="n"/>'
    body = (
        f'<subProcess id="x" triggeredByEvent="true" {BEFORE}><startEvent id="s1">{inner}</startEvent>'
        f'{user("b")}<endEvent id="e1"/>{flows("s1", "b", "e1")}</subProcess>{user("a")}'
    )
    told = Jobs(
        diagram(
            f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows("s", "a", "e")}',
            outside='<message id="n" name="Gọi"/>',
        )
    )

    told.send("Gọi")

    assert (told.tasks, told.jobs) == ([], [("s1", "before")])
    assert told.run().tasks == ["b"]


def test_a_cancelled_token_takes_its_job_along() -> None:
    nodes = f'<parallelGateway id="f"/><task id="a" {BEFORE}/><task id="b" {AFTER}/>{user("c")}'
    body = f'{nodes}<endEvent id="t"><terminateEventDefinition/></endEvent>'
    told = play(body + flows("f", "a", "e") + flows("f", "b", "e") + flows("f", "c", "t"), "s", "f")
    assert told.jobs == [("a", "before"), ("b", "after")]

    told.complete("c")

    assert told.ended
    assert told.done("cancelled") == ["a"]
