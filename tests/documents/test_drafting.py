"""Drafts: versions, attachments, approvals bound to a version (NĐ 30/2020 Điều 10-12)."""

import pytest
import sqlalchemy as sa

from documents import draft_values, operations, queries
from documents.errors import DocumentNotFound, NotApproved, NotDrafter, ProhibitedContent, WrongState
from documents.intake import Upload
from documents.models import DocumentVersion
from documents.pdf_text import first_page_text
from kernel import db, files
from kernel.errors import Invalid
from tests.documents.factories import upload


def save(office, document, who="cv-vhtt", **values):
    with db.unit_of_work():
        return operations.save_draft(document.id, values, actor=office.actor(who))


def test_a_change_is_a_new_version_and_no_change_is_none(office):
    document = office.start_draft()

    first = save(office, document, subject="Góp ý dự thảo Quy chế")
    second = save(office, document, subject="Góp ý  dự thảo Quy chế mới")

    assert (first.number, second.number) == (1, 2)
    assert second.content["subject"] == "Góp ý dự thảo Quy chế mới"
    assert second.content["body"] == first.content["body"]


def test_a_version_is_never_changed(office):
    office.start_draft()

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), db.unit_of_work() as session:
        session.execute(sa.update(DocumentVersion).values(hash="x"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "XX"}, "kind"),
        ({"subject": ""}, "subject"),
        ({"body": " "}, "body"),
        ({"recipients": ""}, "recipients"),
        ({"signer": ""}, "signer"),
        ({"signer": "cv-tp"}, "signer"),
        ({"enclosed_title": "Quy chế"}, "enclosed_body"),
        ({"copies": 5}, "copies"),
    ],
)
def test_a_draft_that_is_not_ready_is_not_submitted(office, changed, field):
    document = office.start_draft()

    with pytest.raises(Invalid) as refusal:
        office.submit(document, **changed)

    assert list(refusal.value.fields) == [field]
    assert office.look(document).state == "DRAFT"


def test_a_field_longer_than_anybody_reads_is_refused_by_name(office):
    document = office.start_draft()

    with pytest.raises(Invalid) as refusal:
        save(office, document, body="a" * (draft_values.MAX_TEXT + 1))

    assert list(refusal.value.fields) == ["body"]


def test_submitting_lays_the_version_out_as_pdf(office):
    document = office.start_draft()

    office.submit(document)

    with db.reading():
        submitted = queries.get_document(document.id, office.actor("cv-vhtt"))
        file = queries.current_pdf(submitted)
    assert (submitted.state, file.role, file.version) == ("SUBMITTED", "draft_pdf", 1)


def test_only_the_drafter_writes_and_only_until_it_is_submitted(office):
    document = office.start_draft()
    with pytest.raises(NotDrafter):
        save(office, document, who="tp-vhtt", subject="Khác")
    office.submit(document)

    with pytest.raises(WrongState):
        save(office, document, subject="Khác")


def test_a_draft_does_not_exist_for_whom_it_is_none_of_their_business(office):
    document = office.start_draft()

    with pytest.raises(DocumentNotFound):
        save(office, document, who="cv-tp", subject="Khác")


def test_nobody_replies_to_a_document_they_may_not_see(office):
    arrived = office.receive()

    with pytest.raises(DocumentNotFound), db.unit_of_work():
        operations.start_draft(
            {"kind": "CV", "subject": "Trả lời"}, reply_to_id=arrived.id, actor=office.actor("cv-vhtt")
        )


def test_an_approval_names_the_version_and_a_new_version_has_none(office):
    document = office.start_draft()
    office.submit(document)
    office.complete(document, "tp-vhtt", "Task_approve_content", outcome="approve", opinion="Nhất trí")
    office.complete(document, "chanh-van-phong", "Task_check_layout", outcome="return", opinion="Sửa lề")
    office.submit(document, subject="Góp ý, bản sửa")

    with pytest.raises(NotApproved), db.unit_of_work():
        operations.prepare_signing(document.id, actor=office.actor("chanh-van-phong"))

    with db.reading():
        told = [(o.kind, o.version, o.text) for o in queries.list_opinions(document)]
    assert told == [("approval", 1, "Nhất trí"), ("return", 1, "Sửa lề")]


def test_a_returned_draft_that_is_submitted_unchanged_is_the_same_version(office):
    document = office.start_draft()
    office.submit(document)
    office.complete(document, "tp-vhtt", "Task_approve_content", outcome="return", opinion="Xem lại")
    assert office.look(document).state == "RETURNED_TO_DRAFTER"

    office.submit(document)
    office.approve(document)

    assert (office.look(document).state, office.look(document).current_version) == ("TO_SIGN", 1)


def test_an_attachment_is_part_of_the_version(office):
    document = office.start_draft()

    with db.unit_of_work():
        file = operations.add_attachment(document.id, upload("phu-luc.pdf"), actor=office.actor("cv-vhtt"))
    assert office.look(document).current_version == 2
    with db.unit_of_work():
        operations.remove_attachment(file.id, actor=office.actor("cv-vhtt"))

    with db.reading():
        versions = queries.list_versions(document)
        assert [len(version.content["attachments"]) for version in versions] == [0, 1, 0]
        assert queries.list_files(document, office.actor("cv-vhtt")) == []


def test_a_prohibited_attachment_is_refused_and_not_stored(office, files):
    document = office.start_draft()
    before = list(files.rglob("*"))
    secret = Upload(name="a.txt", data="Số: 1/QĐ\nTỐI MẬT\n".encode())

    with pytest.raises(ProhibitedContent), db.unit_of_work():
        operations.add_attachment(document.id, secret, actor=office.actor("cv-vhtt"))

    assert list(files.rglob("*")) == before


def test_a_reply_marks_what_it_answers(office):
    arrived = office.receive()
    with db.unit_of_work():
        reply = operations.start_draft({"kind": "CV"}, reply_to_id=arrived.id, actor=office.actor("chanh-van-phong"))

    with db.reading():
        (there,) = queries.list_relations(arrived, office.actor("van-thu"))
        (back,) = queries.list_relations(reply, office.actor("van-thu"))
    assert (there.words, there.document.id) == ("được trả lời", reply.id)
    assert (back.words, back.document.id) == ("trả lời", arrived.id)


@pytest.mark.parametrize(("kind", "printed"), [("CV", True), ("TTr", True), ("QĐ", False), ("CT", False)])
def test_only_letters_and_submissions_are_addressed(office, kind, printed):
    document = office.start_draft()

    office.submit(document, kind=kind, addressees="Sở Tư pháp")

    with db.reading():
        submitted = queries.get_document(document.id, office.actor("cv-vhtt"))
        text = first_page_text(files.read(queries.current_pdf(submitted).sha256))
    assert ("Kính gửi: Sở Tư pháp" in text) is printed
