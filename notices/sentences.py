"""What a notice says: what happened, about what, by when. One sentence or two, no more."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from deadlines import queries as deadlines
from documents.models import Document
from engine.models import Incident, ProcessDefinition, Task
from kernel import clock, db

LONG = 110  #: characters of a subject, then it is cut at a word


def new_task(task: Task) -> str:
    return f"Việc mới: {_called(task)}.{_due(task)}"


def given_task(task: Task, giver: str) -> str:
    return f"{giver} giao cho bạn: {_called(task)}.{_due(task)}"


def returned_task(task: Task, returned: Mapping[str, Any]) -> str:
    verb = "từ chối" if returned["verb"] == "reject" else "trả lại"
    reason = f" Lý do: {_cut(returned['reason'])}" if returned["reason"] else ""
    return f"{returned['by']} {verb}: {_called(task)}.{reason}"


def withdrawn_task(task: Task, sender: str) -> str:
    return f"{sender} đã thu hồi: {_called(task)}. Bạn không phải làm việc này."


def asked_about(task: Task, asker: str) -> str:
    return f"{asker} xin ý kiến bạn: {_called(task)}."


def answered_about(task: Task, person: str) -> str:
    return f"{person} đã cho ý kiến: {_called(task)}."


def unasked_about(task: Task, asker: str) -> str:
    return f"{asker} không cần hỏi nữa: {_called(task)}."


def added_to(task: Task, giver: str) -> str:
    return f"{giver} thêm bạn vào lượt: {_called(task)}. Đến lượt bạn sẽ có việc mới."


def removed_from(task: Task, taker: str) -> str:
    return f"{taker} bỏ lượt của bạn: {_called(task)}."


def delegated_task(task: Task, owner: str) -> str:
    return f"{owner} uỷ thác cho bạn: {_called(task)}.{_due(task)}"


def resolved_task(task: Task, delegate: str) -> str:
    return f"{delegate} trả kết quả uỷ thác: {_called(task)}. Bạn xem rồi gửi."


def taken_back_task(task: Task, owner: str) -> str:
    return f"{owner} lấy việc về: {_called(task)}. Bạn không phải làm tiếp."


def near_task(task: Task) -> str:
    return f"Sắp đến hạn: {_called(task)}. {_left(task)}."


def missed_task(task: Task, holder: str) -> str:
    held = f" {holder} đang giữ." if holder else " Chưa ai nhận."
    return f"{_left(task)}: {_called(task)}.{held}"


def reminded_task(task: Task, reminder: str) -> str:
    told = f" {_left(task)}." if task.due_at else ""
    return f"{reminder} nhắc việc: {_called(task)}.{told}"


def informed_document(document_id: uuid.UUID) -> str:
    return f"Gửi để biết: {_document(document_id) or 'một văn bản'}."


def opened_incident(incident: Incident) -> str:
    """Which process stopped; the reason stands on its page, for whoever may see it."""
    query = sa.select(ProcessDefinition.name).where(ProcessDefinition.id == incident.definition_id)
    return f"Quy trình “{_cut(db.connection().scalar(query) or '')}” bị dừng vì sự cố. Mở trang Sự cố để xử lý."


def _called(task: Task) -> str:
    about = _document_of(task)
    return f"{task.name}, {about}" if about else task.name


def _due(task: Task) -> str:
    return f" Hạn {clock.local(task.due_at):%H:%M ngày %d/%m/%Y}." if task.due_at else ""


def _left(task: Task) -> str:
    return deadlines.deadline_words([task])[task.id].text


def _document_of(task: Task) -> str:
    try:
        document_id = uuid.UUID(task.business_key)
    except ValueError:
        return ""  # a process that is not about a document
    return _document(document_id)


def _document(document_id: uuid.UUID) -> str:
    query = sa.select(Document.number_symbol, Document.subject).where(Document.id == document_id)
    row = db.connection().execute(query).first()
    if row is None:
        return ""
    subject = f"“{_cut(row.subject)}”" if row.subject else ""
    return " ".join(part for part in (row.number_symbol, subject) if part)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONG else line[:LONG].rsplit(" ", 1)[0] + "…"
