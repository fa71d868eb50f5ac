"""Watched work as a workbook."""

import io
from collections.abc import Sequence

import xlsxwriter

from kernel import clock
from webapp.monitoring.board import Line

COLUMNS = [
    ("Hạn", 18),
    ("Tình trạng hạn", 22),
    ("Văn bản", 24),
    ("Việc", 70),
    ("Bước", 28),
    ("Đơn vị", 34),
    ("Đang giữ", 26),
    ("Nhắc gần nhất", 18),
]


def workbook(lines: Sequence[Line]) -> io.BytesIO:
    """One row a task. Texts stay texts: a formula somebody typed is not run."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    )
    sheet = book.add_worksheet("Theo dõi")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    date = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for row, line in enumerate(lines, start=1):
        watched = line.watched
        sheet.write_datetime(row, 0, clock.local(watched.due_at), date)
        texts = [watched.words.text, line.code, line.title, watched.task.name, watched.unit_name, watched.person_name]
        for column, value in enumerate(texts, start=1):
            sheet.write_string(row, column, value, text)
        if watched.reminded_at:
            sheet.write_datetime(row, len(COLUMNS) - 1, clock.local(watched.reminded_at), date)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(lines)), len(COLUMNS) - 1)
    book.close()
    target.seek(0)
    return target
