"""Files of documents: bytes, pages, words; only for whom they may, every reading told."""

import uuid
from collections.abc import Callable

import sqlalchemy as sa

from documents.models import Document, DocumentFile
from kernel import db
from kernel.audit import AuditEntry
from tests.webapp.conftest import Browser

Arrive = Callable[..., Document]
SignIn = Callable[[str], Browser]


def file_of(document: Document) -> DocumentFile:
    with db.reading() as session:
        return session.scalars(sa.select(DocumentFile).where(DocumentFile.document_id == document.id)).one()


def test_a_file_comes_as_an_attachment_under_its_vietnamese_name(arrive: Arrive, signed_in: SignIn) -> None:
    file = file_of(arrive(name="Quyết định 05.pdf"))

    answer = signed_in("van-thu").get(f"/files/{file.id}")

    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%2005.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_nobody_reads_a_file_of_a_document_that_is_not_theirs(arrive: Arrive, signed_in: SignIn) -> None:
    file = file_of(arrive())
    stranger = signed_in("cv-tp")

    answers = [stranger.get(f"/files/{file.id}{rest}").status_code for rest in ("", "/pages/1.png", "/text")]

    assert answers == [404, 404, 404]


def test_an_unknown_file_is_not_found(office: object, signed_in: SignIn) -> None:
    assert signed_in("van-thu").get(f"/files/{uuid.uuid4()}").status_code == 404


def test_a_page_is_drawn_once_and_kept(arrive: Arrive, signed_in: SignIn) -> None:
    file = file_of(arrive())
    clerk = signed_in("van-thu")

    first = clerk.get(f"/files/{file.id}/pages/1.png")
    again = clerk.get(f"/files/{file.id}/pages/1.png", headers={"If-None-Match": first.headers["ETag"]})

    assert first.data.startswith(b"\x89PNG")
    assert "max-age" in first.headers["Cache-Control"]
    assert again.status_code == 304


def test_a_page_that_is_not_there_is_not_found_and_no_scale_is_too_large(arrive: Arrive, signed_in: SignIn) -> None:
    file = file_of(arrive())
    clerk = signed_in("van-thu")

    assert clerk.get(f"/files/{file.id}/pages/2.png").status_code == 404
    assert clerk.get(f"/files/{file.id}/pages/0.png").status_code == 404
    usual = clerk.get(f"/files/{file.id}/pages/1.png").data
    assert clerk.get(f"/files/{file.id}/pages/1.png?scale=9000").data == usual


def test_the_words_of_a_file_are_told(arrive: Arrive, signed_in: SignIn) -> None:
    answer = signed_in("van-thu").get(f"/files/{file_of(arrive()).id}/text")

    assert answer.mimetype == "text/plain"
    assert "Ban hành Quy chế quản lý" in answer.text


def test_who_read_a_file_is_recorded(arrive: Arrive, signed_in: SignIn) -> None:
    file = file_of(arrive())

    signed_in("van-thu").get(f"/files/{file.id}")

    with db.reading() as session:
        tags = session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.kind == "viewed")).all()
    assert "file:download" in tags
