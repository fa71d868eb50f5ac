"""What a prepared text place shows: nothing at first, later its value, drawn with our own fonts.

Validation draws the same values again with these functions and compares pictures, so the drawing is one rule.
"""

# mypy: allow-untyped-calls
# pyHanko annotates its functions but not the constructors of PDF objects.

import io
from collections.abc import Iterable, Mapping
from typing import Any

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.fonts import ITALIC, REGULAR, UNITS
from signing.model import DAY, MONTH, NUMBER, TEXT_FIELDS, Rect

SIZE = 13  # points (Phụ lục I, II.3 and II.4)
BASELINE = SIZE * 0.25  # above the lower edge of the place; the page's template sets the line the same
FONTS = {NUMBER: REGULAR, DAY: ITALIC, MONTH: ITALIC}
TOOLTIPS = {NUMBER: "Số văn bản", DAY: "Ngày ban hành", MONTH: "Tháng ban hành"}


def blank(writer: IncrementalPdfFileWriter, rect: Rect) -> generic.IndirectObject:
    """An empty drawing of the size of `rect`."""
    return writer.add_object(_form(rect, b"", None))


def fill(writer: IncrementalPdfFileWriter, values: Mapping[str, str]) -> None:
    """Writes value and drawing of the named text places. The flags of a field stay as they are: setting read-only
    here would count as a change that no lock allows."""
    for reference, field in text_fields(writer).items():
        place = str(field["/T"])
        if place not in values:
            continue
        drawn = _drawing(writer, place, values[place], _rect(field))
        field[name("/V")] = generic.pdf_string(values[place])
        field[name("/AP")] = generic.DictionaryObject({name("/N"): drawn})
        writer.mark_update(reference)


def filled(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """The file with `values` filled, as one more revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fill(writer, values)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def text_fields(handler: Any) -> dict[Any, Any]:
    """Reference -> dictionary of the prepared text places of a reader or writer."""
    if "/AcroForm" not in handler.root:
        return {}
    found = {item.reference: item.get_object() for item in handler.root["/AcroForm"]["/Fields"]}
    return {reference: field for reference, field in found.items() if field["/T"] in TEXT_FIELDS}


def annotations(page: Any) -> Iterable[Any]:
    """The page's annotations as references; the library's own `get` would not follow an indirect list."""
    return page["/Annots"] if "/Annots" in page else ()  # noqa: SIM401 - the reason stands above


def width(value: str, place: str) -> float:
    """Points that `value` takes in `place`; KeyError for a letter that the font does not have."""
    with TTFont(FONTS[place], lazy=True) as font:
        letters, advances = font.getBestCmap(), font["hmtx"]
        return float(sum(advances[letters[ord(letter)]][0] for letter in value)) / UNITS * SIZE


def _drawing(writer: IncrementalPdfFileWriter, place: str, value: str, rect: Rect) -> generic.IndirectObject:
    font = GlyphAccumulator(writer, io.BytesIO(FONTS[place].read_bytes()), SIZE)
    shaped = font.shape(value)
    room = rect[2] - rect[0] - shaped.x_advance * SIZE
    # The number stands right before its slash: "Số: 09/2016/QĐ-UBND" has no blank (Phụ lục I, II.3).
    start = room if place == NUMBER else room / 2
    content = b"q BT /F0 %d Tf 0 g %.3f %.3f Td %s ET Q" % (SIZE, start, BASELINE, shaped.graphics_ops)
    return writer.add_object(_form(rect, content, font.as_resource()))


def _form(rect: Rect, content: bytes, font: Any) -> Any:
    """Blank and filled drawing have one /BBox: a changed box would read as another kind of change."""
    resources = generic.DictionaryObject()
    if font is not None:
        resources[name("/Font")] = generic.DictionaryObject({name("/F0"): font})
    box = (0, 0, rect[2] - rect[0], rect[3] - rect[1])
    return generic.StreamObject(
        {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Form"),
            name("/BBox"): generic.ArrayObject(map(generic.FloatObject, box)),
            name("/Resources"): resources,
        },
        stream_data=content,
    )


def _rect(field: Any) -> Rect:
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    return left, bottom, right, top
