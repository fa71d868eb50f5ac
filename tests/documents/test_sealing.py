"""Signature, number and seal: four acts, one file, nothing twice (NĐ 30/2020 Điều 13, 15, 32)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from demo.accounts import PIN
from documents import issuing, jobs, operations, queries
from documents.errors import NotSigned, NotSigner, PinRests, SealNotReady
from documents.models import DocumentNumber
from engine import queries as engine_queries
from engine.models import ExternalTask
from kernel import clock, db
from kernel.errors import Invalid
from signing.errors import WrongPin
from tests.documents import factories
from tests.documents.conftest import DRAFT
from tests.documents.factories import make_outgoing


def external_task(document):
    with db.reading() as session:
        return session.scalars(sa.select(ExternalTask).where(ExternalTask.business_key == str(document.id))).one()


def signatures(document):
    with db.reading():
        file = queries.current_pdf(document)
        return file.role, [(s.role, s.verdict) for s in queries.list_signatures(document) if s.file_id == file.id]


def test_the_signer_signs_with_the_own_key_and_pin(office):
    document = office.start_draft()
    office.submit(document)
    office.approve(document)
    with pytest.raises(WrongPin):
        office.sign(document, pin="000000")
    with pytest.raises(NotSigner):
        office.sign(document, who="pho-chu-tich")

    office.sign(document)

    assert office.look(document).state == "SIGNED"
    assert signatures(document) == ("signed_pdf", [("leader", "VALID")])


def test_after_five_wrong_pins_the_key_rests_for_a_quarter_of_an_hour(office):
    document = office.start_draft()
    office.submit(document)
    office.approve(document)
    for _ in range(5):
        with pytest.raises(WrongPin):
            office.sign(document, pin="000000")

    with pytest.raises(PinRests):
        office.sign(document)
    with clock.set_to(clock.now() + dt.timedelta(minutes=16)):
        office.sign(document)

    assert office.look(document).state == "SIGNED"


def test_a_document_without_the_competent_signature_gets_no_number(office):
    clerk = office.actor("van-thu")
    with db.unit_of_work():
        unsigned = make_outgoing(clerk, state="SIGNED")

    with pytest.raises(NotSigned, match="Điều 32"), db.unit_of_work():
        operations.assign_number(unsigned.id, actor=clerk)


def test_number_and_seal_come_in_one_file_and_both_signatures_hold(office):
    document = office.signed()

    office.number(document)
    assert office.look(document).state_name == "Đã cấp số, chờ đóng dấu"
    office.run_jobs()

    sealed = office.look(document)
    assert (sealed.state, sealed.number_symbol) == ("SEALED", "01/UBND-VHTT")
    assert signatures(sealed) == ("issued_pdf", [("leader", "VALID"), ("organisation", "VALID")])
    with db.reading():
        assert queries.legal_value(sealed) == "FULL"
    assert office.task(sealed, "Task_issue").state == "ready"


@pytest.mark.parametrize("day", [dt.date(2016, 6, 2), dt.date(2015, 12, 31)])
def test_a_date_of_issue_in_the_future_or_another_year_is_refused_and_costs_no_number(office, day):
    document = office.signed()

    with pytest.raises(Invalid) as refusal, db.unit_of_work():
        operations.assign_number(document.id, day, actor=office.actor("van-thu"))

    assert list(refusal.value.fields) == ["issued_date"]
    with db.reading() as session:
        assert session.scalars(sa.select(DocumentNumber)).all() == []


def test_sealing_twice_is_sealing_once(office):
    document = office.signed()
    office.number(document)
    task_id = str(external_task(document).id)

    jobs.seal_document(task_id)
    first = signatures(office.look(document))
    jobs.seal_document(task_id)
    office.run_jobs()

    assert signatures(office.look(document)) == first
    assert external_task(document).state == "completed"


def test_a_job_killed_after_sealing_and_before_storing_leaves_nothing_half_done(office):
    document = office.signed()
    office.number(document)
    order = jobs.read_order(external_task(document).id)
    assert order is not None  # and here the worker dies

    office.run_jobs()

    assert office.look(document).state == "SEALED"
    assert office.look(document).number_symbol == "01/UBND-VHTT"


def test_two_workers_that_seal_at_once_store_one_file(office):
    document = office.signed()
    office.number(document)
    task_id = external_task(document).id
    slow = jobs.read_order(task_id)
    jobs.seal_document(str(task_id))
    with db.reading():
        stored = queries.current_pdf(document).sha256

    jobs.finish(slow, b"another", None)

    with db.reading():
        assert queries.current_pdf(document).sha256 == stored


def test_a_seal_that_fails_is_tried_again_with_the_same_number(office, certificates):
    document = office.signed()
    office.number(document)
    issuing.configure(certificates, seal_pin="sai")
    with pytest.raises(WrongPin):
        jobs.seal_document(str(external_task(document).id))
    assert office.look(document).state == "NUMBERED"
    assert "PIN" in office.look(document).seal_error

    issuing.configure(certificates, seal_pin=PIN)
    with clock.set_to(clock.now() + dt.timedelta(minutes=6)):
        jobs.retry_seals()
        office.run_jobs()

    sealed = office.look(document)
    assert (sealed.state, sealed.number_symbol, sealed.seal_error) == ("SEALED", "01/UBND-VHTT", "")


def test_a_document_that_waits_for_its_seal_is_not_issued(office):
    document = office.signed()
    office.number(document)

    with pytest.raises(SealNotReady), db.unit_of_work():
        operations.issue(document.id, actor=office.actor("van-thu"))


def test_a_void_number_ends_the_documents_process_and_the_next_goes_on(office):
    document = office.signed()
    office.number(document)
    with db.reading() as session:
        number_id = session.scalars(sa.select(DocumentNumber.id)).one()

    with db.unit_of_work():
        operations.void_number(number_id, "Ghi nhầm sổ", actor=office.actor("van-thu"))
    office.run_jobs()

    assert office.look(document).state == "VOIDED"
    other = office.signed()
    office.number(other)
    assert office.look(other).number_symbol == "02/UBND-VHTT"


def test_a_void_number_of_a_reply_gives_the_question_back_to_who_answers_it(office):
    question = office.receive()
    office.complete(question, "van-thu", "Task_register", outcome="register", registration=factories.REGISTRATION)
    office.complete(question, "chanh-van-phong", "Task_present", proposal="Giao Phòng VHTT")
    office.complete(question, "chu-tich", "Task_direct", lead_unit="P-VHTT", support_units=[], inform_units=[])
    office.complete(question, "tp-vhtt", "Task_assign", lead_person="cv-vhtt")
    office.complete(question, "cv-vhtt", "Task_solve", outcome="reply")
    with db.reading():
        (relation,) = queries.list_relations(question, office.actor("van-thu"))
    reply = relation.document
    office.submit(reply, **DRAFT)
    office.approve(reply)
    office.sign(reply)
    office.number(reply)
    with db.reading() as session:
        number_id = session.scalars(sa.select(DocumentNumber.id).where(DocumentNumber.document_id == reply.id)).one()

    with db.unit_of_work():
        operations.void_number(number_id, "Ghi nhầm sổ", actor=office.actor("van-thu"))
    office.run_jobs()

    assert office.look(reply).state == "VOIDED"
    with db.reading():
        tasks = engine_queries.list_instance_tasks(question.instance_id)
    assert [task.element_id for task in tasks if task.state == "ready"] == ["Task_solve"]
    office.complete(question, "cv-vhtt", "Task_solve", outcome="no_reply", result="Đã trao đổi trực tiếp")
    assert office.look(question).state == "COMPLETED"
