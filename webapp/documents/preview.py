"""The draft as it would be printed, composed from its last saved version; kept by the version's hash."""

from collections.abc import Mapping
from typing import Any

from directory import queries as directory
from documents import states
from documents.composing import compose_document
from documents.models import Document, DocumentVersion
from kernel.errors import Invalid
from webapp.files import pages
from webapp.files.pages import Source


def source_of(document: Document, version: DocumentVersion) -> Source | None:
    """None while it cannot be composed: no kind is chosen yet."""
    folder = pages.kept(version.hash)
    place = folder / "preview.pdf"
    if not place.exists():
        try:
            pages.write(place, compose_document(document, _with_signer(document, version.content)).pdf)
        except Invalid:
            return None
    return Source(place, folder)


def is_wanted(document: Document) -> bool:
    """While the drafter may still write; afterwards the version's own PDF is shown."""
    return document.direction == "outgoing" and document.state in states.EDITABLE


def _with_signer(document: Document, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Before a signer is chosen the place is drawn with the head's name."""
    if content["signer"]:
        return content
    leaders = directory.list_holders(document.organization_id, role="lanh-dao")
    return {**content, "signer": leaders[0].person.username} if leaders else content
