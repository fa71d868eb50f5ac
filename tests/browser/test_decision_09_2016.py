"""From Tờ trình 41/TTr-VP to Quyết định 09/2016/QĐ-UBND on the screens of eight people, in April and May 2016."""

import re

from playwright.sync_api import Locator, expect

from demo.accounts import PIN
from tests.browser import steps
from tests.browser.people import Complaints, People, Person
from tests.journeys.story import at, own_wording
from tests.product import Product

FOUNDED = at(1, 4, 8)
CASE_FILE = "Ban hành Quy chế quản lý, sử dụng phần mềm"


def test_a_proposal_becomes_a_decision_in_the_book(product: Product, people: People, complaints: Complaints) -> None:
    prepare_book(product, people)
    arrive(product, people, complaints)
    direct(product, people)
    divide(product, people)
    draft(product, people)
    approve(product, people)
    approve_again(product, people)
    sign_and_number(product, people)
    issue_and_file(product, people)
    look_back(people)


def prepare_book(product: Product, people: People) -> None:
    """26/4: eight decisions of this year stand on paper already."""
    product.set_clock(at(26, 4, 8))
    stranger = people.stranger()
    stranger.open("/sign-in")
    stranger.picture("01-dang-nhap")
    clerk = people("van-thu")
    clerk.picture("02-het-viec")
    clerk.go("Sổ văn bản")
    clerk.picture("03-chua-co-so")
    clerk.choose("Sổ đăng ký", "Quyết định quy phạm pháp luật")
    clerk.press("Mở sổ")
    clerk.hears("Đã mở")
    clerk.press("Đặt số bắt đầu")
    clerk.type("Số cuối cùng đã cấp trên sổ giấy", "8")
    clerk.type("Lý do", "Số đã cấp trên sổ giấy đầu năm 2016")
    clerk.picture("04-dat-so-bat-dau")
    clerk.page.get_by_role("dialog").get_by_role("button", name="Đặt số bắt đầu").click()
    clerk.hears("Số tiếp theo của sổ là 9.")


def arrive(product: Product, people: People, complaints: Complaints) -> None:
    """27/4: the clerk drops the proposal on the desk and registers it; a gap in the form is named, nothing is lost."""
    product.set_clock(at(27, 4, 8, 30))
    clerk = people("van-thu")
    clerk.open("/tasks")
    steps.receive(clerk)
    clerk.picture("05-vao-so")
    clerk.picture_on_phone("05-vao-so", part="Vào sổ")
    with complaints.expecting("422"):
        clerk.press("Vào sổ")
        expect(clerk.page.get_by_role("alert").filter(has_text="Xác nhận văn bản không thuộc Điều 7.")).to_be_visible()
    clerk.picture("06-vao-so-con-thieu")
    steps.fill_registration(clerk)
    clerk.send("Vào sổ", "Đã vào sổ, số đến 1. Bây giờ do Chánh Văn phòng giữ.")
    clerk.go("Văn bản đến")
    clerk.sees("41/TTr-VP")
    clerk.picture("07-van-ban-den")


def direct(product: Product, people: People) -> None:
    """27 and 28/4: the office chief proposes, the leader directs."""
    product.set_clock(at(27, 4, 10))
    chief = people("chanh-van-phong")
    chief.picture("08-viec-cua-chanh-van-phong")
    steps.present(chief)
    product.set_clock(at(28, 4, 8))
    leader = people("chu-tich")
    leader.open_task("Cho ý kiến chỉ đạo", steps.ARRIVAL)
    steps.fill_direction(leader)
    leader.picture("09-chi-dao")
    leader.picture_on_phone("09-chi-dao", part="Xử lý")
    leader.send("Chuyển thực hiện", "Phòng Văn hóa - Thông tin")


def divide(product: Product, people: People) -> None:
    """28/4: the lead unit's head names a person, the supporting unit's head gives its opinion."""
    product.set_clock(at(28, 4, 9))
    steps.assign(people("tp-vhtt"), "Hoàng Thu Hà")
    product.set_clock(at(28, 4, 15))
    steps.support(people("tp-tp"))


