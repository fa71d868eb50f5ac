"""The studio in a real Chromium: an analyst draws, saves, publishes; everybody sees where work stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from directory.actors import Actor
from engine import drafts, operations, queries
from kernel import db
from tests.browser.pages import Opened, address, opened
from tests.browser.people import PHONE, Complaints
from tests.studio.factories import make_diagram, publish
from tests.webapp.conftest import app

Actors = Callable[[str], Actor]
KEY = "lay-y-kien"

__all__ = ["address", "app", "opened"]

# a page that is left breaks off its downloads; the test's server leaves their files to the collector
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
)


def in_editor(opened: Opened, path: str = f"/processes/{KEY}/edit") -> Page:
    page = opened("phan-tich", path)
    expect(page.locator("[data-studio-state=ready]")).to_be_visible()
    return page


def element(page: Page, identifier: str) -> tuple[float, float]:
    """Where the middle of an element is on the screen; of a flow, the middle of its box."""
    box = page.locator(f".djs-element[data-element-id={identifier}] .djs-visual").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def choose(page: Page, identifier: str) -> None:
    page.mouse.click(*element(page, identifier))


def field(page: Page, name: str) -> str:
    return f"[data-studio-panel] [data-field='{name}']"


def saved(page: Page, actor: Actor) -> str:
    """Saves as Ctrl S does; the XML of the draft."""
    page.keyboard.press("Control+s")
    expect(page.locator("[data-studio-status]")).to_contain_text("Đã lưu nháp lúc")
    with db.reading():
        return drafts.get_draft(actor.organization_id, KEY).xml


def test_an_analyst_adds_a_step_and_publishes_version_two(actor: Actors, opened: Opened) -> None:
    publish(actor)
    page = in_editor(opened)

    choose(page, "Task_opinion")
    page.fill(field(page, "name"), "Góp ý bằng văn bản")
    page.keyboard.press("Tab")
    page.click(".djs-palette [data-action='create.task']")
    page.mouse.move(*element(page, "Flow_end"), steps=8)
    page.mouse.click(*element(page, "Flow_end"))
    page.keyboard.type("Tổng hợp ý kiến")
    page.keyboard.press("Enter")
    page.click(".djs-context-pad [data-action=replace]")
    page.click(".djs-popup [data-id=replace-with-user-task]")
    page.select_option("[data-studio-panel] select[aria-label='Thêm vào: Nhóm được nhận']", "chanh-van-phong")
    page.click("[data-studio-do=ask]")
    page.click("dialog button[type=submit]")

    expect(page.locator(".mo-toast")).to_contain_text("Đã công bố bản 2")
    expect(page.locator("tbody th").first).to_have_text("2")
    with db.reading():
        newest = queries.find_latest_definition(actor("phan-tich").organization_id, KEY)
        assert newest is not None
        diagram = queries.get_diagram(newest.id).decode()
    assert 'name="Góp ý bằng văn bản"' in diagram
    assert 'id="Task_tong_hop_y_kien" name="Tổng hợp ý kiến" camunda:candidateGroups="chanh-van-phong"' in diagram


def test_the_panel_writes_the_words_of_the_dialect(actor: Actors, opened: Opened) -> None:
    publish(actor)
    page = in_editor(opened)

    choose(page, "Task_opinion")
    page.select_option(field(page, "camunda:formKey"), "trinh")
    for name in ("Hạn xử lý", "Hành động được phép"):
        page.click(f"[data-studio-panel] summary:has-text('{name}')")
    page.fill(field(page, "deadline.within"), "=working_days(3)")
    page.fill(field(page, "deadline.remind"), "P1D")
    page.check(field(page, "action.return"))
    page.fill(field(page, "action.return.to"), "previous")
    xml = saved(page, actor("phan-tich"))

    assert 'camunda:formKey="trinh"' in xml
    assert '<moc:deadline within="=working_days(3)" remind="P1D"' in xml
    assert '<moc:action name="return" to="previous"' in xml


def test_the_keyboard_keeps_its_place_in_the_panel(actor: Actors, opened: Opened) -> None:
    publish(actor)
    page = in_editor(opened)

    choose(page, "Task_opinion")
    page.fill(field(page, "name"), "Góp ý lại")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    expect(page.locator(".mo-pp-head p")).to_have_text("Góp ý lại")
    expect(page.locator("[data-studio-panel] summary:focus")).to_have_text("Người thực hiện")


def test_a_step_taken_back_is_as_it_was(actor: Actors, opened: Opened) -> None:
    publish(actor)
    page = in_editor(opened)

    choose(page, "Task_opinion")
    page.fill(field(page, "camunda:assignee"), "=lead_person")
    page.keyboard.press("Tab")
    page.click("[data-studio-do=undo]")

    expect(page.locator(field(page, "camunda:assignee"))).to_have_value("")


def test_what_others_wrote_into_the_diagram_survives(actor: Actors, opened: Opened) -> None:
    foreign = '<bpmn:extensionElements><x:note xmlns:x="urn:x" weight="7"><x:line>Giữ nguyên</x:line></x:note>'
    theirs = make_diagram().replace(
        'camunda:candidateGroups="chuyen-vien"/>',
        f'camunda:candidateGroups="chuyen-vien" xmlns:o="http://operaton.org/schema/1.0/bpmn" o:priority="70">'
        f"{foreign}</bpmn:extensionElements></bpmn:userTask>",
    )
    publish(actor, theirs)
    page = in_editor(opened)

    choose(page, "Task_opinion")
    page.fill(field(page, "name"), "Đổi tên")
    page.keyboard.press("Tab")
    page.click("[data-studio-panel] summary:has-text('Hạn xử lý')")
    page.fill(field(page, "deadline.within"), "P2D")
    page.keyboard.press("Tab")
    xml = saved(page, actor("phan-tich"))

    assert "Giữ nguyên" in xml
    assert 'weight="7"' in xml
    assert 'priority="70"' in xml
    assert 'name="Đổi tên"' in xml
    assert '<moc:deadline within="P2D"' in xml


def test_a_refusal_leads_to_the_element(actor: Actors, opened: Opened, complaints: Complaints) -> None:
    publish(actor)
    with db.unit_of_work():
        broken = make_diagram(service="documents.no_such_service")
        drafts.save_draft(KEY, broken, seen_version=0, actor=actor("phan-tich"))
    page = in_editor(opened)

    page.click("[data-studio-do=ask]")
    with complaints.expecting("422"):
        page.click("dialog button[type=submit]")
        expect(page.locator("[data-studio-problems] li")).not_to_have_count(0)
    expect(page.locator("[data-studio-state=ready]")).to_be_visible()
    page.click("[data-studio-problems] button[data-element=Service_work]")

    expect(page.locator(".mo-pp-head")).to_contain_text("Việc của máy")
    expect(page.locator(".djs-element.is-refused")).to_have_count(1)


def test_the_drawing_shows_where_work_stands(actor: Actors, opened: Opened) -> None:
    publish(actor)
    with db.unit_of_work():
        for _ in range(3):
            operations.start_instance(KEY, {}, actor=actor("cv-vp"))

    page = opened("phan-tich", f"/processes/{KEY}")

    expect(page.locator("[data-diagram-state=ready]")).to_be_visible()
    expect(page.locator(".mo-bpm-count")).to_have_text("3")
    expect(page.locator(".djs-element.is-active")).to_have_attribute("data-element-id", "Task_opinion")
    expect(page.locator("[data-diagram-where]")).to_have_text("Đang ở: Góp ý (3). ")


@pytest.mark.parametrize("path", [f"/processes/{KEY}", f"/processes/{KEY}/edit"])
def test_the_mark_of_the_drawing_library_stays_visible(actor: Actors, opened: Opened, path: str) -> None:
    publish(actor)

    page = opened("phan-tich", path)

    expect(page.locator(".bjs-powered-by")).to_be_in_viewport()


def test_a_telephone_shows_the_drawing_and_not_the_editor(actor: Actors, opened: Opened) -> None:
    publish(actor)

    page = opened("phan-tich", f"/processes/{KEY}/edit", PHONE)
    expect(page.locator("h1:visible")).to_have_text("Khung vẽ cần màn hình lớn hơn")
    page.click("text=Xem sơ đồ")

    expect(page.locator("[data-diagram-state=ready]")).to_be_visible()
    expect(page.locator("[data-diagram-canvas] [data-element-id=Task_opinion]").first).to_be_visible()
