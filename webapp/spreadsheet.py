"""Tables as .xlsx files: a title, a head row that repeats in print, text that stays text, A4 landscape."""

import dataclasses
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

from kernel import clock

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = 3  #: the row of the columns' heads, below title, lead and a blank one
Cell = str | int | dt.date | dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its head and its width in characters."""

    head: str
    width: int = 14


def answer(name: str, title: str, lead: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Response:
    """The workbook as a file to be kept under `name` (ASCII, without ending)."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(workbook(title, lead, columns, rows), mimetype=MEDIA_TYPE, headers=headers)


def exported(rows: Sequence[object], what: str) -> str:
    """A lead that says when and how much: "Xuất lúc 05/05/2016 15:42, 12 văn bản"."""
    return f"Xuất lúc {clock.local(clock.now()):%d/%m/%Y %H:%M}, {len(rows)} {what}"


def workbook(title: str, lead: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The bytes of a workbook of one sheet. Text is never taken for a formula, dates and times are what they are."""
    import xlsxwriter  # noqa: PLC0415 - 0.2 s of every start, for one button

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_sheet_name(title))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    _write_head(book, sheet, title, lead, columns)
    _write_rows(book, sheet, rows)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.autofilter(HEAD, 0, HEAD + max(1, len(rows)), len(columns) - 1)
    book.close()
    return target.getvalue()


def _write_head(book: Any, sheet: Any, title: str, lead: str, columns: Sequence[Column]) -> None:
    font = {"font_name": "Times New Roman"}
    sheet.write_string(0, 0, title, book.add_format({**font, "bold": True, "font_size": 14}))
    sheet.write_string(1, 0, lead, book.add_format({**font, "font_size": 12}))
    head = book.add_format(
        {
            **font,
            "bold": True,
            "border": 1,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
            "bg_color": "#EEECE6",
        }
    )
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(HEAD, at, column.head, head)


def _write_rows(book: Any, sheet: Any, rows: Iterable[Sequence[Cell]]) -> None:
    plain = {"font_name": "Times New Roman", "border": 1, "text_wrap": True, "valign": "top"}
    text, day, moment = (
        book.add_format({**plain, **more})
        for more in (
            {},
            {"num_format": "dd/mm/yyyy", "align": "left"},
            {"num_format": "dd/mm/yyyy hh:mm", "align": "left"},
        )
    )
    for line, row in enumerate(rows, start=HEAD + 1):
        for at, value in enumerate(row):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(line, at, clock.local(value).replace(tzinfo=None), moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, at, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, int):
                sheet.write_number(line, at, value, text)
            else:
                sheet.write_string(line, at, value or "", text)


def _sheet_name(title: str) -> str:
    """At most 31 characters, none that Excel forbids in a name."""
    return "".join(c for c in title if c not in r"[]:*?/\\")[:31] or "Bảng"
