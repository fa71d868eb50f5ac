"""Instances and their history as files to take along."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from flask import Response

from webapp import spreadsheet
from webapp.instances.listing import Row
from webapp.instances.page import Head
from webapp.instances.past import Step
from webapp.spreadsheet import Cell, Column
from webapp.texts import date, datetime

FORMULAS = ("=", "+", "-", "@", "\t", "\r")  #: what a spreadsheet would calculate

COLUMNS = (
    Column(head="Số, ký hiệu", width=22),
    Column(head="Hồ sơ", width=60),
    Column(head="Quy trình", width=34),
    Column(head="Bản", width=6),
    Column(head="Trạng thái", width=14),
    Column(head="Đang đứng ở", width=40),
    Column(head="Sự cố", width=8),
    Column(head="Bắt đầu", width=18),
    Column(head="Người bắt đầu", width=26),
    Column(head="Kết thúc", width=18),
    Column(head="Thời gian", width=18),
    Column(head="Thời gian làm việc", width=24),
    Column(head="Mã hồ sơ", width=38),
)

STEP_COLUMNS = (
    Column(head="Vào lúc", width=18),
    Column(head="Ra lúc", width=18),
    Column(head="Bước", width=40),
    Column(head="Loại", width=22),
    Column(head="Kết quả", width=14),
    Column(head="Ai", width=26),
    Column(head="Thời gian", width=18),
    Column(head="Thời gian làm việc", width=24),
    Column(head="Trước và sau", width=70),
)


def list_as_workbook(rows: Sequence[Row]) -> Response:
    lead = spreadsheet.exported(rows, "hồ sơ")
    return spreadsheet.answer("ho-so-quy-trinh", "Hồ sơ quy trình", lead, COLUMNS, [_cells(row) for row in rows])


def list_as_csv(rows: Sequence[Row]) -> Response:
    return as_csv("ho-so-quy-trinh", COLUMNS, [_cells(row) for row in rows])


def steps_as_workbook(head: Head, steps: Sequence[Step]) -> Response:
    title = f"{head.definition.name}: {head.subject.code or head.subject.title}"
    rows = [_step_cells(step) for step in steps]
    return spreadsheet.answer("lich-su", title, spreadsheet.exported(steps, "bước"), STEP_COLUMNS, rows)


def steps_as_csv(steps: Sequence[Step]) -> Response:
    return as_csv("lich-su", STEP_COLUMNS, [_step_cells(step) for step in steps])


def as_csv(name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Response:
    """UTF-8 with a mark at the beginning, so that a spreadsheet opens it as it is, and takes no text for a formula."""
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow([column.head for column in columns])
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + told.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cells(row: Row) -> list[Cell]:
    instance = row.instance
    return [
        row.subject.code,
        row.subject.title,
        row.definition.name,
        row.definition.version,
        row.state.label,
        "; ".join(row.places),
        row.incidents,
        instance.started_at,
        instance.started_by_name,
        instance.ended_at,
        row.calendar,
        row.office,
        instance.business_key,
    ]


def _step_cells(step: Step) -> list[Cell]:
    told = [f"{change.name}: {change.before or '—'} → {change.after or '—'}" for change in step.changes]
    return [
        step.entered_at,
        step.left_at,
        step.name,
        step.kind,
        step.outcome.label,
        step.person,
        step.calendar,
        step.office,
        "\n".join(told),
    ]


def _plain(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return datetime(cell)
    if isinstance(cell, dt.date):
        return date(cell)
    told = "" if cell is None else str(cell)
    return f"'{told}" if told.startswith(FORMULAS) else told
