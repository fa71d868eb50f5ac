"""A document at the door: its files, its process, and what is not taken."""

import pytest
import sqlalchemy as sa

from documents import operations, queries
from documents.errors import IntakeRefused, NotRecordsClerk, ProhibitedContent
from documents.intake import Upload
from documents.models import Document
from kernel import db
from kernel import files as file_store
from kernel.audit import AuditEntry
from kernel.errors import Invalid
from tests.documents.factories import make_docx, make_pdf, upload


def receive(office, *uploads, who="van-thu", channel="postal"):
    with db.unit_of_work():
        return operations.receive_incoming(uploads, channel=channel, actor=office.actor(who))


def test_the_first_file_is_the_document_and_its_process_begins(office):
    pdf = make_pdf(pages=3)

    document = receive(office, upload(data=pdf), upload("du-thao.docx", make_docx()))

    with db.reading():
        found = queries.list_files(document, office.actor("van-thu"))
        assert [(f.role, f.name, f.pages) for f in found] == [
            ("original", "to-trinh.pdf", 3),
            ("attachment", "du-thao.docx", None),
        ]
        assert file_store.read(found[0].sha256) == pdf
    assert document.instance_id is not None
    assert (document.state, document.page_amount) == ("ARRIVED", 3)


@pytest.mark.parametrize(
    ("uploads", "by", "refusal"),
    [
        ([upload()], {"who": "cv-vhtt"}, NotRecordsClerk),
        ([], {}, Invalid),
        ([upload()], {"channel": "pigeon"}, Invalid),
        ([upload(), upload("a.exe", b"MZ")], {}, IntakeRefused),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(office, files, uploads, by, refusal):
    with pytest.raises(refusal):
        receive(office, *uploads, **by)

    assert list(files.rglob("*")) == []
    with db.reading() as session:
        assert session.scalars(sa.select(Document)).all() == []


def test_a_prohibited_file_leaves_only_who_when_and_why(office, files):
    with pytest.raises(ProhibitedContent, match="Điều 7 khoản 1"):
        receive(office, Upload(name="don.txt", data="ĐƠN TỐ CÁO\nTôi là Nguyễn Văn A".encode()))

    assert list(files.rglob("*")) == []
    with db.reading() as session:
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.kind == "refused"))
        assert entry.actor_name == "Trần Thị Lan"
        assert "Nguyễn Văn A" not in str(entry.data)


def test_the_same_bytes_again_are_noticed(office):
    first, second = receive(office, upload()), receive(office, upload())

    with db.reading():
        assert [document.id for document in queries.find_same_files(second)] == [first.id]


def test_a_signed_file_is_judged_when_it_arrives(office):
    sent = office.signed()
    with db.reading():
        signed = file_store.read(queries.current_pdf(sent).sha256)

    document = receive(office, upload("van-ban.pdf", signed), channel="axis")

    with db.reading():
        (verdict,) = queries.list_signatures(document)
        assert (verdict.role, verdict.verdict, verdict.is_test) == ("leader", "VALID", True)
        assert queries.legal_value(document) == "INFO_ONLY"


def test_a_returned_document_ends_its_process(office):
    document = receive(office, upload())

    office.complete(document, "van-thu", "Task_register", outcome="return_to_sender", opinion="Gửi nhầm")

    assert (office.look(document).state, office.look(document).returned_reason) == ("RETURNED", "Gửi nhầm")
