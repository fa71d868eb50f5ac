"""What was committed is told to other processes (NOTIFY) by one thread; what is said again meanwhile is told once.

Not by the transaction itself: PostgreSQL lets one notifying transaction commit at a time. Nor by whoever has just
committed: a person would wait for it, and a busy office would say the same a hundred times a second.
"""

import atexit
import contextlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator

import sqlalchemy as sa

log = logging.getLogger(__name__)

PAUSE = 0.05  #: seconds in which things are gathered; nobody sees a page change sooner
AT_ONCE = 500  #: things in one statement

Announcement = tuple[str, str]  #: channel, message


class Announcer:
    """`send` tells a list of them in one transaction; it may raise SQLAlchemy's errors."""

    def __init__(self, send: Callable[[list[Announcement]], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._some = threading.Event()
        self._waiting: dict[Announcement, None] = {}
        self._thread: threading.Thread | None = None

    def tell(self, announcements: Iterable[Announcement]) -> None:
        """Soon. What was committed stands, also when nobody hears of it."""
        with self._lock:
            self._waiting.update(dict.fromkeys(announcements))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="announcer", daemon=True)
                self._thread.start()
                atexit.register(self.tell_now)
        self._some.set()

    def tell_now(self) -> None:
        with self.quiet():
            pass

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Inside, nothing is left to tell and nobody tells anything: the database may be let go."""
        with self._telling:
            with self._lock:
                waiting, self._waiting = list(self._waiting), {}
            for first in range(0, len(waiting), AT_ONCE):
                self._say(waiting[first : first + AT_ONCE])
            yield

    def _say(self, announcements: list[Announcement]) -> None:
        try:
            self._send(announcements)
        except (sa.exc.SQLAlchemyError, RuntimeError):
            log.warning("nobody was told of a change: %s", announcements[:3], exc_info=True)

    def _work(self) -> None:
        never = threading.Event()
        while True:
            self._some.wait()
            self._some.clear()
            self.tell_now()
            never.wait(PAUSE)
