"""Issuing and filing: dispatch by the ways of Điều 6, one file of work for question and answer."""

import datetime as dt

import pytest

from documents import dispatch, operations, queries
from documents.errors import CaseFileNotFound, DocumentNotFound, NotRecordsClerk
from kernel import clock, db
from kernel.errors import Conflict, Invalid
from tests.documents.factories import make_outgoing

NAMES = ("Phòng Tư pháp",)


@pytest.mark.parametrize(
    ("line", "name", "channel", "electronic", "copies"),
    [
        ("Sở Tư pháp", "Sở Tư pháp", "axis", True, 0),
        ("Phòng Tư pháp", "Phòng Tư pháp", "internal", True, 0),
        ("Như Điều 3", "Như Điều 3", "internal", True, 0),
        ("Sở Tư pháp (giấy)", "Sở Tư pháp", "axis", False, 1),
        ("Sở Tư pháp (giấy và điện tử, 3 bản)", "Sở Tư pháp", "axis", True, 3),
        ("Ông A (thư điện tử)", "Ông A", "email", True, 0),
        ("Công ty B (Sơn La)", "Công ty B (Sơn La)", "axis", True, 0),
    ],
)
def test_a_line_of_recipients_says_who_and_how(line, name, channel, electronic, copies):
    (read,) = dispatch.read_addressees([line], inside=NAMES)

    assert (read.name, read.channel, read.electronic, read.copies) == (name, channel, electronic, copies)


def test_the_archives_copy_is_no_recipient():
    assert dispatch.read_addressees(["Lưu: VT, Hùng"], inside=NAMES) == []


def sealed(actor, **fields):
    drafter = actor("cv-vhtt")
    with db.unit_of_work():
        return make_outgoing(
            actor("van-thu"), state="SEALED", drafter_id=drafter.person_id, drafting_unit_id=drafter.unit_id, **fields
        )


def issue(actor, document, *, who="van-thu", **values):
    with db.unit_of_work():
        return operations.issue(document.id, **values, actor=actor(who))


def rows(document):
    with db.reading():
        return [(r.name, r.channel, r.copies, r.state) for r in queries.list_recipients(document)]


def test_an_electronic_document_makes_no_row_of_paper(actor):
    document = sealed(actor, exchange_mode="ELECTRONIC_ONLY")

    issue(actor, document, recipients="- Sở Tư pháp;\n- Phòng Tư pháp;\n- Lưu: VT.")

    assert rows(document) == [("Sở Tư pháp", "axis", 0, "sent"), ("Phòng Tư pháp", "internal", 0, "sent")]


def test_a_hybrid_document_goes_both_ways(actor):
    document = sealed(actor, exchange_mode="HYBRID")

    issue(actor, document, recipients="Sở Tư pháp", copies=5)

    assert rows(document) == [("Sở Tư pháp", "axis", 0, "sent"), ("Sở Tư pháp", "paper", 1, "sent")]


@pytest.mark.parametrize(
    ("mode", "values", "field"),
    [
        ("HYBRID", {"recipients": "Sở Tư pháp (giấy)", "copies": 1}, "recipients"),
        ("ELECTRONIC_ONLY", {"recipients": "Sở Tư pháp", "copies": 1}, "copies"),
        ("ELECTRONIC_ONLY", {"recipients": "Sở Tư pháp (giấy)"}, "copies"),
        ("HYBRID", {"recipients": "Lưu: VT"}, "recipients"),
    ],
)
def test_what_article_6_does_not_allow_is_refused(actor, mode, values, field):
    with pytest.raises(Invalid) as refusal:
        issue(actor, sealed(actor, exchange_mode=mode), **values)

    assert list(refusal.value.fields) == [field]


def test_only_the_records_clerk_issues(actor):
    with pytest.raises(NotRecordsClerk):
        issue(actor, sealed(actor), who="chu-tich", recipients="Sở Tư pháp")


def test_the_list_of_article_6_applies_from_its_day(office):
    with clock.set_to(dt.datetime.fromisoformat("2016-05-11T08:00+07:00")):
        before = office.start_draft(copies=5)
        office.submit(before)
    with clock.set_to(dt.datetime.fromisoformat("2016-05-12T08:00+07:00")):
        after = office.start_draft(copies=5)
        with pytest.raises(Invalid) as refusal:
            office.submit(after)

    assert office.look(before).exchange_mode == "HYBRID"
    assert list(refusal.value.fields) == ["copies"]


def test_question_and_answer_lie_in_one_case_file(actor):
    specialist = actor("cv-vhtt")
    answer = sealed(actor, page_amount=2)
    issue(actor, answer, recipients="Sở Tư pháp")
    question = sealed(actor, page_amount=3)
    issue(actor, question, recipients="Sở Tư pháp")

    with db.unit_of_work():
        case_file = operations.file_document(question.id, title="Góp ý Quy chế", actor=specialist)
    with db.unit_of_work():
        operations.file_document(answer.id, case_file_id=case_file.id, actor=specialist)

    with db.reading():
        inside = queries.list_case_file_documents(case_file, specialist)
        totals = queries.case_file_totals(case_file)
        assert [document.id for document in inside] == [question.id, answer.id]
        assert (totals.documents, totals.pages) == (2, 5)
        assert queries.list_case_files(specialist, text="gop y").total == 1
        assert queries.list_case_files(actor("cv-tp")).total == 0


def test_case_files_of_a_unit_are_numbered_through_the_year(actor):
    codes = []
    for _ in range(2):
        with db.unit_of_work():
            codes.append(operations.open_case_file({"title": "Hồ sơ"}, actor=actor("cv-vhtt")).file_notation)

    assert codes == ["01.VHTT", "02.VHTT"]


def test_only_what_a_person_may_see_is_filed_and_only_where_they_may_look(actor):
    specialist, stranger = actor("cv-vhtt"), actor("cv-tp")
    document = sealed(actor)
    issue(actor, document, recipients="Sở Tư pháp")
    with db.unit_of_work():
        case_file = operations.open_case_file({"title": "Hồ sơ"}, actor=stranger)

    with pytest.raises(DocumentNotFound), db.unit_of_work():
        operations.file_document(document.id, case_file_id=case_file.id, actor=stranger)
    with pytest.raises(CaseFileNotFound), db.unit_of_work():
        operations.file_document(document.id, case_file_id=case_file.id, actor=specialist)
    with pytest.raises(CaseFileNotFound), db.unit_of_work():
        operations.close_case_file(case_file.id, actor=specialist)


def test_a_closed_case_file_takes_nothing_more(actor):
    specialist = actor("cv-vhtt")
    document = sealed(actor)
    issue(actor, document, recipients="Sở Tư pháp")
    with db.unit_of_work():
        case_file = operations.open_case_file({"title": "Hồ sơ"}, actor=specialist)
    with db.unit_of_work():
        operations.close_case_file(case_file.id, actor=specialist)

    with pytest.raises(Conflict), db.unit_of_work():
        operations.file_document(document.id, case_file_id=case_file.id, actor=specialist)
