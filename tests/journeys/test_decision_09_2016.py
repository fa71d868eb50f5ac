"""From Tờ trình 41/TTr-VP to Quyết định 09/2016/QĐ-UBND, through the operations, in April and May 2016."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from demo.accounts import PIN
from demo.authority import make_demo_authority
from directory.actors import Actor
from directory.models import Organization
from documents import issuing, operations, queries
from documents.intake import Upload
from documents.models import Document
from documents.official_pdf import compose
from engine import queries as engine_queries
from kernel import audit, clock, db, files
from signing.validate import validate
from tests.journeys.story import DRAFT, REGISTRATION, REGULATION, Wording, at, own_wording, proposal, regulation_wording
from tests.journeys.teller import Teller
from webapp import wiring
from webapp.prepare import deploy_shipped

WORDINGS = [
    pytest.param(own_wording, id="own-wording"),
    pytest.param(
        regulation_wording,
        id="regulation",
        marks=pytest.mark.skipif(not REGULATION.exists(), reason="its text is not beside the checkout"),
    ),
]


@pytest.fixture
def teller(database: str, agency: Organization, actor: Callable[[str], Actor], files: Path, tmp_path: Path) -> Teller:
    """The agency of April 2016: processes deployed, certificates from 2015, the book of normative decisions at 8."""
    wiring.wire()
    make_demo_authority(tmp_path / "ca")
    issuing.configure(tmp_path / "ca", seal_pin=PIN)
    with clock.set_to(at(4, 1, 8)):
        deploy_shipped()
    with clock.set_to(at(26, 4, 8)), db.unit_of_work():
        clerk = actor("van-thu")
        book = operations.open_book("outgoing", "QĐ-QPPL", 2016, actor=clerk)
        operations.set_book_start(book.id, 8, "Số đã cấp trên sổ giấy đầu năm 2016", actor=clerk)
    return Teller(actor=actor, url=database)


@pytest.mark.parametrize("wording", WORDINGS)
def test_a_proposal_becomes_a_decision_in_the_book(
    teller: Teller, agency: Organization, wording: Callable[[], Wording]
) -> None:
    arrival = arrive(teller, agency)
    direct(teller, arrival)
    decision = draft_and_approve(teller, arrival, wording())
    sign_and_number(teller, decision)
    issue_and_file(teller, arrival, decision)

    assert_in_both_books(teller, arrival, decision)
    assert_two_valid_signatures(teller, decision)
    assert_in_one_case_file(teller, arrival, decision)
    assert_everything_is_audited(agency)


# ------------------------------------------------------------------------------------------------- the story's steps
def arrive(teller: Teller, agency: Organization) -> uuid.UUID:
    """27/4/2016: the clerk takes the proposal in and registers it."""
    with clock.set_to(at(27, 4, 8, 30)), db.unit_of_work():
        upload = Upload(name="41-TTr-VP.pdf", data=compose(proposal()).pdf)
        document = operations.receive_incoming([upload], channel="direct", actor=teller.actor("van-thu"))
    assert set(teller.offered("van-thu")) == {"Task_register"}
    assert not teller.offered("cv-vhtt")

    teller.complete("van-thu", "Task_register", at(27, 4, 8, 45), registration=REGISTRATION, outcome="register")

    registered = look(teller, document.id, "van-thu")
    assert (registered.arrival_number, registered.arrival_date) == (1, dt.date(2016, 4, 27))
    assert registered.number_symbol == "41/TTr-VP"
    return document.id


def direct(teller: Teller, arrival: uuid.UUID) -> None:
    """27 and 28/4: the office chief proposes, the leader directs, the lead unit's head names a person."""
    values = {"proposed_lead_unit": "P-VHTT", "proposal": "Kính trình Chủ tịch giao Phòng Văn hóa - Thông tin chủ trì."}
    teller.complete("chanh-van-phong", "Task_present", at(27, 4, 10), **values)
    direction = {
        "lead_unit": "P-VHTT",
        "support_units": ["P-TP"],
        "inform_units": ["VP"],
        "due_date": dt.date(2016, 5, 5),
        "opinion": "Phòng Văn hóa - Thông tin chủ trì soạn Quyết định, trình trước ngày 05/5.",
    }
    teller.complete("chu-tich", "Task_direct", at(28, 4, 8), **direction)
    assert set(teller.offered("tp-vhtt")) == {"Task_assign"}
    assert set(teller.offered("tp-tp")) == {"Task_support"}

    teller.complete("tp-vhtt", "Task_assign", at(28, 4, 9), lead_person="cv-vhtt", opinion="Đồng chí Hà soạn.")
    teller.complete("tp-tp", "Task_support", at(28, 4, 15), opinion="Đã góp ý về căn cứ pháp lý.")
    assert set(teller.offered("cv-vhtt")) == {"Task_solve"}


