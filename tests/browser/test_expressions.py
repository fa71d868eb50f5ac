"""Expressions in a real Chromium: written with completion, mended by a suggestion, tried; and why a way was taken."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from directory.actors import Actor
from engine import queries
from kernel import db
from tests.browser.pages import Opened, address, opened
from tests.browser.people import PHONE, Complaints
from tests.browser.test_accessibility import AXE, CHECK, RULES
from tests.webapp import forks
from tests.webapp.conftest import app

Actors = Callable[[str], Actor]

__all__ = ["address", "app", "opened"]

# a page that is left breaks off its downloads; the test's server leaves their files to the collector
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
)

ASKED = "**/processes/expressions/check"


def condition_of(page: Page, flow: str = "Flow_long") -> Locator:
    """The field of a flow's condition, when the flow is chosen and its names are known."""
    expect(page.locator("[data-studio-state=ready]")).to_be_visible()
    page.locator(f".djs-element[data-element-id={flow}] .djs-hit").first.dispatch_event("click")
    page.evaluate(
        """(id) => {
            const { modeler } = document.querySelector("[data-studio]");
            modeler.get("selection").select(modeler.get("elementRegistry").get(id));
        }""",
        flow,
    )
    field = page.locator("[data-studio-panel] [data-field=condition]")
    with page.expect_response("**/processes/expressions/variables"):
        field.click()
    return field


def options(page: Page) -> Locator:
    return page.locator(".mo-feel-box:popover-open [role=option]")


def open_editor(actor: Actors, opened: Opened) -> Page:
    forks.publish(actor)
    return opened("phan-tich", f"/processes/{forks.KEY}/edit")


def published_condition(actor: Actors) -> str:
    with db.reading():
        newest = queries.find_latest_definition(actor("phan-tich").organization_id, forks.KEY)
        assert newest is not None
        text = queries.get_diagram(newest.id).decode()
    return text.partition("<bpmn:conditionExpression")[2].partition(">")[2].partition("<")[0]


def test_a_condition_is_completed_mended_tried_and_published(actor: Actors, opened: Opened) -> None:
    page = open_editor(actor, opened)
    field = condition_of(page)

    field.fill("")
    field.press("Control+Space")
    expect(options(page).filter(has_text="Số trang")).to_be_visible()
    field.press_sequentially("pag")
    expect(options(page)).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("pages")
    field.press_sequentially(" > 30 and urgant ")
    expect(page.locator(".mo-feel-ink .is-wrong")).to_have_text("urgant")
    page.get_by_role("button", name="Có phải “urgent”?").click()
    expect(field).to_have_value("pages > 30 and urgent ")
    expect(page.locator(".mo-feel-ink .is-wrong")).to_have_count(0)

    page.get_by_role("button", name="Thử", exact=True).click()
    page.get_by_label("pages", exact=True).fill("40")
    page.get_by_label("urgent", exact=True).select_option("đúng")
    expect(page.locator(".mo-feel-result")).to_contain_text("Kết quả: true")

    page.click("[data-studio-do=ask]")
    page.click("dialog button[type=submit]")
    expect(page.locator(".mo-toast")).to_contain_text("Đã công bố bản 2")
    assert published_condition(actor) == "pages &gt; 30 and urgent"


