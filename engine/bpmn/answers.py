"""camunda:mapDecisionResult: in which form a business rule task hands on the rows it was answered."""

from collections.abc import Sequence
from typing import Any

SINGLE_ENTRY, SINGLE_RESULT = "singleEntry", "singleResult"
COLLECT_ENTRIES, RESULT_LIST = "collectEntries", "resultList"
MAPPINGS = (SINGLE_ENTRY, SINGLE_RESULT, COLLECT_ENTRIES, RESULT_LIST)


class Unmapped(Exception):
    """More rows or columns than the task can take. The message is a Vietnamese sentence."""


def mapped(rows: Sequence[dict[str, Any]], mapping: str) -> Any:
    """Null where a single one is wanted and there is none. Raises Unmapped where there are several."""
    if mapping == RESULT_LIST:
        return list(rows)
    if mapping == COLLECT_ENTRIES:
        return [value for row in rows for value in _only(row)]
    if len(rows) > 1:
        raise Unmapped(f"quyết định trả lời {len(rows)} dòng mà bước này chỉ nhận một ({mapping}).")
    if mapping == SINGLE_RESULT:
        return next(iter(rows), None)
    return next((value for row in rows for value in _only(row)), None)


def _only(row: dict[str, Any]) -> list[Any]:
    """The one value of a row, if it has one."""
    if len(row) > 1:
        told = ", ".join(row)
        raise Unmapped(f"quyết định trả lời nhiều cột ({told}) mà bước này chỉ nhận một giá trị mỗi dòng.")
    return list(row.values())
