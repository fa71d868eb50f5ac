"""Văn bản đến on the screen: received, registered, listed."""

import io
import zipfile
from collections.abc import Callable

import pytest

from directory.actors import Actor
from documents import queries
from documents.models import Document
from documents.queries import Filters
from kernel import clock, db
from tests.webapp.conftest import Browser
from tests.webapp_documents import samples
from tests.webapp_documents.conftest import task_of

Arrive = Callable[..., Document]
SignIn = Callable[[str], Browser]
Named = Callable[[str], Actor]

REGISTRATION: dict[str, object] = {
    "registration.number": "05/2016",
    "registration.symbol": "QĐ-UBND",
    "registration.kind": "QĐ",
    "registration.issued_date": "07/03/2016",
    "registration.organ_name": "Ủy ban nhân dân tỉnh Sơn La",
    "registration.subject": "Ban hành Quy chế quản lý, vận hành phần mềm quản lý văn bản",
    "registration.urgency": "0",
    "registration.channel": "email",
    "registration.article7_declared": "true",
    "outcome": "register",
}


def receive(browser: Browser, *files: tuple[str, bytes], **values: str) -> "object":
    browser.get("/incoming/receive")
    sent = [(io.BytesIO(data), name) for name, data in files]
    return browser.post("/incoming/receive", {"channel": "email", "files": sent, **values})


def arrived(actor: Actor) -> list[Document]:
    with db.reading():
        return list(queries.list_documents(actor, "incoming", filters=Filters(state="ARRIVED")).rows)


def test_each_file_becomes_an_arrival_and_the_first_is_opened(office: object, signed_in: SignIn, actor: Named) -> None:
    clerk = signed_in("van-thu")

    answer = receive(clerk, ("a.pdf", samples.pdf_of(samples.DECISION)), ("b.pdf", samples.pdf_of(samples.LETTER)))

    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert answer.location.startswith("/tasks/")  # type: ignore[attr-defined]
    assert len(arrived(actor("van-thu"))) == 2


def test_files_may_be_one_document_together(office: object, signed_in: SignIn, actor: Named) -> None:
    receive(
        signed_in("van-thu"),
        ("a.pdf", samples.pdf_of(samples.DECISION)),
        ("phu-luc.pdf", samples.pdf_of(samples.LETTER)),
        together="1",
    )

    (document,) = arrived(actor("van-thu"))
    with db.reading():
        roles = [file.role for file in queries.list_files(document, actor("van-thu"))]
    assert roles == ["original", "attachment"]


def test_a_refused_file_is_named_and_hinders_no_other(office: object, signed_in: SignIn, actor: Named) -> None:
    answer = receive(signed_in("van-thu"), ("tool.exe", b"MZ"), ("a.pdf", samples.pdf_of(samples.DECISION)))

    assert "1 tệp không nhận được" in answer.text  # type: ignore[attr-defined]
    assert "tool.exe" in answer.text  # type: ignore[attr-defined]
    assert len(arrived(actor("van-thu"))) == 1


def test_a_secret_document_is_refused_with_the_rule(office: object, signed_in: SignIn, actor: Named) -> None:
    answer = receive(signed_in("van-thu"), ("mat.pdf", samples.pdf_of("TUYỆT MẬT\n" + samples.DECISION)))

    assert "Điều 7 khoản 1" in answer.text  # type: ignore[attr-defined]
    assert arrived(actor("van-thu")) == []


def test_only_the_clerk_receives(office: object, signed_in: SignIn) -> None:
    assert signed_in("cv-tp").get("/incoming/receive").status_code == 403


def test_the_register_page_shows_what_was_read_from_the_file(arrive: Arrive, signed_in: SignIn, actor: Named) -> None:
    document = arrive()
    with db.reading():
        task_id = task_of(document.id, actor("van-thu"))

    page = signed_in("van-thu").get(f"/tasks/{task_id}").text

    assert 'value="05/2016"' in page
    assert 'value="QĐ-UBND"' in page
    assert 'value="07/03/2016"' in page
    assert "Ban hành Quy chế quản lý, vận hành phần mềm quản lý văn bản</textarea>" in page
    assert "đọc từ tệp" in page