def test_a_syntax_error_is_shown_where_it_is(actor: Actors, opened: Opened) -> None:
    field = condition_of(page := open_editor(actor, opened))

    field.fill("pages > and urgent")

    expect(page.locator(".mo-feel-ink .is-wrong.is-error")).to_be_visible()
    expect(page.locator(".mo-feel-fault.mo-err")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")


def test_a_silent_server_loses_nothing(actor: Actors, opened: Opened, complaints: Complaints) -> None:
    field = condition_of(page := open_editor(actor, opened))
    page.route(ASKED, lambda route: route.abort())

    with complaints.expecting("ERR_FAILED"):
        field.fill("pages > 99")
        expect(page.locator(".mo-feel-silent")).to_contain_text("Máy chủ không trả lời")
    expect(field).to_have_value("pages > 99")
    page.unroute(ASKED)
    field.press_sequentially("9")
    expect(page.locator(".mo-feel-silent")).to_have_count(0)


def test_a_written_expression_is_one_step_to_take_back(actor: Actors, opened: Opened) -> None:
    field = condition_of(page := open_editor(actor, opened))

    field.fill("pages > 5")
    field.press("Escape")
    field.press("Tab")
    page.click("[data-studio-do=undo]")
    expect(field).to_have_value("pages > 30 and urgent")
    page.click("[data-studio-do=redo]")

    expect(field).to_have_value("pages > 5")


def test_samples_stay_with_the_diagram(actor: Actors, opened: Opened) -> None:
    condition_of(page := open_editor(actor, opened))
    page.get_by_role("button", name="Thử", exact=True).click()
    page.get_by_label("pages", exact=True).fill("7")
    expect(page.locator(".mo-feel-result")).to_contain_text("false")

    page.reload()
    condition_of(page)
    page.get_by_role("button", name="Thử", exact=True).click()

    expect(page.get_by_label("pages", exact=True)).to_have_value("7")


def test_a_manager_asks_why_an_instance_went_so(actor: Actors, opened: Opened) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=40, urgent=False)
    page = opened("chanh-van-phong", f"/instances/{run.id}")
    expect(page.locator("[data-diagram-state=ready]")).to_be_visible()

    page.click(".djs-element[data-element-id=Gateway_length] .djs-hit")

    expect(page.locator(".mo-why .is-taken")).to_contain_text("Hồ sơ mỏng")
    refused = page.locator(".mo-why li").filter(has_text="Hồ sơ dày").first
    expect(refused).to_contain_text("Không đi")
    expect(refused.locator(".mo-why-value").first).to_have_text("false")


def test_the_reason_is_reached_from_history_on_a_telephone(actor: Actors, opened: Opened) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=40, urgent=True)
    page = opened("chanh-van-phong", f"/instances/{run.id}/history", PHONE)

    page.get_by_role("link", name="vì sao rẽ hướng này").first.click()

    expect(page.locator(".mo-why .is-taken")).to_contain_text("Hồ sơ dày")
    page.wait_for_load_state()  # with its styles
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_parts_of_an_expression_tell_their_values(actor: Actors, opened: Opened) -> None:
    condition_of(page := open_editor(actor, opened))
    page.get_by_role("button", name="Thử", exact=True).click()
    page.get_by_label("pages", exact=True).fill("40")

    page.get_by_text("Từng phần").click()

    part = page.locator(".mo-feel-steps li").filter(has_text="pages > 30")
    expect(part.filter(has_not_text="and").first).to_contain_text("true")


def test_the_parts_of_a_condition_tell_what_they_were(actor: Actors, opened: Opened) -> None:
    forks.publish(actor)
    run = forks.begin(actor, pages=40, urgent=False)

    page = opened("chanh-van-phong", f"/instances/{run.id}/why/Gateway_length")

    expect(page.locator(".mo-why ul > li").filter(has_text="pages > 30").first).to_contain_text("true")


def test_what_is_new_keeps_nobody_out(actor: Actors, opened: Opened) -> None:
    field = condition_of(page := open_editor(actor, opened))
    page.get_by_role("button", name="Thử", exact=True).click()
    field.fill("pages > urgant and ")
    expect(page.locator(".mo-feel-faults > *")).not_to_have_count(0)
    field.press("Control+Space")
    expect(options(page)).not_to_have_count(0)
    run = forks.begin(actor, pages=40, urgent=True)
    why = opened("chanh-van-phong", f"/instances/{run.id}/why/Gateway_length")
    functions = opened("phan-tich", "/processes/functions")

    assert [wrong for one in (page, why, functions) for look in ("light", "dark") for wrong in wrongs(one, look)] == []


def wrongs(page: Page, look: str) -> list[str]:
    """What axe-core finds in this light."""
    page.locator("html").evaluate(
        """(root, look) => {
            root.dataset.bsTheme = look;
            for (const moving of document.getAnimations()) moving.finish();
        }""",
        look,
    )
    page.evaluate(AXE)
    found = page.evaluate(CHECK, RULES)
    return [f"{look} {page.url}: {one['id']}: {node}" for one in found for node in one["nodes"][:3]]


def test_functions_are_found_without_signs(actor: Actors, opened: Opened) -> None:
    page = opened("phan-tich", "/processes/functions")

    page.get_by_role("searchbox", name="Tên hàm hoặc việc cần làm").fill("ngay lam viec")
    page.keyboard.press("Enter")

    expect(page.locator(".mo-functions th#working_days")).to_be_visible()
    expect(page.locator(".mo-functions th").filter(has_text="count(")).to_have_count(0)
