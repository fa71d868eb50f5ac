"""Pages of the application over a test's own database, each in a browser window of its own."""

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.serving import make_server

from demo.agency import PASSWORD
from tests.browser.people import DESK, Complaints
from webapp.app import App

Opened = Callable[..., Page]
QUIET_STREAM = "retry: 600000\n\n"


@pytest.fixture
def address(app: App) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = False  # type: ignore[attr-defined]  # the last answer comes before the database goes
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(chromium: Browser, address: str, complaints: Complaints) -> Iterator[Opened]:
    """`opened("phan-tich", "/processes")`: the page as this person sees it."""
    contexts = []

    def page_of(username: str, path: str, size: ViewportSize = DESK) -> Page:
        context = chromium.new_context(viewport=size, locale="vi-VN")
        contexts.append(context)
        # a live stream would hold the test's database
        context.route("**/events", lambda route: route.fulfill(content_type="text/event-stream", body=QUIET_STREAM))
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_load_state()
        complaints.listen(page, username)
        page.goto(f"{address}{path}")
        return page

    yield page_of
    for context in contexts:
        context.close()
