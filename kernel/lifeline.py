"""A child that does not outlive its parent, even when the parent is killed.

The parent keeps the writing end of the pipe that is the child's standard input, and never writes. When the parent is
gone, however it went, the pipe ends; the child then stops itself as if it had been told to.
"""

import os
import signal
import threading
import time

GRACE = 10.0  #: seconds between the polite signal and the last one


def hold() -> None:
    """Call once in a child that was started with a pipe as its standard input."""
    threading.Thread(target=_wait_for_the_end, name="lifeline", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)
