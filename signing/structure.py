"""What the bytes of a signed file must look like, before any parser is believed."""

import re
from collections.abc import Iterable, Sequence

_RANGE = re.compile(rb"/ByteRange\s*\[")
_HEX = re.compile(rb"<[0-9A-Fa-f]*>")
_END = b"%%EOF"


def may_be_signed(pdf: bytes) -> bool:
    """A signature's dictionary names byte offsets, so it can never lie in a compressed part of the file."""
    return _RANGE.search(pdf) is not None


def alarms(pdf: bytes, byte_ranges: Iterable[Sequence[int]]) -> list[str]:
    """Sentences about what should not be there; `byte_ranges` are those of the signatures that the fields lead to."""
    known = list(byte_ranges)
    found = []
    if len(_RANGE.findall(pdf)) > len(known):
        found.append("trong tệp có chữ ký không thuộc ô chữ ký nào")
    if pdf[pdf.rfind(_END) + len(_END) :].strip(b"\r\n"):
        found.append("có dữ liệu nằm sau phần kết thúc của tệp")
    if not all(_is_whole(pdf, parts) for parts in known):
        found.append("khoảng byte được ký không trùng với chỗ đặt chữ ký")
    return found


def signed_part(pdf: bytes, parts: Sequence[int]) -> bytes:
    """The file as it was when the signature was made."""
    return pdf[: parts[2] + parts[3]]


def _is_whole(pdf: bytes, parts: Sequence[int]) -> bool:
    """The gap between the two signed parts holds one hexadecimal string and nothing else (ISO 32000-2, 12.8.1)."""
    start, first, second, rest = parts
    gap = pdf[first:second]
    return start == 0 and second + rest <= len(pdf) and _HEX.fullmatch(gap) is not None
