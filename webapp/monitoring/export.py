"""Watched work as a workbook."""

from collections.abc import Sequence

from flask import Response

from webapp import spreadsheet
from webapp.monitoring.board import Line
from webapp.spreadsheet import Cell, Column

COLUMNS = (
    Column(head="Hạn", width=18),
    Column(head="Tình trạng hạn", width=22),
    Column(head="Văn bản", width=24),
    Column(head="Việc", width=70),
    Column(head="Bước", width=28),
    Column(head="Đơn vị", width=34),
    Column(head="Đang giữ", width=26),
    Column(head="Nhắc gần nhất", width=18),
)


def answer(lines: Sequence[Line]) -> Response:
    """One row a task."""
    rows = [_cells(line) for line in lines]
    return spreadsheet.answer("theo-doi", "Theo dõi công việc", spreadsheet.exported(lines, "việc"), COLUMNS, rows)


def _cells(line: Line) -> list[Cell]:
    watched = line.watched
    return [
        watched.due_at,
        watched.words.text,
        line.code,
        line.title,
        watched.task.name,
        watched.unit_name,
        watched.person_name,
        watched.reminded_at,
    ]
