"""The fields of NĐ 30/2020 Phụ lục VI of one document, in the order of the decree, as a reader sees them."""

import dataclasses

from directory import queries as directory
from documents import states
from documents.models import Document
from webapp.texts import date


@dataclasses.dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str
    strong: bool = False


def facts_of(document: Document) -> list[Fact]:
    """What is known; fields without a value are left out, save those that a reader would miss."""
    told = _incoming(document) if document.direction == "incoming" else _outgoing(document)
    return [fact for fact in told if fact.value]


def _incoming(document: Document) -> list[Fact]:
    arrival = f"{document.arrival_number}, ngày {date(document.arrival_date)}" if document.arrival_number else "chưa có"
    return [
        Fact("Số đến", arrival, strong=bool(document.arrival_number)),
        *_common(document),
        Fact("Ngày văn bản", date(document.issued_date)),
        Fact("Cơ quan ban hành", document.issuing_organ),
        Fact("Trích yếu", document.subject),
        *_further(document),
        Fact("Hình thức nhận", states.CHANNELS.get(document.channel, "")),
        Fact("Nơi nhận", document.to_places),
        Fact("Hạn giải quyết", date(document.due_date)),
        Fact("Điều 7 khoản 1", _article7(document)),
        Fact("Kết quả", document.result),
        Fact("Lý do trả lại", document.returned_reason),
        Fact("Vẫn vào sổ vì", document.duplicate_reason),
        Fact("Ghi chú", document.description),
    ]


def _outgoing(document: Document) -> list[Fact]:
    drafter = directory.get_person(document.drafter_id).full_name if document.drafter_id else ""
    copies = f"{document.issued_amount} bản giấy" if document.issued_amount else "chỉ bản điện tử"
    return [
        *_common(document),
        Fact("Ngày ban hành", date(document.issued_date)),
        Fact("Cơ quan", document.issuing_organ),
        Fact("Trích yếu", document.subject),
        *_further(document),
        Fact("Soạn thảo", drafter),
        Fact("Số bản", copies),
        Fact("Lưu", document.archive_note),
        Fact("Hạn trả lời", date(document.due_date)),
        Fact("Ghi chú", document.description),
    ]


def _common(document: Document) -> list[Fact]:
    return [
        Fact("Số, ký hiệu", document.number_symbol or "chưa cấp", strong=bool(document.number_symbol)),
        Fact("Tên loại", document.type_name),
    ]


def _further(document: Document) -> list[Fact]:
    signer = ", ".join(part for part in (document.signer_name, document.signer_position) if part)
    return [
        Fact("Người ký", signer),
        Fact("Độ khẩn", document.urgency_name),
        Fact("Số trang", str(document.page_amount or "")),
        Fact("Ngôn ngữ", document.language),
    ]


def _article7(document: Document) -> str:
    if not document.article7_declared:
        return ""
    return f"có kết luận: {document.article7_reference}" if document.article7_reference else "không thuộc"
