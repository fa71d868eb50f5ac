"""Registering: fields, arrival numbers, duplicates, deadlines (NĐ 30/2020 Điều 22)."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from documents import operations, queries
from documents.errors import DuplicateDocument, NotRecordsClerk, ProhibitedContent, WrongState
from documents.models import DocumentFile, DocumentSignature
from kernel import clock, db
from kernel.audit import AuditEntry
from kernel.errors import Invalid
from tests.documents.factories import REGISTRATION, make_incoming

NOW = dt.datetime.fromisoformat("2016-04-28T09:00+07:00")


@pytest.fixture
def clerk(actor):
    with clock.set_to(NOW):
        yield actor("van-thu")


def arrive(actor, **fields):
    with db.unit_of_work():
        return make_incoming(actor, **fields).id


def register(actor, document_id=None, **changed):
    document_id = document_id or arrive(actor)
    with db.unit_of_work():
        return operations.register_incoming(document_id, {**REGISTRATION, **changed}, actor=actor)


def test_the_document_gets_the_next_arrival_number_and_todays_date(clerk):
    first, second = register(clerk), register(clerk, number="42")

    assert (first.arrival_number, second.arrival_number) == (1, 2)
    assert first.arrival_date == dt.date(2016, 4, 28)
    assert first.state == "REGISTERED"
    assert first.number_symbol == "41/TTr-VP"


def test_arrival_numbers_are_one_sequence_though_many_register_at_once(clerk):
    arrived = [arrive(clerk) for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: register(clerk, arrived[n], number=str(n + 1)).arrival_number, range(20)))

    assert sorted(done) == list(range(1, 21))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": ""}, "registration.kind"),
        ({"kind": "XX"}, "registration.kind"),
        ({"number": "", "symbol": ""}, "registration.number"),
        ({"issued_date": None}, "registration.issued_date"),
        ({"issued_date": dt.date(2016, 4, 29)}, "registration.issued_date"),
        ({"organ_name": " "}, "registration.organ_name"),
        ({"subject": ""}, "registration.subject"),
        ({"subject": "x" * 501}, "registration.subject"),
        ({"urgency": 4}, "registration.urgency"),
        ({"article7_declared": False}, "registration.article7_declared"),
        ({"article7_field": "TON_GIAO"}, "registration.article7_reference"),
    ],
)
def test_a_field_that_is_missing_or_wrong_is_named(clerk, changed, field):
    with pytest.raises(Invalid) as refusal:
        register(clerk, **changed)

    assert list(refusal.value.fields) == [field]


def test_a_sensitive_field_passes_with_the_competent_conclusion(clerk):
    document = register(clerk, article7_field="TON_GIAO", article7_reference="KL 12/KL-TU")

    assert document.article7_reference == "KL 12/KL-TU"


def test_number_and_symbol_may_come_in_one_box(clerk):
    document = register(clerk, number="", symbol="", number_symbol=" 5 / UBND-VX")

    assert (document.number, document.symbol) == ("5", "UBND-VX")


@pytest.mark.parametrize(
    ("changed", "due"),
    [
        ({}, dt.date(2016, 5, 16)),  # 10 working days, 30/4 and 1/5 with their days in lieu between
        ({"subject": "V/v xin ý kiến dự thảo"}, dt.date(2016, 5, 11)),
        ({"urgency": 1}, dt.date(2016, 4, 28)),
        ({"kind": "GM"}, None),
        ({"due_date": dt.date(2016, 5, 6)}, dt.date(2016, 5, 6)),
    ],
)
def test_the_deadline_is_the_texts_or_the_usual_one(clerk, changed, due):
    assert register(clerk, **changed).due_date == due


@pytest.mark.parametrize(
    "spelling", [{"number": "041"}, {"symbol": "TTR-VP"}, {"organ_name": "VĂN PHÒNG HĐND VÀ UBND HUYỆN MỘC CHÂU"}]
)
def test_the_same_number_symbol_and_issuer_is_a_duplicate(clerk, spelling):
    register(clerk)

    with pytest.raises(DuplicateDocument, match="số đến 1 ngày 28/04/2016"):
        register(clerk, **spelling)


@pytest.mark.parametrize(
    "other",
    [
        {"organ_name": "Sở Tư pháp"},
        {"number": "42"},
        {"issued_date": dt.date(2015, 4, 27)},
        {"duplicate_reason": "Bản giấy"},
    ],
)
def test_another_issuer_or_year_or_a_reason_is_no_duplicate(clerk, other):
    register(clerk)

    assert register(clerk, **other).arrival_number == 2


def test_two_clerks_with_the_same_paper_do_not_both_register_it(clerk):
    arrived = [arrive(clerk), arrive(clerk)]

    def try_it(document_id):
        try:
            return register(clerk, document_id).arrival_number
        except DuplicateDocument:
            return "duplicate"

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(try_it, arrived))

    assert sorted(map(str, done)) == ["1", "duplicate"]


def test_a_citizens_letter_is_refused_and_only_the_refusal_is_kept(clerk):
    with pytest.raises(ProhibitedContent, match="Điều 7 khoản 1"):
        register(clerk, subject="Đơn tố cáo ông Nguyễn Văn A")

    with db.reading() as session:
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.kind == "refused"))
        assert "Nguyễn Văn A" not in str(entry.data)


def test_only_the_records_clerk_registers(clerk, actor):
    with pytest.raises(NotRecordsClerk):
        register(actor("cv-vhtt"))


def test_a_document_is_registered_once(clerk):
    document = register(clerk)

    with pytest.raises(WrongState):
        register(clerk, document.id)


def test_a_broken_signature_keeps_a_document_out_of_the_book_unless_a_reason_is_given(clerk):
    document_id = arrive(clerk)
    add_verdict(clerk, document_id, "INVALID")

    with pytest.raises(Invalid) as refusal:
        register(clerk, document_id)

    assert list(refusal.value.fields) == ["registration.signature_reason"]
    assert register(clerk, document_id, signature_reason="Đã xác minh qua điện thoại").arrival_number == 1


def test_a_returned_document_names_the_reason(clerk):
    document_id = arrive(clerk)
    with pytest.raises(Invalid), db.unit_of_work():
        operations.return_to_sender(document_id, " ", actor=clerk)

    with db.unit_of_work():
        document = operations.return_to_sender(document_id, "Gửi nhầm cơ quan", actor=clerk)

    assert (document.state, document.returned_reason) == ("RETURNED", "Gửi nhầm cơ quan")


def test_the_book_prints_the_ten_columns_of_the_law(clerk):
    document = register(clerk, description="Kèm 2 phụ lục")

    with db.reading():
        (row,) = queries.get_book_rows(queries.get_book(document.book_id, clerk))

    assert len(queries.INCOMING_COLUMNS) == len(row.columns) == 10
    assert row.columns[:6] == (
        "28/04/2016",
        "1",
        "Văn phòng HĐND và UBND huyện Mộc Châu",
        "41/TTr-VP",
        "27/04/2016",
        "Tờ trình Đề nghị ban hành Quy chế quản lý phần mềm",
    )
    assert row.columns[9] == "Kèm 2 phụ lục"


def add_verdict(clerk, document_id, verdict):
    with db.unit_of_work() as session:
        file = DocumentFile(
            organization_id=clerk.organization_id,
            document_id=document_id,
            role="original",
            sha256="0" * 64,
            name="a.pdf",
            size=1,
            media_type="application/pdf",
            created_by_name="x",
        )
        session.add(file)
        session.flush()
        session.add(
            DocumentSignature(
                organization_id=clerk.organization_id,
                file_id=file.id,
                ordinal=0,
                field="LanhDao",
                role="leader",
                signer="x",
                organisation="x",
                timestamped=False,
                verdict=verdict,
                sentence="x",
                changed=[],
                is_test=True,
            )
        )
