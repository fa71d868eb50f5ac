"""Tasks by the words of the line they are shown as: what it is about, number, sender, step."""

import uuid
from typing import Any

import sqlalchemy as sa

from documents.models import Document, DocumentFile
from engine.models import Task
from kernel.clock import VIETNAM
from kernel.text import fold

Text = sa.ColumnElement[str]


def tasks_that_say(text: str) -> list[sa.ColumnElement[bool]]:
    """Conditions on Task: each word is somewhere in the line, written with diacritics or without."""
    line = _folded(sa.func.concat_ws(" ", Task.name, _document_line()))
    return [sa.func.strpos(line, word) > 0 for word in fold(text).split()]


def _document_line() -> Any:
    """Of the task's document; nothing when it has none."""
    organ = sa.case((Document.direction == "incoming", Document.issuing_organ))
    subject = sa.func.coalesce(sa.func.nullif(Document.subject, ""), _first_file_name())
    line = sa.func.concat_ws(" ", subject, _code(), organ)
    return sa.select(line).where(Document.id == _document_id()).correlate(Task).scalar_subquery()


def _document_id() -> "sa.ColumnElement[uuid.UUID | None]":
    """A business key may be anything; a document's is its id."""
    is_id = Task.business_key.regexp_match("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
    return sa.case((is_id, sa.cast(Task.business_key, sa.Uuid)))


def _code() -> Text:
    """Number and symbol; before there is one, what the list says instead."""
    draft = sa.func.concat("Dự thảo ", Document.type_name)
    arrived = sa.func.to_char(sa.func.timezone(VIETNAM.key, Document.received_at), "HH24:MI DD/MM")
    arrival = sa.case((Document.received_at.is_(None), "Văn bản đến"), else_=sa.func.concat("Đến lúc ", arrived))
    unnumbered = sa.case((Document.direction == "outgoing", draft), else_=arrival)
    return sa.func.coalesce(sa.func.nullif(Document.number_symbol, ""), unnumbered)


def _first_file_name() -> Any:
    table = DocumentFile
    names = sa.select(table.name).where(table.document_id == Document.id, table.removed_at.is_(None))
    return names.order_by(table.created_at, table.id).limit(1).correlate(Document).scalar_subquery()


def _folded(text: Text) -> Text:
    """kernel.text.fold in SQL."""
    bare = sa.func.normalize(sa.func.translate(text, "Đđ", "Dd"), sa.literal_column("NFD"))
    return sa.func.lower(sa.func.regexp_replace(bare, "[\u0300-\u036f]", "", "g"))
