"""A draft as the official text that is printed: who signs with what authority, which symbol, which lines."""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from directory import queries as directory_queries
from directory.models import Organization, OrgUnit, Position
from documents import draft_values, numbering, states
from documents.models import Document, DocumentKind
from documents.official_pdf import ComposedPdf, Enclosed, OfficialContent, compose
from kernel import db
from kernel.errors import Invalid

URGENCY_MARKS = ("", *(name.upper() for name in states.URGENCIES[1:]))
ISSUES = re.compile(r"^(?:về việc\s+)?ban hành\s+(?:kèm theo\s+)?", re.IGNORECASE)
WITH_AUTHORITY = ("NQ", "QĐ", "CT")  #: kinds that name the issuing body above their text


def compose_document(document: Document, content: Mapping[str, Any]) -> ComposedPdf:
    """The PDF of a version, with blank places for number, date, signature and seal."""
    organization = directory_queries.get_organization(document.organization_id)
    kind = db.session().get(DocumentKind, content["kind"])
    if kind is None:
        raise Invalid({"kind": "Chọn loại văn bản."})
    title, name, prefix = signer_of(organization, content["signer"])
    return compose(
        OfficialContent(
            header_parent=organization.header_parent,
            header_name=organization.header_name,
            place_name=organization.place_name,
            issuer_name=organization.name,
            symbol=symbol_of(document, organization, kind),
            year=content["year"],
            number_year=content["year"] if content["normative"] else None,
            kind_name=kind.name.upper() if kind.abbreviation else "",
            authority_line=organization.name.upper() if kind.code in WITH_AUTHORITY else "",
            subject=content["subject"],
            legal_bases=[line for line in content["legal_bases"].split("\n") if line],
            body=content["body"],
            addressees=_addressees(kind, content),
            signer_prefix=prefix,
            signer_title=title,
            signer_name=name,
            recipients=draft_values.lines(content["recipients"]),
            archive_note=_archive_note(content),
            urgency=URGENCY_MARKS[content["urgency"]],
            enclosed=_enclosed(content),
        )
    )


def _addressees(kind: DocumentKind, content: Mapping[str, Any]) -> list[str]:
    """ "Kính gửi" belongs to letters and submissions; a decision is addressed to nobody (NĐ 30/2020 PL III)."""
    return [] if kind.code in WITH_AUTHORITY else draft_values.lines(content["addressees"])


def symbol_of(document: Document, organization: Organization, kind: DocumentKind) -> str:
    """ "QĐ-UBND"; a công văn names the drafting unit: "UBND-VHTT"."""
    unit = db.session().get(OrgUnit, document.drafting_unit_id) if document.drafting_unit_id else None
    return numbering.symbol_of(kind.abbreviation, organization.symbol, unit.symbol if unit else "")


def signer_of(organization: Organization, username: str) -> tuple[str, str, str]:
    """Title, name and authority lines of who signs today (NĐ 30/2020 Điều 13, PL I phần II mục II.7)."""
    person = directory_queries.find_person(username)
    offices = directory_queries.list_appointments(person.id) if person else []
    if person is None or not offices:
        raise Invalid({"signer": "Chọn người ký trong danh sách lãnh đạo."})
    position = offices[0].position
    title = position.signing_title or position.name.upper()
    return title, person.full_name, _authority_lines(organization, position)


def _authority_lines(organization: Organization, position: Position) -> str:
    body = f"TM. {organization.header_name.split(chr(10))[0]}"
    head = _head_title(organization)
    if position.authority_prefix == "TM.":
        return body
    if position.authority_prefix == "KT.":
        return f"{body}\nKT. {head}"
    return f"{position.authority_prefix} {head}".strip() if position.authority_prefix else ""


def _head_title(organization: Organization) -> str:
    query = sa.select(Position.signing_title).where(Position.organization_id == organization.id)
    return db.session().scalars(query.order_by(Position.rank).limit(1)).first() or ""


def _archive_note(content: Mapping[str, Any]) -> str:
    copies = f"{content['copies']} bản" if content["copies"] else ""
    return ", ".join(filter(None, (content["archive_note"] or "VT", copies)))


def _enclosed(content: Mapping[str, Any]) -> Enclosed | None:
    if not content["enclosed_body"]:
        return None
    return Enclosed(
        kind_name=_enclosed_kind(content).upper(),
        title=content["enclosed_title"],
        body=content["enclosed_body"],
    )


def _enclosed_kind(content: Mapping[str, Any]) -> str:
    """The form gives the code of a kind."""
    chosen = db.session().get(DocumentKind, content["enclosed_kind"])
    return chosen.name if chosen else enclosed_kind(content["subject"])


def enclosed_kind(subject: str) -> str:
    """ "Ban hành Quy chế quản lý …" encloses a Quy chế."""
    rest = ISSUES.sub("", subject)
    names = db.session().scalars(sa.select(DocumentKind.name)).all()
    return next((name for name in names if rest.lower().startswith(name.lower())), "Phụ lục")
