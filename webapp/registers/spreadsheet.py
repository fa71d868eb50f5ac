"""Tables as .xlsx files: a title, a head row that repeats in print, text that stays text, A4 landscape."""

import dataclasses
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | dt.date | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its head and its width in characters."""

    head: str
    width: int = 14


def workbook(title: str, lead: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes of a workbook of one sheet. Text is never taken for a formula, dates are dates."""
    import xlsxwriter  # noqa: PLC0415 - 0.2 s of every start, for one button

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_sheet_name(title))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    _write_head(book, sheet, title, lead, columns)
    _write_rows(book, sheet, rows)
    sheet.freeze_panes(4, 0)
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
        sheet.write_string(3, at, column.head, head)


def _write_rows(book: Any, sheet: Any, rows: Iterable[Sequence[Cell]]) -> None:
    plain = {"font_name": "Times New Roman", "border": 1, "text_wrap": True, "valign": "top"}
    text, day = book.add_format(plain), book.add_format({**plain, "num_format": "dd/mm/yyyy", "align": "left"})
    for line, row in enumerate(rows, start=4):
        for at, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(line, at, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, int):
                sheet.write_number(line, at, value, text)
            else:
                sheet.write_string(line, at, value or "", text)


def _sheet_name(title: str) -> str:
    """At most 31 characters, none that Excel forbids in a name."""
    return "".join(c for c in title if c not in r"[]:*?/\\")[:31] or "Bảng"
