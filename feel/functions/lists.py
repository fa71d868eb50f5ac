"""Functions of lists (DMN 1.5, 10.3.4.4). Positions count from 1, negative ones from the end."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from feel import kinds
from feel.comparison import equal
from feel.errors import FeelError
from feel.functions.arguments import anything, applied, items, made, whole
from feel.functions.registry import LIST, builtin
from feel.kinds import kind
from feel.types import MAX_DEPTH
from feel.values import Function, Unfit, number, spend

_KEYED = frozenset({kinds.NUMBER, kinds.STRING, kinds.BOOLEAN, kinds.DATE})


def _place(listed: list[Any], position: int) -> int:
    """Where in Python's list. Raises Unfit."""
    if position == 0 or abs(position) > len(listed):
        raise Unfit(f"vị trí {position} nằm ngoài danh sách {len(listed)} mục")
    return position - 1 if position > 0 else len(listed) + position


@builtin(
    "list contains",
    "list, element",
    takes=(items, anything),
    group=LIST,
    says="Đúng khi danh sách có mục đã cho.",
    example='list contains(["Mật", "Tối mật"], "Mật")',
    result="true",
)
def list_contains(listed: list[Any], element: Any) -> bool:
    return any(equal(item, element) is True for item in listed)


@builtin(
    "sublist",
    "list, start position",
    "list, start position, length",
    takes=(items, whole, whole),
    group=LIST,
    says="Phần danh sách từ vị trí đã cho, gồm bấy nhiêu mục.",
    example="sublist([4, 5, 6], 1, 2)",
    result="[4, 5]",
)
def sublist(listed: list[Any], start: int, length: int | None = None) -> list[Any]:
    begin = _place(listed, start)
    if length is None:
        return made(listed[begin:])
    if not 0 <= length <= len(listed) - begin:
        raise Unfit("danh sách không có bấy nhiêu mục")
    return made(listed[begin : begin + length])


@builtin(
    "append",
    "list, item",
    takes=(items, items),
    group=LIST,
    says="Danh sách có thêm các mục ở cuối.",
    example="append([1], 2, 3)",
    result="[1, 2, 3]",
    spread=True,
)
def append(listed: list[Any], more: list[Any]) -> list[Any]:
    return made([*listed, *more])


@builtin(
    "concatenate",
    "lists",
    takes=(items,),
    group=LIST,
    says="Nối các danh sách thành một.",
    example="concatenate([1, 2], [3])",
    result="[1, 2, 3]",
    spread=True,
)
def concatenate(lists: list[Any]) -> list[Any]:
    return made([item for part in lists for item in items(part)])


@builtin(
    "union",
    "lists",
    takes=(items,),
    group=LIST,
    says="Nối các danh sách và bỏ những mục trùng.",
    example="union([1, 2], [2, 3])",
    result="[1, 2, 3]",
    spread=True,
)
def union(lists: list[Any]) -> list[Any]:
    return _distinct(concatenate(lists))


@builtin(
    "distinct values",
    "list",
    takes=(items,),
    group=LIST,
    says="Danh sách không còn mục trùng.",
    example="distinct values([1, 2, 3, 2, 1])",
    result="[1, 2, 3]",
)
def distinct(listed: list[Any]) -> list[Any]:
    return _distinct(listed)


def _distinct(listed: list[Any]) -> list[Any]:
    known: set[tuple[str, Any]] = set()
    kept: list[Any] = []
    others: list[Any] = []
    for item in listed:
        key = (kind(item), item)
        if key[0] in _KEYED:
            is_new = key not in known
            known.add(key)
        elif is_new := not any(equal(other, item) is True for other in _charged(others)):
            others.append(item)
        if is_new:
            kept.append(item)
    return made(kept)


def _charged(listed: list[Any]) -> list[Any]:
    spend(4 * len(listed))
    return listed


@builtin(
    "insert before",
    "list, position, newItem",
    takes=(items, whole, anything),
    group=LIST,
    says="Danh sách có thêm một mục trước vị trí đã cho.",
    example="insert before([1, 3], 1, 2)",
    result="[2, 1, 3]",
)
def insert_before(listed: list[Any], position: int, item: Any) -> list[Any]:
    place = _place(listed, position)
    return made([*listed[:place], item, *listed[place:]])


@builtin(
    "remove",
    "list, position",
    takes=(items, whole),
    group=LIST,
    says="Danh sách bỏ đi mục ở vị trí đã cho.",
    example="remove([1, 2, 3], 2)",
    result="[1, 3]",
)
def remove(listed: list[Any], position: int) -> list[Any]:
    place = _place(listed, position)
    return made([*listed[:place], *listed[place + 1 :]])


@builtin(
    "list replace",
    "list, position, newItem",
    "list, match, newItem",
    takes=(items, anything, anything),
    group=LIST,
    says="Thay mục ở vị trí đã cho, hoặc mọi mục mà hàm so khớp (mục, mục mới) trả lời đúng.",
    example="list replace([2, 4, 7, 8], 3, 6)",
    result="[2, 4, 6, 8]",
)
def list_replace(listed: list[Any], which: Any, new: Any) -> list[Any]:
    if isinstance(which, Function):
        return made([new if _matched(which, item, new) else item for item in listed])
    place = _place(listed, whole(which))
    return made([*listed[:place], new, *listed[place + 1 :]])


def _matched(match: Function, item: Any, new: Any) -> bool:
    answer = applied(match, number(item), new)
    if answer.__class__ is not bool:
        raise Unfit("hàm so khớp không trả lời đúng hay sai")
    return bool(answer)


@builtin(
    "reverse",
    "list",
    takes=(items,),
    group=LIST,
    says="Danh sách theo thứ tự ngược lại.",
    example="reverse([1, 2, 3])",
    result="[3, 2, 1]",
)
def reverse(listed: list[Any]) -> list[Any]:
    return made(listed[::-1])


@builtin(
    "index of",
    "list, match",
    takes=(items, anything),
    group=LIST,
    says="Các vị trí có mục bằng giá trị đã cho.",
    example="index of([1, 2, 3, 2], 2)",
    result="[2, 4]",
)
def index_of(listed: list[Any], match: Any) -> list[Any]:
    return made([Decimal(place) for place, item in enumerate(listed, 1) if equal(item, match) is True])


@builtin(
    "flatten",
    "list",
    takes=(items,),
    group=LIST,
    says="Trải các danh sách lồng nhau thành một danh sách.",
    example="flatten([[1, 2], [[3]], 4])",
    result="[1, 2, 3, 4]",
)
def flatten(listed: list[Any]) -> list[Any]:
    return made(list(_leaves(listed, 0)))


def _leaves(listed: list[Any], depth: int) -> Iterator[Any]:
    if depth > MAX_DEPTH:
        raise FeelError(f"Danh sách lồng nhau quá {MAX_DEPTH} tầng.")
    spend(len(listed))
    for item in listed:
        if isinstance(item, list):
            yield from _leaves(item, depth + 1)
        else:
            yield item
