"""The page of a document: what it tells, to whom; registers and case files."""

import io
import uuid
import zipfile
from collections.abc import Callable

from directory.actors import Actor
from documents import operations, queries
from documents.models import Document
from documents.queries import INCOMING_COLUMNS
from kernel import clock, db
from tests.webapp.conftest import Browser
from tests.webapp_documents.test_outgoing import registration, start

Arrive = Callable[..., Document]
Do = Callable[..., None]
SignIn = Callable[[str], Browser]
Named = Callable[[str], Actor]


def register(arrive: Arrive, do: Do) -> Document:
    document = arrive()
    do("van-thu", document, {"registration": registration(), "outcome": "register"})
    return document


def book_id(actor: Actor) -> uuid.UUID:
    with db.reading():
        return queries.list_books(actor)[0].id


def test_the_page_tells_what_was_written_decided_and_done(arrive: Arrive, do: Do, signed_in: SignIn) -> None:
    with clock.set_to(clock.local(clock.now()).replace(hour=9, minute=0)):  # before the office closes
        document = register(arrive, do)
        do("chanh-van-phong", document, {"proposed_lead_unit": "P-VHTT", "proposal": "Giao Phòng VHTT chủ trì."})
        values = {
            "lead_unit": "P-VHTT",
            "support_units": ["P-TP"],
            "inform_units": ["VP"],
            "opinion": "Chuyển thực hiện.",
        }
        do("chu-tich", document, {**values, "due_date": clock.today()})

        page = signed_in("chu-tich").get(f"/documents/{document.id}").text

    for told in (
        "Quyết định 05/2016/QĐ-UBND",
        "Ủy ban nhân dân tỉnh Sơn La",
        "Số đến 1",
        "Hôm nay, 17:00",
        "Giao Phòng VHTT chủ trì.",
        "Chuyển thực hiện.",
        "Phòng Văn hóa - Thông tin",
        "Phối hợp",
        f"/instances/{document.instance_id}/diagram",
        "Phân công giải quyết",
        "Để biết",
    ):
        assert told in page, told


def test_the_page_is_not_found_for_whom_it_does_not_concern(arrive: Arrive, signed_in: SignIn) -> None:
    document = arrive()

    assert signed_in("cv-tp").get(f"/documents/{document.id}").status_code == 404
    assert signed_in("quan-tri").get(f"/documents/{document.id}").status_code == 404


def test_two_documents_are_tied_by_the_number_people_know(
    arrive: Arrive, do: Do, signed_in: SignIn, actor: Named
) -> None:
    incoming, draft = register(arrive, do), start(actor("chanh-van-phong"))
    person = signed_in("chanh-van-phong")
    person.get(f"/documents/{draft.id}")

    answer = person.post(f"/documents/{draft.id}/relations", {"other": "số đến 1", "kind": "RELATES_TO"})
    unknown = person.post(f"/documents/{draft.id}/relations", {"other": "77/X-Y", "kind": "RELATES_TO"})

    assert answer.status_code == 302
    assert unknown.status_code == 422
    assert f"/documents/{incoming.id}" in person.get(f"/documents/{draft.id}").text


def test_the_register_has_the_ten_columns_of_the_law(arrive: Arrive, do: Do, signed_in: SignIn, actor: Named) -> None:
    register(arrive, do)

    page = signed_in("van-thu").get(f"/registers/{book_id(actor('van-thu'))}").text

    places = [page.index(f'<th scope="col">{column}</th>') for column in INCOMING_COLUMNS]
    assert len(places) == 10
    assert places == sorted(places)
    assert "Tổng số: 1 văn bản" in page
    assert "Không có số trống" in page
    assert "THỦ TRƯỞNG CƠ QUAN" in page


def test_a_month_without_documents_says_so(arrive: Arrive, do: Do, signed_in: SignIn, actor: Named) -> None:
    register(arrive, do)
    other = clock.today().month % 12 + 1

    page = signed_in("van-thu").get(f"/registers/{book_id(actor('van-thu'))}?thang={other}").text

    assert "Không có văn bản nào trong thời gian này" in page


def test_the_register_is_exported(arrive: Arrive, do: Do, signed_in: SignIn, actor: Named) -> None:
    register(arrive, do)

    answer = signed_in("van-thu").get(f"/registers/{book_id(actor('van-thu'))}/export.xlsx")

    strings = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/sharedStrings.xml").decode()
    assert "05/2016/QĐ-UBND" in strings
    assert "Ký nhận" in strings


def test_a_start_number_needs_a_reason_and_is_never_lowered(
    arrive: Arrive, do: Do, signed_in: SignIn, actor: Named
) -> None:
    register(arrive, do)
    address = f"/registers/{book_id(actor('van-thu'))}"
    clerk = signed_in("van-thu")
    clerk.get(address)

    bare = clerk.post(f"{address}/start", {"number": "120", "reason": ""})
    done = clerk.post(f"{address}/start", {"number": "120", "reason": "Đã cấp trên sổ giấy"})
    lower = clerk.post(f"{address}/start", {"number": "5", "reason": "Nhầm"})

    assert (bare.status_code, done.status_code, lower.status_code) == (422, 302, 422)
    assert "Ghi lý do." in bare.text
    assert "không đặt lùi lại được" in lower.text


def test_only_the_clerk_may_change_a_register_and_only_the_office_reads_it(
    arrive: Arrive, do: Do, signed_in: SignIn, actor: Named
) -> None:
    register(arrive, do)
    address = f"/registers/{book_id(actor('van-thu'))}"

    assert signed_in("cv-vhtt").get(address).status_code == 403
    leader = signed_in("chu-tich")
    assert "Đặt số bắt đầu" not in leader.get(address).text
    assert leader.post(f"{address}/start", {"number": "9", "reason": "Thử"}).status_code == 403


def test_a_case_file_is_opened_listed_and_closed(office: object, signed_in: SignIn, actor: Named) -> None:
    person = signed_in("cv-vhtt")
    person.get("/case-files/new")

    refused = person.post("/case-files", {"title": "", "file_catalog": "2026"})
    opened = person.post("/case-files", {"title": "Hồ sơ tập huấn", "maintenance": "Vĩnh viễn"})
    page = person.get(opened.location).text
    closed = person.post(f"{opened.location}/close", {})

    assert refused.status_code == 422
    assert "01.VHTT" in page
    assert "Vĩnh viễn" in page
    assert "Hồ sơ chưa có văn bản" in page
    assert closed.status_code == 302
    assert "Đã kết thúc" in person.get("/case-files?q=ho+so+tap+huan").text


def test_a_case_file_lists_its_documents(arrive: Arrive, do: Do, signed_in: SignIn, actor: Named) -> None:
    document = register(arrive, do)
    with db.unit_of_work() as session:
        session.get_one(Document, document.id).state = "COMPLETED"
    with db.unit_of_work():
        case_file = operations.file_document(document.id, title="Hồ sơ quy chế", actor=actor("van-thu"))
    clerk = signed_in("van-thu")

    page = clerk.get(f"/case-files/{case_file.id}").text
    exported = clerk.get(f"/case-files/{case_file.id}/export.xlsx")

    assert "05/2016/QĐ-UBND" in page
    assert "1 văn bản, 1 trang" in page
    assert b"PK" in exported.data[:4]
