"""Files at the door (pure): format by name and by content, size, archives, active content. Quy chế, Điều 3.

Everything is checked before a byte is stored; an archive is judged by its directory before anything is unpacked.
"""

import dataclasses
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from documents import article7
from documents.errors import IntakeRefused
from documents.pdf_text import first_page_text
from kernel.text import nfc

LIMIT = 25 * 1024 * 1024  #: bytes: "không quá 25MB", a file, and all files of one document together
MAX_MEMBERS = 1_000
MAX_RATIO = 100  #: unpacked to packed; text of offices packs about tenfold
MAX_UNPACKED = 8 * LIMIT
MAX_DEPTH = 50  #: of PDF objects written inside one another
HEAD = 4096  #: bytes looked at to tell text from anything else

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
OOXML = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "txt": "text/plain",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": f"{OOXML}wordprocessingml.document",
    "xlsx": f"{OOXML}spreadsheetml.sheet",
    "pptx": f"{OOXML}presentationml.presentation",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
EDITABLE = ("txt", "odt", "rtf", "doc", "xls", "ppt", "docx", "xlsx", "pptx")  #: Điều 3 khoản 2 điểm a
OOXML_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
ACTIVE = {"/JavaScript": "mã JavaScript", "/JS": "mã JavaScript", "/Launch": "lệnh chạy chương trình"}

#: what zipfile lets through of an archive that somebody damaged on the way, or on purpose
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

