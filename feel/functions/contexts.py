"""Functions of contexts (DMN 1.5, 10.3.4.8)."""

from collections.abc import Mapping
from typing import Any

from feel import kinds
from feel.functions.arguments import anything, context, items, made, single, text
from feel.functions.registry import CONTEXT, builtin
from feel.values import Unfit, grow, number, spend

PLACE = 20  #: size of an entry, as a Run counts it
ENTRY = 240  #: size of a context of two entries


@builtin(
    "get value",
    "m, key",
    takes=(context, text),
    group=CONTEXT,
    says="Giá trị của một mục trong ngữ cảnh; null khi không có mục đó.",
    example='get value({"loại": "QĐ"}, "loại")',
    result='"QĐ"',
)
def get_value(values: Mapping[str, Any], key: str) -> Any:
    return number(values.get(key))


@builtin(
    "get entries",
    "m",
    takes=(context,),
    group=CONTEXT,
    says="Danh sách các mục của ngữ cảnh, mỗi mục gồm key và value.",
    example="get entries({a: 1})",
    result='[{key: "a", value: 1}]',
)
def get_entries(values: Mapping[str, Any]) -> list[Any]:
    grow(ENTRY * len(values))
    return made([{"key": key, "value": number(value)} for key, value in values.items()])


@builtin(
    "context",
    "entries",
    takes=(items,),
    group=CONTEXT,
    says="Ngữ cảnh làm từ danh sách các mục có key và value.",
    example='context([{key: "a", value: 1}])',
    result="{a: 1}",
)
def context_of(entries: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        one = context(entry)
        if "key" not in one or "value" not in one:
            raise Unfit("mỗi mục phải có key và value")
        key = single(one["key"], kinds.STRING)
        if key in found:
            raise Unfit(f"có hai mục cùng tên “{key[:60]}”")
        found[key] = one["value"]
    return _charged(found)


@builtin(
    "context put",
    "context, key, value",
    "context, keys, value",
    takes=(context, anything, anything),
    group=CONTEXT,
    says="Ngữ cảnh có thêm hoặc thay một mục; danh sách tên là đường đi vào các ngữ cảnh bên trong.",
    strict={"context, key, value": (context, text, anything)},
    example='context put({x: 1, y: {a: 0}}, ["y", "a"], 2)',
    result="{x: 1, y: {a: 2}}",
)
def context_put(values: Mapping[str, Any], keys: Any, value: Any) -> dict[str, Any]:
    path = keys if isinstance(keys, list) else [keys]
    if not path or len(path) > 64:
        raise Unfit("đường đi phải có từ 1 đến 64 tên")
    return _put(values, [single(key, kinds.STRING) for key in path], value)


def _put(values: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    key, *rest = path
    new = _put(context(values.get(key)), rest, value) if rest else value
    return _charged({**values, key: new})


@builtin(
    "context merge",
    "contexts",
    takes=(items,),
    group=CONTEXT,
    says="Gộp các ngữ cảnh; mục trùng tên lấy ở ngữ cảnh sau.",
    example="context merge([{x: 1}, {x: 2, y: 0}])",
    result="{x: 2, y: 0}",
)
def context_merge(contexts: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in contexts:
        found.update(_charged(dict(context(one))))
    return found


def _charged(values: dict[str, Any]) -> dict[str, Any]:
    spend(len(values) // 4)
    grow(PLACE * len(values))
    return values
