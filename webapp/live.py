"""Live updates: one thread a process LISTENs to the database and hands each event to the open pages (SSE)."""

import json
import logging
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from flask import Blueprint, Response, current_app

from directory.actors import Actor
from kernel import db, events
from notices import queries as notices
from webapp import auth

log = logging.getLogger(__name__)
blueprint = Blueprint("live", __name__)

HEARTBEAT = 15.0  #: seconds; a page that has gone away is noticed at the next one
WAITING = 100  #: events a slow page may fall behind; then it is let go and connects again by itself
LASTS = 600.0  #: seconds until a page has to connect, and so to show its session, again
PAUSE = 2.0  #: seconds before listening again to a database that went away


class Hub:
    """The open pages of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: set[queue.Queue[dict[str, Any]]] = set()
        self._thread: threading.Thread | None = None

    def join(self) -> "queue.Queue[dict[str, Any]]":
        """A queue of events from now on."""
        mine: queue.Queue[dict[str, Any]] = queue.Queue(WAITING)
        with self._lock:
            self._queues.add(mine)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen_for_ever, name="live", daemon=True)
                self._thread.start()
        return mine

    def leave(self, mine: "queue.Queue[dict[str, Any]]") -> None:
        with self._lock:
            self._queues.discard(mine)

    def holds(self, mine: "queue.Queue[dict[str, Any]]") -> bool:
        """False when it fell behind and was let go."""
        return mine in self._queues

    def is_full(self, limit: int) -> bool:
        """Each page holds a thread, and some must be left for everything else."""
        return len(self._queues) >= limit

    def tell(self, event: dict[str, Any]) -> None:
        """Hands an event to every open page."""
        with self._lock:
            pages = list(self._queues)
        for page in pages:
            try:
                page.put_nowait(event)
            except queue.Full:
                self.leave(page)

    def _listen_for_ever(self) -> None:
        stop = threading.Event()
        while True:
            try:
                self._listen()
            except psycopg.Error as lost:
                log.info("live updates wait for the database: %s", lost)
            stop.wait(PAUSE)

    def _listen(self) -> None:
        url = db.engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"LISTEN {events.CHANNEL}")
            for notification in connection.notifies():
                self.tell(json.loads(notification.payload))


hub = Hub()


@blueprint.get("/events")
def stream() -> Response:
    """The stream of one page. Opens no transaction around itself: it lasts as long as the page.

    A page left open after its session has ended is told to ask no more (204); the next click asks to sign in. So is
    one more page than this process has threads for: it works, without the bell.
    """
    if hub.is_full(current_app.config["LIVE_PAGES"]):
        return Response(status=204)
    with db.reading():
        known = auth.signed_in()
        if known is None:
            return Response(status=204)
        actor = known.actor
    answer = Response(_tell(actor), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _tell(actor: Actor) -> Iterator[str]:
    mine, ends = hub.join(), time.monotonic() + LASTS
    try:
        yield "retry: 3000\n\n"
        while hub.holds(mine) and time.monotonic() < ends:
            try:
                event = mine.get(timeout=HEARTBEAT)
            except queue.Empty:
                yield ": \n\n"
            else:
                yield from _message(event, actor)
    finally:
        hub.leave(mine)


def _message(event: dict[str, Any], actor: Actor) -> Iterator[str]:
    """Notices reach the people they are for; everything else says only that something changed."""
    topic = event.get("topic")
    if topic != "notices":
        yield f"event: changed\ndata: {json.dumps({'topic': topic})}\n\n"
    elif str(actor.person_id) in event.get("people", []):
        with db.reading():
            unread = notices.count_unread(actor)
        yield f"event: notices\ndata: {json.dumps({'unread': unread})}\n\n"