def test_registering_gives_a_number_and_leads_to_the_next_arrival(
    arrive: Arrive, signed_in: SignIn, actor: Named
) -> None:
    first, second = arrive(), arrive(samples.LETTER, "cong-van.pdf")
    with db.reading():
        tasks = [task_of(document.id, actor("van-thu")) for document in (first, second)]
    clerk = signed_in("van-thu")
    page = clerk.get(f"/tasks/{tasks[0]}").text

    answer = clerk.post(f"/tasks/{tasks[0]}/complete", {**REGISTRATION, "next": f"/tasks/{tasks[1]}"})

    assert f'name="next" value="/tasks/{tasks[1]}"' in page
    assert answer.status_code == 302, answer.text[answer.text.find("mo-summary") :][:1500]
    assert answer.location == f"/tasks/{tasks[1]}"
    with db.reading():
        registered = queries.get_document(first.id, actor("van-thu"))
        assert (registered.arrival_number, registered.number_symbol) == (1, "05/2016/QĐ-UBND")
        assert registered.arrival_date == clock.today()


def test_a_document_that_is_in_the_book_already_is_told_at_once(
    arrive: Arrive, signed_in: SignIn, actor: Named
) -> None:
    first = arrive()
    with db.reading():
        task_id = task_of(first.id, actor("van-thu"))
    clerk = signed_in("van-thu")
    clerk.get(f"/tasks/{task_id}")
    clerk.post(f"/tasks/{task_id}/complete", REGISTRATION)
    again = arrive(samples.DECISION + "\nbản quét", "quet.pdf", "postal")

    with db.reading():
        task_id = task_of(again.id, actor("van-thu"))
    page = clerk.get(f"/tasks/{task_id}")
    asked = clerk.get(
        f"/incoming/{again.id}/duplicates",
        query_string={key: value for key, value in REGISTRATION.items() if key.startswith("registration.")},
    )

    assert "Văn bản này đã có trong sổ: số đến 1" in page.text
    assert "Văn bản này đã có trong sổ: số đến 1" in asked.text


def test_only_the_records_office_asks_what_is_in_the_book(arrive: Arrive, signed_in: SignIn) -> None:
    document = arrive()

    assert signed_in("chu-tich").get(f"/incoming/{document.id}/duplicates").status_code == 403


@pytest.mark.parametrize("words", ["quy che", "QUY CHẾ", "05/2016", "son la"])
def test_the_list_is_searched_without_diacritics(words: str, arrive: Arrive, signed_in: SignIn, actor: Named) -> None:
    document = arrive()
    with db.reading():
        task_id = task_of(document.id, actor("van-thu"))
    clerk = signed_in("van-thu")
    clerk.get(f"/tasks/{task_id}")
    clerk.post(f"/tasks/{task_id}/complete", REGISTRATION)

    page = clerk.get("/incoming", query_string={"q": words}).text

    assert f"/documents/{document.id}" in page


def test_a_tab_counts_exactly_what_its_list_shows(arrive: Arrive, signed_in: SignIn) -> None:
    for number in range(3):
        arrive(samples.DECISION + f"\nbản {number}")

    page = signed_in("van-thu").get("/incoming?tab=cho-vao-so").text

    assert "Chờ vào sổ<span>3</span>" in page
    assert page.count('href="/documents/') == 3


def test_an_empty_list_says_what_to_do(office: object, signed_in: SignIn) -> None:
    clerk = signed_in("van-thu")

    assert "Không có văn bản đến nào ở nhóm này" in clerk.get("/incoming").text
    assert "Không có văn bản nào khớp" in clerk.get("/incoming?q=khong+co").text


def test_the_list_is_exported_as_a_workbook(arrive: Arrive, signed_in: SignIn) -> None:
    arrive()

    answer = signed_in("van-thu").get("/incoming/export.xlsx?tab=tat-ca")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="van-ban-den.xlsx"'
    strings = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/sharedStrings.xml").decode()
    assert "Mới đến, chờ vào sổ" in strings
