"""Hồ sơ công việc (NĐ 30/2020 Điều 28-30): opened by who has the work, closed when it is done."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory import queries as directory_queries
from directory.actors import Actor
from directory.models import OrgUnit
from documents.errors import NotCreator
from documents.models import CaseFile, CaseFileDocument, Document
from documents.operations import moving
from documents.queries import get_case_file, get_document
from kernel import audit, clock, db
from kernel.errors import Conflict, Invalid
from kernel.text import fold, tidy

LENGTHS = {"title": 500, "file_notation": 20, "maintenance": 30, "rights": 30, "description": 500}
DEFAULTS = {"maintenance": "10 năm", "rights": "Nội bộ"}


def open_case_file(values: Mapping[str, Any], *, actor: Actor) -> CaseFile:
    """A new file of work. `file_notation` empty: the next one of the actor's unit in the year ("01.VHTT")."""
    text = {name: tidy(str(values.get(name) or DEFAULTS.get(name, ""))) for name in LENGTHS}
    _check(text)
    organization = directory_queries.get_organization(actor.organization_id)
    start = values.get("start_date") or clock.today()
    year = int(values.get("file_catalog") or start.year)
    notation = text.pop("file_notation") or _next_notation(organization.id, year, actor)
    case_file = CaseFile(
        **text,
        organization_id=organization.id,
        organ_id=organization.identifier,
        file_catalog=year,
        file_notation=notation,
        title_folded=fold(text["title"]),
        creator=actor.name[:30],
        creator_id=actor.person_id,
        unit_id=actor.unit_id,
        start_date=start,
    )
    _add(case_file)
    audit.record(actor, "case_file:open", "case_file", case_file.id, code=case_file.file_code, title=case_file.title)
    return case_file


def file_document(
    document_id: uuid.UUID, *, case_file_id: uuid.UUID | None = None, title: str = "", actor: Actor
) -> CaseFile:
    """Puts the document into a file of work, or into a new one of this title; it may lie in several.

    Raises DocumentNotFound, CaseFileNotFound for what is not the actor's to see, Invalid, Conflict.
    """
    document = moving.lock(get_document(document_id, actor).id, actor)
    moving.move(document, "FILED")
    if case_file_id is None:
        case_file = open_case_file({"title": title}, actor=actor)
    else:
        case_file = _lock_case_file(case_file_id, actor)
    if case_file.state == "closed":
        raise Conflict("Hồ sơ này đã kết thúc. Chọn hồ sơ khác hoặc mở hồ sơ mới.")
    _put(case_file, document, actor)
    audit.record(actor, "document:file", "document", document.id, case_file=case_file.id, code=case_file.file_code)
    return case_file


def close_case_file(case_file_id: uuid.UUID, *, end_date: dt.date | None = None, actor: Actor) -> CaseFile:
    """The work is done (Điều 29.4): nothing more is put into the file. Only who opened it, or the office, closes it."""
    case_file = _lock_case_file(case_file_id, actor)
    if case_file.creator_id != actor.person_id and not actor.has_role(moving.RECORDS_CLERK, "chanh-van-phong"):
        raise NotCreator
    day = end_date or clock.today()
    if day < case_file.start_date:
        raise Invalid({"end_date": "Ngày kết thúc không thể trước ngày bắt đầu."})
    case_file.state, case_file.end_date = "closed", day
    audit.record(actor, "case_file:close", "case_file", case_file.id, end_date=day)
    return case_file


def _check(text: Mapping[str, str]) -> None:
    problems = {
        name: f"Dài quá {limit} ký tự. Viết gọn lại." for name, limit in LENGTHS.items() if len(text[name]) > limit
    }
    if not text["title"]:
        problems["file_title"] = "Ghi tiêu đề hồ sơ."
    if problems:
        raise Invalid(problems)


def _next_notation(organization_id: uuid.UUID, year: int, actor: Actor) -> str:
    """Order within the year and the unit's abbreviation (PL V). The unit's row is the lock."""
    unit = db.session().get(OrgUnit, actor.unit_id, with_for_update=True) if actor.unit_id else None
    suffix = unit.symbol if unit else "VT"
    query = sa.select(CaseFile.file_notation).where(
        CaseFile.organization_id == organization_id,
        CaseFile.file_catalog == year,
        CaseFile.file_notation.endswith(f".{suffix}", autoescape=True),
    )
    used = [notation.partition(".")[0] for notation in db.session().scalars(query)]
    last = max((int(number) for number in used if number.isdigit()), default=0)
    return f"{last + 1:02d}.{suffix}"


def _add(case_file: CaseFile) -> None:
    query = sa.select(CaseFile.id).where(
        CaseFile.organization_id == case_file.organization_id,
        CaseFile.file_catalog == case_file.file_catalog,
        CaseFile.file_notation == case_file.file_notation,
    )
    if db.session().scalars(query).first() is not None:
        raise Invalid({"file_notation": "Số và ký hiệu hồ sơ này đã có trong năm. Chọn số khác."})
    db.session().add(case_file)
    db.session().flush()


def _lock_case_file(case_file_id: uuid.UUID, actor: Actor) -> CaseFile:
    seen = get_case_file(case_file_id, actor)
    return db.session().get_one(CaseFile, seen.id, with_for_update=True, populate_existing=True)


def _put(case_file: CaseFile, document: Document, actor: Actor) -> None:
    held = sa.select(CaseFileDocument).where(CaseFileDocument.case_file_id == case_file.id)
    rows = db.session().scalars(held).all()
    if document.id in {row.document_id for row in rows}:
        return
    ordinal = max((row.ordinal for row in rows), default=0) + 1
    db.session().add(
        CaseFileDocument(case_file_id=case_file.id, document_id=document.id, ordinal=ordinal, added_by_name=actor.name)
    )
    db.session().flush()
