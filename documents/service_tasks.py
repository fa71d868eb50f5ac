"""What diagrams may call; each does one operation on the document whose id is the business key."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from directory import queries as directory_queries
from documents import operations, queries
from documents.draft_values import whole
from documents.errors import DocumentNotFound
from engine.registry import ServiceCall, service, starts

Variables = Mapping[str, Any]

starts("van-ban-di", {"drafter": "Người soạn thảo", "drafting_unit": "Đơn vị soạn thảo"})


@service(
    "documents.register_incoming",
    gives={"arrival_number": "Số đến", "urgency": "Độ khẩn", "due_date": "Hạn giải quyết"},
)
def register_incoming(call: ServiceCall) -> Variables:
    document = operations.register_incoming(_document(call), call.variables.get("registration") or {}, actor=call.actor)
    return {
        "arrival_number": document.arrival_number,
        "urgency": document.urgency,
        "due_date": document.due_date,
    }


@service("documents.return_to_sender", gives={})
def return_to_sender(call: ServiceCall) -> None:
    operations.return_to_sender(_document(call), _text(call, "opinion"), actor=call.actor)


def withdraw_direction(call: ServiceCall) -> None:
    operations.withdraw_direction(_document(call), actor=call.actor)


def withdraw_assignment(call: ServiceCall) -> None:
    operations.withdraw_assignment(_document(call), actor=call.actor)


@service(
    "documents.direct",
    undo=withdraw_direction,
    gives={"due_date": "Hạn giải quyết", "support_units": "Đơn vị phối hợp"},
)
def direct(call: ServiceCall) -> Variables:
    directive = operations.direct(
        _document(call),
        lead_unit=_text(call, "lead_unit"),
        support_units=_texts(call, "support_units"),
        inform_units=_texts(call, "inform_units"),
        due_date=_date(call, "due_date"),
        opinion=_text(call, "opinion"),
        actor=call.actor,
    )
    return {"due_date": directive.due_date, "support_units": _texts(call, "support_units")}


@service("documents.assign_person", undo=withdraw_assignment, gives={})
def assign_person(call: ServiceCall) -> None:
    operations.assign_person(
        _document(call), lead_person=_text(call, "lead_person"), opinion=_text(call, "opinion"), actor=call.actor
    )


@service(
    "documents.open_draft",
    gives={"reply_id": "Mã dự thảo trả lời", "drafter": "Người soạn thảo", "drafting_unit": "Đơn vị soạn thảo"},
)
def open_draft(call: ServiceCall) -> Variables:
    """`drafter` and `drafting_unit` are what the called process of the reply works with."""
    drafter = _text(call, "lead_person") or call.actor.username
    opened = operations.open_draft(_document(call), drafter=drafter, instance_id=call.instance_id, actor=call.actor)
    return {"reply_id": str(opened.document.id), "drafter": drafter, "drafting_unit": opened.unit_code}


@service("documents.complete_incoming", gives={})
def complete_incoming(call: ServiceCall) -> None:
    operations.complete_incoming(_document(call), result=_text(call, "result"), actor=call.actor)


@service("documents.file_document", gives={"case_file": "Mã hồ sơ lưu"})
def file_document(call: ServiceCall) -> Variables:
    case_file = operations.file_document(
        _document(call), case_file_id=_id(call, "case_file"), title=_text(call, "file_title"), actor=call.actor
    )
    return {"case_file": str(case_file.id)}


def leave_draft(call: ServiceCall) -> None:
    """Nothing was done that could be taken back."""


@service("documents.describe_draft", undo=leave_draft, gives={"kind": "Mã loại văn bản", "signer": "Người ký"})
def describe_draft(call: ServiceCall) -> Variables:
    """What rules of the agency ask of a draft; each is null while the drafter has not chosen it."""
    document = queries.get_document(_document(call), call.actor)
    signer = directory_queries.get_person(document.signer_id).username if document.signer_id else None
    return {"kind": document.kind_code, "signer": signer}


@service("documents.return_draft", gives={})
def return_draft(call: ServiceCall) -> None:
    operations.return_draft(_document(call), _text(call, "opinion"), actor=call.actor)


@service("documents.approve_content", gives={})
def approve_content(call: ServiceCall) -> None:
    operations.approve_content(_document(call), _text(call, "opinion"), actor=call.actor)


@service("documents.check_layout", gives={})
def check_layout(call: ServiceCall) -> None:
    operations.check_layout(_document(call), _text(call, "opinion"), actor=call.actor)


@service("documents.prepare_signing", gives={"signer": "Người ký"})
def prepare_signing(call: ServiceCall) -> Variables:
    document = operations.prepare_signing(_document(call), actor=call.actor)
    return {"signer": directory_queries.get_person(document.signer_id).username if document.signer_id else None}


@service("documents.assign_number", gives={"number_symbol": "Số và ký hiệu", "issued_date": "Ngày ban hành"})
def assign_number(call: ServiceCall) -> Variables:
    number = operations.assign_number(_document(call), _date(call, "issued_date"), actor=call.actor)
    return {"number_symbol": number.number_symbol, "issued_date": number.date}


@service("documents.issue", gives={})
def issue(call: ServiceCall) -> None:
    copies = call.variables.get("copies")
    operations.issue(
        _document(call),
        recipients=_text(call, "recipients"),
        copies=None if copies in (None, "") else whole(copies),
        actor=call.actor,
    )


def _document(call: ServiceCall) -> uuid.UUID:
    try:
        return uuid.UUID(call.business_key)
    except ValueError:
        raise DocumentNotFound from None


def _text(call: ServiceCall, name: str) -> str:
    return str(call.variables.get(name) or "")


def _texts(call: ServiceCall, name: str) -> list[str]:
    return [str(value) for value in call.variables.get(name) or ()]


def _date(call: ServiceCall, name: str) -> dt.date | None:
    value = call.variables.get(name)
    return value if isinstance(value, dt.date) else None


def _id(call: ServiceCall, name: str) -> uuid.UUID | None:
    """A chosen thing; empty: none was."""
    try:
        return uuid.UUID(_text(call, name))
    except ValueError:
        return None
