"""Functions that make one value of a list (DMN 1.5, 10.3.4.4): of no items null, but for count, mode, all and any."""

import collections
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel.comparison import compare
from feel.functions.arguments import items, numeric
from feel.functions.registry import BOOLEAN, LIST, builtin
from feel.values import CONTEXT, Unfit


def _of_list(name: str, says: str, example: str, result: str, work: Callable[[list[Any]], Any]) -> None:
    """The forms `f(list)` and `f(item, …)`."""
    group = BOOLEAN if name in ("all", "any") else LIST
    register = builtin(
        name, "list", takes=(items,), group=group, says=says, example=example, result=result, spread=True
    )
    register(work)


def _numbers(listed: list[Any]) -> list[Decimal]:
    if not listed:
        raise Unfit("danh sách rỗng")
    return [numeric(value) for value in listed]


def smallest(listed: list[Any]) -> Any:
    return _extreme(listed, -1)


def greatest(listed: list[Any]) -> Any:
    return _extreme(listed, 1)


def _extreme(listed: list[Any], wanted: int) -> Any:
    if not listed:
        raise Unfit("danh sách rỗng")
    best = listed[0]
    for value in listed:
        order = compare(value, best)
        if order is None:
            raise Unfit("danh sách có mục không so sánh được với nhau")
        best = value if order == wanted else best
    return best


def total(listed: list[Any]) -> Decimal:
    found = Decimal(0)
    for value in _numbers(listed):
        found = CONTEXT.add(found, value)
    return found


def product(listed: list[Any]) -> Decimal:
    found = Decimal(1)
    for value in _numbers(listed):
        found = CONTEXT.multiply(found, value)
    return found


def mean(listed: list[Any]) -> Decimal:
    return CONTEXT.divide(total(listed), Decimal(len(listed)))


def median(listed: list[Any]) -> Decimal:
    """Of an even number of items the mean of the two in the middle."""
    ordered = sorted(_numbers(listed))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def deviation(listed: list[Any]) -> Decimal:
    """Of a sample."""
    numbers, middle = _numbers(listed), mean(listed)
    if len(numbers) < 2:
        raise Unfit("cần ít nhất hai số")
    squares = [CONTEXT.power(CONTEXT.subtract(value, middle), Decimal(2)) for value in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(total(squares), Decimal(len(numbers) - 1)))


def mode(listed: list[Any]) -> list[Decimal]:
    """In ascending order."""
    if not listed:
        return []
    counted = collections.Counter(_numbers(listed))
    most = max(counted.values())
    return sorted(value for value, times in counted.items() if times == most)


def all_true(listed: list[Any]) -> bool:
    return _decided(listed, False)


def any_true(listed: list[Any]) -> bool:
    return _decided(listed, True)


def _decided(listed: list[Any], decisive: object) -> bool:
    """One decisive item is enough; else all have to be true or false."""
    if any(value is decisive for value in listed):
        return decisive is True
    if any(value.__class__ is not bool for value in listed):
        raise Unfit("danh sách có mục không phải là đúng hoặc sai")
    return decisive is not True


_of_list("min", "Giá trị nhỏ nhất của danh sách.", "min([3, 1, 2])", "1", smallest)
_of_list("max", "Giá trị lớn nhất của danh sách.", "max(3, 1, 2)", "3", greatest)
_of_list("sum", "Tổng các số của danh sách.", "sum([1, 2, 3])", "6", total)
_of_list("product", "Tích các số của danh sách.", "product([2, 3, 4])", "24", product)
_of_list("mean", "Trung bình cộng các số của danh sách.", "mean([1, 2, 3])", "2", mean)
_of_list("median", "Số đứng giữa khi xếp theo thứ tự.", "median([8, 2, 5, 3, 4])", "4", median)
_of_list("stddev", "Độ lệch chuẩn của mẫu.", "decimal(stddev([2, 4, 7, 5]), 2)", "2.08", deviation)
_of_list("mode", "Những số xuất hiện nhiều nhất, tăng dần.", "mode([6, 1, 9, 6, 1])", "[1, 6]", mode)
_of_list("all", "Đúng khi mọi mục đều đúng.", "all([true, false])", "false", all_true)
_of_list("any", "Đúng khi có một mục đúng.", "any([true, false])", "true", any_true)


@builtin(
    "count",
    "list",
    takes=(items,),
    group=LIST,
    says="Số mục của danh sách.",
    example="count([1, 2, 3])",
    result="3",
)
def count(listed: list[Any]) -> Decimal:
    return Decimal(len(listed))
