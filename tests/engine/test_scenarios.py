"""The executable scenarios of the shared corpus, where it lies beside the checkout: all of them on our core."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.engine.scenario_engine import ScenarioEngine

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "scenarios"
SCENARIOS = sorted(FOLDER.glob("[0-9]*.json"))

pytestmark = pytest.mark.skipif(not SCENARIOS, reason="the shared corpus is not beside this checkout")


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scenario_runner", FOLDER / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["scenario_runner"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_ends_as_bpmn_says(path: Path, runner: Any) -> None:
    scenario = json.loads(path.read_text(encoding="utf-8"))

    outcome, remark = runner.play(scenario, lambda: ScenarioEngine(runner))

    assert (outcome, remark) == ("passed", "")
