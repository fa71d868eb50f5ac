"""What a forger appends to a signed file. Each returns the file with one more revision."""

import io
from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from signing import filling
from signing.model import ARCHIVE_STAMPS, NUMBER

RECT = (200, 300, 232, 316)


def append(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def white_box_over_the_body(pdf: bytes) -> bytes:
    return append(pdf, lambda writer: _draw(writer, b"q 1 1 1 rg 80 300 450 200 re f Q"))


def stamp_in_page_content(pdf: bytes) -> bytes:
    return append(pdf, lambda writer: _draw(writer, b"q 0 0 0 rg 140 733 20 8 re f Q"))


def number_filled_again(pdf: bytes) -> bytes:
    return filling.filled(pdf, {NUMBER: "99"})


def value_unlike_its_drawing(pdf: bytes) -> bytes:
    """The value says 12, what is drawn says 56."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        filling.fill(writer, {NUMBER: "56"})
        _field(writer)[name("/V")] = generic.pdf_string("12")

    return append(pdf, change)


def drawing_without_value(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        filling.fill(writer, {NUMBER: "56"})
        del _field(writer)["/V"]

    return append(pdf, change)


def place_moved_over_the_body(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        filling.fill(writer, {NUMBER: "12"})
        _field(writer)[name("/Rect")] = generic.ArrayObject(map(generic.FloatObject, (80, 300, 500, 600)))

    return append(pdf, change)


def new_text_field(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        copied = generic.DictionaryObject({key: value for key, value in _field(writer).items() if key != "/Parent"})
        copied[name("/T")] = generic.pdf_string("GhiChu")
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(writer.add_object(copied))
        writer.update_container(fields)

    return append(pdf, change)


def new_unsigned_signature_field(pdf: bytes) -> bytes:
    return _unsigned_field(pdf, "ThemVao")


def archive_stamp_that_is_none(pdf: bytes) -> bytes:
    return _unsigned_field(pdf, ARCHIVE_STAMPS[0])


def _unsigned_field(pdf: bytes, title: str) -> bytes:
    """A signature field whose drawing is a text of the forger's own."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(writer, SigFieldSpec(title, box=(200, 300, 240, 316)))
        fields = [item.get_object() for item in writer.root["/AcroForm"]["/Fields"]]
        field = next(field for field in fields if field["/T"] == title)
        field[name("/AP")] = generic.DictionaryObject({name("/N"): filling._drawing(writer, NUMBER, "500", RECT)})

    return append(pdf, change)


def second_look_of_the_number(pdf: bytes) -> bytes:
    """Another drawing that shows only while the mouse is pressed."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        filling.fill(writer, {NUMBER: "12"})
        _field(writer)["/AP"][name("/D")] = filling._drawing(writer, NUMBER, "56", RECT)

    return append(pdf, change)


def note_on_the_page(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        note = generic.DictionaryObject(
            {
                name("/Type"): name("/Annot"),
                name("/Subtype"): name("/FreeText"),
                name("/Rect"): generic.ArrayObject(map(generic.FloatObject, (100, 400, 300, 450))),
                name("/Contents"): generic.pdf_string("Đã sửa"),
                name("/DA"): generic.pdf_string("/Helv 12 Tf 0 g"),
                name("/AP"): generic.DictionaryObject({name("/N"): filling.blank(writer, (100, 400, 300, 450))}),
            }
        )
        page[name("/Annots")] = generic.ArrayObject([*filling.annotations(page), writer.add_object(note)])
        writer.update_container(page)

    return append(pdf, change)


def display_rules_of_the_form(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        form[name("/NeedAppearances")] = generic.BooleanObject(True)
        writer.update_container(form)

    return append(pdf, change)


def bytes_after_the_end(pdf: bytes) -> bytes:
    return pdf + b"1 0 obj << /Hidden true >> endobj\n"


def one_byte_flipped(pdf: bytes) -> bytes:
    """In the middle of the first page's content, inside what the leader signed."""
    place = pdf.index(b"stream") + 60
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def rewritten(pdf: bytes) -> bytes:
    import pikepdf

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(target)
    return target.getvalue()


def _field(writer: IncrementalPdfFileWriter) -> Any:
    for reference, field in filling.text_fields(writer).items():
        if field["/T"] == NUMBER:
            writer.mark_update(reference)
            return field
    raise AssertionError(NUMBER)


def _draw(writer: IncrementalPdfFileWriter, content: bytes) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    added = writer.add_object(generic.StreamObject(stream_data=content))
    old = page.raw_get("/Contents")
    kept = list(old.get_object()) if isinstance(old.get_object(), generic.ArrayObject) else [old]
    page[name("/Contents")] = generic.ArrayObject([*kept, added])
    writer.update_container(page)
