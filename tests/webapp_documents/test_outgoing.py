"""Văn bản đi on the screen: begun, saved version by version, compared, looked at."""

import datetime as dt
import io
from collections.abc import Callable

from directory.actors import Actor
from documents import operations, queries
from documents.models import Document
from kernel import db
from tests.webapp.conftest import Browser
from tests.webapp_documents.conftest import task_of

Arrive = Callable[..., Document]
SignIn = Callable[[str], Browser]
Named = Callable[[str], Actor]

BODY = "1. Mục đích: nâng cao kỹ năng.\n2. Thời gian: 10 ngày."
TEXT: dict[str, object] = {
    "kind": "KH",
    "subject": "Tập huấn sử dụng phần mềm",
    "body": BODY,
    "recipients": "Như trên",
    "signer": "chu-tich",
    "copies": "0",
    "urgency": "0",
}


def start(actor: Actor) -> Document:
    with db.unit_of_work():
        return operations.start_draft({"kind": "KH", "subject": "Tập huấn sử dụng phần mềm"}, actor=actor)


def drafts_of(actor: Actor) -> list[Document]:
    with db.reading():
        return list(queries.list_documents(actor, "outgoing").rows)


def test_a_draft_is_begun_and_its_task_opened(office: object, signed_in: SignIn, actor: Named) -> None:
    drafter = signed_in("cv-vhtt")
    drafter.get("/outgoing/new")

    answer = drafter.post("/outgoing", {"kind": "KH", "subject": "Tập huấn sử dụng phần mềm"})

    (document,) = drafts_of(actor("cv-vhtt"))
    with db.reading():
        assert answer.location == f"/tasks/{task_of(document.id, actor('cv-vhtt'))}"


def test_a_draft_without_a_subject_is_refused_beside_the_field(office: object, signed_in: SignIn, actor: Named) -> None:
    drafter = signed_in("cv-vhtt")
    drafter.get("/outgoing/new")

    answer = drafter.post("/outgoing", {"kind": "KH", "subject": " ", "reply_to": "999/KHONG-CO"})

    assert answer.status_code == 422
    assert "Ghi trích yếu nội dung." in answer.text
    assert 'value="999/KHONG-CO"' in answer.text
    assert drafts_of(actor("cv-vhtt")) == []


def test_each_saving_is_a_version_that_can_be_looked_at_and_compared(
    office: object, signed_in: SignIn, actor: Named
) -> None:
    document = start(actor("cv-vhtt"))
    drafter = signed_in("cv-vhtt")
    with db.reading():
        page = f"/tasks/{task_of(document.id, actor('cv-vhtt'))}"

    answers = [
        drafter.post(f"/outgoing/{document.id}/draft", {**TEXT, "back": page, "body": body})
        for body in (BODY, BODY.replace("10 ngày", "07 ngày"))
    ]

    assert [answer.location for answer in answers] == [page, page]
    assert drafter.get(f"/outgoing/{document.id}/versions/3/pages/1.png").data.startswith(b"\x89PNG")
    shown = drafter.get(page).text
    assert f"/outgoing/{document.id}/versions/3/pages/1.png" in shown
    assert "2. Thời gian: 07 ngày." in shown
    compared = drafter.get(f"/documents/{document.id}/versions").text
    assert "Bản 3 so với bản 2" in compared
    assert "</span>10</del>" in compared
    assert "</span>07</ins>" in compared


def test_files_are_attached_and_taken_away_while_the_draft_is_saved(
    office: object, signed_in: SignIn, actor: Named
) -> None:
    document = start(actor("cv-vhtt"))
    drafter = signed_in("cv-vhtt")
    address = f"/outgoing/{document.id}/draft"

    drafter.post(address, {**TEXT, "attachments": (io.BytesIO("Số liệu".encode()), "so-lieu.txt")})
    with db.reading():
        (file,) = queries.list_files(document, actor("cv-vhtt"))
    drafter.post(address, {**TEXT, "remove": str(file.id)})

    assert file.name == "so-lieu.txt"
    with db.reading():
        assert queries.list_files(document, actor("cv-vhtt")) == []


def test_only_the_drafter_saves_a_draft(office: object, signed_in: SignIn, actor: Named) -> None:
    document = start(actor("cv-vhtt"))

    assert signed_in("chanh-van-phong").post(f"/outgoing/{document.id}/draft", TEXT).status_code == 403
    assert signed_in("cv-tp").get(f"/outgoing/{document.id}/versions/1/pages/1.png").status_code == 404


def test_a_reply_is_tied_to_the_document_it_answers(
    arrive: Arrive, do: Callable[..., None], signed_in: SignIn, actor: Named
) -> None:
    incoming = arrive()
    do("van-thu", incoming, {"registration": registration(), "outcome": "register"})
    drafter = signed_in("chanh-van-phong")
    drafter.get("/outgoing/new")

    drafter.post("/outgoing", {"kind": "CV", "subject": "Trả lời", "reply_to": "05/2016/QĐ-UBND"})

    (reply,) = drafts_of(actor("chanh-van-phong"))
    there, back = (drafter.get(f"/documents/{id_}").text for id_ in (reply.id, incoming.id))
    assert "Trả lời</span>" in there
    assert f"/documents/{incoming.id}" in there
    assert "Được trả lời bằng" in back
    assert f"/documents/{reply.id}" in back


def registration() -> dict[str, object]:
    return {
        "kind": "QĐ",
        "number": "05/2016",
        "symbol": "QĐ-UBND",
        "issued_date": dt.date(2016, 3, 7),
        "organ_name": "Ủy ban nhân dân tỉnh Sơn La",
        "subject": "Ban hành Quy chế",
        "urgency": 0,
        "article7_declared": True,
    }
