"""Sorting (DMN 1.5, 10.3.4.6)."""

from typing import Any

from feel.comparison import compare
from feel.functions.arguments import applied, function, items, made
from feel.functions.registry import LIST, builtin
from feel.values import Function, Unfit, number, spend


class _Ranked:
    """An item as Python's sort compares it: by the function, or by the order of the values."""

    __slots__ = ("precedes", "value")

    def __init__(self, value: Any, precedes: Function | None) -> None:
        self.value = value
        self.precedes = precedes

    def __lt__(self, other: "_Ranked") -> bool:
        spend(6)
        if self.precedes is not None:
            return applied(self.precedes, self.value, other.value) is True
        order = compare(self.value, other.value)
        if order is None:
            raise Unfit("danh sách có mục không so sánh được với nhau")
        return order < 0


@builtin(
    "sort",
    "list",
    "list, precedes",
    takes=(items, function),
    group=LIST,
    says="Danh sách được xếp thứ tự; hàm nói mục nào đứng trước mục nào.",
    example="sort([3, 1, 2], function(x, y) x > y)",
    result="[3, 2, 1]",
)
def sort(listed: list[Any], precedes: Function | None = None) -> list[Any]:
    if precedes is not None and len(precedes.parameters) != 2:
        raise Unfit("hàm so sánh phải có hai tham số")
    return made([one.value for one in sorted(_Ranked(number(value), precedes) for value in listed)])
