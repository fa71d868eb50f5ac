"""What an instance is about, for this reader: a document that they may read, else its business key."""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence

from flask import url_for

from directory.actors import Actor
from documents import queries as documents
from documents.models import Document
from engine.models import ProcessInstance
from webapp.tasks.work_list import code_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """`hidden`: there is a document, and it is not this person's to read."""

    title: str
    code: str = ""
    url: str = ""  #: of the document
    hidden: bool = False
    documents: Sequence[Document] = ()


def subjects_of(instances: Iterable[ProcessInstance], actor: Actor) -> dict[uuid.UUID, Subject]:
    """Instance id -> its subject; two queries for a whole page."""
    rows = list(instances)
    about: dict[uuid.UUID, list[Document]] = {row.id: [] for row in rows}
    for document in documents.find_by_instances(about):
        if document.instance_id is not None:
            about[document.instance_id].append(document)
    readable = frozenset(document.id for document in documents.find_by_instances(about, reader=actor))
    return {row.id: _subject(row, about[row.id], readable) for row in rows}


def _subject(instance: ProcessInstance, about: Sequence[Document], readable: frozenset[uuid.UUID]) -> Subject:
    if not about:
        return Subject(title=_without_document(instance))
    first = next((document for document in about if str(document.id) == instance.business_key), about[0])
    if first.id not in readable:
        return Subject(title="Văn bản không thuộc quyền xem của bạn", hidden=True, documents=about)
    return Subject(
        title=first.subject or "Chưa có trích yếu",
        code=code_of(first),
        url=url_for("documents.show", document_id=first.id),
        documents=about,
    )


def _without_document(instance: ProcessInstance) -> str:
    return instance.business_key or f"Hồ sơ {str(instance.id)[-8:]}"
