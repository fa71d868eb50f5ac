"""`python3 run.py bench NAME [--json] [options of NAME]`: runs bench/NAME.py; without a name, tells which there are.

A benchmark is a module with `measure() -> list[Measure]`. One that takes options has `add_options(parser)` too and gets
them as keywords. Exit code 1: a target was missed.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.measure import as_json, as_table


def names() -> list[str]:
    files = Path(__file__).parent.glob("*.py")
    return sorted(file.stem for file in files if "\ndef measure(" in file.read_text(encoding="utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--json", action="store_true")
    told, rest = parser.parse_known_args()
    module = importlib.import_module(f"bench.{told.name}")
    measures = module.measure(**_options(module, rest))
    print((as_json if told.json else as_table)(told.name, measures), flush=True)
    return 0 if all(measure.ok for measure in measures) else 1


def _options(module: ModuleType, rest: Sequence[str]) -> dict[str, Any]:
    """What stands behind the name, as keywords of `measure`. Exits when the benchmark does not know it."""
    parser = argparse.ArgumentParser(prog=f"run.py bench {module.__name__.removeprefix('bench.')}")
    if hasattr(module, "add_options"):
        module.add_options(parser)
    return vars(parser.parse_args(rest))


if __name__ == "__main__":
    sys.exit(main())
