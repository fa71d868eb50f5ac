"""The shape of the code: rules that import-linter and ruff cannot see."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = [place.parent for place in ROOT.glob("*/__init__.py") if place.parent.name != "tests"]
MODULES = sorted([*ROOT.glob("*.py"), *(file for package in PACKAGES for file in package.rglob("*.py"))])
LIMIT = 400  #: lines of a module
BAD_NAMES = {"util", "utils", "common", "helper", "helpers", "misc", "manager", "service", "services"}


def named(file):
    return str(file.relative_to(ROOT))


def calls(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "attr")]


def test_no_module_is_longer_than_400_lines():
    product = [file for file in MODULES if file.parent.name != "versions"]
    too_long = {named(file): lines for file in product if (lines := len(file.read_text().splitlines())) > LIMIT}

    assert too_long == {}


def test_only_the_unit_of_work_commits():
    committing = [named(file) for file in MODULES if "commit" in calls(file)]

    assert committing == ["kernel/db.py"]


def test_modules_are_named_for_their_subject():
    assert [named(file) for file in MODULES if file.stem in BAD_NAMES] == []


def test_no_comment_promises_work_for_later():
    promises = ("TO" + "DO", "FIX" + "ME", "X" * 3 + ":")

    assert [named(file) for file in MODULES if any(word in file.read_text() for word in promises)] == []


def test_every_module_says_what_it_is_for():
    silent = [named(file) for file in MODULES if file.name != "__init__.py" and not _docstring(file)]

    assert [name for name in silent if not name.startswith("migrations/")] == []


def _docstring(file):
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
