"""What is said beside a field that cannot be taken: what is missing, what to write."""

import decimal

from forms.components import Field

_VERBS = {"select": "Chọn", "radio": "Chọn", "checklist": "Chọn"}
DATE = "Ghi ngày theo mẫu 05/05/2016."
WHOLE_NUMBER = "Ghi số nguyên, ví dụ 12."
NUMBER = "Ghi số theo mẫu 1.234,5."
NOT_OFFERED = "Chọn một mục trong danh sách."
RULE = "Giá trị này chưa phù hợp với các ô khác. Xem lại."
PATTERN = "Ghi lại cho đúng mẫu."


def missing(field: Field) -> str:
    if field.required_message:
        return field.required_message
    if field.kind == "checkbox":
        return "Đánh dấu vào ô này để đi tiếp."
    return f"{_VERBS.get(field.kind, 'Ghi')} {_lowered(field.label)}."


def too_long(field: Field, length: int) -> str:
    return f"{field.label} dài {length} ký tự, tối đa {field.max_length}. Rút gọn lại."


def too_short(field: Field) -> str:
    return f"Ghi ít nhất {field.min_length} ký tự."


def no_such_day(text: str) -> str:
    return f"Không có ngày {text}. Ghi lại, ví dụ 05/05/2016."


def out_of_range(field: Field) -> str:
    low, high = _plain(field.minimum), _plain(field.maximum)
    if low and high:
        return f"Ghi số từ {low} đến {high}."
    return f"Ghi số từ {low} trở lên." if low else f"Ghi số không quá {high}."


def too_many_decimals(field: Field) -> str:
    return f"Ghi không quá {field.decimals} chữ số sau dấu phẩy." if field.decimals else WHOLE_NUMBER


def _lowered(label: str) -> str:
    """ "Trích yếu" → "trích yếu", "UBND huyện" stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _plain(number: decimal.Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}".replace(".", ",")
