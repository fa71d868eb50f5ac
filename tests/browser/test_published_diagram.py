"""An analyst changes a shipped process on the drawing board: the next document follows, what runs stays where it is."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Complaints, People, Person
from tests.journeys.story import at

FOUNDED = at(4, 5, 8)
OUTGOING, INCOMING = "Soạn thảo, ký, ban hành văn bản đi", "Xử lý văn bản đến"
FIRST, SECOND = "Mời họp triển khai phần mềm", "Mời tập huấn sử dụng phần mềm"
PANEL = "[data-studio-panel]"


@pytest.fixture
def analyst(people: People) -> Person:
    return people("phan-tich")


def test_the_next_document_follows_the_published_diagram(people: People, analyst: Person) -> None:
    draft(people("cv-vhtt"), FIRST)

    open_board(analyst, OUTGOING)
    insert_step(analyst, "Thẩm định", behind="Task_draft", before="Service_describe_draft")
    offer_step(analyst, group="Phòng Tư pháp", form="phoi-hop")
    analyst.picture("01-them-buoc")
    publish(analyst, 3)
    analyst.picture("02-da-cong-bo")
    draft(people("cv-vhtt"), SECOND)

    assert_running(analyst, newest=1, before=1)
    assert_first_skips_the_new_step(people)
    assert_second_takes_the_new_step(people)


def test_a_diagram_that_cannot_run_is_refused_and_nothing_is_lost(analyst: Person, complaints: Complaints) -> None:
    open_board(analyst, INCOMING)
    choose(analyst.page, "Task_present")
    fill(analyst, "name", "Trình lãnh đạo văn phòng")
    fill(analyst, "deadline.within", "=working_days(")

    with complaints.expecting("422"):
        analyst.press("Công bố")
        analyst.page.get_by_role("dialog").get_by_role("button", name="Công bố bản 3").click()
        problem = analyst.page.locator("[data-studio-problems] li").filter(has_text="Trình lãnh đạo văn phòng")
        expect(problem).to_contain_text("Phải sửa")
        expect_board(analyst)
    analyst.picture("03-bi-tu-choi")
    expect(shape(analyst.page, "Task_present")).to_contain_text("Trình lãnh đạo")
    problem.get_by_role("button").click()
    expect(analyst.page.locator(PANEL)).to_contain_text("Trình lãnh đạo văn phòng")
    fill(analyst, "deadline.within", "=working_days(1)")
    publish(analyst, 3)


# ----------------------------------------------------------------------------------------------------- on the board
def open_board(analyst: Person, process: str) -> None:
    analyst.open("/tasks")
    analyst.go("Quy trình")
    analyst.page.get_by_role("link", name=process).click()
    analyst.page.get_by_role("link", name="Sửa", exact=True).click()
    expect_board(analyst)


def expect_board(analyst: Person) -> None:
    expect(analyst.page.locator("[data-studio-state=ready]")).to_be_visible()


def insert_step(analyst: Person, name: str, *, behind: str, before: str) -> None:
    """A new task set down on a flow takes its place on the way."""
    page = analyst.page
    x, y = (sum(ends) / 2 for ends in zip(middle(page, behind), middle(page, before), strict=True))
    page.locator(".djs-palette [data-action='create.task']").click()
    page.mouse.move(x, y, steps=8)
    page.mouse.click(x, y)
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.locator(".djs-context-pad [data-action=replace]").click()
    page.get_by_text("Việc của người", exact=True).click()


def offer_step(analyst: Person, *, group: str, form: str) -> None:
    panel = analyst.page.locator(PANEL)
    panel.get_by_label("Thêm vào: Nhóm được nhận").select_option(label=group)
    panel.locator("[data-field='camunda:formKey']").select_option(value=form)


def publish(analyst: Person, version: int) -> None:
    analyst.press("Công bố")
    analyst.page.get_by_role("dialog").get_by_role("button", name=f"Công bố bản {version}").click()
    analyst.hears(f"Đã công bố bản {version}.")


def fill(analyst: Person, field: str, text: str) -> None:
    analyst.page.fill(f"{PANEL} [data-field='{field}']", text)
    analyst.page.keyboard.press("Tab")


def choose(page: Page, identifier: str) -> None:
    page.mouse.click(*middle(page, identifier))


def shape(page: Page, identifier: str) -> Locator:
    return page.locator(f"[data-studio-canvas] .djs-element[data-element-id={identifier}] .djs-visual").first


def middle(page: Page, identifier: str) -> tuple[float, float]:
    box = shape(page, identifier).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# -------------------------------------------------------------------------------------------------- what documents do
def draft(drafter: Person, subject: str) -> None:
    """Writes a letter and sends it on its way."""
    drafter.open("/tasks")
    drafter.go("Văn bản đi")
    drafter.page.get_by_role("link", name="Soạn văn bản").first.click()
    drafter.choose("Tên loại", "Công văn")
    drafter.type("Trích yếu nội dung", subject)
    drafter.press("Mở dự thảo")
    drafter.hears("Đã mở dự thảo.")
    drafter.type("Kính gửi", "Phòng Tư pháp")
    drafter.type("Nội dung", "Ủy ban nhân dân huyện mời dự họp lúc 8 giờ ngày 10/5/2016 tại hội trường tầng 2.")
    drafter.choose("Người ký", "Lò Văn Thắng")
    drafter.type("Nơi nhận", "Như trên")
    drafter.send("Trình duyệt", "Đã gửi.")


def assert_running(analyst: Person, *, newest: int, before: int) -> None:
    analyst.page.reload()
    rows = analyst.page.get_by_role("region", name="Bảng các bản").locator("tbody tr")
    expect(rows).to_have_count(3)  # the first is the one that is shipped
    for row, version, state, running in ((0, 3, "Đang dùng", newest), (1, 2, "Chạy nốt", before)):
        cells = rows.nth(row).locator("th, td")
        expect(cells.nth(0)).to_have_text(str(version))
        expect(cells.nth(1)).to_have_text(state)
        expect(cells.nth(3)).to_have_text(str(running))
    rows.first.scroll_into_view_if_needed()
    analyst.picture("04-hai-ban-cung-chay")


def assert_first_skips_the_new_step(people: People) -> None:
    head = people("tp-vhtt")
    head.open_task("Duyệt nội dung", FIRST)
    head.tick("Duyệt")
    head.send("Gửi kết quả", "Đã gửi.")
    layout = people("chanh-van-phong")
    layout.open("/tasks")
    expect(layout.row("Kiểm tra thể thức", FIRST)).to_be_visible()


def assert_second_takes_the_new_step(people: People) -> None:
    lawyer, head = people("tp-tp"), people("tp-vhtt")
    head.open("/tasks")
    expect(head.row("Duyệt nội dung", SECOND)).to_have_count(0)
    lawyer.open_task("Thẩm định", SECOND)
    lawyer.picture("05-viec-moi")
    lawyer.type("Ý kiến phối hợp", "Đủ căn cứ.")
    lawyer.send("Gửi kết quả", "Đã gửi.")
    head.open("/tasks")
    expect(head.row("Duyệt nội dung", SECOND)).to_be_visible()
