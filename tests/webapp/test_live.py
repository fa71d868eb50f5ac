"""Streams of open pages: let go when they fall behind, few enough to leave threads for work."""

import threading
from collections.abc import Callable, Iterator

import pytest

from directory.actors import Actor
from tests.webapp.conftest import Browser
from webapp import live
from webapp.app import App


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> live.Hub:
    """One that listens to no database."""
    quiet = live.Hub()
    quiet._thread = threading.current_thread()
    monkeypatch.setattr(live, "hub", quiet)
    return quiet


@pytest.fixture
def page(hub: live.Hub, actor: Callable[[str], Actor]) -> Iterator[str]:
    stream = live._tell(actor("van-thu"))
    assert next(stream) == "retry: 3000\n\n"
    return stream


def test_a_page_is_told_that_something_changed(hub: live.Hub, page: Iterator[str]) -> None:
    hub.tell({"topic": "documents", "document": "never told"})

    assert next(page) == 'event: changed\ndata: {"topic": "documents"}\n\n'


def test_a_page_that_falls_behind_is_let_go_and_connects_again(hub: live.Hub, page: Iterator[str]) -> None:
    for _ in range(live.WAITING + 1):
        hub.tell({"topic": "documents"})

    assert list(page) == []


def test_a_stream_ends_so_that_the_session_is_looked_at_again(
    hub: live.Hub, page: Iterator[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.tell({"topic": "documents"})
    monkeypatch.setattr(live.time, "monotonic", lambda: float("inf"))

    assert list(page) == []
    assert not hub.is_full(1)


def test_one_page_more_than_there_are_threads_for_works_without_a_stream(
    app: App, hub: live.Hub, signed_in: Callable[[str], Browser]
) -> None:
    app.config["LIVE_PAGES"] = 1
    hub.join()

    assert signed_in("van-thu").get("/events").status_code == 204
