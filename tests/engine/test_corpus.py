"""Models of others, where the shared corpus lies beside the checkout: read as drawn, or refused with a reason."""

from pathlib import Path

import pytest

from engine.bpmn import reading
from engine.bpmn.catalog import Catalog

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus"
MODELS = sorted((FOLDER / "operaton" / "bpmn").rglob("*.bpmn*"))

pytestmark = pytest.mark.skipif(not MODELS, reason="the shared corpus is not beside this checkout")


def test_no_model_loses_anything_or_crashes_the_reader() -> None:
    catalog = Catalog(functions=frozenset(), has_service=lambda name: True, forms=())
    accepted = 0

    for path in MODELS:
        _, problems = reading.read({f"{path.stem}.bpmn": path.read_bytes()}, catalog)
        errors = [problem for problem in problems if problem.level == "error"]
        assert not [problem for problem in errors if "bị mất" in problem.sentence], path
        accepted += not errors

    assert accepted >= 780  # of 1,136; the rest wants Java, scripts, or is wrong