def draft_and_approve(teller: Teller, arrival: uuid.UUID, words: Wording) -> uuid.UUID:
    """29/4 to 5/5: drafted, returned once by the unit's head, mended, approved, its layout checked."""
    teller.complete("cv-vhtt", "Task_solve", at(29, 4, 8), outcome="reply", result="Soạn Quyết định ban hành Quy chế.")
    decision = reply_to(teller, arrival)
    values = {
        **DRAFT,
        "legal_bases": words.legal_bases,
        "body": words.body,
        "enclosed_body": words.enclosed_body,
        "recipients": words.recipients,
    }
    teller.submit_draft("cv-vhtt", at(29, 4, 10), **{**values, "copies": 8})
    teller.complete("tp-vhtt", "Task_approve_content", at(29, 4, 14), outcome="return", opinion="Sửa số bản: 80.")
    teller.submit_draft("cv-vhtt", at(4, 5, 8), **values)
    teller.complete("tp-vhtt", "Task_approve_content", at(4, 5, 9), outcome="approve", opinion="Đồng ý nội dung.")
    teller.complete("chanh-van-phong", "Task_check_layout", at(4, 5, 15), outcome="approve", opinion="Đúng thể thức.")
    assert set(teller.offered("chu-tich")) == {"Task_sign"}
    assert not teller.offered("pho-chu-tich")
    return decision


def sign_and_number(teller: Teller, decision: uuid.UUID) -> None:
    """5/5: the leader signs; the clerk's number commits; the job fills it in and seals."""
    teller.sign("chu-tich", at(5, 5, 8), pin=PIN)
    teller.complete("van-thu", "Task_number", at(5, 5, 9), issued_date=dt.date(2016, 5, 5))

    numbered = look(teller, decision, "van-thu")
    assert numbered.number_symbol == "09/2016/QĐ-UBND"
    assert numbered.state == "SEALED"


def issue_and_file(teller: Teller, arrival: uuid.UUID, decision: uuid.UUID) -> None:
    """5/5: sent to the recipients; the drafter puts the decision, then the proposal, into one case file."""
    teller.complete("van-thu", "Task_issue", at(5, 5, 10), copies=80, recipients_confirmed=True)
    title = "Ban hành Quy chế quản lý, sử dụng phần mềm"
    teller.complete("cv-vhtt", "Task_file", at(5, 5, 14), case_file="new", file_title=title)
    with db.reading():
        (case_file,) = queries.list_case_files(teller.actor("cv-vhtt")).rows
    teller.complete("cv-vhtt", "Task_file", at(5, 5, 15), case_file=str(case_file.id))
    with db.reading():
        document = queries.get_document(arrival, teller.actor("cv-vhtt"))
        assert document.instance_id is not None
        assert engine_queries.get_instance(document.instance_id).state == "completed"


# ------------------------------------------------------------------------------------------------------ what must hold
def assert_in_both_books(teller: Teller, arrival: uuid.UUID, decision: uuid.UUID) -> None:
    clerk = teller.actor("van-thu")
    with db.reading():
        rows = {
            row.document_id: row.columns
            for book in queries.list_books(clerk, year=2016)
            for row in queries.get_book_rows(book)
        }
        recipients = queries.list_recipients(queries.get_document(decision, clerk))
    assert len(rows[arrival]) == len(rows[decision]) == 10
    assert rows[decision][0] == "09/2016/QĐ-UBND"
    assert rows[decision][1] == "05/05/2016"
    assert "Sở Tư pháp" in rows[decision][4]
    assert rows[arrival][3] == "41/TTr-VP"
    assert len({recipient.name for recipient in recipients}) == 7


def assert_two_valid_signatures(teller: Teller, decision: uuid.UUID) -> None:
    with db.reading():
        document = queries.get_document(decision, teller.actor("van-thu"))
        stored = {signature.role: signature for signature in queries.list_signatures(document)}
        current = queries.current_pdf(document)
        assert queries.legal_value(document) == "FULL"
    assert current is not None
    assert current.role == "issued_pdf"
    assert {role: signature.verdict for role, signature in stored.items()} == {
        "leader": "VALID",
        "organisation": "VALID",
    }
    report = validate(files.read(current.sha256), trust=issuing.authority().keys.trust(), at=at(6, 5, 8))
    assert [signature.verdict for signature in report.signatures] == ["VALID", "VALID"]
    assert all(
        signature.signed_at.date() == dt.date(2016, 5, 5) for signature in report.signatures if signature.signed_at
    )


def assert_in_one_case_file(teller: Teller, arrival: uuid.UUID, decision: uuid.UUID) -> None:
    drafter = teller.actor("cv-vhtt")
    with db.reading():
        (case_file,) = queries.list_case_files(drafter).rows
        inside = {document.id for document in queries.list_case_file_documents(case_file, drafter)}
    assert inside == {arrival, decision}


def assert_everything_is_audited(agency: Organization) -> None:
    while audit.seal_pending(everything=True):
        pass
    with db.reading():
        report = audit.verify_chain(agency.id)
        tags = set(
            db.session().scalars(sa.select(audit.AuditEntry.tag).where(audit.AuditEntry.organization_id == agency.id))
        )
    assert report.intact
    assert report.pending == 0
    assert {
        "task:complete",
        "document:register_incoming",
        "document:sign",
        "document:assign_number",
        "document:seal",
    } <= tags


def reply_to(teller: Teller, arrival: uuid.UUID) -> uuid.UUID:
    """The outgoing document that answers the arrival."""
    with db.reading():
        document = queries.get_document(arrival, teller.actor("cv-vhtt"))
        (related,) = queries.list_relations(document, teller.actor("cv-vhtt"))
    assert related.kind == "REPLIES_TO"
    return related.document.id


def look(teller: Teller, document_id: uuid.UUID, who: str) -> Document:
    with db.reading():
        return queries.get_document(document_id, teller.actor(who))
