"""A worker that fires what is due and ends when nothing is: `python -m bench.timer_worker`, for bench.scale."""

import sys

import config
from engine.operations import timers
from webapp import wiring


def main() -> int:
    wiring.configure(config.load())
    while timers.fire_due_timers():
        continue
    return 0


if __name__ == "__main__":
    sys.exit(main())
