"""Computed fields, bounds and choices that depend on what was typed, fields that are only shown."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from forms import checking, schema
from forms.errors import FormBroken, FormInvalid


def form(*components):
    return schema.load(json.dumps({"type": "default", "id": "thu", "components": list(components)}).encode())


def field(key, kind="number", **more):
    return {"type": kind, "id": f"Field_{key}", "key": key, "label": more.pop("label", key)} | more


def computed(key, expression, **more):
    return field(key, "expression", expression=expression, **more)


def parse(made, context=None, given=None, **sent):
    sent = {key: [text] for key, text in sent.items()}
    return schema.parse(made, sent, choices={}, context=context or {}, given=given or {})


def refused(made, **sent):
    with pytest.raises(FormInvalid) as refusal:
        parse(made, **sent)
    return refusal.value.fields


def shown(made, context=None, given=None, **sent):
    sent = {key: [text] for key, text in sent.items()}
    views = schema.field_views(made, values=sent, choices={}, context=context or {}, given=given or {})
    return {view.key: view for view in views}


TRIP = (field("days"), computed("total", "=days * rate"), computed("rate", "=if days > 3 then 100 else 200"))


# ------------------------------------------------------------------------------------------------------------ computed
def test_a_computed_field_is_computed_at_the_server_whatever_the_browser_sends():
    assert parse(form(*TRIP), days="4", total="1")["total"] == Decimal(400)


def test_a_computed_field_may_read_one_that_stands_behind_it():
    assert parse(form(*TRIP), days="2") == {"days": Decimal(2), "total": Decimal(400), "rate": Decimal(200)}


def test_a_page_shows_what_is_computed_of_what_was_typed_even_when_it_was_refused():
    view = shown(form(*TRIP), days="12")["total"]

    assert (view.kind, view.value) == ("computed", "1.200")


def test_what_is_computed_at_sending_does_not_stand_on_the_page_before():
    made = form(field("days"), computed("total", "=days * 2", computeOn="presubmit"))

    assert shown(made, {"total": Decimal(1)}, days="3")["total"].value == ""
    assert parse(made, days="3")["total"] == Decimal(6)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ('=date and time("2026-03-02T10:30:00")', "10:30 02/03/2026"),
        ('=date and time("2026-03-02T20:30:00Z")', "03:30 03/03/2026"),
        ("=1 < 2", "Có"),
        ('=["a", 1234.5]', "a, 1.234,5"),
        ('=duration("P1Y")', "P1Y"),
    ],
)
def test_what_is_computed_is_written_as_people_write_it(expression, written):
    assert shown(form(computed("x", expression)))["x"].value == written


def test_a_computed_field_without_a_label_is_for_others_only():
    made = form(field("days"), computed("total", "=days * 2", label=""))

    assert list(shown(made, days="3")) == ["days"]
    assert parse(made, days="3")["total"] == Decimal(6)


def test_what_is_hidden_counts_as_empty_for_what_is_computed():
    made = form(
        field("paid", "checkbox"),
        field("sum", conditional={"hide": "=not(paid)"}),
        computed("tax", "=if sum = null then 0 else sum / 10"),
    )

    assert parse(made, sum="50") == {"paid": False, "tax": Decimal(0)}
    assert parse(made, sum="50", paid="true")["tax"] == Decimal(5)


def test_a_computed_field_may_hide_others_and_be_hidden_itself():
    made = form(
        field("days"),
        computed("long", "=days > 5", conditional={"hide": "=days = null"}),
        field("reason", "textfield", conditional={"hide": "=long != true"}, validate={"required": True}),
    )

    assert parse(made, days="2") == {"days": Decimal(2), "long": False}
    assert refused(made, days="9") == {"reason": "Ghi reason."}
    assert parse(made) == {"days": None}


def test_a_rule_on_a_computed_field_is_told_at_it():
    made = form(*TRIP[:1], computed("total", "=days * 2", properties={"rule": "total <= 10", "ruleMessage": "Quá 10."}))

    assert refused(made, days="6") == {"total": "Quá 10."}


def test_a_circle_of_computed_fields_is_refused_with_its_way():
    with pytest.raises(FormBroken) as refusal:
        form(computed("a", "=b + 1"), computed("b", "=c"), computed("c", "=a"), field("d"))

    assert "“a” → “b” → “c” → “a”" in refusal.value.sentence


def test_a_computed_field_without_an_expression_is_refused():
    with pytest.raises(FormBroken, match="chưa có biểu thức"):
        form(computed("a", ""))


# ------------------------------------------------------------------------------------------------- bounds and choices
@pytest.mark.parametrize(
    ("validate", "days", "told"),
    [
        ({"max": "=limit"}, "4", "Ghi số không quá 3."),
        ({"min": "=limit + 2"}, "4", "Ghi số từ 5 trở lên."),
        ({"required": "=limit = 3"}, "", "Ghi days."),
    ],
)
def test_bounds_may_depend_on_another_field(validate, days, told):
    made = form(field("limit"), field("days", validate=validate))

    assert refused(made, limit="3", days=days) == {"days": told}


def test_a_bound_may_be_a_whole_number_of_the_process():
    with pytest.raises(FormInvalid):
        parse(form(field("days", validate={"max": "=limit"})), {"limit": 3}, days="4")


def test_a_bound_that_cannot_be_computed_binds_nobody():
    assert parse(form(field("limit"), field("days", validate={"max": "=limit"})), days="99")["days"] == Decimal(99)


def test_the_shortest_text_may_depend_on_another_field():
    made = form(field("limit"), field("x", "textfield", validate={"minLength": "=limit"}))

    assert refused(made, limit="4", x="abc") == {"x": "Ghi ít nhất 4 ký tự."}


CHOOSING = form(
    field("group", "select", values=[{"label": "Số", "value": "n"}, {"label": "Chữ", "value": "t"}]),
    field("one", "select", valuesExpression='=if group = "n" then [1, 2] else [{label: "Bê", value: "b"}]'),
)


@pytest.mark.parametrize(
    ("choosing", "value", "key"),
    [
        ({"values": [{"label": "Có", "value": True}, {"label": "Không", "value": False}]}, True, "true"),
        ({"values": [{"label": "Nghìn", "value": 1000}]}, Decimal(1000), "1000"),
        ({"valuesExpression": "=[1000, 2.5]"}, Decimal("2.5"), "2.5"),
        ({"valuesExpression": '=[date("2026-01-02")]'}, dt.date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_what_was_chosen_is_found_again_among_the_choices(choosing, value, key):
    made = form(field("x", "select", **choosing))

    (view,) = schema.field_views(made, values={"x": value}, choices={}, context={})

    assert view.value == key
    assert key in {choice.value for choice in view.choices}
    assert parse(made, x=key)["x"] == value


def test_what_may_be_chosen_may_depend_on_what_was_chosen_before():
    assert parse(CHOOSING, group="n", one="2")["one"] == Decimal(2)
    assert parse(CHOOSING, group="t", one="b")["one"] == "b"
    assert refused(CHOOSING, group="t", one="2") == {"one": "Chọn một mục trong danh sách."}


def test_a_page_offers_what_may_be_chosen_now():
    assert [(c.value, c.label) for c in shown(CHOOSING, group="t")["one"].choices] == [("b", "Bê")]


# ---------------------------------------------------------------------------------------------- labels, only shown
@pytest.mark.parametrize("label", ['="Số ngày của " + who', "Số ngày của {{who}}"])
def test_a_label_may_name_what_was_typed(label):
    made = form(field("who", "textfield"), field("days", label=label))

    assert shown(made, who="An")["days"].label == "Số ngày của An"


@pytest.mark.parametrize("readonly", [True, '=kind = "fixed"'])
def test_a_field_that_is_only_shown_takes_nothing_from_the_browser(readonly):
    made = form(field("due", "datetime", subtype="date", readonly=readonly))
    context = {"kind": "fixed", "due": dt.date(2026, 3, 2)}

    assert parse(made, context, due="01/01/2030") == {"due": dt.date(2026, 3, 2)}
    assert parse(made, context, {"due": dt.date(2026, 3, 9)}, due="01/01/2030") == {"due": dt.date(2026, 3, 9)}
    assert shown(made, context, due="01/01/2030")["due"].readonly


ODD = [None, True, 7, Decimal("1.5"), "chữ", dt.date(2026, 3, 2), [1, "a"], ["a"], {"x": 1}]


@pytest.mark.parametrize("kind", ["textfield", "textarea", "number", "datetime", "select", "checklist", "checkbox"])
@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("readonly", [True, False])
def test_a_variable_of_another_type_than_its_field_is_shown_somehow(kind, value, readonly):
    made = form(field("x", kind, readonly=readonly), field("y", kind, properties={"initial": "=x"}))

    for start in ({"x": value}, {}):
        assert len(schema.field_views(made, values=start, choices={}, context={"x": value})) == 2
    assert "x" in parse(made, {"x": value})


def test_a_bound_beyond_all_measure_is_told_like_any_other():
    made = form(field("x", "textfield", validate={"minLength": "=10 ** 6000"}))

    assert refused(made, x="a") == {"x": "Ghi ít nhất 1000000 ký tự."}


def test_a_choice_that_is_only_shown_stays_though_it_is_not_offered_any_more():
    made = form(field("unit", "select", readonly=True, values=[{"label": "Một", "value": "1"}]))

    assert parse(made, {"unit": "2"})["unit"] == "2"
    assert shown(made, {"unit": "2"})["unit"].value == "2"


def test_a_field_that_is_only_shown_at_times_takes_what_is_typed_at_others():
    made = form(field("open", "checkbox"), field("x", "textfield", readonly="=not(open)"))

    assert parse(made, {"x": "cũ"}, open="true", x="mới")["x"] == "mới"
    assert parse(made, {"x": "cũ"}, x="mới")["x"] == "cũ"


def test_a_page_keeps_what_was_typed_in_a_field_that_is_only_shown_at_times():
    made = form(field("open", "checkbox"), field("x", "textfield", readonly="=not(open)"))

    assert shown(made, {"x": "cũ"}, open="true", x="mới")["x"].value == "mới"
    assert shown(made, {"x": "cũ"}, x="mới")["x"].value == "cũ"


def test_a_page_shows_in_a_field_that_is_only_shown_what_sending_it_would_keep():
    made = form(field("x", "textfield", readonly=True))

    assert shown(made, {"x": "cũ"})["x"].value == parse(made, {"x": "cũ"})["x"] == "cũ"


def test_a_default_may_be_an_expression_and_gives_way_to_ours():
    made = form(field("x", defaultValue="=1 + 2"), field("y", defaultValue="=1", properties={"initial": "=5"}))

    assert [view.value for view in shown(made).values()] == ["3", "5"]


def test_fields_on_which_others_depend_are_watched():
    views = shown(form(*TRIP, field("note", "textfield")), days="1", note="")

    assert [key for key, view in views.items() if view.is_watched] == ["days"]


# ------------------------------------------------------------------------------------------------------------ checking
@pytest.mark.parametrize(
    ("component", "level", "told"),
    [
        (computed("x", "=working_dais(3)"), "error", "không có hàm “working_dais”; có phải “working_days”?"),
        (computed("x", "=amont * 2"), "warning", "không có ô “amont”; có phải “amount”?"),
        (field("x", validate={"max": "=1 +\n amont"}), "warning", "dòng 2, cột 2"),
        (field("x", label="{{amont}}"), "warning", "“amount”"),
    ],
)
def test_a_slip_in_a_name_is_told_with_what_may_be_meant(component, level, told):
    (found,) = checking.check(form(field("amount"), component), {"working_days"})

    assert found.level == level
    assert told in found.sentence


def test_variables_of_the_process_are_not_doubted():
    assert checking.check(form(field("amount"), computed("x", "=lead_unit + amount")), set()) == []


def test_a_name_that_no_step_brings_is_doubted_where_all_names_are_known():
    made = form(field("amount"), computed("x", "=lead_unit + amounts.total + rate"))

    found = checking.check(made, set(), {"lead_unit", "amounts"})

    assert [one.level for one in found] == ["warning"]
    assert "biểu mẫu không có ô “rate” và không bước nào trước đó đưa ra biến này." in found[0].sentence


def test_a_slip_in_syntax_is_told_with_line_and_column():
    with pytest.raises(FormBroken, match=r"dòng 2, cột \d"):
        form(computed("x", "=1 +\n * 2"))
