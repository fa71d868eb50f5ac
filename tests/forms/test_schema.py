"""Reading answers and showing them again: one table a rule."""

import datetime as dt
import json
import unicodedata
from decimal import Decimal

import pytest

from forms import schema
from forms.components import Choice
from forms.errors import FormBroken, FormInvalid

UNITS = [Choice("VP", "Văn phòng"), Choice("P-TP", "Phòng Tư pháp")]


def form(*components):
    return schema.load(json.dumps({"type": "default", "id": "thu", "components": list(components)}).encode())


def field(kind="textfield", key="x", label="Trích yếu nội dung", **more):
    return {"type": kind, "id": f"Field_{key}", "key": key, "label": label} | more


def parse(component, *texts, context=None):
    made = form(component)
    return schema.parse(made, {"x": texts}, choices={"units": UNITS}, context=context or {})["x"]


def refused(component, *texts, context=None):
    with pytest.raises(FormInvalid) as refusal:
        parse(component, *texts, context=context)
    return refusal.value.fields["x"]


NUMBER = field("number", decimalDigits=2, validate={"min": 1, "max": 2000})
DATE = field("datetime", subtype="date", label="Ngày văn bản")
SELECT = field("select", label="Đơn vị chủ trì", valuesKey="units")
RADIO = field("radio", values=[{"label": "Thường", "value": 0}, {"label": "Khẩn", "value": 1}])
BOX = field("checkbox")


@pytest.mark.parametrize(
    ("component", "texts", "expected"),
    [
        (field(), ["  Về   việc  "], "Về việc"),
        (field(), [unicodedata.normalize("NFD", "Quyết định")], "Quyết định"),
        (field(), ["một\nhai"], "một hai"),
        (field("textarea"), ["một \r\n hai"], "một\nhai"),
        (field(), [], ""),
        (NUMBER, ["1.234,5"], Decimal("1234.5")),
        (NUMBER, ["12"], Decimal(12)),
        (NUMBER, [""], None),
        (DATE, ["05/5/2016"], dt.date(2016, 5, 5)),
        (DATE, ["5-5-2016"], dt.date(2016, 5, 5)),
        (DATE, ["2016-05-05"], dt.date(2016, 5, 5)),
        (DATE, [""], None),
        (SELECT, ["P-TP"], "P-TP"),
        (SELECT, [""], None),
        (RADIO, ["1"], Decimal(1)),
        (field("checklist", valuesKey="units"), ["VP", "P-TP", "VP"], ["VP", "P-TP"]),
        (field("checklist", valuesKey="units"), [], []),
        (BOX, ["on"], True),
        (BOX, [], False),
        (BOX, ["false"], False),
    ],
)
def test_what_people_type_becomes_typed(component, texts, expected):
    value = parse(component, *texts)

    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("component", "texts", "sentence"),
    [
        (field(validate={"required": True}), ["  "], "Ghi trích yếu nội dung."),
        (field(label="UBND nhận", validate={"required": True}), [], "Ghi UBND nhận."),
        (SELECT | {"validate": {"required": True}}, [""], "Chọn đơn vị chủ trì."),
        (BOX | {"validate": {"required": True}}, [], "Đánh dấu vào ô này để đi tiếp."),
        (
            BOX | {"validate": {"required": True}, "properties": {"requiredMessage": "Xác nhận Điều 7."}},
            [],
            "Xác nhận Điều 7.",
        ),
        (field(validate={"maxLength": 5}), ["abcdef"], "Trích yếu nội dung dài 6 ký tự, tối đa 5. Rút gọn lại."),
        (field(validate={"minLength": 3}), ["ab"], "Ghi ít nhất 3 ký tự."),
        (field(validate={"pattern": "^[0-9]+$"}), ["12a"], "Ghi lại cho đúng mẫu."),
        (NUMBER, ["mười"], "Ghi số theo mẫu 1.234,5."),
        (NUMBER, ["1.5"], "Ghi số theo mẫu 1.234,5."),
        (NUMBER, ["0"], "Ghi số từ 1 đến 2000."),
        (NUMBER, ["1,234"], "Ghi không quá 2 chữ số sau dấu phẩy."),
        (NUMBER | {"decimalDigits": 0}, ["1,5"], "Ghi số nguyên, ví dụ 12."),
        (DATE, ["hôm qua"], "Ghi ngày theo mẫu 05/05/2016."),
        (DATE, ["30/02/2016"], "Không có ngày 30/02/2016. Ghi lại, ví dụ 05/05/2016."),
        (SELECT, ["P-XX"], "Chọn một mục trong danh sách."),
        (field("checklist", valuesKey="units"), ["VP", "P-XX"], "Chọn một mục trong danh sách."),
        (field("select", valuesKey="unknown"), ["VP"], "Chọn một mục trong danh sách."),
        (field(properties={"rule": 'x = "a"', "ruleMessage": "Ghi a."}), ["b"], "Ghi a."),
    ],
)
def test_what_cannot_be_taken_gets_a_sentence(component, texts, sentence):
    assert refused(component, *texts) == sentence


def test_the_number_zero_answers_a_required_field():
    assert parse(RADIO | {"validate": {"required": True}}, "0") == Decimal(0)


def test_unknown_keys_are_dropped():
    assert schema.parse(form(field()), {"x": ["a"], "admin": ["1"]}, choices={}, context={}) == {"x": "a"}


def test_dotted_keys_are_nested():
    made = form(field(key="registration.number"), field(key="registration.symbol"))

    values = schema.parse(
        made, {"registration.number": ["09"], "registration.symbol": ["QĐ-UBND"]}, choices={}, context={}
    )

    assert values == {"registration": {"number": "09", "symbol": "QĐ-UBND"}}


