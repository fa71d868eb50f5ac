"""The committed bundles are what their sources build: the product needs no Node, whoever doubts may rebuild."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "webapp" / "assets"
BUNDLES = ROOT / "webapp" / "static" / "studio"
NAMES = ["LICENSES.txt", "bpmn.woff2", "modeler.css", "modeler.js", "viewer.css", "viewer.js"]
LIMITS = {"viewer.js": 260_000, "modeler.js": 760_000}  #: bytes; a page of the office must not wait for an editor


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources built anew by the node of the test tools, from the locked packages, without install scripts."""
    tools = Path(sys.executable).parent
    place = tmp_path_factory.mktemp("assets")
    work, output = place / "assets", place / "studio"
    shutil.copytree(SOURCES, work, ignore=shutil.ignore_patterns("node_modules"))
    output.mkdir()
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    commands: list[list[str | Path]] = [
        [tools / "npm", "ci", "--ignore-scripts", "--silent"],
        [tools / "node", "build.mjs", output],
    ]
    for command in commands:
        done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own build
        assert done.returncode == 0, done.stdout + done.stderr
    return output


@pytest.mark.parametrize("name", NAMES)
def test_a_bundle_is_what_its_sources_build(rebuilt: Path, name: str) -> None:
    assert (rebuilt / name).read_bytes() == (BUNDLES / name).read_bytes(), "build again: node webapp/assets/build.mjs"


def test_nothing_else_stands_among_the_bundles(rebuilt: Path) -> None:
    assert sorted(file.name for file in BUNDLES.iterdir()) == sorted(file.name for file in rebuilt.iterdir()) == NAMES


@pytest.mark.parametrize("name", LIMITS)
def test_a_bundle_stays_small(name: str) -> None:
    assert (BUNDLES / name).stat().st_size < LIMITS[name]


@pytest.mark.parametrize("name", ["viewer.js", "modeler.js"])
def test_no_bundle_makes_code_of_text(name: str) -> None:
    text = (BUNDLES / name).read_text(encoding="utf-8")

    assert "new Function(" not in text
    assert "eval(" not in text.replace(".eval(", "")


def test_the_lock_names_versions_and_sums_and_no_place() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))

    packages = {name: told for name, told in lock["packages"].items() if name}
    assert all("integrity" in told and "resolved" not in told for told in packages.values())
    assert "ignore-scripts=true" in (SOURCES / ".npmrc").read_text(encoding="ascii")


def test_the_licence_of_the_drawing_library_goes_along() -> None:
    text = (BUNDLES / "LICENSES.txt").read_text(encoding="utf-8")

    assert "bpmn-js 18.31.1" in text
    assert "bpmn.io" in text
