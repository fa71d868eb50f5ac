"""What is sent wrong, too late or by the wrong person, over HTTP: refused with a reason, and nothing typed is lost."""

import contextlib
import datetime as dt
import http.client
import io
import threading
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from documents.intake import LIMIT
from tests.journeys.story import at
from tests.person import Page, Person, Upload
from tests.product import Product, served, until

MORNING = at(27, 4, 8, 30)
DIRECT = "Cho ý kiến chỉ đạo giải quyết"
OPINION = "Giao Phòng Văn hóa - Thông tin chủ trì,\nPhòng Tư pháp phối hợp."
DIRECTION: dict[str, Any] = {
    "lead_unit": "P-VHTT",
    "support_units": ["P-TP"],
    "due_date": "05/05/2016",
    "opinion": OPINION,
}


@pytest.fixture(scope="module")
def running() -> Iterator[Product]:
    with served(MORNING) as product:
        yield product


@pytest.fixture
def product(running: Product) -> Product:
    """In the morning of the 27th, whatever the test before did to the clock."""
    running.set_clock(MORNING)
    return running


def received(clerk: Person) -> str:
    """A text nobody has sent before, taken in; the address of the task that registers it."""
    name = f"{uuid.uuid4().hex[:8]}.txt"
    clerk.open("/incoming/receive")
    clerk.submit("files", files=Upload(name, f"Về việc {name}".encode()), channel="email")
    assert name in clerk.page.text
    return clerk.page.path


def presented(product: Product) -> str:
    """A document on the leaders' desk; the address of the task that directs it."""
    clerk, chief = Person(product, "van-thu"), Person(product, "chanh-van-phong")
    clerk.open(received(clerk))
    number = str(uuid.uuid4().int % 10**6 + 1)
    registration: dict[str, Any] = {
        "registration.number": number,
        "registration.symbol": "TTr-VP",
        "registration.issued_date": "27/04/2016",
        "registration.kind": "TTr",
        "registration.organ_name": "Văn phòng HĐND và UBND huyện Mộc Châu",
        "registration.subject": f"Đề nghị số {number}",
        "registration.article7_declared": True,
    }
    assert clerk.fill("/complete", registration, button="Vào sổ").status == 200
    chief.open("/tasks")
    chief.follow(f"Đề nghị số {number}")
    assert chief.submit("/complete", proposed_lead_unit="P-VHTT").status == 200
    leader = Person(product, "chu-tich")
    leader.open("/tasks")
    return leader.page.link(f"Đề nghị số {number}")


def complete_raw(person: Person, task: str, values: dict[str, str]) -> Page:
    """Sends a task's form without having been shown one, as somebody with a tool does."""
    person.open("/tasks")
    token = person.page.form("csrf_token").value_of("csrf_token")
    body = urlencode({"csrf_token": token, **values}).encode()
    return person.post(f"{task}/complete", body, "application/x-www-form-urlencoded")