HIDING = [
    field(key="outcome"),
    field(key="reason", validate={"required": True}, conditional={"hide": '=outcome = "approve"'}),
    field(key="more", conditional={"hide": "=reason = null"}),
]


def test_a_hidden_field_is_neither_asked_for_nor_taken():
    sent = {"outcome": ["approve"], "reason": ["x"], "more": ["y"]}

    assert schema.parse(form(*HIDING), sent, choices={}, context={}) == {"outcome": "approve"}


def test_a_field_that_is_not_hidden_is_asked_for():
    with pytest.raises(FormInvalid) as refusal:
        schema.parse(form(*HIDING), {"outcome": ["return"]}, choices={}, context={})

    assert list(refusal.value.fields) == ["reason"]


def test_two_fields_that_hide_one_another_come_to_rest():
    made = form(field(key="a", conditional={"hide": "=b != null"}), field(key="b", conditional={"hide": "=a != null"}))

    assert schema.parse(made, {"a": ["1"], "b": ["2"]}, choices={}, context={}) == {}


def test_errors_come_in_the_order_of_the_page_and_a_rule_waits_for_its_field():
    made = form(
        field(key="b", validate={"required": True}, properties={"rule": 'b != ""', "ruleMessage": "luật"}),
        field(key="a", validate={"required": True}),
    )

    with pytest.raises(FormInvalid) as refusal:
        schema.parse(made, {}, choices={}, context={})

    assert list(refusal.value.fields.items()) == [("b", "Ghi trích yếu nội dung."), ("a", "Ghi trích yếu nội dung.")]


def test_a_rule_sees_the_process_and_its_functions():
    made = form(DATE | {"properties": {"rule": "x >= today and is_open(x)", "ruleMessage": "Chọn ngày khác."}})
    context = {"today": dt.date(2016, 5, 4), "is_open": lambda day: day.weekday() < 5}

    assert schema.parse(made, {"x": ["05/05/2016"]}, choices={}, context=context)
    for day in ("03/05/2016", "07/05/2016"):
        with pytest.raises(FormInvalid):
            schema.parse(made, {"x": [day]}, choices={}, context=context)


def test_a_rule_that_cannot_tell_holds_and_one_that_cannot_be_computed_is_reported():
    assert schema.parse(form(DATE | {"properties": {"rule": "x >= today"}}), {}, choices={}, context={}) == {"x": None}
    with pytest.raises(FormBroken):
        schema.parse(form(DATE | {"properties": {"rule": "unknown(x)"}}), {}, choices={}, context={})


def test_what_the_form_says_wins_over_the_variable_of_the_same_name():
    made = form(field(key="outcome"), field(key="opinion", properties={"rule": 'outcome != "return"'}))

    assert schema.parse(made, {"outcome": ["approve"]}, choices={}, context={"outcome": "return"})


# ---------------------------------------------------------------------------------------------------------- for a page
def views(*components, values=None, context=None):
    found = schema.field_views(form(*components), values=values or {}, choices={"units": UNITS}, context=context or {})
    return {view.key: view for view in found}


@pytest.mark.parametrize(
    ("component", "values", "shown"),
    [
        (NUMBER, {"x": Decimal("1234.5")}, "1.234,5"),
        (DATE, {"x": dt.date(2016, 5, 5)}, "05/05/2016"),
        (DATE, {"x": "2016-05-05"}, "2016-05-05"),
        (RADIO, {"x": 1}, "1"),
        (RADIO, {"x": Decimal(0)}, "0"),
        (BOX, {"x": True}, True),
        (BOX, {"x": ["on"]}, True),
        (field("checklist", valuesKey="units"), {"x": ["VP"]}, ["VP"]),
        (field(key="x"), {}, ""),
    ],
)
def test_values_are_shown_as_people_write_them(component, values, shown):
    assert views(component, values=values)["x"].value == shown


def test_nothing_that_was_typed_is_lost():
    assert views(DATE, values={"x": ["hôm qua"]})["x"].value == "hôm qua"


def test_an_unticked_box_stays_unticked_when_the_form_comes_back():
    box = field("checklist", key="units", valuesKey="units", properties={"initial": '=["VP"]'})

    assert views(box, field())["units"].value == ["VP"]
    assert views(box, field(), values={"x": [""]})["units"].value == []


def test_a_field_starts_with_what_its_expression_says_else_its_default():
    started = views(
        field(key="x", properties={"initial": "=proposal"}),
        field(key="y", properties={"initial": "=proposal"}, defaultValue="VT"),
        field(key="z", properties={"initial": "=unknown()"}, defaultValue="VT"),
        context={"proposal": None},
    )

    assert [view.value for view in started.values()] == ["", "VT", "VT"]
    assert views(field(properties={"initial": "=proposal"}), context={"proposal": "Giao"})["x"].value == "Giao"


def test_an_earlier_decision_of_the_process_is_not_the_answer_to_this_form():
    assert views(field(key="outcome"), context={"outcome": "return"})["outcome"].value == ""


def test_hidden_fields_are_not_shown():
    assert list(views(*HIDING, values={"outcome": "approve"})) == ["outcome"]
    assert list(views(*HIDING, values={"outcome": ["approve"]})) == ["outcome"]


def test_options_carry_their_hints_and_lists_come_from_the_caller():
    radio = field("radio", values=[{"label": "Duyệt", "value": "approve", "hint": "Chuyển tiếp"}])

    assert views(radio)["x"].choices == (Choice("approve", "Duyệt", "Chuyển tiếp"),)
    assert list(views(SELECT)["x"].choices) == UNITS
