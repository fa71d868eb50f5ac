"""Functions of texts (DMN 1.5, 10.3.4.3). Characters are code points."""

from decimal import Decimal
from typing import Any

from feel import patterns
from feel.functions.arguments import items, made, optional, text, whole, written
from feel.functions.registry import TEXT, builtin
from feel.values import MAX_TEXT, Unfit

_PAIR = (text, text)


@builtin(
    "substring",
    "string, start position",
    "string, start position, length",
    takes=(text, whole, whole),
    group=TEXT,
    says="Phần văn bản bắt đầu từ vị trí đã cho (đếm từ 1; số âm đếm từ cuối), dài tối đa bấy nhiêu ký tự.",
    example='substring("công văn", -3)',
    result='"văn"',
)
def substring(string: str, start: int, length: int | None = None) -> str:
    if start == 0 or abs(start) > max(1, len(string)):
        raise Unfit("vị trí bắt đầu nằm ngoài văn bản")
    if length is not None and length < 0:
        raise Unfit("độ dài phải từ 0 trở lên")
    begin = start - 1 if start > 0 else max(0, len(string) + start)
    return written(string[begin:] if length is None else string[begin : begin + length])


@builtin(
    "string length",
    "string",
    takes=(text,),
    group=TEXT,
    says="Số ký tự của văn bản.",
    example='string length("tờ trình")',
    result="8",
)
def string_length(string: str) -> Decimal:
    return Decimal(len(string))


@builtin(
    "upper case",
    "string",
    takes=(text,),
    group=TEXT,
    says="Văn bản viết hoa toàn bộ.",
    example='upper case("Hỏa tốc")',
    result='"HỎA TỐC"',
)
def upper_case(string: str) -> str:
    return written(string.upper())


@builtin(
    "lower case",
    "string",
    takes=(text,),
    group=TEXT,
    says="Văn bản viết thường toàn bộ.",
    example='lower case("Hỏa Tốc")',
    result='"hỏa tốc"',
)
def lower_case(string: str) -> str:
    return written(string.lower())


@builtin(
    "substring before",
    "string, match",
    takes=_PAIR,
    group=TEXT,
    says="Phần đứng trước chỗ đầu tiên có đoạn cần tìm; rỗng khi không có.",
    example='substring before("12/UBND-VP", "/")',
    result='"12"',
)
def substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return written(before) if found else ""


@builtin(
    "substring after",
    "string, match",
    takes=_PAIR,
    group=TEXT,
    says="Phần đứng sau chỗ đầu tiên có đoạn cần tìm; rỗng khi không có.",
    example='substring after("12/UBND-VP", "/")',
    result='"UBND-VP"',
)
def substring_after(string: str, match: str) -> str:
    return written(string.partition(match)[2] if match else string)


@builtin(
    "contains",
    "string, match",
    takes=_PAIR,
    group=TEXT,
    says="Đúng khi văn bản có chứa đoạn cần tìm.",
    example='contains("công văn khẩn", "khẩn")',
    result="true",
)
def contains(string: str, match: str) -> bool:
    return match in string


@builtin(
    "starts with",
    "string, match",
    takes=_PAIR,
    group=TEXT,
    says="Đúng khi văn bản bắt đầu bằng đoạn đã cho.",
    example='starts with("QĐ-123", "QĐ")',
    result="true",
)
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@builtin(
    "ends with",
    "string, match",
    takes=_PAIR,
    group=TEXT,
    says="Đúng khi văn bản kết thúc bằng đoạn đã cho.",
    example='ends with("QĐ-123", "123")',
    result="true",
)
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@builtin(
    "matches",
    "input, pattern",
    "input, pattern, flags",
    takes=(text, text, optional(text)),
    group=TEXT,
    says="Đúng khi một phần của văn bản khớp biểu thức chính quy (XPath). Cờ: s, m, i (không phân biệt hoa thường), x.",
    example='matches("12/QĐ-UBND", "^[0-9]+/QĐ")',
    result="true",
)
def matches(string: str, pattern: str, flags: str | None = None) -> bool:
    return patterns.compiled(pattern, flags or "").found_in(string)


@builtin(
    "replace",
    "input, pattern, replacement",
    "input, pattern, replacement, flags",
    takes=(text, text, text, optional(text)),
    group=TEXT,
    says="Thay mọi chỗ khớp biểu thức chính quy; $1, $2 … trong văn bản thay thế là các nhóm đã khớp.",
    example='replace("2026-03-09", "(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3/$2/$1")',
    result='"09/03/2026"',
)
def replace(string: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    found = patterns.compiled(pattern, flags or "")
    if found.is_empty:
        raise Unfit("biểu thức chính quy khớp cả văn bản rỗng")
    return written(found.replaced(string, patterns.substitution(replacement, found.groups)))


@builtin(
    "split",
    "string, delimiter",
    takes=_PAIR,
    group=TEXT,
    says="Tách văn bản thành danh sách tại những chỗ khớp biểu thức chính quy.",
    example='split("Sở Nội vụ;Sở Tư pháp", ";")',
    result='["Sở Nội vụ", "Sở Tư pháp"]',
)
def split(string: str, delimiter: str) -> list[str]:
    pattern = patterns.compiled(delimiter)
    if pattern.is_empty:
        raise Unfit("dấu ngăn khớp cả văn bản rỗng")
    return made(pattern.split(string))


@builtin(
    "string join",
    "list",
    "list, delimiter",
    takes=(items, optional(text)),
    group=TEXT,
    says="Nối các văn bản của danh sách, giữa chúng là dấu ngăn; bỏ qua null.",
    example='string join(["VT", "HC"], ", ")',
    result='"VT, HC"',
)
def string_join(listed: list[Any], delimiter: str | None = None) -> str:
    parts = [part for part in listed if part is not None]
    if not all(isinstance(part, str) for part in parts):
        raise Unfit("danh sách có mục không phải là văn bản")
    between = delimiter or ""
    _check_length(parts, between)
    return written(between.join(parts))


def _check_length(parts: list[str], between: str) -> None:
    if sum(map(len, parts)) + len(between) * len(parts) > MAX_TEXT:
        raise Unfit("văn bản quá dài")
