"""What a form may cost: what is asked of one form shares one bound, and ends in its refusal sentence."""

import json

import pytest

from forms import schema
from forms.errors import FormBroken

MANY = 145


def form(*components):
    return schema.load(json.dumps({"type": "default", "id": "thu", "components": list(components)}).encode())


def field(key, **more):
    return {"type": "textfield", "id": f"Field_{key}", "key": key, "label": key} | more


def computed(key, expression):
    return field(key, type="expression", expression=expression)


SLOW = "=count(for a in 1..100000, b in 1..100000 return a * b)"


@pytest.mark.parametrize(
    "component",
    [
        computed("x", SLOW),
        field("x", validate={"minLength": SLOW}),
        field("x", conditional={"hide": f"{SLOW} > 1"}),
        field("x", properties={"rule": f"{SLOW} > 1"}),
        field("x", label="{{" + SLOW + "}}"),
        field("x", readonly=f"{SLOW} > 1"),
        field("x", type="select", valuesExpression="=for a in 1..100000, b in 1..100000 return a"),
    ],
)
def test_what_costs_too_much_is_told_as_a_refusal_of_the_form(component):
    made = form(component)

    with pytest.raises(FormBroken, match="Biểu thức t"):
        schema.parse(made, {"x": ["a"]}, choices={}, context={})


def test_more_choices_than_people_can_look_through_are_refused_not_cut_off():
    made = form(field("x", type="select", valuesExpression="=for a in 1..501 return a"))

    with pytest.raises(FormBroken, match="hơn 500 lựa chọn"):
        schema.field_views(made, values={}, choices={}, context={})


def test_a_start_that_costs_too_much_leaves_the_field_empty():
    (view,) = schema.field_views(form(field("x", properties={"initial": SLOW})), values={}, choices={}, context={})

    assert view.value == ""


def test_many_expressions_that_each_are_cheap_enough_share_one_bound():
    each = "=count(for a in 1..3000 return a)"

    assert schema.parse(form(computed("x", each)), {}, choices={}, context={})
    with pytest.raises(FormBroken, match="Biểu thức t"):
        schema.parse(form(*[computed(f"c{i}", each) for i in range(MANY)]), {}, choices={}, context={})


def test_fields_that_hide_one_another_in_a_long_chain_are_bounded():
    chain = [field(f"h{i}", conditional={"hide": f"=h{i + 1} = null"}) for i in range(MANY)]
    made = form(*chain, *[computed(f"c{i}", "=h1") for i in range(MANY)])
    sent = {f"h{i}": ["a"] for i in range(MANY)}

    with pytest.raises(FormBroken, match="Biểu thức t"):
        schema.parse(made, sent, choices={}, context={})


def test_a_large_form_of_the_usual_kind_stays_far_below_the_bound():
    fields = [field(f"f{i}", conditional={"hide": f'=f{i - 1} = "no"'} if i else {}) for i in range(60)]
    made = form(*fields, *[computed(f"c{i}", f"=string length(f{i})") for i in range(60)], field("z", label="{{f1}}"))
    sent = {f"f{i}": ["yes"] for i in range(60)}

    assert schema.parse(made, sent, choices={}, context={})["c59"] == 3
