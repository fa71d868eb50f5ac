"""Two versions of a draft: which fields and paragraphs differ."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from documents import queries
from documents.models import Document, DocumentVersion
from webapp.documents.differences import Change, changes_between
from webapp.texts import plain

#: draft value -> how it is called; texts are compared by paragraph, the others as a whole
TEXTS = {
    "legal_bases": "Căn cứ",
    "body": "Nội dung",
    "enclosed_title": "Tên văn bản kèm theo",
    "enclosed_body": "Văn bản kèm theo",
    "recipients": "Nơi nhận",
    "subject": "Trích yếu",
}
VALUES = {
    "kind": "Tên loại",
    "urgency": "Độ khẩn",
    "signer": "Người ký",
    "copies": "Số bản giấy",
    "archive_note": "Lưu",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """What changed from `old` to `new`; `old` is None when there is only one version."""

    versions: Sequence[DocumentVersion]  #: newest first
    old: DocumentVersion | None
    new: DocumentVersion | None
    changes: Sequence[Change]


def comparison_of(document: Document, *, old: int | None = None, new: int | None = None) -> Comparison:
    """By their numbers; without, the newest with the one before it."""
    versions = sorted(queries.list_versions(document), key=lambda version: version.number, reverse=True)
    newer = next((v for v in versions if v.number == new), versions[0] if versions else None)
    before = [v for v in versions if newer is not None and v.number < newer.number]
    older = next((v for v in versions if v.number == old and v is not newer), before[0] if before else None)
    changes = _changes(older.content, newer.content) if older and newer else []
    return Comparison(versions=versions, old=older, new=newer, changes=changes)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    found: list[Change] = []
    for key, label in {**VALUES, **TEXTS}.items():
        was, now = _words(old.get(key)), _words(new.get(key))
        if was != now:
            found.extend(changes_between(was, now, label=label))
    return found


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ("" if value is None else plain(value))
