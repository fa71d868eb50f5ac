"""Việc của tôi as a workbook."""

from collections.abc import Sequence

from flask import Response

from documents import states
from webapp import spreadsheet
from webapp.spreadsheet import Cell, Column
from webapp.tasks.work_list import Item

COLUMNS = (
    Column(head="Hạn", width=18),
    Column(head="Tình trạng hạn", width=22),
    Column(head="Văn bản", width=24),
    Column(head="Trích yếu", width=70),
    Column(head="Cơ quan gửi", width=34),
    Column(head="Bước", width=28),
    Column(head="Độ khẩn", width=14),
    Column(head="Đang giữ", width=26),
    Column(head="Quy trình", width=28),
)


def answer(items: Sequence[Item]) -> Response:
    """One row a task, in the order of the list."""
    rows = [_cells(item) for item in items]
    return spreadsheet.answer("viec-cua-toi", "Việc của tôi", spreadsheet.exported(items, "việc"), COLUMNS, rows)


def _cells(item: Item) -> list[Cell]:
    return [
        item.task.due_at,
        item.due.words,
        item.code,
        item.title,
        item.organ,
        item.step,
        states.URGENCIES[item.urgency],
        item.holder,
        item.process,
    ]
