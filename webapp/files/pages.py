"""Pages of stored PDF files as images and as text.

Rendered once for each file, page and scale, then kept beside the file store: the hash names the bytes, so a kept
picture never grows old and the folder may be emptied at any time.
"""

import dataclasses
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from kernel import files
from kernel.errors import NotFound

PDF = "application/pdf"
SCALES = (1.0, 1.5, 2.0, 3.0)  #: pixels a point; 2.0 makes 1190 × 1684 of an A4 page
DEFAULT_SCALE = 2.0
MAX_PAGES = 500  #: a file of more pages is downloaded, not looked through
MAX_PIXELS = 24_000_000  #: a page of any size is drawn smaller than this
MAX_TEXT = 400_000  #: characters

_lock = threading.Lock()  # PDFium is not safe to call from two threads


class PageNotFound(NotFound):
    """The file is no PDF, cannot be read, or has no such page."""

    sentence = "Không xem được trang này trên màn hình. Tải tệp xuống để mở."


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageSize:
    """Of one page, in pixels at the default scale."""

    number: int  #: from 1
    width: int
    height: int


def page_sizes(sha256: str) -> list[PageSize]:
    """One entry a page, at most MAX_PAGES; empty when the bytes are no readable PDF."""
    try:
        with _lock:
            return _measure(sha256)
    except PageNotFound:
        return []


def page_image(sha256: str, number: int, *, scale: float = DEFAULT_SCALE) -> Path:
    """The PNG of a page (from 1). PageNotFound when there is none; a scale that is not offered becomes the default."""
    wanted = scale if scale in SCALES else DEFAULT_SCALE
    place = _kept(sha256) / f"{number}@{wanted:g}.png"
    if not place.exists():
        with _lock:
            picture = _draw(sha256, number, wanted)
        _write(place, picture)
    return place


def text_of(sha256: str) -> list[str]:
    """The text of each page, for reading aloud, copying and guessing; empty strings for pictures of paper."""
    place = _kept(sha256) / "text.txt"
    if not place.exists():
        with _lock:
            pages = _extract(sha256)
        _write(place, "\f".join(pages).encode())
    return place.read_text(encoding="utf-8").split("\f")


def _measure(sha256: str) -> list[PageSize]:
    document = _open(sha256)
    try:
        sizes = [document.get_page_size(index) for index in range(min(len(document), MAX_PAGES))]
    finally:
        document.close()
    return [
        PageSize(number=number, width=round(width * DEFAULT_SCALE), height=round(height * DEFAULT_SCALE))
        for number, (width, height) in enumerate(sizes, start=1)
    ]


def _draw(sha256: str, number: int, scale: float) -> bytes:
    document = _open(sha256)
    try:
        if not 1 <= number <= min(len(document), MAX_PAGES):
            raise PageNotFound
        page = document[number - 1]
        width, height = page.get_size()
        bounded = min(scale, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        return _png(page.render(scale=bounded, may_draw_forms=True).to_pil())
    finally:
        document.close()


def _png(image: Any) -> bytes:
    with tempfile.SpooledTemporaryFile(max_size=1 << 24) as target:
        image.save(target, format="PNG", optimize=False, compress_level=6)
        target.seek(0)
        return target.read()


def _extract(sha256: str) -> list[str]:
    document = _open(sha256)
    try:
        found: list[str] = []
        left = MAX_TEXT
        for index in range(min(len(document), MAX_PAGES)):
            text = document[index].get_textpage().get_text_bounded()[:left]
            left -= len(text)
            found.append(text.replace("\r\n", "\n").replace("\f", "\n").replace("\x00", ""))
        return found
    finally:
        document.close()


def _open(sha256: str) -> Any:
    import pypdfium2  # noqa: PLC0415 - a 5 MB library that most requests never need

    try:
        document = pypdfium2.PdfDocument(files.path(sha256))
        document.init_forms()  # signature fields show their appearance
    except (pypdfium2.PdfiumError, FileNotFoundError):
        raise PageNotFound from None
    return document


def _kept(sha256: str) -> Path:
    return files.path(sha256).parents[1] / "pages" / sha256[:2] / sha256


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all: another thread may be serving the same page."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    os.replace(name, place)
