"""Workbooks: what is text stays text, what is a time is one."""

import datetime as dt
import io
import zipfile

from kernel import clock
from webapp import spreadsheet
from webapp.spreadsheet import Column

COLUMNS = [Column(head="Một"), Column(head="Hai")]


def sheet(rows: list[list[spreadsheet.Cell]]) -> tuple[str, str]:
    """The XML of the sheet and of its texts."""
    data = spreadsheet.workbook("Sổ: đến/đi", "Năm 2016", COLUMNS, rows)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()


def test_what_somebody_typed_is_never_run() -> None:
    cells, texts = sheet([['=HYPERLINK("http://x","y")', "@SUM(1)"]])

    assert "<f>" not in cells
    assert "=HYPERLINK" in texts


def test_instants_are_written_in_the_offices_time() -> None:
    cells, _ = sheet([[dt.datetime(2016, 5, 5, 8, 42, tzinfo=dt.UTC), dt.date(2016, 5, 5)]])

    assert "42495.65416" in cells  # 15:42 in Vietnam
    assert "<v>42495</v>" in cells


def test_an_empty_list_is_a_workbook_too() -> None:
    cells, texts = sheet([])

    assert "Một" in texts
    assert "autoFilter" in cells


def test_a_lead_says_when_and_how_much() -> None:
    with clock.set_to(dt.datetime(2016, 5, 5, 8, 42, tzinfo=dt.UTC)):
        assert spreadsheet.exported([1, 2], "văn bản") == "Xuất lúc 05/05/2016 15:42, 2 văn bản"
