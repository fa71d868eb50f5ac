"""A composed document becomes one that can be signed."""

from collections.abc import Sequence

from signing.model import FieldBox


def prepare(pdf: bytes, fields: Sequence[FieldBox]) -> bytes:
    """The file with its text places (blank) and its signature places; nothing else may be added after the first
    signature. PDF/A stays PDF/A. Raises ValueError for a place whose name is not one of signing.model."""
    from signing import places  # noqa: PLC0415 - loads pyHanko, a second that starting need not wait for

    return places.add_places(pdf, fields)