# ---------------------------------------------------------------------------------------------------------- too late
def test_of_two_leaders_at_the_same_time_one_directs_and_the_other_learns_who_and_when(product: Product) -> None:
    task = presented(product)
    people = [Person(product, "chu-tich"), Person(product, "pho-chu-tich")]
    for person in people:
        person.open(task)
    start = threading.Barrier(2)

    def send(person: Person) -> None:
        start.wait()
        person.submit("/complete", **DIRECTION)

    threads = [threading.Thread(target=send, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner, loser = sorted(people, key=lambda person: person.page.status)
    assert (winner.page.status, loser.page.status) == (200, 409)
    assert {"chu-tich": "Lò Văn Thắng", "pho-chu-tich": "Hà Thị Mai"}[winner.username] in loser.page.text
    assert "27/04/2016" in loser.page.text
    assert "Phòng Tư pháp phối hợp." in loser.page.text


def test_what_came_too_late_goes_on_as_an_opinion(product: Product) -> None:
    task = presented(product)
    first, second = Person(product, "chu-tich"), Person(product, "pho-chu-tich")
    second.open(task)
    first.open(task)
    first.submit("/complete", **DIRECTION)

    late = second.submit("/complete", **{**DIRECTION, "opinion": "Xin ý kiến Sở Tư pháp trước."})
    assert late.status == 409
    said = second.submit("/comment", button="Gửi phần của tôi thành ý kiến")

    assert said.status == 200
    assert "Xin ý kiến Sở Tư pháp trước." in first.open(task).text


def test_a_second_tab_of_the_same_person_completes_nothing_twice(product: Product) -> None:
    task = presented(product)
    tabs = [Person(product, "chu-tich"), Person(product, "chu-tich")]
    for tab in tabs:
        tab.open(task)

    answers = [tab.submit("/complete", **DIRECTION) for tab in tabs]

    assert [answer.status for answer in answers] == [200, 409]
    assert "Lò Văn Thắng" in answers[1].text
    assert until(lambda: Person(product, "tp-vhtt").find_task("Phân công giải quyết"))


# --------------------------------------------------------------------------------------------------- somebody else's
def test_a_task_of_somebody_else_is_refused_to_who_may_read_the_document(product: Product) -> None:
    task = presented(product)
    clerk = Person(product, "van-thu")

    refused = complete_raw(clerk, task, {"lead_unit": "P-VHTT", "due_date": "05/05/2016", "opinion": "Tôi quyết."})

    assert refused.status == 403
    assert "Việc này không được giao cho bạn" in refused.text
    assert "Tôi quyết." in refused.text
    assert Person(product, "chu-tich").open(task).find_form("/complete")


def test_a_task_of_somebody_else_does_not_exist_for_who_may_not(product: Product) -> None:
    task = presented(product)
    stranger = Person(product, "cv-tp")

    assert stranger.open(task).status == 404
    assert complete_raw(stranger, task, {"opinion": "Tôi quyết."}).status == 404


# ------------------------------------------------------------------------------------------------------ wrong fields
def test_a_missing_field_is_named_and_everything_typed_is_still_there(product: Product) -> None:
    leader = Person(product, "chu-tich")
    leader.open(presented(product))

    page = leader.submit("/complete", **{**DIRECTION, "lead_unit": "", "due_date": "31/02/2016"})

    assert page.status == 422
    form = page.form("/complete")
    assert form.value_of("opinion").split() == OPINION.split()
    assert form.value_of("due_date") == "31/02/2016"
    assert ("support_units", "P-TP") in form.filled({}, None)
    assert {problem.get("id") for problem in page.tree.find_class("mo-err")} == {"o-lead_unit-loi", "o-due_date-loi"}
    assert leader.submit("/complete", lead_unit="P-VHTT", due_date="05/05/2016").status == 200


# ------------------------------------------------------------------------------------------------------- wrong files
def test_one_byte_over_25_mb_is_refused_and_25_mb_are_not(product: Product) -> None:
    clerk = Person(product, "van-thu")
    clerk.open("/incoming/receive")
    whole = b"x" * 80 + b"\n"
    text = (whole * (LIMIT // len(whole) + 1))[: LIMIT + 1]

    page = clerk.submit("files", files=[Upload("vua-du.txt", text[:LIMIT]), Upload("qua-lon.txt", text)])

    assert "qua-lon.txt" in page.text
    assert "tệp lớn hơn 25 MB (Điều 3 khoản 3 Quy chế)" in page.text
    waiting = clerk.open("/incoming/receive")
    assert waiting.find_link("vua-du.txt")
    assert not waiting.find_link("qua-lon.txt")


@pytest.mark.parametrize("inner", ["cai-dat.exe", "bao-cao.pdf"])
def test_a_program_in_an_archive_is_refused_whatever_it_is_called(product: Product, inner: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("cong-van.txt", "Kính gửi")
        archive.writestr(f"phu-luc/{inner}", b"MZ\x90\x00" + bytes(200))
    clerk = Person(product, "van-thu")
    clerk.open("/incoming/receive")

    page = clerk.submit("files", files=Upload("ho-so.zip", packed.getvalue()))

    assert f"ho-so.zip → {inner}" in page.text
    assert "Điều 3 khoản 2 Quy chế" in page.text
    assert not clerk.open("/incoming/receive").find_link("ho-so.zip")


def test_a_request_of_more_than_can_be_taken_is_refused_before_it_is_read(product: Product) -> None:
    clerk = Person(product, "van-thu")
    clerk.open("/incoming/receive")
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in clerk.cookies)
    kind = "multipart/form-data; boundary=x"
    headers = {"Content-Length": str(2 * 1024**3), "Content-Type": kind, "Cookie": cookies}

    with contextlib.closing(http.client.HTTPConnection(urlsplit(product.address).netloc, timeout=60)) as connection:
        connection.request("POST", "/incoming/receive", headers=headers)
        answer = connection.getresponse()
        said = answer.read().decode()

    assert answer.status == 413
    assert "25 MB" in said


# --------------------------------------------------------------------------------------------------- expired sessions
def test_a_session_that_ended_while_typing_loses_nothing(product: Product) -> None:
    task = presented(product)
    leader = Person(product, "chu-tich")
    leader.open(task)
    product.set_clock(MORNING + dt.timedelta(hours=13))

    again = leader.submit("/complete", **DIRECTION)
    assert again.status == 401
    shown = leader.submit("password", username=leader.username, password=leader.password)
    assert "Phòng Tư pháp phối hợp." in shown.text
    sent = leader.submit("/complete")

    assert sent.status == 200
    assert "đã hoàn thành lúc" in leader.open(task).text
    assert "Phòng Tư pháp phối hợp." in leader.page.text


def test_a_wrong_password_at_signing_in_again_loses_nothing_either(product: Product) -> None:
    task = presented(product)
    leader = Person(product, "chu-tich")
    leader.open(task)
    product.set_clock(MORNING + dt.timedelta(hours=13))
    leader.submit("/complete", **DIRECTION)

    wrong = leader.submit("password", username=leader.username, password="nhầm")  # noqa: S106 - meant to be wrong
    assert wrong.find_form("password")
    leader.submit("password", username=leader.username, password=leader.password)
    sent = leader.submit("/complete")

    assert sent.status == 200
    assert "đã hoàn thành lúc" in leader.open(task).text


def test_a_browser_that_was_closed_meanwhile_is_refused_with_the_text_to_copy(product: Product) -> None:
    leader = Person(product, "chu-tich")
    leader.open(presented(product))
    leader.cookies.clear()

    page = leader.submit("/complete", **DIRECTION)

    assert page.status in {400, 401}
    assert "Phòng Tư pháp phối hợp." in page.text