def draft(product: Product, people: People) -> None:
    """29/4: the specialist answers with a decision and writes it."""
    product.set_clock(at(29, 4, 8))
    drafter = people("cv-vhtt")
    drafter.picture("10-viec-cua-chuyen-vien")
    steps.solve_by_reply(drafter)
    product.set_clock(at(29, 4, 10))
    drafter.open_task("Soạn dự thảo")
    drafter.picture("11-soan-du-thao-trong")
    steps.fill_draft(drafter, own_wording(), copies=8)
    drafter.press("Lưu dự thảo")
    drafter.hears("Đã lưu bản")
    drafter.picture("12-soan-du-thao")
    drafter.picture_on_phone("12-soan-du-thao", part="Soạn")
    drafter.send("Trình duyệt", "Phòng Văn hóa - Thông tin")


def approve(product: Product, people: People) -> None:
    """29/4 to 4/5: returned once, mended, approved; its layout is checked."""
    product.set_clock(at(29, 4, 14))
    head = people("tp-vhtt")
    steps.decide(head, "Duyệt nội dung", "Trả lại người soạn", "Sửa số bản: 80.")
    product.set_clock(at(4, 5, 8))
    drafter = people("cv-vhtt")
    drafter.open_task("Soạn dự thảo")
    drafter.sees("Sửa số bản: 80.")
    drafter.type("Số bản giấy", "80")
    drafter.picture("13-du-thao-bi-tra-lai")
    drafter.send("Trình duyệt", "Phòng Văn hóa - Thông tin")


def approve_again(product: Product, people: People) -> None:
    """4/5: approved, and its layout is checked."""
    product.set_clock(at(4, 5, 9))
    head = people("tp-vhtt")
    head.open_task("Duyệt nội dung")
    head.picture("14-duyet-noi-dung")
    steps.decide(head, "Duyệt nội dung", "Duyệt", "Đồng ý nội dung.")
    product.set_clock(at(4, 5, 15))
    steps.decide(people("chanh-van-phong"), "Kiểm tra thể thức", "Đúng thể thức", "Đúng thể thức.")


def sign_and_number(product: Product, people: People) -> None:
    """5/5: the leader sees where it stands and signs; the clerk numbers it."""
    product.set_clock(at(5, 5, 8))
    leader = people("chu-tich")
    leader.open("/tasks")
    leader.go("Chờ ký")
    leader.picture("15-cho-ky")
    leader.page.locator(".mo-sign-cards").get_by_role("link", name=steps.DECISION).click()
    leader.picture("16-ky-so")
    leader.picture_on_phone("16-ky-so")
    leader.picture_in_the_dark("16-ky-so")
    leader.page.get_by_role("link", name="Xem trên sơ đồ").click()
    assert_token_on(leader, "Task_sign", passed=["Task_draft", "Task_approve_content", "Task_check_layout"])
    leader.picture("17-so-do-cho-ky")
    leader.page.go_back()
    steps.sign(leader, PIN)
    product.set_clock(at(5, 5, 9))
    clerk = people("van-thu")
    clerk.open_task("Cấp số, ngày ban hành")
    clerk.type("Ngày ban hành", "05/05/2016")
    clerk.picture("18-cap-so")
    clerk.send("Cấp số", "Đã cấp số 09/2016/QĐ-UBND, đang đóng dấu cơ quan.")


def issue_and_file(product: Product, people: People) -> None:
    """5/5: sealed by the worker meanwhile; issued; the drafter files the decision, then the proposal."""
    product.set_clock(at(5, 5, 10))
    clerk = people("van-thu")
    clerk.wait_for_task("Phát hành")
    clerk.open_task("Phát hành")
    clerk.tick("Đã đối chiếu nơi nhận với bản đã ký")
    clerk.type("Số bản giấy", "80")
    clerk.picture("19-phat-hanh")
    clerk.send("Phát hành", "Hoàng Thu Hà")
    product.set_clock(at(5, 5, 14))
    drafter = people("cv-vhtt")
    drafter.open_task("Lập hồ sơ công việc", steps.DECISION[:40])
    drafter.type("Tiêu đề hồ sơ mới", CASE_FILE)
    drafter.picture("20-lap-ho-so")
    drafter.send("Lưu hồ sơ", "Hoàng Thu Hà")
    drafter.open_task("Lập hồ sơ công việc", steps.ARRIVAL[:40])
    drafter.field("Hồ sơ công việc").select_option(index=1)
    drafter.send("Lưu hồ sơ", "Đã gửi")


