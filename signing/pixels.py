"""Comparing what is seen: the file as it was signed, with the values drawn by us, against the file as it is now.

Outside the places that changed nothing may look different; inside them no signed ink may vanish (the seal lies over
the signature by law, but it hides nothing).
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from kernel import pdfium
from signing.model import Rect

FINE, COARSE = 1.5, 0.75  # pixels a point: pages with changed places, other pages
MOST_PAGES = 300
MOST_PIXELS = 12_000_000  # of one page; a larger page is drawn smaller
INK, BLANK = 110, 190  # grey levels: darker is ink, lighter is ground


def differences(signed: bytes, now: bytes, boxes: Mapping[int, Sequence[Rect]]) -> list[str]:
    """Sentences about pages that look different; `boxes` are the rectangles that may."""
    with pdfium.lock:
        old, new = _open(signed), _open(now)
        try:
            if len(old) != len(new) or len(new) > MOST_PAGES:
                return ["số trang không còn như lúc ký"]
            pages = [_compare(old[page], new[page], boxes.get(page, ())) for page in range(len(new))]
            return [f"trang {page + 1} {problem}" for page, problem in enumerate(pages) if problem]
        finally:
            new.close()
            old.close()


def _open(pdf: bytes) -> Any:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    document.init_forms()
    return document


def _compare(old: Any, new: Any, boxes: Sequence[Rect]) -> str:
    width, height = new.get_size()
    scale = min(FINE if boxes else COARSE, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    before, after = _render(old, scale), _render(new, scale)
    if before.size != after.size:
        return "không còn cỡ như lúc ký"
    places = _places(new, boxes, scale)
    if ImageChops.multiply(ImageChops.difference(before, after), ImageChops.invert(places)).getbbox():
        return "không còn giống lúc ký"
    vanished = ImageChops.multiply(_where(before, lambda grey: grey < INK), _where(after, lambda grey: grey > BLANK))
    if ImageChops.multiply(vanished, places).getbbox():
        return "có nét đã ký bị che mất"
    return ""


def _render(page: Any, scale: float) -> Image.Image:
    rendered: Image.Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return rendered


def _places(page: Any, boxes: Sequence[Rect], scale: float) -> Image.Image:
    """A mask, white where something may have changed."""
    left, bottom, right, top = page.get_cropbox()
    mask = Image.new("L", (round((right - left) * scale + 0.5), round((top - bottom) * scale + 0.5)))
    pen = ImageDraw.Draw(mask)
    for box in boxes:
        corners = (box[0] - left, top - box[3], box[2] - left, top - box[1])
        pen.rectangle([edge * scale + pad for edge, pad in zip(corners, (-1, -1, 1, 1), strict=True)], fill=255)
    return mask


def _where(image: Image.Image, test: Any) -> Image.Image:
    return image.point([255 if test(grey) else 0 for grey in range(256)])
