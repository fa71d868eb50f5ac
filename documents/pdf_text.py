"""The words of a PDF."""

from kernel import pdfium


def first_page_text(data: bytes) -> str:
    """The words of the first page, or nothing where it holds only pictures or cannot be read."""
    import pypdfium2  # noqa: PLC0415 - a 5 MB library that most requests never need

    with pdfium.lock:
        try:
            with pypdfium2.PdfDocument(data) as pdf:
                return str(pdf[0].get_textpage().get_text_range()) if len(pdf) else ""
        except pypdfium2.PdfiumError:
            return ""
