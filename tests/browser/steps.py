"""The steps of the two shipped processes as people do them on the screen; each leaves its page with what it heard."""

from documents.official_pdf import compose
from tests.browser.people import Person
from tests.journeys.story import DRAFT, REGISTRATION, Wording, proposal

ARRIVAL = str(REGISTRATION["subject"])
DECISION = str(DRAFT["subject"])


# ------------------------------------------------------------------------------------------------ văn bản đến
def receive(clerk: Person) -> None:
    """Drops the proposal on the desk; its registration opens."""
    clerk.go("Vào sổ")
    clerk.drop("41-TTr-VP.pdf", compose(proposal()).pdf)
    clerk.press("Tiếp nhận")
    clerk.hears("Đã nhận 1 văn bản, chờ vào sổ.")


def fill_registration(clerk: Person) -> None:
    """What could not be read from the file, or should be looked at."""
    clerk.type("Số", str(REGISTRATION["number"]))
    clerk.type("Ngày văn bản", f"{REGISTRATION['issued_date']:%d/%m/%Y}")
    clerk.type("Cơ quan ban hành", str(REGISTRATION["organ_name"]))
    clerk.choose("Độ khẩn", "Khẩn")
    clerk.choose("Hình thức nhận", "Trực tiếp")
    clerk.tick("Văn bản không thuộc loại không được đưa lên hệ thống")


def present(chief: Person) -> None:
    chief.open_task("Trình, đề xuất phân phối")
    chief.choose("Đề xuất đơn vị chủ trì", "Phòng Văn hóa - Thông tin")
    chief.type("Nội dung đề xuất", "Kính trình Chủ tịch giao Phòng Văn hóa - Thông tin chủ trì.")
    chief.send("Trình lãnh đạo", "Bây giờ do")


def fill_direction(leader: Person) -> None:
    """The lead unit stands there already, as proposed."""
    group = leader.page.get_by_role("group")
    group.filter(has_text="Đơn vị phối hợp").get_by_label("Phòng Tư pháp").check()
    group.filter(has_text="Đơn vị nhận để biết").get_by_label("Văn phòng HĐND và UBND").check()
    leader.type("Thời hạn giải quyết", "05/05/2016")
    leader.type("Ý kiến chỉ đạo", "Phòng Văn hóa - Thông tin chủ trì soạn Quyết định, trình trước ngày 05/5.")


def assign(head: Person, person: str) -> None:
    head.open_task("Phân công giải quyết")
    head.choose("Người giải quyết", person)
    head.type("Ý kiến phân công", "Đồng chí Hà soạn.")
    head.send("Giao việc", person)


def support(head: Person) -> None:
    head.open_task("Cho ý kiến phối hợp")
    head.type("Ý kiến phối hợp", "Đã góp ý về căn cứ pháp lý.")
    head.send("Gửi kết quả", "Đã gửi")


def solve_by_reply(specialist: Person) -> None:
    specialist.open_task("Giải quyết văn bản")
    specialist.tick("Soạn văn bản trả lời")
    specialist.type("Nội dung kết quả", "Soạn Quyết định ban hành Quy chế.")
    specialist.send("Gửi kết quả", "Đã gửi")


# ------------------------------------------------------------------------------------------------- văn bản đi
def fill_draft(drafter: Person, words: Wording, *, copies: int) -> None:
    drafter.choose("Tên loại", "Quyết định")
    drafter.type("Số bản giấy", str(copies))
    drafter.tick("Văn bản quy phạm pháp luật")
    drafter.type("Trích yếu nội dung", DECISION)
    drafter.type("Căn cứ", words.legal_bases)
    drafter.type("Nội dung", words.body)
    drafter.choose("Tên loại văn bản kèm theo", "Quy chế")
    drafter.type("Tên văn bản kèm theo", str(DRAFT["enclosed_title"]))
    drafter.type("Nội dung văn bản kèm theo", words.enclosed_body)
    drafter.choose("Người ký", "Lò Văn Thắng")
    drafter.type("Lưu", str(DRAFT["archive_note"]))
    drafter.type("Nơi nhận", words.recipients)


def decide(person: Person, step: str, verdict: str, opinion: str) -> None:
    """Approves or returns a draft, with the reason."""
    person.open_task(step, DECISION[:30])
    person.tick(verdict)
    person.type("Ý kiến", opinion)
    person.send("Gửi kết quả", "Đã gửi")


def sign(leader: Person, pin: str) -> None:
    leader.press("Ký số")
    leader.type("Mã PIN của chứng thư số", pin)
    leader.page.get_by_role("dialog").get_by_role("button", name="Ký số").click()
    leader.hears("Văn thư")
