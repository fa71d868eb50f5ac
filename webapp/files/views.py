"""Files of documents: the bytes, the pages as pictures, the text; each reading leaves a line in the audit trail."""

import datetime as dt
import uuid

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue

from documents import queries
from documents.models import DocumentFile
from kernel import audit, files
from webapp.auth import current_actor
from webapp.files import pages

blueprint = Blueprint("files", __name__, url_prefix="/files")

MONTH = dt.timedelta(days=30)


@blueprint.get("/<uuid:file_id>")
def download(file_id: uuid.UUID) -> ResponseReturnValue:
    """The bytes as they were stored, never opened inside the page."""
    file = _readable(file_id)
    audit.record_view(current_actor(), "file:download", "document", file.document_id, file=file.id, name=file.name)
    answer = send_file(
        files.path(file.sha256),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        etag=file.sha256,
        conditional=True,
    )
    return _sealed(answer)


@blueprint.get("/<uuid:file_id>/pages/<int:number>.png")
def page(file_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """One page as a picture; `scale` is one of pages.SCALES."""
    file = _readable(file_id)
    scale = request.args.get("scale", pages.DEFAULT_SCALE, type=float)
    if number == 1:
        audit.record_view(current_actor(), "file:view", "document", file.document_id, file=file.id, name=file.name)
    picture = pages.page_image(pages.stored(file.sha256), number, scale=scale)
    answer = send_file(picture, mimetype="image/png", etag=f"{file.sha256}-{picture.name}", conditional=True)
    answer.headers["Cache-Control"] = f"private, max-age={int(MONTH.total_seconds())}, immutable"
    return answer


@blueprint.get("/<uuid:file_id>/text")
def text(file_id: uuid.UUID) -> ResponseReturnValue:
    """The words of the file, for copying and for readers of the screen."""
    file = _readable(file_id)
    told = "\n\n".join(pages.text_of(pages.stored(file.sha256))) if file.media_type == pages.PDF else ""
    audit.record_view(current_actor(), "file:read_text", "document", file.document_id, file=file.id, name=file.name)
    words = told.strip() or "Tệp này không có chữ đọc được: có thể là ảnh quét từ giấy."
    return Response(words, mimetype="text/plain; charset=utf-8")


def _readable(file_id: uuid.UUID) -> DocumentFile:
    """Raises NotFound also when the person may not view the document: an address must not tell what exists."""
    return queries.get_file(file_id, current_actor())


def _sealed(answer: Response) -> Response:
    """What was uploaded can neither run nor be framed, whatever the browser makes of it."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
