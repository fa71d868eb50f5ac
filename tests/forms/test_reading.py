"""Loading form-js schemas: what is understood, what is refused."""

import json
from pathlib import Path

import pytest

from forms import schema
from forms.errors import FormBroken

SHIPPED = sorted(Path("forms/definitions").glob("*.form"))


def source(*components, **more):
    return json.dumps({"type": "default", "id": "thu", "schemaVersion": 19, "components": list(components), **more})


def load(*components):
    return schema.load(source(*components).encode())


def field(**more):
    return {"type": "textfield", "id": "Field_name", "key": "name", "label": "Tên"} | more


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_is_understood_and_named_like_its_file(path):
    form = schema.load(path.read_bytes())

    assert form.id == path.stem
    assert form.fields


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_columns_of_each_row_fill_it_and_no_more(path):
    rows = {}
    for component in json.loads(path.read_bytes())["components"]:
        rows.setdefault(component["layout"]["row"], []).append(component["layout"]["columns"])
    shown = {item.key: item.columns for item in schema.load(path.read_bytes()).items}

    assert {sum(columns) for columns in rows.values()} == {16}
    for row, columns in rows.items():
        keys = [
            c["key"] for c in json.loads(path.read_bytes())["components"] if c["layout"]["row"] == row and "key" in c
        ]
        assert not keys or sum(shown[key] for key in keys) == 12, (row, columns)


@pytest.mark.parametrize(
    ("component", "told"),
    [
        ({"type": "filepicker", "key": "x", "label": "Tệp"}, "filepicker"),
        ({"type": "datetime", "subtype": "datetime", "key": "x", "label": "Lúc"}, "mới dùng được ngày"),
        (field(key="tên riêng"), "khóa"),
        (field(key=""), "khóa"),
        (field(conditional={"hide": "=a ="}), "FEEL"),
        (field(properties={"rule": "a +"}), "FEEL"),
        (field(validate={"pattern": "(a+)+$"}), "lặp một nhóm"),
        (field(validate={"pattern": "["}), "biểu thức chính quy"),
        (field(validate={"min": "abc"}), "“Tên” ghi không đúng dạng"),
        (field(values=["a"]), "ghi không đúng dạng"),
        (field(conditional="=a"), "ghi không đúng dạng"),
        (field(layout=3), "ghi không đúng dạng"),
        (field(type="number", decimalDigits="hai"), "ghi không đúng dạng"),
        ({"type": "group", "components": "x"}, "danh sách thành phần"),
        ("x", "danh sách thành phần"),
    ],
)
def test_what_cannot_be_shown_faithfully_is_refused_with_its_reason(component, told):
    with pytest.raises(FormBroken) as refusal:
        load(component)

    assert told in refusal.value.sentence
    assert "thu" in refusal.value.sentence


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"type": "other"}', b"{" + b" " * 600_000 + b"}"])
def test_a_file_that_is_no_form_is_refused(text):
    with pytest.raises(FormBroken):
        schema.load(text)


def test_two_fields_of_one_key_are_refused():
    with pytest.raises(FormBroken, match="hai ô cùng khóa"):
        load(field(), field(id="Field_other"))


def test_a_key_that_is_the_beginning_of_another_is_refused():
    with pytest.raises(FormBroken, match=r"“signer.name” và ô “signer.name.first” chồng khóa"):
        load(field(key="signer.name"), field(key="signer.name.first"))


def test_a_group_becomes_a_heading_and_prefixes_its_keys():
    form = load({"type": "group", "id": "g", "label": "Người ký", "path": "signer", "components": [field()]})

    assert [(item.kind, item.key, item.label) for item in form.items] == [
        ("heading", "", "Người ký"),
        ("text", "signer.name", "Tên"),
    ]


def test_separators_and_buttons_are_left_out():
    assert load({"type": "separator"}, {"type": "button", "label": "Gửi"}, field()).items[0].key == "name"


def test_components_without_columns_share_their_row():
    row = {"layout": {"row": "Row_1"}}

    form = load(field(key="a", **row), field(key="b", **row), field(key="c"))

    assert [item.columns for item in form.items] == [6, 6, 12]
