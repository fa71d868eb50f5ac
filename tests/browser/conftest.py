"""What tests in a real Chromium stand on: the browser, the served product, people at screens of their own.

Playwright keeps an event loop set in its thread while it runs, and other tests of the same process run loops of their
own; therefore it lives as long as one module. A page may complain of nothing: errors on the console, refusals of the
Content-Security-Policy and requests that fail are gathered and fail the test that caused them.
"""

import datetime as dt
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.people import Complaints, People
from tests.product import Product, served

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HERE = Path(__file__).parent
PATIENCE = 30_000  #: milliseconds; generous, for a busy machine

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What everybody saw when a test failed."""
    report = yield
    if report.when == "call" and report.failed:
        here: People | None = getattr(item, "funcargs", {}).get("people")
        if here is not None:
            here.picture(f"hong-{item.name}")
    return report


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of MOC_CHROMIUM, else of the system."""
    executable = os.environ.get("MOC_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip("no Chromium on this machine")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*QUIET, *as_root])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def product(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Product]:
    """The served product with the demo agency, from the module's FOUNDED on, with its SETTINGS if it has any."""
    founded: dt.datetime = request.module.FOUNDED
    settings: dict[str, str] = getattr(request.module, "SETTINGS", {})
    with served(founded, **settings) as running:
        yield running


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    gathered = Complaints()
    yield gathered
    assert gathered.said == []


@pytest.fixture
def people(
    chromium: Browser, product: Product, complaints: Complaints, request: pytest.FixtureRequest
) -> Iterator[People]:
    """`people("van-thu")`: this person, signed in, at a screen of their own."""
    album = request.path.stem.removeprefix("test_")
    here = People(chromium, product.address, complaints, album=album)
    yield here
    here.leave()
