"""Answers of a decision as a file to take along."""

from collections.abc import Sequence

from flask import Response

from webapp import spreadsheet
from webapp.decisions.past import Row
from webapp.spreadsheet import Cell, Column

COLUMNS = (
    Column(head="Lúc", width=18),
    Column(head="Số, ký hiệu", width=22),
    Column(head="Hồ sơ", width=50),
    Column(head="Quy trình", width=34),
    Column(head="Bước", width=30),
    Column(head="Ai", width=26),
    Column(head="Bản", width=6),
    Column(head="Dòng khớp", width=12),
    Column(head="Hỏi", width=50),
    Column(head="Trả lời", width=40),
    Column(head="Mã lần quyết định", width=38),
)
HIDDEN = "(không thuộc quyền xem)"


def as_workbook(name: str, rows: Sequence[Row]) -> Response:
    lead = spreadsheet.exported(rows, "lần quyết định")
    return spreadsheet.answer("lan-quyet-dinh", f"Các lần quyết định: {name}", lead, COLUMNS, [_cells(r) for r in rows])


def _cells(row: Row) -> list[Cell]:
    told = row.evaluation
    return [
        told.row.at,
        row.subject.code,
        row.subject.title,
        told.definition.name,
        row.place,
        told.row.person_name,
        told.decision.version,
        row.rules,
        HIDDEN if row.inputs is None else row.inputs,
        HIDDEN if row.answer is None else row.answer,
        str(told.row.id),
    ]
