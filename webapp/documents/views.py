"""One document with all that was done to it, and what may be added: relations, case files."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from documents import operations, queries
from documents.models import Document
from kernel.errors import DomainError, Invalid
from webapp.auth import current_actor
from webapp.documents import comparison, finding, page
from webapp.redraw import redrawing

blueprint = Blueprint("documents", __name__, url_prefix="/documents")


@blueprint.get("/<uuid:document_id>")
def show(document_id: uuid.UUID) -> ResponseReturnValue:
    document = _found(document_id)
    operations.record_view(document, actor=current_actor())
    return _page(document)


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
    """To the document that has the number typed."""
    actor = current_actor()
    with redrawing(lambda refused: _page(_found(document_id), refused)):
        other = finding.find_by_number(request.form.get("other", ""), actor)
        if other is None:
            raise Invalid({"other": _("Không thấy văn bản có số này. Gõ đủ số và ký hiệu, hoặc số đến.")})
        operations.relate_documents(document_id, other.id, kind=request.form.get("kind", ""), actor=actor)
    flash(_("Đã nối với %(name)s.", name=other.number_symbol or other.subject))
    return redirect(url_for(".show", document_id=document_id, _anchor="lh"))


@blueprint.post("/<uuid:document_id>/case-file")
def file(document_id: uuid.UUID) -> ResponseReturnValue:
    with redrawing(lambda refused: _page(_found(document_id), refused)):
        chosen = request.form.get("case_file", type=uuid.UUID)
        if chosen is None:
            raise Invalid({"case_file": _("Chọn hồ sơ.")})
        case_file = operations.file_document(document_id, case_file_id=chosen, actor=current_actor())
    flash(_("Đã đưa vào hồ sơ %(name)s.", name=case_file.file_notation))
    return redirect(url_for(".show", document_id=document_id, _anchor="hs"))


def _page(document: Document, refused: DomainError | None = None) -> str:
    fields = refused.fields if isinstance(refused, Invalid) else {}
    shown = page.page_of(document, current_actor())
    return render_template("documents/show.html", page=shown, fields=fields, typed=request.form)


def _found(document_id: uuid.UUID) -> Document:
    document = queries.get_document(document_id, current_actor())
    g.section = f"{document.direction}.show_list"
    return document
