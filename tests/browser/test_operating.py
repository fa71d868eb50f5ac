"""Operators in a real Chromium: a token moved on the drawing, a variable changed, an incident tried again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from directory.actors import Actor
from engine import queries
from kernel import db
from tests.browser.pages import Opened, address, opened
from tests.webapp import runs
from tests.webapp.conftest import app

Actors = Callable[[str], Actor]

__all__ = ["address", "app", "opened"]

# a page that is left breaks off its downloads; the test's server leaves their files to the collector
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
)


def press(page: Page, element: str) -> None:
    page.click(f".djs-element[data-element-id={element}] .djs-hit")


def test_a_token_is_moved_on_the_drawing(actor: Actors, opened: Opened) -> None:
    runs.publish(actor)
    run = runs.begin(actor)
    page = opened("chanh-van-phong", f"/instances/{run.id}")
    expect(page.locator(".djs-element.is-active")).to_have_attribute("data-element-id", "Task_plan")

    page.click("text=Chuyển bước")
    expect(page.locator("[data-diagram-state=ready]")).to_be_visible()
    press(page, "Task_plan")
    press(page, "Task_collect")
    expect(page.locator("[data-move-preview]")).to_contain_text("Thu lại việc “Task_plan”")
    expect(page.locator("[data-move-preview]")).to_contain_text("Mở việc “Task_collect”")
    page.fill("#o-reason", "Đã có kế hoạch.")
    page.click("[data-move-preview] [type=submit]")

    expect(page.locator(".mo-toast")).to_contain_text("Đã chuyển")
    expect(page.locator(".djs-element.is-active")).to_have_attribute("data-element-id", "Task_collect")
    assert runs.places_of(run.id) == ["Task_collect", "Task_collect"]


def test_places_are_chosen_with_the_keyboard_alone(actor: Actors, opened: Opened) -> None:
    runs.publish(actor)
    run = runs.begin(actor)
    page = opened("chanh-van-phong", f"/instances/{run.id}/move")
    expect(page.locator("[data-diagram-state=ready]")).to_be_visible()

    page.focus("[data-diagram-canvas]")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-diagram-where]")).to_have_text("Task_plan. Enter để chọn.")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")

    expect(page.locator("[name=cancel]")).to_be_checked()
    expect(page.locator("[name=start]").first).to_have_value("Service_send")
    expect(page.locator("[data-move-preview]")).to_contain_text("Máy bắt đầu làm “Gửi phiếu”.")


def test_a_variable_is_changed(actor: Actors, opened: Opened) -> None:
    runs.publish(actor)
    run = runs.begin(actor)
    page = opened("chu-tich", f"/instances/{run.id}/variables")

    page.click("a[aria-label='Đổi title']")
    expect(page.locator(".mo-before")).to_contain_text("Dự thảo quy chế")
    page.fill("#o-value", "Dự thảo lần hai")
    page.fill("#o-reason", "Đổi tên.")
    page.wait_for_load_state("networkidle")  # the keys are listened to
    page.keyboard.press("Control+Enter")

    expect(page.locator(".mo-toast")).to_contain_text("Đã ghi title.")
    with db.reading():
        assert queries.get_variables(run.id)["title"] == "Dự thảo lần hai"
    page.click("text=Lịch sử")
    expect(page.locator("del")).to_have_text("Dự thảo quy chế")
    expect(page.locator("ins")).to_have_text("Dự thảo lần hai")


def test_the_list_is_walked_with_the_keyboard(actor: Actors, opened: Opened) -> None:
    runs.publish(actor)
    begun = [runs.begin(actor, number) for number in (1, 2)]
    page = opened("chanh-van-phong", "/instances")
    page.wait_for_load_state("networkidle")  # its modules have started

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{page.url.partition('/instances')[0]}/instances/{begun[0].id}")