_SPLIT = re.compile(r"[\\/]+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it comes from outside: what the sender calls it, and its bytes."""

    name: str
    data: bytes | BinaryIO


@dataclasses.dataclass(frozen=True, kw_only=True)
class Accepted:
    """A file that may be stored."""

    name: str
    data: bytes
    media_type: str
    pages: int | None  #: of a PDF
    text: str  #: the words of its first page, as far as they can be read; for Điều 7


def accept(uploads: Sequence[Upload], *, taken: int = 0) -> list[Accepted]:
    """Checks every file; `taken` bytes of the document's allowance are used already. Raises IntakeRefused."""
    accepted = []
    for upload in uploads:
        accepted.append(accept_one(upload))
        taken += len(accepted[-1].data)
        if taken > LIMIT:
            raise _refusal(upload.name, "các tệp của một văn bản cộng lại vượt 25 MB (Điều 3 khoản 3 Quy chế)")
    return accepted


def accept_one(upload: Upload) -> Accepted:
    """Raises IntakeRefused, naming file and rule."""
    name = clean_name(upload.name)
    data = _read(upload)
    if len(data) > LIMIT:
        raise _refusal(name, "tệp lớn hơn 25 MB (Điều 3 khoản 3 Quy chế); hãy nén hoặc tách tệp")
    if not data:
        raise _refusal(name, "tệp rỗng")
    extension = extension_of(name)
    _check_content(name, extension, data)
    pages, text = _look_inside(name, extension, data)
    return Accepted(name=name, data=data, media_type=MEDIA_TYPES[extension], pages=pages, text=text)


def clean_name(name: str) -> str:
    """The last part of the name, NFC, without control characters: never a path."""
    last = _SPLIT.split(nfc(name))[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-200:] or "tep"


def extension_of(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").lower()


def _read(upload: Upload) -> bytes:
    """One byte more than the limit is enough to know that it is too much."""
    return upload.data if isinstance(upload.data, bytes) else upload.data.read(LIMIT + 1)


def _check_content(name: str, extension: str, data: bytes) -> None:
    if extension not in MEDIA_TYPES:
        known = ", ".join(f".{e}" for e in MEDIA_TYPES)
        raise _refusal(name, f"định dạng này không được dùng; chỉ nhận {known} (Điều 3 khoản 2 Quy chế)")
    if not _is_what_it_says(extension, data):
        raise _refusal(name, f"nội dung không phải tệp .{extension} (Điều 3 khoản 2 Quy chế)")
    if data.startswith(ZIP):
        _check_archive(name, data, nested=extension != "zip")


def _is_what_it_says(extension: str, data: bytes) -> bool:
    if extension in {"doc", "xls", "ppt"}:
        return data.startswith(OLE)
    if extension == "pdf":
        return data.startswith(b"%PDF-")
    if extension == "rtf":
        return data.startswith(b"{\\rtf")
    if extension == "txt":
        return _is_text(data)
    return data.startswith(ZIP) and (extension == "zip" or _is_container(extension, data))


def _is_text(data: bytes) -> bool:
    """UTF-8 or UTF-16 with their marks, or an older 8-bit code of Vietnamese: no control characters but blanks."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    head = data[:HEAD]
    return not data.startswith((b"MZ", b"\x7fELF", b"#!")) and not any(b < 32 and b not in b"\t\n\r\f" for b in head)


def _is_container(extension: str, data: bytes) -> bool:
    """An office file is a zip with known parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if extension == "odt":
                return "mimetype" in names and archive.read("mimetype")[:100].decode() == MEDIA_TYPES["odt"]
            part = OOXML_PARTS[extension]
            return "[Content_Types].xml" in names and any(n.startswith(part) for n in names)
    except DAMAGED:
        return False


# ------------------------------------------------------------------------------------------------------------- archives
def _check_archive(name: str, data: bytes, *, nested: bool) -> None:
    """By its directory first: number, sizes, ratio, encryption. Then each file, and one archive inside at most."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check_directory(name, members)
            if extension_of(name) == "zip":
                for member in members:
                    _check_member(name, archive, member, nested=nested)
    except DAMAGED as error:
        raise _refusal(name, "tệp nén hỏng, không mở được") from error


def _check_directory(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if any(m.flag_bits & 0x1 for m in members):
        raise _refusal(name, "tệp nén có mật khẩu nên không kiểm tra được (Điều 3 khoản 2 điểm c Quy chế)")
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 10_000):
        raise _refusal(name, "tệp nén bung ra quá lớn, có thể gây hại cho hệ thống")


def _check_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, nested: bool) -> None:
    inner = clean_name(member.filename)
    extension = extension_of(inner)
    shown = f"{name} → {inner}"
    if extension == "zip" and nested:
        raise _refusal(shown, "tệp nén lồng quá một lớp (Điều 3 khoản 2 điểm c Quy chế)")
    with archive.open(member) as source:
        data = source.read(member.file_size + 1)
    if len(data) > member.file_size:
        raise _refusal(shown, "tệp nén ghi sai kích thước")
    if extension not in MEDIA_TYPES or not _is_what_it_says(extension, data):
        raise _refusal(shown, "trong tệp nén có tệp không được dùng (Điều 3 khoản 2 Quy chế)")
    if data.startswith(ZIP):
        _check_archive(shown, data, nested=True)
    if extension == "pdf":
        _look_into_pdf(shown, data)


# ------------------------------------------------------------------------------------------------------------------ PDF
def _look_inside(name: str, extension: str, data: bytes) -> tuple[int | None, str]:
    if extension == "pdf":
        return _look_into_pdf(name, data)
    if extension == "txt":
        return None, _decode(data)
    return None, ""


def _look_into_pdf(name: str, data: bytes) -> tuple[int, str]:
    """Pages and the words of the first; refuses locked files and those that act by themselves."""
    import pikepdf  # noqa: PLC0415 - 60 ms and 20 MB that only this needs

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _refuse_active(name, pdf)
            pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise _refusal(name, "tệp PDF có mật khẩu nên không kiểm tra được") from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise _refusal(name, "tệp PDF hỏng, không mở được") from error
    return pages, first_page_text(data)


def _refuse_active(name: str, pdf: "pikepdf.Pdf") -> None:  # type: ignore[name-defined]  # noqa: F821
    for thing in pdf.objects:
        for dictionary in _dictionaries(thing):
            found = ACTIVE.get(str(dictionary.get("/S", ""))) or (ACTIVE["/JS"] if "/JS" in dictionary else None)
            if found:
                raise _refusal(name, f"tệp PDF chứa {found}; hãy xuất lại tệp PDF không có phần này")


def _dictionaries(thing: Any, depth: int = 0) -> Iterator[Any]:
    """This object and those written inside it, not those it points to."""
    kind = getattr(thing, "_type_name", "")
    if depth > MAX_DEPTH or kind not in {"array", "dictionary", "stream"}:
        return
    if kind == "array":
        children = list(thing)
    else:
        yield thing
        children = list((thing.stream_dict if kind == "stream" else thing).as_dict().values())
    for child in children:
        if not getattr(child, "is_indirect", False):
            yield from _dictionaries(child, depth + 1)


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def find_prohibited(accepted: Accepted) -> str | None:
    """The reason of Điều 7 khoản 1 to refuse this file, judged by its first words."""
    return article7.find_in_text(accepted.text)


def _refusal(name: str, reason: str) -> IntakeRefused:
    sentence = f"Không nhận tệp “{name}”: {reason}."
    return IntakeRefused({"files": sentence}, sentence)
