"""Pages of stored PDF files as images and as text.

Rendered once for each file, page and scale, then kept beside the file store: the hash names the bytes, so a kept
picture never grows old and the folder may be emptied at any time.
"""

import dataclasses
import functools
import os
import tempfile
from pathlib import Path
from typing import Any

from kernel import files, pdfium
from kernel.errors import NotFound

PDF = "application/pdf"
SCALES = (1.0, 1.5, 2.0, 3.0)  #: pixels a point; 2.0 makes 1190 × 1684 of an A4 page
DEFAULT_SCALE = 2.0
MAX_PAGES = 500  #: a file of more pages is downloaded, not looked through
MAX_PIXELS = 24_000_000  #: a page of any size is drawn smaller than this
MAX_TEXT = 400_000  #: characters


class PageNotFound(NotFound):
    """The file is no PDF, cannot be read, or has no such page."""

    sentence = "Không xem được trang này trên màn hình. Tải tệp xuống để mở."


@dataclasses.dataclass(frozen=True)
class Source:
    """A PDF on disk and the folder in which its pages are kept."""

    path: Path
    kept: Path


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageSize:
    """Of one page, in pixels at the default scale."""

    number: int  #: from 1
    width: int
    height: int


def stored(sha256: str) -> Source:
    """A file of the store."""
    return Source(files.path(sha256), kept(sha256))


def kept(key: str) -> Path:
    """Where pictures of the PDF with this hash (64 hexadecimal digits) are kept."""
    return files.path(key).parents[1] / "pages" / key[:2] / key


def page_sizes(source: Source) -> list[PageSize]:
    """One entry a page, at most MAX_PAGES; empty when the bytes are no readable PDF."""
    try:
        with pdfium.lock:
            return list(_measure(source))
    except PageNotFound:
        return []


def page_image(source: Source, number: int, *, scale: float = DEFAULT_SCALE) -> Path:
    """The PNG of a page (from 1). PageNotFound when there is none; a scale that is not offered becomes the default."""
    wanted = scale if scale in SCALES else DEFAULT_SCALE
    place = source.kept / f"{number}@{wanted:g}.png"
    if not place.exists():
        with pdfium.lock:
            picture = _draw(source, number, wanted)
        write(place, picture)
    return place


def text_of(source: Source) -> list[str]:
    """The text of each page, for reading aloud, copying and guessing; empty strings for pictures of paper."""
    place = source.kept / "text.txt"
    if not place.exists():
        with pdfium.lock:
            pages = _extract(source)
        write(place, "\f".join(pages).encode())
    return place.read_text(encoding="utf-8").split("\f")


@functools.lru_cache(maxsize=1024)
def _measure(source: Source) -> tuple[PageSize, ...]:
    document = _open(source)
    try:
        sizes = [document.get_page_size(index) for index in range(min(len(document), MAX_PAGES))]
    finally:
        document.close()
    return tuple(
        PageSize(number=number, width=round(width * DEFAULT_SCALE), height=round(height * DEFAULT_SCALE))
        for number, (width, height) in enumerate(sizes, start=1)
    )


def _draw(source: Source, number: int, scale: float) -> bytes:
    document = _open(source)
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


def _extract(source: Source) -> list[str]:
    document = _open(source)
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


def _open(source: Source) -> Any:
    import pypdfium2  # noqa: PLC0415 - a 5 MB library that most requests never need

    try:
        document = pypdfium2.PdfDocument(source.path)
        document.init_forms()  # signature fields show their appearance
    except (pypdfium2.PdfiumError, FileNotFoundError):
        raise PageNotFound from None
    return document


def write(place: Path, content: bytes) -> None:
    """Whole or not at all: another thread may be serving the same page."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    os.replace(name, place)
