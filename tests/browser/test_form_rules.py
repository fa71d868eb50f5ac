"""A form in a real Chromium: what is computed and what is asked follows while people type."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.pages import Opened, address, opened
from tests.webapp.conftest import app
from tests.webapp.trips import TRIP, Started, field, started

__all__ = ["address", "app", "opened", "started"]

# a page that is left breaks off its downloads; the test's server leaves their files to the collector
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
)


def test_what_is_computed_and_asked_follows_while_people_type(started: Started, opened: Opened) -> None:
    lock = field("textfield", "car", "Xe", readonly="=days > 6")
    page = opened("van-thu", f"/tasks/{started(*TRIP, lock, most=9, rate=200).id}")
    days = page.locator("[name=days]")

    days.press_sequentially("2")
    expect(page.locator("#o-total")).to_have_text("400")
    expect(page.locator("[name=reason]")).to_have_count(0)

    days.fill("4")
    expect(page.locator("#o-total")).to_have_text("800")
    page.locator("[name=reason]").fill("Họp")
    page.locator("[name=who]").press_sequentially("Hoa")
    expect(page.locator("label[for=o-reason]")).to_contain_text("Lý do của Hoa")
    expect(page.locator("[name=who]")).to_be_focused()

    days.fill("7")
    expect(page.locator("[name=car]")).to_have_js_property("readOnly", True)
    expect(page.locator("[name=reason]")).to_have_value("Họp")
    expect(days).to_be_focused()
    expect(days).to_have_value("7")


def test_what_was_typed_before_the_script_came_counts(started: Started, opened: Opened) -> None:
    page = opened("van-thu", f"/tasks/{started(*TRIP, most=9, rate=200).id}")

    def type_first(script: Route) -> None:
        page.locator("[name=days]").fill("2")
        script.continue_()

    page.route("**/controllers/fields.js*", type_first)
    page.reload(wait_until="commit")

    expect(page.locator("#o-total")).to_have_text("400")
