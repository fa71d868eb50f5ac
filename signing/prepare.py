"""The prepared places of an official document; nothing is ever added to it after the first signature but their content."""

from collections.abc import Sequence

from signing.model import FieldBox


def prepare(pdf: bytes, fields: Sequence[FieldBox]) -> bytes:
    """The file with its text places (blank) and signature places."""
    raise NotImplementedError
