"""The forms we ship: what each asks, by its rules."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from forms import schema
from forms.components import Choice
from forms.errors import FormInvalid
from kernel.clock import VIETNAM

TODAY = dt.date(2016, 5, 4)
CHOICES = {
    "units": [Choice("VP", "Văn phòng"), Choice("P-TP", "Phòng Tư pháp"), Choice("P-VHTT", "Phòng VH-TT")],
    "unit_people": [Choice("cv-tp", "Quàng Thị Ngọc")],
    "leaders": [Choice("chu-tich", "Lò Văn Thắng")],
    "kinds": [Choice("QĐ", "Quyết định"), Choice("QC", "Quy chế")],
    "case_files": [Choice("1", "Hồ sơ 1")],
}
REGISTRATION = {
    "registration.number": "41",
    "registration.symbol": "TTr-VP",
    "registration.issued_date": "27/04/2016",
    "registration.kind": "QĐ",
    "registration.organ_name": "Văn phòng HĐND và UBND",
    "registration.subject": "Ban hành Quy chế",
    "registration.urgency": "1",
    "registration.channel": "axis",
    "registration.page_amount": "2",
    "registration.article7_declared": "on",
    "outcome": "register",
}
DRAFT = {
    "kind": "QĐ",
    "urgency": "0",
    "copies": "80",
    "subject": "Ban hành Quy chế",
    "body": "Điều 1. Ban hành kèm theo",
    "recipients": "Như Điều 3",
    "signer": "chu-tich",
    "archive_note": "VT, Hùng",
    "normative": "on",
}


def load(key):
    return schema.load(Path(f"forms/definitions/{key}.form").read_bytes())


def parse(key, **sent):
    texts = {name: [text] if isinstance(text, str) else text for name, text in sent.items()}
    return schema.parse(load(key), texts, choices=CHOICES, context={"today": TODAY})


def refused(key, **sent):
    with pytest.raises(FormInvalid) as refusal:
        parse(key, **sent)
    return refusal.value.fields


def test_registering_gives_the_fields_of_the_decree():
    values = parse("dang-ky-den", **REGISTRATION)

    registration = values["registration"]
    assert values["outcome"] == "register"
    assert registration["issued_date"] == dt.date(2016, 4, 27)
    assert registration["urgency"] == Decimal(1)
    assert registration["page_amount"] == Decimal(2)
    assert registration["article7_declared"] is True


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"registration.number": "", "registration.symbol": ""}, "registration.number"),
        ({"registration.issued_date": "05/05/2016"}, "registration.issued_date"),
        ({"registration.subject": "a" * 501}, "registration.subject"),
        ({"registration.subject": ""}, "registration.subject"),
        ({"registration.organ_name": ""}, "registration.organ_name"),
        ({"registration.kind": "XX"}, "registration.kind"),
        ({"registration.urgency": "4"}, "registration.urgency"),
        ({"registration.article7_declared": ""}, "registration.article7_declared"),
        ({"registration.article7_field": "TON_GIAO"}, "registration.article7_reference"),
        ({"registration.due_date": "03/05/2016"}, "registration.due_date"),
        ({"outcome": ""}, "outcome"),
    ],
)
def test_registering_refuses(change, key):
    assert list(refused("dang-ky-den", **REGISTRATION | change)) == [key]


def test_a_document_is_returned_with_a_reason_and_without_the_rest_of_the_register():
    sender = {"registration.organ_name": "UBND xã", "registration.subject": "Gửi nhầm", "outcome": "return_to_sender"}

    assert list(refused("dang-ky-den", **sender)) == ["opinion"]
    assert parse("dang-ky-den", **sender, opinion="Sai nơi nhận")["registration"] == {
        "organ_name": "UBND xã",
        "subject": "Gửi nhầm",
    }


def test_directing_wants_one_lead_that_does_not_also_support_and_a_day_to_come():
    sent = {"lead_unit": "P-VHTT", "due_date": "05/05/2016", "opinion": "Giao chủ trì"}

    assert parse("chi-dao", **sent, support_units=["P-TP"])["support_units"] == ["P-TP"]
    assert list(refused("chi-dao", **sent, support_units=["P-VHTT"])) == ["support_units"]
    assert list(refused("chi-dao", **sent, inform_units=["P-VHTT"])) == ["inform_units"]
    assert list(refused("chi-dao", **sent | {"due_date": "03/05/2016"})) == ["due_date"]


def test_a_direction_starts_from_the_proposal_and_the_deadline_of_the_document():
    context = {"today": TODAY, "proposed_lead_unit": "P-TP", "proposal": "Giao P-TP", "due_date": dt.date(2016, 5, 9)}

    views = schema.field_views(load("chi-dao"), values={}, choices=CHOICES, context=context)

    assert [view.value for view in views] == ["P-TP", "09/05/2016", [], [], "Giao P-TP"]


def test_a_direction_for_a_document_without_a_deadline_starts_at_ten_working_days():
    context = {"working_days": lambda days: dt.datetime(2016, 5, 18, 17, tzinfo=VIETNAM) if days == 10 else None}

    views = schema.field_views(load("chi-dao"), values={}, choices=CHOICES, context=context)

    assert [view.value for view in views if view.key == "due_date"] == ["18/05/2016"]


@pytest.mark.parametrize(
    ("key", "go_on"), [("duyet-noi-dung", "approve"), ("kiem-tra-the-thuc", "approve"), ("ky-so", "sign")]
)
def test_going_on_needs_no_words_and_returning_does(key, go_on):
    assert parse(key, outcome=go_on) == {"outcome": go_on, "opinion": ""}
    assert refused(key, outcome="return") == {"opinion": "Ghi chỗ cần sửa để người soạn biết."}
    assert parse(key, outcome="return", opinion="Sửa lề")["opinion"] == "Sửa lề"
    assert list(refused(key)) == ["outcome"]


def test_settling_without_a_reply_needs_its_reason():
    assert parse("giai-quyet", outcome="reply")["outcome"] == "reply"
    assert list(refused("giai-quyet", outcome="no_reply")) == ["result"]


def test_a_document_is_filed_in_an_open_case_file_or_a_new_one_with_a_title():
    assert parse("luu-ho-so", case_file="1", file_title="thừa") == {"case_file": "1"}
    assert parse("luu-ho-so", file_title="Hồ sơ mới") == {"case_file": None, "file_title": "Hồ sơ mới"}
    assert refused("luu-ho-so") == {"file_title": "Ghi tiêu đề hồ sơ mới, hoặc chọn một hồ sơ đang mở."}


def test_a_draft_has_the_values_of_an_official_document():
    values = parse("du-thao", **DRAFT)

    assert values["copies"] == Decimal(80)
    assert values["urgency"] == Decimal(0)
    assert values["normative"] is True


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"enclosed_title": "Quy chế"}, "enclosed_body"),
        ({"enclosed_body": "Điều 1."}, "enclosed_title"),
        ({"signer": "van-thu"}, "signer"),
        ({"copies": "1000"}, "copies"),
        ({"body": ""}, "body"),
        ({"recipients": ""}, "recipients"),
    ],
)
def test_a_draft_refuses(change, key):
    assert list(refused("du-thao", **DRAFT | change)) == [key]


def test_a_number_is_not_given_for_a_day_to_come():
    assert parse("cap-so", issued_date="04/05/2016") == {"issued_date": TODAY}
    assert list(refused("cap-so", issued_date="05/05/2016")) == ["issued_date"]


def test_issuing_wants_the_recipients_confirmed():
    assert parse("phat-hanh", recipients_confirmed="on", copies="80")["copies"] == Decimal(80)
    assert parse("phat-hanh", recipients_confirmed="on")["copies"] is None
    assert list(refused("phat-hanh", copies="80")) == ["recipients_confirmed"]
