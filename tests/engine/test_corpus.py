"""Models of others, where the shared corpus lies beside the checkout: read as drawn, or refused with a reason."""

from collections.abc import Sequence

import pytest

from bench import corpus
from bench.corpus import LOST, REFUSED, RUNS, Outcome

pytestmark = pytest.mark.skipif(
    not (corpus.FOLDER / "operaton").is_dir(), reason="the shared corpus is not beside this checkout"
)


@pytest.fixture(scope="module")
def outcomes() -> Sequence[Outcome]:
    return [outcome for name in corpus.GROUPS for outcome in corpus.examine(corpus.FOLDER / name)]


def test_no_model_loses_anything_or_crashes_the_reader(outcomes: Sequence[Outcome]) -> None:
    assert [(outcome.file, outcome.reasons) for outcome in outcomes if outcome.outcome == LOST] == []


def test_every_refusal_has_a_reason(outcomes: Sequence[Outcome]) -> None:
    assert all(outcome.reasons for outcome in outcomes if outcome.outcome == REFUSED)


def test_what_operaton_takes_and_needs_no_code_runs(outcomes: Sequence[Outcome]) -> None:
    counted = [outcome for outcome in outcomes if outcome.counts]

    assert sum(outcome.outcome == RUNS for outcome in counted) >= 0.95 * len(counted)


def test_what_needs_code_from_outside_is_refused(outcomes: Sequence[Outcome]) -> None:
    """Java classes, foreign scripts, beans: nothing of them may be passed over in silence."""
    foreign = [o.file for o in outcomes if o.outcome == RUNS and "class" in o.expected.get("needs", "")]

    assert foreign == []


def test_what_we_take_and_operaton_does_not_is_explained(outcomes: Sequence[Outcome]) -> None:
    unexplained = [outcome.file for outcome in outcomes if outcome.is_ours_alone and not outcome.our_reason]

    assert unexplained == []
