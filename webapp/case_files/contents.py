"""A case file as a reader sees it: its fields, its list of documents (mục lục văn bản, NĐ 30/2020 Phụ lục V)."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from flask import url_for

from directory import queries as directory
from directory.actors import Actor
from documents import queries
from documents.models import CaseFile, Document
from documents.queries import CaseFileTotals
from webapp.addresses import carried
from webapp.documents.facts import Fact
from webapp.documents.listing import Paging
from webapp.texts import date

STATES = {"open": ("Đang mở", "act", "folder2"), "closed": ("Đã kết thúc", "ok", "folder-check")}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One case file in the list."""

    case_file: CaseFile
    url: str
    documents: int
    pages: int
    state: tuple[str, str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One document in the contents."""

    at: int
    number: str
    day: dt.date | None
    subject: str
    author: str
    pages: str
    note: str
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseFilePage:
    """What templates/case_files/show.html asks for."""

    case_file: CaseFile
    organization_name: str
    state: tuple[str, str, str]
    facts: Sequence[Fact]
    lines: Sequence[Line]
    pages: int
    may_close: bool
    export_url: str


def rows_of(case_files: Sequence[CaseFile]) -> list[Row]:
    found = []
    for case_file in case_files:
        totals = queries.case_file_totals(case_file)
        url = url_for("case_files.show", case_file_id=case_file.id)
        found.append(
            Row(
                case_file=case_file,
                url=url,
                documents=totals.documents,
                pages=totals.pages,
                state=STATES[case_file.state],
            )
        )
    return found


def page_of(case_file: CaseFile, actor: Actor) -> CaseFilePage:
    totals = queries.case_file_totals(case_file)
    lines = [line_of(at, one) for at, one in enumerate(queries.list_case_file_documents(case_file, actor), start=1)]
    return CaseFilePage(
        case_file=case_file,
        organization_name=directory.get_organization(case_file.organization_id).short_name,
        state=STATES[case_file.state],
        facts=_facts(case_file, totals),
        lines=lines,
        pages=totals.pages,
        may_close=_may_close(case_file, actor),
        export_url=url_for("case_files.export", case_file_id=case_file.id),
    )


def line_of(at: int, document: Document) -> Line:
    note = f"Số đến {document.arrival_number}" if document.arrival_number else ""
    subject = f"{document.type_name}: {document.subject}" if document.type_name else document.subject
    return Line(
        at=at,
        number=document.number_symbol,
        day=document.issued_date,
        subject=subject,
        author=document.issuing_organ,
        pages=str(document.page_amount or ""),
        note=note,
        url=url_for("documents.show", document_id=document.id),
    )


def paging_of(number: int, total: int, size: int) -> Paging:
    def link(page: int) -> str:
        return url_for("case_files.show_list", **carried(trang=page))

    return Paging(
        before=link(number - 1) if number > 1 else None, after=link(number + 1) if number * size < total else None
    )


def _facts(case_file: CaseFile, totals: CaseFileTotals) -> list[Fact]:
    unit = _unit_name(case_file)
    told = [
        Fact("Mã hồ sơ", case_file.file_code, strong=True),
        Fact("Số, ký hiệu", case_file.file_notation),
        Fact("Năm hình thành", str(case_file.file_catalog)),
        Fact("Người lập", case_file.creator),
        Fact("Đơn vị", unit),
        Fact("Bảo quản", case_file.maintenance),
        Fact("Chế độ sử dụng", case_file.rights),
        Fact("Ngôn ngữ", case_file.language),
        Fact("Bắt đầu", date(case_file.start_date)),
        Fact("Kết thúc", date(case_file.end_date)),
        Fact("Tổng số văn bản", str(totals.documents)),
        Fact("Tổng số trang", str(totals.pages)),
        Fact("Ghi chú", case_file.description),
    ]
    return [fact for fact in told if fact.value]


def _may_close(case_file: CaseFile, actor: Actor) -> bool:
    """As operations.close_case_file asks."""
    mine = case_file.creator_id == actor.person_id or actor.has_role("van-thu", "chanh-van-phong")
    return case_file.state == "open" and mine


def _unit_name(case_file: CaseFile) -> str:
    units = directory.list_units(case_file.organization_id)
    return next((unit.name for unit in units if unit.id == case_file.unit_id), "")
