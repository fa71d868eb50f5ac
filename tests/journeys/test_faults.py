"""Twenty seconds of kill -9 at random while eight people work: nothing is lost, nothing is there twice."""

from bench import faults
from kernel import clock
from tests.product import served

SECONDS = 20.0


def test_nothing_is_lost_while_processes_are_killed_at_random() -> None:
    with served(clock.now()) as product:
        measures = {measure.name: measure for measure in faults.strike(product, SECONDS)}

    assert [measure for measure in measures.values() if not measure.ok] == []
    assert measures["kills"].value > 3
    assert measures["tasks completed"].value > 0
