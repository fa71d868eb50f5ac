"""The prepared places of an official document.

Everything that will appear after the leader's signature has its place before it: number, day and month as blank text
fields, both signature fields, and in the leader's lock the names of the archive time-stamps of later years. The locks
say what may still change (docs/decisions/0020).
"""

# mypy: allow-untyped-calls
# pyHanko annotates its functions but not the constructors of PDF objects.

import io
from collections.abc import Sequence
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field

from signing import filling
from signing.model import ARCHIVE_STAMPS, LEADER, SEAL, TEXT_FIELDS, FieldBox

TOOLTIPS = {LEADER: "Chữ ký số của người có thẩm quyền", SEAL: "Chữ ký số của cơ quan"}


def add_places(pdf: bytes, fields: Sequence[FieldBox]) -> bytes:
    """The file with its text places (blank) and its signature places, appended as one revision; PDF/A stays PDF/A.

    Raises ValueError for a place whose name is not one of signing.model.
    """
    # An object begins on a line of its own (ISO 19005-2, 6.1.9); a file may end without a line feed.
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf if pdf.endswith(b"\n") else pdf + b"\n"))
    texts = [box for box in fields if box.name in TEXT_FIELDS]
    _add_text_fields(writer, texts)
    for box in fields:
        if box not in texts:
            append_signature_field(writer, _signature_place(box))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _add_text_fields(writer: IncrementalPdfFileWriter, boxes: Sequence[FieldBox]) -> None:
    references = []
    for box in boxes:
        page_reference = writer.find_page_for_modification(box.page)[0]
        reference = writer.add_object(_text_field(writer, box, page_reference))
        references.append(reference)
        page = page_reference.get_object()
        page[name("/Annots")] = generic.ArrayObject([*filling.annotations(page), reference])
        writer.update_container(page)
    form = generic.DictionaryObject({name("/Fields"): writer.add_object(generic.ArrayObject(references))})
    writer.root[name("/AcroForm")] = writer.add_object(form)
    writer.update_root()


def _text_field(writer: IncrementalPdfFileWriter, box: FieldBox, page: Any) -> Any:
    return generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/Widget"),
            name("/FT"): name("/Tx"),
            name("/T"): generic.pdf_string(box.name),
            name("/TU"): generic.pdf_string(filling.TOOLTIPS[box.name]),
            name("/Rect"): generic.ArrayObject(map(generic.FloatObject, box.rect)),
            name("/F"): generic.NumberObject(4),
            name("/P"): page,
            name("/DA"): generic.pdf_string(f"/Helv {filling.SIZE} Tf 0 g"),
            # PDF/A wants a drawing of every field, an empty one too (ISO 19005-2, 6.3.3).
            name("/AP"): generic.DictionaryObject({name("/N"): filling.blank(writer, box.rect)}),
        }
    )


def _signature_place(box: FieldBox) -> SigFieldSpec:
    if box.name == LEADER:
        # No /P beside this lock: on an approval signature it has confused viewers.
        lock = FieldMDPSpec(FieldMDPAction.EXCLUDE, [*TEXT_FIELDS, SEAL, *ARCHIVE_STAMPS])
        permission = None
    elif box.name == SEAL:
        # Nothing but archive time-stamps after the seal.
        lock, permission = FieldMDPSpec(FieldMDPAction.ALL), MDPPerm.NO_CHANGES
    else:
        raise ValueError(box.name)
    return SigFieldSpec(
        sig_field_name=box.name,
        on_page=box.page,
        box=box.rect,  # type: ignore[arg-type]  # the library says int and takes any number
        field_mdp_spec=lock,
        doc_mdp_update_value=permission,
        readable_field_name=TOOLTIPS[box.name],
    )
