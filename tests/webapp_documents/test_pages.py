"""Pages open, for whom they may, with what they must show."""

from collections.abc import Callable

from directory.actors import Actor
from documents.models import Document
from kernel import db
from tests.webapp.conftest import Browser
from tests.webapp_documents.conftest import task_of

Arrive = Callable[..., Document]
SignIn = Callable[[str], Browser]


def test_the_register_page_shows_what_was_read_from_the_file(
    arrive: Arrive, signed_in: SignIn, actor: Callable[[str], Actor]
) -> None:
    document = arrive()
    with db.reading():
        task_id = task_of(document.id, actor("van-thu"))

    page = signed_in("van-thu").get(f"/tasks/{task_id}")

    assert page.status_code == 200, page.text[:3000]
    assert 'value="05/2016"' in page.text
    assert 'value="QĐ-UBND"' in page.text
    assert "07/03/2016" in page.text
    assert "đọc từ tệp" in page.text


def test_every_page_of_documents_opens(arrive: Arrive, signed_in: SignIn) -> None:
    document = arrive()
    browser = signed_in("van-thu")

    for path in (
        "/incoming",
        "/incoming?q=quyet+dinh",
        "/incoming/receive",
        "/incoming/export.xlsx",
        "/outgoing",
        "/outgoing/new",
        "/outgoing/export.xlsx",
        "/registers",
        "/case-files",
        "/case-files/new",
        f"/documents/{document.id}",
        f"/documents/{document.id}/versions",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.text[:2000])
