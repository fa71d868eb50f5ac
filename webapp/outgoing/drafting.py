"""What the draft's page sends when it is saved: values as far as they are typed, files to attach, files to remove."""

import dataclasses
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from directory.actors import Actor
from documents import operations, queries
from documents.draft_values import NUMBERS, TEXTS
from documents.models import Document, DocumentVersion
from webapp.documents.comparison import Comparison, comparison_of
from webapp.files.uploads import upload_of
from webapp.incoming.reading import day_of

MAX_SUBJECT = 500  #: characters; NĐ 30/2020, Phụ lục VI
WHOLE = re.compile(r"[0-9]{1,6}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file beside the draft."""

    id: uuid.UUID
    name: str
    size: int  #: bytes
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drafting:
    """What templates/outgoing/draft.html asks for beside the task page."""

    attachments: Sequence[Attachment]
    comparison: Comparison
    version: int
    may_edit: bool


def drafting_of(document: Document, actor: Actor) -> Drafting:
    files = [file for file in queries.list_files(document, actor) if file.role == "attachment"]
    return Drafting(
        attachments=[
            Attachment(id=file.id, name=file.name, size=file.size, url=url_for("files.download", file_id=file.id))
            for file in files
        ],
        comparison=comparison_of(document),
        version=document.current_version,
        may_edit=queries.may_edit_draft(document, actor),
    )


def save(document_id: uuid.UUID, *, actor: Actor) -> DocumentVersion:
    """Files first, so that the version names them. Raises as the operations do."""
    for file in request.files.getlist("attachments"):
        if file.filename:
            operations.add_attachment(document_id, upload_of(file), actor=actor)
    unwanted = request.form.get("remove", type=uuid.UUID)
    if unwanted is not None:
        operations.remove_attachment(unwanted, actor=actor)
    return operations.save_draft(document_id, values_of(request.form), actor=actor)


def values_of(sent: Mapping[str, str]) -> dict[str, Any]:
    """As typed: a draft may be saved before it is right. A number that is none keeps its earlier value."""
    values: dict[str, Any] = {name: sent[name] for name in TEXTS if name in sent}
    values.update({name: sent[name].strip() for name in NUMBERS if WHOLE.fullmatch(sent.get(name, "").strip())})
    values["normative"] = "normative" in sent
    if day_of(sent.get("due_date", "")) or not sent.get("due_date", "").strip():
        values["due_date"] = day_of(sent.get("due_date", ""))
    return values


def problems_at_start(values: Mapping[str, str]) -> dict[str, str]:
    found = {}
    if not values["kind"]:
        found["kind"] = "Chọn tên loại văn bản."
    if not values["subject"].strip():
        found["subject"] = "Ghi trích yếu nội dung."
    elif len(values["subject"]) > MAX_SUBJECT:
        found["subject"] = f"Trích yếu dài quá {MAX_SUBJECT} ký tự. Viết gọn lại."
    return found
