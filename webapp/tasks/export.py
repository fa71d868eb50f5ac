"""Việc của tôi as a workbook."""

import io
from collections.abc import Sequence

import xlsxwriter

from kernel import clock
from webapp.tasks.work_list import Item

COLUMNS = [
    ("Hạn", 18),
    ("Tình trạng hạn", 22),
    ("Văn bản", 24),
    ("Trích yếu", 70),
    ("Cơ quan gửi", 34),
    ("Bước", 28),
    ("Độ khẩn", 14),
    ("Đang giữ", 26),
    ("Quy trình", 28),
]
URGENCY = ["Thường", "Khẩn", "Thượng khẩn", "Hỏa tốc"]


def workbook(items: Sequence[Item]) -> io.BytesIO:
    """One row a task, in the order of the list. Texts stay texts: a formula somebody typed is not run."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    )
    sheet = book.add_worksheet("Việc của tôi")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    date = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for row, item in enumerate(items, start=1):
        if item.task.due_at:
            sheet.write_datetime(row, 0, clock.local(item.task.due_at), date)
        for column, value in enumerate(_texts(item), start=1):
            sheet.write_string(row, column, value, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(items)), len(COLUMNS) - 1)
    book.close()
    target.seek(0)
    return target


def _texts(item: Item) -> list[str]:
    return [
        item.due.words,
        item.code,
        item.title,
        item.organ,
        item.step,
        URGENCY[item.urgency],
        item.holder,
        item.process,
    ]
