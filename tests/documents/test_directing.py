"""Direction, assignment, settlement (NĐ 30/2020 Điều 23, 24)."""

import datetime as dt

import pytest

from documents import operations, queries
from documents.errors import NotLeader, WrongState
from documents.operations import directing
from kernel import clock, db
from kernel.errors import Invalid
from tests.documents.factories import make_incoming

NOW = dt.datetime.fromisoformat("2016-04-28T09:00+07:00")
MAY_6 = dt.date(2016, 5, 6)


@pytest.fixture
def incoming(actor):
    with clock.set_to(NOW):
        with db.unit_of_work():
            document = make_incoming(actor("van-thu"), state="PRESENTED", subject="Đề nghị")
        yield document


def direct(actor, document, **changed):
    values = {"lead_unit": "P-VHTT", "support_units": ["P-TP"], "inform_units": ["VP"], "due_date": MAY_6}
    with db.unit_of_work():
        return operations.direct(
            document.id, **{**values, **changed}, opinion="Giao Phòng VHTT chủ trì.", actor=actor("chu-tich")
        )


def test_one_unit_leads_others_support_or_are_informed(actor, incoming):
    direct(actor, incoming)

    with db.reading():
        (directive,) = queries.list_directives(incoming)
        assert [(r.role, r.unit.code, r.deadline) for r in directive.receipts] == [
            ("lead", "P-VHTT", MAY_6),
            ("support", "P-TP", MAY_6),
            ("inform", "VP", None),
        ]
        assert queries.find_document(incoming.id).state == "DIRECTED"


def test_a_new_direction_supersedes_the_earlier_one_which_stays_visible(actor, incoming):
    direct(actor, incoming)
    direct(actor, incoming, lead_unit="P-TP", support_units=[])

    with db.reading():
        now, before = queries.list_directives(incoming)
        assert now.superseded_at is None
        assert before.superseded_at is not None
        assert directing.lead_receipt(incoming).unit.code == "P-TP"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"lead_unit": ""}, "lead_unit"),
        ({"lead_unit": "P-XX"}, "lead_unit"),
        ({"support_units": ["P-VHTT"]}, "support_units"),
        ({"support_units": ["P-XX"]}, "support_units"),
        ({"inform_units": ["P-TP"]}, "inform_units"),
        ({"due_date": dt.date(2016, 4, 27)}, "due_date"),
    ],
)
def test_a_direction_that_cannot_be_is_refused_by_field(actor, incoming, changed, field):
    with pytest.raises(Invalid) as refusal:
        direct(actor, incoming, **changed)

    assert list(refusal.value.fields) == [field]


def test_a_deadline_on_a_day_off_is_refused_with_the_next_working_day(actor, incoming):
    with pytest.raises(Invalid) as refusal:
        direct(actor, incoming, due_date=dt.date(2016, 4, 30))

    assert "04/05/2016" in refusal.value.fields["due_date"]


def test_only_a_leader_directs(actor, incoming):
    with pytest.raises(NotLeader), db.unit_of_work():
        operations.direct(incoming.id, lead_unit="P-TP", actor=actor("tp-vhtt"))


def test_the_lead_unit_names_one_of_its_people(actor, incoming):
    direct(actor, incoming)
    with pytest.raises(Invalid), db.unit_of_work():
        operations.assign_person(incoming.id, lead_person="cv-tp", actor=actor("tp-vhtt"))

    with db.unit_of_work():
        receipt = operations.assign_person(incoming.id, lead_person="cv-vhtt", actor=actor("tp-vhtt"))

    assert receipt.person_id == actor("cv-vhtt").person_id


def test_a_document_is_settled_by_a_reply_or_in_words(actor, incoming):
    direct(actor, incoming)
    with db.unit_of_work():
        operations.assign_person(incoming.id, lead_person="cv-vhtt", actor=actor("tp-vhtt"))
    with pytest.raises(Invalid), db.unit_of_work():
        operations.complete_incoming(incoming.id, actor=actor("cv-vhtt"))

    with db.unit_of_work():
        document = operations.complete_incoming(incoming.id, result="Để biết", actor=actor("cv-vhtt"))

    assert (document.state, document.result) == ("COMPLETED", "Để biết")
    with db.reading():
        assert directing.lead_receipt(document).state == "done"


def test_a_document_that_was_not_registered_creates_no_duty(actor):
    with db.unit_of_work():
        arrived = make_incoming(actor("van-thu"))

    with pytest.raises(WrongState):
        direct(actor, arrived, due_date=None)


def test_the_timeline_tells_direction_and_result_in_order(actor, incoming):
    direct(actor, incoming)
    with clock.set_to(NOW + dt.timedelta(hours=1)), db.unit_of_work():
        operations.assign_person(incoming.id, lead_person="cv-vhtt", opinion="Làm ngay", actor=actor("tp-vhtt"))

    with db.reading():
        told = [(entry.kind, entry.who, entry.text) for entry in queries.timeline(incoming)]

    assert told == [
        ("arrival", "Trần Thị Lan", ""),
        ("direction", "Lò Văn Thắng", "Giao Phòng VHTT chủ trì."),
        ("assignment", "Vì Văn Sơn", "Làm ngay"),
    ]
