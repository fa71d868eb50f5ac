"""`python3 run.py bench NAME [--json]`: runs bench/NAME.py; without a name, tells which there are.

A benchmark is a module with `measure() -> list[Measure]`. Exit code 1: a target was missed.
"""

import argparse
import importlib
import sys
from pathlib import Path

from bench.measure import as_json, as_table

OWN = {"__init__", "__main__", "measure"}


def names() -> list[str]:
    return sorted(file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in OWN)


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    measures = importlib.import_module(f"bench.{told.name}").measure()
    print((as_json if told.json else as_table)(told.name, measures), flush=True)
    return 0 if all(measure.ok for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
