"""The demo agency's tables with real documents, over HTTP: who gets an arrival, by when, and who may sign a draft."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from demo import tables
from tests.journeys.story import at
from tests.person import Page, Person, Upload
from tests.product import Product, served

MORNING = at(27, 4, 8, 30)  # a Wednesday; the offices are closed from 30/4 to 3/5
TIME_LIMITS = "thoi-han-giai-quyet"
JUSTICE = b"<text>5</text>"  #: working days for matters of justice, rule 2


@pytest.fixture(scope="module")
def running() -> Iterator[Product]:
    with served(MORNING) as product:
        yield product


@pytest.fixture
def product(running: Product) -> Product:
    running.set_clock(MORNING)
    return running


# -------------------------------------------------------------------------------------------------- what people do
def registered(product: Product, *, kind: str = "CV", urgency: str = "Thường", field: str = "Tư pháp") -> str:
    """The clerk takes a document in and registers it; its subject."""
    clerk, mark = Person(product, "van-thu"), uuid.uuid4().hex[:8]
    clerk.open("/incoming/receive")
    clerk.submit("files", files=Upload(f"{mark}.txt", f"Về việc {mark}".encode()), channel="email")
    values: dict[str, Any] = {
        "registration.number": str(uuid.uuid4().int % 10**6 + 1),
        "registration.symbol": "STP-VP",
        "registration.issued_date": "26/04/2016",
        "registration.kind": kind,
        "registration.urgency": urgency,
        "registration.organ_name": "Sở Tư pháp",
        "registration.subject": f"Đề nghị {mark}",
        "registration.article7_declared": True,
        "linh_vuc": field,
    }
    assert clerk.fill("/complete", values, button="Vào sổ").status == 200, clerk.page.text
    return f"Đề nghị {mark}"


def at_task_of(product: Product, username: str, subject: str) -> Person:
    """This person before the task about the document."""
    person = Person(product, username)
    person.open("/tasks")
    person.follow(subject)
    return person


def proposed(product: Product, subject: str) -> tuple[str, str]:
    """The unit that the chief finds chosen and sends on; the date that the leader then finds filled in."""
    chief = at_task_of(product, "chanh-van-phong", subject)
    unit = chief.page.form("proposed_lead_unit").value_of("proposed_lead_unit")
    assert chief.submit("/complete").status == 200
    leader = at_task_of(product, "chu-tich", subject)
    return unit, leader.page.form("due_date").value_of("due_date")


def deploy(product: Product, name: str, data: bytes) -> None:
    """The analyst chooses the file, sees that nothing is left open, and deploys it."""
    analyst = Person(product, "phan-tich")
    analyst.open("/processes/deployments/new")
    checked = analyst.submit("files", files=Upload(name, data), button="Kiểm tra")
    assert "Dùng được" in checked.text, checked.text
    assert "Đã triển khai 1 bản mới" in analyst.submit("packed", button="Triển khai").text


def answers_of(product: Product, key: str, version: int) -> str:
    """What the page of answers lists for this version of the table."""
    return Person(product, "chanh-van-phong").open(f"/decisions/{key}/evaluations?version={version}").text


def asked_who_signs(product: Product, signer: str, kind: str, field: str) -> Page:
    """The chief of the office asks the table before a draft goes anywhere."""
    chief = Person(product, "chanh-van-phong")
    chief.open("/decisions/de-ky-van-ban/try")
    values = {"v.nguoi_ky": signer, "v.loai": kind, "v.linh_vuc": field, "v.ngay": "27/04/2016"}
    return chief.fill("v.nguoi_ky", values)


def drafted(product: Product, drafter: str, signer: str) -> tuple[Person, str]:
    """A draft that was sent to approval with this signer; who wrote it, and its subject."""
    person, subject = Person(product, drafter), f"Hướng dẫn {uuid.uuid4().hex[:8]}"
    person.open("/outgoing/new")
    person.submit("subject", kind="CV", subject=subject)
    values = {"addressees": "UBND các xã", "body": "Đề nghị thực hiện đúng quy định./.", "recipients": "Như trên"}
    assert person.fill("/complete", {**values, "signer": signer}).status == 200, person.page.text
    return person, subject


# ------------------------------------------------------------------------------------------------------- the arrivals
@pytest.mark.parametrize(
    ("kind", "urgency", "field", "expected"),
    [
        ("CV", "Thường", "Tư pháp", ("P-TP", "06/05/2016")),
        ("CV", "Thường", "Công nghệ thông tin", ("P-VHTT", "10/05/2016")),
        ("CV", "Hỏa tốc", "Tư pháp", ("VP", "27/04/2016")),
        ("GM", "Thường", "Tư pháp", ("VP", "28/04/2016")),
    ],
)
def test_kind_urgency_and_field_propose_the_unit_and_the_deadline(
    product: Product, kind: str, urgency: str, field: str, expected: tuple[str, str]
) -> None:
    assert proposed(product, registered(product, kind=kind, urgency=urgency, field=field)) == expected


def test_a_new_version_of_the_table_dates_the_next_document_and_not_the_one_before(product: Product) -> None:
    name = f"{TIME_LIMITS}.dmn"
    source = tables.rule_files()[name]
    earlier = registered(product)

    deploy(product, name, source.replace(JUSTICE, b"<text>3</text>"))
    later = registered(product)

    assert (proposed(product, earlier)[1], proposed(product, later)[1]) == ("06/05/2016", "04/05/2016")
    assert later not in answers_of(product, TIME_LIMITS, 1)
    assert earlier in answers_of(product, TIME_LIMITS, 1)
    assert later in answers_of(product, TIME_LIMITS, 2)
    deploy(product, name, source)


# ------------------------------------------------------------------------------------------------------ who may sign
@pytest.mark.parametrize(
    ("signer", "kind", "field", "words"),
    [
        ("chu-tich", "QĐ", "tu-phap", "TM. ỦY BAN NHÂN DÂN"),
        ("pho-chu-tich", "QĐ", "van-hoa-thong-tin", "KT. CHỦ TỊCH"),
        ("chanh-van-phong", "CV", "khac", "TL. CHỦ TỊCH"),
        ("tp-tp", "BC", "tu-phap", "TUQ. CHỦ TỊCH"),
        ("pho-chu-tich", "CV", "tu-phap", "Quy tắc 3: Phó Chủ tịch chỉ ký thay trong lĩnh vực được phân công"),
        ("tp-tp", "QĐ", "tu-phap", "Quy tắc 6: nghị quyết, quyết định, chỉ thị không giao ký"),
        ("cv-tp", "CV", "tu-phap", "Quy tắc 9: chức vụ này không có thẩm quyền ký"),
    ],
)
def test_kind_position_and_assignment_give_the_words_or_the_rule_that_refuses(
    product: Product, signer: str, kind: str, field: str, words: str
) -> None:
    page = asked_who_signs(product, signer, kind, field)

    assert words in page.tree.xpath("//p[@class='mo-answer']")[0].text_content()


def test_a_draft_for_a_deputy_without_the_field_comes_back_with_the_rule(product: Product) -> None:
    drafter, subject = drafted(product, "cv-tp", "pho-chu-tich")

    drafter.open("/tasks")
    page = drafter.follow(subject)

    assert "Soạn dự thảo" in page.text
    assert "Quy tắc 3: Phó Chủ tịch chỉ ký thay trong lĩnh vực được phân công" in page.text
    assert subject not in Person(product, "tp-tp").open("/tasks").text


def test_a_draft_for_a_deputy_in_the_assigned_field_goes_to_approval(product: Product) -> None:
    _, subject = drafted(product, "cv-vhtt", "pho-chu-tich")

    assert subject in Person(product, "tp-vhtt").open("/tasks").text
