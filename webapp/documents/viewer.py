"""The viewer of a document: which file is shown, as pages, with the verdicts on its signatures above."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from directory.actors import Actor
from documents import queries
from documents.models import Document, DocumentFile
from webapp.addresses import carried
from webapp.documents import preview
from webapp.documents.verdicts import LegalValue, Verdict, latest, legal_value_of
from webapp.files import pages

ZOOMS = {"vua": "Vừa khung", "100": "100 %", "150": "150 %", "200": "200 %"}
FIT = "vua"

#: Roles in the order in which a reader wants them: what is in force first.
ORDER = ("issued_pdf", "signed_pdf", "signing_pdf", "draft_pdf", "original", "attachment")

LABELS = {
    "issued_pdf": "Bản ban hành",
    "signed_pdf": "Bản đã ký",
    "signing_pdf": "Bản trình ký",
    "original": "Bản gốc",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tab:
    """One file that can be looked at."""

    label: str
    url: str
    current: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Zoom:
    """One size the pages can be looked at in."""

    key: str
    label: str
    url: str
    current: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page as a picture; sizes in pixels of the picture."""

    number: int
    url: str
    width: int
    height: int
    alt: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileRow:
    """One file of the document in a list."""

    id: uuid.UUID
    name: str
    label: str
    size: int  #: bytes
    icon: str
    pages: int
    url: str
    open_url: str | None  #: shows it in the viewer; None when it cannot be shown
    added_at: dt.datetime
    verdicts: Sequence[Verdict]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preview:
    """The saved draft as it would be printed."""

    row: FileRow
    sheets: Sequence[Sheet]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Viewer:
    """Everything templates/documents/_viewer.html asks for."""

    document: Document
    tabs: Sequence[Tab]
    rows: Sequence[FileRow]  #: every file, the shown one too
    others: Sequence[FileRow]  #: those that are downloaded, not looked at
    shown: FileRow | None
    sheets: Sequence[Sheet]
    verdicts: Sequence[Verdict]
    legal: LegalValue
    zoom: str
    zooms: Sequence[Zoom]
    text_url: str

    @property
    def has_test_signature(self) -> bool:
        return any(verdict.is_test for verdict in self.verdicts)


def viewer_of(document: Document, actor: Actor, *, wanted: str | None = None) -> Viewer:
    """What the actor sees of the document's files; `wanted` (else ?tep=) chooses one. Raises DocumentNotFound."""
    found = sorted(queries.list_files(document, actor), key=_place)
    asked = wanted or request.args.get("tep", "")
    rows = [_row(file) for file in found]
    drawn = _preview(document)
    looked_at = [*([drawn.row] if drawn else []), *(row for row in rows if row.open_url)]
    shown = next((row for row in looked_at if str(row.id) == asked), looked_at[0] if looked_at else None)
    zoom = request.args.get("co", FIT)
    zoom = zoom if zoom in ZOOMS else FIT
    files_by_id = {file.id: file for file in found}
    return Viewer(
        document=document,
        tabs=_tabs(looked_at, shown),
        rows=rows,
        others=[row for row in rows if row.open_url is None],
        shown=shown,
        sheets=_shown_sheets(shown, files_by_id, drawn, document),
        verdicts=shown.verdicts if shown else [],
        legal=legal_value_of(document),
        zoom=zoom,
        zooms=[Zoom(key=key, label=label, url=_here(co=key), current=key == zoom) for key, label in ZOOMS.items()],
        text_url=url_for("files.text", file_id=shown.id) if shown and shown.id in files_by_id else "",
    )


def _place(file: DocumentFile) -> tuple[int, float]:
    role = ORDER.index(file.role) if file.role in ORDER else len(ORDER)
    newest_first = file.role == "draft_pdf"
    moment = file.created_at.timestamp()
    return role, -moment if newest_first else moment


def _row(file: DocumentFile) -> FileRow:
    count = len(pages.page_sizes(pages.stored(file.sha256))) if file.media_type == pages.PDF else 0
    return FileRow(
        id=file.id,
        name=file.name,
        label=label_of(file),
        size=file.size,
        icon=_icon(file.media_type),
        pages=count,
        url=url_for("files.download", file_id=file.id),
        open_url=_here(tep=file.id) if count else None,
        added_at=file.created_at,
        verdicts=latest(file.signatures),
    )


def label_of(file: DocumentFile) -> str:
    """ "Bản gốc", "Dự thảo bản 3", or the name of what was attached."""
    if file.role == "draft_pdf":
        return f"Dự thảo bản {file.version}" if file.version else "Dự thảo"
    return LABELS.get(file.role, file.name)


def _tabs(rows: Sequence[FileRow], shown: FileRow | None) -> list[Tab]:
    """Only the newest draft has a tab; older ones are opened from the list of versions."""
    tabs: list[Tab] = []
    drafts = 0
    for row in rows:
        current = shown is not None and row.id == shown.id
        is_draft = row.label.startswith("Dự thảo bản")
        drafts += is_draft
        if is_draft and drafts > 1 and not current:
            continue
        tabs.append(Tab(label=row.label, url=row.open_url or row.url, current=current))
    return tabs


def _shown_sheets(
    shown: FileRow | None, found: Mapping[uuid.UUID, DocumentFile], drawn: Preview | None, document: Document
) -> Sequence[Sheet]:
    if shown is None:
        return []
    return drawn.sheets if drawn and shown is drawn.row else _sheets(found[shown.id], document)


def _preview(document: Document) -> Preview | None:
    version = queries.current_version(document) if preview.is_wanted(document) else None
    source = preview.source_of(document, version) if version else None
    if version is None or source is None:
        return None
    sizes = pages.page_sizes(source)
    where: dict[str, Any] = {"document_id": document.id, "number": version.number}
    row = FileRow(
        id=version.id,
        name=f"Dự thảo bản {version.number}, xem trước",
        label=f"Xem trước bản {version.number}",
        size=source.path.stat().st_size,
        icon="file-earmark-pdf",
        pages=len(sizes),
        url=url_for("outgoing.show_preview", **where),
        open_url=_here(tep=version.id),
        added_at=version.created_at,
        verdicts=(),
    )
    sheets = [
        Sheet(
            number=size.number,
            url=url_for("outgoing.show_preview_page", page=size.number, v=version.hash[:8], **where),
            width=size.width,
            height=size.height,
            alt=f"{document.subject}, dự thảo bản {version.number}, trang {size.number}",
        )
        for size in sizes
    ]
    return Preview(row=row, sheets=sheets)


def _sheets(file: DocumentFile, document: Document) -> list[Sheet]:
    title = document.number_symbol or document.subject or file.name
    return [
        Sheet(
            number=size.number,
            url=url_for("files.page", file_id=file.id, number=size.number, v=file.sha256[:8]),
            width=size.width,
            height=size.height,
            alt=f"{title}, {label_of(file).lower()}, trang {size.number}",
        )
        for size in pages.page_sizes(pages.stored(file.sha256))
    ]


def _here(**changed: Any) -> str:
    """The page being looked at, with other arguments."""
    kept = {**carried(), **(request.view_args or {}), **changed}
    target: str = url_for(request.endpoint or "documents.show", **kept, _anchor="van-ban")
    return target


def _icon(media_type: str) -> str:
    if "word" in media_type or "opendocument.text" in media_type or media_type == "application/rtf":
        return "file-earmark-word"
    if "sheet" in media_type or "excel" in media_type:
        return "file-earmark-spreadsheet"
    return "file-earmark-pdf" if media_type == pages.PDF else "file-earmark"
