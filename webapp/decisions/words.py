"""Decisions in words: what kind of logic, how rules are chosen, values in a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.decisions import model, types
from webapp.instances import typed

POLICIES = {
    "UNIQUE": "chỉ một dòng được khớp",
    "FIRST": "dòng khớp đầu tiên",
    "ANY": "các dòng khớp phải trả lời như nhau",
    "PRIORITY": "dòng khớp có trả lời ưu tiên nhất",
    "COLLECT": "mọi dòng khớp",
    "RULE ORDER": "mọi dòng khớp, theo thứ tự của bảng",
    "OUTPUT ORDER": "mọi dòng khớp, theo thứ tự ưu tiên của trả lời",
}
AGGREGATIONS = {"SUM": "cộng lại", "COUNT": "đếm số dòng", "MIN": "lấy số nhỏ nhất", "MAX": "lấy số lớn nhất"}
LOGIC = {
    model.Invocation: "Lời gọi hàm",
    model.Context: "Khung giá trị",
    model.Listing: "Danh sách",
    model.Relation: "Bảng giá trị",
    model.FunctionDefinition: "Hàm",
    model.Conditional: "Rẽ nhánh",
    model.Service: "Dịch vụ quyết định",
}
NOTHING = "(trống)"


def policy(name: str) -> str:
    return POLICIES.get(name, name)


def aggregation(name: str) -> str:
    return AGGREGATIONS.get(name, name)


def type_name(name: str) -> str:
    """Of a built-in type; nothing for one that nobody knows."""
    return types.WORDS.get(name, "")


def logic(told: Any) -> str:
    """What kind of logic a decision has that is no table."""
    return LOGIC.get(type(told), "Biểu thức")


def value(told: Any) -> str:
    """In one line: "P-TP", "1,5", "a, b", "kind: QĐ; pages: 3"."""
    if isinstance(told, Mapping):
        return "; ".join(f"{name}: {value(item)}" for name, item in told.items()) or NOTHING
    if isinstance(told, Sequence) and not isinstance(told, str):
        return ", ".join(value(item) for item in told) or NOTHING
    return typed.show(told).words if told != "" else "“”"


def rows(told: Sequence[Mapping[str, Any]]) -> str:
    """What a decision answered; the name of a single output says nothing."""
    found = [value(next(iter(row.values()))) if len(row) == 1 else value(row) for row in told]
    return " · ".join(found) or "không trả lời"


def numbers(rules: Sequence[int]) -> str:
    return ", ".join(map(str, rules))