# ------------------------------------------------------------------------------------------------------ what must hold
def look_back(people: People) -> None:
    clerk, drafter = people("van-thu"), people("cv-vhtt")
    assert_in_the_books(clerk)
    assert_signed_sealed_and_sent(clerk)
    assert_diagram_is_walked(drafter)
    assert_in_one_case_file(drafter)


def assert_in_the_books(clerk: Person) -> None:
    clerk.go("Sổ văn bản")
    clerk.page.get_by_role("link", name="Quyết định quy phạm pháp luật").click()
    row = clerk.page.get_by_role("row").filter(has_text="09/2016/QĐ-UBND")
    expect(row).to_contain_text("05/05/2016")
    expect(row).to_contain_text(steps.DECISION)
    expect(row).to_contain_text("Sở Tư pháp")
    clerk.sees("Số cuối cùng đã cấp: 9.")
    clerk.picture("21-so-quyet-dinh")
    clerk.page.get_by_role("link", name="Văn bản đến", exact=False).locator("visible=true").last.click()
    expect(clerk.page.get_by_role("row").filter(has_text="41/TTr-VP")).to_contain_text("27/04/2016")
    clerk.picture("22-so-van-ban-den")


def assert_signed_sealed_and_sent(clerk: Person) -> None:
    clerk.go("Sổ văn bản")
    clerk.page.get_by_role("link", name="Quyết định quy phạm pháp luật").click()
    clerk.page.get_by_role("link", name="09/2016/QĐ-UBND").click()
    expect(clerk.page.locator(".mo-sigbar .mo-sig-ok")).to_have_text(["Hợp lệ", "Hợp lệ"])
    expect(clerk.page.locator(".mo-sigbar")).to_contain_text("Lò Văn Thắng")
    clerk.sees("Giá trị pháp lý")
    recipients = clerk.page.get_by_role("region", name="Nơi nhận").get_by_role("listitem")
    expect(recipients).to_have_count(7)
    expect(recipients.filter(has_text="Sở Tư pháp")).to_contain_text("Đã ghi chuyển")
    told = clerk.page.locator(".mo-time")
    for deed in ("Lò Văn Thắng", "ký số", "cấp số", "phát hành"):
        expect(told).to_contain_text(deed)
    clerk.picture("23-quyet-dinh")
    clerk.picture("23-quyet-dinh-ca-trang", whole=True)
    clerk.picture_in_the_dark("23-quyet-dinh")
    clerk.picture_on_phone("23-quyet-dinh")


def assert_diagram_is_walked(drafter: Person) -> None:
    drafter.open("/tasks")
    drafter.go("Văn bản đến")
    drafter.page.get_by_role("link", name=steps.ARRIVAL).first.click()
    drafter.sees("Được trả lời bằng")
    diagram = drafter.page.locator("[data-diagram]")
    expect(diagram).to_have_attribute("data-diagram-state", "ready")
    expect(diagram.locator(".djs-element.is-active")).to_have_count(0)
    for step in ("Task_register", "Task_direct", "Task_solve", "Call_reply", "Task_file"):
        expect(element(drafter, step)).to_have_class(re.compile("is-passed"))
    diagram.scroll_into_view_if_needed()
    drafter.picture("24-to-trinh-so-do")


def assert_in_one_case_file(drafter: Person) -> None:
    drafter.go("Hồ sơ công việc")
    drafter.page.get_by_role("link", name=CASE_FILE).click()
    rows = drafter.page.get_by_role("region", name="Mục lục văn bản").get_by_role("row")
    expect(rows.filter(has_text="09/2016/QĐ-UBND")).to_have_count(1)
    expect(rows.filter(has_text="41/TTr-VP")).to_have_count(1)
    drafter.picture("25-ho-so")


def assert_token_on(person: Person, step: str, *, passed: list[str]) -> None:
    """On the drawn diagram, and in the words below it."""
    expect(person.page.locator("[data-diagram]")).to_have_attribute("data-diagram-state", "ready")
    expect(element(person, step)).to_have_class(re.compile("is-active"))
    for before in passed:
        expect(element(person, before)).to_have_class(re.compile("is-passed"))
    expect(person.page.locator(".bjs-powered-by")).to_be_visible()
    person.page.locator("[data-diagram]").scroll_into_view_if_needed()


def element(person: Person, identifier: str) -> Locator:
    return person.page.locator(f"[data-diagram-canvas] .djs-element[data-element-id={identifier}]")
