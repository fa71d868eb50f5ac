"""One document with all that was done to it, and what may be added: relations, case files."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from documents import operations, queries
from documents.models import Document
from kernel import audit
from kernel.errors import Invalid
from webapp.auth import current_actor
from webapp.documents import comparison, finding, page

blueprint = Blueprint("documents", __name__, url_prefix="/documents")


@blueprint.get("/<uuid:document_id>")
def show(document_id: uuid.UUID) -> ResponseReturnValue:
    document = _found(document_id)
    audit.record_view(current_actor(), "document:view", "document", document.id)
    return render_template("documents/show.html", page=page.page_of(document, current_actor()))


@blueprint.get("/<uuid:document_id>/versions")
def show_versions(document_id: uuid.UUID) -> ResponseReturnValue:
    """Two versions of a draft side by side: ?cu= and ?moi= are their numbers."""
    document = _found(document_id)
    compared = comparison.comparison_of(
        document, old=request.args.get("cu", type=int), new=request.args.get("moi", type=int)
    )
    return render_template("documents/versions.html", document=document, comparison=compared)


@blueprint.post("/<uuid:document_id>/relations")
def relate(document_id: uuid.UUID) -> ResponseReturnValue:
    other = finding.find_by_number(request.form.get("other", ""), current_actor())
    if other is None:
        raise Invalid({"other": "Không thấy văn bản có số này. Gõ đủ số và ký hiệu, hoặc số đến."})
    operations.relate_documents(
        document_id, other.id, kind=request.form.get("kind", "RELATES_TO"), actor=current_actor()
    )
    flash(_("Đã nối với %(name)s.", name=other.number_symbol or other.subject))
    return redirect(url_for(".show", document_id=document_id, _anchor="lh"))


@blueprint.post("/<uuid:document_id>/case-file")
def file(document_id: uuid.UUID) -> ResponseReturnValue:
    case_file = operations.file_document(
        document_id, case_file_id=uuid.UUID(request.form["case_file"]), actor=current_actor()
    )
    flash(_("Đã đưa vào hồ sơ %(name)s.", name=case_file.file_notation))
    return redirect(url_for(".show", document_id=document_id, _anchor="hs"))


def _found(document_id: uuid.UUID) -> Document:
    document = queries.get_document(document_id, current_actor())
    g.section = f"{document.direction}.show_list"
    return document
