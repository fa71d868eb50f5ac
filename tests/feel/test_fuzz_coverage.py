"""The fuzzer that is guided by coverage, for a few seconds."""

import importlib.util
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris exists for Linux x86-64 only")
def test_a_few_seconds_of_fuzzing_find_nothing() -> None:
    command = [sys.executable, "-m", "tests.fuzz.feel_texts", "5"]

    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, capture_output=True, text=True, errors="replace", timeout=300, check=False
    )

    assert done.returncode == 0, done.stderr[-4000:]
    assert "Done" in done.stderr
